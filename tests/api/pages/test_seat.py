"""What a person says, asks, answers and decides from the page of a meeting."""

import json
import time
from collections.abc import Callable
from typing import Any

import pytest

from agents.api.pages.live.chair import question_form
from agents.meeting.room.questions import Question
from agents.orchestrator.background.seat import RemoteSeat
from tests.api.pages.site import HERE, Shown, Site, keep_rich, site
from tests.ollama_double import OllamaDouble, faults
from tests.ollama_double.faults import Fault

QUIET = {**HERE, "Accept": "application/json"}
AGENTS = ["cto", "qa_engineer", "product_manager"]


def until(holds: Callable[[], Any]) -> Any:
    """Wait until something holds."""
    for _ in range(1500):
        if found := holds():
            return found
        time.sleep(0.02)
    pytest.fail("it never happened")


def begun(pages: Site, **more: Any) -> str:
    """A meeting that was started; its id."""
    asked = {"type": "decision", "topics": ["Buy or build?"], "agents": AGENTS, **more}
    made: str = pages.client.post("/api/meetings", json=asked).json()["id"]
    return made


def asking(pages: Site, gate: Fault, **more: Any) -> str:
    """A meeting whose first speaker is asked, and does not answer before the gate is released; its id."""
    meeting = begun(pages, **more)
    until(lambda: gate.hits)  # before that is the first pause, at which it hears what was said already
    return meeting


def told(pages: Site, path: str, **fields: Any) -> tuple[int, dict[str, str]]:
    """Send a form as the script of the page does; the status and what is told."""
    answer = pages.client.post(path, data=fields, headers={**QUIET, "Origin": pages.url})
    return answer.status_code, answer.json()


def state(pages: Site, meeting: str) -> dict[str, Any]:
    """How far a meeting is."""
    found: dict[str, Any] = pages.client.get(f"/api/meetings/{meeting}/state").json()
    return found


def test_the_course_of_a_meeting_is_changed_from_its_page(ollama: OllamaDouble) -> None:
    """A question, a thought, one more round and the way to the vote are listed until they are heard, and then in the
    minutes or their transcript; what would change nothing is refused with the reason.
    """
    gate = ollama.inject(faults.slow_first_token(times=None))
    with site() as pages:
        meeting = asking(pages, gate)
        path = f"/meetings/{meeting}/say"
        shown = pages.get(f"/meetings/{meeting}")
        commands = {own["value"] for own in shown.all("input", name_="command")}
        assert commands == {"ask", "park", "extend", "vote", "skip", "end"}
        assert shown.all("form", action=f"/meetings/{meeting}/stop")
        assert told(pages, path, command="say", words="Hello.")[0] == 409
        assert told(pages, path, command="say", words=" ")[0] == 400
        assert told(pages, path, command="dance")[0] == 400
        assert told(pages, path, command="ask", agent="nobody", words="Why?")[0] == 400
        assert told(pages, path, command="ask", agent="cto", words="")[0] == 400
        assert told(pages, path, command="park", words="x" * 30_000)[0] == 400
        status, said = told(pages, path, command="ask", agent="cto", words="Who\r\npays?")
        assert (status, said["to"]) == (200, f"/meetings/{meeting}#chair")
        assert "next pause" in said["said"]
        for command, words in (("park", "The logo"), ("extend", "Which risk?"), ("vote", "")):
            sent = pages.post(path, command=command, words=words)
            assert sent.headers["location"] == f"/meetings/{meeting}#chair"
        waiting = pages.get(f"/meetings/{meeting}").text
        assert "Not heard yet" in waiting
        assert (
            "Question to the Chief Technology Officer: Who pays? Parked: The logo One more round: Which risk? To the vote"
            in waiting
        )
        assert "/ask" not in waiting
        gate.release()
        until(lambda: state(pages, meeting)["state"] == "closed")
        minutes = pages.client.get(f"/api/meetings/{meeting}/minutes", params={"format": "markdown"}).text
        assert "A person parked: The logo" in minutes
        assert "straight to the vote" in minutes
        transcript = pages.client.get(f"/api/meetings/{meeting}/minutes", params={"format": "transcript"}).text
        for words in ("A person asked the Chief Technology Officer: Who pays?", "one more round before the"):
            assert words not in minutes  # they were answered
            assert words in transcript
        assert told(pages, path, command="vote") == (
            409,
            {
                "error": "The meeting is not held here now, so nobody hears this.",
                "remedy": "Its page says how far it is.",
            },
        )


