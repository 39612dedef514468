"""A meeting: its plan before it begins, its floor while it is held, and its minutes afterwards."""

from starlette.responses import Response

from agents.api.pages import live, plan, reading
from agents.api.pages.stored import stored
from agents.api.pages.visit import Visit, page
from agents.orchestrator.background.held import ENDED, GOING_ON


@page
async def meeting(visit: Visit) -> Response:
    """A meeting as it is now."""
    found = visit.meeting()
    state = visit.owner.meetings.state(found)
    if state.status in ENDED:
        return await reading.page_of(visit, await stored(visit, found), state)
    if state.status in GOING_ON or state.turns or state.status == "interrupted":
        return live.page_of(visit, state)
    return plan.page_of(visit, state)


@page
async def minutes(visit: Visit) -> Response:
    """The minutes of a meeting, as far as it got."""
    found = visit.meeting()
    return await reading.page_of(visit, await stored(visit, found), visit.owner.meetings.state(found))
