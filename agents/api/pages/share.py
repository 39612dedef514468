"""Minutes as one file to pass on."""

from starlette.responses import Response

from agents.api.pages.visit import Visit, not_found, page


@page
async def file(visit: Visit) -> Response:
    """Not there yet."""
    del visit
    return not_found()
