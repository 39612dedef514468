"""Who follows a meeting on its page: one floor for all of them, and what each has been told."""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import suppress
from typing import Any
from weakref import WeakKeyDictionary

from agents.api.event_stream import COMMENT, Waking, ended, sse
from agents.api.pages.live.floor import Floor
from agents.errors import OrchestratorError
from agents.meeting.progress import Board
from agents.meeting.spec import MeetingSpec
from agents.orchestrator.background.feed import Feed

CHANGE_SECONDS = 0.1
"""How long changes are collected for a listener."""
CLOCK_SECONDS = 1.0
"""How often the parts of the page are made that change with time."""
NEWS_SECONDS = 3.0
"""The shortest time between two sentences for a screen reader, which speaks each to its end."""
MOST_LETTERS = 64_000
"""About the most letters of what was said that are sent at once."""

Timed = Callable[[], Mapping[str, str]]
"""Makes the parts of the page that change with time, by the name of their place."""


class Following:
    """The floor of one meeting, with all who follow it.

    Args:
        spec: the meeting.

    Attributes:
        floor: the floor.
        timed: the parts of the page that change with time.
    """

    def __init__(self, spec: MeetingSpec) -> None:
        self.floor = Floor(spec, time.monotonic)
        self.timed: Mapping[str, str] = {}
        self._listeners: set[asyncio.Event] = set()
        self._tasks: tuple[asyncio.Task[None], ...] = ()

    @property
    def over(self) -> bool:
        """Whether nothing follows any more: the meeting has ended, failed, or was parked."""
        return bool(self._tasks) and self._tasks[0].done()

    def catch_up(self, feed: Feed, board: Board | None) -> Floor:
        """The floor as it is now: with all stored events, and what is said at this moment.

        Args:
            feed: the events of the meeting.
            board: its progress, if it is held here.
        """
        if not self._tasks:  # who reads the feed has the live events, too, in their order
            self._take_up(feed, board)
        return self.floor

    def _take_up(self, feed: Feed, board: Board | None) -> None:
        for event in feed.stored()[self.floor.seq :]:
            self.floor.take(event)
        if board:
            self.floor.look_at(board)

    def join(self, feed: Feed, board: Board | None, timed: Timed, woken: asyncio.Event) -> None:
        """Follow: the event is set whenever there may be something new."""
        self.timed = timed()  # of a meeting that was deleted there is nothing; then nobody has joined
        self._listeners.add(woken)
        if not self._tasks:
            self._tasks = (asyncio.create_task(self._read(feed, board)), asyncio.create_task(self._look(timed)))

    async def leave(self, woken: asyncio.Event) -> None:
        """Follow no longer; the last one ends the reading of the feed."""
        self._listeners.discard(woken)
        if not self._listeners:
            tasks, self._tasks = self._tasks, ()
            await ended(*tasks)

    async def _read(self, feed: Feed, board: Board | None) -> None:
        self._take_up(feed, board)  # nothing is awaited between this and the first event, so that none is missed
        try:
            async for event in feed.follow(after=self.floor.seq, live=True):
                self.floor.take(event)
                self._wake()
        finally:
            self._wake()

    async def _look(self, timed: Timed) -> None:
        while True:
            await asyncio.sleep(CLOCK_SECONDS)
            self.timed = timed()
            self._wake()

    def _wake(self) -> None:
        for woken in self._listeners:
            woken.set()


