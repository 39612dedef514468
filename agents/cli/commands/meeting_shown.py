"""``orchestrator meeting list | show | replay``: the state of meetings, and what happened in one."""

import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from agents.cli.context import AsJson, opened
from agents.cli.meeting_options import LAST, MeetingId
from agents.cli.terminal import tables
from agents.cli.terminal.caller import as_called
from agents.cli.terminal.event_lines import EventLines, headline, not_passed_on
from agents.cli.terminal.output import say, say_json, tell
from agents.cli.terminal.pager import say_long
from agents.cli.terminal.run_meeting import ENDED
from agents.cli.terminal.styles import STATES
from agents.meeting.afterwards import HeldAgain, OutcomeReport
from agents.meeting.codec import value_of, values
from agents.meeting.journal import Kind
from agents.meeting.journal_values import Closing, Drop, LeftOut, Note, PersonDecision
from agents.meeting.minutes.ballot import voted
from agents.meeting.phases import phase_name
from agents.meeting.record import Absence, Ballot, Turn
from agents.orchestrator.meeting_values import line_values, meeting_values, reached, turns_of
from agents.text import one_line, set_apart

if TYPE_CHECKING:
    from agents.meeting.journal import Event
    from agents.meeting.spec import MeetingSpec
    from agents.orchestrator import AgentOrchestrator
    from agents.store.meetings import MeetingRow

app = typer.Typer(rich_markup_mode=None)

HEADLINE = 90
"""The most columns of what is shown of a turn in a list."""
LONGEST_PAUSE = 60.0
"""Seconds at the original speed: a replay does not wait for the night between a crash and a resume."""


@app.command("list", epilog="Example: orchestrator meeting list --limit 5")
def list_meetings(
    limit: Annotated[int | None, typer.Option(min=1, max=1_000_000, help="Show at most N of the newest.")] = None,
    as_json: AsJson = False,
) -> None:
    """List the stored meetings, newest first."""
    with opened() as orchestrator:
        rows = orchestrator.list_meetings(limit)
        if as_json:
            say_json([line_values(row, held=held_now(orchestrator, row)) for row in rows])
        elif rows:
            cells = [[r.id, status_words(orchestrator, r), r.turns, r.title] for r in rows]
            heads = ["meeting", "status", "turns", "topic"]
            listed = tables.table(
                heads, cells, paint=lambda n, column: STATES.get(str(cells[n][1])) if column == 1 else None
            )
            say_long(listed, colours=True)
        else:
            tell("No meetings yet. See one: orchestrator demo")


@app.command("show", epilog="Example: orchestrator meeting show last")
def show(meeting_id: MeetingId = LAST, as_json: AsJson = False) -> None:
    """Show the state of a meeting: participants with reasons, topics, turns so far."""
    with opened() as orchestrator:
        meetings = orchestrator.meetings
        row = meetings.row(meetings.find(meeting_id))
        spec, events = orchestrator.get_meeting(row.id), meetings.journal(row.id).events()
        if as_json:
            say_json(meeting_values(row, spec, events, held=held_now(orchestrator, row)))
        else:
            say_long(_page(row, spec, events, status_words(orchestrator, row)))


def held_now(orchestrator: "AgentOrchestrator", row: "MeetingRow") -> bool:
    """Whether a process holds a meeting at this moment."""
    return row.status not in ENDED and orchestrator.meetings.is_locked(row.id)


def status_words(orchestrator: "AgentOrchestrator", row: "MeetingRow") -> str:
    """A meeting's status in words: one that is running but not held by any process has stopped."""
    if row.status == "abandoned":
        return "cancelled"
    return "stopped" if row.status == "running" and not held_now(orchestrator, row) else row.status


@app.command("replay", epilog="Example: orchestrator meeting replay last --speed 20")
def replay(
    meeting_id: MeetingId = LAST,
    speed: Annotated[
        float | None,
        typer.Option("--speed", metavar="N", min=0.01, help="N times as fast as it was; without it, all at once."),
    ] = None,
) -> None:
    """Print a meeting turn by turn, as it went; no model is needed."""
    with opened() as orchestrator:
        meetings = orchestrator.meetings
        found = meetings.find(meeting_id)
        events = meetings.journal(found).events()
        if not events:
            tell(f"Nobody has spoken in {found} yet.")
            return
        titles = {seat.role: seat.title for seat in orchestrator.get_meeting(found).seats}
        topics = {topic.number: topic.text for topic in orchestrator.get_meeting(found).topics}
        parts = replayed(events, titles, topics)
        if not speed:
            say_long("\n".join(text for _pause, text in parts))
            return
        for pause, text in parts:
            time.sleep(min(pause, LONGEST_PAUSE) / speed)
            say(text)


