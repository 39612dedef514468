"""Keeps a stream alive: something is sent at least every few seconds, however long a model is silent."""

import asyncio
import time
from collections.abc import AsyncIterator, Collection
from contextlib import suppress

from agents.api.openai.deltas import Delta
from agents.api.openai.runs import Run

COMMENT_SECONDS = 8.0
"""After how long a silence a comment is sent: connections are cut after 20 s, and by some proxies earlier."""
CHUNK_SECONDS = 14.0
"""After how long without a piece a real one is sent: some programs do not count comments."""

GATHER_SECONDS = 0.05
"""For how long after a piece the next words are gathered: what a model writes word by word costs less in larger pieces,
and nobody sees the difference.
"""


class Ended(Exception):
    """A stream cannot go on: its reader has gone, or the service was told to end."""


async def paced(run: Run, *ends: "asyncio.Task[None]") -> AsyncIterator[Delta | None]:
    """The pieces of an answer as they come; between them, None where a comment has to be sent, and a piece that says
    what happens where a real one has to be.

    Args:
        run: the answer.
        ends: tasks that end when the stream cannot go on.

    Raises:
        Ended: one of them has ended.
    """
    pieces = run.read()
    sent = said = time.monotonic()
    task: asyncio.Task[Delta | None] | None = None
    try:
        while True:
            task = task or asyncio.create_task(_next(pieces))
            wait = max(0.0, min(sent + COMMENT_SECONDS, said + CHUNK_SECONDS) - time.monotonic())
            await asyncio.wait({task, *ends}, timeout=wait, return_when=asyncio.FIRST_COMPLETED)
            if any(end.done() for end in ends):
                raise Ended
            if task.done():
                delta, task = task.result(), None
                if delta is None:
                    return
                sent = said = time.monotonic()
                yield delta
                if delta.is_plain and not run.about:  # statements of a meeting are whole
                    await _pause(sent + GATHER_SECONDS - time.monotonic(), ends)
            elif time.monotonic() >= said + CHUNK_SECONDS:
                sent = said = time.monotonic()
                yield Delta(status=run.now())
            elif time.monotonic() >= sent + COMMENT_SECONDS:
                sent = time.monotonic()
                yield None
    finally:
        if task is not None:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        await pieces.aclose()


async def _pause(seconds: float, ends: Collection["asyncio.Task[None]"]) -> None:
    """Wait, but not beyond an end."""
    if seconds <= 0:
        return
    if ends:
        await asyncio.wait(ends, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    else:
        await asyncio.sleep(seconds)


async def _next(pieces: AsyncIterator[Delta]) -> Delta | None:
    return await anext(pieces, None)
