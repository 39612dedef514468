"""Holds a meeting at the terminal: shows what happens, and writes the minutes."""

import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from agents.cli.terminal.listeners import Watch, minutes_as_json, watching
from agents.cli.terminal.output import say, say_file, say_json, say_painted, tell, write_file
from agents.cli.terminal.pager import say_long
from agents.cli.terminal.size import message_width
from agents.errors import ModelUnavailable, SpaceError

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
    meeting_id = orchestrator.meetings.find(meeting_id)
    if message_width() and not (how.quiet or how.as_json):
        tell(f"Ctrl-C pauses the meeting, and nothing said is lost. It continues with: {how.resume}")
    try:
        with watching(orchestrator, meeting_id, how) as listen:
            minutes = orchestrator.conduct_meeting(meeting_id, listen=listen, person=person)
    except KeyboardInterrupt:
        tell(f"\nStopped. Continue with: orchestrator meeting resume {meeting_id}")
        raise
    if how.as_json:
        say_json(minutes_as_json(minutes), None)
    if output or not how.as_json:
        conclude(minutes, output)
    if minutes.unanswered:
        last = minutes.turns[-1].id if minutes.turns else "0"
        tell(f"The model could not be reached at the end; {minutes.unanswered} answers are missing.")
        tell(f"To ask for them again: orchestrator meeting fork {minutes.meeting} --at {last}")
        raise typer.Exit(ModelUnavailable.exit_code)


def refuse_folder(output: Path | None) -> None:
    """Check before a long meeting, not after it, that its minutes can be written.

    Raises:
        SpaceError: the file cannot be written there.
    """
    why = ""
    with suppress(OSError):  # a name that the system does not accept fails when the file is written
        if output and output.is_dir():
            why = "it is a folder"
        elif output and not output.parent.is_dir():
            why = f"there is no folder {output.parent}"
    if why:
        raise SpaceError(f"{output} cannot be written: {why}.", "Give a file in an existing folder.")


def conclude(minutes: "Minutes", output: Path | None) -> None:
    """Write the minutes of a meeting that has just ended; on a terminal, say what came of it, and how to read them."""
    if output:
        write(minutes, output)
    if sys.stdout.isatty():
        from agents.cli.terminal.closing import closing, told
        from agents.cli.terminal.size import terminal_size

        say_painted(told(closing(minutes, *terminal_size())))
    elif not output:
        write(minutes, None)


def write(minutes: "Minutes", output: Path | None, *, full: bool = False, plain: bool = False) -> None:
    """Write minutes to a file as Markdown, or print them: laid out on a terminal, as Markdown elsewhere and where plain
    lines are asked for.
    """
    from agents.export.markdown import in_markdown
    from agents.export.page.whole import minutes_page

    page = minutes_page(minutes, full=full)
    if output:
        try:
            write_file(output, in_markdown(page))
        except OSError as error:
            remedy = f"The meeting is stored: orchestrator meeting minutes {minutes.meeting}"
            raise SpaceError(f"{output} cannot be written: {error.strerror}.", remedy) from None
        tell(f"Minutes written to {output}")
    elif sys.stdout.isatty() and not plain:
        from agents.cli.terminal.minutes_text import minutes_text

        say_long(minutes_text(page), colours=True)
    else:
        say(in_markdown(page), end="")


def print_transcript(minutes: "Minutes") -> None:
    """Print all turns and ballots: laid out and one screen at a time on a terminal, as Markdown elsewhere."""
    if sys.stdout.isatty():
        from agents.cli.terminal.minutes_text import minutes_text
        from agents.export.page.spoken import transcript_page

        say_long(minutes_text(transcript_page(minutes)))
    else:
        from agents.export.transcript import to_transcript

        say_file(to_transcript(minutes))
