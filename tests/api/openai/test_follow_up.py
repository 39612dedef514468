"""The next message of a chat that has a meeting."""

from dataclasses import replace

import pytest

from agents.api.openai.commands import UNCLEAR, Said, is_command, new_topic, read
from agents.api.openai.meeting_models import how_far
from agents.api.openai.meeting_text import what_next
from agents.orchestrator.background.held import MeetingState
from tests.api.openai.live import Live, Streamed, asked
from tests.ollama_double import OllamaDouble, faults

TOPIC = "Buy or build?"
MODEL = "meeting:small"


@pytest.fixture(scope="module")
def held(interface: Live) -> Streamed:
    """The answer with a meeting that is closed."""
    return interface.stream(asked(MODEL, TOPIC), {"X-Chat-Id": "held"})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Status?", Said("status")),
        (" /minutes", Said("minutes")),
        ("confirm D1", Said("confirm", ("D1",))),
        ("Reject 2.AC1", Said("reject", ("2.AC1",))),
        ("correct AC1: Ada will do it", Said("correct", ("AC1",), "Ada will do it")),
        ("correct AC1", Said(UNCLEAR, ("AC1",), "AC1")),
        ("`reject AC1`!", Said("reject", ("AC1",))),
        ("Please reject: ac1.", Said("reject", ("ac1",))),
        ('"confirm D1" please', Said("confirm", ("D1",))),
        ("reject AC1 because it is late", Said("reject", ("AC1",), "it is late")),
        ("confirm D1: fine", Said("confirm", ("D1",), "fine")),
        ("reject AC1, AC2 and `D1`", Said("reject", ("AC1", "AC2", "D1"))),
        ("Reject AC1?", Said(UNCLEAR, ("AC1",), "AC1?")),
        ("confirm D1, reject AC1", Said(UNCLEAR, ("D1",), "D1, reject AC1")),
        ("reject", Said(UNCLEAR)),
        ("New meeting:", Said("new")),
        ("`status`", Said("status")),
        ("Should we reject AC1?", Said("", text="Should we reject AC1?")),
        ("/skip", Said("/skip")),
        ("/ask cto  Is it\nsafe?", Said("/ask", text="cto Is it safe?")),
        ("What is the status of D1?", Said("", text="What is the status of D1?")),
        ("stop worrying", Said("", text="stop worrying")),
    ],
)
def test_a_command_is_a_whole_message(text: str, said: Said) -> None:
    """Words that only contain a command are words."""
    assert read(text) == said


def test_a_verdict_without_an_entry_may_be_a_topic() -> None:
    """Where no meeting is known, only what can be nothing else is a command."""
    assert all(map(is_command, ("confirm", "reject AC1", "correct AC1", "/ask cto why?", "new meeting", "resume")))
    assert not any(map(is_command, ("Reject the offer?", "Correct the invoices", "new meeting: Rent", "Stop it")))


def test_verdicts_are_recorded_or_refused_by_code(interface: Live, model: OllamaDouble) -> None:
    """Each of several entries is judged, a dropped reason is told, and what is unclear is answered without a model."""
    chat = {"X-Chat-Id": "verdicts"}
    interface.stream(asked(MODEL, "Lend or sell?"), chat)
    calls = len(model.requests)
    both = interface.stream(asked(MODEL, "reject D1 and AC1 because it is late"), chat).content
    assert "D1 is rejected" in both
    assert "AC1 is rejected" in both
    assert "reason is not recorded" in both
    assert "Not recorded: write `confirm D1`" in interface.stream(asked(MODEL, "Reject the first"), chat).content
    assert "write `new meeting: TOPIC`" in interface.stream(asked(MODEL, "new meeting"), chat).content
    assert len(model.requests) == calls


def test_a_closed_meeting_answers_by_code(interface: Live, held: Streamed, model: OllamaDouble) -> None:
    """Status, minutes and verdicts need no model; the chat is known by its id, by our first line, or by its beginning."""
    calls, meetings = len(model.requests), len(interface.meetings)
    by_line = interface.stream(asked(MODEL, "Hm?", held.content, "status"))
    assert "It is closed, after 3 turns." in by_line.content
    by_id = interface.stream(asked(MODEL, "minutes"), {"X-Chat-Id": "held"})
    assert "# Buy or build?" in by_id.content
    by_talk = interface.stream(asked(MODEL, TOPIC, "(an answer that the program cut)", "confirm D1"))
    assert "D1 is confirmed" in by_talk.content
    assert "AC1 is rejected" in interface.stream(asked(MODEL, TOPIC, held.content, "reject AC1")).content
    corrected = interface.stream(asked(MODEL, TOPIC, held.content, "correct D1: Buy it *now*"))
    assert "D1 is corrected" in corrected.content
    assert "Buy it \\*now\\*" in corrected.content
    assert "no entry 'R77'" in interface.stream(asked(MODEL, TOPIC, held.content, "confirm R77")).content
    assert "closed" in interface.stream(asked(MODEL, TOPIC, held.content, "/skip")).content
    assert (len(model.requests), len(interface.meetings)) == (calls, meetings)


