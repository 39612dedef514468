"""Answers that are being made, or were made a short while ago: each has any number of readers, and is made once."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from secrets import token_hex

from agents.api.openai.deltas import Delta, End
from agents.errors import OrchestratorError
from agents.log import SILENT, Log

KEPT_SECONDS = 600.0
"""How long an answer is kept after its end, for a program whose connection was cut."""
MOST_KEPT = 128
"""How many answers are kept at most after their end; the oldest is forgotten first."""
MOST_LETTERS = 8_000_000
"""How many letters the answers that are kept may have together."""
LEFT_SECONDS = 60.0
"""How long nobody may read an answer before ``Run.on_left`` is told."""

Emit = Callable[[Delta], None]
"""Adds a piece to an answer."""
Make = Callable[[Emit], Awaitable[End]]
"""Makes an answer: adds its pieces, and returns how it ended."""


class Run:
    """One answer. Making it starts at once, and goes on when its readers have gone.

    Args:
        model: the name of the model, as the program wrote it.
        make: makes it.
        now: says in a few words what happens at the moment, or "".
        on_left: is called when nobody has read it for ``LEFT_SECONDS`` before its end; None for nothing to do.
        meanwhile: what a program is told that waits for the whole answer and can wait no longer; None if it waits.
        about: id of the meeting that it follows, or "".
        log: is told of a fault of ours.

    Attributes:
        id: its name, without the prefix of any form.
        created: when it began, in seconds since 1970.
        end: how it ended; None before.
        delivered: whether a reader received all of it.
    """

    def __init__(
        self,
        model: str,
        make: Make,
        *,
        now: Callable[[], str] = lambda: "",
        on_left: Callable[[], Awaitable[None]] | None = None,
        meanwhile: Callable[[], str] | None = None,
        about: str = "",
        log: Log = SILENT,
    ) -> None:
        self.id = token_hex(12)
        self.created = int(time.time())
        self.model = model
        self.now = now
        self.meanwhile = meanwhile
        self.about = about
        self.end: End | None = None
        self.ended_at = 0.0
        self.delivered = False
        self.letters = 0
        self._deltas: list[Delta] = []
        self._status = Delta()
        self._news = asyncio.Event()
        self._readers = 0
        self._excused = False
        self._on_left = on_left
        self._leaving: asyncio.Task[None] | None = None
        self._log = log
        self._task = asyncio.create_task(self._make(make), name=f"answer {self.id}")

    @property
    def readers(self) -> int:
        """How many read it now."""
        return self._readers

    @property
    def content(self) -> str:
        """The words so far."""
        return "".join(delta.content for delta in self._deltas)

    @property
    def reasoning(self) -> str:
        """The remarks so far, without those that only say what happens."""
        return "".join(delta.reasoning for delta in self._deltas)

    def whole(self) -> Delta:
        """All pieces so far as one."""
        citations = tuple(one for delta in self._deltas for one in delta.citations)
        return Delta(self.content, self.reasoning, "", citations)

    async def read(self) -> AsyncGenerator[Delta, None]:
        """All pieces from the first one, then those that follow, until the end; of what happens only the latest. Words
        that are there already come as one piece.
        """
        position, shown = 0, Delta()
        while True:
            news = self._news
            while position < len(self._deltas):
                first, position = self._deltas[position], position + 1
                words = [first.content]
                while first.is_plain and position < len(self._deltas) and self._deltas[position].is_plain:
                    words.append(self._deltas[position].content)
                    position += 1
                yield Delta("".join(words)) if len(words) > 1 else first
            if self.end is not None:
                return
            if self._status is not shown:
                shown = self._status
                yield shown
                continue
            await news.wait()

    async def finished(self) -> End:
        """Wait until it has ended."""
        while self.end is None:
            await self._news.wait()
        return self.end

    @contextmanager
    def reader(self) -> Iterator[None]:
        """Count a reader, for as long as the block lasts."""
        self._readers += 1
        self._excused = False
        if self._leaving is not None:
            self._leaving.cancel()
            self._leaving = None
        try:
            yield
        finally:
            self._readers -= 1
            if not self._readers and self.end is None and self._on_left is not None and not self._excused:
                self._leaving = asyncio.create_task(self._left(self._on_left))

    def goes_on(self) -> None:
        """Do not miss the reader that leaves next: it was told to ask again."""
        self._excused = True

    def cancel(self) -> None:
        """End it at once."""
        self._task.cancel()

    async def _left(self, tell: Callable[[], Awaitable[None]]) -> None:
        await asyncio.sleep(LEFT_SECONDS)
        if not self._readers and self.end is None:
            await tell()

    def _emit(self, delta: Delta) -> None:
        if delta.status and not delta.content and not delta.citations:
            self._status = delta
        else:
            self._deltas.append(delta)
            self.letters += len(delta.content) + len(delta.reasoning)
        self._tell()

    def _tell(self) -> None:
        self._news.set()
        self._news = asyncio.Event()

    async def _make(self, make: Make) -> None:
        end = End(error=RuntimeError("stopped before its end"))
        try:
            end = await make(self._emit)
        except OrchestratorError as error:
            end = End(error=error)
        except Exception as error:  # noqa: BLE001 - a fault of ours must not leave a reader waiting
            self._log.line("ERROR", "answer failed", model=self.model, error=repr(error)[:200])
            end = End(error=error)
        finally:
            self.end, self.ended_at = end, time.monotonic()
            self._tell()


def told(words: str) -> Make:
    """Makes an answer of words that are known already."""

    async def make(emit: Emit) -> End:
        emit(Delta(content=words))
        return End()

    return make


class Runs:
    """The answers of one owner, by the keys of their requests."""

    def __init__(self) -> None:
        self._runs: OrderedDict[str, Run] = OrderedDict()

    def find(self, key: str) -> Run | None:
        """The answer to the request with this key, while it is made and for some time afterwards."""
        self._forget()
        return self._runs.get(key)

    def keep(self, keys: Iterable[str], run: Run) -> Run:
        """Keep an answer under the keys of its request."""
        for key in filter(None, keys):
            self._runs.pop(key, None)
            self._runs[key] = run
        self._forget()
        return run

    def running(self) -> list[Run]:
        """The answers that are being made."""
        return [run for run in dict.fromkeys(self._runs.values()) if run.end is None]

    def _forget(self) -> None:
        """Forget what ended too long ago, and the oldest ends of too many."""
        old = time.monotonic() - KEPT_SECONDS
        ended = sorted({run for run in self._runs.values() if run.end is not None}, key=lambda run: -run.ended_at)
        letters, kept = 0, set[Run]()
        for run in ended[:MOST_KEPT]:
            letters += run.letters
            if run.ended_at >= old and letters <= MOST_LETTERS:
                kept.add(run)
        for key, run in [*self._runs.items()]:
            if run.end is not None and run not in kept:
                del self._runs[key]