def replayed(
    events: "Sequence[Event]", titles: Mapping[str, str], topics: Mapping[int, str]
) -> Iterator[tuple[float, str]]:
    """What a replay prints, piece by piece, each with the seconds that passed before it.

    Args:
        events: the meeting's journal.
        titles: title by role id.
        topics: text by number.
    """
    before, topic, phase = events[0].at, 0, ""
    lines: list[str] = []  # headings wait for the first event under them that is shown
    for event in events:
        if event.topic and event.topic != topic:
            topic, phase = event.topic, ""
            lines.append(f"\nTopic {topic}: {topics.get(topic, '')}")
        if event.kind == Kind.TURN and event.phase != phase:
            phase = event.phase
            lines.append(f"\n  {phase_name(phase)}")
        shown = _shown(event, titles)
        if shown:
            pause = (datetime.fromisoformat(event.at) - datetime.fromisoformat(before)).total_seconds()
            before = event.at
            yield max(0.0, pause), "\n".join([*lines, shown])
            lines = []


def _shown(event: "Event", titles: Mapping[str, str]) -> str:
    """One event in words; "" for an event that a replay does not show."""
    who = titles.get(event.speaker, "The scribe")
    match value_of(event):
        case Turn() as turn:
            return f"\n[{turn.id}] {who}:\n{_words(turn.text)}"
        case Ballot() as ballot:
            reason = f": {one_line(ballot.reason)}" if ballot.reason else ""
            return f"    {who} votes {voted(ballot)}{reason}"
        case Drop() as drop:
            return f"    {drop.turn} {not_passed_on(drop.why)}"
        case Absence() | Note() | LeftOut() | PersonDecision():
            return EventLines(titles).lines(event)
        case Closing():
            return "\nClosed."
    return ""


def _words(text: str) -> str:
    """What was said, so that no line of it looks like one that a replay prints around it."""
    lines = (line.lstrip() for line in text.split("\n"))
    own = ("Topic ", "Closed.")
    return set_apart("\n".join(f"> {line}" if line.startswith(own) else line for line in lines))


def _page(row: "MeetingRow", spec: "MeetingSpec", events: "Sequence[Event]", status: str) -> str:
    facts = [["type", spec.kind.title], ["status", status], ["created", row.created[:16].replace("T", " ")]]
    facts += [["last event", row.updated[:16].replace("T", " ")], ["model", spec.model]]
    facts += [[name, value] for name, value in (("series", spec.series), ("forked from", spec.forked_from)) if value]
    facts += [["run of", spec.repeats]] if spec.repeats else []
    facts += [["documents", ", ".join(document.name for document in spec.documents) or "none"]]
    titles = {seat.role: seat.title for seat in spec.seats}
    seats = [[seat.title + (" (leads)" if seat.role == spec.facilitator else ""), seat.reason] for seat in spec.seats]
    spoken = turns_of(events)
    topics = [[topic.number, reached(topic.number, spoken), topic.text] for topic in spec.topics]
    turns = [
        [turn.id, turn.topic, phase_name(turn.phase), titles.get(turn.speaker, ""), headline(turn, HEADLINE)]
        for turn in spoken
    ]
    parts = [
        tables.underlined(row.id),
        tables.table(["", ""], facts).strip("\n "),
        tables.table(["seat", "why"], seats),
        tables.table(["topic", "turns", ""], topics),
        tables.table(["turn", "topic", "phase", "who", "what was said"], turns) if turns else "No turns yet.",
    ]
    told = [[one.topic, one.on, one.how or "-", one.text, one.by] for one in values(events, OutcomeReport)]
    parts += [tables.table(["topic", "reported on", "how", "how the decision turned out", "by"], told)] if told else []
    runs = [[one.run, "; ".join(one.outcomes.values()), one.meeting] for one in values(events, HeldAgain)]
    parts += [tables.table(["run", "outcome", "stored as"], runs)] if runs else []
    if row.status not in ENDED and status != "running":
        parts.append(as_called(f"Continue with: orchestrator meeting resume {row.id}"))
    return "\n\n".join(parts)
