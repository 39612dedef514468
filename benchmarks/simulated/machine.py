"""The machine of the server: slots with their caches, and a clock that goes from one event to the next."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.ollama_double.cache import Slot, Slots

GRACE = 0.05
"""Real seconds that a client has to use an idle slot before virtual time continues without it."""

BATCH = 1024
"""The prompt tokens in one batch; while it is evaluated, each other slot generates one token (as in llama-server)."""


@dataclass(frozen=True, slots=True)
class Costs:
    """The costs of the work.

    Attributes:
        reads: prompt tokens evaluated per second by all slots together.
        writes: tokens generated per second by a single slot.
        gains: pairs of a number of slots that generate at the same time, and the factor for all of them together.
    """

    reads: float = 60.0
    writes: float = 12.0
    gains: tuple[tuple[int, float], ...] = ((1, 1.0), (2, 1.15), (4, 1.4), (8, 1.7))

    def written_by(self, writers: int) -> float:
        """Tokens per second of all writers together, with linear interpolation between the measured points."""
        before = self.gains[0]
        for point in self.gains:
            if point[0] >= writers:
                span = point[0] - before[0]
                part = (writers - before[0]) / span if span else 0.0
                return self.writes * (before[1] + part * (point[1] - before[1]))
            before = point
        return self.writes * before[1]


@dataclass(slots=True)
class Job:
    """One request.

    Attributes:
        prompt, answer: the tokens to evaluate and to generate.
        head: the number of prompt tokens before the last message.
        connection: the number of its connection.
        arrived: real time, on the performance counter.
        idle: real seconds that a free slot waited for it; None if it had to wait in the queue.
        slot: its slot.
        evaluated: tokens that were not in a cache.
        began, ended: virtual seconds.
    """

    prompt: list[str]
    answer: list[str]
    head: int
    connection: int
    arrived: float = field(default_factory=time.perf_counter)
    idle: float | None = None
    slot: Slot | None = None
    evaluated: int = 0
    to_read: float = 0.0
    to_write: float = 0.0
    began: float = 0.0
    ended: float = 0.0
    over: asyncio.Event = field(default_factory=asyncio.Event)
    sent: asyncio.Event = field(default_factory=asyncio.Event)


class Machine:
    """Runs jobs.

    Args:
        slots: the number of jobs at the same time.
        cache_tokens: the size of the prompt cache in main memory; 0 for none.
        costs: the costs of the work.

    Attributes:
        now: virtual seconds.
        done: the finished jobs.
        busy: slot-seconds of work, virtual.
        lost: slot-seconds that a free slot waited for a request that then came.
    """

    def __init__(self, slots: int, cache_tokens: int, costs: Costs) -> None:
        self.slots = Slots(slots, cache_tokens)
        self.costs = costs
        self.now = self.busy = self.lost = 0.0
        self.done: list[Job] = []
        self._queue: list[Job] = []
        self._active: list[Job] = []
        self._new = asyncio.Event()
        self._released: float | None = None
        self._credited = 0.0

    def submit(self, job: Job) -> None:
        """Add a job; its ``over`` is set when it is finished."""
        self._queue.append(job)
        self._new.set()

    async def run(self) -> None:
        """Work until cancelled."""
        while True:
            self._place()
            if not self._active:
                await self._new.wait()
                self._new.clear()
                continue
            if self.slots.free() and await self._arrival():
                continue
            await self._step()

    async def _arrival(self) -> bool:
        """Whether a client uses a free slot in time."""
        try:
            async with asyncio.timeout(GRACE):
                await self._new.wait()
        except TimeoutError:
            return False
        self._new.clear()
        return True

    def _place(self) -> None:
        while self._queue and self.slots.free():
            job = self._queue.pop(0)
            if self._released is not None and job.arrived > self._released:
                job.idle = job.arrived - self._released
                self.lost += job.idle
                self._pass(max(0.0, job.idle - self._credited))
                self._credited = max(self._credited, job.idle)
            job.slot, job.evaluated = self.slots.take(job.prompt)
            job.to_read, job.to_write, job.began = float(job.evaluated), float(len(job.answer)), self.now
            self._active.append(job)

    def _rates(self) -> list[float]:
        """Tokens per second of each active job in its present stage."""
        reading = sum(job.to_read > 0 for job in self._active)
        writers = len(self._active) - reading
        each = self.costs.written_by(writers) / writers if writers else 0.0
        if reading:
            each = min(each, self.costs.reads / BATCH)
        return [self.costs.reads / reading if job.to_read > 0 else each for job in self._active]

    def _next(self) -> float:
        """Virtual seconds until a job changes its stage."""
        rates = zip(self._active, self._rates(), strict=True)
        return min((job.to_read if job.to_read > 0 else job.to_write) / rate for job, rate in rates)

    def _pass(self, seconds: float) -> None:
        """Let virtual time pass, at most until the speeds change."""
        if self._active:
            seconds = min(seconds, self._next())
        for job, rate in zip(self._active, self._rates(), strict=True):
            if job.to_read > 0:
                job.to_read -= rate * seconds
                if job.to_read < 1e-9:
                    job.to_read = 0.0
            else:
                job.to_write -= rate * seconds
        self.busy += seconds * len(self._active)
        self.now += seconds

    async def _step(self) -> None:
        self._pass(self._next())
        for job in [job for job in self._active if job.to_read <= 0 and job.to_write < 1e-6]:
            self._active.remove(job)
            job.ended = self.now
            if job.slot is not None:
                self.slots.give_back(job.slot, [*job.prompt, *job.answer])
            self.done.append(job)
            job.over.set()
            await job.sent.wait()
            self._released, self._credited = time.perf_counter(), 0.0


def least(jobs: Sequence[Job], slots: int = 1) -> int:
    """The smallest number of evaluated prompt tokens for these calls in the order brief, discussion, card and question.

    It counts each token of each last message, and each token before it once for each slot: the formula of layout B with
    the lengths of this meeting.
    """
    tree: dict[str, Any] = {}
    shared = 0
    for job in jobs:
        node = tree
        for token in job.prompt[: job.head]:
            node = node.setdefault(token, {})
            node[""] = node.get("", 0) + 1  # the number of calls with this beginning
            shared += node[""] <= slots
    return sum(len(job.prompt) - job.head for job in jobs) + shared
