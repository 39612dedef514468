"""``orchestrator agents import``: makes roles of the role files of coding assistants."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from agents.cli.context import FLAGS
from agents.cli.own_files import ForUser, Here, Replace, folder_for, refuse_taken, write_own
from agents.cli.terminal.caller_files import fetched_path
from agents.cli.terminal.output import say, tell, write_new_file
from agents.errors import RoleFileError, UsageError
from agents.file_problem import Problem
from agents.settings import Settings
from agents.settings.folders import ROLES

STDIN = Path("-")


def register(app: typer.Typer) -> None:
    """Add the command to the group ``agents``."""
    app.command("import", epilog="Example: orchestrator agents import code-reviewer.md")(import_)


def import_(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE", help="Markdown files with front matter, or AGENTS.md; - is standard input."),
    ],
    role_id: Annotated[
        str, typer.Option("--id", metavar="ID", help="The id; if not given, one made of the name. For one file.")
    ] = "",
    here: Here = False,
    user: ForUser = False,
    replace: Replace = False,
) -> None:
    """Make roles of the role files of coding assistants.

    Says what is left out of each. Exit 1 if a file is refused.
    """
    import re

    if role_id and len(files) > 1:
        raise UsageError("--id names one role, and there are several files.", "Import them one by one.")
    if role_id and not re.fullmatch(r"[a-z][a-z0-9_]{1,63}", role_id):
        raise UsageError(f"{role_id!r} is not a valid id.", "Use lower-case letters, digits and underscores.")
    settings = Settings.load(**FLAGS)
    folder = folder_for(ROLES, settings, here=here, user=user)
    refused = 0
    for file in files:
        try:
            _import(file, folder, settings, role_id, replace=replace)
        except UsageError as error:
            refused += 1
            tell(f"Error: {file}: {error.cause}")
            tell(f"  {error.remedy}")
    if refused:
        raise typer.Exit(1)


def _import(file: Path, folder: Path, settings: Settings, role_id: str, *, replace: bool) -> None:
    """Import one file.

    Raises:
        UsageError: it is refused, or its id is taken.
        RoleFileError: it cannot be read, or the role cannot be written.
    """
    from agents.role.file import read_role
    from agents.role.foreign import convert

    made = convert(file, _bytes(file), role_id)
    if isinstance(made, Problem):
        raise _refusal(made)
    with TemporaryDirectory() as place:
        draft = Path(place) / f"{made.id}.md"
        write_new_file(draft, made.text)
        for problem in read_role(draft)[1]:
            raise _refusal(problem)
    target = folder / draft.name
    if not replace:
        refuse_taken(made.id, target, settings)
    write_own(target, made.text, replace=replace)
    say(str(target))
    if made.dropped:
        tell(f"  Left out of {file}: {'; '.join(made.dropped)}.")


def _bytes(file: Path) -> bytes:
    """What is in a file, or on standard input, up to a little more than a role may have."""
    from agents.role.file import MAX_BYTES

    try:
        if file == STDIN:
            return sys.stdin.buffer.read(MAX_BYTES + 1)
        with fetched_path(file).open("rb") as opened:
            return opened.read(MAX_BYTES + 1)
    except OSError as error:
        raise RoleFileError(f"The file cannot be read: {error.strerror}.", "Check the path.") from None


def _refusal(problem: Problem) -> RoleFileError:
    """The error that says what is wrong with a file, and where."""
    where = f"Line {problem.line}: " if problem.line else ""
    return RoleFileError(f"{where}{problem.cause}", problem.remedy)
