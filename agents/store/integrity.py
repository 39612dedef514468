"""Checks of the whole database, and the removal of deleted text and free space from its file."""

from agents.store.database import Database
from agents.store.migrations import CHECKSUMMED
from agents.store.row_checksum import checksum_sql
from agents.store.sqlite_errors import damaged

WORD_INDEXES = ("messages_words", "spoken_words")


def check(database: Database) -> None:
    """Read everything and check it: pages, links between tables, word indexes, the checksum of every row.

    Raises:
        StoreError: something is damaged; the cause says where.
    """
    database.check_pages(thorough=True)
    if database.rows("PRAGMA foreign_key_check"):
        raise damaged(database.path, "there are rows that belong to missing rows")
    for table in CHECKSUMMED:
        [(broken,)] = database.rows(f"SELECT count(*) FROM {table} WHERE seal IS NOT {checksum_sql(table)}")  # noqa: S608
        if broken:
            raise damaged(database.path, f"{broken} rows of {table} are not what was stored")
    [(short,)] = database.rows(
        "SELECT count(*) FROM meetings m WHERE m.events <> (SELECT count(*) FROM events e WHERE e.meeting = m.number)"
    )
    if short:
        raise damaged(database.path, f"{short} meetings lack events")
    counted = "SELECT agent, count(*), sum(tokens), sum(octets) FROM messages GROUP BY agent"
    kept = "SELECT agent, messages, tokens, octets FROM totals"
    # One statement reads one moment; other processes may be writing.
    if database.rows(f"SELECT * FROM ({counted} EXCEPT {kept}) UNION ALL SELECT * FROM ({kept} EXCEPT {counted})"):  # noqa: S608
        raise damaged(database.path, "the totals of an agent are not those of its messages")
    for index in WORD_INDEXES:
        with database.write() as connection:
            connection.execute(f"INSERT INTO {index} ({index}, rank) VALUES ('integrity-check', 1)")  # noqa: S608


def compact(database: Database) -> int:
    """Merge the word indexes and return free space to the disk.

    Returns:
        How many bytes smaller the file is, which may be 0.

    Raises:
        SpaceError: there is no space for the copy that is made on the way.
    """
    before = database.size()
    merge_words(database)
    database.outside_transaction("VACUUM")
    empty_log(database)
    return max(0, before - database.size())


def wipe(database: Database) -> None:
    """Remove every trace of deleted text from the file: from the word indexes and from the write-ahead log."""
    merge_words(database)
    empty_log(database)


def merge_words(database: Database) -> None:
    """Rewrite the word indexes without the words of deleted rows."""
    for index in WORD_INDEXES:
        with database.write() as connection:
            connection.execute(f"INSERT INTO {index} ({index}) VALUES ('optimize')")  # noqa: S608


def empty_log(database: Database) -> None:
    """Move everything from the write-ahead log into the file, as far as other readers allow it."""
    if database.journal_mode == "wal":
        database.outside_transaction("PRAGMA wal_checkpoint(TRUNCATE)")
