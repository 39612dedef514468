"""Meetings as JSON: in a list, in full, and how far one is."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from agents.meeting.journal import Event
from agents.orchestrator.background.held import GOING_ON, MeetingState
from agents.orchestrator.background.owners import Owner
from agents.orchestrator.meeting_values import line_values, meeting_values

if TYPE_CHECKING:
    from agents.store.meetings import MeetingRow


def meeting_line(owner: Owner, row: "MeetingRow") -> dict[str, Any]:
    """A meeting in a list."""
    state = owner.meetings.state(row.id).status
    return {**line_values(row, held=state in GOING_ON), "state": state}


def meeting_now(state: MeetingState) -> dict[str, Any]:
    """How far a meeting is."""
    left = None if state.seconds_left is None else round(state.seconds_left, 1)
    values = {"state" if name == "status" else name: value for name, value in asdict(state).items()}
    return {**values, "seconds_left": left}


def meeting_page(owner: Owner, meeting_id: str) -> dict[str, Any]:
    """A meeting in full."""
    meetings = owner.orchestrator.meetings
    row = meetings.row(meeting_id)
    now = meeting_now(owner.meetings.state(row.id))
    events = meetings.journal(row.id).events()
    spec = owner.orchestrator.get_meeting(row.id)
    return {**meeting_values(row, spec, events, held=now["state"] in GOING_ON), "now": now}


def last_event(events: Sequence[Event]) -> int:
    """The number of the last event; 0 for none."""
    return events[-1].seq if events else 0
