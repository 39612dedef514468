"""What happens in a meeting, for the script of its page."""

from starlette.responses import Response

from agents.api.pages.visit import Visit, not_found, page


@page
async def stream(visit: Visit) -> Response:
    """Not there yet."""
    del visit
    return not_found()
