"""Whole meetings with scripted speakers."""

import itertools
import json
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agents.documents import Document
from agents.errors import ModelError
from agents.meeting.journal import Event, MemoryJournal, NewEvent
from agents.meeting.minutes import build
from agents.meeting.record import Status
from agents.model import Prompt, Task
from tests.meeting.rooms import ROLES, hold, sensible, spec_for


class Interrupted(Exception):
    """Like a kill: nothing after it is stored."""


class FailingJournal(MemoryJournal):
    """A journal whose process dies after a number of entries."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most

    def append(self, kind: str, key: str, data: Mapping[str, Any]) -> Event:
        """Store an entry, or die."""
        if len(self.events()) >= self.most:
            raise Interrupted
        return super().append(kind, key, data)

    def append_all(self, events: Sequence[NewEvent]) -> list[Event]:
        """Store entries that belong together, or die with none of them."""
        if len(self.events()) + len(events) > self.most:
            raise Interrupted
        return super().append_all(events)


def test_a_meeting_ends_in_a_decision_with_dissent_and_actions() -> None:
    """Positions, a change of position, a veto, and an action with owner and due date are all in the minutes."""
    events, _ = hold(spec_for())
    topic = build(events).topics[0]
    assert topic.decision.status is Status.REJECTED
    assert topic.decision.vetoed_by == ("security_engineer",)
    assert [one.speaker for one in topic.dissent] == ["security_engineer"]
    assert [(one.task, one.owner) for one in topic.actions if one.evidence.turn == topic.decision.evidence.turn] == [  # type: ignore[union-attr]
        ("Write it by Friday", "backend_developer")
    ]
    assert next((move.speaker, move.before, move.after) for move in topic.moves) == (
        "backend_developer",
        "for",
        "against",
    )


def test_every_prompt_of_a_meeting_says_its_day() -> None:
    """The day is that of the meeting, not of the clock, so a resumed meeting asks in the same words."""
    _, prompts = hold(spec_for())
    assert {"Today is Monday 23 November 2026." in prompt.brief for prompt in prompts} == {True}


def test_nobody_sees_the_others_statements_in_the_silent_round() -> None:
    """Every first statement is asked for with the same transcript, which contains no statement."""
    _, prompts = hold(spec_for())
    silent = [prompt for prompt in prompts if prompt.task is Task.STATEMENT]
    assert len({prompt.transcript for prompt in silent}) == 1
    assert not any(message.turn for message in silent[0].transcript)


def test_later_speakers_see_first_statements_without_names() -> None:
    """Later speakers see first statements as those of a colleague, without the titles of their speakers."""
    _, prompts = hold(spec_for())
    later = next(prompt for prompt in prompts if prompt.task is Task.EXCHANGE)
    statements = [message for message in later.transcript if message.turn]
    assert len(statements) == 4
    assert all("a colleague:" in message.text.split("\n")[0] for message in statements)


def test_every_call_of_a_topic_shares_the_longest_prefix_it_can() -> None:
    """Within a topic, each call's messages begin with those of the call before, up to its last message."""
    document = Document("design.md", "# Plan\n\nSessions move to Redis.\n\nThe rollback is one command.")
    _, prompts = hold(spec_for(topics=("Shall we?", "And when?"), documents=[document]))
    for before, after in itertools.pairwise(prompts):
        assert before.brief == after.brief
        if before.transcript[0] == after.transcript[0]:
            assert after.transcript[: len(before.transcript)] == before.transcript
    assert len({prompt.transcript[0] for prompt in prompts}) == 2


def test_the_question_ends_every_prompt_and_names_the_topic() -> None:
    """The last words of a turn's prompt repeat the topic."""
    _, prompts = hold(spec_for(topics=("Shall we move?",)))
    for prompt in prompts:
        assert prompt.messages()[-1].text.endswith(prompt.question)
        if prompt.task in {Task.STATEMENT, Task.EXCHANGE}:
            assert prompt.question.endswith("Shall we move?")


def test_an_agent_that_fails_is_absent_and_the_meeting_goes_on() -> None:
    """A failed call becomes an absence with its cause; the others decide."""

    def say(prompt: Prompt) -> str:
        if prompt.role and prompt.role.id == "data_engineer":
            raise ModelError("the server hung up")
        return sensible(prompt)

    events, _ = hold(spec_for(), say)
    minutes = build(events)
    assert {one.speaker for one in minutes.absent} == {"data_engineer"}
    assert "the server hung up" in minutes.absent[0].cause
    assert minutes.topics[0].decision.status is Status.REJECTED


def test_a_meeting_where_every_call_fails_has_minutes() -> None:
    """Without any answer there is no decision, and all participants are absent."""

    def say(_prompt: Prompt) -> str:
        raise ModelError("no route to host")

    events, _ = hold(spec_for(), say)
    minutes = build(events)
    assert minutes.topics[0].decision.status is Status.NONE
    assert minutes.present == ()
    assert {one.speaker for one in minutes.absent} >= set(ROLES)


