"""Holding a meeting at the terminal: what happens is shown, and its minutes are written."""

import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from agents.cli.terminal.listeners import Watch, minutes_as_json, watching
from agents.cli.terminal.output import tell
from agents.cli.terminal.safe_text import harmless
from agents.errors import SpaceError

if TYPE_CHECKING:
    from agents.meeting.record import Minutes
    from agents.meeting.room.person import Person
    from agents.orchestrator import AgentOrchestrator


def hold(
    orchestrator: "AgentOrchestrator",
    meeting_id: str,
    output: Path | None,
    how: Watch,
    person: "Person | None" = None,
) -> None:
    """Hold a meeting or the rest of it, show what happens, and write its minutes."""
    try:
        with watching(orchestrator, meeting_id, how) as listen:
            minutes = orchestrator.conduct_meeting(meeting_id, listen=listen, person=person)
    except KeyboardInterrupt:
        tell(f"\nStopped. Go on with: orchestrator meeting resume {orchestrator.meetings.find(meeting_id)}")
        raise
    if how.as_json:
        typer.echo(minutes_as_json(minutes))
    if output or not how.as_json:
        write(minutes, output, plain=how.plain)


def refuse_folder(output: Path | None) -> None:
    """Say before a long meeting, and not after it, that its minutes cannot go there.

    Raises:
        SpaceError: the file cannot be where it is wanted.
    """
    why = ""
    with suppress(OSError):  # a name that the system will not take is refused when it is written
        if output and output.is_dir():
            why = "it is a folder"
        elif output and not output.parent.is_dir():
            why = f"there is no folder {output.parent}"
    if why:
        raise SpaceError(f"{output} cannot be written: {why}.", "Name a file in a folder that is there.")


def write(minutes: "Minutes", output: Path | None, *, plain: bool = False) -> None:
    """Print minutes as Markdown: drawn on a terminal, plain elsewhere; or write them to a file."""
    from agents.export.markdown import to_markdown

    text = to_markdown(minutes)
    if output:
        try:
            output.write_text(text, encoding="utf-8")
        except OSError as error:
            remedy = f"The meeting is kept: orchestrator meeting minutes {minutes.meeting}"
            raise SpaceError(f"{output} cannot be written: {error.strerror}.", remedy) from None
        tell(f"Minutes written to {output}")
    elif sys.stdout.isatty() and not plain:
        from rich.console import Console
        from rich.markdown import Markdown

        Console().print(Markdown(harmless(text)))
    else:
        typer.echo(harmless(text), nl=False)
