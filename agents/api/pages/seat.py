"""What a person says and answers in a meeting."""

from starlette.responses import Response

from agents.api.pages.visit import Visit, not_found, page


@page
async def say(visit: Visit) -> Response:
    """Not there yet."""
    del visit
    return not_found()


@page
async def answer(visit: Visit) -> Response:
    """Not there yet."""
    del visit
    return not_found()


@page
async def stop(visit: Visit) -> Response:
    """Not there yet."""
    del visit
    return not_found()
