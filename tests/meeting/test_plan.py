"""Plans: what a meeting is expected to cost, compared with what it then costs."""

import asyncio
import itertools
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from agents.agent import Agent
from agents.documents import Document, Passage
from agents.meeting.journal import MemoryJournal
from agents.meeting.jury import Jury
from agents.meeting.phases import PHASES, STATEMENT_REPLY
from agents.meeting.plan import GUESSED, Pace, Plan, Planner, trimmed
from agents.meeting.record import Seat
from agents.meeting.room import agenda, series
from agents.meeting.room.room import Room
from agents.meeting.spec import MeetingSpec, OpenAction, topics_from
from agents.model import Message, Prompt, Task, rough_tokens
from agents.model.scripted import ScriptedModel
from agents.role import Role
from agents.role.card import card_for
from agents.role.file import read_roles
from agents.store.document_index import PassageIndex
from tests.inputs import PROPOSAL, ROOT
from tests.meeting.speakers import TYPES, sentence, talkative, who

POSITIONS = ("for", "against", "for with conditions")


def roles_of(names: Sequence[str]) -> dict[str, Role]:
    """Roles with these ids."""
    return {
        name: Role(name, name.replace("_", " ").title(), mission="You keep one thing in view. " * 8) for name in names
    }


def spec_of(type_id: str, documents: Sequence[Document] = (), topics: Sequence[str] = ("Shall we?",)) -> MeetingSpec:
    """A meeting of this type with its own participants."""
    kind = TYPES[type_id]
    seats = tuple(Seat(name, role.title, "belongs here") for name, role in roles_of(kind.participants).items())
    day = date(2026, 11, 23)
    return MeetingSpec("m", kind, topics_from(topics), seats, kind.facilitator, day, "scripted", tuple(documents))


def at_length(prompt: Prompt) -> str:
    """Speakers who write every line, differ in position, and write as much as a plan expects."""
    seats = list(TYPES["architecture_review"].participants)
    text = talkative(prompt)
    if prompt.schema and not prompt.wants:
        return text
    if prompt.task is Task.IDEAS:
        return "\n".join(f"Idea: {sentence(who(prompt), number)}" for number in range(2))
    if prompt.task is Task.EXCHANGE:
        return "Rebut: " + " ".join(sentence(who(prompt), number) for number in range(4))
    if "Position: " in text:
        number = seats.index(who(prompt)) if who(prompt) in seats else 0
        text = text.replace("Position: for", f"Position: {POSITIONS[number % 3]}")
    limit = 3 * (PHASES[prompt.task.value].reply_tokens if prompt.task.value in PHASES else STATEMENT_REPLY)
    while len(text) < limit:  # what was heard makes each round's words new
        text += f" {sentence(who(prompt), len(prompt.transcript), len(text))}"
    return text


def held(spec: MeetingSpec, index: PassageIndex | None = None) -> list[Prompt]:
    """Hold a meeting; all prompts that were sent."""
    journal = MemoryJournal()
    journal.append("called", "called", spec.as_dict())
    model = ScriptedModel.of(at_length)
    agents = {name: Agent(role, model) for name, role in roles_of(spec.speakers).items()}
    asyncio.run(agenda.hold(Room(spec, agents, model, journal, index)))
    return model.prompts


def evaluated(prompts: Sequence[Prompt]) -> int:
    """The tokens that a server with one slot has to read: those after the common start with the prompt before, also
    within a message.
    """
    empty: list[Message] = []
    read = 0
    for before, after in itertools.pairwise([empty, *(prompt.messages() for prompt in prompts)]):
        common = sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], zip(before, after, strict=False)))
        read += sum(rough_tokens(message.text) for message in after[common:])
        if common < min(len(before), len(after)):
            pairs = zip(before[common].text, after[common].text, strict=False)
            read -= sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], pairs)) // 3
    return read


def planned(spec: MeetingSpec, index: PassageIndex | None = None, pace: Pace | None = None) -> Plan:
    """The plan of a meeting."""
    return Planner(roles_of(spec.speakers), rough_tokens, index, pace).plan(spec)


