"""The two channels to a person: data on stdout, everything else on stderr, neither with anything a terminal obeys."""

from contextlib import suppress

import typer

from agents.cli.terminal.safe_text import harmless


def tell(text: str = "") -> None:
    """Say something to the person: stderr, because stdout is data. Where nobody can hear it, the work goes on."""
    with suppress(OSError):
        typer.echo(harmless(text), err=True)


def say(text: str = "") -> None:
    """Put data on stdout: words of models, documents and people, without anything that a terminal would obey."""
    typer.echo(harmless(text))
