"""Output for the user: data on stdout, everything else on stderr, and files; all without characters that control a
terminal. Nothing else in this package writes texts (tests/cli/test_one_way_out.py).
"""

import re
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import typer

from agents.cli.terminal import caller_files
from agents.cli.terminal.caller import as_called, as_named
from agents.cli.terminal.line_wrap import hung
from agents.cli.terminal.manner import has_colour
from agents.cli.terminal.safe_text import harmless, harmless_file, json_text
from agents.cli.terminal.size import message_width
from agents.cli.terminal.styles import Style, paint

_COLOURS = re.compile(r"(\x1b\[[0-9;]{0,20}m)")


def tell(text: str = "", *, end: str = "\n") -> None:
    """Write a message for the user to stderr; stdout is for data. If stderr cannot be written, the work continues.

    On a terminal its lines are wrapped between words.
    """
    with suppress(OSError):
        typer.echo(hung(_for_caller(text), message_width()) + end, err=True, nl=False)


def tell_fault(text: str, *, prefix: str = "Error: ") -> None:
    """Write what went wrong to stderr; its first word is red on a terminal with colours."""
    with suppress(OSError):
        body = hung(_for_caller(prefix + text), message_width())
        head = paint(prefix.strip(), Style.BAD, sys.stderr) if prefix.strip() else ""
        typer.echo(head + body.removeprefix(prefix.strip()), err=True, color=has_colour(sys.stderr))


def say_painted(text: str, *, end: str = "\n") -> None:
    """Write data to stdout that this program has painted with ``styles.paint``: of what commands a terminal, only the
    codes of colours pass. What others wrote must be harmless before it is painted.
    """
    typer.echo(only_colours(as_named(as_called(text))) + end, nl=False, color=has_colour(sys.stdout))


def _for_caller(text: str) -> str:
    """A message with commands and paths as they are for the user, also where this program runs in a container."""
    return harmless(as_named(as_called(text)))


def only_colours(text: str) -> str:
    """A text in which only the codes of colours command a terminal."""
    return "".join(part if _COLOURS.fullmatch(part) else harmless(part) for part in _COLOURS.split(text))


def visible(text: str) -> str:
    """A text without the codes of colours."""
    return _COLOURS.sub("", text)


def say(text: str = "", *, end: str = "\n") -> None:
    """Write data to stdout: texts of models, documents and people."""
    typer.echo(harmless(as_named(text)) + end, nl=False)


def say_json(value: Any, indent: int | None = 2) -> None:
    """Write JSON to stdout. Characters that control a terminal are escaped in it, so the data is the same."""
    typer.echo(as_named(json_text(value, indent)))


def say_file(text: str) -> None:
    """Write a whole file to stdout: in UTF-8 whatever the terminal has, and with its own line ends."""
    typer.echo(in_file(text), nl=False)


def write_file(path: Path, text: str) -> None:
    """Write a file, or replace it; with its own line ends.

    Raises:
        OSError: it cannot be written.
    """
    if caller_files.is_callers(path):
        caller_files.hand_over(path, in_file(text))
    else:
        path.write_bytes(in_file(text))


def write_new_file(path: Path, text: str) -> None:
    """Write a file that is not there yet.

    Raises:
        FileExistsError: it is there.
        OSError: it cannot be written.
    """
    if caller_files.is_callers(path):
        caller_files.hand_over(path, in_file(text), new=True)
        return
    with path.open("xb") as file:
        file.write(in_file(text))


def in_file(text: str) -> bytes:
    """The bytes of a file with this text."""
    return harmless_file(text).encode("utf-8", "replace")
