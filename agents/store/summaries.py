"""Summaries of older conversation, stored in the database: it implements ``agents.memory.Summaries``.

A summary stays when the messages it covers are pruned; it is deleted when the memory is cleared.
"""

import sqlite3
from collections.abc import Iterable
from dataclasses import astuple, replace
from typing import Any

from agents.memory import Summary
from agents.store.database import Database
from agents.store.migrations import CHECKSUMMED
from agents.store.row_checksum import checked_columns, encodable, insert, is_intact
from agents.store.sqlite_errors import damaged

KEPT = 8
"""The number of summaries stored per session. Only the newest is used; the older ones are for forgetting messages."""

_COLUMNS = checked_columns("summaries")
_NAMES = CHECKSUMMED["summaries"].split()


class SummaryLog:
    """The summaries of all agents.

    Args:
        database: where they are stored.
    """

    def __init__(self, database: Database) -> None:
        self.database = database

    def add(self, summary: Summary) -> bool:
        """Store a summary durably.

        Returns:
            Whether it was stored: messages that were cleared while a model summarised them must not come back.

        Raises:
            SpaceError: there is no space for it.
        """
        there = "SELECT count(*) FROM messages WHERE number = ? AND agent = ? AND session = ?"
        with self.database.write() as connection:
            whose = (encodable(summary.agent), encodable(summary.session))
            if not connection.execute(there, (summary.last, *whose)).fetchone()[0]:
                return False
            _store(connection, summary)
        return True

    def latest(self, agent: str, session: str) -> Summary | None:
        """The newest summary of a session, which is the one that is used; None when there is none."""
        found = self._read("agent = ? AND session = ? ORDER BY last DESC, number DESC LIMIT 1", agent, session)
        return found[0] if found else None

    def current(self, agent: str) -> list[Summary]:
        """The newest summary of each session of an agent, sorted by the time of writing."""
        newest: dict[str, Summary] = {}
        for one in self._read("agent = ? ORDER BY last, number", agent):
            newest[one.session] = one
        return sorted(newest.values(), key=lambda one: one.at)

    def export(self, agent: str | None = None) -> list[Summary]:
        """All stored summaries, of one agent or of all agents, oldest first."""
        return self._read("1 ORDER BY number") if agent is None else self._read("agent = ? ORDER BY number", agent)

    def load(self, summaries: Iterable[Summary]) -> int:
        """Add exported summaries that are not stored yet; returns how many were added.

        Import their messages first: these have other numbers here, and are found by their times.
        """
        there: dict[str, set[tuple[str, ...]]] = {}
        added = 0
        with self.database.write() as connection:
            for one in summaries:
                summary = replace(one, agent=encodable(one.agent), session=encodable(one.session))
                if summary.agent not in there:
                    there[summary.agent] = {_identity(known) for known in self.export(summary.agent)}
                if _identity(summary) not in there[summary.agent]:
                    there[summary.agent].add(_identity(summary))
                    _store(connection, _renumbered(connection, summary))
                    added += 1
        return added

    def _read(self, condition: str, *values: Any) -> list[Summary]:
        read = []
        for row in self.database.rows(f"SELECT {_COLUMNS} FROM summaries WHERE {condition}", values):  # noqa: S608
            if not is_intact("summaries", row):
                raise damaged(self.database.path, f"summary {row[0]} is not what was stored")
            read.append(Summary(*row[1:-1]))
        return read


def drop_from(connection: sqlite3.Connection, agent: str, session: str, number: int) -> int:
    """Delete the summaries of a session that cover a message or later ones; returns how many were deleted.

    Args:
        connection: inside a transaction.
        agent: role id.
        session: the conversation.
        number: the number of the message.
    """
    sql = "DELETE FROM summaries WHERE agent = ? AND session = ? AND last >= ?"
    return connection.execute(sql, (encodable(agent), encodable(session), number)).rowcount


def _store(connection: sqlite3.Connection, summary: Summary) -> None:
    insert(connection, "summaries", dict(zip(_NAMES, astuple(summary), strict=True)))
    whose = (encodable(summary.agent), encodable(summary.session))
    newest = "SELECT number FROM summaries WHERE agent = ? AND session = ? ORDER BY last DESC, number DESC LIMIT ?"
    sql = f"DELETE FROM summaries WHERE agent = ? AND session = ? AND number NOT IN ({newest})"  # noqa: S608 - constants
    connection.execute(sql, (*whose, *whose, KEPT))


def _renumbered(connection: sqlite3.Connection, summary: Summary) -> Summary:
    """The summary with the numbers that its messages have here; 0 if they are not stored."""
    session = "FROM messages WHERE agent = ? AND session = ?"
    whose = (summary.agent, summary.session)
    # A message with a later time ends what is covered: one too many to summarise again is better than one too few.
    later = f"coalesce((SELECT min(number) {session} AND at > ?), {2**62})"
    covered = f"SELECT min(number), max(number) {session} AND at BETWEEN ? AND ? AND number < {later}"
    first, last = connection.execute(covered, (*whose, summary.since, summary.until, *whose, summary.until)).fetchone()
    return replace(summary, first=first or 0, last=last or 0)


def _identity(summary: Summary) -> tuple[str, ...]:
    """What identifies a summary in any database: everything except the numbers of its messages."""
    return tuple(encodable(part) for part in astuple(summary) if isinstance(part, str))
