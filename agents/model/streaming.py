"""One call to a model that streams its answer: slot, timeouts, safe retries, loops, and measurements.

A provider adds how to stream one attempt, and what its errors mean.
"""

import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from agents.errors import ModelError, OrchestratorError
from agents.model import OnText
from agents.model.loops import Loops, first_time
from agents.model.odds import Candidates
from agents.model.reply_text import Thoughts
from agents.settings import Settings

if TYPE_CHECKING:
    import asyncio


@dataclass(frozen=True, slots=True)
class Pauses:
    """Seconds to wait before a call is repeated.

    Attributes:
        busy: before each further call to a server that is busy; after the last one it is given up.
        failed: before a call whose connection failed is repeated.
    """

    busy: tuple[float, ...] = (0.5, 1.0, 2.0)
    failed: float = 0.2


PAUSES = Pauses()
"""The usual pauses."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the server's answer. Without text, it only shows that the server works.

    Attributes:
        text: a piece of the answer.
        ended: "stop", "length" or "loop" for the last piece of the answer, else "".
        prompt_tokens, evaluated_tokens, reply_tokens: the server's counts, once known; the second is the number of
            prompt tokens that were not in its cache, None if it does not say.
        load_seconds, prompt_seconds, reply_seconds: the server's own times, once known.
        candidates: the tokens that could have stood at the start of this piece; none if the server does not say.
    """

    text: str = ""
    ended: str = ""
    prompt_tokens: int = 0
    evaluated_tokens: int | None = None
    reply_tokens: int = 0
    load_seconds: float = 0.0
    prompt_seconds: float = 0.0
    reply_seconds: float = 0.0
    candidates: Candidates = ()


@dataclass(frozen=True, slots=True)
class Failure:
    """The meaning of an error.

    Attributes:
        error: the error to raise.
        again: whether the call may be repeated: "no", "once", "busy" (a few times, with pauses), or "changed"
            (immediately, because the next request will be different).
    """

    error: OrchestratorError
    again: Literal["no", "once", "busy", "changed"] = "no"


class TimedOut(Exception):
    """The model took too long.

    Attributes:
        clock: the limit that was exceeded: "first" (word), "stall" (within the answer) or "turn" (whole answer).
        seconds: the limit.
    """

    def __init__(self, clock: Literal["first", "stall", "turn"], seconds: float) -> None:
        super().__init__(clock)
        self.clock = clock
        self.seconds = seconds


class NoEnd(Exception):
    """The answer stopped without a last piece."""


class _ListenerError(Exception):
    """The function that receives the text failed, not the model."""

    def __init__(self, cause: Exception) -> None:
        super().__init__()
        self.cause = cause


Stream = Callable[[], AsyncGenerator[Piece, None]]
"""Starts one attempt."""

Explain = Callable[[BaseException, str], Awaitable[Failure]]
"""Finds out what an error means, given the text that had arrived. Our own errors are passed on without it."""


@dataclass(slots=True)
class Call:
    """A call in progress or finished.

    Attributes:
        text: the answer so far, without thoughts.
        shown: whether some of it was passed on already.
        last: the last piece; without counts if the answer was in a loop, because it is stopped before them.
        queue_seconds: time waited for a slot.
        first_token_seconds: from sending to the first piece of text.
        total_seconds: from sending to the end.
        retries: failed attempts before this one.
        candidates: the tokens that the answer could have begun with; none if the server does not say.
        unended: whether the answer was stopped within the model's thoughts, so that there is none.
    """

    text: str = ""
    shown: bool = False
    last: Piece = field(default_factory=Piece)
    queue_seconds: float = 0.0
    first_token_seconds: float = 0.0
    total_seconds: float = 0.0
    retries: int = 0
    candidates: Candidates = ()
    unended: bool = False


@dataclass(frozen=True, slots=True)
class _Asked:
    """What one call is about; ``letters`` are the most that its answer may have, ``deadline`` is when it must end."""

    stream: Stream
    on_text: OnText | None
    enough: Callable[[str], bool] | None
    letters: int
    deadline: float

    def tell(self, text: str) -> None:
        """Give a piece of the answer to the function that listens, if there is one."""
        try:
            if self.on_text:
                self.on_text(text)
        except Exception as error:
            raise _ListenerError(error) from error


_LETTERS = 12
"""The most letters of an answer for each token that was asked for: the words of any language have fewer."""
_LETTERS_AT_LEAST = 4000
"""The letters that every answer may have, also where few tokens are asked for."""


