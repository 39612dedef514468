"""Meetings as JSON: in a list, in full, and how far one is."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from agents.meeting.afterwards import HeldAgain, OutcomeReport
from agents.meeting.codec import values
from agents.meeting.journal import Event
from agents.meeting.record import Turn
from agents.orchestrator.background.held import MeetingState
from agents.orchestrator.background.owners import Owner

if TYPE_CHECKING:
    from agents.store.meetings import MeetingRow

HELD = ("queued", "running", "elsewhere")


def meeting_line(owner: Owner, row: "MeetingRow") -> dict[str, Any]:
    """A meeting in a list."""
    names = ("id", "type", "title", "status", "created", "turns")
    state = owner.meetings.state(row.id).status
    return {name: getattr(row, name) for name in names} | {"held_now": state in HELD, "state": state}


def meeting_now(state: MeetingState) -> dict[str, Any]:
    """How far a meeting is."""
    return {"state" if name == "status" else name: value for name, value in asdict(state).items()}


def meeting_page(owner: Owner, meeting_id: str) -> dict[str, Any]:
    """A meeting in full."""
    meetings = owner.orchestrator.meetings
    row = meetings.row(meeting_id)
    spec, events = owner.orchestrator.get_meeting(row.id), meetings.journal(row.id).events()
    now = meeting_now(owner.meetings.state(row.id))
    names = ("id", "topic", "phase", "speaker", "text")
    turns = sorted(values(events, Turn), key=lambda turn: int(turn.id[1:]))
    return {
        "id": row.id,
        "type": row.type,
        "status": row.status,
        "held_now": now["state"] in HELD,
        "created": row.created,
        "updated": row.updated,
        "model": spec.model,
        "held": spec.held.isoformat(),
        "facilitator": spec.facilitator,
        "series": spec.series,
        "forked_from": spec.forked_from,
        "documents": [document.name for document in spec.documents],
        "seats": [{"role": seat.role, "title": seat.title, "reason": seat.reason} for seat in spec.seats],
        "topics": [{"number": one.number, "text": one.text, "turns": _turns(one.number, turns)} for one in spec.topics],
        "notes": list(spec.notes),
        "outcomes": [asdict(one) for one in values(events, OutcomeReport)],
        "runs": [asdict(one) for one in values(events, HeldAgain)],
        "turns": [{name: getattr(turn, name) for name in names} for turn in turns],
        "now": now,
    }


def last_event(events: Sequence[Event]) -> int:
    """The number of the last event; 0 for none."""
    return events[-1].seq if events else 0


def _turns(topic: int, turns: Sequence[Turn]) -> int:
    return sum(turn.topic == topic for turn in turns)
