"""``orchestrator meeting show``, ``abandon``, ``replay`` and ``fork``: what becomes of a meeting besides being held."""

import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agents.cli import render
from agents.cli.desk import AsJson, ModelName, opened, say, tell
from agents.cli.positions import positions
from agents.cli.safe_text import json_text
from agents.errors import Locked, StoreError

if TYPE_CHECKING:
    from agents.meeting.call import MeetingCall
    from agents.meeting.journal import Event
    from agents.orchestrator import AgentOrchestrator
    from agents.store.meetings import MeetingRow

ENDED = ("closed", "abandoned")
"""How a meeting is that nobody can go on with."""

LONGEST_PAUSE = 60.0
"""Seconds, at the speed of the meeting: a replay does not sit out the night between a kill and a resume."""

MeetingId = Annotated[str, typer.Argument(metavar="ID", help="The meeting's id, a unique beginning of it, or last.")]


def register(app: typer.Typer) -> None:
    """Add these commands to ``orchestrator meeting``."""
    app.command("show", epilog="Example: orchestrator meeting show last")(show)
    app.command("replay", epilog="Example: orchestrator meeting replay last --speed 20")(replay)
    app.command("fork", epilog="Example: orchestrator meeting fork last --at T5 --model qwen3:4b")(fork)
    app.command("map", epilog="Example: orchestrator meeting map last")(positions)
    app.command("abandon", epilog="Example: orchestrator meeting abandon 20261123-daily_standup-0a1b")(abandon)


def show(meeting_id: MeetingId, as_json: AsJson = False) -> None:
    """Show how far a meeting is: who sits in it and why, its topics, the turns so far."""
    with opened() as orchestrator:
        meetings = orchestrator.store.meetings
        row = meetings.row(meetings.find(meeting_id))
        call, events = orchestrator.get_meeting(row.id), meetings.events(row.id)
        if as_json:
            found = _as_json(row, call, events, held=held_now(orchestrator, row))
            typer.echo(json_text(found))
        else:
            say(_page(row, call, events, standing(orchestrator, row)))


def held_now(orchestrator: "AgentOrchestrator", row: "MeetingRow") -> bool:
    """Whether a process holds a meeting at this moment."""
    from agents.store.locks import lock_path

    # Without its file nobody has ever taken the lock, and none need be made to find that out.
    if row.status in ENDED or not lock_path(orchestrator.store.database.folder, row.id).exists():
        return False
    try:
        with orchestrator.store.meetings.hold(row.id):
            return False
    except Locked:
        return True
    except StoreError:  # where no lock can be taken, none is held
        return False


def standing(orchestrator: "AgentOrchestrator", row: "MeetingRow") -> str:
    """A meeting's status in words: one that runs for nobody any more has stopped."""
    return "stopped" if row.status == "running" and not held_now(orchestrator, row) else row.status


def replay(
    meeting_id: MeetingId,
    speed: Annotated[
        float | None,
        typer.Option("--speed", metavar="N", min=0.01, help="N times as fast as it was; without it, all at once."),
    ] = None,
) -> None:
    """Print a meeting turn by turn, as it went; no model is needed."""
    with opened() as orchestrator:
        meetings = orchestrator.store.meetings
        found = meetings.find(meeting_id)
        events = meetings.events(found)
        if not events:
            tell(f"Nobody has spoken in {found} yet.")
            return
        titles = {seat.role: seat.title for seat in orchestrator.get_meeting(found).seats}
        topics = {topic.number: topic.text for topic in orchestrator.get_meeting(found).topics}
        for pause, text in replayed(events, titles, topics):
            if speed:
                time.sleep(min(pause, LONGEST_PAUSE) / speed)
            say(text)


def fork(
    meeting_id: MeetingId,
    at: Annotated[
        str, typer.Option("--at", metavar="TURN", help="The last turn to keep, such as T5; 0 keeps nothing.")
    ],
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Do not say what happens while it happens.")] = False,
    model: ModelName = None,
) -> None:
    """Hold a new meeting that keeps what was said up to a turn and asks the rest anew; print its minutes."""
    from agents.cli.holding import hold

    with opened(model) as orchestrator:
        called = orchestrator.fork_meeting(meeting_id, at)
        if not quiet:
            tell(f"Meeting {called} ({orchestrator.model_label()})")
        hold(orchestrator, called, None, quiet)


