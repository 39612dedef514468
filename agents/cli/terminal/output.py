"""Output for the user: data on stdout, everything else on stderr, both without characters that control a terminal."""

from contextlib import suppress

import typer

from agents.cli.terminal.safe_text import harmless


def tell(text: str = "") -> None:
    """Write a message for the user to stderr; stdout is for data. If stderr cannot be written, the work continues."""
    with suppress(OSError):
        typer.echo(harmless(text), err=True)


def say(text: str = "") -> None:
    """Write data to stdout: texts of models, documents and people, without characters that control a terminal."""
    typer.echo(harmless(text))
