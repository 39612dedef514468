"""A meeting: its plan before it begins, its floor while it is held, and its minutes afterwards."""

from starlette.responses import Response

from agents.api.pages.live import page as live
from agents.api.pages.reading import page as reading
from agents.api.pages.start import plan
from agents.api.pages.stored import stored
from agents.api.pages.visit import Visit, page
from agents.orchestrator.background.held import ENDED


@page
async def meeting(visit: Visit) -> Response:
    """A meeting as it is now."""
    found = visit.meeting()
    state = visit.owner.meetings.state(found)
    never_began = not state.turns and not visit.owner.orchestrator.meetings.journal(found).events()
    if state.status == "created" or (state.status in ENDED and never_began):
        return await plan.page_of(visit, state)
    if state.status in ENDED:
        return await reading.page_of(visit, await stored(visit, found), state)
    return live.page_of(visit, state)


@page
async def minutes(visit: Visit) -> Response:
    """The minutes of a meeting, as far as it got."""
    found = visit.meeting()
    return await reading.page_of(visit, await stored(visit, found), visit.owner.meetings.state(found))
