"""The form that begins a meeting."""

from starlette.responses import Response

from agents.api.pages.visit import Visit, not_found, page


@page
async def form(visit: Visit) -> Response:
    """Not there yet."""
    del visit
    return not_found()


@page
async def create(visit: Visit) -> Response:
    """Not there yet."""
    del visit
    return not_found()
