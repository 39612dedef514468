"""How the values of a meeting are stored as events, and read back. No other module knows it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, fields
from typing import Any, TypeAlias, TypeVar

from agents.meeting.afterwards import HeldAgain, OutcomeReport
from agents.meeting.journal import Event, Journal, Kind
from agents.meeting.journal_values import (
    BaselineAnswer,
    Closing,
    Drop,
    Interjection,
    LeftOut,
    Note,
    PersonDecision,
    PutToVote,
    StoredPacking,
    StructuredAnswer,
)
from agents.meeting.record import Absence, Ballot, Entry, Place, Position, Status, Turn, Vote
from agents.meeting.verdict import Judgement, Verdict

Recorded: TypeAlias = (
    Turn
    | Drop
    | LeftOut
    | Ballot
    | Absence
    | StructuredAnswer
    | PutToVote
    | Note
    | Interjection
    | BaselineAnswer
    | StoredPacking
    | PersonDecision
    | Verdict
    | Closing
    | OutcomeReport
    | HeldAgain
)
"""A value that the journal stores as an event."""

T = TypeVar("T", bound=Recorded)

_TYPES: Mapping[str, type[Recorded]] = {
    Kind.PACKING: StoredPacking,
    Kind.TURN: Turn,
    Kind.DROP: Drop,
    Kind.LEFT_OUT: LeftOut,
    Kind.BALLOT: Ballot,
    Kind.ABSENCE: Absence,
    Kind.STRUCTURED: StructuredAnswer,
    Kind.PUT_TO_VOTE: PutToVote,
    Kind.NOTE: Note,
    Kind.INTERJECTION: Interjection,
    Kind.BASELINE: BaselineAnswer,
    Kind.DECIDED: PersonDecision,
    Kind.VERDICT: Verdict,
    Kind.CLOSING: Closing,
    Kind.OUTCOME: OutcomeReport,
    Kind.REPEATED: HeldAgain,
}
_KINDS: Mapping[type, Kind] = {cls: Kind(kind) for kind, cls in _TYPES.items()}


def _places(stored: Sequence[Sequence[Any]]) -> tuple[Place, ...]:
    """The places of passages; an earlier version did not cut lines into pieces."""
    return tuple((place[0], place[1], place[2] if len(place) > 2 else 0) for place in stored)


_READ: Mapping[str, Callable[[Any], Any]] = {
    "position": lambda word: Position(word) if word else None,
    "vote": Vote,
    "status": Status,
    "judgement": Judgement,
    "second": lambda word: Vote(word) if word else None,
    "words": tuple,
    "labels": tuple,
    "entries": lambda listed: None if listed is None else tuple(_entry(one) for one in listed),
    "shared": _places,
    "read": lambda places: None if places is None else _places(places),
    "parts": lambda read: None if read is None else {role: tuple(map(_places, parts)) for role, parts in read.items()},
}
"""How a field is read back where JSON does not preserve its type."""

_NOT_KEPT = ("dropped", "counted", "evidence")
"""Fields that are only known later, from other events."""


def entry_of(value: Recorded) -> tuple[Kind, dict[str, Any]]:
    """The kind of event and the data with which a value is stored."""
    kept = (each.name for each in fields(value) if each.name not in _NOT_KEPT)
    return _KINDS[type(value)], {name: _plain(getattr(value, name)) for name in kept}


def _plain(value: Any) -> Any:
    """A value without the dataclasses in it, which JSON does not know."""
    if isinstance(value, tuple):
        return [asdict(one) if isinstance(one, Entry) else one for one in value]
    return value


def _entry(stored: Any) -> Any:
    """An entry of a turn; the number of one in a ``Drop``."""
    return Entry(**stored) if isinstance(stored, Mapping) else stored


def keep(journal: Journal, key: str, value: Recorded) -> Event:
    """Append a value to a journal; when this returns, it is stored for good.

    Raises:
        MeetingError: the journal already has an event with this key.
    """
    kind, data = entry_of(value)
    return journal.append(kind, key, data)


def keep_all(journal: Journal, values: Mapping[str, Recorded]) -> list[Event]:
    """Append values that belong together, each under its key: all of them are stored for good, or none.

    Raises:
        MeetingError: the journal already has an event with one of the keys.
    """
    kinds = {key: entry_of(value) for key, value in values.items()}
    return journal.append_all([(kind, key, data) for key, (kind, data) in kinds.items()])


def value_of(event: Event) -> Recorded | None:
    """The value that an event stores; None for an event without one. Data of an earlier version may lack fields."""
    cls = _TYPES.get(event.kind)
    if cls is None:
        return None
    names = {each.name for each in fields(cls)}
    return cls(**{name: _READ[name](it) if name in _READ else it for name, it in event.data.items() if name in names})


def values(events: Sequence[Event], cls: type[T]) -> list[T]:
    """The values of one type in a journal, in order."""
    kind = _KINDS[cls]
    return [value for event in events if event.kind == kind and isinstance(value := value_of(event), cls)]
