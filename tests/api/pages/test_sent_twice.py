"""Forms that are sent twice, as by a double click, and pages that are old by the time they send something."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from agents.errors import MeetingError
from agents.meeting.journal import Kind
from agents.meeting.room.questions import Question
from agents.orchestrator import AgentOrchestrator
from agents.orchestrator.background.seat import RemoteSeat
from tests.api.pages.planning import DESIGN, sent, spec_of, until
from tests.api.pages.site import HERE, Site, keep_rich, site
from tests.api.pages.test_seat import asking, state, told
from tests.ollama_double import OllamaDouble, faults


def twice(pages: Site, path: str, **fields: object) -> list[httpx.Response]:
    """The answers to a form that is sent twice at the same time."""

    def send(_number: int) -> httpx.Response:
        return httpx.post(f"{pages.url}{path}", data=fields, headers=HERE, timeout=30)

    with ThreadPoolExecutor(2) as pool:
        return [*pool.map(send, range(2))]


def ids() -> list[str]:
    """The stored meetings."""
    with AgentOrchestrator() as orchestrator:
        return [row.id for row in orchestrator.list_meetings()]


def mark_of(pages: Site, path: str) -> str:
    """The mark of the form on a page."""
    return str(pages.get(path).all("input", name_="once")[0]["value"])


def test_a_plan_that_is_made_again_is_made_once(ollama: OllamaDouble) -> None:
    """The form of a plan that is sent twice makes one new plan with the same documents, though the old one is gone."""
    del ollama
    with site() as pages:
        path = sent(pages, [("files", ("design.md", DESIGN))], topics="Buy or build?")
        before = path.rsplit("/", 1)[1]
        form = f"/new?from={before}"
        fields = {"topics": "Buy it?", "from": before, "keep": "1", "once": mark_of(pages, form)}
        one, other = twice(pages, "/new", **fields)
        assert (one.status_code, other.status_code) == (303, 303)
        assert one.headers["location"] == other.headers["location"]
        assert ids() == [one.headers["location"].rsplit("/", 1)[1]]
        assert [document.name for document in spec_of(one.headers["location"]).documents] == ["design.md"]


def test_seats_that_are_changed_twice_make_one_plan(ollama: OllamaDouble) -> None:
    """Both clicks lead to the one new plan."""
    del ollama
    with site() as pages:
        path = sent(pages, topics="Buy or build?")
        answers = twice(pages, f"{path}/seats", seat=["cto", "qa_engineer"])
        assert [answer.status_code for answer in answers] == [303, 303]
        assert len({answer.headers["location"] for answer in answers}) == 1
        assert len(ids()) == 1


def test_a_fork_is_made_once(ollama: OllamaDouble) -> None:
    """Two clicks on a fork make one; another turn, or the form of a page that is loaded again, makes another one."""
    del ollama
    meeting = keep_rich()
    with site() as pages:
        path, mark = f"/meetings/{meeting}", mark_of(pages, f"/meetings/{meeting}")
        one, other = twice(pages, f"{path}/fork", at="T1", once=mark)
        assert one.headers["location"] == other.headers["location"]
        assert len(ids()) == 2
        pages.post(f"{path}/fork", at="T2", once=mark)
        pages.post(f"{path}/fork", at="T1", once=mark_of(pages, path))
        assert len(ids()) == 4


def test_a_meeting_that_is_started_twice_is_held_once(ollama: OllamaDouble) -> None:
    """Both clicks lead to the meeting, also where it is over by the second one; each turn is said once."""
    del ollama
    with site() as pages:
        path = sent(pages, topics="Buy or build?")
        assert [answer.status_code for answer in twice(pages, f"{path}/start")] == [303, 303]
        meeting = path.rsplit("/", 1)[1]
        until(lambda: state(pages, meeting)["state"] == "closed")
        assert pages.post(f"{path}/start").headers["location"] == path
        with AgentOrchestrator() as orchestrator:
            events = orchestrator.meetings.journal(meeting).events()
        keys = [event.key for event in events if event.kind == Kind.TURN]
        assert len(keys) == len({*keys})


def test_a_verdict_is_kept_once() -> None:
    """The same verdict twice is one event; another one is another."""
    meeting = keep_rich()
    with site() as pages:
        path = f"/meetings/{meeting}/entries/1.AC1"
        assert [answer.status_code for answer in twice(pages, path, verdict="reject", by="Ada")] == [303, 303]
        pages.post(path, verdict="confirm", by="Ada")
        pages.post(path, verdict="reject", by="Ada")
    with AgentOrchestrator() as orchestrator:
        events = orchestrator.meetings.journal(meeting).events()
    assert [event.data["judgement"] for event in events if event.kind == Kind.VERDICT][-3:] == [
        "rejected", "confirmed", "rejected",
    ]  # fmt: skip
    assert sum(event.kind == Kind.VERDICT for event in events) == 3 + _before()


def _before() -> int:
    meeting = keep_rich("20261123-rich-0002")
    with AgentOrchestrator() as orchestrator:
        return sum(event.kind == Kind.VERDICT for event in orchestrator.meetings.journal(meeting).events())


def test_what_is_said_twice_is_heard_once(ollama: OllamaDouble) -> None:
    """The same words or the same command twice before the next pause wait there once."""
    gate = ollama.inject(faults.slow_first_token(times=None))
    with site() as pages:
        meeting = asking(pages, gate)
        for _ in range(2):
            assert told(pages, f"/meetings/{meeting}/say", command="extend", words="Which risk?")[0] == 200
        gate.release()
        until(lambda: state(pages, meeting)["state"] == "closed")
        transcript = pages.client.get(f"/api/meetings/{meeting}/minutes", params={"format": "transcript"}).text
        assert transcript.count("A person asked for one more round") == 1


def test_an_answer_to_a_question_that_has_changed_is_refused() -> None:
    """A second question with the same words is another one; the answer to the first is not taken for it."""

    async def run() -> tuple[int, int]:
        seat = RemoteSeat("cto")
        asking = asyncio.create_task(seat.ask(Question("Why?")))
        await asyncio.sleep(0)
        first = seat.count
        seat.answer_to("Why?", "So.")
        await asking
        asking = asyncio.create_task(seat.ask(Question("Why?")))
        await asyncio.sleep(0)
        with pytest.raises(MeetingError, match="Another question"):
            seat.answer_to("Who?", "So.")
        asking.cancel()
        return first, seat.count

    assert asyncio.run(run()) == (1, 2)


def test_a_meeting_that_is_deleted_twice_is_deleted() -> None:
    """Both clicks say that it is deleted; a form that asks for no deletion says that it is not there."""
    path = f"/meetings/{keep_rich()}"
    with site() as pages:
        for answer in twice(pages, f"{path}/delete", sure="yes"):
            assert (answer.status_code, answer.headers["location"]) == (303, "/")
        assert ids() == []
        pages.post(f"{path}/delete", 404)
        pages.post("/meetings/nothing/delete", 404, sure="yes")
