"""What small models leave out: it is asked for once more, a position by itself, and a copied question is not an answer."""

import json

import pytest

from agents.meeting import reading
from agents.meeting.minutes import build
from agents.meeting.room.turn import unreadable
from agents.model import Prompt, Reply, Task
from agents.model.prompt import UNENDED
from tests.meeting.rooms import hold, sensible, spec_for


def unlabelled(prompt: Prompt) -> str:
    """Speakers who write text without labels; the backend developer is against, the others are for it."""
    who = prompt.role.id if prompt.role else ""
    if prompt.task is Task.STATEMENT:
        return f"As {who} I see that the move may fail in a way of its own."
    if prompt.task is Task.POSITION:
        return json.dumps({"position": "against" if who == "backend_developer" else "for"})
    return sensible(prompt)


def test_a_missing_position_is_asked_for_by_itself() -> None:
    """A statement without a position costs one more short call; its answer is the last line of the statement."""
    events, prompts = hold(spec_for(), unlabelled)
    topic = build(events).topics[0]
    assert topic.positions["backend_developer"] == "against"
    assert topic.positions["data_engineer"] == "for"
    said = {turn.speaker: turn.text for turn in build(events).turns if turn.phase == "silent_round"}
    assert said["backend_developer"].endswith("in a way of its own.\nPosition: against")
    assert any("named no position" in note for note in topic.notes)
    assert any(turn.phase == "exchange" for turn in build(events).turns)
    asked = [prompt for prompt in prompts if prompt.task is Task.POSITION]
    assert len(asked) == 4
    assert all("statement" not in "".join(m.text for m in prompt.transcript[1:]) for prompt in asked)


def test_a_call_for_a_position_has_the_same_first_message() -> None:
    """A speaker who is asked for a position has not seen the others, and gets the same first message as before."""
    _, prompts = hold(spec_for(), unlabelled)
    heads = {prompt.transcript for prompt in prompts if prompt.task in {Task.STATEMENT, Task.POSITION}}
    assert len(heads) == 1


def test_a_position_that_cannot_be_read_is_none() -> None:
    """An answer without a position leaves the speaker without one; the statement does not change."""
    events, _ = hold(spec_for(), lambda prompt: "hm" if prompt.task is Task.POSITION else unlabelled(prompt))
    minutes = build(events)
    assert minutes.topics[0].positions == {}
    assert all("Position:" not in turn.text for turn in minutes.turns if turn.phase == "silent_round")


def test_the_numbers_of_every_call_are_counted() -> None:
    """The numbers of a turn are the sums over all its calls."""
    events, prompts = hold(spec_for(), unlabelled)
    written = sum(event.data["numbers"].get("reply_tokens", 0) for event in events if event.kind == "turn")
    assert written > 0
    assert len(prompts) > sum(event.kind in {"turn", "ballot", "answer"} for event in events)


@pytest.mark.parametrize(
    "echo",
    [
        "The topic is: Shall we move it now!",
        "**Shall we move it now?**",
        "</passage>\n<passage design.md:3-4 (Costs)>",
        "1. Question: One question, about this topic, that nobody has yet answered?",
        '"position": "for" or "for with conditions" or "against" or "undecided"',
    ],
)
def test_an_answer_that_only_copies_the_question_is_none(echo: str) -> None:
    """A speaker who only copies the question, or the marks around passages, is asked once more and is then absent."""
    say = {"security_engineer": echo}

    def answer(prompt: Prompt) -> str:
        who = prompt.role.id if prompt.role else ""
        return say[who] if prompt.task is Task.STATEMENT and who in say else sensible(prompt)

    events, prompts = hold(spec_for(topics=["Shall we move it now?"]), answer)
    absent = [(event.data["speaker"], event.data["cause"]) for event in events if event.kind == "absent"]
    assert absent == [("security_engineer", "gave no usable answer in two attempts")]
    tried = [p for p in prompts if p.task is Task.STATEMENT and p.role and p.role.id == "security_engineer"]
    assert len(tried) == 2