@pytest.mark.parametrize("type_id", sorted(TYPES))
def test_requests_are_those_of_the_meeting(type_id: str) -> None:
    """For every type, a plan has as many requests as a meeting without failures."""
    spec = spec_of(type_id, topics=("Shall we?", "And when?"))
    plan, sent = planned(spec), held(spec)
    assert plan.total("least") <= len(sent) <= plan.total("most")
    if "exchange" not in spec.kind.phases or type_id == "architecture_review":
        assert len(sent) == plan.total("requests")


@pytest.mark.parametrize("type_id", sorted(TYPES))
def test_tokens_are_about_those_of_the_meeting(type_id: str) -> None:
    """For every type, the planned tokens, read and sent, are within a fifth of the real ones, documents included."""
    document = Document(PROPOSAL.name, PROPOSAL.read_text())
    spec = spec_of(type_id, documents=[document])
    with PassageIndex(document.passages()) as index:
        plan, sent = planned(spec, index), held(spec, index)
    if "exchange" in spec.kind.phases and len(sent) != plan.total("requests"):
        return  # who differs was not as planned; the numbers of requests say how far
    read = evaluated(sent)
    assert 0.8 * read <= plan.total("evaluated") <= 1.2 * read
    total = sum(rough_tokens(message.text) for prompt in sent for message in prompt.messages())
    assert 0.8 * total <= plan.total("sent") <= 1.2 * total


def test_a_ballot_costs_two_calls_for_each_model_and_less_without_reasons() -> None:
    """A person is asked once. Where the model's votes are noise, as many calls write less, as in the meeting."""
    spec = spec_of("decision")
    noise = replace(spec, juries=(Jury("scripted", told=4, controls=8, steady=8),))
    me = replace(spec, seats=(replace(spec.seats[0], human=True), *spec.seats[1:]))
    [usual], [short], [joined] = (
        [step for step in planned(one).steps if step.phase == "ballot"] for one in (spec, noise, me)
    )
    assert (usual.requests, short.requests, joined.requests) == (
        2 * len(spec.seats),
        usual.requests,
        usual.requests - 1,
    )
    assert short.written < usual.written / 2
    assert short.evaluated < usual.evaluated
    sent = held(noise)
    votes = [number for number, prompt in enumerate(sent) if prompt.task is Task.BALLOT]
    read = evaluated(sent[: votes[-1] + 1]) - evaluated(sent[: votes[0]])
    assert short.evaluated == pytest.approx(read, rel=0.2)


def test_open_actions_are_planned_for() -> None:
    """The follow-up of a series counts one request for each owner who is present."""
    left = tuple(
        OpenAction(f"A{n}", "Do it", who, None, "m")
        for n, who in enumerate(("cto", "backend_developer", None, "backend_developer"))
    )
    spec = spec_of("architecture_review", topics=(series.topic_text("weekly"), "Shall we?"))
    spec = replace(spec, open_actions=left, series="weekly")
    first = planned(spec).steps[0]
    assert (first.topic, first.phase, first.requests, first.turns) == (1, "follow up", 1, 1)
    assert len(held(spec)) == planned(spec).total("requests")


def test_time_follows_from_the_pace() -> None:
    """Seconds are the tokens read and written, divided by the measured speeds; twice the speed is half the time."""
    spec = spec_of("decision")
    plan = planned(spec, pace=Pace(100.0, 10.0, 5))
    seconds = plan.total("evaluated") / 100 + plan.total("written") / 10
    assert plan.minutes == pytest.approx(seconds / 60)
    assert planned(spec, pace=Pace(200.0, 20.0, 5)).minutes == pytest.approx(plan.minutes / 2)
    assert planned(spec).minutes == 0


def test_parallel_calls_write_at_once_and_read_the_discussion_in_each_slot() -> None:
    """With several slots a round is written sooner, and each slot reads the discussion once."""
    spec = spec_of("code_review")
    one, four = planned(spec, pace=GUESSED), planned(spec, pace=replace(GUESSED, parallel=4))
    assert four.minutes < one.minutes
    assert four.total("evaluated") > one.total("evaluated")
    assert four.total("requests") == one.total("requests")


