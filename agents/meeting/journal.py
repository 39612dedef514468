"""A meeting's journal: the append-only list of what happened, from which everything else can be rebuilt."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from agents.clock import utc_now
from agents.errors import MeetingError
from agents.meeting.record import Ballot, Position, Turn, Vote


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened in a meeting.

    Attributes:
        seq: its place in the journal, counted from 1 without gaps.
        at: when, ISO 8601 in UTC with milliseconds.
        kind: what happened, such as "turn".
        key: its name, the same in every run of the same meeting; "" for events that may happen more than once.
        data: the particulars, as JSON knows them: strings, numbers, booleans, None, lists and dicts with string keys.
    """

    seq: int
    at: str
    kind: str
    key: str
    data: Mapping[str, Any]


class Journal(Protocol):
    """One meeting's log."""

    def events(self) -> list[Event]:
        """Everything that happened so far, in order."""

    def append(self, kind: str, key: str, data: Mapping[str, Any]) -> Event:
        """Put one event on the record; when this returns, it is there to stay.

        Raises:
            MeetingError: an event with this key, if it is not "", is already on the record.
        """


class MemoryJournal:
    """A journal that lives as long as the process; for plans and rehearsals.

    Args:
        events: what has happened already.
    """

    def __init__(self, events: list[Event] | None = None) -> None:
        self._events = list(events or [])
        self._keys = {event.key for event in self._events if event.key}

    def events(self) -> list[Event]:
        """Everything that happened so far, in order."""
        return list(self._events)

    def append(self, kind: str, key: str, data: Mapping[str, Any]) -> Event:
        """Put one event on the record.

        Raises:
            MeetingError: an event with this key, if it is not "", is already on the record.
            TypeError: the data hold something JSON does not know.
        """
        if key and key in self._keys:
            raise already_on_record(key)
        event = Event(len(self._events) + 1, utc_now(), kind, key, as_read_back(data))
        self._events.append(event)
        self._keys.add(key)
        return event


def as_read_back(data: Mapping[str, Any]) -> dict[str, Any]:
    """The data as a stored journal gives them back: tuples as lists, keys as strings, nothing shared with the caller.

    Raises:
        TypeError: the data hold something JSON does not know.
    """
    plain: dict[str, Any] = json.loads(json.dumps(dict(data)))
    return plain


def already_on_record(key: str) -> MeetingError:
    """The error for a key used twice."""
    return MeetingError(
        f"{key!r} is already on the record.", "Read the journal first; what is there is not done again."
    )


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


def ballot_data(ballot: Ballot, numbers: Mapping[str, float]) -> dict[str, Any]:
    """A ballot as kept on the journal, with the numbers of the call that brought it."""
    return {
        "topic": ballot.topic,
        "speaker": ballot.speaker,
        "vote": ballot.vote.value,
        "reason": ballot.reason,
        "would_change": ballot.would_change,
        "key": ballot.key,
        "numbers": dict(numbers),
    }


def ballot_from(data: Mapping[str, Any]) -> Ballot:
    """Read back a ballot from the journal."""
    return Ballot(data["topic"], data["speaker"], Vote(data["vote"]), data["reason"], data["would_change"], data["key"])


@dataclass(frozen=True, slots=True)
class Happening:
    """Something a watcher may show while it happens.

    Attributes:
        kind: "topic", "phase", "floor", "text", "turn", "ballot", "absent", "dropped" or "note".
        topic: number of the topic.
        phase: name of the phase.
        speaker: role id, or "".
        text: a piece of an answer, a note, a cause.
        turn: the finished turn, for "turn".
    """

    kind: str
    topic: int = 0
    phase: str = ""
    speaker: str = ""
    text: str = ""
    turn: Turn | None = None


Listener = Callable[[Happening], None]
