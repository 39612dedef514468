"""Whole meetings that begin with close reading."""

import json
from dataclasses import replace

import pytest

from agents.documents import Document
from agents.errors import ModelError
from agents.meeting.journal import Kind, MemoryJournal
from agents.meeting.minutes import build
from agents.meeting.spec import MeetingSpec
from agents.model import Prompt, Reply, Task
from agents.role import RoleItem
from tests.meeting.rooms import ROLES, hold, sensible, spec_for

PLAN = Document(
    "plan.md", "# Plan\n\nBackups lie in the same rack.\n\nThe import runs 4 hours.\n\nNobody has tried it.\n"
)
FLAGS = (
    RoleItem("The backup is lost together with the data.", ("backup",), ("backup + same rack",)),
    RoleItem("Nobody measured how long it takes.", ("import", "hours")),
)
WITH_FLAGS = {name: replace(role, red_flags=FLAGS) if name == "data_engineer" else role for name, role in ROLES.items()}


def planned(**more: object) -> MeetingSpec:
    """An architecture review of the plan."""
    return replace(spec_for(documents=(PLAN,)), **more)  # type: ignore[arg-type]


def careful(prompt: Prompt) -> str | Reply:
    """Speakers who answer all questions of close reading."""
    if prompt.task is Task.CHECK:
        return Reply("Yes", margin=0.75)
    if prompt.task is Task.CHANGE:
        return json.dumps({"change": "Keep a second copy in another building."})
    if prompt.task is Task.READING:
        return json.dumps({"danger": {"words": "Nobody has tried it", "why": "It fails on the day."}})
    return sensible(prompt)


def test_places_are_in_the_minutes_with_their_turn() -> None:
    """The minutes list the line, why, what to change, and the turn that says so; the others are told before."""
    events, sent = hold(planned(), careful, roles=WITH_FLAGS)
    minutes = build(events)
    [found] = minutes.topics[0].findings
    assert (found.where, found.quote) == ("plan.md:3", "Backups lie in the same rack.")
    [reason] = found.reasons
    assert (reason.role, reason.margin, reason.shown) == ("data_engineer", 0.75, True)
    turn = minutes.turn(reason.turn)
    assert turn is not None
    assert turn.speaker == "data_engineer"
    assert "Keep a second copy in another building." in turn.text
    statements = [prompt for prompt in sent if prompt.task is Task.STATEMENT]
    assert all(any("plan.md:3" in message.text for message in prompt.transcript) for prompt in statements)


def test_questions_of_close_reading_are_short() -> None:
    """They carry no brief and no discussion, and of the role its mission only."""
    _, sent = hold(planned(reads_closely=True), careful, roles=WITH_FLAGS)
    asked = [prompt for prompt in sent if prompt.task in {Task.CHECK, Task.CHANGE, Task.READING}]
    assert {prompt.task for prompt in asked} == {Task.CHECK, Task.CHANGE, Task.READING}
    assert not any(prompt.brief or prompt.transcript for prompt in asked)
    assert not any(flag.text in prompt.card for flag in FLAGS for prompt in asked)
    assert all(prompt.between for prompt in asked if prompt.task is Task.CHECK)


def test_roles_read_parts_where_that_was_measured_to_help() -> None:
    """With a model that finds more than chance by reading, each part is read, and its finding rests on that turn."""
    minutes = build(hold(planned(reads_closely=True), careful, roles=WITH_FLAGS)[0])
    read = [one for one in minutes.topics[0].findings if one.quote == "Nobody has tried it."]
    assert [one.where for one in read] == ["plan.md:7"]
    assert minutes.turn(read[0].reasons[0].turn) is not None


def test_silence_is_allowed() -> None:
    """Where no list leads to a line, nobody is asked, and the minutes list no place."""
    events, sent = hold(planned(), careful)
    assert build(events).topics[0].findings == ()
    assert not any(prompt.task in {Task.CHECK, Task.CHANGE} for prompt in sent)


def test_without_documents_the_phase_is_left_out() -> None:
    """A meeting without documents has no such phase."""
    minutes = build(hold(planned(documents=()), careful, roles=WITH_FLAGS)[0])
    assert "close_reading" not in {turn.phase for turn in minutes.turns}


@pytest.mark.parametrize(("word", "margin"), [("yes", [1.0]), ("No.", []), ("maybe", [0.0]), ("", [0.0])])
def test_without_log_probabilities_the_word_counts(word: str, margin: list[float]) -> None:
    """A server that gives no log-probabilities is asked the same, and its word is taken."""

    def by_word(prompt: Prompt) -> str | Reply:
        return word if prompt.task is Task.CHECK else careful(prompt)

    minutes = build(hold(planned(), by_word, roles=WITH_FLAGS)[0])
    assert [one.reasons[0].margin for one in minutes.topics[0].findings if one.first == 3] == margin


def test_a_check_that_fails_ends_nothing() -> None:
    """Where the model cannot be asked, a pattern's place stays, without a preference; the minutes say who was absent."""

    def broken(prompt: Prompt) -> str | Reply:
        if prompt.task in {Task.CHECK, Task.CHANGE}:
            raise ModelError("The call failed.", "Try again.")
        return careful(prompt)

    minutes = build(hold(planned(), broken, roles=WITH_FLAGS)[0])
    [found] = minutes.topics[0].findings
    assert (found.first, found.reasons[0].margin, found.reasons[0].change) == (3, 0.0, "")
    assert minutes.absent


def test_a_resumed_meeting_asks_nothing_twice() -> None:
    """After any prefix of the journal, the rest is asked, and the findings are the same."""
    spec = planned(reads_closely=True)
    events, sent = hold(spec, careful, roles=WITH_FLAGS)
    whole = build(events).topics[0].findings
    for kept in range(1, 14):
        answered = sum(event.kind in {Kind.TURN, Kind.STRUCTURED} and bool(event.numbers) for event in events[:kept])
        again, asked = hold(spec, careful, MemoryJournal(events[:kept]), WITH_FLAGS)
        assert build(again).topics[0].findings == whole
        assert len(asked) == len(sent) - answered


def test_nobody_says_again_what_all_were_told() -> None:
    """A field that repeats the sentence or the red flag of a place is left out, and a note says so."""

    def echoing(prompt: Prompt) -> str | Reply:
        if prompt.task is not Task.STATEMENT:
            return careful(prompt)
        said = {want.label.lower(): f"{prompt.role.id if prompt.role else ''} sees it" for want in prompt.wants}
        return json.dumps(
            said | {"risk": {"text": "Backups lie in the same rack.", "impact": "high"}, "position": "for"}
        )

    [topic] = build(hold(planned(), echoing, roles=WITH_FLAGS)[0]).topics
    assert not any(item.label == "Risk" for item in topic.items)
    assert any("Risk" in note for note in topic.left_out)


def test_who_only_copies_is_silent_and_not_absent() -> None:
    """A role whose change repeats the sentence says nothing there; the place stays, and nobody is called absent."""

    def copying(prompt: Prompt) -> str | Reply:
        return (
            json.dumps({"change": "Backups lie in the same rack."}) if prompt.task is Task.CHANGE else careful(prompt)
        )

    minutes = build(hold(planned(), copying, roles=WITH_FLAGS)[0])
    assert minutes.absent == ()
    [found] = minutes.topics[0].findings
    assert (found.first, found.reasons[0].change, found.reasons[0].turn) == (3, "", "")
