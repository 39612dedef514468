"""What old stretches of talk came to, kept beside the messages: the Summaries of ``agents.memory`` on the database.

A summary outlives the messages it covers when they are pruned, which is its use; it goes when the memory is cleared.
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
"""Summaries of a session that are kept. Only the newest is in force; those before it are for taking back."""

_COLUMNS = checked_columns("summaries")
_NAMES = CHECKSUMMED["summaries"].split()


class SummaryLog:
    """Every agent's summaries.

    Args:
        database: where they are kept.
    """

    def __init__(self, database: Database) -> None:
        self.database = database

    def add(self, summary: Summary) -> bool:
        """Keep a summary durably.

        Returns:
            Whether it was kept: what was cleared while a model summed it up must not come back.

        Raises:
            SpaceError: there is no room for it.
        """
        there = "SELECT count(*) FROM messages WHERE number = ? AND agent = ? AND session = ?"
        with self.database.write() as connection:
            whose = (encodable(summary.agent), encodable(summary.session))
            if not connection.execute(there, (summary.last, *whose)).fetchone()[0]:
                return False
            _keep(connection, summary)
        return True

    def latest(self, agent: str, session: str) -> Summary | None:
        """The summary of a session that is in force: the one that covers most; None when there is none."""
        found = self._read("agent = ? AND session = ? ORDER BY last DESC, number DESC LIMIT 1", agent, session)
        return found[0] if found else None

    def current(self, agent: str) -> list[Summary]:
        """The summary in force of each of an agent's sessions, the one made first before the others."""
        newest: dict[str, Summary] = {}
        for one in self._read("agent = ? ORDER BY last, number", agent):
            newest[one.session] = one
        return sorted(newest.values(), key=lambda one: one.at)

    def export(self, agent: str | None = None) -> list[Summary]:
        """Every summary kept, of one agent or of all, oldest first."""
        return self._read("1 ORDER BY number") if agent is None else self._read("agent = ? ORDER BY number", agent)

    def load(self, summaries: Iterable[Summary]) -> int:
        """Add exported summaries that are not there yet; returns how many were added.

        Call it when their messages are there: these have other numbers here, and are found by their moments.
        """
        there: dict[str, set[tuple[str, ...]]] = {}
        added = 0
        with self.database.write() as connection:
            for one in summaries:
                summary = replace(one, agent=encodable(one.agent), session=encodable(one.session))
                if summary.agent not in there:
                    there[summary.agent] = {_mark(known) for known in self.export(summary.agent)}
                if _mark(summary) not in there[summary.agent]:
                    there[summary.agent].add(_mark(summary))
                    _keep(connection, _placed(connection, summary))
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
    """Drop the summaries of a session that cover a message or what came after it; returns how many went.

    Args:
        connection: inside a transaction.
        agent: role id.
        session: the conversation.
        number: the message's.
    """
    sql = "DELETE FROM summaries WHERE agent = ? AND session = ? AND last >= ?"
    return connection.execute(sql, (encodable(agent), encodable(session), number)).rowcount


def _keep(connection: sqlite3.Connection, summary: Summary) -> None:
    insert(connection, "summaries", dict(zip(_NAMES, astuple(summary), strict=True)))
    whose = (encodable(summary.agent), encodable(summary.session))
    newest = "SELECT number FROM summaries WHERE agent = ? AND session = ? ORDER BY last DESC, number DESC LIMIT ?"
    sql = f"DELETE FROM summaries WHERE agent = ? AND session = ? AND number NOT IN ({newest})"  # noqa: S608 - constants
    connection.execute(sql, (*whose, *whose, KEPT))


def _placed(connection: sqlite3.Connection, summary: Summary) -> Summary:
    """The summary with the numbers that its messages have here; 0 where they are forgotten."""
    session = "FROM messages WHERE agent = ? AND session = ?"
    whose = (summary.agent, summary.session)
    # A message said later ends what is covered: one too many to sum up again is better than one too few.
    later = f"coalesce((SELECT min(number) {session} AND at > ?), {2**62})"
    covered = f"SELECT min(number), max(number) {session} AND at BETWEEN ? AND ? AND number < {later}"
    first, last = connection.execute(covered, (*whose, summary.since, summary.until, *whose, summary.until)).fetchone()
    return replace(summary, first=first or 0, last=last or 0)


def _mark(summary: Summary) -> tuple[str, ...]:
    """What makes a summary the same elsewhere: everything but the numbers of its messages."""
    return tuple(encodable(part) for part in astuple(summary) if isinstance(part, str))
