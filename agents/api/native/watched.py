"""The events of meetings as server-sent events, written once for all who listen."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Callable
from typing import Any
from weakref import WeakKeyDictionary

from agents.api.event_stream import COMMENT, Waking, ended, sse
from agents.meeting.journal import Event, Kind
from agents.orchestrator.background.feed import Feed

MOST_LIVE = 256
"""Live events that are kept for a listener who is slow."""
LIVE_SECONDS = 0.1
"""How long pieces of answers are collected for a listener: hundreds of listeners then cost a write each, ten times a
second, and not one for each word of everybody who speaks.
"""
MOST_BYTES = 65_536
"""About the most bytes that are given to a connection at once."""

Ending = Callable[[], tuple[str, dict[str, Any]]]
"""Returns the last event of a stream: its id, and the state of the meeting."""

_ABOUT = ("topic", "phase", "speaker", "text")
_OF_SPEC = ("id", "topics", "seats", "facilitator", "held", "model", "series", "notes", "forked_from", "council")


def event_bytes(event: Event) -> bytes:
    """An event as listeners get it. The first event of a meeting is without the texts of documents and prompts."""
    table = {"seq": event.seq, "at": event.at, "kind": event.kind, "key": event.key}
    about = {"topic": event.topic, "phase": event.phase, "speaker": event.speaker, "text": event.data.get("text") or ""}
    data = _of_spec(event) if event.kind == Kind.SPEC else {k: v for k, v in event.data.items() if k not in _ABOUT}
    return sse(event.kind, {**table, **about, "data": data}, str(event.seq) if event.seq else "")


def _of_spec(event: Event) -> dict[str, Any]:
    kind, documents = event.data.get("type") or {}, event.data.get("documents") or ()
    own = {name: event.data.get(name) for name in _OF_SPEC}
    return {**own, "type": kind.get("id"), "documents": [{"name": one["name"]} for one in documents]}


class Broadcast:
    """The bytes of the events of one feed: one task reads the feed, and every listener is woken by it.

    Args:
        feed: the feed; kept weakly by whoever finds the broadcast of a feed.
    """

    def __init__(self) -> None:
        self.stored: list[bytes] = []
        self.live: deque[tuple[int, bytes]] = deque(maxlen=MOST_LIVE)
        self.spoken = 0
        self.ended = False
        self._listeners: dict[asyncio.Event, bool] = {}
        self._task: asyncio.Task[None] | None = None

    def join(self, feed: Feed, woken: asyncio.Event, *, live: bool) -> None:
        """Listen: the event is set whenever there is something new; for live events only with ``live``."""
        self._listeners[woken] = live
        if self._task is None:
            self._task = asyncio.create_task(self._read(feed))

    async def leave(self, woken: asyncio.Event) -> None:
        """Listen no longer; the last one ends the reading of the feed."""
        self._listeners.pop(woken, None)
        if not self._listeners and self._task:
            task, self._task = self._task, None
            await ended(task)

    async def _read(self, feed: Feed) -> None:
        self.ended = False
        try:
            async for event in feed.follow(after=len(self.stored), live=True):
                if event.seq:
                    self.stored.append(event_bytes(event))
                else:
                    self.live.append((len(self.stored), event_bytes(event)))
                    self.spoken += 1
                self._wake(stored=event.seq > 0)
        finally:
            self.ended = True
            self._wake(stored=True)

    def _wake(self, *, stored: bool) -> None:
        for woken, live in self._listeners.items():
            if stored or live:
                woken.set()


_BROADCASTS: WeakKeyDictionary[Feed, Broadcast] = WeakKeyDictionary()


async def watched(
    feed: Feed, stopping: asyncio.Event, ending: Ending, after: int = 0, *, live: bool = False
) -> AsyncGenerator[bytes]:
    """The events of a meeting with a number above ``after``, each once and in order, until the meeting ends or is
    parked; then ``end`` with its state. The stream ends without it when the service ends: a client comes back.

    Args:
        feed: the events.
        stopping: is set when the service is told to end.
        ending: makes the last event.
        after: the number of the last event that is known.
        live: whether live events are sent too; a listener who is slow misses some.
    """
    cast = _BROADCASTS.setdefault(feed, Broadcast())
    reader = _Reader(cast, after, live=live)
    async with Waking(stopping) as waking:
        cast.join(feed, waking.event, live=live)
        try:
            yield b"retry: 2000\n\n"
            while not stopping.is_set():
                while pieces := reader.next():
                    yield pieces
                    await asyncio.sleep(LIVE_SECONDS if live else 0)
                if cast.ended and reader.has_all:
                    number, state = ending()
                    yield sse("end", state, number)
                    return
                if await waking.wait():
                    yield COMMENT
        finally:
            await cast.leave(waking.event)


class _Reader:
    """How far one listener is."""

    def __init__(self, cast: Broadcast, after: int, *, live: bool) -> None:
        self._cast = cast
        self._position = after
        self._heard = cast.spoken
        self._live = live

    @property
    def has_all(self) -> bool:
        return self._position >= len(self._cast.stored)

    def next(self) -> bytes:
        """What comes next, up to about ``MOST_BYTES``; nothing where there is nothing new."""
        pieces: list[bytes] = []
        size = 0
        while size < MOST_BYTES and (piece := self._one()):
            pieces.append(piece)
            size += len(piece)
        return b"".join(pieces)

    def _one(self) -> bytes:
        cast = self._cast
        missed = cast.spoken - self._heard
        if missed and self._live and cast.live:
            missed = min(missed, len(cast.live))
            place, piece = cast.live[-missed]
            if place <= self._position:
                self._heard = cast.spoken - missed + 1
                return piece
        if self._position < len(cast.stored):
            self._position += 1
            return cast.stored[self._position - 1]
        return b""