class Caller:
    """Makes calls, as many at the same time as there are slots.

    Args:
        settings: the time limits.
        slots: limits the number of calls at the same time.
        explain: finds out what the provider's errors mean.
        pauses: how long to wait before a call is repeated.
        begun: whether answers have thoughts at their start without an opening tag.
    """

    def __init__(
        self,
        settings: Settings,
        slots: "asyncio.Semaphore",
        explain: Explain,
        pauses: Pauses = PAUSES,
        *,
        begun: bool = False,
    ) -> None:
        self._begun = begun
        self._first = settings.first_token_timeout
        self._stall = settings.stall_timeout
        self._turn = settings.turn_timeout
        self._slots = slots
        self._explain = explain
        self._pauses = pauses

    async def run(
        self,
        stream: Stream,
        on_text: OnText | None = None,
        enough: Callable[[str], bool] | None = None,
        *,
        tokens: int = 1024,
    ) -> Call:
        """Make one call. An answer in a loop is stopped there: its connection is closed, and its text ends with the
        first occurrence of what is repeated. So is an answer with more letters than its tokens can have, which ends as
        the server should have ended it.

        Args:
            stream: starts an attempt.
            on_text: receives each piece of the answer. After the first piece, the call is never repeated.
            enough: whether a text is a complete answer even without a last piece.
            tokens: how many tokens of an answer the request asks for.

        Raises:
            OrchestratorError: the error from ``explain``; a ModelError contains the text that had arrived.
        """
        arrived = time.monotonic()
        async with self._slots:
            sent = time.monotonic()
            call = Call(queue_seconds=sent - arrived)
            letters = max(_LETTERS_AT_LEAST, _LETTERS * tokens)
            await self._attempts(call, _Asked(stream, on_text, enough, letters, sent + self._turn))
            call.total_seconds = time.monotonic() - sent
        return call

    async def _attempts(self, call: Call, asked: _Asked) -> None:
        import asyncio

        once, pauses = True, iter(self._pauses.busy)
        while True:
            try:
                return await self._attempt(call, asked)
            except OrchestratorError:
                raise
            except _ListenerError as error:
                raise error.cause from None
            except Exception as error:
                failure = await self._explain(error, call.text)
                pause = None
                if failure.again == "busy":
                    pause = next(pauses, None)
                elif failure.again == "changed":
                    pause = 0.0
                elif failure.again == "once" and once:
                    once, pause = False, self._pauses.failed
                if pause is None or call.shown or time.monotonic() + pause > asked.deadline:
                    if isinstance(failure.error, ModelError):
                        failure.error.partial = call.text
                    raise failure.error from error
                call.retries += 1
                call.text, call.last, call.candidates = "", Piece(), ()
            await asyncio.sleep(pause)

    async def _attempt(self, call: Call, asked: _Asked) -> None:
        sent, thoughts, loops = time.monotonic(), Thoughts(begun=self._begun), Loops()
        looping, first, left = False, True, asked.letters

        def take(text: str) -> None:
            if not text:
                return
            if not call.text:
                call.first_token_seconds = time.monotonic() - sent
            call.text += text
            call.shown = call.shown or asked.on_text is not None
            asked.tell(text)

        async with aclosing(asked.stream()) as pieces:
            while (piece := await self._next(pieces, first, asked.deadline)) is not None:
                first = False
                call.candidates = call.candidates or piece.candidates
                text = piece.text[:left]
                left -= len(text)
                take(thoughts.answer(text))
                if len(text) < len(piece.text):
                    call.last = Piece(ended="length")
                    break
                if piece.ended:
                    call.last = piece
                elif loops.found(text):
                    looping = True
                    break
        take(thoughts.rest("loop" if looping else call.last.ended or "length"))
        call.unended = thoughts.unended
        if not call.last.ended:
            # Blank lines behind complete JSON are a loop, too, but nothing of the answer is missing.
            if asked.enough and asked.enough(call.text):
                call.last = Piece(ended="stop")
            elif looping or (call.text and loops.suspected()):
                call.text, call.last = first_time(call.text), Piece(ended="loop")
            else:
                raise NoEnd
        call.text = call.text.strip()

    async def _next(self, pieces: AsyncGenerator[Piece, None], first: bool, deadline: float) -> Piece | None:
        import asyncio

        left = deadline - time.monotonic()
        if left <= 0:  # where pieces come faster than they are taken, no clock would get its turn
            raise TimedOut("turn", self._turn)
        limit = self._first if first else self._stall
        try:
            async with asyncio.timeout(min(limit, left)) as clock:
                return await anext(pieces, None)
        except TimeoutError as error:
            if not clock.expired():
                raise
            if left <= limit:
                raise TimedOut("turn", self._turn) from error
            raise TimedOut("first" if first else "stall", limit) from error
