"""Server-sent events: their lines, the comments that keep a connection open, and what wakes a stream."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

from starlette.responses import StreamingResponse

from agents.api.streaming import UNBUFFERED

COMMENT_SECONDS = 10.0
"""The longest silence of a stream: clients and proxies close a connection that is silent for longer."""

COMMENT = b": keep-alive\n\n"
EVENT_STREAM = "text/event-stream"


def sse(event: str, data: Any, number: str = "") -> bytes:
    """One event as bytes.

    Args:
        event: its name.
        data: its data, as JSON values.
        number: its id, with which a client continues; "" for none.
    """
    head = f"id: {number}\n" if number else ""
    return f"{head}event: {event}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode("utf-8", "replace")


def stream_of(pieces: AsyncIterator[bytes]) -> StreamingResponse:
    """Pieces of events as a response."""
    return StreamingResponse(pieces, media_type=EVENT_STREAM, headers=UNBUFFERED)


class Waking:
    """Wakes a stream when there is something to send, when a comment is due, and when the service ends.

    One task looks at the clock for a stream, so that waiting for the next piece costs next to nothing.

    Args:
        stopping: is set when the service is told to end.
    """

    def __init__(self, stopping: asyncio.Event) -> None:
        self.event = asyncio.Event()
        self._stopping = stopping
        self._task: asyncio.Task[None] | None = None
        self._due = False

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._watch())
        return self

    async def __aexit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _where: TracebackType | None
    ) -> None:
        if self._task:
            await ended(self._task)

    async def wait(self) -> bool:
        """Wait until something may have happened; True when a comment is due."""
        self._due = False
        await self.event.wait()
        self.event.clear()
        return self._due

    async def _watch(self) -> None:
        while not self._stopping.is_set():
            try:
                async with asyncio.timeout(COMMENT_SECONDS):
                    await self._stopping.wait()
            except TimeoutError:
                self._due = True
            self.event.set()


async def ended(*tasks: "asyncio.Future[Any]") -> None:
    """Cancel tasks, and wait until they have ended; what they raise is nobody's."""
    for task in tasks:
        task.cancel()
    for task in tasks:
        with suppress(asyncio.CancelledError, Exception):
            await task
