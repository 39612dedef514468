"""Meetings as JSON values: in a list, in full, and what one would cost."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from agents.meeting.journal import Event
    from agents.meeting.plan import Plan
    from agents.meeting.record import Turn
    from agents.meeting.spec import MeetingSpec
    from agents.store.meetings import MeetingRow

STEP = ("topic", "phase", "turns", "requests", "least", "most", "sent", "evaluated", "written", "seconds")
"""The fields of a plan's step, in this order."""


def line_values(row: "MeetingRow", *, held: bool) -> dict[str, Any]:
    """A meeting in a list.

    Args:
        row: the stored meeting.
        held: whether it is held at this moment.

    Example:
        print([line_values(row, held=False) for row in orchestrator.list_meetings()])
    """
    names = ("id", "type", "title", "status", "created", "turns")
    return {name: getattr(row, name) for name in names} | {"held_now": held}


def meeting_values(row: "MeetingRow", spec: "MeetingSpec", events: "Sequence[Event]", *, held: bool) -> dict[str, Any]:
    """A meeting in full: what it started from, its turns, and what became of it.

    Args:
        row: the stored meeting.
        spec: what it started from.
        events: its journal.
        held: whether it is held at this moment.

    Example:
        journal = orchestrator.meetings.journal(row.id)
        print(meeting_values(row, orchestrator.get_meeting(row.id), journal.events(), held=False))
    """
    from agents.meeting.afterwards import HeldAgain, OutcomeReport
    from agents.meeting.codec import values

    names = ("id", "topic", "phase", "speaker", "text")
    turns = turns_of(events)
    return {
        "id": row.id,
        "type": row.type,
        "status": row.status,
        "held_now": held,
        "created": row.created,
        "updated": row.updated,
        "model": spec.model,
        "held": spec.held.isoformat(),
        "facilitator": spec.facilitator,
        "series": spec.series,
        "forked_from": spec.forked_from,
        "documents": [document.name for document in spec.documents],
        "seats": _seats(spec),
        "topics": [
            {"number": one.number, "text": one.text, "turns": reached(one.number, turns)} for one in spec.topics
        ],
        "notes": list(spec.notes),
        "outcomes": [asdict(one) for one in values(events, OutcomeReport)],
        "runs": [asdict(one) for one in values(events, HeldAgain)],
        "turns": [{name: getattr(turn, name) for name in names} for turn in turns],
    }


def plan_values(spec: "MeetingSpec", plan: "Plan") -> dict[str, Any]:
    """What a meeting would cost; seconds and minutes are null for a model that takes no time worth planning.

    Args:
        spec: the meeting.
        plan: its estimate.

    Example:
        print(plan_values(*orchestrator.plan_meeting(MeetingRequest("decision", "Buy or build?")))["minutes"])
    """
    return {
        "type": spec.kind.id,
        "title": spec.kind.title,
        "facilitator": spec.facilitator,
        "topics": [{"number": topic.number, "text": topic.text} for topic in spec.topics],
        "seats": _seats(spec),
        "people": list(spec.names.people),
        "council": dict(spec.council),
        "models": [_rounded(asdict(one)) for one in plan.models],
        "steps": [_rounded({name: getattr(step, name) for name in STEP}) for step in plan.steps],
        "totals": _rounded(
            {
                **{name: plan.total(name) for name in STEP[2:-1]},
                "seconds": 60 * plan.minutes if plan.pace else None,
            }
        ),
        "minutes": round(plan.minutes, 1) if plan.pace else None,
        "measured_calls": plan.pace.calls if plan.pace else 0,
        "controls": _rounded(asdict(plan.controls)) if plan.controls else None,
        "notes": list(spec.notes),
        "documents": [
            {"topic": number, **asdict(one), "left": [asdict(lines) for lines in one.left]}
            for number, row in plan.coverage.items()
            for one in row
        ],
        "unread": [
            {"topic": number, "lines": [asdict(lines) for lines in left.lines], "enough": dict(left.enough)}
            for number, left in plan.unread.items()
        ],
    }


def turns_of(events: "Sequence[Event]") -> "list[Turn]":
    """The turns of a meeting in the order of their ids.

    Example:
        print(len(turns_of(orchestrator.meetings.journal(row.id).events())))
    """
    from agents.meeting.codec import values
    from agents.meeting.record import Turn

    return sorted(values(events, Turn), key=lambda turn: int(turn.id[1:]))


def reached(topic: int, turns: "Sequence[Turn]") -> int:
    """How many turns a topic has so far.

    Example:
        print(reached(1, turns_of(events)))
    """
    return sum(turn.topic == topic for turn in turns)


def _seats(spec: "MeetingSpec") -> list[dict[str, str]]:
    return [{"role": seat.role, "title": seat.title, "reason": seat.reason} for seat in spec.seats]


def _rounded(table: dict[str, Any]) -> dict[str, Any]:
    return {name: round(value, 1) if isinstance(value, float) else value for name, value in table.items()}
