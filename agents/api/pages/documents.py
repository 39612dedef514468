"""A document of a meeting, with who cites which line."""

from starlette.responses import Response

from agents.api.pages.visit import Visit, not_found, page


@page
async def document(visit: Visit) -> Response:
    """Not there yet."""
    del visit
    return not_found()
