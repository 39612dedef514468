"""Where bodies of requests are read: a large one in a thread, so that others are answered meanwhile."""

import asyncio
from collections.abc import Callable
from typing import ParamSpec, TypeVar

SMALL_BYTES = 32_768
"""A body up to this size is read at once: to change threads would take longer."""

P = ParamSpec("P")
T = TypeVar("T")


async def in_time(size: int, read: Callable[P, T], *given: P.args, **named: P.kwargs) -> T:
    """The result of ``read``, which takes time in proportion to the size of a body in bytes.

    Example:
        data = await in_time(len(body), json.loads, body)
    """
    if size <= SMALL_BYTES:
        return read(*given, **named)
    return await asyncio.to_thread(read, *given, **named)
