"""What histories add up to: how many rows, and one number that is the same only when they say the same."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path

from agents.store.sqlite_errors import explaining

COUNTED = ("messages", "summaries", "meetings", "specs", "events", "actions", "action_changes", "speeds")
"""Tables whose rows are counted in a manifest, where the layout has them."""

_SAID = (
    ("message", "SELECT number, agent, session, author, at, tokens, pinned, text FROM messages ORDER BY number"),
    (
        "meeting",
        """SELECT id, type, title, status, created, updated, turns, events, spec
        FROM meetings LEFT JOIN specs USING (number) ORDER BY id""",
    ),
    (
        "event",
        """SELECT meetings.id, seq, at, kind, key, data, text
        FROM events JOIN meetings ON meetings.number = events.meeting ORDER BY meetings.id, seq""",
    ),
    (
        "action",
        """SELECT number, meeting, key, series, topic, task, owner, due, due_text, turn, quote, verified, status,
        created, updated FROM actions ORDER BY number""",
    ),
    ("change", "SELECT action, at, who, what FROM action_changes ORDER BY action, number"),
)
"""What was said, decided and taken on, by columns that every layout has; not how it is stored."""

_SAID_SINCE = {
    3: ("summary", "SELECT agent, session, first, last, since, until, text, model, at FROM summaries ORDER BY number"),
}
"""The same for what a later layout brought, by its number; an older file has none of it, and adds nothing."""


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """A database as it is at one moment, whoever writes to it meanwhile; nothing in it is changed.

    Raises:
        SpaceError: no permission.
        StoreError: the file is damaged.
    """
    with explaining(path), closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True)) as connection:
        connection.isolation_level = None
        connection.execute("PRAGMA busy_timeout = 30000")
        connection.execute("BEGIN")
        yield connection


def layout(connection: sqlite3.Connection) -> int:
    """The number of the layout a database has."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def counts(connection: sqlite3.Connection) -> dict[str, int]:
    """Rows per table."""
    there = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    tables = [name for name in COUNTED if name in there]
    return {name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in tables}  # noqa: S608


def digest(connection: sqlite3.Connection) -> str:
    """A SHA-256 over all conversations, meetings and actions in a fixed order, as hexadecimal.

    It does not depend on how the file is laid out: a copy, a compacted file and a migrated one have the same.
    """
    total = sha256()
    version = layout(connection)
    for kind, sql in (*_SAID, *(later for since, later in _SAID_SINCE.items() if since <= version)):
        for row in connection.execute(sql):
            total.update(json.dumps([kind, *row], default=bytes.hex).encode("ascii") + b"\n")
    return total.hexdigest()