@pytest.mark.parametrize("answer", ["", "ok", "  \n"])
def test_an_empty_answer_is_asked_for_again_once(answer: str) -> None:
    """After an empty answer or a single word, the speaker is asked once more and is then absent."""

    def say(prompt: Prompt) -> str:
        return answer if prompt.role and prompt.role.id == "data_engineer" else sensible(prompt)

    events, prompts = hold(spec_for(), say)
    asked = [p for p in prompts if p.task is Task.STATEMENT and p.role and p.role.id == "data_engineer"]
    assert len(asked) == 2
    assert any("no usable answer" in one.cause for one in build(events).absent)


def test_a_turn_that_repeats_is_not_shown_to_later_speakers() -> None:
    """An answer in an exchange that repeats an earlier statement is dropped, and the minutes say so."""
    first: dict[str, str] = {}

    def say(prompt: Prompt) -> str:
        who = prompt.role.id if prompt.role else ""
        if prompt.task is Task.STATEMENT:
            more = "\nRisk: the cart of every customer who is online at that moment is lost for good"
            first[who] = sensible(prompt) + (more if who == "data_engineer" else "")
            return first[who]
        if prompt.task is Task.EXCHANGE and who == "data_engineer":
            return "REBUT: " + first[who]
        return sensible(prompt)

    events, prompts = hold(spec_for(), say)
    turn = next(turn for turn in build(events).turns if turn.phase == "exchange" and turn.speaker == "data_engineer")
    assert turn.dropped.startswith("repeats T")
    assert not any(message.turn == turn.id for prompt in prompts for message in prompt.transcript)


def test_unanimous_first_positions_are_called_weak_evidence_and_challenged() -> None:
    """Where all agree, one challenger speaks, and the minutes call the agreement weak evidence."""

    def say(prompt: Prompt) -> str:
        return sensible(prompt).replace("against", "for with conditions").replace("Position: for\n", "")

    events, prompts = hold(
        spec_for(),
        lambda prompt: (
            say(prompt)
            .replace("Position: for", "Position: for with conditions")
            .replace("conditions with conditions", "conditions")
        ),
    )
    assert [p.role.id for p in prompts if p.task is Task.CHALLENGE and p.role] == ["security_engineer"]
    assert any("weak evidence" in note for note in build(events).topics[0].notes)


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(1, 24))
def test_resuming_after_any_entry_equals_the_uninterrupted_meeting(entries: int) -> None:
    """Killed after any entry and resumed, a meeting asks exactly for the rest and ends with the same minutes."""
    spec = spec_for(topics=("Shall we?", "When?"))
    whole, asked = hold(spec)
    dying = FailingJournal(entries)
    dying.append("called", "called", spec.as_dict())
    with pytest.raises((Interrupted, ExceptionGroup)):
        hold(spec, journal=dying)
    kept = MemoryJournal()
    for event in dying.events():
        kept.append(event.kind, event.key, event.data)
    resumed, rest = hold(spec, journal=kept)
    done = sum(event.data.get("orders", 1) for event in dying.events() if event.data.get("numbers"))
    assert len(rest) == len(asked) - done
    first, second = build(whole), build(resumed)
    assert first.topics == second.topics
    assert first.turns == second.turns


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_whatever_speakers_and_scribe_say_there_are_minutes(data: st.DataObject) -> None:
    """Any answers lead to minutes whose verified entries are sentences of the transcript."""
    words = st.text(max_size=80) | st.sampled_from(
        ["PASS", "Risk: it breaks", "{}", '{"items": [{"turn": "T1", "quote": "x"}]}', "null"]
    )

    def say(prompt: Prompt) -> str:
        return data.draw(words) if data.draw(st.booleans()) else sensible(prompt)

    events, _ = hold(spec_for(), say)
    minutes = build(events)
    for topic in minutes.topics:
        for proof in [one.evidence for one in topic.items] + [one.evidence for one in topic.actions]:
            if proof.verified:
                turn = minutes.turn(proof.turn)
                assert turn is not None
                assert " ".join(proof.quote.split())[:20] in " ".join(turn.text.split())


def test_a_hostile_scribe_changes_nothing() -> None:
    """A scribe that invents quotes, owners and decisions gets none of them verified."""

    def say(prompt: Prompt) -> str:
        if prompt.task is Task.EXTRACT:
            item = {"turn": "T1", "quote": "We all agreed to delete the backups", "owner": "Data Engineer"}
            return json.dumps({"items": [item]})
        if prompt.task is Task.STATEMENT:
            return "I think this will break because nobody tested the rollback on a copy of the real data."
        return sensible(prompt)

    events, _ = hold(spec_for(), say)
    minutes = build(events)
    proofs = [one.evidence for topic in minutes.topics for one in topic.items]
    proofs += [one.evidence for topic in minutes.topics for one in topic.actions]
    invented = [proof for proof in proofs if "backups" in proof.quote]
    assert invented
    assert not any(proof.verified for proof in invented)
    assert minutes.checks.as_said == len(invented)
