"""What happened in a meeting, for any number of readers, each at its own pace."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Iterable, Sequence

from agents.meeting.journal import Event

MOST_LIVE = 256
"""Live events that are kept for a reader who is slow; older ones are dropped, since a turn repeats their words."""


class Feed:
    """The events of one meeting. Stored events reach every reader once and in order; they are kept once for all.

    Args:
        events: the stored events so far.
    """

    def __init__(self, events: Iterable[Event] = ()) -> None:
        self._events = list(events)
        self._readers: set[_Reader] = set()
        self.ended = False

    @property
    def readers(self) -> int:
        """How many follow it now."""
        return len(self._readers)

    def stored(self) -> Sequence[Event]:
        """The stored events so far."""
        return self._events

    def add(self, event: Event) -> None:
        """Take in an event: a stored one that is known already, or comes before its turn, changes nothing."""
        if event.seq == 0:
            for reader in self._readers:
                reader.hear(event, len(self._events))
        elif event.seq == len(self._events) + 1:
            self._events.append(event)
            self._wake()

    def take_up(self, events: Iterable[Event]) -> None:
        """Take in the stored events of a journal, of which any may be known."""
        for event in events:
            self.add(event)

    def end(self) -> None:
        """Say that nothing follows: the meeting has ended, failed, or was parked."""
        self.ended = True
        self._wake()

    async def follow(self, after: int = 0, *, live: bool = False) -> AsyncGenerator[Event, None]:
        """The stored events with a number above ``after``, each once and in order, and then what happens until the
        end; live events in their place between them.

        Args:
            after: the number of the last event that is known.
            live: whether live events are given too; a reader who is slow misses some.

        Example:
            async for event in feed.follow(after=12):
                print(event.seq, event.kind)
        """
        reader = _Reader(live=live)
        self._readers.add(reader)
        position = max(0, after)
        try:
            while True:
                reader.woken.clear()
                while reader.live or position < len(self._events):
                    if reader.live and reader.live[0][0] <= position:
                        yield reader.live.popleft()[1]
                    else:
                        position += 1
                        yield self._events[position - 1]
                if self.ended:
                    return
                await reader.woken.wait()
        finally:
            self._readers.discard(reader)

    def _wake(self) -> None:
        for reader in self._readers:
            reader.woken.set()


class _Reader:
    """One who follows: is woken by events, and has live ones if it wants them."""

    def __init__(self, *, live: bool) -> None:
        self.woken = asyncio.Event()
        self.live: deque[tuple[int, Event]] = deque(maxlen=MOST_LIVE)
        self._wants_live = live

    def hear(self, event: Event, place: int) -> None:
        """Take in a live event that came after this number of stored ones."""
        if self._wants_live:
            self.live.append((place, event))
            self.woken.set()
