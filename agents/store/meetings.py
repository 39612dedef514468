"""Meetings on record: one append-only log of events each, durable event by event."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeAlias

from agents.clock import utc_now
from agents.errors import MeetingError, UnknownName, UsageError
from agents.meeting.journal import Event, already_on_record, as_read_back
from agents.store import integrity, locks
from agents.store.database import Database
from agents.store.row_checksum import insert, is_whole, reseal, sealed_columns, storable
from agents.store.search import WordIndex
from agents.store.sqlite_errors import damaged

CALLED = "called"
"""The status of a meeting nobody has spoken in yet."""

TURN = "turn"
"""The kind of event that counts as a turn."""

_NEWEST = ("last", "latest")

_EVENT = sealed_columns("events")


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """A meeting as a list shows it.

    Attributes:
        id: its name on the command line.
        type: id of its meeting type.
        title: what it is about.
        status: "called" at first, then whatever ``set_status`` said.
        created: when it was called, ISO 8601 in UTC.
        updated: when something last happened.
        turns: how often somebody had the floor.
    """

    id: str
    type: str
    title: str
    status: str
    created: str
    updated: str
    turns: int


@dataclass(frozen=True, slots=True)
class Found:
    """Something said in a meeting that a search found; the words stand in square brackets in the snippet."""

    meeting: str
    event: Event
    snippet: str


Rows: TypeAlias = list[MeetingRow]
Events: TypeAlias = list[Event]
Ids: TypeAlias = list[str]


class Meetings:
    """Every meeting there was.

    Args:
        database: where they are kept.
    """

    def __init__(self, database: Database) -> None:
        self.database = database
        self.words = WordIndex(database, "spoken_words", (1.0,))

    def create(self, meeting_id: str, type_id: str, title: str, spec: Mapping[str, Any]) -> None:
        """Put a meeting on record, durably, before anything happens in it.

        Args:
            meeting_id: a name no other meeting has.
            type_id: its meeting type.
            title: what it is about.
            spec: all that was settled when it was called, as JSON knows it; it never changes.

        Raises:
            MeetingError: there is a meeting of this name.
            TypeError: the spec holds something JSON does not know.
            SpaceError: there is no room for it.
        """
        now = utc_now()
        row = {"id": meeting_id, "type": type_id, "title": title, "status": CALLED, "created": now, "updated": now}
        text = as_json(spec)
        with self.database.write() as connection:
            if connection.execute("SELECT 1 FROM meetings WHERE id = ?", (storable(meeting_id),)).fetchone():
                raise MeetingError(f"There is a meeting {meeting_id!r} already.", "Choose another name.")
            number = insert(connection, "meetings", {**row, "turns": 0, "events": 0})
            insert(connection, "specs", {"number": number, "spec": text})

    def spec(self, meeting_id: str) -> dict[str, Any]:
        """What was settled when the meeting was called.

        Raises:
            UnknownName: there is no such meeting.
        """
        self.row(meeting_id)
        tables = "specs JOIN meetings ON meetings.number = specs.number"
        rows = self.database.rows(f"SELECT {sealed_columns('specs')} FROM {tables} WHERE id = ?", (meeting_id,))  # noqa: S608
        if not rows or not is_whole("specs", rows[0]):
            raise damaged(self.database.path, f"what meeting {meeting_id} was called for is not what was stored")
        spec: dict[str, Any] = json.loads(rows[0][1])
        return spec

    def append(self, meeting_id: str, kind: str, key: str, data: Mapping[str, Any]) -> Event:
        """Put one event on the record; when this returns, it is on the disk.

        Args:
            meeting_id: the meeting.
            kind: what happened; events of kind "turn" are counted.
            key: its name, at most once in this meeting; "" for none.
            data: the particulars, as JSON knows them; a string under "text" is what searches look through.

        Raises:
            UnknownName: there is no such meeting.
            MeetingError: the key is already on the record; nothing was changed.
            SpaceError: there is no room for it; nothing was changed.
        """
        plain = as_read_back(data)
        text = plain.get("text")
        said = text if isinstance(text, str) and text == storable(text) else None
        stored = as_json(plain if said is None else {**plain, "text": None})
        kind, key = storable(kind), storable(key)
        with self.database.write() as connection:
            found = connection.execute(
                "SELECT number, events FROM meetings WHERE id = ?", (storable(meeting_id),)
            ).fetchone()
            if found is None:
                raise self._unknown(meeting_id)
            number, before = found
            if (
                key
                and connection.execute("SELECT 1 FROM events WHERE meeting = ? AND key = ?", (number, key)).fetchone()
            ):
                raise already_on_record(key)
            event = Event(before + 1, utc_now(), kind, key, plain)
            values = {"meeting": number, "seq": event.seq, "at": event.at, "kind": kind, "key": key, "data": stored}
            insert(connection, "events", {**values, "text": said})
            sql = "UPDATE meetings SET events = ?, turns = turns + ?, updated = ? WHERE number = ?"
            connection.execute(sql, (event.seq, int(kind == TURN), event.at, number))
            reseal(connection, "meetings", number)
        return event

    def events(self, meeting_id: str) -> Events:
        """Everything that happened in a meeting, in order.

        Raises:
            UnknownName: there is no such meeting.
            StoreError: events are missing, or not what was stored.
        """
        found = self.database.rows("SELECT number, events FROM meetings WHERE id = ?", (meeting_id,))
        if not found:
            raise self._unknown(meeting_id)
        [(number, count)] = found
        sql = f"SELECT {_EVENT} FROM events WHERE meeting = ? ORDER BY seq"  # noqa: S608 - names are our own
        events = [self._event(row) for row in self.database.rows(sql, (number,))]
        # More may have been added since the count was read, but never fewer.
        if len(events) < count or [event.seq for event in events] != list(range(1, len(events) + 1)):
            raise damaged(self.database.path, f"meeting {meeting_id} lacks events")
        return events

    def journal(self, meeting_id: str) -> "StoredJournal":
        """The log of one meeting.

        Raises:
            UnknownName: there is no such meeting.
        """
        self.row(meeting_id)
        return StoredJournal(self, meeting_id)

    def row(self, meeting_id: str) -> MeetingRow:
        """A meeting as a list shows it.

        Raises:
            UnknownName: there is no such meeting.
        """
        found = self._rows("id = ?", [meeting_id], None)
        if not found:
            raise self._unknown(meeting_id)
        return found[0]

    def set_status(self, meeting_id: str, status: str) -> None:
        """Say how far a meeting is, such as "running" or "closed".

        Raises:
            UnknownName: there is no such meeting.
        """
        with self.database.write() as connection:
            found = connection.execute("SELECT number FROM meetings WHERE id = ?", (storable(meeting_id),)).fetchone()
            if found is None:
                raise self._unknown(meeting_id)
            connection.execute(
                "UPDATE meetings SET status = ?, updated = ? WHERE number = ?", (status, utc_now(), found[0])
            )
            reseal(connection, "meetings", found[0])

    def find(self, prefix: str) -> str:
        """The id that somebody means.

        Args:
            prefix: the id, the beginning of exactly one id, or "last" for the newest meeting.

        Raises:
            UnknownName: no meeting is called so.
            UsageError: several are.
        """
        if prefix.lower() in _NEWEST:
            newest = self.list(limit=1)
            if not newest:
                raise UsageError("There is no meeting yet.", "`orchestrator meeting run TYPE` holds one.")
            return newest[0].id
        matching = "id = ? OR (? <> '' AND substr(id, 1, length(?)) = ?)"
        sql = f"SELECT id FROM meetings WHERE {matching} ORDER BY id = ? DESC, number DESC"  # noqa: S608 - built from constants
        found: Ids = [name for (name,) in self.database.rows(sql, (prefix,) * 5)]
        if not found:
            raise self._unknown(prefix)
        if len(found) > 1 and found[0] != prefix:
            more = f" and {len(found) - 5} more" if len(found) > 5 else ""
            raise UsageError(f"{prefix!r} may mean {', '.join(found[:5])}{more}.", "Type more of the one you mean.")
        return found[0]

    def delete(self, meeting_id: str) -> None:
        """Take a meeting off the record, for good; its actions stay in the register.

        Raises:
            UnknownName: there is no such meeting.
            Locked: somebody is holding it.
        """
        self.row(meeting_id)
        with self.hold(meeting_id):
            with self.database.write() as connection:
                connection.execute("DELETE FROM meetings WHERE id = ?", (storable(meeting_id),))
            integrity.wipe(self.database)
            locks.remove(locks.lock_path(self.database.folder, meeting_id))

    @contextmanager
    def hold(self, meeting_id: str) -> Iterator[None]:
        """Be the only one who takes this meeting further, while the block lasts; a killed process lets go by itself.

        Raises:
            Locked: somebody else holds it; says which process. It is not waited for.
        """
        with locks.holding(locks.lock_path(self.database.folder, meeting_id), f"The meeting {meeting_id}"):
            yield

    def search(self, terms: str, limit: int = 20) -> list[Found]:
        """What was said in meetings that has any of the words, best first. Any text is a valid search."""
        numbers = self.words.best(terms, max(0, limit))
        pieces = self.words.snippets(terms, numbers)
        marks = ", ".join("?" * len(numbers))
        tables = "events JOIN meetings ON meetings.number = events.meeting"
        sql = f"SELECT meetings.id, {_EVENT} FROM {tables} WHERE events.number IN ({marks})"  # noqa: S608
        found = {row[1]: row for row in self.database.rows(sql, numbers)}
        return [
            Found(found[one][0], self._event(found[one][1:]), pieces.get(one, "")) for one in numbers if one in found
        ]

    def list(self, limit: int | None = None, type_id: str | None = None, status: str | None = None) -> Rows:
        """Meetings, newest first.

        Args:
            limit: at most so many; None is all.
            type_id: only of this type.
            status: only with this status.
        """
        wanted = {"type": type_id, "status": status}
        given = {name: value for name, value in wanted.items() if value is not None}
        return self._rows(" AND ".join(f"{name} = ?" for name in given) or "1", [*given.values()], limit)

    def _rows(self, condition: str, values: Sequence[str], limit: int | None) -> Rows:
        sql = f"SELECT {sealed_columns('meetings')} FROM meetings WHERE {condition} ORDER BY number DESC LIMIT ?"  # noqa: S608
        rows = []
        for row in self.database.rows(sql, (*values, -1 if limit is None else max(0, limit))):
            if not is_whole("meetings", row):
                raise damaged(self.database.path, f"the entry of meeting {row[1]} is not what was stored")
            rows.append(MeetingRow(*row[1:-2]))
        return rows

    def _event(self, row: tuple[Any, ...]) -> Event:
        if not is_whole("events", row):
            raise damaged(self.database.path, f"an event ({row[2]}) is not what was stored")
        _, _, seq, at, kind, key, stored, text, _ = row
        data: dict[str, Any] = json.loads(stored)
        if text is not None:
            data["text"] = text
        return Event(seq, at, kind, key, data)

    def _unknown(self, meeting_id: str) -> UnknownName:
        known = [name for (name,) in self.database.rows("SELECT id FROM meetings ORDER BY number DESC LIMIT 200")]
        return UnknownName("meeting", meeting_id, known, "orchestrator meeting list")


@dataclass(frozen=True, slots=True)
class StoredJournal:
    """The journal of one meeting on record.

    Attributes:
        meetings: all of them.
        meeting_id: the one this is of.
    """

    meetings: "Meetings"
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
