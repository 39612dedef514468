"""The tools over standard input and output, for a program that starts this one. Only the protocol is written there."""

import asyncio
import os
import signal
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from mcp.server.stdio import stdio_server

from agents.api.mcp.protocol import Protocol
from agents.api.service import Service
from agents.orchestrator.background.owners import Owners
from agents.settings import Settings

PARK_SECONDS = 1.0
"""How long a turn may take to end: a client waits two seconds before it ends this process."""

PIECE = 1 << 16

ENDING = ("SIGINT", "SIGTERM", "SIGHUP")
"""The signals that end it; Windows has no SIGHUP."""


def serve(settings: Settings, notice: Callable[[str], None]) -> int:
    """Serve until the end of standard input or a signal; meetings that go on are parked, and can be resumed.

    Args:
        settings: of the one owner, whose histories are those of the command line.
        notice: is told what a slow start waits for.

    Returns:
        The number of the signal that ended it, or 0.

    Raises:
        StoreError: the histories cannot be opened.
        SpaceError: their folder cannot be written.
    """
    return asyncio.run(_serve(settings, notice))


async def _serve(settings: Settings, notice: Callable[[str], None]) -> int:
    owners = Owners(settings, notice, settings.api_queue)
    service = Service(settings, owners)
    protocol = Protocol(service, lambda _context: "")
    work = asyncio.create_task(_speak(protocol))
    with _signals(work.cancel) as ended_by:
        try:
            owners.get()  # what is wrong with the histories is said before a client asks
            await asyncio.wait({work})
        finally:
            service.stopping.set()
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)
            await protocol.close()
            await owners.close(PARK_SECONDS)
    if not work.cancelled():
        work.result()
    return ended_by[0] if ended_by else 0


async def _speak(protocol: Protocol) -> None:
    """Answer what comes on standard input, until it ends."""
    lines: Any = _Lines(asyncio.get_running_loop())  # the server only iterates over it
    try:
        async with stdio_server(stdin=lines) as (read, write):
            await protocol.server.run(read, write, protocol.server.create_initialization_options())
    except* BrokenPipeError:
        pass  # the client has gone


class _Lines:
    """The lines of standard input, read by a thread that nobody waits for, so that a signal can end the process.

    Args:
        loop: the loop that gets them.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._lines: asyncio.Queue[str] = asyncio.Queue()
        threading.Thread(target=self._read, name="standard input", daemon=True).start()

    def __aiter__(self) -> AsyncIterator[str]:
        return self

    async def __anext__(self) -> str:
        line = await self._lines.get()
        if not line:
            raise StopAsyncIteration
        return line

    def _read(self) -> None:
        left = b""
        with suppress(OSError, RuntimeError):  # it was closed, or the loop has ended
            while piece := os.read(0, PIECE):
                *lines, left = (left + piece).split(b"\n")
                for line in lines:
                    self._give(line)
            if left:
                self._give(left)
            self._loop.call_soon_threadsafe(self._lines.put_nowait, "")

    def _give(self, line: bytes) -> None:
        self._loop.call_soon_threadsafe(self._lines.put_nowait, line.decode("utf-8", "replace") + "\n")


@contextmanager
def _signals(end: Callable[[], object]) -> Iterator[list[int]]:
    """Call ``end`` in the loop after a signal that ends a process; yields the numbers of those that came."""
    loop, came = asyncio.get_running_loop(), list[int]()

    def receive(number: int, _frame: Any) -> None:
        came.append(number)
        loop.call_soon_threadsafe(end)

    numbers = [number for name in ENDING if (number := getattr(signal, name, None)) is not None]
    before = {number: signal.signal(number, receive) for number in numbers}
    try:
        yield came
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
