"""``orchestrator help``: topics that are too long for a command's own help, and the help of any command."""

import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from agents.cli.context import FLAGS
from agents.cli.terminal.caller import as_called
from agents.cli.terminal.output import say, say_file
from agents.cli.terminal.pager import say_long
from agents.errors import UnknownName
from agents.settings.folders import BUILT_IN, GIVEN, IN_PROJECT, USER

_ORDER = (
    "A setting is taken from the first of these that gives it: flag, profile of --profile, environment, .env in the"
    " working folder, settings file, default. `orchestrator config show` prints each value and its source."
)

_WHOSE = {
    BUILT_IN: "built in",
    USER: "yours, in every project; AGENTS_USER_FOLDER",
    IN_PROJECT: "of this project",
    GIVEN: "--role-folder, --types-dir; AGENTS_ROLE_FOLDER, AGENTS_TYPES_FOLDER",
}
"""What is said about a folder of roles or meeting types."""
NARROWEST = 40
WIDEST = 110


def _text(name: str) -> Callable[[], str]:
    return lambda: (Path(__file__).parents[1] / "topics" / f"{name}.txt").read_text(encoding="utf-8")


def _environment() -> str:
    """Every setting, from the same table that the settings are read with."""
    from agents.settings import Value
    from agents.settings.table import SETTINGS

    lines = [_ORDER, ""]
    for setting in SETTINGS:
        default = "" if setting.default is None else f"; default {Value(setting, setting.default, '').shown}"
        lines.append(f"  {setting.name}  {setting.about}: {setting.allowed}{default}")
    lines += [
        "",
        "In the settings file a setting is written by its lower-case name:",
        "",
        *(f"  {setting.name}  {setting.key}" for setting in SETTINGS if setting.key != setting.name.lower()),
        "",
        "A table [profile.NAME] in that file contains settings that --profile NAME uses together.",
        "",
        "These variables are read too:",
        "",
        "  AGENTS_CONFIG  the settings file",
        *(
            f"  {name}  a file with the value of {setting.name}, in its place"
            for setting in SETTINGS
            for name in setting.file_names[-1:]
        ),
        "  NO_COLOR  any value: no colour",
        "  COLUMNS  how wide tables and texts are",
        "  PAGER  the program that shows long texts one screen at a time; cat or nothing for none",
        "  NO_PROXY  hosts that are reached without the proxy of HTTP_PROXY, as this machine always is",
    ]
    return "\n".join(lines)


def _options() -> str:
    """Every option that stands before a command."""
    from agents.cli.global_flags import listed

    rows = [(", ".join(names), metavar, about) for names, metavar, about in listed()]
    return "\n".join(
        [
            "These options stand before the command, as in `orchestrator --model rehearsal meeting run ...`:",
            "",
            *(f"  {' '.join(filter(None, [names, metavar]))}  {about}" for names, metavar, about in rows),
            "  -h, --help  Show the help of a command, behind any command.",
            "",
            "Most of them are settings, too: `orchestrator help environment` explains all settings.",
        ]
    )


def _files() -> str:
    """Every file and folder that is read or written, with the settings in force."""
    from agents.settings import Settings
    from agents.settings.folders import config_file, example_folder

    settings = Settings.load(**FLAGS)
    rows = [
        ("settings", config_file(), "TOML; AGENTS_CONFIG gives another"),
        ("", Path.cwd() / ".env", "settings for this folder"),
        *(("roles", place.folder, _WHOSE[place.of]) for place in settings.role_places),
        *(("types", place.folder, _WHOSE[place.of]) for place in settings.type_places),
        ("data", settings.data_folder / "orchestrator.db", "one SQLite file; AGENTS_DATA_FOLDER"),
        ("logs", settings.log_folder, "orchestrator.log, crash reports; AGENTS_LOG_FOLDER"),
        ("examples", example_folder(), "programs and an example document"),
    ]
    lines = ["Files and folders with the settings in force:", ""]
    lines += [f"  {name or '.env'}  {place} ({about})" for name, place, about in rows]
    lines += [
        "",
        "Only you can read data and logs. `orchestrator backup` saves both at any time.",
    ]
    return "\n".join(lines)


