"""The decision of the person who decides: after the vote, with the advice of the room before its eyes."""

from collections.abc import Sequence

from agents.errors import ModelError
from agents.meeting.journal_values import PersonDecision
from agents.meeting.minutes import ballot
from agents.meeting.minutes.decider import advice
from agents.meeting.proposals import short
from agents.meeting.record import Ballot, Status, Vote
from agents.meeting.room.interview import Decided, read_decision
from agents.meeting.room.person import ANSWERS
from agents.meeting.room.room import Room
from agents.model import Asked, Offer, Prompt, Task

DECISION = "decision"
"""The name of the phase."""
MOST_DISSENTS = 2
"""The most objections and concerns that are shown beside the tally."""
ATTEMPTS = 2


async def decide(room: Room) -> None:
    """Ask the person who decides, and store the decision. Nothing is stored without an answer, so that a meeting that
    is resumed asks again.
    """
    open_topic, spec = room.open_topic, room.spec
    room.begin_phase(DECISION)
    key = f"{open_topic.topic.number}.decided"
    open_topic.decided = room.recorded(key, PersonDecision)
    if open_topic.decided is not None:
        return
    for _ in range(ATTEMPTS):
        try:
            reply = await room.agents[spec.decider].answer(_prompt(room))
        except ModelError:
            break
        names = [choice.name for choice in spec.kind.choices]
        found = reply.parsed if isinstance(reply.parsed, Decided) else read_decision(reply.text, names)
        if found and (found.choice or open_topic.proposal or found.status is Status.DEFERRED):
            value = PersonDecision(
                open_topic.topic.number, spec.decider, found.status, found.choice, found.why, {ANSWERS: 1.0}
            )
            room.record(key, value)
            open_topic.decided = value
            return
    room.remark(f"The {spec.title_of(spec.decider)} gave no decision, so nothing is decided.")


def _prompt(room: Room) -> Prompt:
    open_topic, kind = room.open_topic, room.spec.kind
    put = open_topic.proposal
    votes = ballot.judged(open_topic.ballots, room.spec.juries)
    asked = Asked(
        proposal=put.text if put else "",
        offers=tuple(Offer(one.name, one.sentence) for one in kind.choices),
        advice=(f"The room advises: {advice(votes)}.", *_dissents(room, votes)),
    )
    question = "\n".join([f"The proposal: {asked.proposal or 'none'}", *asked.advice, "Your decision, and why?"])
    return Prompt(
        question, Task.DECISION, transcript=open_topic.discussion(), subject=open_topic.topic.text, asked=asked
    )


def _dissents(room: Room, votes: Sequence[Ballot]) -> list[str]:
    """The first objections and concerns, each on one line."""
    said = [one for wanted in (Vote.OBJECT, Vote.CONCERN) for one in votes if one.counted and one.vote is wanted]
    return [
        f"{room.spec.title_of(one.speaker)}, {ballot.COUNTED[one.vote]}: {short(one.reason) or 'no reason given'}"
        for one in said[:MOST_DISSENTS]
    ]
