"""A meeting's journal: the append-only list of what happened, from which everything else can be rebuilt."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from agents.errors import MeetingError


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


def utc_now() -> str:
    """This moment, ISO 8601 in UTC with milliseconds, such as ``2026-05-04T09:30:00.125Z``."""
    return iso_utc(datetime.now(UTC))


def iso_utc(moment: datetime) -> str:
    """A moment as journals write it; one without a time zone is taken as local time."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
