"""What the page of a meeting is sent while it is held."""

import asyncio
import random
import re
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.api import event_stream
from agents.api.pages.live import following as module
from agents.api.pages.live.floor import Floor
from agents.api.pages.live.following import MOST_LETTERS, Told, changes, following
from agents.errors import UnknownName
from agents.meeting.journal import Event, Kind, live_event
from agents.orchestrator.background.feed import Feed
from tests.api.native.living import events_of
from tests.api.pages.site import HERE, Shown, site
from tests.api.pages.test_live import Clock, seated, turn
from tests.drill import rounds
from tests.meeting.rooms import spec_for
from tests.ollama_double import OllamaDouble, faults

SPEC = spec_for()


def timed() -> Mapping[str, str]:
    """The parts of a page that change with time."""
    return {"clock": "now"}


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Changes are not collected, so that every order of events is tried in little time."""
    monkeypatch.setattr(module, "CHANGE_SECONDS", 0)


class Page:
    """A page as its script keeps it.

    Attributes:
        said: the names of the places of all that was said.
        regions, words: what stands in each place.
        last: the id of the last message.
    """

    def __init__(self) -> None:
        self.said: list[str] = []
        self.regions: dict[str, str] = {}
        self.words: dict[str, str] = {}
        self.last = 0

    def take(self, message: Mapping[str, Any]) -> None:
        """Take in a message."""
        self.last = int(message["id"])
        told = message["data"]
        self.said += [place for place, _ in told.get("said", [])]
        self.regions |= told.get("regions", {})
        for place, (fresh, text) in told.get("words", {}).items():
            self.words[place] = text if fresh else self.words[place] + text


async def _listen(feed: Feed, stopping: asyncio.Event, chance: random.Random, page: Page) -> None:
    """Follow with a connection that is cut now and then, until the end."""
    while True:
        stream = changes(following(feed, SPEC), feed, None, timed, stopping, page.last)
        left, ended = chance.randrange(1, 8), False
        async for piece in stream:
            for message in events_of(piece.decode()):
                ended = ended or message["event"] == "end"
                if message["event"] == "change":
                    page.take(message)
            left -= 1
            if ended or not left:
                break
            await asyncio.sleep(0)
        await stream.aclose()
        if ended:
            return


async def _speak(feed: Feed, moves: list[str]) -> int:
    number = 0
    for at, move in enumerate(moves):
        who = SPEC.speakers[at % 4]
        if move == "word":
            feed.add(live_event(Kind.TEXT, 1, "open_round", who, f"word {at} "))
        elif move == "pause":
            await asyncio.sleep(0)
        else:
            number += 1
            feed.add(turn(number, who, f"Turn {number}.", "open_round", position="for"))
    feed.end()
    return number


@settings(max_examples=rounds(60, 1500), deadline=None)
@given(st.lists(st.sampled_from(["turn", "word", "word", "pause"]), max_size=60), st.integers(0, 2**32))
def test_nothing_is_lost_when_a_reader_leaves_and_comes_back(moves: list[str], seed: int) -> None:
    """Pages whose connections are cut at any message and that come back end with every turn once and in order, and with
    the same regions and words as a page that is loaded now.
    """

    async def run() -> None:
        feed, stopping = Feed(), asyncio.Event()
        pages = [Page() for _ in range(3)]
        listening = [
            asyncio.create_task(_listen(feed, stopping, random.Random(seed + n), page))  # noqa: S311 - where it is cut
            for n, page in enumerate(pages)
        ]
        await asyncio.sleep(0)
        number = await _speak(feed, moves)
        await asyncio.gather(*listening)
        floor = following(feed, SPEC).catch_up(feed, None)
        assert feed.readers == 0
        for page in pages:
            turns = [place for place in page.said if place.startswith("T")]
            assert turns == [f"T{n}" for n in range(1, number + 1)]
            assert len(page.said) == len(set(page.said))
            assert page.regions == {**floor.regions(), **timed()}
            assert page.words == {place: words.text for place, words in floor.words().items()}

    asyncio.run(run())


def test_a_slow_reader_misses_only_what_has_passed() -> None:
    """Whatever happened since the last message comes in one, with each region once, as it is now."""
    floor = Floor(SPEC, Clock())
    told, who = Told(floor, 0), SPEC.speakers[0]
    told.next({}, 0.0)
    for number in range(200):
        floor.take(live_event(Kind.TEXT, 1, "open_round", who, f"{number} "))
    new = told.next({}, 1.0)
    assert new is not None
    assert new[1]["words"] == {f"words-{who}": (1, "".join(f"{n} " for n in range(200)))}
    assert new[1]["news"] == "Solutions Architect speaks."
    floor.take(live_event(Kind.TEXT, 1, "open_round", who, "end"))
    assert told.next({}, 1.1) == (0, {"words": {f"words-{who}": (0, "end")}})
    assert told.next({}, 1.2) is None


def test_much_that_was_said_comes_in_parts() -> None:
    """A reader who missed a long meeting gets it in several messages, each of which can be the last one."""
    floor = Floor(SPEC, Clock())
    for number in range(1, 200):
        floor.take(turn(number, SPEC.speakers[0], "word " * 400))
    told, seen, parts = Told(floor, 10), list[str](), 0
    while (new := told.next({}, 0.0)) and new[1].get("said"):
        number, data = new
        assert sum(len(markup) for _, markup in data["said"]) < MOST_LETTERS + 10_000
        seen += [place for place, _ in data["said"] if place.startswith("T")]
        assert seen[-1] == f"T{number}"
        parts += 1
    assert parts > 3
    assert seen == [f"T{n}" for n in range(11, 200)]


def test_hundreds_of_readers_share_one_floor() -> None:
    """For 200 readers the feed is read once, and each region is made once; nobody reads it after the last has left."""
    made = list[str]()

    async def run() -> None:
        feed, stopping = Feed([turn(1, SPEC.speakers[0], "Before.")]), asyncio.Event()
        floor = following(feed, SPEC).floor
        region = floor._region

        def counted(place: str) -> Any:
            made.append(place)
            return region(place)

        floor._region = counted  # type: ignore[method-assign]

        async def listen() -> int:
            stream = changes(following(feed, SPEC), feed, None, timed, stopping, 0)
            return sum([piece.count(b"event: ") async for piece in stream])

        tasks = [asyncio.create_task(listen()) for _ in range(200)]
        await asyncio.sleep(0.05)
        assert feed.readers == 1
        feed.add(turn(2, SPEC.speakers[1], "Now."))
        await asyncio.sleep(0.05)
        feed.end()
        assert set(await asyncio.gather(*tasks)) == {3}
        assert feed.readers == 0

    asyncio.run(run())
    assert made.count(f"seat-{SPEC.speakers[1]}") == 2
    assert made.count(f"seat-{SPEC.speakers[2]}") == 1


def test_a_silent_stream_sends_comments_and_ends_with_the_service(monkeypatch: pytest.MonkeyPatch) -> None:
    """Comments come while nothing happens, and the stream ends without an end of the meeting when the service ends."""
    monkeypatch.setattr(event_stream, "COMMENT_SECONDS", 0.01)

    async def run() -> list[bytes]:
        feed, stopping = Feed(), asyncio.Event()
        stream = changes(following(feed, SPEC), feed, None, timed, stopping, 0)
        pieces = [await anext(stream) for _ in range(4)]
        stopping.set()
        return [*pieces, *[piece async for piece in stream]]

    first, change, *rest = asyncio.run(run())
    assert first == b"retry: 2000\n\n"
    assert b"event: change" in change
    assert rest == [b": keep-alive\n\n"] * 2


def test_what_was_missed_is_taken_over_when_somebody_comes_back() -> None:
    """After a time without readers the floor has all turns of that time."""

    async def run() -> Floor:
        feed, stopping = Feed(), asyncio.Event()
        stream = changes(following(feed, SPEC), feed, None, timed, stopping, 0)
        await anext(stream)
        await anext(stream)
        await stream.aclose()
        for number in (1, 2, 3):
            feed.add(turn(number, SPEC.speakers[0], "Alone."))
        return following(feed, SPEC).catch_up(feed, None)

    floor = asyncio.run(run())
    assert [piece.place for piece in floor.said if piece.place.startswith("T")] == ["T1", "T2", "T3"]


def test_a_meeting_is_watched_from_its_page_to_its_end(ollama: OllamaDouble) -> None:
    """The page of a meeting that is held names its stream; that sends words, turns, sealed votes and then open ones, and
    an end, after which the page has the minutes.
    """
    ollama.inject(faults.slow_first_token(seconds=0.05, times=None))
    with site() as pages:
        asked = {"type": "decision", "topics": ["Buy or build?"], "agents": ["cto", "qa_engineer", "product_manager"]}
        made = pages.client.post("/api/meetings", json=asked).json()["id"]
        shown = pages.get(f"/meetings/{made}")
        [room] = [own for _, own in shown.elements if "data-stream" in own]
        assert "is held" in shown.text
        page, news, sealed, words = Page(), list[str](), list[str](), set[str]()
        with pages.client.stream("GET", str(room["data-stream"]), headers=HERE) as answer:
            assert answer.headers["content-type"].startswith("text/event-stream")
            text = ""
            for piece in answer.iter_text():
                text += piece
                *whole, text = text.split("\n\n")
                for message in events_of("\n\n".join([*whole, ""])):
                    if message["event"] == "change":
                        page.take(message)
                        news.append(message["data"].get("news", ""))
                        words |= {place for place, one in page.words.items() if one}
                        sealed += [one for one in [page.regions.get("vote", "")] if "have voted" in one]
        turns = [place for place in page.said if re.fullmatch(r"T\d+", place)]
        assert turns
        assert len(page.said) == len(set(page.said))
        assert "votes-1" in page.said
        assert words == {"words-cto", "words-qa_engineer", "words-product_manager"}
        assert any(news)
        assert all("reason" not in Shown(one).text for one in sealed)
        closed = pages.get(f"/meetings/{made}")
        assert not [own for _, own in closed.elements if "data-stream" in own]


def test_events_of_nobody_change_no_page() -> None:
    """An event about somebody without a seat is not about a card."""
    floor = Floor(SPEC, Clock())
    before = dict(floor.regions())
    floor.take(live_event(Kind.TEXT, 1, "open_round", "nobody", "words"))
    floor.take(Event(1, "", Kind.STRUCTURED, "1.x", {"topic": 1, "name": "dots", "speaker": "nobody", "answer": {}}))
    assert floor.regions() == before


def test_nothing_is_left_of_readers_who_vanish_or_come_too_late() -> None:
    """Readers who leave at any moment, who bring a wrong number, or who follow a meeting that was deleted leave no task,
    no reader and nobody who is woken.
    """

    def gone() -> Mapping[str, str]:
        raise UnknownName("meeting", "m", [])

    async def run() -> tuple[int, int, list[Any]]:
        before, feed, stopping = len(asyncio.all_tasks()), Feed([turn(1, SPEC.speakers[0], "Before.")]), asyncio.Event()
        followed = following(feed, SPEC)

        async def listen(number: int) -> None:
            after = (0, 1, 10**11, 5)[number % 4]
            stream = changes(followed, feed, None, timed, stopping, after)
            async for _ in stream:
                if number % 3 == 0:
                    break

        tasks = [asyncio.create_task(listen(number)) for number in range(300)]
        await asyncio.sleep(0.05)
        for task in tasks[::5]:
            task.cancel()
        with pytest.raises(UnknownName):
            await anext(changes(followed, feed, None, gone, stopping, 0))
        feed.add(turn(2, SPEC.speakers[1], "Now."))
        await asyncio.sleep(0.05)
        feed.end()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.sleep(0.05)
        return len(asyncio.all_tasks()) - before, feed.readers, [*followed._listeners]

    assert asyncio.run(run()) == (0, 0, [])


def test_a_number_beyond_the_end_is_no_reason_to_miss_what_comes() -> None:
    """A page that names an event that does not exist yet gets everything that happens from now on."""

    async def run() -> list[str]:
        feed, stopping, page = Feed([turn(1, SPEC.speakers[0], "Before.")]), asyncio.Event(), Page()
        stream = changes(following(feed, SPEC), feed, None, timed, stopping, 10**9)
        await anext(stream)
        for number in (2, 3):
            feed.add(turn(number, SPEC.speakers[1], "Now."))
        feed.end()
        async for piece in stream:
            for message in events_of(piece.decode()):
                if message["event"] == "change":
                    page.take(message)
        return page.said

    assert [place for place in asyncio.run(run()) if place.startswith("T")] == ["T2", "T3"]


def test_who_comes_back_gets_the_views_that_were_opened_meanwhile() -> None:
    """Turns that were sealed reach a listener that has the numbers of their events already: they have the number of the
    event that opens them.
    """
    spec, me, others = seated()
    floor = Floor(spec, Clock())
    for number, who in enumerate(others, 1):
        floor.take(turn(number, who, "A secret.", position="for"))
    told = Told(floor, 0).next({}, 0.0)
    assert told is not None
    number, data = told
    assert number == len(others)
    assert "secret" not in str(data)
    floor.take(turn(number + 1, me, "My own."))
    again = Told(floor, number).next({}, 0.0)
    assert again is not None
    assert [place for place, _ in again[1]["said"]] == ["T1", "T2", "T3", "T4"]