def _errors() -> str:
    from agents.cli.commands.error_catalogue import as_text

    return as_text()


TOPICS: dict[str, tuple[str, Callable[[], str]]] = {
    "exit-codes": ("the exit status of commands", _text("exit-codes")),
    "environment": ("every setting, its range and its default", _environment),
    "files": ("files and folders, and what they contain", _files),
    "json": ("what --json prints, field by field", _text("json")),
    "models": ("how a model is named and chosen", _text("models")),
    "meetings": ("the steps of a meeting", _text("meetings")),
    "options": ("the options that stand before every command", _options),
    "errors": ("every error: cause, remedy, exit status", _errors),
}
"""The topics of the help: a short description, and the text."""


def help_(
    context: typer.Context,
    topic_name: Annotated[
        list[str] | None, typer.Argument(metavar="TOPIC", help="A topic, or a command such as meeting run.")
    ] = None,
    markdown: Annotated[
        bool, typer.Option("--markdown", hidden=True, help="Print the errors as the page docs/errors.md.")
    ] = False,
) -> None:
    """Explain a topic, or a command. Without one, the topics are listed.

    Example: orchestrator help exit-codes
    """
    words = topic_name or []
    if not words:
        from agents.cli.terminal.tables import table

        say(
            table(
                ["topic", as_called("orchestrator help TOPIC explains")],
                [[n, about] for n, (about, _) in TOPICS.items()],
            )
        )
    elif markdown and words == ["errors"]:
        from agents.cli.commands.error_catalogue import as_markdown

        say_file(as_markdown())
    elif words[0] in TOPICS:
        from agents.cli.terminal.size import terminal_width

        say_long(laid_out(TOPICS[words[0]][1](), terminal_width()))
    else:
        say_long(_command_help(context, words))


def laid_out(text: str, width: int) -> str:
    """Lay a text out for a terminal: paragraphs are wrapped, and so is the second column of rows.

    Args:
        text: one paragraph per line; a row is a line that begins with two blanks and has two more between its columns.
        width: the width of the terminal.
    """
    width = max(NARROWEST, min(width, WIDEST))
    return "\n".join(line for block in _blocks(text) for line in _wrapped(block, width))


def _blocks(text: str) -> Iterator[list[str]]:
    """Groups of rows, and every other line alone."""
    rows: list[str] = []
    for line in text.rstrip().split("\n"):
        if _row(line):
            rows.append(line)
            continue
        if rows:
            yield rows
            rows = []
        yield [line]
    if rows:
        yield rows


def _row(line: str) -> tuple[str, str] | None:
    if not line.startswith("  "):
        return None
    first, _, second = line.strip().partition("  ")
    return (first, second.strip()) if second.strip() else None


def _wrapped(block: list[str], width: int) -> list[str]:
    rows = [row for line in block if (row := _row(line))]
    if not rows:
        indent = "  " if block[0].startswith("  ") else ""
        # A command that can be copied stays on one line.
        return [block[0]] if indent or not block[0] else textwrap.wrap(block[0], width)
    column = min(max(len(first) for first, _ in rows) + 4, width // 2)
    lines = []
    for first, second in rows:
        wrapped = textwrap.wrap(second, width - column, break_on_hyphens=False)
        start = f"  {first}"
        if len(start) + 2 > column:
            lines.append(start)
        else:
            wrapped[0] = start.ljust(column) + wrapped[0]
        lines += [line if line.startswith(start) else " " * column + line for line in wrapped]
    return lines


def _command_help(context: typer.Context, words: list[str]) -> str:
    """The help of the command that the words lead to.

    Raises:
        UnknownName: there is no such command.
    """
    place: Any = context.find_root()
    for number, word in enumerate(words):
        below = getattr(place.command, "commands", {})
        if word not in below:
            known = list(below) if number else [*TOPICS, *below]
            raise UnknownName("topic or command", " ".join(words), known, "orchestrator help")
        place = typer.Context(below[word], info_name=word, parent=place)
    return str(place.get_help())
