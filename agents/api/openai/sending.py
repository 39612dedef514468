"""Sends an answer in any form: as it comes, or in one piece to a program that waits for all of it."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from agents.api.openai.deltas import Delta, End
from agents.api.openai.pacing import Ended, paced
from agents.api.openai.runs import Run
from agents.api.streaming import UNBUFFERED, gone

if TYPE_CHECKING:
    from agents.api.service import Service

HOLD_SECONDS = 540.0
"""How long a program that wants a whole answer is kept waiting for a meeting: less than the usual 600 s after which it
would send its request again.
"""
STREAM_HEADERS = {"Content-Type": "text/event-stream; charset=utf-8", **UNBUFFERED}
"""The headers of a stream."""


class Form(Protocol):
    """How an answer is written for one kind of program."""

    def begin(self) -> Iterable[bytes]:
        """What is sent before anything is known."""
        ...

    def piece(self, delta: Delta) -> bytes:
        """A piece of the answer."""
        ...

    def silence(self) -> bytes:
        """What keeps the connection open while nothing happens."""
        ...

    def end(self, end: End) -> Iterable[bytes]:
        """What is sent at the end, also after an error."""
        ...

    def stopped(self) -> bytes:
        """What is sent when the service ends before the answer."""
        ...


class Sent(Response):
    """An answer as it comes, until its end or until its reader has gone.

    Args:
        run: the answer.
        form: how it is written.
        service: the service.
        headers: the headers of the answer.
    """

    def __init__(self, run: Run, form: Form, service: "Service", headers: Mapping[str, str]) -> None:
        super().__init__(headers=dict(headers))
        del self.headers["content-length"]
        self._run = run
        self._form = form
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        del scope
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        with self._run.reader(), watched(self._service, receive) as ends:
            try:
                async for piece in self._pieces(*ends):
                    await send({"type": "http.response.body", "body": piece, "more_body": True})
                self._run.delivered = self._run.delivered or not ends[0].done()
            except Ended:
                if ends[1].done():
                    await send({"type": "http.response.body", "body": self._form.stopped(), "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _pieces(self, *ends: "asyncio.Task[None]") -> AsyncIterator[bytes]:
        for line in self._form.begin():
            yield line
        async for delta in paced(self._run, *ends):
            yield self._form.silence() if delta is None else self._form.piece(delta)
        for line in self._form.end(self._run.end or End()):
            yield line


class Left(Exception):
    """There is nobody to read an answer, or the service ends before it.

    Args:
        stopping: whether the service ends.
    """

    def __init__(self, *, stopping: bool) -> None:
        super().__init__(stopping)
        self.stopping = stopping


async def waited_for(run: Run, service: "Service", receive: Receive) -> tuple[Delta, End]:
    """A whole answer and how it ended. A program that has waited for a meeting as long as it can is told how to ask
    again.

    Raises:
        Left: the program has gone, or the service ends.
    """
    finished = asyncio.create_task(_finished(run))
    with run.reader(), watched(service, receive) as (left, ends):
        limit = HOLD_SECONDS if run.meanwhile else None
        await asyncio.wait({finished, left, ends}, timeout=limit, return_when=asyncio.FIRST_COMPLETED)
        finished.cancel()
        if run.end is not None:
            run.delivered = run.delivered or not left.done()
            return run.whole(), run.end
        if ends.done() or left.done() or run.meanwhile is None:
            raise Left(stopping=ends.done())
        run.goes_on()
        return Delta(run.meanwhile()), End()


@contextmanager
def watched(service: "Service", receive: Receive) -> Iterator[tuple["asyncio.Task[None]", "asyncio.Task[None]"]]:
    """Two tasks for as long as the block lasts: one ends when the program has gone, one when the service has to end."""
    left, ends = asyncio.create_task(gone(receive)), asyncio.create_task(_set(service.stopping))
    try:
        yield left, ends
    finally:
        left.cancel()
        ends.cancel()


async def _set(event: asyncio.Event) -> None:
    await event.wait()


async def _finished(run: Run) -> None:
    await run.finished()
