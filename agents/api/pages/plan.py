"""A meeting before it begins: who takes part, what it costs, and what will not be shown."""

from starlette.responses import Response

from agents.api.pages import shell
from agents.api.pages.visit import Visit, not_found, page
from agents.export.html_tags import tag
from agents.orchestrator.background.held import MeetingState


def page_of(visit: Visit, state: MeetingState) -> Response:
    """The plan of a meeting that has not begun."""
    del visit
    return shell.page(state.title, tag("h1", state.title))


@page
async def begin(visit: Visit) -> Response:
    """Not there yet."""
    del visit
    return not_found()


@page
async def seats(visit: Visit) -> Response:
    """Not there yet."""
    del visit
    return not_found()


@page
async def cancel(visit: Visit) -> Response:
    """Not there yet."""
    del visit
    return not_found()


@page
async def delete(visit: Visit) -> Response:
    """Not there yet."""
    del visit
    return not_found()


@page
async def fork(visit: Visit) -> Response:
    """Not there yet."""
    del visit
    return not_found()