def test_a_meeting_is_stopped_and_goes_on(ollama: OllamaDouble) -> None:
    """A meeting that is stopped from its page is parked and has a button that goes on."""
    gate = ollama.inject(faults.slow_first_token(times=None, skip=1))
    with site() as pages:
        meeting = begun(pages)
        until(lambda: state(pages, meeting)["turns"])
        status, said = told(pages, f"/meetings/{meeting}/stop")
        assert status == 200
        assert said["said"]
        gate.release()
        until(lambda: state(pages, meeting)["state"] == "interrupted")
        shown = pages.get(f"/meetings/{meeting}")
        assert "is parked" in shown.text
        assert shown.all("form", action=f"/meetings/{meeting}/start")
        assert told(pages, f"/meetings/{meeting}/stop")[0] == 409


def test_a_seated_person_is_asked_answers_and_votes(ollama: OllamaDouble) -> None:
    """The question stands on the page with what answers it; a wrong answer is told with the possible ones, one to
    another question is refused, and the answers are the person's turn and vote.
    """
    del ollama
    with site() as pages:
        meeting = begun(pages, me="qa_engineer")
        path, seen = f"/meetings/{meeting}/answer", list[str]()
        while (now := state(pages, meeting))["state"] != "closed":
            question = now["question"]
            if not question:
                time.sleep(0.02)
                continue
            if question not in seen:
                shown = pages.get(f"/meetings/{meeting}")
                if not shown.all("input", name_="question", value=question):
                    continue
                assert {own["value"] for own in shown.all("button", name_="instead")} == {"leave_out", "pass_turn"}
                keys = [key for key in now["choices"] if key != "skip"]
                assert [own["value"] for own in shown.all("button", name_="text")] == keys
                assert bool(shown.all("textarea", name_="text")) == (not keys)
                over = "There is no pause left" in shown.text
                assert bool(shown.all("input", name_="command", value="say")) != over
                assert told(pages, path, question="Another?", text="for")[0] == 409
                assert told(pages, path, question=question, asked="0", text="for")[0] == 409
                assert told(pages, path, question=question, text="")[0] == 400
                skip = "As before" if question == "Your position now?" else "Skip this question"
                assert skip in shown.text
                assert "Enter" not in shown.text
                if keys:
                    status, wrong = told(pages, path, question=question, text="perhaps")
                    assert status == 400
                    assert keys[0] in wrong["remedy"]
            seen.append(question)
            answer = {"Your position?": "against", "Your vote?": "no"}.get(question, "Nobody counted the rows.")
            fields = {"text": answer} if not now["choices"] or answer in now["choices"] else {"instead": "leave_out"}
            status, said = told(pages, path, question=question, **fields)
            assert (status, said.get("said")) in {(200, "Your answer was taken."), (409, None)}
        assert {"Your position?", "Your vote?"} <= {*seen}
        found = pages.client.get(f"/api/meetings/{meeting}/minutes", params={"format": "json"}).json()
        votes = {one["role"]: one["vote"] for topic in found["topics"] for one in topic["ballots"]}
        assert votes["qa_engineer"] == "object"
        assert told(pages, path, text="yes")[0] == 409


def test_a_question_with_several_numbers_has_boxes() -> None:
    """Where several may be chosen, numbers are boxes; where one, buttons; in the words of what it is about."""
    seat = RemoteSeat("cto")
    seat.told, seat.question = ("1. Buy <it>\n2. Build it",), "Your best 2?"
    seat._asked = Question("Your best 2?", numbers=(1, 2), most=2, statements=("1. Buy <it>", "2. Build it"))
    shown = Shown(question_form("m", seat))
    assert [own["value"] for own in shown.all("input", type="checkbox", name_="number")] == ["1", "2"]
    assert shown.text.count("Buy <it>") == 1
    assert "Choose up to 2." in shown.text
    seat._asked = Question("Your decision?", ("accept", "reject"), (1, 2))
    one = Shown(question_form("m", seat))
    assert [own["value"] for own in one.all("button", name_="text")] == ["accept", "reject", "1", "2"]
    assert not one.all("input", type="checkbox")
    seat._asked = Question("Which?", numbers=(20, 21), statements=("T20 It.", "T21 That."), turns=("T20", "T21"))
    seat.told = ("These differ from you:", seat._asked.listed)
    which = question_form("m", seat, {"T20": "Chief <one>", "T1": "Nobody"})
    assert "Answer T20 Chief <one>: T20 It. Answer T21 T21 That." in Shown(which).text
    assert "These differ from you:" in Shown(which).text
    seat.question = ""
    assert question_form("m", seat) == ""


def test_a_meeting_that_waits_says_its_place(ollama: OllamaDouble) -> None:
    """A meeting in the queue says which place it has, and what is said in it waits for its beginning."""
    gate = ollama.inject(faults.slow_first_token(times=None))
    with site() as pages:
        asking(pages, gate)
        second, third = begun(pages), begun(pages)
        assert "1st in the queue" in pages.get(f"/meetings/{second}").text
        assert "2nd in the queue" in pages.get(f"/meetings/{third}").text
        status, said = told(pages, f"/meetings/{third}/say", command="extend", words="")
        assert (status, said["said"]) == (200, "Taken. It is heard when the meeting begins.")
        told(pages, f"/meetings/{third}/stop")
        gate.release()


