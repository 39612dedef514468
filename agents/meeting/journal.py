"""A meeting's journal: the append-only list of its events, from which everything else can be rebuilt.

``Kind`` names every kind of event; ``codec`` alone knows how a value is stored in one. A listener gets the same events,
and also live events, which are never stored.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from agents.clock import utc_now
from agents.errors import MeetingError


class Kind(StrEnum):
    """The kinds of events. ``TOPIC`` to ``TEXT`` are live events: listeners get them, and no journal stores them."""

    # The values are in stored journals and in JSON that programs read, so they never change.
    SPEC = "called"
    PACKING = "head"
    TURN = "turn"
    DROP = "dropped"
    LEFT_OUT = "left_out"
    BALLOT = "ballot"
    ABSENCE = "absent"
    STRUCTURED = "answer"
    PUT_TO_VOTE = "put"
    NOTE = "note"
    INTERJECTION = "pause"
    BASELINE = "control"
    CLOSING = "closed"
    OUTCOME = "outcome"
    REPEATED = "repeat"
    DECIDED = "decided"
    VERDICT = "verdict"
    TOPIC = "topic"
    PHASE = "phase"
    ASKED = "floor"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened in a meeting.

    Attributes:
        seq: its number in the journal, from 1 without gaps; 0 for a live event.
        at: the time, ISO 8601 in UTC with milliseconds; "" for a live event.
        kind: one of ``Kind``.
        key: its name, the same in every run of the same meeting; "" for an event without one.
        data: the details, as JSON values: strings, numbers, booleans, None, lists and dicts with string keys.
    """

    seq: int
    at: str
    kind: str
    key: str
    data: Mapping[str, Any]

    @property
    def topic(self) -> int:
        """The number of the topic it belongs to; 0 for the whole meeting."""
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
    def text(self) -> str:
        """The text of a live event, or ""."""
        return str(self.data.get("text", ""))

    @property
    def numbers(self) -> Mapping[str, float]:
        """Token counts and seconds of its model calls; empty if there were none."""
        return self.data.get("numbers") or {}


Listener = Callable[[Event], None]
"""A function that is given each event as it happens."""

NewEvent = tuple[str, str, Mapping[str, Any]]
"""An event before it is in a journal: kind, key and data."""


class Journal(Protocol):
    """Where the events of one meeting are stored."""

    def events(self) -> list[Event]:
        """All events so far, in order."""

    def append(self, kind: str, key: str, data: Mapping[str, Any]) -> Event:
        """Append one event; when this returns, the event is stored for good.

        Raises:
            MeetingError: the journal already has an event with this key (unless it is "").
        """

    def append_all(self, events: Sequence[NewEvent]) -> list[Event]:
        """Append events that belong together: all of them are stored, or none.

        Raises:
            MeetingError: the journal already has an event with one of the keys (unless it is "").
        """


class MemoryJournal:
    """A journal in memory, for as long as the process runs.

    Args:
        events: the events it starts with.
    """

    def __init__(self, events: list[Event] | None = None) -> None:
        self._events = list(events or [])
        self._keys = {event.key for event in self._events if event.key}

    def events(self) -> list[Event]:
        """All events so far, in order."""
        return list(self._events)

    def append(self, kind: str, key: str, data: Mapping[str, Any]) -> Event:
        """Append one event.

        Raises:
            MeetingError: the journal already has an event with this key (unless it is "").
            TypeError: the data contain a value that JSON does not support.
        """
        if key and key in self._keys:
            raise already_in_journal(key)
        event = Event(len(self._events) + 1, utc_now(), kind, key, as_read_back(data))
        self._events.append(event)
        self._keys.add(key)
        return event

    def append_all(self, events: Sequence[NewEvent]) -> list[Event]:
        """Append events that belong together; errors are those of ``append``."""
        return [self.append(*event) for event in events]


def live_event(kind: Kind, topic: int, phase: str = "", speaker: str = "", text: str = "") -> Event:
    """An event that listeners get and that is not stored."""
    data = {"topic": topic, "phase": phase, "speaker": speaker, "text": text}
    return Event(0, "", kind, "", data)


def as_read_back(data: Mapping[str, Any]) -> dict[str, Any]:
    """The data as a stored journal returns them: tuples as lists, keys as strings, nothing shared with the caller.

    Raises:
        TypeError: the data contain a value that JSON does not support.
    """
    plain: dict[str, Any] = json.loads(json.dumps(dict(data)))
    return plain


def already_in_journal(key: str) -> MeetingError:
    """The error for a key that is used twice."""
    return MeetingError(
        f"The journal already has an event {key!r}.", "Read the journal first, and append only what is missing."
    )
