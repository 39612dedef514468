"""``/api/actions``: the register of actions that meetings agreed on, or that people took on."""

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Query, Response, status

from agents.api.native.faults import Responses, documented
from agents.api.native.forms import Assigned, Done, Due, Proposed, Signed
from agents.api.native.owned import Limit, Mine, Offset
from agents.api.native.shapes import ActionLine, ActionPage
from agents.orchestrator.action_search import find_actions, owner_ids
from agents.orchestrator.action_values import action_values, history_values
from agents.orchestrator.proposals import atake_on
from agents.orchestrator.said_times import due_day

if TYPE_CHECKING:
    from agents.store.actions import ActionRow

router = APIRouter(tags=["actions"])

Text = Annotated[str | None, Query(max_length=200)]
_THERE: Responses = {200: {"model": ActionLine, "description": "It was in the register already, and stays as it is."}}


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
    rows = find_actions(
        mine.orchestrator,
        owner=owner or "",
        open_only=open_only,
        overdue=overdue,
        meeting=meeting or "",
        series=series or "",
    )
    return action_values(mine.orchestrator.meetings, rows[offset : offset + limit])


@router.post(
    "/actions",
    response_model=ActionLine,
    status_code=201,
    responses={**_THERE, **documented(409)},
)
async def take_action_on(mine: Mine, proposed: Proposed, response: Response) -> Any:
    """Take on an action that minutes propose and their meeting did not agree on; the minutes stay as they are."""
    taken = await atake_on(
        mine.orchestrator, proposed.meeting, proposed.entry, owner=proposed.owner, due=proposed.due, by=proposed.by
    )
    if not taken.new:
        response.status_code = status.HTTP_200_OK
    return _line(mine, taken.row)


@router.get("/actions/{action}", response_model=ActionPage)
async def show_action(mine: Mine, action: str) -> Any:
    """One action: its evidence and its history."""
    row = mine.orchestrator.actions.get(action)
    return {**_line(mine, row), "history": history_values(mine.orchestrator.actions.changes(row.id))}


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
    owner = owner_ids(mine.orchestrator.roles, assigned.owner)
    return _line(mine, mine.orchestrator.actions.assign(action, owner, who=assigned.by))


@router.post("/actions/{action}/due", response_model=ActionLine)
async def date_action(mine: Mine, action: str, due: Due) -> Any:
    """Set the due date of an action."""
    return _line(mine, mine.orchestrator.actions.set_due(action, due_day(due.due), who=due.by))


def _line(mine: Mine, row: "ActionRow") -> dict[str, Any]:
    return action_values(mine.orchestrator.meetings, [row])[0]