def boxed() -> tuple[MeetingSpec, Planner, Document]:
    """A meeting with everything that can be cut: two optional seats, an exchange, and own passages."""
    document = Document(PROPOSAL.name, PROPOSAL.read_text() * 6)
    spec = spec_of("architecture_review", documents=[document])
    optional = tuple(
        Seat(name, role.title, f"knows about {name}", optional=True)
        for name, role in roles_of(spec.kind.optional[:2]).items()
    )
    named = Seat(spec.kind.optional[2], "Named", "invited by name")
    spec = replace(spec, seats=(*spec.seats, *optional, named))
    roles = {
        name: replace(role, expertise=("session", "redis", "rollback"))
        for name, role in roles_of(spec.speakers).items()
    }
    return spec, Planner(roles, rough_tokens, PassageIndex(document.passages()), GUESSED), document


def test_a_time_box_cuts_no_more_than_it_must() -> None:
    """Optional seats are cut first, the last one before the others; then the exchange; then own passages; each only while
    the plan is too long. A role that was invited by name stays.
    """
    spec, planner, _ = boxed()
    named = spec.seats[-1].role
    lengths, cuts = [planner.plan(spec).minutes], [0]
    while True:
        shorter, cut = trimmed(spec, lengths[-1] - 0.01, planner)
        if len(cut) == cuts[-1]:
            break
        assert len(cut) == cuts[-1] + 1
        assert named in shorter.speakers
        lengths.append(planner.plan(shorter).minutes)
        cuts.append(len(cut))
    assert cuts == [0, 1, 2, 3, 4]
    assert lengths == sorted(lengths, reverse=True)
    last, said = trimmed(spec, 0.1, planner)
    optional = [seat.title for seat in spec.seats if seat.optional]
    assert [line.split(" is not invited")[0] for line in said[:2]] == optional[::-1]
    assert "replies" in said[2]
    assert "passages" in said[3]
    assert "exchange" not in last.kind.phases
    assert not last.own_passages
    assert len(last.speakers) == len(spec.speakers) - 2


def test_a_meeting_that_fits_is_not_changed() -> None:
    """A wide time box changes nothing."""
    spec, planner, _ = boxed()
    assert trimmed(spec, 600, planner) == (spec, [])


def test_without_an_exchange_positions_are_still_counted() -> None:
    """A type that compares positions only in its exchange gets a digest instead, so positions are still asked for."""
    kind = next(kind for kind in TYPES.values() if "exchange" in kind.phases and "digest" not in kind.phases)
    spec = spec_of(kind.id)
    shorter, _ = trimmed(spec, 0.01, Planner({}, rough_tokens, None, GUESSED))
    assert "digest" in shorter.kind.phases
    assert "exchange" not in shorter.kind.phases
    assert any("position" in (prompt.schema or {}).get("properties", {}) for prompt in held(shorter))


def test_own_passages_that_were_cut_are_not_sent() -> None:
    """A meeting without own passages shows all speakers the shared passages only."""
    spec, _, document = boxed()
    passages: list[Passage] = list(document.passages())

    def own(one: MeetingSpec) -> int:
        model = ScriptedModel.of(at_length)
        roles = {name: replace(role, expertise=("redis",)) for name, role in roles_of(one.speakers).items()}
        journal = MemoryJournal()
        journal.append("called", "called", json.loads(json.dumps(one.as_dict())))
        with PassageIndex(passages) as index:
            agents = {name: Agent(role, model) for name, role in roles.items()}
            asyncio.run(agenda.hold(Room(one, agents, model, journal, index)))
        return sum(len(prompt.documents) for prompt in model.prompts)

    assert own(spec) > 0
    assert own(replace(spec, own_passages=False)) == 0


def test_a_meeting_of_everybody_costs_what_was_planned() -> None:
    """All 29 roles on a long document: no prompt and answer exceed the context, the requests are exactly those planned,
    and the tokens read are within a sixteenth of the plan, with speakers of the expected length.
    """
    roles = read_roles(ROOT / "Role")
    names = tuple(roles)
    document = Document("long.md", "\n\n".join(f"## Part {n}\n\n{PROPOSAL.read_text()}" for n in range(4)))
    kind = TYPES["architecture_review"]
    seats = tuple(Seat(name, roles[name].title, "invited by name") for name in names)
    day = date(2026, 11, 23)
    spec = MeetingSpec("m", kind, topics_from(["Shall we?"]), seats, kind.facilitator, day, "scripted", (document,))
    with PassageIndex(document.passages()) as index:
        plan = Planner(roles, rough_tokens, index).plan(spec)
        journal = MemoryJournal()
        journal.append("called", "called", spec.as_dict())
        model = ScriptedModel.of(at_length)
        agents = {name: Agent(roles[name], model, card=card_for(roles[name], spec.about)) for name in names}
        asyncio.run(agenda.hold(Room(spec, agents, model, journal, index)))
    lengths = [sum(rough_tokens(message.text) for message in prompt.messages()) for prompt in model.prompts]
    assert max(n + prompt.max_tokens for n, prompt in zip(lengths, model.prompts, strict=True)) <= spec.context_tokens
    assert len(model.prompts) == plan.total("requests") > 4 * 29 + 1
    assert plan.total("evaluated") == pytest.approx(evaluated(model.prompts), rel=0.06)


