import asyncio
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.api import event_stream
from agents.api.native import watched as module
from agents.api.native.watched import event_bytes, watched
from agents.meeting.journal import Event, Kind, live_event
from agents.orchestrator.background.feed import Feed
from tests.api.native.living import events_of
from tests.drill import rounds


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pieces of answers are not collected, so that every order of events is tried in little time."""
    monkeypatch.setattr(module, "LIVE_SECONDS", 0)


def _event(number: int) -> Event:
    return Event(number, "2026-12-01T09:00:00.000Z", Kind.NOTE, f"0.note.{number}", {"text": f"Note {number}\n\nmore."})


async def _listen(feed: Feed, stopping: asyncio.Event, choices: random.Random, live: bool) -> list[int]:
    """The numbers that a client sees whose connection is cut now and then."""
    seen: list[int] = []
    while True:
        stream = watched(feed, stopping, lambda: ("0.end", {}), seen[-1] if seen else 0, live=live)
        left, ended = choices.randrange(1, 6), False
        async for piece in stream:
            for event in events_of(piece.decode()):
                ended = ended or event["event"] == "end"
                seen += [int(event["id"])] if event["event"] == "note" and event["id"] else []
            left -= 1
            if ended or not left:
                break
            await asyncio.sleep(0)
        await stream.aclose()
        if ended:
            return seen


async def _speak(feed: Feed, moves: list[str]) -> int:
    number = 0
    for move in moves:
        if move == "live":
            feed.add(live_event(Kind.TEXT, 1, "round", "cto", "word "))
        elif move == "pause":
            await asyncio.sleep(0)
        else:
            number += 1
            feed.add(_event(number))
            feed.add(_event(number))  # what is known already changes nothing
    feed.end()
    return number


@settings(max_examples=rounds(60, 2000), deadline=None)
@given(st.lists(st.sampled_from(["event", "event", "live", "pause"]), max_size=60), st.integers(0, 2**32))
def test_no_event_is_lost_or_doubled_by_cut_connections(moves: list[str], seed: int) -> None:
    """Clients whose connections are cut at any event, and who come back with the last number, see each event once and
    in order.
    """

    async def run() -> tuple[int, list[list[int]]]:
        feed, stopping = Feed(), asyncio.Event()
        choices = [random.Random(seed + n) for n in range(4)]  # noqa: S311 - where connections are cut
        listeners = [
            asyncio.create_task(_listen(feed, stopping, one, live=bool(n % 2))) for n, one in enumerate(choices)
        ]
        await asyncio.sleep(0)
        number = await _speak(feed, moves)
        return number, await asyncio.gather(*listeners)

    number, seen = asyncio.run(run())
    assert seen == [[*range(1, number + 1)]] * 4


def test_listeners_share_the_bytes_of_an_event() -> None:
    """For 200 listeners an event is written once, live ones too, and nothing is kept after the last one has left."""
    written: list[int] = []

    async def run() -> None:
        feed, stopping = Feed([_event(1)]), asyncio.Event()

        async def listen() -> int:
            return sum(
                [piece.count(b"event: ") async for piece in watched(feed, stopping, lambda: ("", {}), live=True)]
            )

        tasks = [asyncio.create_task(listen()) for _ in range(200)]
        await asyncio.sleep(0.05)
        assert feed.readers == 1
        feed.add(live_event(Kind.TEXT, 1, "round", "cto", "word "))
        await asyncio.sleep(0)
        feed.add(_event(2))
        feed.end()
        assert set(await asyncio.gather(*tasks)) == {4}
        assert feed.readers == 0

    def counted(event: Event) -> bytes:
        written.append(event.seq)
        return event_bytes(event)

    kept, module.event_bytes = module.event_bytes, counted
    try:
        asyncio.run(run())
    finally:
        module.event_bytes = kept
    assert written == [1, 0, 2]


def test_a_silent_stream_sends_comments_and_ends_with_the_service(monkeypatch: Any) -> None:
    """Comments come while nothing happens, and the stream ends at once when the service is told to end."""
    monkeypatch.setattr(event_stream, "COMMENT_SECONDS", 0.01)

    async def run() -> list[bytes]:
        feed, stopping = Feed(), asyncio.Event()
        stream = watched(feed, stopping, lambda: ("", {}))
        pieces = [await anext(stream) for _ in range(3)]
        stopping.set()
        return [*pieces, *[piece async for piece in stream]]

    assert asyncio.run(run()) == [b"retry: 2000\n\n", b": keep-alive\n\n", b": keep-alive\n\n"]


def test_the_first_event_has_no_texts_of_documents() -> None:
    """Listeners are not sent the documents and the prompts with which a meeting begins."""
    spec = {"id": "m", "type": {"id": "decision", "agenda": []}, "topics": ["Why?"], "roles": {"cto": {"prompt": "secret"}},
            "documents": [{"name": "a.md", "text": "secret"}]}  # fmt: skip
    [event] = events_of(event_bytes(Event(1, "", Kind.SPEC, "called", spec)).decode())
    assert "secret" not in str(event)
    assert event["data"]["data"]["documents"] == [{"name": "a.md"}]