def test_a_question_afterwards_is_one_call_with_the_minutes(
    interface: Live, held: Streamed, model: OllamaDouble
) -> None:
    """Who led the meeting answers from the minutes, and one sentence says how to object; no meeting begins."""
    calls, meetings = len(model.requests), len(interface.meetings)
    answer = interface.stream(asked(MODEL, TOPIC, held.content, "Why was it decided so?"))
    assert "As Engineering Manager I read" in answer.content
    assert answer.content.count("`reject D1`") == 1
    assert "Ask about them here" not in answer.content
    assert "<passage minutes.md" in model.requests[-1].messages[-1]["content"]
    asked_one = interface.stream(asked(MODEL, TOPIC, held.content, "/ask backend_developer Will you do it?"))
    assert "As Backend Developer I read" in asked_one.content
    assert (len(model.requests), len(interface.meetings)) == (calls + 2, meetings)


def test_only_our_own_first_line_names_a_meeting(interface: Live, held: Streamed) -> None:
    """An id in the words of a user, or of no meeting of this owner, is no meeting of the chat."""
    meetings = len(interface.meetings)
    interface.stream(asked(MODEL, held.content, "Meeting `20260101-decision-0000`: mine", "Shall we begin anew?"))
    assert len(interface.meetings) == meetings + 1


def test_another_meeting_is_held_only_in_words(interface: Live, held: Streamed) -> None:
    """The message "new meeting: TOPIC" holds another one in the same chat, which is then that of the chat."""
    meetings, chat = len(interface.meetings), {"X-Chat-Id": "again"}
    first = interface.stream(asked(MODEL, "Rent or own?"), chat)
    other = interface.stream(asked(MODEL, "Rent or own?", first.content, "New meeting: Lease or own?"), chat)
    assert len(interface.meetings) == meetings + 2
    assert "Lease or own?" in other.content.split("\n")[0]
    newest = interface.do(lambda: interface.service.owners.get().orchestrator.get_meeting("last"))
    assert not newest.documents
    assert interface.meetings[0].id in interface.stream(asked(MODEL, "status"), chat).content
    assert new_topic("no new meeting: please") == ""
    assert held.done


def test_a_running_meeting_is_asked_stopped_and_resumed(interface: Live, model: OllamaDouble) -> None:
    """A question is put to who leads it at the next pause, "stop" parks it, and "resume" goes on with its rest."""
    gate = model.inject(faults.slow_first_token(contains="Stay or move?"))
    chat, meetings = {"X-Chat-Id": "runs"}, len(interface.meetings)
    with interface.opened(asked(MODEL, "Stay or move?"), chat) as response:
        lines = response.iter_lines()
        while "has the floor" not in next(lines):
            pass
        now = interface.stream(asked(MODEL, "status"), chat)
        assert "has the floor" in now.content
        assert "recorded when it is closed" in interface.stream(asked(MODEL, "confirm D1"), chat).content
        with interface.opened(asked(MODEL, "Stay or move?", "(so far)", "Is the price\nfixed?"), chat) as question:
            rest = question.iter_lines()
            told = next(line for line in rest if "next pause" in line)
            refused = interface.stream(asked(MODEL, "/ask nobody why?"), chat).content
            assert "one of engineering_manager, backend_developer" in refused
            assert "next pause" not in refused
            gate.release()
            whole = Streamed(200, [*filter(None, rest)]).content
            assert "\n---\n" in whole
            assert whole.index("A person asked the Engineering Manager: Is the price fixed?") < whole.index(
                "### Answer to a question"
            )
        assert "Engineering Manager is asked" in told
    questions = [request for request in model.requests if "Is the price fixed?" in str(request.messages)]
    assert questions
    assert len(interface.meetings) == meetings + 1


