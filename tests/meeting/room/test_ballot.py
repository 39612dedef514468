"""Votes are asked for in both orders of the options, and count only when they mean something."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from agents.agent import Agent
from agents.meeting.journal import Event, MemoryJournal
from agents.meeting.jury import Jury
from agents.meeting.minutes import build
from agents.meeting.record import Ballot, Minutes, Status, Vote
from agents.meeting.room import agenda
from agents.meeting.room.person import SeatedPerson
from agents.meeting.room.room import Room
from agents.meeting.spec import MeetingSpec
from agents.model import Prompt, Task
from agents.model.scripted import ScriptedModel
from tests.meeting.room.test_person import ME, Listed
from tests.meeting.rooms import ROLES, hold, sensible, spec_for

GOOD = Jury("scripted", told=8, controls=8, steady=8)
NOISE = Jury("scripted", told=5, controls=8, steady=6)
VoteOf = Callable[[Prompt], str]


def options(prompt: Prompt) -> list[str]:
    """The votes that a prompt offers, in its order."""
    words: list[str] = (prompt.schema or {})["properties"]["vote"]["enum"]
    return words


def first_option(prompt: Prompt) -> str:
    """A voter that takes what is named first."""
    return options(prompt)[0]


def by_content(prompt: Prompt) -> str:
    """A voter that refuses to lose data and supports all else."""
    return "object" if "delete" in prompt.transcript[-1].text else "support"


def voting(vote_of: VoteOf) -> Callable[[Prompt], str]:
    """Sensible speakers who vote so."""

    def say(prompt: Prompt) -> str:
        if prompt.task is not Task.BALLOT:
            return sensible(prompt)
        return json.dumps({"vote": vote_of(prompt), "reason": f"{prompt.role.id if prompt.role else ''} has reasons"})

    return say


def spec_with(*juries: Jury, rule: str = "consent") -> MeetingSpec:
    """The spec of a meeting whose models were tested so."""
    spec = spec_for()
    return replace(spec, kind=replace(spec.kind, rule=rule), juries=juries)


def minutes_of(vote_of: VoteOf, *juries: Jury) -> Minutes:
    """The minutes of a meeting in which all vote so."""
    return build(hold(spec_with(*juries), voting(vote_of))[0])


def test_a_model_is_asked_twice_in_a_row_with_the_options_reversed() -> None:
    """Both questions of a speaker follow each other; they share all but the order, and only the first asks for a reason."""
    _, prompts = hold(spec_with(GOOD), voting(by_content))
    asked = [prompt for prompt in prompts if prompt.task is Task.BALLOT]
    assert len(asked) == 2 * len(ROLES)
    for first, second in zip(asked[::2], asked[1::2], strict=True):
        assert first.role == second.role
        assert first.transcript == second.transcript
        assert options(first) == options(second)[::-1] == [vote.value for vote in Vote]
        assert "reason" in (first.schema or {})["properties"]
        assert list((second.schema or {})["properties"]) == ["vote"]


def test_the_proposal_is_told_once_to_all() -> None:
    """What is voted on and what the votes mean are the last message of the discussion, not part of a question."""
    _, prompts = hold(spec_with(GOOD), voting(by_content))
    asked = [prompt for prompt in prompts if prompt.task is Task.BALLOT]
    [told] = {prompt.transcript[-1].text for prompt in asked}
    assert asked[0].asked.proposal in told
    assert all(f"{vote.value}: " in told for vote in Vote)
    assert not any(prompt.asked.proposal in prompt.question for prompt in asked)


def test_a_model_that_votes_by_content_decides() -> None:
    """Steady votes of a model that tells control proposals apart are counted."""
    minutes = minutes_of(by_content, GOOD)
    [topic] = minutes.topics
    assert topic.decision.status is Status.ACCEPTED
    assert topic.decision.tally == {"support": 4, "support_with_concern": 0, "object": 0, "abstain": 0}
    assert minutes.juries == (GOOD,)
    assert not any("never tested" in note for note in minutes.notes)


def test_a_model_that_takes_the_first_option_decides_nothing() -> None:
    """Unsteady votes are not counted, and are no dissent, even if the model passed its test."""
    [topic] = minutes_of(first_option, GOOD).topics
    assert topic.decision.status is Status.NONE
    assert topic.decision.why.startswith("0 of 4 votes were the same in both orders of the options")
    assert sum(topic.decision.tally.values()) == 0
    assert topic.dissent == ()
    assert {(one.vote, one.second, one.steady, one.counted) for one in topic.ballots} == {
        (Vote.SUPPORT, Vote.ABSTAIN, False, False)
    }


@pytest.mark.parametrize("word", ["support", "object", "abstain"])
def test_below_the_bar_votes_decide_nothing_however_they_fell(word: str) -> None:
    """The outcome of votes that are noise is the same for any votes; they are kept and not counted."""
    minutes = minutes_of(lambda _prompt: word, NOISE)
    [topic] = minutes.topics
    assert topic.decision.status is Status.NONE
    assert topic.decision.outcome == "no decision"
    assert topic.decision.why == f"None of the votes counts. {NOISE.sentence}"
    assert [one.vote for one in topic.ballots] == [Vote(word)] * 4
    assert not any(one.counted for one in topic.ballots)
    assert topic.dissent == ()
    assert not any(action.agreed for action in topic.actions)


def test_a_model_below_the_bar_is_asked_for_no_reasons() -> None:
    """Its reasons are worth no more than its votes, so both questions ask for the word alone."""
    _, prompts = hold(spec_with(NOISE), voting(by_content))
    asked = [prompt for prompt in prompts if prompt.task is Task.BALLOT]
    assert {tuple((prompt.schema or {})["properties"]) for prompt in asked} == {("vote",)}


def test_votes_of_a_model_that_was_never_tested_count_and_minutes_say_so() -> None:
    """Without a jury the votes decide, and a note says where their worth could be read."""
    minutes = minutes_of(by_content)
    assert minutes.topics[0].decision.status is Status.ACCEPTED
    [note] = [note for note in minutes.notes if "never tested" in note]
    assert "scripted" in note
    assert "report card" in note


def test_of_two_votes_on_one_side_the_more_careful_one_counts() -> None:
    """Support in one order and support with a concern in the other is a concern, which is shown as dissent."""

    def careful(prompt: Prompt) -> str:
        return "support" if options(prompt)[0] == "support" else "support_with_concern"

    [topic] = minutes_of(careful, GOOD).topics
    assert topic.decision.status is Status.ACCEPTED
    assert topic.decision.tally["support_with_concern"] == 4
    assert len(topic.dissent) == 4


def test_a_second_vote_that_cannot_be_read_is_not_steady() -> None:
    """Whoever names no vote in the reversed order has no steady vote, and is not absent."""

    def half(prompt: Prompt) -> str:
        return "support" if options(prompt)[0] == "support" else "perhaps"

    minutes = minutes_of(half, GOOD)
    assert {(one.second, one.counted) for one in minutes.topics[0].ballots} == {(None, False)}
    assert minutes.absent == ()


def seated(spec: MeetingSpec, models: dict[str, ScriptedModel], person: Listed | None = None) -> Minutes:
    """The minutes of a meeting whose seats have these models, by role id."""
    if person:
        spec = replace(spec, seats=tuple(replace(seat, human=seat.role == ME) for seat in spec.seats))
    journal = MemoryJournal()
    journal.append("called", "called", spec.as_dict())
    agents = {name: Agent(role, models[name]) for name, role in ROLES.items()}
    if person:
        agents[ME] = Agent(ROLES[ME], SeatedPerson(person))
    asyncio.run(agenda.hold(Room(spec, agents, next(iter(models.values())), journal), person))
    return build(journal.events())


def labelled(label: str, vote_of: VoteOf) -> ScriptedModel:
    """A model with this label whose speakers vote so."""
    model = ScriptedModel.of(voting(vote_of))
    model.label = label
    return model


def test_a_persons_vote_counts_among_models_below_the_bar() -> None:
    """The person is asked once, in words that name the proposal; the vote is counted, but alone it is no quorum."""
    person = Listed(["Risk: nobody counted the rows.\nPosition: against", "object: nobody counted"], [])
    minutes = seated(spec_with(NOISE), dict.fromkeys(ROLES, labelled("scripted", by_content)), person)
    [topic] = minutes.topics
    assert [one.speaker for one in topic.ballots if one.counted] == [ME]
    assert topic.decision.tally["object"] == 1
    assert [(one.speaker, one.reason) for one in topic.dissent] == [(ME, "object: nobody counted")]
    assert topic.decision.status is Status.NONE
    assert topic.decision.why.endswith(NOISE.sentence)
    assert sum("How do you vote" in question for question in person.asked) == 1
    assert topic.decision.text in person.asked[-1]


def test_a_person_in_the_chair_decides_among_models_below_the_bar() -> None:
    """Where the chair decides, the other votes are advice, so a person in the chair needs none that counts."""
    spec = replace(spec_with(NOISE, rule="chair"), facilitator=ME)
    person = Listed(["Risk: nobody counted the rows.\nPosition: for", "PASS", "1", "support"], [])
    models = dict.fromkeys(ROLES, labelled("scripted", lambda _prompt: "object"))
    assert seated(spec, models, person).topics[0].decision.status is Status.ACCEPTED
    nobody = replace(spec, facilitator="solutions_architect")
    assert seated(nobody, models).topics[0].decision.status is Status.NONE


@pytest.mark.parametrize(("small", "status"), [(1, Status.ACCEPTED), (2, Status.NONE)])
def test_each_vote_is_judged_by_the_model_of_its_seat(small: int, status: Status) -> None:
    """With two models, only the votes of the one that passes count; with too few of them nothing is decided."""
    models = {
        name: labelled("small", lambda _prompt: "object") if number < small else labelled("large", by_content)
        for number, name in enumerate(ROLES)
    }
    juries = (replace(NOISE, model="small"), replace(GOOD, model="large"))
    minutes = seated(spec_with(*juries), models)
    [topic] = minutes.topics
    assert [one.model for one in topic.ballots] == ["small"] * small + ["large"] * (4 - small)
    assert [one.counted for one in topic.ballots] == [False] * small + [True] * (4 - small)
    assert topic.decision.status is status
    assert set(minutes.juries) == set(juries)


def test_whoever_watches_a_ballot_is_told_what_its_votes_are_worth() -> None:
    """A listener gets the sentence about the jury once, before the votes."""
    heard: list[Event] = []
    journal = MemoryJournal()
    journal.append("called", "called", spec_with(NOISE).as_dict())
    model = labelled("scripted", by_content)
    agents = {name: Agent(role, model) for name, role in ROLES.items()}
    asyncio.run(agenda.hold(Room(spec_with(NOISE), agents, model, journal, listen=heard.append)))
    told = [number for number, event in enumerate(heard) if event.text == NOISE.sentence]
    votes = [number for number, event in enumerate(heard) if event.kind == "ballot"]
    assert len(told) == 1
    assert told[0] < votes[0]


class Killed(Exception):
    """Like a kill: nothing after it is stored."""


def test_a_meeting_killed_between_the_two_orders_asks_at_most_one_again() -> None:
    """The two votes of a speaker are stored as one, so only the first of them is asked for again."""
    spec, journal, sent = spec_with(GOOD), MemoryJournal(), list[Prompt]()

    def dying(prompt: Prompt) -> str:
        if prompt.task is Task.BALLOT:
            sent.append(prompt)
            if len(sent) == 4:
                raise Killed
        return voting(by_content)(prompt)

    with pytest.raises(ExceptionGroup):
        hold(spec, dying, journal)
    done = sum(event.kind == "ballot" for event in journal.events())
    events, prompts = hold(spec, voting(by_content), journal)
    again = [prompt for prompt in prompts if prompt.task is Task.BALLOT]
    assert len(again) == 2 * (len(ROLES) - done)
    whole: list[Event] = hold(spec, voting(by_content))[0]
    assert build(events).topics == build(whole).topics


def test_ballots_of_an_earlier_version_count_as_before() -> None:
    """A ballot that was asked for once, by a model that was not named, is counted."""
    journal = MemoryJournal()
    for event in hold(spec_with(), voting(by_content))[0]:
        gone = {"orders", "second", "model"} if event.kind == "ballot" else set()
        journal.append(event.kind, event.key, {name: it for name, it in event.data.items() if name not in gone})
    minutes = build(journal.events())
    assert all(one.counted and one == replace(one, orders=1, second=None, model="") for one in ballots(minutes))
    assert minutes.topics[0].decision.status is Status.ACCEPTED
    assert not any("never tested" in note for note in minutes.notes)


def ballots(minutes: Minutes) -> tuple[Ballot, ...]:
    """The ballots on the only topic."""
    return minutes.topics[0].ballots
