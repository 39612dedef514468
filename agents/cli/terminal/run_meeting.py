"""Holds a meeting at the terminal: shows what happens, and writes the minutes."""

import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from agents.cli.terminal.listeners import Watch, can_repaint, minutes_as_json, watching
from agents.cli.terminal.output import say, say_json, tell, write_file
from agents.errors import ModelUnavailable, SpaceError

if TYPE_CHECKING:
    from agents.cli.terminal.person import AtTerminal
    from agents.meeting.record import Minutes
    from agents.orchestrator import AgentOrchestrator

ENDED = ("closed", "abandoned")
"""The states in which a meeting cannot be continued."""


def hold(orchestrator: "AgentOrchestrator", meeting_id: str, output: Path | None, how: Watch) -> None:
    """Hold a meeting or the rest of it, show what happens, and write its minutes. The user takes the seat that is kept
    for a person, where there is a terminal and nothing was prepared.
    """
    person = _person(orchestrator, meeting_id, how)
    try:
        with watching(orchestrator, meeting_id, how, person.held_back if person else None) as listen:
            minutes = orchestrator.conduct_meeting(meeting_id, listen=listen, person=person)
    except KeyboardInterrupt:
        tell(f"\nStopped. Continue with: orchestrator meeting resume {orchestrator.meetings.find(meeting_id)}")
        raise
    finally:
        if person:
            person.leave()
    if how.as_json:
        say_json(minutes_as_json(minutes), None)
    if output or not how.as_json:
        conclude(minutes, output)
    if minutes.unanswered:
        last = minutes.turns[-1].id if minutes.turns else "0"
        tell(f"The model could not be reached at the end; {minutes.unanswered} answers are missing.")
        tell(f"To ask for them again: orchestrator meeting fork {minutes.meeting} --at {last}")
        raise typer.Exit(ModelUnavailable.exit_code)


def _person(orchestrator: "AgentOrchestrator", meeting_id: str, how: Watch) -> "AtTerminal | None":
    """The user in the person's seat of a meeting that is not closed; None if nobody is asked at the terminal."""
    meetings = orchestrator.meetings
    found = meetings.find(meeting_id)
    spec = orchestrator.get_meeting(found)
    if not spec.person or spec.words or meetings.row(found).status in ENDED or not _is_terminal(sys.stdin):
        return None
    from agents.cli.terminal.person import at_terminal

    plain = how.plain or how.as_json or not can_repaint()
    return at_terminal(spec, orchestrator.settings.data_folder, plain=plain)


def _is_terminal(stream: object) -> bool:
    return stream is not None and stream.isatty()  # type: ignore[attr-defined]


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

        say(told(closing(minutes, *terminal_size())))
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

        say(minutes_text(page), end="")
    else:
        say(in_markdown(page), end="")
