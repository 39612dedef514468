"""What a meeting is wished to be, as the orchestrator takes it, and what it would cost, as JSON."""

from dataclasses import asdict
from typing import Any

from agents.api.native.forms import Wish
from agents.documents import Document
from agents.meeting.plan import Plan
from agents.meeting.spec import MeetingSpec
from agents.orchestrator.request import MeetingRequest

STEP = ("topic", "phase", "turns", "requests", "least", "most", "sent", "evaluated", "written", "seconds")
"""The fields of a plan's step, in this order."""


def request_of(wish: Wish, documents: list[Document]) -> MeetingRequest:
    """A wish as the orchestrator takes it."""
    return MeetingRequest(
        wish.type,
        wish.topics,
        attach=documents,
        agents=wish.agents,
        invited=wish.invite,
        without=wish.without,
        chair=" ".join(wish.chair.split()),
        me=" ".join(wish.me.split()),
        control=wish.baseline,
        series=" ".join(wish.series.split()),
        held=wish.held,
        time_box=wish.time_box,
        people=wish.people,
        words=wish.words,
        council=wish.council,
        decide=wish.decide,
    )


def plan_page(spec: MeetingSpec, plan: Plan) -> dict[str, Any]:
    """A plan as JSON values."""
    seconds = 60 * plan.minutes if plan.pace else None
    documents = [
        {"topic": number, **asdict(one), "left": [asdict(lines) for lines in one.left]}
        for number, row in plan.coverage.items()
        for one in row
    ]
    unread = [
        {"topic": number, "lines": [asdict(lines) for lines in left.lines], "enough": dict(left.enough)}
        for number, left in plan.unread.items()
    ]
    return {
        "type": spec.kind.id,
        "title": spec.kind.title,
        "facilitator": spec.facilitator,
        "topics": [{"number": topic.number, "text": topic.text} for topic in spec.topics],
        "seats": [{"role": seat.role, "title": seat.title, "reason": seat.reason} for seat in spec.seats],
        "people": list(spec.names.people),
        "council": dict(spec.council),
        "models": [_rounded(asdict(one)) for one in plan.models],
        "steps": [_rounded({name: getattr(step, name) for name in STEP}) for step in plan.steps],
        "totals": _rounded({**{name: plan.total(name) for name in STEP[2:-1]}, "seconds": seconds}),
        "minutes": round(plan.minutes, 1) if plan.pace else None,
        "measured_calls": plan.pace.calls if plan.pace else 0,
        "controls": _rounded(asdict(plan.controls)) if plan.controls else None,
        "notes": list(spec.notes),
        "documents": documents,
        "unread": unread,
    }


def _rounded(table: dict[str, Any]) -> dict[str, Any]:
    return {name: round(value, 1) if isinstance(value, float) else value for name, value in table.items()}
