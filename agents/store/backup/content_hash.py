"""The contents of a database in short: its layout, its rows per table, and a hash of everything said and decided."""

import json
import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from agents.store import replace
from agents.store.sqlite_errors import explaining

COUNTED = (
    "messages", "summaries", "meetings", "specs", "events", "actions", "action_changes", "speeds", "report_cards",
)  # fmt: skip
"""Tables whose rows are counted, if the layout has them."""

_HASHED = (
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
"""Everything said, decided and agreed, in columns that every layout has."""

_HASHED_SINCE = {
    3: ("summary", "SELECT agent, session, first, last, since, until, text, model, at FROM summaries ORDER BY number"),
}
"""The same for what a later layout added, by its number; in a file with an older layout it is left out."""


@dataclass(frozen=True, slots=True)
class Contents:
    """The contents of a database in short.

    Attributes:
        layout: the number of its layout.
        rows: rows per table.
        digest: a SHA-256 of all conversations, meetings and actions, as hexadecimal. It does not depend on how the file
            stores them: a copy, a compacted file and a migrated file have the same.
    """

    layout: int
    rows: dict[str, int]
    digest: str


def contents_in(folder: Path) -> Contents:
    """The contents of all databases in a data folder: its own and those of its owners.

    Without owners they are those of its own database. With owners, the layout is the newest one, the rows are added up,
    and the hash is one of the hashes and of the owners' names.

    Raises:
        SpaceError: no permission.
        StoreError: a file is damaged.
    """
    found = {path: contents_of(folder / path) for path in replace.databases(folder)}
    if len(found) == 1 and folder / replace.DATABASE == folder / next(iter(found)):
        return next(iter(found.values()))
    rows: Counter[str] = Counter()
    for one in found.values():
        rows.update(one.rows)
    lines = "".join(f"{one.digest} {path.parent.as_posix()}\n" for path, one in found.items())
    layout = max((one.layout for one in found.values()), default=0)
    return Contents(layout, dict(rows), sha256(lines.encode("utf-8", "surrogateescape")).hexdigest())


def contents_of(path: Path) -> Contents:
    """The contents of a database file at one moment, even while others write to it; nothing in it is changed.

    Raises:
        SpaceError: no permission.
        StoreError: the file is damaged.
    """
    with explaining(path), closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True)) as connection:
        connection.isolation_level = None
        connection.execute("PRAGMA busy_timeout = 30000")
        connection.execute("BEGIN")
        layout = int(connection.execute("PRAGMA user_version").fetchone()[0])
        return Contents(layout, _rows(connection), _digest(connection, layout))


def _rows(connection: sqlite3.Connection) -> dict[str, int]:
    there = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    tables = [name for name in COUNTED if name in there]
    return {name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in tables}  # noqa: S608


def _digest(connection: sqlite3.Connection, layout: int) -> str:
    total = sha256()
    for kind, sql in (*_HASHED, *(later for since, later in _HASHED_SINCE.items() if since <= layout)):
        for row in connection.execute(sql):
            total.update(json.dumps([kind, *row], default=bytes.hex).encode("ascii") + b"\n")
    return total.hexdigest()