class Told:
    """What one listener has been told.

    Args:
        floor: the floor.
        after: the number of the last event whose words it has.
    """

    def __init__(self, floor: Floor, after: int) -> None:
        self._floor = floor
        self._at = floor.after(after)
        self._regions: dict[str, str] = {}
        self._words: dict[str, tuple[int, int]] = {}
        self._news = floor.news[-1][0]
        self._quiet_until = 0.0

    @property
    def has_all(self) -> bool:
        """Whether it has all that was said."""
        return self._at >= len(self._floor.said)

    def next(self, timed: Mapping[str, str], now: float) -> tuple[int, dict[str, Any]] | None:
        """What is new for it, with the number of the event up to which it then has everything; None for nothing.

        Args:
            timed: the parts of the page that change with time.
            now: seconds that only grow.
        """
        said, number = self._said()
        parts = {"said": said, "regions": self._changed(timed), "words": self._spoken(), "news": self._sentence(now)}
        told = {name: part for name, part in parts.items() if part}
        return (number, told) if told else None

    def _said(self) -> tuple[list[tuple[str, str]], int]:
        """What was said since, as far as it is sent at once: pieces of one event are not parted."""
        pieces, found, size = self._floor.said, list[tuple[str, str]](), 0
        while not self.has_all:
            piece = pieces[self._at]
            if size > MOST_LETTERS and piece.seq != pieces[self._at - 1].seq:
                return found, pieces[self._at - 1].seq
            found.append((piece.place, piece.markup))
            size += len(piece.markup)
            self._at += 1
        return found, self._floor.seq

    def _changed(self, timed: Mapping[str, str]) -> dict[str, str]:
        found = {}
        for regions in (self._floor.regions(), timed):
            for place, markup in regions.items():
                if self._regions.get(place) != markup:
                    self._regions[place] = found[place] = markup
        return found

    def _spoken(self) -> dict[str, tuple[int, str]]:
        """The words that arrived at each seat; 1 before those that take the place of the earlier ones."""
        found = {}
        for place, words in self._floor.words().items():
            number, offset = self._words.get(place, (-1, 0))
            fresh = number != words.number
            text = words.text if fresh else words.text[offset:]
            if text or fresh:
                found[place] = (int(fresh), text)
                self._words[place] = (words.number, len(words.text))
        return found

    def _sentence(self, now: float) -> str:
        if self._floor.news[-1][0] == self._news or now < self._quiet_until:
            return ""
        fresh = [sentence for number, sentence in self._floor.news if number > self._news]
        self._news, self._quiet_until = self._floor.news[-1][0], now + NEWS_SECONDS
        return " ".join(fresh)


_FOLLOWED: WeakKeyDictionary[Feed, Following] = WeakKeyDictionary()


def following(feed: Feed, spec: MeetingSpec) -> Following:
    """Who follows the meeting with this feed."""
    if feed not in _FOLLOWED:
        _FOLLOWED[feed] = Following(spec)
    return _FOLLOWED[feed]


async def changes(
    followed: Following, feed: Feed, board: Board | None, timed: Timed, stopping: asyncio.Event, after: int
) -> AsyncGenerator[bytes]:
    """What changes on the page of a meeting, as server-sent events ``change``, until the meeting ends or is parked;
    then ``end``. The stream ends without it when the service ends: a browser comes back.

    Args:
        followed: the floor of the meeting.
        feed: the events of the meeting.
        board: the progress of the meeting, if it is held here.
        timed: makes the parts of the page that change with time.
        stopping: is set when the service is told to end.
        after: the number of the last event whose words the page has.
    """
    told = Told(followed.catch_up(feed, board), after)
    async with Waking(stopping) as waking:
        followed.join(feed, board, timed, waking.event)
        try:
            yield b"retry: 2000\n\n"
            while not stopping.is_set():
                if new := told.next(followed.timed, time.monotonic()):
                    number, parts = new
                    yield sse("change", parts, str(number))
                    await asyncio.sleep(CHANGE_SECONDS)
                elif followed.over and told.has_all:
                    with suppress(OrchestratorError):  # it may have been deleted
                        if new := told.next(timed(), time.monotonic()):  # what the page is when nothing follows
                            yield sse("change", new[1], str(new[0]))
                    yield sse("end", {})
                    return
                elif await waking.wait():
                    yield COMMENT
        finally:
            await followed.leave(waking.event)
