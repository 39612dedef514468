"""Holds a meeting at the terminal: shows what happens, and writes the minutes."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from agents.cli.terminal.caller_files import is_folder, make_folder
from agents.cli.terminal.listeners import Watch, minutes_as_json, watching
from agents.cli.terminal.manner import can_repaint
from agents.cli.terminal.minutes_file import MARKDOWN, RECORDS, TRANSCRIPT, new_records
from agents.cli.terminal.output import say, say_file, say_json, say_painted, tell, write_file
from agents.cli.terminal.pager import say_long
from agents.cli.terminal.size import message_width
from agents.cli.terminal.stopping import resumable, tell_stopped
from agents.cli.terminal.unwritable import why_unwritable
from agents.errors import ModelUnavailable, SpaceError

if TYPE_CHECKING:
    from collections.abc import Callable

    from agents.cli.terminal.person import AtTerminal
    from agents.meeting.record import Minutes
    from agents.orchestrator import AgentOrchestrator

ENDED = ("closed", "abandoned")
"""The states in which a meeting cannot be continued."""


def hold(
    orchestrator: "AgentOrchestrator",
    meeting_id: str,
    output: Path | None,
    how: Watch,
    form: str = "",
    on_stop: "Callable[[str], None]" = tell_stopped,
) -> None:
    """Hold a meeting or the rest of it, show what happens, and write its minutes. The user takes the seat that is kept
    for a person, where there is a terminal and nothing was prepared.

    Args:
        orchestrator: has the meeting.
        meeting_id: the meeting.
        output: the file for the minutes; None prints them.
        how: how the meeting is watched.
        form: the format of the minutes; "" is Markdown, and on a terminal only what came of the meeting.
        on_stop: is given the meeting's id after Ctrl-C, to say how to continue.
    """
    meeting_id = orchestrator.meetings.find(meeting_id)
    with resumable(meeting_id, on_stop):
        ended = orchestrator.meetings.row(meeting_id).status in ENDED
        if message_width() and not (ended or how.quiet or how.as_json):
            tell(f"Ctrl-C pauses the meeting, and nothing said is lost. It continues with: {how.resume}")
        person = _person(orchestrator, meeting_id, how)
        try:
            with watching(orchestrator, meeting_id, how, person.held_back if person else None) as listen:
                minutes = orchestrator.conduct_meeting(meeting_id, listen=listen, person=person)
        finally:
            if person:
                person.leave()
    if how.as_json:
        say_json(minutes_as_json(minutes), None)
    if output or not how.as_json:
        conclude(minutes, output, form, how)
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


def conclude(minutes: "Minutes", output: Path | None, form: str = "", how: Watch | None = None) -> None:
    """Write the minutes of a meeting that has just ended; on a terminal, say what came of it, and how to read them."""
    if output:
        write(minutes, output, form=form)
    if sys.stdout.isatty() and (output or not form):
        from agents.cli.terminal.closing import closing, told
        from agents.cli.terminal.size import terminal_size

        say_painted(told(closing(minutes, *terminal_size(), (how or Watch()).read)))
    elif not output:
        write(minutes, None, form=form)


def write(
    minutes: "Minutes",
    output: Path | None,
    *,
    full: bool = False,
    plain: bool = False,
    form: str = "",
    raw: bool = False,
) -> None:
    """Write minutes to a file, or print them.

    Args:
        minutes: what to write.
        output: the file; None prints: laid out on a terminal, as Markdown elsewhere.
        full: whether to add everything that was said, where the format has that.
        plain: whether nothing is laid out.
        form: a format of ``agents.export``; "" is Markdown.
        raw: whether the format's own bytes are printed, as they are in a file.

    Raises:
        SpaceError: the file cannot be written.
    """
    if output and form == RECORDS and (is_folder(output) or not output.suffix):
        try:
            make_folder(output)
        except OSError as error:
            raise _not_written(minutes, output, form, error) from None
        records = new_records(output, minutes)
        for file, text in records:
            _write_file(minutes, file, form, text)
        if not records:
            tell("No proposal was put to the vote, so there is no decision to record.")
    elif output:
        _write_file(minutes, output, form, _text(minutes, form, full))
    elif form == TRANSCRIPT and sys.stdout.isatty():
        from agents.cli.terminal.minutes_text import minutes_text
        from agents.export.page.spoken import transcript_page

        say_long(minutes_text(transcript_page(minutes)), colours=True)
    elif raw or form not in {"", MARKDOWN}:
        say_file(_text(minutes, form, full))
    elif sys.stdout.isatty() and not plain:
        from agents.cli.terminal.minutes_text import minutes_text
        from agents.export.page.whole import minutes_page

        say_long(minutes_text(minutes_page(minutes, full=full)), colours=True)
    else:
        say(_text(minutes, form, full), end="")


def _write_file(minutes: "Minutes", file: Path, form: str, text: str) -> None:
    try:
        write_file(file, text)
    except OSError as error:
        raise _not_written(minutes, file, form, error) from None
    tell(f"Minutes written to {file}")


def _not_written(minutes: "Minutes", file: Path, form: str, error: OSError) -> SpaceError:
    """The error for minutes that could not be written, with the command that prints them again."""
    again = f"export {minutes.meeting} --format {form}" if form else f"minutes {minutes.meeting}"
    why = why_unwritable(file, error)
    return SpaceError(f"{file} cannot be written: {why}.", f"The meeting is stored: orchestrator meeting {again}")


def _text(minutes: "Minutes", form: str, full: bool) -> str:
    from agents.export import export
    from agents.export.markdown import to_markdown

    if full and form in {"", MARKDOWN}:
        return to_markdown(minutes, full=True)
    return export(minutes, form or MARKDOWN)
