"""The board of actions of all meetings."""

from starlette.responses import Response

from agents.api.pages.visit import Visit, not_found, page


@page
async def board(visit: Visit) -> Response:
    """Not there yet."""
    del visit
    return not_found()


@page
async def one(visit: Visit) -> Response:
    """Not there yet."""
    del visit
    return not_found()


@page
async def change(visit: Visit) -> Response:
    """Not there yet."""
    del visit
    return not_found()
