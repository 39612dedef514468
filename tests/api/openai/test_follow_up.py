"""The next message of a chat that has a meeting."""

import pytest

from agents.api.openai.follow_up import Said, new_topic, read
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
        ("confirm D1", Said("confirm", "D1")),
        ("Reject 2.AC1", Said("reject", "2.AC1")),
        ("correct AC1: Ada will do it", Said("correct", "AC1", "Ada will do it")),
        ("correct AC1", Said("", text="correct AC1")),
        ("/skip", Said("/skip")),
        ("/ask cto  Is it\nsafe?", Said("/ask", text="cto Is it safe?")),
        ("What is the status of D1?", Said("", text="What is the status of D1?")),
        ("stop worrying", Said("", text="stop worrying")),
    ],
)
def test_a_command_is_a_whole_message(text: str, said: Said) -> None:
    """Words that only contain a command are words."""
    assert read(text) == said


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
    assert "`reject D1`" in answer.content
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
            gate.release()
            assert "\\n---\\n" in "".join(rest)
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
