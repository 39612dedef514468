"""``/api/actions``: the register of actions that meetings agreed on."""

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Query

from agents.api.native.forms import Assigned, Done, Due, Signed
from agents.api.native.owned import Limit, Mine, Offset
from agents.api.native.shapes import ActionLine, ActionPage
from agents.clock import today
from agents.errors import UnknownName, UsageError
from agents.meeting.minutes.dates import due_note, resolve_whole
from agents.orchestrator import AgentOrchestrator
from agents.orchestrator.outcomes import of_actions
from agents.orchestrator.past_dues import past_when_said
from agents.role.names import joined, parted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from agents.store.actions import ActionRow

router = APIRouter(tags=["actions"])

NOBODY = ("", "nobody", "none", "unassigned")
NO_DAY = ("none", "never", "no day")
_COLUMNS = (
    "id", "status", "task", "owner", "due_text", "meeting", "series", "topic", "turn", "quote", "verified", "created",
    "updated",
)  # fmt: skip

Text = Annotated[str | None, Query(max_length=200)]


@router.get("/actions", response_model=list[ActionLine])
async def list_actions(
    mine: Mine,
    limit: Limit = 200,
    offset: Offset = 0,
    owner: Annotated[str | None, Query(max_length=200, description="unassigned for those without one.")] = None,
    overdue: bool = False,
    meeting: Text = None,
    series: Text = None,
    open_only: Annotated[bool, Query(alias="open", description="false lists done ones too.")] = True,
) -> Any:
    """Actions, oldest first."""
    orchestrator = mine.orchestrator
    rows = orchestrator.actions.list(
        owner=_owner_id(orchestrator, owner) or "unassigned" if owner else None,
        open_only=open_only,
        overdue_on=today() if overdue else None,
        meeting=_meeting_id(orchestrator, meeting) if meeting else None,
        series=series or None,
    )
    return _lines(orchestrator, rows[offset : offset + limit])


@router.get("/actions/{action}", response_model=ActionPage)
async def show_action(mine: Mine, action: str) -> Any:
    """One action: its evidence and its history."""
    row = mine.orchestrator.actions.get(action)
    history = [{"at": one.at, "by": one.who, "what": one.what} for one in mine.orchestrator.actions.changes(row.id)]
    return {**_line(mine, row), "history": history}


@router.post("/actions/{action}/done", response_model=ActionLine)
async def close_action(mine: Mine, action: str, done: Done) -> Any:
    """Close an action, with a note on how it was done."""
    return _line(mine, mine.orchestrator.actions.done(action, done.note, who=done.by))


@router.post("/actions/{action}/reopen", response_model=ActionLine)
async def reopen_action(mine: Mine, action: str, signed: Signed) -> Any:
    """Open an action again."""
    return _line(mine, mine.orchestrator.actions.reopen(action, who=signed.by))


@router.post("/actions/{action}/assign", response_model=ActionLine)
async def assign_action(mine: Mine, action: str, assigned: Assigned) -> Any:
    """Change the owner of an action."""
    owner = _owner_id(mine.orchestrator, assigned.owner)
    return _line(mine, mine.orchestrator.actions.assign(action, owner, who=assigned.by))


@router.post("/actions/{action}/due", response_model=ActionLine)
async def date_action(mine: Mine, action: str, due: Due) -> Any:
    """Set the due date of an action."""
    return _line(mine, mine.orchestrator.actions.set_due(action, _day(due.due), who=due.by))


def _line(mine: Mine, row: "ActionRow") -> dict[str, Any]:
    return _lines(mine.orchestrator, [row])[0]


def _lines(orchestrator: AgentOrchestrator, rows: "Sequence[ActionRow]") -> list[dict[str, Any]]:
    past, outcomes = past_when_said(orchestrator.meetings, rows), of_actions(orchestrator.meetings, rows)
    lines = []
    for row in rows:
        note = due_note(row.due, row.due_text, past=row.id in past) if row.due or row.due_text else ""
        lines.append(
            {name: getattr(row, name) for name in _COLUMNS}
            | {
                "due": row.due.isoformat() if row.due else None,
                "due_note": note or None,
                "overdue": row.open and row.due is not None and row.due < today(),
                "outcome": outcomes[row.id].sentence if row.id in outcomes else None,
            }
        )
    return lines


def _meeting_id(orchestrator: AgentOrchestrator, name: str) -> str:
    """The id of a meeting; a deleted meeting is still known by the full id that its actions have."""
    try:
        return orchestrator.meetings.find(name)
    except UnknownName:
        if orchestrator.actions.list(meeting=name):
            return name
        raise


def _owner_id(orchestrator: AgentOrchestrator, name: str) -> str | None:
    """The ids of the roles with these names, and other names as they are; None for nobody."""
    if name.strip().lower() in NOBODY:
        return None
    return joined([_one_owner(orchestrator, one) for one in parted(name)])


def _one_owner(orchestrator: AgentOrchestrator, name: str) -> str:
    try:
        return orchestrator.roles[name].id
    except UnknownName:
        return name


def _day(text: str) -> date | None:
    """A date in words, counted from today; None for none.

    Raises:
        UsageError: it is not one date.
    """
    words = " ".join(text.lower().split())
    if words in NO_DAY:
        return None
    for said in (text, f"end of {words}", f"in {words}"):  # as on the command line: "next week" is its end
        found = resolve_whole(said, today())
        if found is not None:
            return found
    remedy = "Write 2026-12-01, friday, next week, in two weeks, end of month, or none."
    raise UsageError(f"Can't read {text!r} as a date.", remedy)
