"""What agents remember, stored in the database: it implements ``agents.memory.History``."""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from agents.clock import iso_utc, utc_now
from agents.errors import UnknownName, UsageError
from agents.log import SILENT, Log
from agents.memory import NO_LIMITS, HistoryLimits, Remembered
from agents.store import integrity
from agents.store.database import Database
from agents.store.row_checksum import checked_columns, encodable, insert, is_intact, update_checksum
from agents.store.search import EVERY_ROW, Only, WordIndex, bracketed, words_in
from agents.store.sqlite_errors import damaged
from agents.store.summaries import drop_from

PINNED_SESSION = "pinned"
"""The session of notes that a user pinned."""

_FILLED = 0.95
"""How much of a limit stays in use after it was passed, so that the next messages need not make room again."""

_COLUMNS = checked_columns("messages")

_BATCH = 500


@dataclass(frozen=True, slots=True)
class AgentStats:
    """How much an agent remembers.

    Attributes:
        agent: role id.
        messages: number of messages.
        tokens: about how many tokens they have together.
        text_bytes: bytes of their texts together.
        last_used: when the newest was stored, ISO 8601 in UTC.
    """

    agent: str
    messages: int
    tokens: int
    text_bytes: int
    last_used: str


class Memories:
    """The histories of all agents.

    Args:
        database: where they are stored.
        limits: how much each agent may remember; reaching a limit forgets the oldest messages, never pinned ones.
        log: gets a line when a limit was reached.
    """

    def __init__(self, database: Database, limits: HistoryLimits = NO_LIMITS, log: Log = SILENT) -> None:
        self.database = database
        self.limits = limits
        self.log = log
        self.words = WordIndex(database, "messages_words", (0.0, 1.0))

    def add(self, agent: str, session: str, author: str, text: str, *, tokens: int = 0, pinned: bool = False) -> int:
        """Store one message durably; returns its number.

        When the history then exceeds its limits, its oldest messages are forgotten in the same transaction.

        Raises:
            SpaceError: there is no space for it.
        """
        message = Remembered(0, agent, session, author, text, utc_now(), tokens, pinned)
        with self.database.write() as connection:
            number = insert(connection, "messages", _row(message))
            gone = self._enforce_limits(connection, agent, spare=number)
        self._log_forgotten(agent, gone)
        return number

    def together(self) -> AbstractContextManager[object]:
        """A block whose messages are all stored at its end, or none."""
        return self.database.write()

    def recent(
        self, agent: str, session: str | None = None, *, limit: int = 200, after: int = 0, before: int = 2**62
    ) -> list[Remembered]:
        """The newest messages of an agent between two numbers, oldest first; of one session, or of all."""
        where, values = ("agent = ?", [agent]) if session is None else ("agent = ? AND session = ?", [agent, session])
        where += " AND number > ? AND number < ? ORDER BY number DESC LIMIT ?"
        return self._read(where, *values, after, before, max(0, limit))[::-1]

    def since(self, agent: str, moment: datetime, *, limit: int = 200) -> list[Remembered]:
        """The newest messages of an agent that are not older than ``moment``, oldest first."""
        return self._read("agent = ? AND at >= ? ORDER BY number DESC LIMIT ?", agent, iso_utc(moment), max(0, limit))[
            ::-1
        ]

    def search(self, terms: str, agent: str | None = None, *, limit: int = 20) -> list[Remembered]:
        """The messages that contain any of the words, best first. Any text is a valid search."""
        return self._numbered(self.words.best(terms, max(0, limit), _of(agent)))

    def snippets(self, terms: str, agent: str | None = None, limit: int = 20) -> list[tuple[Remembered, str]]:
        """Like ``search``, each with a short piece of its text in which the words found are in square brackets."""
        found = self.search(terms, agent, limit=limit)
        pieces = self.words.snippets(terms, [message.number for message in found])
        return [(message, bracketed(pieces.get(message.number, ()))) for message in found]

    def pinned(self, agent: str) -> list[Remembered]:
        """The agent's pinned notes and open commitments, oldest first."""
        return self._read("agent = ? AND pinned ORDER BY number", agent)

    def pin(self, agent: str, text: str, *, tokens: int = 0) -> int:
        """Store a note that is part of every prompt of the agent and is never pruned; returns its number."""
        return self.add(agent, PINNED_SESSION, "note", text, tokens=tokens, pinned=True)

    def unpin(self, number: int) -> Remembered:
        """Turn a pinned note into an ordinary memory; returns it as it was.

        Raises:
            UnknownName: no pinned note has this number.
        """
        notes = self._read("number = ? AND pinned", number)
        if not notes:
            known = [str(row[0]) for row in self.database.rows("SELECT number FROM messages WHERE pinned")]
            raise UnknownName("pinned note", str(number), known, "memories.pinned(agent)")
        with self.database.write() as connection:
            connection.execute("UPDATE messages SET pinned = 0 WHERE number = ?", (number,))
            update_checksum(connection, "messages", number)
        return notes[0]

    def clear(self, agent: str, session: str | None = None, *, everything: bool = False) -> int:
        """Forget an agent's history and its summaries; returns the number of messages forgotten.

        Args:
            agent: role id.
            session: only this conversation; None for all of them, and for what it noted in meetings.
            everything: also forget pinned notes.
        """
        if session is not None:
            return self._clear("agent = ? AND session = ?", everything, agent, session)
        return self._clear("agent = ?", everything, agent)

    def clear_all(self, *, everything: bool = False) -> int:
        """Forget all agents' histories and summaries; returns the number of messages forgotten.

        Args:
            everything: also forget pinned notes.
        """
        return self._clear("1", everything)

    def prune(
        self,
        older_than: datetime | None = None,
        keep_last: int | None = None,
        agent: str | None = None,
        *,
        dry_run: bool = False,
    ) -> int:
        """Forget old messages, never pinned ones; returns the number of messages forgotten.

        Args:
            older_than: forget only messages before this moment; without a time zone it is local time. None: of any age.
            keep_last: keep this many of the newest messages of each agent, not counting pinned ones. None: keep none.
            agent: only this agent's messages; None for all agents.
            dry_run: only count them.

        Raises:
            UsageError: neither an age nor a number to keep is given, or the number is negative.
        """
        if older_than is None and keep_last is None:
            raise UsageError(
                "It is not clear what to forget.", "Pass `older_than`, `keep_last`, or both.", about="older_than"
            )
        if keep_last is not None and keep_last < 0:
            raise UsageError(f"Cannot keep {keep_last} messages.", "Pass `keep_last` of 0 or more.", about="keep_last")
        where, values = ["NOT pinned"], list[Any]()
        if older_than is not None:
            where.append("at < ?")
            values.append(iso_utc(older_than))
        if agent is not None:
            where.append("agent = ?")
            values.append(agent)
        if keep_last:
            place = "row_number() OVER (PARTITION BY agent ORDER BY number DESC) AS place"
            newest = f"SELECT number, {place} FROM messages WHERE NOT pinned"  # noqa: S608 - built from constants
            where.append(f"number IN (SELECT number FROM ({newest}) WHERE place > ?)")  # noqa: S608 - built from constants
            values.append(keep_last)
        condition = " AND ".join(where)
        if dry_run:
            return int(self.database.rows(f"SELECT count(*) FROM messages WHERE {condition}", values)[0][0])  # noqa: S608
        with self.database.write() as connection:
            gone = connection.execute(f"DELETE FROM messages WHERE {condition}", values).rowcount  # noqa: S608
        return self._wiped(gone, gone)

    def trim(self, agent: str, *, messages: int, text_bytes: int) -> int:
        """Forget an agent's oldest messages until it is within limits; returns the number of messages forgotten.

        Pinned messages are kept, and are counted.

        Args:
            agent: role id.
            messages: the maximum number of messages.
            text_bytes: the maximum bytes of their texts.
        """
        with self.database.write() as connection:
            return _shorten(connection, agent, messages, text_bytes)

    def forget_newest(self, agent: str, session: str, texts: Sequence[str]) -> int:
        """Forget the newest messages of a conversation for good; returns the number of messages forgotten.

        A summary that covers one of them is deleted, too; the one before it is used again.

        Args:
            agent: role id.
            session: the conversation.
            texts: their texts, oldest first. When other messages were stored since, nothing is forgotten.
        """
        newest = self.recent(agent, session, limit=len(texts))
        if not texts or [message.text for message in newest] != [encodable(text) for text in texts]:
            return 0
        marks = ", ".join("?" * len(newest))
        with self.database.write() as connection:
            drop_from(connection, agent, session, newest[0].number)
            sql = f"DELETE FROM messages WHERE NOT pinned AND number IN ({marks})"  # noqa: S608 - question marks only
            gone = connection.execute(sql, [message.number for message in newest]).rowcount
        integrity.wipe(self.database)
        return gone

    def stats(self) -> list[AgentStats]:
        """How much each agent remembers, in alphabetical order."""
        latest = "SELECT at FROM messages m WHERE m.agent = totals.agent ORDER BY number DESC LIMIT 1"
        sql = f"SELECT agent, messages, tokens, octets, ({latest}) FROM totals ORDER BY agent"  # noqa: S608 - constants
        return [AgentStats(*row) for row in self.database.rows(sql)]

    def compact(self) -> int:
        """Return free space to the disk; returns how many bytes smaller the file is, which may be 0."""
        return integrity.compact(self.database)

    def export(self, agent: str | None = None) -> Iterator[Remembered]:
        """All messages of one agent, or of all agents, oldest first; read in batches."""
        last = 0
        who, values = ("1", []) if agent is None else ("agent = ?", [agent])
        while batch := self._read(f"{who} AND number > ? ORDER BY number LIMIT {_BATCH}", *values, last):
            yield from batch
            last = batch[-1].number

    def load(self, messages: Iterable[Remembered]) -> int:
        """Add exported messages that are not stored yet, then enforce the limits; returns how many were added.

        An import that was interrupted is completed by importing again.
        """
        there: dict[str, Counter[bytes]] = {}
        seen: Counter[bytes] = Counter()
        coming = iter(messages)
        added = 0
        while batch := list(islice(coming, _BATCH)):
            for agent in {message.agent for message in batch} - set(there):
                there[agent] = Counter(_fingerprint(message) for message in self.export(agent))
            with self.database.write() as connection:
                for message in batch:
                    mark = _fingerprint(message)
                    seen[mark] += 1
                    # The same text may have been stored twice within a millisecond.
                    if seen[mark] > there[message.agent][mark]:
                        insert(connection, "messages", _row(message))
                        added += 1
        for agent in there:
            with self.database.write() as connection:
                gone = self._enforce_limits(connection, agent)
            self._log_forgotten(agent, gone)
        return added

    def _enforce_limits(self, connection: sqlite3.Connection, agent: str, spare: int | None = None) -> int:
        """Forget an agent's oldest messages if it exceeds its limits; returns the number of messages forgotten.

        Args:
            connection: inside a transaction.
            agent: role id.
            spare: number of a message that is kept in any case.
        """
        limits = self.limits
        count, size = _totals(connection, agent)
        if count <= limits.messages and size <= limits.text_bytes:
            return 0
        return _shorten(connection, agent, int(limits.messages * _FILLED), int(limits.text_bytes * _FILLED), spare)

    def _log_forgotten(self, agent: str, gone: int) -> None:
        if gone:
            self.log.line(
                "INFO",
                "memory limit reached",
                agent=agent,
                forgotten=gone,
                most_messages=self.limits.messages,
                most_bytes=self.limits.text_bytes,
            )

    def _numbered(self, numbers: list[int]) -> list[Remembered]:
        marks = ", ".join("?" * len(numbers))
        found = {message.number: message for message in self._read(f"number IN ({marks})", *numbers)}
        return [found[number] for number in numbers if number in found]

    def _read(self, condition: str, *values: Any) -> list[Remembered]:
        read = []
        sql = f"SELECT {_COLUMNS} FROM messages WHERE {condition}"  # noqa: S608 - built from constants
        for row in self.database.rows(sql, values):
            if not is_intact("messages", row):
                raise damaged(self.database.path, f"message {row[0]} is not what was stored")
            number, agent, session, author, text, at, tokens, pinned, _ = row
            read.append(Remembered(number, agent, session, author, text, at, tokens, bool(pinned)))
        return read

    def _clear(self, whose: str, everything: bool, *values: Any) -> int:
        spared = "" if everything else " AND NOT pinned"
        with self.database.write() as connection:
            summed = connection.execute(f"DELETE FROM summaries WHERE {whose}", values).rowcount  # noqa: S608
            gone = connection.execute(f"DELETE FROM messages WHERE {whose}{spared}", values).rowcount  # noqa: S608
        return self._wiped(gone, gone + summed)

    def _wiped(self, gone: int, rows: int) -> int:
        """Remove what was forgotten on demand from the file, too, and not only from the table."""
        if rows:
            integrity.wipe(self.database)
        return gone


