"""Search in everything that was said, and in the actions."""

from starlette.responses import Response

from agents.api.pages.visit import Visit, not_found, page


@page
async def search(visit: Visit) -> Response:
    """Not there yet."""
    del visit
    return not_found()