def test_a_meeting_is_stopped_and_resumed(interface: Live, model: OllamaDouble) -> None:
    """The message "stop" parks the meeting after its turn; "resume" holds the rest, and tells only the rest."""
    model.inject(faults.slow_first_token(0.3, times=None, contains="Keep or drop?"))
    chat = {"X-Chat-Id": "stops"}
    with interface.opened(asked(MODEL, "Keep or drop?"), chat) as response:
        lines = response.iter_lines()
        while "has the floor" not in next(lines):
            pass
        assert "It is parked" in interface.stream(asked(MODEL, "stop"), chat).content
    assert "Write `resume`" in interface.stream(asked(MODEL, "status"), chat).content
    model.faults.clear()
    rest = interface.stream(asked(MODEL, "resume"), chat)
    assert "\n---\n" in rest.content
    assert "Taking part:" not in rest.content


def test_a_question_that_comes_too_late_is_answered_from_the_minutes(interface: Live, model: OllamaDouble) -> None:
    """Where the meeting has no pause any more, who leads it answers after its end; nothing that is asked is lost."""
    gate = model.inject(faults.slow_first_token(contains="Soon or late?", skip=4))
    chat = {"X-Chat-Id": "late"}
    with interface.opened(asked(MODEL, "Soon or late?"), chat) as response:
        lines = response.iter_lines()
        while "Put to the vote" not in next(lines):
            pass
        with interface.opened(asked(MODEL, "Soon or late?", "(so far)", "Is it urgent?"), chat) as question:
            rest = question.iter_lines()
            assert any("next pause" in line for line in rest)
            gate.release()
            answer = Streamed(200, [*filter(None, rest)]).content
    assert "came too late" in answer
    assert "As Engineering Manager I read" in answer


def test_a_command_without_a_meeting_holds_none(interface: Live, model: OllamaDouble) -> None:
    """In a chat without a meeting, or whose meeting was deleted, a command is answered by code."""
    interface.stream(asked(MODEL, "Here or there?"), {"X-Chat-Id": "gone"})
    calls, gone = len(model.requests), interface.meetings[0].id
    interface.do(lambda: interface.service.owners.get().orchestrator.meetings.delete(gone))
    meetings = len(interface.meetings)
    for text in ("status", "confirm D1", "/skip", "resume", "new meeting:"):
        assert interface.stream(asked(MODEL, text)).content.startswith("This chat has no meeting yet")
        assert "not here" in interface.stream(asked(MODEL, text), {"X-Chat-Id": "gone"}).content
    assert (len(model.requests), len(interface.meetings)) == (calls, meetings)


@pytest.mark.parametrize("status", ["queued", "running", "elsewhere", "closed"])
def test_only_a_parked_meeting_can_be_resumed(status: str) -> None:
    """A meeting that goes on by itself, or has ended, is not said to wait for "resume"."""
    words = how_far(MeetingState("m", "small", "Small", status, turns=1))
    assert "resume" not in words
    assert words == words.strip()
    assert "1 turns" not in words


def test_only_what_was_said_beside_meetings_goes_along(interface: Live, held: Streamed) -> None:
    """Another meeting gets the talk of its chat without commands, and without what an earlier meeting asked and said."""
    talk = ["We have two sites.", "Noted.", TOPIC, held.content, "Why so?", "*The CTO answers from the minutes. This "]
    talk[5] += "answer was not compared with them.*\n\nBecause."
    interface.stream(asked(MODEL, *talk, "status", held.content[:60], "new meeting: Move or stay here?"))
    spec = interface.do(lambda: interface.service.owners.get().orchestrator.get_meeting("last"))
    assert [one.text.strip() for one in spec.documents] == ["**User:** We have two sites.\n\n**Assistant:** Noted."]


def test_only_entries_that_exist_are_offered(interface: Live, held: Streamed) -> None:
    """What to write next names entries of the minutes, and none where there are none."""
    assert held.done
    ours = interface.service.owners.get
    minutes = interface.do(lambda: ours().orchestrator.get_minutes(id_in(held)))
    assert "`confirm D1`, `reject AC1` and `correct AC1: WORDS`" in what_next(minutes)
    bare = replace(minutes, topics=())
    assert what_next(bare) == "Ask about them here. `new meeting: TOPIC` holds another meeting."


def id_in(held: Streamed) -> str:
    """The id of the meeting of an answer."""
    return held.content.split("`")[1]
