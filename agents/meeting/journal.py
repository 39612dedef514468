"""A meeting's journal: the append-only list of what happened, from which everything else can be rebuilt.

``Kind`` names everything that can happen; ``entry_of`` and ``value_of`` are the only places that know how a value is
kept. A listener is told the same events, and a few more that are gone once they are told.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any, Protocol, TypeAlias, TypeVar

from agents.clock import utc_now
from agents.errors import MeetingError
from agents.meeting.record import (
    Absence,
    Ballot,
    BaselineAnswer,
    Closing,
    Drop,
    Head,
    Note,
    Pause,
    Position,
    Put,
    StructuredAnswer,
    Turn,
    Vote,
)


class Kind(StrEnum):
    """What happened. ``TOPIC`` to ``TEXT`` are told to listeners while a meeting is held, and not kept."""

    SPEC = "called"
    HEAD = "head"
    TURN = "turn"
    DROP = "dropped"
    BALLOT = "ballot"
    ABSENCE = "absent"
    STRUCTURED = "answer"
    PUT = "put"
    NOTE = "note"
    PAUSE = "pause"
    BASELINE = "control"
    CLOSING = "closed"
    TOPIC = "topic"
    PHASE = "phase"
    ASKED = "floor"
    TEXT = "text"


Recorded: TypeAlias = (
    Turn | Drop | Ballot | Absence | StructuredAnswer | Put | Note | Pause | BaselineAnswer | Head | Closing
)
"""A value that is kept as an event."""

T = TypeVar("T", bound=Recorded)

_TYPES: Mapping[str, type[Recorded]] = {
    Kind.HEAD: Head,
    Kind.TURN: Turn,
    Kind.DROP: Drop,
    Kind.BALLOT: Ballot,
    Kind.ABSENCE: Absence,
    Kind.STRUCTURED: StructuredAnswer,
    Kind.PUT: Put,
    Kind.NOTE: Note,
    Kind.PAUSE: Pause,
    Kind.BASELINE: BaselineAnswer,
    Kind.CLOSING: Closing,
}
_KINDS: Mapping[type, Kind] = {cls: Kind(kind) for kind, cls in _TYPES.items()}
_READ: Mapping[str, Callable[[Any], Any]] = {
    "position": lambda word: Position(word) if word else None,
    "vote": Vote,
    "words": tuple,
    "shared": lambda places: tuple((document, first) for document, first in places),
}
"""How a field is read back, where JSON does not keep its type."""

_NOT_KEPT = ("dropped",)
"""What a turn learns only afterwards, from an event of its own."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened in a meeting.

    Attributes:
        seq: its place in the journal, counted from 1 without gaps; 0 for what is told and not kept.
        at: when, ISO 8601 in UTC with milliseconds.
        kind: what happened, one of ``Kind``.
        key: its name, the same in every run of the same meeting; "" for events that may happen more than once.
        data: the particulars, as JSON knows them: strings, numbers, booleans, None, lists and dicts with string keys.
    """

    seq: int
    at: str
    kind: str
    key: str
    data: Mapping[str, Any]

    @property
    def topic(self) -> int:
        """The number of the topic it belongs to; 0 for the meeting as a whole."""
        return int(self.data.get("topic") or 0)

    @property
    def phase(self) -> str:
        """The phase it belongs to, or ""."""
        return str(self.data.get("phase", ""))

    @property
    def speaker(self) -> str:
        """The role id of the participant it is about, or ""."""
        return str(self.data.get("speaker", ""))

    @property
    def numbers(self) -> Mapping[str, float]:
        """Token counts and seconds of the model calls behind it; empty where there were none."""
        return self.data.get("numbers") or {}


Listener = Callable[[Event], None]
"""Is told each event as it happens."""


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
    """A journal that lives as long as the process.

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


def entry_of(value: Recorded) -> tuple[Kind, dict[str, Any]]:
    """How a value is kept: the kind of event, and its data."""
    kept = (each.name for each in fields(value) if each.name not in _NOT_KEPT)
    return _KINDS[type(value)], {name: getattr(value, name) for name in kept}


def keep(journal: Journal, key: str, value: Recorded) -> Event:
    """Put a value on a journal; when this returns, it is there to stay.

    Raises:
        MeetingError: an event with this key is already on the record.
    """
    kind, data = entry_of(value)
    return journal.append(kind, key, data)


def value_of(event: Event) -> Recorded | None:
    """The value that an event keeps; None for an event that keeps none. Data of an earlier version may lack fields."""
    cls = _TYPES.get(event.kind)
    if cls is None:
        return None
    names = {each.name for each in fields(cls)}
    return cls(**{name: _READ[name](it) if name in _READ else it for name, it in event.data.items() if name in names})


def values(events: Sequence[Event], cls: type[T]) -> list[T]:
    """The values of one type on a journal, in order."""
    kind = _KINDS[cls]
    return [value for event in events if event.kind == kind and isinstance(value := value_of(event), cls)]


def passing(kind: Kind, topic: int, phase: str = "", speaker: str = "", text: str = "") -> Event:
    """An event that listeners are told and that is not kept."""
    data = {"topic": topic, "phase": phase, "speaker": speaker, "text": text}
    return Event(0, "", kind, "", data)


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
