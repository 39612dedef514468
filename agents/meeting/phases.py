"""The steps of the process for one topic: one short function each, handed the room. ``PHASES`` names them for the type
files.

Rounds end here, in code: no model chooses the next speaker, ends a round, or says whether there was agreement.
"""

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from agents.meeting import prompts, reading
from agents.meeting.context import BALLOT_TOKENS, PROPOSAL_TOKENS, SHORT_TOKENS, STATEMENT_TOKENS
from agents.meeting.ideas import by_dots, count_dots, ideas_of, most_dots
from agents.meeting.meeting_type import MeetingType
from agents.meeting.prompts import ACTION, CHALLENGE, EVENT, FACT, IDEA, POSITION, PROPOSAL, QUESTION, Ask
from agents.meeting.record import Position, Turn
from agents.model import Task, Wanted

if TYPE_CHECKING:
    from agents.meeting.room.room import Room

Phase = Callable[["Room"], Awaitable[None]]

STATING_PHASES = ("silent_round", "status_round")
"""Phases in which everybody takes a first position, where positions are weighed."""

ASKING_PHASES = ("silent_round", "status_round", "open_round")
"""The phases in which a type's own lines are asked for."""
LISTING_PHASES = {"timeline": "Event", "brainstorm": "Idea"}
"""Phases in which one kind of line is asked for and no other, with its label."""
WEIGHING = {"digest", "exchange"}
"""Phases that compare positions; without one of them, nobody is asked for a position."""


def most_entries(kind: MeetingType, seats: int) -> Mapping[str, int]:
    """The most contributions each phase can leave in a topic's talk."""
    single = {"digest": 1, "proposal": 1, "ballot": 0, "dot_vote": 1, "challenge": 1}
    return {name: single.get(name, seats) for name in kind.phases}


def type_lines(room: "Room") -> tuple[Wanted, ...]:
    """The labelled lines of the meeting's own type."""
    return tuple(prompts.wanted_from(line) for line in room.call.kind.lines)


def leading_lines(kind: MeetingType) -> tuple[Wanted, ...]:
    """The lines that lead to a decision: a position where positions are weighed, a proposal where one is voted on."""
    position = (POSITION,) if WEIGHING & set(kind.phases) else ()
    if "proposal" not in kind.phases:
        return position
    ask = f"{kind.proposal}; in one sentence" if kind.proposal else PROPOSAL.ask
    return (*position, replace(PROPOSAL, ask=ask))


async def silent_round(room: "Room") -> None:
    """Everybody alone: facts and risks only they see, a position, a proposal. Nobody sees anybody."""
    own_facts = any(line.draws_on == "fact" for line in room.call.kind.lines)
    fact = (FACT,) if room.call.documents and not own_facts else ()
    wants = (*fact, *type_lines(room), *leading_lines(room.call.kind), ACTION, QUESTION)
    topic = room.talk.topic
    asks = [_statement(name, Task.STATEMENT, prompts.statement(topic, wants), wants) for name in room.speakers]
    for turn in await room.ask_all(asks, anonymous=True):
        if turn.position:
            room.talk.positions[turn.speaker] = turn.position


async def status_round(room: "Room") -> None:
    """Everybody reports the type's own lines, at once; a proposal too, where one is voted on."""
    wants = (*type_lines(room), *leading_lines(room.call.kind), ACTION)
    question = prompts.report(room.talk.topic, wants)
    for turn in await room.ask_all([_statement(name, Task.STATUS, question, wants) for name in room.speakers]):
        if turn.position:
            room.talk.positions[turn.speaker] = turn.position


async def open_round(room: "Room") -> None:
    """One after the other, each having heard those before; what only repeats is dropped."""
    wants = (*type_lines(room), ACTION, QUESTION)
    question = prompts.follow_up(room.talk.topic, wants)
    for name in room.speakers:
        await room.ask(_statement(name, Task.STATUS, question, wants), check_repeats=True)


async def timeline(room: "Room") -> None:
    """Everybody gives the events they know, alone; they are put in order by code when the minutes are written."""
    question = prompts.report(room.talk.topic, (EVENT,))
    await room.ask_all([_statement(name, Task.EVENTS, question, (EVENT,)) for name in room.speakers])


async def brainstorm(room: "Room") -> None:
    """Everybody gives ideas alone, before any is judged."""
    question = prompts.report(room.talk.topic, (IDEA,))
    await room.ask_all([_statement(name, Task.IDEAS, question, (IDEA,)) for name in room.speakers], anonymous=True)


async def dot_vote(room: "Room") -> None:
    """Everybody puts dots on the ideas; code counts them."""
    ideas = ideas_of(room.talk.turns)
    if not ideas:
        room.note("dots", "Nobody had an idea to vote on.")
        return
    listed, most = {name: idea.text for name, idea in ideas.items()}, most_dots(ideas)
    question, schema = prompts.dots(listed, most), prompts.dots_schema(list(ideas), most)
    answers = []
    for name in room.speakers:
        ask = Ask(name, Task.DOTS, question, BALLOT_TOKENS, schema=schema)
        answers.append(await room.structured(ask, "dots", lambda got: _bad_dots(got, listed)))
    ranked = by_dots(ideas, count_dots(answers, ideas))
    room.say("The ideas by their dots:\n" + "\n".join(f"{dots} dots: {idea.text}" for idea, dots in ranked if dots))


