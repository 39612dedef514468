"""The entries of minutes: what each rests on, and what people say about it."""

from starlette.responses import Response

from agents.api.pages.visit import Visit, not_found, page


@page
async def every(visit: Visit) -> Response:
    """Not there yet."""
    del visit
    return not_found()


@page
async def one(visit: Visit) -> Response:
    """Not there yet."""
    del visit
    return not_found()


@page
async def judge(visit: Visit) -> Response:
    """Not there yet."""
    del visit
    return not_found()
