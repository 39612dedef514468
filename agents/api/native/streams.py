"""Answers that are streamed as server-sent events."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from fastapi import Request
from fastapi.responses import Response

from agents.api.event_stream import COMMENT, EVENT_STREAM, Waking, ended, sse, stream_of
from agents.api.native.faults import Responses, as_fault
from agents.api.streaming import NOBODY, gone
from agents.errors import OrchestratorError

if TYPE_CHECKING:
    from agents.api.service import Service

EARLY_SECONDS = 1.0
"""How long an answer may fail with an HTTP status of its own; after that the stream begins, and the error is in it."""

PAUSE_SECONDS = 0.05
"""The shortest time between two pieces of an answer: what comes earlier is sent together, which costs one write."""

_EVENT = {
    "type": "object",
    "description": "Server-sent events; the data of each is a JSON object.",
    "properties": {
        "id": {"type": "string"},
        "event": {"type": "string"},
        "data": {"type": "string", "contentMediaType": "application/json"},
    },
}
STREAM: Responses = {200: {"content": {EVENT_STREAM: {"schema": _EVENT}}}}
"""How a path declares that it can answer with events."""

Tell = Callable[[str, Any], None]
"""Sends an event to the client: its name, and its data as JSON values."""
Work = Callable[[Tell], Awaitable[Any]]
"""Does the work of a request and returns its result."""


def noting(tell: Tell, notes: list[str]) -> Callable[[str], None]:
    """What keeps a remark, and sends it to who reads a stream.

    Args:
        tell: sends an event.
        notes: where remarks are kept.
    """

    def note(text: str) -> None:
        notes.append(text)
        tell("note", {"text": text})

    return note


async def answered(request: Request, work: Work, *, stream: bool) -> Any:
    """The result of a work, or the stream of its events with the result in the last one, ``done``. A client that goes
    away ends the work.

    Args:
        request: the request.
        work: the work.
        stream: whether the client wants events.

    Raises:
        OrchestratorError: the work failed, before a stream began.
    """
    if not stream:
        return await _unless_gone(request, asyncio.ensure_future(work(lambda _event, _data: None)))
    service: Service = request.app.state.service
    said: list[bytes] = []
    waking = Waking(service.stopping)

    def tell(event: str, data: Any) -> None:
        said.append(sse(event, data))
        waking.event.set()

    task = asyncio.ensure_future(work(tell))
    task.add_done_callback(lambda _task: waking.event.set())
    try:
        with suppress(TimeoutError):
            async with asyncio.timeout(EARLY_SECONDS):
                await waking.event.wait()
        if task.done() and not said:
            task.result()
    except BaseException:
        await ended(task)
        raise
    return stream_of(_events(request, task, said, waking))


async def _unless_gone(request: Request, task: "asyncio.Future[Any]") -> Any:
    """The result of a task; it is cancelled when the client closes the connection."""
    left = asyncio.ensure_future(gone(request.receive))
    try:
        await asyncio.wait({task, left}, return_when=asyncio.FIRST_COMPLETED)
        return task.result() if task.done() else Response(status_code=NOBODY)
    finally:
        await ended(task, left)


async def _events(
    request: Request, task: "asyncio.Future[Any]", said: list[bytes], waking: Waking
) -> AsyncGenerator[bytes]:
    """The events of a work as they come, and its result or error as the last one."""
    service: Service = request.app.state.service
    try:
        async with waking:
            while True:
                if said:
                    pieces = b"".join(said)
                    said.clear()
                    yield pieces
                    await asyncio.sleep(0 if task.done() else PAUSE_SECONDS)
                elif task.done():
                    yield _last(request, task)
                    return
                elif service.stopping.is_set():
                    yield sse("error", {"error": "The service ends.", "remedy": "Ask again in a moment."})
                    return
                elif await waking.wait():
                    yield COMMENT
    finally:
        await ended(task)


def _last(request: Request, task: "asyncio.Future[Any]") -> bytes:
    try:
        return sse("done", task.result())
    except OrchestratorError as error:
        return sse("error", as_fault(request, error))