def abandon(meeting_id: MeetingId) -> None:
    """Give a meeting up: it cannot be resumed any more; what was said stays on record."""
    with opened() as orchestrator:
        found = orchestrator.abandon_meeting(meeting_id)
        tell(f"Abandoned {found}. Its minutes so far: orchestrator meeting minutes {found}")


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
    for event in events:
        now = int(event.data.get("topic") or 0)
        lines = []
        if now and now != topic:
            topic, phase = now, ""
            lines.append(f"\nTopic {topic}: {topics.get(topic, '')}")
        if event.kind == "turn" and event.data["phase"] != phase:
            phase = event.data["phase"]
            lines.append(f"\n  {phase.replace('_', ' ')}")
        said = _said(event, titles)
        if said:
            pause = (datetime.fromisoformat(event.at) - datetime.fromisoformat(before)).total_seconds()
            before = event.at
            yield max(0.0, pause), "\n".join([*lines, said])


def _said(event: "Event", titles: Mapping[str, str]) -> str:
    """One event in words; "" for what was not heard in the room."""
    data = event.data
    who = titles.get(data.get("speaker", ""), "The scribe")
    if event.kind == "turn":
        return f"\n[{data['id']}] {who}:\n{data['text']}"
    if event.kind == "ballot":
        reason = f": {data['reason']}" if data["reason"] else ""
        return f"    {who} votes {data['vote'].replace('_', ' ')}{reason}"
    if event.kind == "absent":
        return f"    {who} is absent: {data['cause']}"
    if event.kind == "dropped":
        return f"    {data['turn']} {data['why']}; left out of the talk"
    if event.kind == "note":
        return f"    Note: {data['text']}"
    return "\nClosed." if event.kind == "closed" else ""


def _page(row: "MeetingRow", call: "MeetingCall", events: "Sequence[Event]", status: str) -> str:
    facts = [["type", call.kind.title], ["status", status], ["called", row.created[:16].replace("T", " ")]]
    facts += [["last event", row.updated[:16].replace("T", " ")], ["model", call.model]]
    facts += [[name, value] for name, value in (("series", call.series), ("forked from", call.forked_from)) if value]
    facts += [["documents", ", ".join(document.name for document in call.documents) or "none"]]
    titles = {seat.role: seat.title for seat in call.seats}
    seats = [[seat.title + (" (leads)" if seat.role == call.facilitator else ""), seat.reason] for seat in call.seats]
    topics = [[topic.number, _reached(topic.number, events), topic.text] for topic in call.topics]
    turns = [
        [
            data["id"],
            data["topic"],
            data["phase"].replace("_", " "),
            titles.get(data["speaker"], ""),
            _first(data["text"]),
        ]
        for data in _turns(events)
    ]
    parts = [
        "\n".join([row.id, "=" * len(row.id)]),
        render.table(["", ""], facts).strip("\n "),
        render.table(["seat", "why"], seats),
        render.table(["topic", "turns", ""], topics),
        render.table(["turn", "topic", "phase", "who", ""], turns) if turns else "Nobody has spoken yet.",
    ]
    if row.status not in ENDED and status != "running":
        parts.append(f"Go on with: orchestrator meeting resume {row.id}")
    return "\n\n".join(parts)


def _as_json(row: "MeetingRow", call: "MeetingCall", events: "Sequence[Event]", *, held: bool) -> dict[str, Any]:
    names = ("id", "topic", "phase", "speaker", "text")
    return {
        "id": row.id,
        "type": row.type,
        "status": row.status,
        "held_now": held,
        "created": row.created,
        "updated": row.updated,
        "model": call.model,
        "held": call.held.isoformat(),
        "facilitator": call.facilitator,
        "series": call.series,
        "forked_from": call.forked_from,
        "documents": [document.name for document in call.documents],
        "seats": [{"role": seat.role, "title": seat.title, "reason": seat.reason} for seat in call.seats],
        "topics": [
            {"number": one.number, "text": one.text, "turns": _reached(one.number, events)} for one in call.topics
        ],
        "notes": list(call.notes),
        "turns": [{name: data[name] for name in names} for data in _turns(events)],
    }


def _turns(events: "Sequence[Event]") -> list[Mapping[str, Any]]:
    return sorted((event.data for event in events if event.kind == "turn"), key=lambda data: int(data["id"][1:]))


def _reached(topic: int, events: "Sequence[Event]") -> int:
    return sum(data["topic"] == topic for data in _turns(events))


def _first(text: str) -> str:
    line = next((line for line in text.split("\n") if line.strip()), "")
    return line if len(line) <= 90 else line[:86] + " ..."