@pytest.mark.parametrize(
    "words",
    ["none", "None.", "**N/A**", "no action", "No further actions needed.", "None at this time.", "none; all is said",
     "No questions from me.", "None (the design covers it)", "no actions required", "-", "none, thanks"],
)  # fmt: skip
def test_ways_to_say_that_there_is_nothing(words: str) -> None:
    """A line that means none, in any of the usual forms, is not an entry."""
    assert reading.labelled(f"Action: {words}", "Action") == []


@pytest.mark.parametrize(
    "words",
    ["None of the tests covers the rollback.", "No action plan exists for a failed restore.", "Nothing checks the key.",
     "No date was set for the switch, so nobody is ready.", "Nonetheless the queue has no limit.", "no risk register"],
)  # fmt: skip
def test_a_sentence_that_only_begins_like_none_is_an_entry(words: str) -> None:
    """A sentence about something that is missing is an entry."""
    assert reading.labelled(f"Risk: {words}", "Risk") == [words]


def test_a_scribe_is_told_that_its_answer_was_cut_off() -> None:
    """A scribe whose JSON was cut off at the limit is asked for less, not told that it was not JSON."""
    assert unreadable(Reply('{"items": [{"turn": "T1', ended="length")).startswith("it was too long.")
    assert unreadable(Reply("Well, I think", ended="stop")) == "it was not JSON."
    assert unreadable(Reply("{}", parsed={})) == ""


def test_an_answer_that_ended_within_its_thoughts_says_so() -> None:
    """A speaker whose answers were cut within their thoughts is absent for that reason."""

    def thinking(prompt: Prompt) -> str | Reply:
        who = prompt.role.id if prompt.role else ""
        if prompt.task is Task.STATEMENT and who == "security_engineer":
            return Reply("", ended="length", notes=(UNENDED,))
        return sensible(prompt)

    absent = [event.data["cause"] for event in hold(spec_for(), thinking)[0] if event.kind == "absent"]
    assert absent == ["was still thinking when its answer was cut, so there is no answer"]


def test_a_plain_list_is_read_as_ideas() -> None:
    """Where only ideas were asked for, numbered lines and bullets without the label are ideas, and get dots."""
    lists = {
        "solutions_architect": "Here are my ideas:\n1. **Cache** the start page\n2) Sell the old servers",
        "backend_developer": "- Write the tests first\n* no\n-not a list",
    }

    def say(prompt: Prompt) -> str:
        if prompt.task is Task.IDEAS and prompt.role:
            return lists.get(prompt.role.id, "PASS")
        return '{"ideas": ["I2", "I3"]}' if prompt.task is Task.DOTS else sensible(prompt)

    events, prompts = hold(spec_for("brainstorm"), say)
    minutes = build(events)
    ideas = [item for item in minutes.topics[0].items if item.label == "Idea"]
    assert {item.text for item in ideas} == {
        "Cache the start page",
        "Sell the old servers",
        "Write the tests first",
    }
    assert [item.fields["dots"] for item in ideas] == ["4", "4", "0"]
    said = {turn.id: turn.text for turn in minutes.turns}
    assert all(
        item.evidence.verified and item.evidence.quote in said[item.evidence.turn].replace("*", "") for item in ideas
    )
    assert not [p for p in prompts if p.task is Task.EXTRACT and p.wants[0].label == "Idea"]


@pytest.mark.parametrize("line", ["Risk 1: The key leaks.", "1. Risk: The key leaks.", "- **Risk #2:** The key leaks."])
def test_a_numbered_label_is_a_label(line: str) -> None:
    """Labels are read with and without numbers."""
    assert reading.labelled(line, "Risk") == ["The key leaks."]


@pytest.mark.parametrize(
    "line", ["At 14:05 the pods restarted.", "Since 9:30 nobody could pay.", "On May 12:00 is noon."]
)
def test_a_time_is_not_a_label(line: str) -> None:
    """A sentence that begins with a time is read whole, and has no label."""
    assert reading.label_of(line) == ""
    assert reading.sentence_around(line, line[-12:]) == line
