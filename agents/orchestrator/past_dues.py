"""Which actions of the register were due on a day that was past already when it was said."""

from collections.abc import Sequence
from datetime import date, datetime

from agents.errors import StoreError, UnknownName
from agents.store.actions import ActionRow
from agents.store.meetings import Meetings


def past_when_said(meetings: Meetings, rows: Sequence[ActionRow]) -> frozenset[str]:
    """The ids of the actions whose due date was past on the day of their meeting.

    A date that was set by hand later is not meant: it is not the one that the meeting said. Of a meeting that was
    deleted, the day on which the action was entered counts.

    Args:
        meetings: the stored meetings.
        rows: actions of the register.
    """
    from agents.meeting.minutes.dates import resolve

    held: dict[str, date | None] = {}
    found = set()
    for row in rows:
        if row.due is None or not row.due_text or row.due >= _entered(row):
            continue
        if row.meeting not in held:
            held[row.meeting] = _held(meetings, row.meeting)
        day = held[row.meeting] or _entered(row)
        if row.due < day and resolve(row.due_text, day) == row.due:
            found.add(row.id)
    return frozenset(found)


def _entered(row: ActionRow) -> date:
    return datetime.fromisoformat(row.created).astimezone().date()


def _held(meetings: Meetings, meeting_id: str) -> date | None:
    """The day on which a meeting was held; None if it was deleted or cannot be read."""
    try:
        return date.fromisoformat(meetings.spec(meeting_id)["held"])
    except (UnknownName, StoreError, KeyError):
        return None
