"""Output for the user: data on stdout, everything else on stderr, and files; all without characters that control a
terminal. Nothing else in this package writes texts (tests/cli/test_one_way_out.py).
"""

from contextlib import suppress
from pathlib import Path
from typing import Any

import typer

from agents.cli.terminal.safe_text import harmless, harmless_file, json_text


def tell(text: str = "", *, end: str = "\n") -> None:
    """Write a message for the user to stderr; stdout is for data. If stderr cannot be written, the work continues."""
    with suppress(OSError):
        typer.echo(harmless(text) + end, err=True, nl=False)


def say(text: str = "", *, end: str = "\n") -> None:
    """Write data to stdout: texts of models, documents and people."""
    typer.echo(harmless(text) + end, nl=False)


def say_json(value: Any, indent: int | None = 2) -> None:
    """Write JSON to stdout. Characters that control a terminal are escaped in it, so the data is the same."""
    typer.echo(json_text(value, indent))


def say_file(text: str) -> None:
    """Write a whole file to stdout: in UTF-8 whatever the terminal has, and with its own line ends."""
    typer.echo(in_file(text), nl=False)


def write_file(path: Path, text: str) -> None:
    """Write a file, or replace it; with its own line ends.

    Raises:
        OSError: it cannot be written.
    """
    path.write_bytes(in_file(text))


def write_new_file(path: Path, text: str) -> None:
    """Write a file that is not there yet.

    Raises:
        FileExistsError: it is there.
        OSError: it cannot be written.
    """
    with path.open("xb") as file:
        file.write(in_file(text))


def in_file(text: str) -> bytes:
    """The bytes of a file with this text."""
    return harmless_file(text).encode("utf-8", "replace")
