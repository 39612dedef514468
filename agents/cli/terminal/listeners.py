"""How a meeting is watched: a live view on a terminal, else one line for each event, JSON for programs, or nothing."""

import json
import sys
import time
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agents.cli.terminal.event_lines import EventLines
from agents.cli.terminal.manner import can_repaint, use_plain
from agents.cli.terminal.output import say_json, tell

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agents.cli.terminal.held_back import HeldBack, Paused
    from agents.meeting.journal import Event, Listener
    from agents.meeting.record import Minutes
    from agents.orchestrator import AgentOrchestrator

EventsAsJson = Annotated[
    bool, typer.Option("--json", help="Print each event as one line of JSON; the last line contains the minutes.")
]
NoStream = Annotated[bool, typer.Option("--no-stream", help="Show only whole statements, not word by word.")]
Plain = Annotated[
    bool,
    typer.Option(
        "--plain",
        callback=use_plain,
        help="Print one line for each event and repaint nothing, for screen readers and simple terminals.",
    ),
]


@dataclass(frozen=True, slots=True)
class Watch:
    """How a meeting is watched.

    Attributes:
        quiet: nothing is shown.
        as_json: events are printed to stdout as JSON, one on each line.
        stream: answers are shown word by word.
        plain: one line for each event, also on a terminal.
        resume: the command that continues the meeting after Ctrl-C.
        read: the command that prints its minutes.
    """

    quiet: bool = False
    as_json: bool = False
    stream: bool = True
    plain: bool = False
    resume: str = "orchestrator meeting resume last"
    read: str = "orchestrator meeting minutes"


@contextmanager
def watching(
    orchestrator: "AgentOrchestrator", meeting_id: str, how: Watch, held_back: "HeldBack | None" = None
) -> "Iterator[Listener | None]":
    """The listener for a meeting, while it is held; None to show nothing.

    Args:
        orchestrator: holds the meeting.
        meeting_id: the meeting.
        how: how it is watched.
        held_back: holds events back while a person is asked; None where no person sits at the terminal.
    """
    if held_back is None:
        with _shown(orchestrator, meeting_id, how) as (listen, _):
            yield listen
        return
    with _shown(orchestrator, meeting_id, how) as (listen, paused):
        yield held_back.before(listen, paused) if listen else None
        held_back.show_all()


@contextmanager
def _shown(
    orchestrator: "AgentOrchestrator", meeting_id: str, how: Watch
) -> "Iterator[tuple[Listener | None, Paused]]":
    """What shows the events of a meeting, and what pauses it."""
    titles = {role.id: role.title for role in orchestrator.roles.values()}
    titles |= {seat.role: seat.title for seat in orchestrator.get_meeting(meeting_id).seats}
    if how.as_json:
        yield (lambda event: _print_json(event, how)), nullcontext
    elif how.quiet:
        yield None, nullcontext
    elif how.plain or not can_repaint():
        lines = EventLines(titles, orchestrator.get_meeting(meeting_id))
        yield (lambda event: _tell_line(event, lines)), nullcontext
    else:
        from agents.cli.terminal.live_meeting import LiveView
        from agents.meeting.progress import Board

        board = Board(orchestrator.get_meeting(meeting_id), time.monotonic)
        board.take_up(orchestrator.meetings.journal(meeting_id).events())
        with LiveView(board, titles, stream=how.stream) as view:
            yield view.update, view.paused


def event_as_json(event: "Event") -> dict[str, Any] | None:
    """One event as a JSON object, with the fields that its kind has; None for an event that is not shown."""
    from agents.meeting.codec import Recorded, value_of
    from agents.meeting.journal_values import Drop, LeftOut, Note, PersonDecision
    from agents.meeting.minutes.ballot import cast
    from agents.meeting.record import Absence, Ballot, Turn

    value: Recorded | None = value_of(event)
    table: dict[str, Any] = {"event": event.kind, "topic": event.topic}
    table |= {name: found for name in ("phase", "speaker") if (found := getattr(event, name))}
    match value:
        case Turn():
            turn = {"id": value.id, "position": value.position, "dropped": value.dropped}
            return {**table, "text": value.text, "turn": turn}
        case Drop():
            turn = {"id": value.turn, "position": value.position, "dropped": value.why}
            return {**table, "text": value.why, "turn": turn}
        case LeftOut():
            return {**table, "text": value.why, "turn": {"id": value.turn}, "labels": list(value.labels)}
        case Ballot():
            return {**table, "text": cast(value), "steady": value.steady}
        case Absence():
            return {**table, "text": value.cause}
        case PersonDecision():
            return {**table, "text": value.choice or value.status.value}
        case Note():
            return {**table, "text": value.text}
    if event.seq:  # stored for the minutes only
        return None
    return {**table, "text": event.text} if event.text else table


def minutes_as_json(minutes: "Minutes") -> dict[str, Any]:
    """What the last line of the JSON output of a meeting says."""
    from agents.export.json import to_json

    return {"event": "minutes", "minutes": json.loads(to_json(minutes))}


def _print_json(event: "Event", how: Watch) -> None:
    from agents.meeting.journal import Kind

    shown = event_as_json(event) if event.kind != Kind.TEXT or how.stream else None
    if shown:
        say_json(shown, None)
        sys.stdout.flush()  # a reader sees each event at once


def _tell_line(event: "Event", lines: EventLines) -> None:
    line = lines.lines(event)
    if line:
        tell(line)
