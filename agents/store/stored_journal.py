"""The journal of one meeting on record, and how its events are written down."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from agents.meeting.journal import Event
from agents.store.seal import storable


class Events(Protocol):
    """The events of all meetings; see ``meetings.Meetings``."""

    def events(self, meeting_id: str) -> list[Event]:
        """Everything that happened in one, in order."""

    def append(self, meeting_id: str, kind: str, key: str, data: Mapping[str, Any]) -> Event:
        """Put one event on the record."""


@dataclass(frozen=True, slots=True)
class StoredJournal:
    """The journal of one meeting on record.

    Attributes:
        meetings: all of them.
        meeting_id: the one this is of.
    """

    meetings: Events
    meeting_id: str

    def events(self) -> list[Event]:
        """Everything that happened so far, in order."""
        return self.meetings.events(self.meeting_id)

    def append(self, kind: str, key: str, data: Mapping[str, Any]) -> Event:
        """Put one event on the record; when this returns, it is on the disk.

        Raises:
            MeetingError: the key is already on the record.
            SpaceError: there is no room for it; nothing was changed.
        """
        return self.meetings.append(self.meeting_id, kind, key, data)


def as_json(data: Mapping[str, Any]) -> str:
    """The data as JSON that UTF-8 can hold, as short as it gets.

    Raises:
        TypeError: the data hold something JSON does not know.
    """
    text = json.dumps(dict(data), ensure_ascii=False, separators=(",", ":"))
    return text if text == storable(text) else json.dumps(dict(data), separators=(",", ":"))
