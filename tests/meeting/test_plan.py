"""Plans: what a meeting will cost, held against what it then did cost."""

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
from agents.meeting.phases import PHASES, STATEMENT_REPLY
from agents.meeting.plan import GUESSED, Pace, Plan, Planner, trimmed
from agents.meeting.record import Seat
from agents.meeting.room import agenda, series
from agents.meeting.room.room import Room
from agents.meeting.spec import MeetingSpec, OpenAction, topics_from
from agents.model import Message, Prompt, Task, rough_tokens
from agents.model.scripted import ScriptedModel
from agents.role import Role
from agents.role.file import read_roles
from agents.store.document_index import PassageIndex
from tests.inputs import PROPOSAL, ROOT
from tests.meeting.speakers import TYPES, talkative

POSITIONS = ("for", "against", "for with conditions")


def roles_of(names: Sequence[str]) -> dict[str, Role]:
    """Roles with these ids."""
    return {
        name: Role(name, name.replace("_", " ").title(), mission="You keep one thing in view. " * 8) for name in names
    }


def called(type_id: str, documents: Sequence[Document] = (), topics: Sequence[str] = ("Shall we?",)) -> MeetingSpec:
    """A meeting of this type with its own participants."""
    kind = TYPES[type_id]
    seats = tuple(Seat(name, role.title, "belongs here") for name, role in roles_of(kind.participants).items())
    day = date(2026, 11, 23)
    return MeetingSpec("m", kind, topics_from(topics), seats, kind.facilitator, day, "scripted", tuple(documents))


def at_length(prompt: Prompt) -> str:
    """Speakers who write every line, differ in position, and are as long as a plan takes them to be."""
    who = list(TYPES["architecture_review"].participants)
    text = talkative(prompt)
    if prompt.schema:
        return text
    if prompt.task is Task.EXCHANGE:
        return "REBUT: " + f"{prompt.role.id if prompt.role else ''} sees it otherwise because of this. " * 7
    if "Position: " in text:
        number = who.index(prompt.role.id) if prompt.role and prompt.role.id in who else 0
        text = text.replace("Position: for", f"Position: {POSITIONS[number % 3]}")
    heard = len(prompt.transcript)  # so that nobody repeats what it said itself in an earlier round
    text = text.replace(" speaks of ", f" after {heard} says {heard} of ")
    words = f" {prompt.role.id if prompt.role else ''} {prompt.task.value} after {heard}"
    limit = 3 * (PHASES[prompt.task.value].reply_tokens if prompt.task.value in PHASES else STATEMENT_REPLY)
    return text + words * max(0, (limit - len(text)) // len(words))


def held(call: MeetingSpec, index: PassageIndex | None = None) -> list[Prompt]:
    """Hold a meeting; every prompt that was sent."""
    journal = MemoryJournal()
    journal.append("called", "called", call.as_dict())
    model = ScriptedModel.of(at_length)
    agents = {name: Agent(role, model) for name, role in roles_of(call.speakers).items()}
    asyncio.run(agenda.hold(Room(call, agents, model, journal, index)))
    return model.prompts


def evaluated(prompts: Sequence[Prompt]) -> int:
    """The tokens a server with one slot reads anew: what the prompt before it did not begin with."""
    empty: list[Message] = []
    read = 0
    for before, after in itertools.pairwise([empty, *(prompt.messages() for prompt in prompts)]):
        common = sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], zip(before, after, strict=False)))
        read += sum(rough_tokens(message.text) for message in after[common:])
    return read


def planned(call: MeetingSpec, index: PassageIndex | None = None, pace: Pace | None = None) -> Plan:
    """The plan of a meeting."""
    return Planner(roles_of(call.speakers), rough_tokens, index, pace).plan(call)


@pytest.mark.parametrize("type_id", sorted(TYPES))
def test_requests_are_those_of_the_meeting(type_id: str) -> None:
    """For every type, as many requests are planned as a meeting in which nothing fails then makes."""
    call = called(type_id, topics=("Shall we?", "And when?"))
    plan, sent = planned(call), held(call)
    assert plan.total("least") <= len(sent) <= plan.total("most")
    if "exchange" not in call.kind.phases or type_id == "architecture_review":
        assert len(sent) == plan.total("requests")


@pytest.mark.parametrize("type_id", sorted(TYPES))
def test_tokens_are_about_those_of_the_meeting(type_id: str) -> None:
    """For every type, the tokens read anew and the tokens sent are planned to within a fifth, documents included."""
    document = Document(PROPOSAL.name, PROPOSAL.read_text())
    call = called(type_id, documents=[document])
    with PassageIndex(document.passages()) as index:
        plan, sent = planned(call, index), held(call, index)
    if "exchange" in call.kind.phases and len(sent) != plan.total("requests"):
        return  # who differs was not as planned; the numbers of requests say how far
    read = evaluated(sent)
    assert 0.8 * read <= plan.total("evaluated") <= 1.2 * read
    total = sum(rough_tokens(message.text) for prompt in sent for message in prompt.messages())
    assert 0.8 * total <= plan.total("sent") <= 1.2 * total


def test_open_actions_are_planned_for() -> None:
    """The follow-up of a series counts a request for each owner in the room, and nobody else."""
    left = tuple(
        OpenAction(f"A{n}", "Do it", who, None, "m")
        for n, who in enumerate(("cto", "backend_developer", None, "backend_developer"))
    )
    call = called("architecture_review", topics=(series.topic_text("weekly"), "Shall we?"))
    call = replace(call, open_actions=left, series="weekly")
    first = planned(call).steps[0]
    assert (first.topic, first.phase, first.requests, first.turns) == (1, "follow up", 1, 1)
    assert len(held(call)) == planned(call).total("requests")