def test_what_nobody_would_hear_is_not_offered(ollama: OllamaDouble) -> None:
    """During the vote no pause is left: the page says so, and only the meeting can be stopped; who has it open is told."""
    del ollama
    with site() as pages:
        meeting = begun(pages, me="qa_engineer")
        while (question := until(lambda: state(pages, meeting)["question"])) != "Your vote?":
            if question == "Your position?":
                assert pages.get(f"/meetings/{meeting}").all("input", name_="command", value="end")
            told(pages, f"/meetings/{meeting}/answer", question=question, instead="leave_out")
        shown = pages.get(f"/meetings/{meeting}")
        assert "There is no pause left" in shown.text
        assert not shown.all("input", name_="command")
        assert shown.all("input", name_="question")
        with pages.client.stream("GET", f"/meetings/{meeting}/stream", headers=HERE) as answer:
            first = next(line for line in answer.iter_lines() if line.startswith("data:"))
        assert "There is no pause left" in json.loads(first[5:])["regions"]["possible"]
        assert told(pages, f"/meetings/{meeting}/stop")[0] == 200


def test_a_closed_meeting_hears_nobody() -> None:
    """Nothing can be said, answered or stopped in a meeting that is closed; without a script, a page says so."""
    meeting = keep_rich()
    with site() as pages:
        for part in ("say", "answer", "stop"):
            answer = pages.post(f"/meetings/{meeting}/{part}", 409, command="vote", text="yes")
            assert "not held here now" in Shown(answer.text).text


def test_a_question_to_a_person_is_seen_everywhere(ollama: OllamaDouble) -> None:
    """While a person is asked, also to vote, the seat says so, nobody guesses a time, the first page says the same as
    the meeting's, and a meeting in the queue says what it waits for.
    """
    del ollama
    with site() as pages:
        meeting, seen = begun(pages, me="qa_engineer"), set[str]()
        behind = begun(pages)
        while "Your vote?" not in seen:
            question = until(lambda: state(pages, meeting)["question"])
            shown = pages.get(f"/meetings/{meeting}")
            if not shown.all("input", name_="question", value=question):
                continue
            if question not in seen:
                assert "waits for you" in shown.text
                assert shown.all("span", class_="state asked")
                home = pages.get("/").text
                assert "waits for you" in home
                assert " left" not in home
                for words in (home, pages.get(f"/meetings/{behind}").text):
                    assert "a person is asked in the meeting before it: Buy or build?" in words
            seen.add(question)
            if question != "Your vote?":
                told(pages, f"/meetings/{meeting}/answer", question=question, instead="leave_out")
        assert state(pages, behind)["state"] == "queued"
        for each in (behind, meeting):
            told(pages, f"/meetings/{each}/stop")


def test_what_a_person_says_is_words_also_behind_a_slash(ollama: OllamaDouble) -> None:
    """Words that begin as a command does are said, and are shown as they were written."""
    gate = ollama.inject(faults.slow_first_token(times=None))
    with site() as pages:
        meeting = asking(pages, gate, me="qa_engineer")
        path = f"/meetings/{meeting}"
        for words in ("/end of the quarter", "/srv is full"):
            assert told(pages, f"{path}/say", command="say", words=words)[0] == 200
        assert "/end of the quarter" in pages.get(path).text
        assert "!/" not in pages.get(path).text
        gate.release()
        while state(pages, meeting)["state"] != "closed":
            told(pages, f"{path}/answer", instead="pass_turn")
            time.sleep(0.02)
        minutes = pages.client.get(f"/api{path}/minutes", params={"format": "transcript"}).text
        assert "/srv is full" in minutes
        assert "ended early" not in minutes


def test_the_stream_ends_with_what_can_be_done_then(ollama: OllamaDouble) -> None:
    """A page that follows a meeting is told that it is parked, with the button that resumes it, before the end."""
    gate = ollama.inject(faults.slow_first_token(times=None, skip=1))
    with site() as pages:
        meeting = begun(pages)
        until(lambda: state(pages, meeting)["turns"])
        with pages.client.stream("GET", f"/meetings/{meeting}/stream", headers=HERE) as answer:
            lines, parking = answer.iter_lines(), False
            text = ""
            for line in lines:
                if not parking:
                    parking = told(pages, f"/meetings/{meeting}/stop")[0] == 200
                    gate.release()
                text += line + "\n"
        last = text.rpartition("event: change")[2]
        assert "is parked" in last
        assert f"/meetings/{meeting}/start" in last
        assert "event: end" in last
