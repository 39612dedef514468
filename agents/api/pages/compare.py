"""Two meetings side by side."""

from starlette.responses import Response

from agents.api.pages.visit import Visit, not_found, page


@page
async def compare(visit: Visit) -> Response:
    """Not there yet."""
    del visit
    return not_found()
