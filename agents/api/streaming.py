"""What answers that are sent as they come have in common: headers for proxies, and clients that leave."""

from starlette.types import Receive

GONE = "http.disconnect"
"""What a server says when a program has closed its connection."""

NOBODY = 499
"""The status of an answer that nobody is there to read."""

UNBUFFERED = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
"""A proxy may neither keep the pieces of an answer nor collect them."""


async def gone(receive: Receive) -> None:
    """Wait until the program that asked has closed its connection.

    Args:
        receive: gives the messages of the server.

    Example:
        await gone(request.receive)
    """
    while (await receive())["type"] != GONE:
        pass
