"""The options that stand before every command: what they set, and what help says of them."""

import inspect
from pathlib import Path
from typing import Annotated, get_args

import typer

from agents.cli.context import FLAGS
from agents.cli.terminal.caller_files import fetched_path
from agents.cli.terminal.output import say

DEBUG = {"on": False}


def _version(wanted: bool) -> None:
    if wanted:
        from agents.cli.checkout import version_words

        say(version_words())
        raise typer.Exit


def flags(
    model: Annotated[
        str | None,
        typer.Option(
            "--model", "-m", metavar="MODEL", help="The model: llama3.2, rehearsal, langchain:openai:NAME ..."
        ),
    ] = None,
    model_for: Annotated[
        list[str] | None,
        typer.Option("--model-for", metavar="AGENT=MODEL", help="Another model for one agent; may be repeated."),
    ] = None,
    temperature: Annotated[
        str | None, typer.Option("--temperature", metavar="0..2", help="How freely the model chooses words.")
    ] = None,
    seed: Annotated[
        str | None, typer.Option("--seed", metavar="NUMBER", help="Make answers repeatable, as far as the model can.")
    ] = None,
    num_ctx: Annotated[
        str | None, typer.Option("--num-ctx", metavar="TOKENS", help="The context of every model call, in tokens.")
    ] = None,
    data_folder: Annotated[
        Path | None, typer.Option("--data-folder", metavar="FOLDER", help="Where the data is kept.")
    ] = None,
    role_folder: Annotated[
        Path | None, typer.Option("--role-folder", metavar="FOLDER", help="A folder with more roles.")
    ] = None,
    types_folder: Annotated[
        Path | None, typer.Option("--types-dir", metavar="FOLDER", help="A folder with more meeting types.")
    ] = None,
    profile: Annotated[
        str | None,
        typer.Option(
            "--profile", metavar="NAME", help="Use the settings of the table [profile.NAME] in the settings file."
        ),
    ] = None,
    plain: Annotated[
        bool, typer.Option("--plain", help="Print lines only, for screen readers: no repainting, pager or colour.")
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show where an error comes from.")] = False,
    _show_version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_version, is_eager=True, help="Print the version, and the commit of a checkout."
        ),
    ] = False,
) -> None:
    """Take the options that stand before a command."""
    FLAGS.update(
        model_name=model,
        model_for=",".join(model_for) if model_for else None,
        temperature=temperature,
        seed=seed,
        num_ctx=num_ctx,
        data_folder=data_folder,
        role_folder=fetched_path(role_folder) if role_folder else None,
        types_folder=fetched_path(types_folder) if types_folder else None,
        profile=profile,
        plain=True if plain else None,
    )
    DEBUG["on"] = debug


def listed() -> list[tuple[tuple[str, ...], str, str]]:
    """Each of these options: how it is written, the word for its value ("" for none), and what it does."""
    found = []
    for parameter in inspect.signature(flags).parameters.values():
        option = get_args(parameter.annotation)[1]  # in Annotated, the first name is where a default would be
        names = tuple(name for name in (option.default, *option.param_decls) if isinstance(name, str))
        found.append((names, option.metavar or "", option.help))
    return found


def value_of(name: str) -> str | None:
    """The word for the value of an option, such as "FOLDER"; "" if it takes none, None if there is no such option."""
    return next((metavar for names, metavar, _ in listed() if name in names), None)
