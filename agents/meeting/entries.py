"""What the journal's entries hold: values to plain data, and back."""

from collections.abc import Mapping, Sequence
from typing import Any

from agents.documents import Passage
from agents.meeting import context
from agents.meeting.journal import Event
from agents.meeting.minutes import reading
from agents.meeting.record import Ballot, Position, Turn, Vote
from agents.model import Reply


def read_ballot(reply: Reply, topic: int, speaker: str, key: str) -> Ballot | None:
    """A ballot out of a reply: its JSON, else its plain words; None when no vote can be read."""
    answer = reply.parsed if isinstance(reply.parsed, dict) else {}
    vote = reading.read_vote(str(answer.get("vote", ""))) or (None if answer else reading.read_vote(reply.text))
    if vote is None:
        return None
    reason = reading.clean(str(answer.get("reason") or ("" if answer else reply.text)))
    return Ballot(topic, speaker, vote, reason, reading.clean(str(answer.get("would_change") or "")), key)


def numbers_of(*replies: Reply) -> dict[str, float]:
    """The numbers of the calls behind an answer, as kept with it; those of several are summed up."""
    names = ("prompt_tokens", "reply_tokens", "queue_seconds", "first_token_seconds", "total_seconds")
    every = (*names, "prompt_seconds", "reply_seconds", "retries")
    numbers: dict[str, float] = {name: sum(getattr(reply, name) for reply in replies) for name in every}
    evaluated = [reply.evaluated_tokens for reply in replies if reply.evaluated_tokens is not None]
    if len(evaluated) == len(replies):
        numbers["evaluated_tokens"] = sum(evaluated)
    return {name: round(value, 4) for name, value in numbers.items()}


def sums_of(events: Sequence[Event]) -> dict[str, float]:
    """The numbers of all calls of a meeting; what the model did not say of each of them is left out."""
    said = [event.data for event in events if event.kind in {"turn", "ballot", "answer"}]
    counted = [data["numbers"] for data in said if data.get("numbers")]
    numbers = {"calls": float(len(said))}
    for name in dict.fromkeys(name for each in counted for name in each):
        if name != "evaluated_tokens" or all(name in each for each in counted):
            numbers[name] = sum(each.get(name, 0) for each in counted)
    return numbers


def turn_data(turn: Turn) -> dict[str, Any]:
    """A turn as kept on the journal."""
    return {
        "id": turn.id,
        "key": turn.key,
        "topic": turn.topic,
        "phase": turn.phase,
        "speaker": turn.speaker,
        "text": turn.text,
        "position": turn.position.value if turn.position else None,
        "numbers": dict(turn.numbers),
    }


def turn_from(data: Mapping[str, Any]) -> Turn:
    """Read back a turn from the journal."""
    position = Position(data["position"]) if data["position"] else None
    fields = {name: data[name] for name in ("id", "key", "topic", "phase", "speaker", "text", "numbers")}
    return Turn(**fields, position=position)


def ballot_data(ballot: Ballot, reply: Reply) -> dict[str, Any]:
    """A ballot as kept on the journal, with the numbers of the call that brought it."""
    return {
        "topic": ballot.topic,
        "speaker": ballot.speaker,
        "vote": ballot.vote.value,
        "reason": ballot.reason,
        "would_change": ballot.would_change,
        "key": ballot.key,
        "numbers": numbers_of(reply),
    }


def ballot_from(data: Mapping[str, Any]) -> Ballot:
    """Read back a ballot from the journal."""
    return Ballot(data["topic"], data["speaker"], Vote(data["vote"]), data["reason"], data["would_change"], data["key"])


def packing_data(packed: context.Packing) -> dict[str, Any]:
    """A topic's packing as kept on the journal."""
    places = [[passage.document, passage.first] for passage in packed.shared]
    return {"shared": places, "scale": packed.scale, "total": packed.total}


def packing_from(data: Mapping[str, Any], passages: Sequence[Passage]) -> context.Packing:
    """Read back a topic's packing from the journal."""
    places = {(document, first) for document, first in data["shared"]}
    shared = tuple(passage for passage in passages if (passage.document, passage.first) in places)
    return context.Packing(shared, data["scale"], data["total"])
