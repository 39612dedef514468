"""What readers of a meeting get."""

import asyncio
from contextlib import aclosing

from hypothesis import given
from hypothesis import strategies as st

from agents.meeting.journal import Event, Kind, live_event
from agents.orchestrator.background.feed import MOST_LIVE, Feed


def stored(number: int) -> Event:
    """A stored event."""
    return Event(number, "2026-12-01T00:00:00.000Z", Kind.NOTE, "", {"text": str(number)})


@given(
    st.lists(st.integers(0, 9), min_size=1, max_size=12),
    st.integers(0, 12),
    st.lists(st.integers(0, 3), min_size=12, max_size=12),
)
def test_every_reader_gets_every_event_once(starts: list[int], known: int, pauses: list[int]) -> None:
    """Whenever they begin and however often they pause, readers get all events after the one they know, in order."""
    total = 12

    async def read(feed: Feed, after: int) -> list[int]:
        got = []
        async with aclosing(feed.follow(after)) as events:
            async for event in events:
                got.append(event.seq)
                for _ in range(pauses[event.seq - 1]):
                    await asyncio.sleep(0)
        return got

    async def play() -> None:
        feed = Feed(map(stored, range(1, known + 1)))
        readers = [asyncio.create_task(read(feed, after)) for after in starts]
        for number in range(known + 1, total + 1):
            feed.add(stored(number))
            feed.add(stored(max(1, number - 1)))  # one that is known changes nothing
            await asyncio.sleep(0)
        feed.end()
        for reader, after in zip(readers, starts, strict=True):
            assert await reader == list(range(after + 1, total + 1))
        assert feed.readers == 0

    asyncio.run(play())


def test_live_events_are_bounded() -> None:
    """A reader who takes nothing has at most so many live events kept for it, and misses no stored one."""

    async def play() -> None:
        feed = Feed()
        got: list[Event] = []

        async def read() -> None:
            async with aclosing(feed.follow(live=True)) as events:
                got.extend([event async for event in events])

        reader = asyncio.create_task(read())
        await asyncio.sleep(0)
        for _ in range(3 * MOST_LIVE):
            feed.add(live_event(Kind.TEXT, 1, text="word"))
        feed.add(stored(1))
        feed.end()
        await reader
        assert [event.seq for event in got if event.seq] == [1]
        assert sum(event.seq == 0 for event in got) == MOST_LIVE

    asyncio.run(play())
