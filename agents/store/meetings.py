"""Stored meetings: the spec of each, and its journal, an append-only list of events that are durable one by one."""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeAlias

from agents.clock import utc_now
from agents.errors import Locked, MeetingError, StoreError, UnknownName, UsageError
from agents.meeting.journal import Event, Kind, NewEvent, already_in_journal, as_read_back
from agents.store import integrity, locks
from agents.store.database import Database
from agents.store.row_checksum import checked_columns, encodable, insert, is_intact, update_checksum
from agents.store.search import ANY_MEETING, Only, Piece, Within, WordIndex, bracketed, folded_words, plain_words
from agents.store.sqlite_errors import damaged, explaining

CALLED = "called"
"""The status of a meeting in which nobody has spoken yet."""

TURN = "turn"
"""The kind of the events that are counted as turns."""

IN_SPEC = "in_spec"
"""The key under which an event names the data that the spec of its meeting has, and that it does not repeat."""

_NEWEST = ("last", "latest")

_RUN = ".run"
"""Begins the end of the id of a run, which is one meeting held again; the id of that meeting comes before it."""

LOOKED_AT = 6000
"""How many of the newest events with common words are looked at, for all words together, when only some are meant."""

_EVENT = checked_columns("events")


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """A meeting as shown in a list.

    Attributes:
        id: its unique name.
        type: id of its meeting type.
        title: what it is about.
        status: "called" at first, then what ``set_status`` set.
        created: when it was created, ISO 8601 in UTC.
        updated: when the last event or change of status was stored.
        turns: number of turns so far.
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
    """An event that a search found.

    Attributes:
        meeting: the id of its meeting.
        event: the event.
        pieces: a short part of its text: what was looked for, and the words around it.
    """

    meeting: str
    event: Event
    pieces: tuple[Piece, ...]

    @property
    def snippet(self) -> str:
        """The short part as one text; the words that match are in square brackets."""
        return bracketed(self.pieces)


MeetingRows: TypeAlias = list[MeetingRow]
Events: TypeAlias = list[Event]
Ids: TypeAlias = list[str]
Told: TypeAlias = list[tuple[str, Event]]


class Meetings:
    """All stored meetings.

    Args:
        database: where they are stored.
    """

    def __init__(self, database: Database) -> None:
        self.database = database
        self.words = WordIndex(database, "spoken_words", (1.0,))

    def create(self, meeting_id: str, type_id: str, title: str, spec: Mapping[str, Any]) -> None:
        """Store a new meeting durably, before anything happens in it.

        Args:
            meeting_id: a name that no other meeting has.
            type_id: its meeting type.
            title: what it is about.
            spec: its fixed data as JSON values; it never changes.

        Raises:
            MeetingError: there is already a meeting with this name.
            TypeError: the spec contains a value that JSON does not have.
            SpaceError: there is no space for it.
        """
        now = utc_now()
        row = {"id": meeting_id, "type": type_id, "title": title, "status": CALLED, "created": now, "updated": now}
        text = as_json(spec)
        with self.database.write() as connection:
            if connection.execute("SELECT 1 FROM meetings WHERE id = ?", (encodable(meeting_id),)).fetchone():
                raise MeetingError(f"There is already a meeting {meeting_id!r}.", "Choose another name.")
            number = insert(connection, "meetings", {**row, "turns": 0, "events": 0})
            insert(connection, "specs", {"number": number, "spec": text})

    def spec(self, meeting_id: str) -> dict[str, Any]:
        """The spec of a meeting: its fixed data.

        Raises:
            UnknownName: there is no such meeting.
            StoreError: it is not what was stored.
        """
        self.row(meeting_id)
        tables = "specs JOIN meetings ON meetings.number = specs.number"
        rows = self.database.rows(f"SELECT {checked_columns('specs')} FROM {tables} WHERE id = ?", (meeting_id,))  # noqa: S608
        if not rows or not is_intact("specs", rows[0]):
            raise damaged(self.database.path, f"the spec of meeting {meeting_id} is not what was stored")
        spec: dict[str, Any] = json.loads(rows[0][1])
        return spec

    def journal(self, meeting_id: str) -> "StoredJournal":
        """The journal of one meeting.

        Raises:
            UnknownName: there is no such meeting.
        """
        self.row(meeting_id)
        return StoredJournal(self, meeting_id)

    def row(self, meeting_id: str) -> MeetingRow:
        """A meeting as shown in a list.

        Raises:
            UnknownName: there is no such meeting.
        """
        found = self._rows("id = ?", [meeting_id], None)
        if not found:
            raise self.unknown(meeting_id)
        return found[0]

    def set_status(self, meeting_id: str, status: str) -> None:
        """Set the status of a meeting, such as "running" or "closed".

        Raises:
            UnknownName: there is no such meeting.
        """
        with self.database.write() as connection:
            found = connection.execute("SELECT number FROM meetings WHERE id = ?", (encodable(meeting_id),)).fetchone()
            if found is None:
                raise self.unknown(meeting_id)
            connection.execute(
                "UPDATE meetings SET status = ?, updated = ? WHERE number = ?", (status, utc_now(), found[0])
            )
            update_checksum(connection, "meetings", found[0])

    def find(self, prefix: str) -> str:
        """The full id of a meeting.

        Args:
            prefix: the id, the beginning of exactly one id, or "last" for the newest meeting. A run of a meeting that
                was held again is only meant by an id that names the run.

        Raises:
            UnknownName: no id begins like this.
            UsageError: several ids begin like this, or there is no meeting yet.
        """
        if prefix.lower() in _NEWEST:
            newest = self._rows("instr(id, ?) = 0", [_RUN], 1)
            if not newest:
                raise UsageError("There is no meeting yet.", "`create_meeting` creates one.", about="last")
            return newest[0].id
        runs = "(instr(id, ?) = 0 OR instr(?, ?) > 0)"
        matching = f"id = ? OR (? <> '' AND substr(id, 1, length(?)) = ? AND {runs})"
        sql = f"SELECT id FROM meetings WHERE {matching} ORDER BY id = ? DESC, number DESC"  # noqa: S608 - built from constants
        values = (*(prefix,) * 4, _RUN, prefix, _RUN, prefix)
        found: Ids = [name for (name,) in self.database.rows(sql, values)]
        if not found:
            raise self.unknown(prefix)
        if len(found) > 1 and found[0] != prefix:
            more = f" and {len(found) - 5} more" if len(found) > 5 else ""
            raise UsageError(
                f"{prefix!r} may mean, newest first: {', '.join(found[:5])}{more}.", "Give more of the id, or last."
            )
        return found[0]

    def delete(self, meeting_id: str) -> None:
        """Delete a meeting for good; its actions stay in the register.

        Raises:
            UnknownName: there is no such meeting.
            Locked: it is being held.
        """
        self.row(meeting_id)
        with self.locked(meeting_id):
            with self.database.write() as connection:
                connection.execute("DELETE FROM meetings WHERE id = ?", (encodable(meeting_id),))
            integrity.wipe(self.database)
            locks.remove(locks.lock_path(self.database.folder, meeting_id))

    @contextmanager
    def locked(self, meeting_id: str) -> Iterator[None]:
        """Lock a meeting during the block, so that no other process continues it. A killed process releases the lock.

        Raises:
            Locked: another process has the lock, which the cause names; there is no waiting.
        """
        path, what = locks.lock_path(self.database.folder, meeting_id), f"The meeting {meeting_id}"
        with locks.acquired(path, what, about="held", subject=meeting_id):
            yield

    def holder(self, meeting_id: str) -> locks.Holder | None:
        """The process that holds the meeting at this moment; None where no other process does."""
        return locks.holder(locks.lock_path(self.database.folder, meeting_id))

    def ask_to_stop(self, meeting_id: str) -> None:
        """Ask the process that holds a meeting, and perhaps others, to stop it; one that looks for it takes it up.

        Raises:
            SpaceError: there is no space for it.
        """
        path = self._wish_to_stop(meeting_id)
        with explaining(path.parent):
            path.touch(mode=0o600)

    def take_wish_to_stop(self, meeting_id: str) -> bool:
        """Whether somebody asked to stop a meeting since the last call."""
        try:
            self._wish_to_stop(meeting_id).unlink()
        except OSError:
            return False
        return True

    def _wish_to_stop(self, meeting_id: str) -> Path:
        return locks.lock_path(self.database.folder, meeting_id).with_suffix(".stop")

    def is_locked(self, meeting_id: str) -> bool:
        """Whether a process holds the meeting at this moment."""
        # Without its file nobody has ever acquired the lock, and none need be created to find that out.
        if not locks.lock_path(self.database.folder, meeting_id).exists():
            return False
        try:
            with self.locked(meeting_id):
                return False
        except Locked:
            return True
        except StoreError:  # where a lock cannot be acquired, nobody has it
            return False

    def search(
        self, terms: str, limit: int = 20, *, skip: int = 0, kind: str = "", speaker: str = "",
        within: Within = ANY_MEETING,
    ) -> list[Found]:  # fmt: skip
        """The events whose text contains any of the words, best first. Any text is a valid search.

        Args:
            terms: any text.
            limit: the maximum number of events.
            skip: how many of the best ones are left out.
            kind: only events of this kind; "" for any.
            speaker: only events of this role; "" for any.
            within: only events of these meetings.
        """
        only = _only({"events.kind = ?": kind, "json_extract(events.data, '$.speaker') = ?": speaker}, within)
        numbers = self.words.best(terms, max(0, limit) + skip, only)[skip:]
        pieces = self.words.snippets(terms, numbers)
        marks = ", ".join("?" * len(numbers))
        tables = "events JOIN meetings ON meetings.number = events.meeting"
        sql = f"SELECT meetings.id, {_EVENT} FROM {tables} WHERE events.number IN ({marks})"  # noqa: S608
        found = {row[1]: row for row in self.database.rows(sql, numbers)}
        return [
            Found(found[one][0], self.event(found[one][1:]), pieces.get(one, ())) for one in numbers if one in found
        ]

    def titled(self, terms: str, limit: int = 20, *, within: Within = ANY_MEETING) -> MeetingRows:
        """The meetings whose title contains all of the words, newest first.

        Args:
            terms: any text.
            limit: the maximum number of meetings.
            within: only these meetings.
        """
        wanted = folded_words(" ".join(plain_words(terms)))
        given = within.conditions
        sql = f"SELECT number, title FROM meetings WHERE {_all(given)} ORDER BY number DESC"  # noqa: S608 - our own words
        titles = self.database.rows(sql, (*given.values(),)) if wanted else []
        numbers = [str(number) for number, title in titles if wanted <= folded_words(title)][:limit]
        return self._rows(f"number IN ({', '.join(numbers)})", [], None)

    def of_kind(self, kind: str) -> Told:
        """The events of one kind of all meetings, each with the id of its meeting, in the order of adding.

        Raises:
            StoreError: one is not what was stored.
        """
        tables = "events JOIN meetings ON meetings.number = events.meeting"
        sql = f"SELECT meetings.id, {_EVENT} FROM {tables} WHERE events.kind = ? ORDER BY events.number"  # noqa: S608
        return [(row[0], self.event(row[1:])) for row in self.database.rows(sql, (kind,))]

    def list(self, limit: int | None = None, type_id: str | None = None, status: str | None = None) -> MeetingRows:
        """Meetings, newest first.

        Args:
            limit: the maximum number; None for all.
            type_id: only meetings of this type.
            status: only meetings with this status.
        """
        wanted = {"type": type_id, "status": status}
        given = {name: value for name, value in wanted.items() if value is not None}
        return self._rows(" AND ".join(f"{name} = ?" for name in given) or "1", [*given.values()], limit)

    def _rows(self, condition: str, values: Sequence[str], limit: int | None) -> MeetingRows:
        sql = f"SELECT {checked_columns('meetings')} FROM meetings WHERE {condition} ORDER BY number DESC LIMIT ?"  # noqa: S608
        rows = []
        for row in self.database.rows(sql, (*values, -1 if limit is None else max(0, limit))):
            if not is_intact("meetings", row):
                raise damaged(self.database.path, f"the entry of meeting {row[1]} is not what was stored")
            rows.append(MeetingRow(*row[1:-2]))
        return rows

    def event(self, row: tuple[Any, ...]) -> Event:
        """An event from its stored row, read with ``checked_columns("events")``.

        Raises:
            StoreError: it is not what was stored.
        """
        if not is_intact("events", row):
            raise damaged(self.database.path, f"an event ({row[2]}) is not what was stored")
        _, _, seq, at, kind, key, stored, text, _ = row
        data: dict[str, Any] = json.loads(stored)
        if text is not None:
            data["text"] = text
        return Event(seq, at, kind, key, data)

    def unknown(self, meeting_id: str) -> UnknownName:
        """The error for a meeting that does not exist; it offers the nearest ids."""
        known = [name for (name,) in self.database.rows("SELECT id FROM meetings ORDER BY number DESC LIMIT 200")]
        return UnknownName("meeting", meeting_id, known, "list_meetings()")


def _only(conditions: Mapping[str, str], within: Within) -> Only:
    """The events with these values; an empty one is not asked for."""
    given = {condition: value for condition, value in conditions.items() if value} | within.conditions
    if not given:
        return Only()
    tables = "events JOIN meetings ON meetings.number = events.meeting" if within.conditions else "events"
    which = f"EXISTS (SELECT 1 FROM {tables} WHERE events.number = found.rowid AND {_all(given)})"  # noqa: S608 - our own
    return Only(which, (*given.values(),), newest=LOOKED_AT)


def _all(conditions: Mapping[str, str]) -> str:
    return " AND ".join(conditions) or "1"


class StoredJournal:
    """The journal of one stored meeting.

    Args:
        meetings: all stored meetings.
        meeting_id: the meeting.
    """

    def __init__(self, meetings: Meetings, meeting_id: str) -> None:
        self.meetings = meetings
        self.meeting_id = meeting_id
        self._database = meetings.database

    def append(self, kind: str, key: str, data: Mapping[str, Any]) -> Event:
        """Add one event; when this returns, it is on the disk.

        Args:
            kind: what happened; events of kind "turn" are counted.
            key: its name, at most once in this meeting; "" for none.
            data: the particulars as JSON values; searches look through the string under "text".

        Raises:
            UnknownName: there is no such meeting any more.
            MeetingError: the journal already has the key; nothing was changed.
            SpaceError: there is no space for it; nothing was changed.
        """
        plain = as_read_back(data)
        text = plain.get("text")
        said = text if isinstance(text, str) and text == encodable(text) else None
        stored = as_json(self._without_spec(kind, plain if said is None else {**plain, "text": None}))
        kind, key = encodable(kind), encodable(key)
        with self._database.write() as connection:
            number, before = self._numbers(connection)
            known = "SELECT 1 FROM events WHERE meeting = ? AND key = ?"
            if key and connection.execute(known, (number, key)).fetchone():
                raise already_in_journal(key)
            event = Event(before + 1, utc_now(), kind, key, plain)
            values = {"meeting": number, "seq": event.seq, "at": event.at, "kind": kind, "key": key, "data": stored}
            insert(connection, "events", {**values, "text": said})
            sql = "UPDATE meetings SET events = ?, turns = turns + ?, updated = ? WHERE number = ?"
            connection.execute(sql, (event.seq, int(kind == TURN), event.at, number))
            update_checksum(connection, "meetings", number)
        return event

    def append_all(self, events: Sequence[NewEvent]) -> Events:
        """Add events that belong together: when this returns, all are on the disk; errors are those of ``append``."""
        with self._database.write():
            return [self.append(*event) for event in events]

    def events(self) -> Events:
        """Everything that happened so far, in order.

        Raises:
            UnknownName: there is no such meeting any more.
            StoreError: events are missing, or not what was stored.
        """
        found = self._database.rows("SELECT number, events FROM meetings WHERE id = ?", (self.meeting_id,))
        if not found:
            raise self.meetings.unknown(self.meeting_id)
        [(number, count)] = found
        sql = f"SELECT {_EVENT} FROM events WHERE meeting = ? ORDER BY seq"  # noqa: S608 - names are our own
        events = [self.meetings.event(row) for row in self._database.rows(sql, (number,))]
        # More events may have been added since the count was read, but never fewer.
        if len(events) < count or [event.seq for event in events] != list(range(1, len(events) + 1)):
            raise damaged(self._database.path, f"meeting {self.meeting_id} lacks events")
        return [self._with_spec(event) for event in events]

    def newest(self) -> tuple[int, str]:
        """The number of events so far, and when the newest was stored: other ones where something happened since.

        Raises:
            UnknownName: there is no such meeting any more.
        """
        newest = "(SELECT at FROM events WHERE meeting = meetings.number ORDER BY seq DESC LIMIT 1)"
        sql = f"SELECT events, {newest} FROM meetings WHERE id = ?"  # noqa: S608 - built from constants
        found = self._database.rows(sql, (self.meeting_id,))
        if not found:
            raise self.meetings.unknown(self.meeting_id)
        [(count, at)] = found
        return count, at or ""

    def _without_spec(self, kind: str, data: Mapping[str, Any]) -> Mapping[str, Any]:
        """The data of an event as stored: of the spec, which may contain whole documents, only the names."""
        if kind != Kind.SPEC:
            return data
        spec = self.meetings.spec(self.meeting_id)
        same = [name for name, value in data.items() if name in spec and spec[name] == value]
        return {IN_SPEC: same, **{name: value for name, value in data.items() if name not in same}} if same else data

    def _with_spec(self, event: Event) -> Event:
        """An event with the data of the spec that were not stored with it again."""
        if event.kind != Kind.SPEC or IN_SPEC not in event.data:
            return event
        spec = self.meetings.spec(self.meeting_id)
        own = {name: value for name, value in event.data.items() if name != IN_SPEC}
        return replace(event, data={name: spec[name] for name in event.data[IN_SPEC]} | own)

    def _numbers(self, connection: sqlite3.Connection) -> tuple[int, int]:
        """The number of the meeting's row, and how many events it has."""
        sql = "SELECT number, events FROM meetings WHERE id = ?"
        found = connection.execute(sql, (encodable(self.meeting_id),)).fetchone()
        if found is None:
            raise self.meetings.unknown(self.meeting_id)
        return found[0], found[1]


def run_of(meeting_id: str, number: int, attempt: int = 1) -> str:
    """The id of a run of a meeting that is held again; of a run that failed, the next attempt has another one."""
    return f"{meeting_id}{_RUN}{number}" + (f"-{attempt}" if attempt > 1 else "")


def as_json(data: Mapping[str, Any]) -> str:
    """The data as compact JSON that can be encoded in UTF-8.

    Raises:
        TypeError: the data contain a value that JSON does not have.
    """
    text = json.dumps(dict(data), ensure_ascii=False, separators=(",", ":"))
    return text if text == encodable(text) else json.dumps(dict(data), separators=(",", ":"))