def test_a_time_box_cuts_reading_turns_first() -> None:
    """A long document is read in fewer parts before anybody is left out, down to one part for each role."""
    document = Document("long.md", "\n\n".join(f"## Part {n}\n\n{PROPOSAL.read_text()}" for n in range(20)))
    spec = replace(spec_of("decision", documents=[document]), context_tokens=4096)
    with PassageIndex(document.passages()) as index:
        planner = Planner(roles_of(spec.speakers), rough_tokens, index, GUESSED)
        plan = planner.plan(spec)
        assert plan.parts == spec.reading_turns == 3
        assert [step.phase for step in plan.steps][:3] == ["reading", "reading", "silent_round"]
        once, [cut] = trimmed(spec, plan.minutes - 0.01, planner)
        assert (once.reading_turns, planner.plan(once).parts) == (2, 2)
        shortest, cuts = trimmed(spec, 0.01, planner)
    assert cut == "Each role reads at most 2 parts of the documents, not 3."
    assert cuts[:2] == [cut, "Each role reads one part of the documents, not 2."]
    assert shortest.reading_turns == 1
    assert plan.unread[1].lines
    assert plan.total("requests") == 2 * 4 + planned(spec_of("decision")).total("requests")


@pytest.mark.parametrize("kilobytes", [16, 64])
def test_reading_turns_cost_what_was_planned(kilobytes: int) -> None:
    """With reading turns, the requests are exactly those planned, and the tokens read are within a tenth of the plan."""
    text = "\n\n".join(f"## Part {n}\n\n{PROPOSAL.read_text()}" for n in range(kilobytes // 8))
    document = Document("long.md", text)
    spec = replace(spec_of("premortem", documents=[document]), context_tokens=4096)
    with PassageIndex(document.passages()) as index:
        plan, sent = planned(spec, index), held(spec, index)
    assert len(sent) == plan.total("requests")
    assert plan.total("evaluated") == pytest.approx(evaluated(sent), rel=0.1)


def test_a_timeline_that_the_documents_contain_costs_no_call() -> None:
    """Where a document has times, no participant is asked for events, and the scribe does not look for them."""
    planner = Planner(roles_of(TYPES["incident_postmortem"].participants), rough_tokens)
    with_times = spec_of("incident_postmortem", [Document("log.md", "- 23:58 deploy\n- 00:10 alarm")])
    without = spec_of("incident_postmortem", [Document("log.md", "It broke.")])
    assert "timeline" not in [step.phase for step in planner.plan(with_times).steps]
    assert "timeline" in [step.phase for step in planner.plan(without).steps]
    assert len(held(with_times)) == planner.plan(with_times).total("requests")


def test_a_time_box_first_cuts_votes_that_decide_nothing() -> None:
    """With a model below the bar, no vote is taken before anything else is cut; a person's vote is never cut."""
    jury = Jury("scripted", 0, 8, 0)
    spec = replace(spec_of("decision"), model="scripted", juries=(jury,))
    planner = Planner(roles_of(spec.speakers), rough_tokens, None, GUESSED)
    shorter, [what] = trimmed(spec, planner.plan(spec).minutes - 0.01, planner)
    assert not {"proposal", "ballot"} & set(shorter.kind.phases)
    assert "decide nothing" in what
    with_person = replace(spec, seats=(replace(spec.seats[0], human=True), *spec.seats[1:]))
    shorter, _ = trimmed(with_person, 0.01, planner)
    assert "ballot" in shorter.kind.phases
    passing = replace(spec, juries=(replace(jury, told=8, steady=8),))
    assert "ballot" in trimmed(passing, 0.01, planner)[0].kind.phases
