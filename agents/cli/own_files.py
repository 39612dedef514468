"""Where ``agents new``, ``agents import`` and the new meeting types write: the project, else the user's folder."""

from pathlib import Path
from typing import Annotated

import typer

from agents.cli.terminal.caller_files import hand_over, is_callers
from agents.cli.terminal.output import in_file, write_new_file
from agents.cli.terminal.unwritable import why_unwritable
from agents.errors import OrchestratorError, RoleFileError, TypeFileError, UsageError
from agents.settings import Settings
from agents.settings.folders import PROJECT, ROLES

Here = Annotated[
    bool, typer.Option("--here", help=f"Write it for this project, into its folder {PROJECT}.", show_default=False)
]
ForUser = Annotated[bool, typer.Option("--user", help="Write it for all your projects.", show_default=False)]


Replace = Annotated[
    bool, typer.Option("--replace", help="Take the place of the agent that has this id.", show_default=False)
]


def refuse_taken(role_id: str, file: Path, settings: Settings) -> None:
    """Refuse a new role whose id an agent from another file has.

    Raises:
        UsageError: there is such an agent.
    """
    from agents.role.file import roles_in

    known = roles_in([place for place in settings.role_places if place.folder.is_dir()]).get(role_id)
    if known and known.source != file:
        raise UsageError(
            f"There is an agent {role_id!r} already, in {known.source}.",
            "Choose another id, or add --replace to write one that takes its place.",
        )


def folder_for(kind: str, settings: Settings, *, here: bool = False, user: bool = False) -> Path:
    """The folder for a new file: of the project or the user as asked, else the one that a flag or a setting names, else
    the project's if it has one, else the user's. Nothing is ever written beside the built-in files.

    Args:
        kind: ``folders.ROLES`` or ``folders.TYPES``.
        settings: they name the folders.
        here: for this project; a folder for it is made where it has none.
        user: for every project of this user.

    Raises:
        UsageError: it is asked for both.
    """
    if here and user:
        raise UsageError("--here and --user name two places.", "Give one of them.")
    given = settings.role_folder if kind == ROLES else settings.types_folder
    if given and not here and not user:
        return given
    project = settings.project or (Path.cwd() / PROJECT if here else None)
    return (settings.user_folder if user or project is None else project) / kind


def write_own(file: Path, text: str, *, replace: bool = False) -> None:
    """Write a new file of the user, and its folder where that is missing.

    Args:
        file: the file.
        text: what it contains.
        replace: write it also where it is there already.

    Raises:
        UsageError: it is there already.
        RoleFileError, TypeFileError: it cannot be written.
    """
    try:
        if not is_callers(file):
            file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(file, error) from None
    try:
        if is_callers(file):
            hand_over(file, in_file(text), new=not replace, with_folder=True)
            return
        new = file.with_name(f".{file.name}.new") if replace else file
        write_new_file(new, text)
        new.replace(file)
    except FileExistsError:
        raise UsageError(f"{file} exists already.", "Edit it, or choose another id.") from None
    except OSError as error:
        raise _unwritable(file, error) from None


def _unwritable(file: Path, error: OSError) -> OrchestratorError:
    why = why_unwritable(file, error)
    cause = f"{file} cannot be written: {why}."
    remedy = "Write to another place with --user or --here, or set AGENTS_USER_FOLDER to a folder that you can write."
    return TypeFileError(cause, remedy) if file.suffix == ".toml" else RoleFileError(cause, remedy)
