"""Actions of the register as JSON values."""

from typing import TYPE_CHECKING, Any

from agents.clock import today

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from agents.store.actions import ActionRow, Change
    from agents.store.meetings import Meetings

COLUMNS = (
    "id", "status", "task", "owner", "due", "due_text", "due_note", "overdue", "meeting", "series", "topic", "turn",
    "quote", "verified", "created", "updated", "outcome", "agreed",
)  # fmt: skip
"""The fields of an action, in this order."""


def action_values(meetings: "Meetings", rows: "Sequence[ActionRow]") -> list[dict[str, Any]]:
    """Actions as JSON objects with the fields of ``COLUMNS``.

    Args:
        meetings: the stored meetings; they say when something was said, and how decisions turned out.
        rows: the actions.

    Example:
        print(action_values(orchestrator.meetings, orchestrator.actions.list()))
    """
    from agents.orchestrator.outcomes import of_actions
    from agents.orchestrator.past_dues import past_when_said

    past, outcomes = past_when_said(meetings, rows), of_actions(meetings, rows)
    return [_values(row, past, outcomes[row.id].sentence if row.id in outcomes else None) for row in rows]


def history_values(changes: "Iterable[Change]") -> list[dict[str, Any]]:
    """The history of an action as JSON objects.

    Example:
        print(history_values(orchestrator.actions.changes("A12")))
    """
    return [{"at": one.at, "by": one.who, "what": one.what} for one in changes]


def is_overdue(row: "ActionRow") -> bool:
    """Whether an action is open and was due before today.

    Example:
        print(sum(is_overdue(row) for row in orchestrator.actions.list()))
    """
    return row.open and row.due is not None and row.due < today()


def note_of(row: "ActionRow", past: frozenset[str]) -> str:
    """What must be said beside a due date, or instead of one; "" where nothing was said about time.

    Args:
        row: the action.
        past: the ids of the actions whose due date was past when it was said.

    Example:
        print(note_of(row, past_when_said(orchestrator.meetings, [row])))
    """
    from agents.meeting.minutes.dates import due_note

    return due_note(row.due, row.due_text, past=row.id in past) if row.due or row.due_text else ""


def _values(row: "ActionRow", past: frozenset[str], outcome: str | None) -> dict[str, Any]:
    derived = {
        "outcome": outcome,
        "due": row.due.isoformat() if row.due else None,
        "due_note": note_of(row, past) or None,
        "overdue": is_overdue(row),
    }
    return {name: derived[name] if name in derived else getattr(row, name) for name in COLUMNS}