def test_time_follows_from_the_pace() -> None:
    """Seconds are tokens read and written by the measured speeds; twice the speed is half the time."""
    call = called("decision")
    plan = planned(call, pace=Pace(100.0, 10.0, 5))
    seconds = plan.total("evaluated") / 100 + plan.total("written") / 10
    assert plan.minutes == pytest.approx(seconds / 60)
    assert planned(call, pace=Pace(200.0, 20.0, 5)).minutes == pytest.approx(plan.minutes / 2)
    assert planned(call).minutes == 0


def test_parallel_calls_write_at_once_and_read_the_talk_in_each_slot() -> None:
    """With several slots a round is written sooner, and the talk is read once for each of them."""
    call = called("code_review")
    one, four = planned(call, pace=GUESSED), planned(call, pace=replace(GUESSED, parallel=4))
    assert four.minutes < one.minutes
    assert four.total("evaluated") > one.total("evaluated")
    assert four.total("requests") == one.total("requests")


def boxed() -> tuple[MeetingSpec, Planner, Document]:
    """A meeting with everything that can be cut: two optional seats, an exchange, passages of one's own."""
    document = Document(PROPOSAL.name, PROPOSAL.read_text() * 6)
    call = called("architecture_review", documents=[document])
    optional = tuple(
        Seat(name, role.title, f"knows about {name}", optional=True)
        for name, role in roles_of(call.kind.optional[:2]).items()
    )
    named = Seat(call.kind.optional[2], "Named", "invited by name")
    call = replace(call, seats=(*call.seats, *optional, named))
    roles = {
        name: replace(role, expertise=("session", "redis", "rollback"))
        for name, role in roles_of(call.speakers).items()
    }
    return call, Planner(roles, rough_tokens, PassageIndex(document.passages()), GUESSED), document


def test_a_time_box_cuts_no_more_than_it_must() -> None:
    """Optional seats go first, the last invited before the others; then the exchange; then own passages; each only
    while the plan is too long. Whoever was asked for by name stays.
    """
    call, planner, _ = boxed()
    named = call.seats[-1].role
    lengths, cuts = [planner.plan(call).minutes], [0]
    while True:
        shorter, cut = trimmed(call, lengths[-1] - 0.01, planner)
        if len(cut) == cuts[-1]:
            break
        assert len(cut) == cuts[-1] + 1
        assert named in shorter.speakers
        lengths.append(planner.plan(shorter).minutes)
        cuts.append(len(cut))
    assert cuts == [0, 1, 2, 3, 4]
    assert lengths == sorted(lengths, reverse=True)
    last, said = trimmed(call, 0.1, planner)
    optional = [seat.title for seat in call.seats if seat.optional]
    assert [line.split(" is not invited")[0] for line in said[:2]] == optional[::-1]
    assert "exchange" in said[2]
    assert "passages" in said[3]
    assert "exchange" not in last.kind.phases
    assert not last.own_passages
    assert len(last.speakers) == len(call.speakers) - 2


def test_a_meeting_that_fits_is_left_alone() -> None:
    """A wide time box changes nothing."""
    call, planner, _ = boxed()
    assert trimmed(call, 600, planner) == (call, [])


def test_without_an_exchange_positions_are_still_counted() -> None:
    """A type that weighs positions only in its exchange gets a digest in its place, so that they are still asked for."""
    kind = next(kind for kind in TYPES.values() if "exchange" in kind.phases and "digest" not in kind.phases)
    call = called(kind.id)
    shorter, _ = trimmed(call, 0.01, Planner({}, rough_tokens, None, GUESSED))
    assert "digest" in shorter.kind.phases
    assert "exchange" not in shorter.kind.phases
    assert any("Position:" in prompt.question for prompt in held(shorter))


def test_own_passages_that_were_cut_are_not_sent() -> None:
    """A call without own passages shows nobody anything but the shared part of the documents."""
    call, _, document = boxed()
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

    assert own(call) > 0
    assert own(replace(call, own_passages=False)) == 0


def test_a_meeting_of_everybody_costs_what_was_planned() -> None:
    """All 29 over a long document: no prompt and its answer exceed the context, the requests are exactly those planned,
    and the tokens read anew are the planned ones to within a twentieth where speakers are as long as they were taken
    to be.
    """
    roles = read_roles(ROOT / "Role")
    names = tuple(roles)
    document = Document("long.md", "\n\n".join(f"## Part {n}\n\n{PROPOSAL.read_text()}" for n in range(4)))
    kind = TYPES["architecture_review"]
    seats = tuple(Seat(name, roles[name].title, "invited by name") for name in names)
    day = date(2026, 11, 23)
    call = MeetingSpec("m", kind, topics_from(["Shall we?"]), seats, kind.facilitator, day, "scripted", (document,))
    with PassageIndex(document.passages()) as index:
        plan = Planner(roles, rough_tokens, index).plan(call)
        journal = MemoryJournal()
        journal.append("called", "called", call.as_dict())
        model = ScriptedModel.of(at_length)
        asyncio.run(agenda.hold(Room(call, {name: Agent(roles[name], model) for name in names}, model, journal, index)))
    lengths = [sum(rough_tokens(message.text) for message in prompt.messages()) for prompt in model.prompts]
    assert max(n + prompt.max_tokens for n, prompt in zip(lengths, model.prompts, strict=True)) <= call.context_tokens
    assert len(model.prompts) == plan.total("requests") == 3 * 29 + 1
    assert plan.total("evaluated") == pytest.approx(evaluated(model.prompts), rel=0.05)
