"""One call of a tool: whose it is, how it waits, and how it says that it goes on."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, TypeVar

from pydantic import BaseModel

from agents.api.mcp.shapes import MOST_WAIT
from agents.api.service import Service
from agents.orchestrator.background.owners import Owner

BEAT_SECONDS = 8.0
"""The most seconds between two notifications of progress; clients that count them wait for 10 or more."""

KEPT_SECONDS = 1800.0
"""How long an answer is kept that no caller has got, because its client gave up waiting."""

T = TypeVar("T")
Progress = Callable[[float, float | None, str], Awaitable[None]]


class Runs:
    """Questions that are being answered: one that is asked again, because its client gave up, is not asked twice."""

    def __init__(self) -> None:
        self._tasks: dict[str, tuple[asyncio.Task[Any], float]] = {}

    def task(self, key: str, start: Callable[[], Coroutine[Any, Any, T]]) -> "asyncio.Task[T]":
        """The task of this question: one that is under way or whose answer nobody has got yet, else a new one."""
        old = time.monotonic() - KEPT_SECONDS
        self._tasks = {name: kept for name, kept in self._tasks.items() if not kept[0].done() or kept[1] > old}
        if key not in self._tasks:
            self._tasks[key] = (asyncio.create_task(start()), time.monotonic())
        return self._tasks[key][0]

    def given(self, key: str) -> None:
        """Say that a caller has got the answer: the same question is asked anew from now on."""
        self._tasks.pop(key, None)

    async def close(self) -> None:
        """Give up all questions."""
        tasks = [task for task, _ in self._tasks.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._tasks.clear()


@dataclass(slots=True)
class Call:
    """One call of a tool.

    Attributes:
        service: the running service.
        owner: whose histories it works with.
        runs: the questions that are being answered.
        progress: sends progress to the client: how far, of how much, in words.
        hears: whether the client wants progress, so that a long call does not look dead.
    """

    service: Service
    owner: Owner
    runs: Runs
    progress: Progress
    hears: bool
    _begun: float = field(default_factory=time.monotonic)
    _far: float = 0.0

    @property
    def is_over(self) -> bool:
        """Whether the call has to answer now: the service ends, or the client would give up soon."""
        late = not self.hears and time.monotonic() - self._begun >= MOST_WAIT - 1
        return late or self.service.stopping.is_set()

    async def within(self, work: Awaitable[T], seconds: float) -> T | None:
        """The result of some work; None if it takes longer, and at once when the service ends. The work is given up
        then, unless it is shielded.
        """
        task = asyncio.ensure_future(work)
        stop = asyncio.ensure_future(self.service.stopping.wait())
        try:
            await asyncio.wait({task, stop}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
            return task.result() if task.done() else None
        finally:
            stop.cancel()
            task.cancel()
            await asyncio.gather(stop, task, return_exceptions=True)

    async def tell(self, done: float, total: float | None, words: str) -> None:
        """Send progress; each number is larger than the one before, as the protocol wants."""
        self._far = max(done, self._far + 0.01)
        await self.progress(self._far, max(total, self._far) if total else None, words)

    async def answered(self, name: str, given: BaseModel, start: Callable[[], Coroutine[Any, Any, T]]) -> T | None:
        """The answer to a question that is asked only once, however often the call is repeated; None if it takes
        longer than the client may wait.
        """
        key = key_of(f"{name} {self.owner.name}", given)
        task = self.runs.task(key, start)
        while not task.done():
            await self.within(asyncio.shield(_settled(task)), BEAT_SECONDS)
            if not task.done():
                if self.is_over:
                    return None
                await self.tell(0, None, "The model is answering.")
        self.runs.given(key)
        return task.result()


async def _settled(task: "asyncio.Task[Any]") -> None:
    """Wait until a task has ended, however it ends."""
    await asyncio.wait({task})


def key_of(name: str, given: BaseModel) -> str:
    """A name for a call with these arguments: the same for the same ones, and never for others."""
    return sha256(f"{name} {given.model_dump_json()}".encode("utf-8", "surrogatepass")).hexdigest()
