"""Looking after the file: is it whole, and is it no larger than it needs to be."""

import sqlite3
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol

from agents.store.migrations import LAYOUTS, SEALED
from agents.store.row_checksum import seal, sealed
from agents.store.sqlite_errors import damaged

WORD_INDEXES = ("messages_words", "spoken_words")


class Opened(Protocol):
    """What upkeep needs of an open database; see ``database.Database``."""

    path: Path
    journal_mode: str

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """What a query finds."""

    def write(self, *, durable: bool = True) -> AbstractContextManager[sqlite3.Connection]:
        """A transaction."""

    def alone(self, sql: str) -> None:
        """A statement outside any transaction."""

    def size(self) -> int:
        """Bytes on the disk."""


def check(database: Opened) -> None:
    """Read everything and see whether it is whole: pages, links between tables, word indexes, the seal of every row.

    Raises:
        StoreError: it is not; the cause says where.
    """
    check_pages(database, thorough=True)
    if database.rows("PRAGMA foreign_key_check"):
        raise damaged(database.path, "rows belong to something that is not there")
    for table in SEALED:
        [(broken,)] = database.rows(f"SELECT count(*) FROM {table} WHERE seal IS NOT {sealed(table)}")  # noqa: S608
        if broken:
            raise damaged(database.path, f"{broken} rows of {table} are not what was stored")
    [(short,)] = database.rows(
        "SELECT count(*) FROM meetings m WHERE m.events <> (SELECT count(*) FROM events e WHERE e.meeting = m.number)"
    )
    if short:
        raise damaged(database.path, f"{short} meetings lack events")
    counted = "SELECT agent, count(*), sum(tokens), sum(octets) FROM messages GROUP BY agent"
    kept = "SELECT agent, messages, tokens, octets FROM totals"
    # One statement sees one moment; others may be writing.
    if database.rows(f"SELECT * FROM ({counted} EXCEPT {kept}) UNION ALL SELECT * FROM ({kept} EXCEPT {counted})"):  # noqa: S608
        raise damaged(database.path, "the totals of an agent are not those of its messages")
    for index in WORD_INDEXES:
        with database.write() as connection:
            connection.execute(f"INSERT INTO {index} ({index}, rank) VALUES ('integrity-check', 1)")  # noqa: S608


def check_layout(database: Opened) -> None:
    """See whether the tables are those of the file's layout, to the letter; a flipped bit may hide in them, too.

    Raises:
        StoreError: they are not.
    """
    version, made = None, 0
    # Another process may be changing the layout: the version must be the same before and after.
    while version != (version := version_of(database)):
        made = layout_of(database)
    if made != LAYOUTS.get(version):
        raise damaged(database.path, f"its tables are not those of layout {version}")


def version_of(database: Opened) -> int:
    """The number of a file's layout."""
    [(version,)] = database.rows("PRAGMA user_version")
    return int(version)


def layout_of(database: Opened) -> int:
    """The checksum of the statements that make a file's tables."""
    ours = "sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
    columns = "type, CAST(name AS BLOB), CAST(tbl_name AS BLOB), CAST(sql AS BLOB)"
    return seal(repr(database.rows(f"SELECT {columns} FROM sqlite_master WHERE {ours} ORDER BY name, type")).encode())  # noqa: S608


def check_pages(database: Opened, *, thorough: bool) -> None:
    """See whether the file's pages make sense.

    Args:
        database: whose file.
        thorough: also whether every index agrees with its table.

    Raises:
        StoreError: they do not.
    """
    found = database.rows(f"PRAGMA {'integrity_check' if thorough else 'quick_check'}(1)")
    if found != [("ok",)]:
        first = " ".join(str(found[0][0]).split()) if found else "no answer to the integrity check"
        raise damaged(database.path, first)


def compact(database: Opened) -> int:
    """Merge the word indexes and give free space back to the disk; returns the bytes won, which may be 0."""
    before = database.size()
    merge_words(database)
    database.alone("VACUUM")
    empty_log(database)
    return max(0, before - database.size())


def wipe(database: Opened) -> None:
    """Leave no trace of deleted text in the file: not in the word indexes, not in the write-ahead log."""
    merge_words(database)
    empty_log(database)


def merge_words(database: Opened) -> None:
    """Rewrite the word indexes without the words of deleted rows."""
    for index in WORD_INDEXES:
        with database.write() as connection:
            connection.execute(f"INSERT INTO {index} ({index}) VALUES ('optimize')")  # noqa: S608


def empty_log(database: Opened) -> None:
    """Move everything from the write-ahead log into the file, as far as readers let us."""
    if database.journal_mode == "wal":
        database.alone("PRAGMA wal_checkpoint(TRUNCATE)")