def _row(message: Remembered) -> dict[str, Any]:
    return {
        "agent": message.agent,
        "session": message.session,
        "author": message.author,
        "at": message.at,
        "tokens": message.tokens,
        "pinned": int(message.pinned),
        "octets": len(encodable(message.text).encode()),
        "text": message.text,
    }


def _of(agent: str | None) -> Only:
    """The messages of an agent; all for None."""
    if agent is None:
        return EVERY_ROW
    whose = "EXISTS (SELECT 1 FROM messages WHERE messages.agent = ? AND messages.number = found.rowid)"
    # The index has the words of the agent's name, which other names may contain, too: this only narrows the search.
    names = " ".join(words_in(agent))
    return Only(whose, (agent,), f'agent : "{names}"' if names else "")


def _fingerprint(message: Remembered) -> bytes:
    from hashlib import sha256

    parts = (message.agent, message.session, message.author, message.at, message.text)
    return sha256("\x1f".join(encodable(part) for part in parts).encode()).digest()


def _shorten(
    connection: sqlite3.Connection, agent: str, messages: int, text_bytes: int, spare: int | None = None
) -> int:
    """Delete an agent's oldest messages that are not pinned until it is within limits; returns how many were deleted.

    Args:
        connection: inside a transaction.
        agent: role id.
        messages: the maximum number of messages, including pinned ones.
        text_bytes: the maximum bytes of their texts.
        spare: number of a message that is kept in any case.
    """
    who = encodable(agent)
    count, size = _totals(connection, agent)
    sql = "SELECT number, octets FROM messages WHERE agent = ? AND NOT pinned AND number IS NOT ? ORDER BY number"
    last = 0
    for number, one in connection.execute(sql, (who, spare)):
        if count <= messages and size <= text_bytes:
            break
        last, count, size = number, count - 1, size - one
    sql = "DELETE FROM messages WHERE agent = ? AND NOT pinned AND number <= ? AND number IS NOT ?"
    return connection.execute(sql, (who, last, spare)).rowcount if last else 0


def _totals(connection: sqlite3.Connection, agent: str) -> tuple[int, int]:
    row = connection.execute("SELECT messages, octets FROM totals WHERE agent = ?", (encodable(agent),)).fetchone()
    return (row[0], row[1]) if row else (0, 0)