def _bad_dots(answer: object, ideas: Mapping[str, str]) -> str:
    chosen = answer.get("ideas") if isinstance(answer, dict) else None
    if not isinstance(chosen, list) or not chosen or any(str(name) not in ideas for name in chosen):
        return f'"ideas" must be a list of ids out of {", ".join(ideas)}.'
    return ""


async def digest(room: "Room") -> None:
    """Code counts the positions and says them, without names."""
    counted = positions(room)
    if sum(counted.values()):
        room.say("Positions so far: " + ", ".join(f"{name} {count}" for name, count in counted.items() if count) + ".")
    held = set(room.talk.positions.values())
    if len(room.talk.positions) > 2 and len(held) == 1 and held != {Position.UNDECIDED}:
        room.note(
            "unanimous",
            "All first positions were the same. The voices share one model, so this agreement is weak evidence.",
        )


def positions(room: "Room") -> dict[str, int]:
    """How many hold each position now."""
    counted = Counter(room.talk.positions.values())
    return {position.value: counted[position] for position in Position}


async def exchange(room: "Room") -> None:
    """Where first positions differ, everybody who differs from somebody answers once; where all agree, one challenger
    speaks.
    """
    held = dict(room.talk.positions)
    if len(set(held.values())) <= 1:
        await challenge(room)
        return
    said = {message.speaker: message.turn for message in room.talk.entries if message.turn}
    asks = []
    for name, position in held.items():
        others = [said[other] for other, theirs in held.items() if theirs != position and other in said]
        if name in said and others:
            others.sort(key=lambda turn: int(turn[1:]))
            question = prompts.exchange(room.talk.topic, said[name], position.value, others)
            asks.append(Ask(name, Task.EXCHANGE, question, SHORT_TOKENS, documents=True))
    order = [name for name in room.speakers if name in held]
    asks.sort(key=lambda ask: order.index(ask.speaker))
    for turn in await room.ask_all(asks, check_repeats=True):
        if turn.position and reading.first_word(turn.text) == "REVISE":
            room.talk.positions[turn.speaker] = turn.position


async def challenge(room: "Room") -> None:
    """One participant speaks against what the room seems to agree on; who, rotates with the topic."""
    name = challenger(room)
    if name:
        await room.ask(_statement(name, Task.CHALLENGE, prompts.challenge(room.talk.topic), (CHALLENGE,)))


def challenger(room: "Room") -> str:
    """Who challenges: the first veto role in the room, else the next in turn; never the facilitator while others are
    there.
    """
    others = [name for name in room.speakers if name != room.call.facilitator] or list(room.speakers)
    veto = [name for name in others if name in room.call.kind.veto]
    return (veto or others)[(room.talk.topic.number - 1) % len(veto or others)]


async def proposal(room: "Room") -> None:
    """The facilitator words one proposal; where that fails, the most backed proposal of the round stands in, and it is
    said.
    """
    talk = room.talk
    question = prompts.proposal(talk.topic, positions(room), room.call.kind.proposal)
    wants = (PROPOSAL, ACTION)
    asked = Ask(room.call.facilitator, Task.PROPOSAL, question, PROPOSAL_TOKENS, wants, needs=PROPOSAL.label)
    turn = await room.ask(asked)
    if turn and reading.counts(turn):
        talk.proposal = turn
        return
    spoken = [turn for turn in talk.turns if not turn.dropped and reading.labelled(turn.text, PROPOSAL.label)]
    if spoken:
        talk.proposal = max(spoken, key=lambda turn: (_backing(turn, spoken), -int(turn.id[1:])))
        room.note(
            "proposal",
            f"The facilitator worded no proposal; the most backed statement, {talk.proposal.id}, was put to the vote.",
        )


def _backing(turn: Turn, others: Sequence[Turn]) -> int:
    mine = set(reading.words(" ".join(reading.labelled(turn.text, PROPOSAL.label))))
    return sum(len(mine & set(reading.words(other.text))) for other in others if other is not turn)


async def ballot(room: "Room") -> None:
    """Everybody votes on the proposal, each alone; the outcome is counted by code under the type's rule."""
    talk = room.talk
    if talk.proposal is None:
        room.note("no proposal", "There was no proposal to vote on.")
        return
    question = prompts.ballot(talk.proposal.id, reading.proposal_text(talk.proposal))
    asks = [Ask(name, Task.BALLOT, question, BALLOT_TOKENS, schema=prompts.BALLOT_SCHEMA) for name in room.speakers]
    await room.vote_all(asks)


def _statement(name: str, task: Task, question: str, wants: tuple[Wanted, ...]) -> Ask:
    return Ask(name, task, question, STATEMENT_TOKENS, wants, documents=True)


PHASES: Mapping[str, Phase] = {
    "silent_round": silent_round,
    "status_round": status_round,
    "open_round": open_round,
    "timeline": timeline,
    "brainstorm": brainstorm,
    "dot_vote": dot_vote,
    "digest": digest,
    "exchange": exchange,
    "challenge": challenge,
    "proposal": proposal,
    "ballot": ballot,
}


def lines_of(turn: Turn, label: str) -> list[str]:
    """The lines of one kind in a turn; where no other kind was asked for, a plain list is made of them."""
    read = reading.listed if LISTING_PHASES.get(turn.phase) == label else reading.labelled
    return read(turn.text, label)
