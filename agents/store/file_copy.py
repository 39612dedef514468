"""Copies of a database file at one moment, while others write to it."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

_STEP_PAGES = 500
"""Pages that are copied at once."""

_WITHOUT_ROOM = ("SQLITE_CANTOPEN", "SQLITE_IOERR_SHM", "SQLITE_FULL", "SQLITE_IOERR_WRITE")


def copy_database(source: Path, target: Path) -> None:
    """Copy a database as it is at one moment into a new file for this user only, without a write-ahead log.

    Args:
        source: the database; nothing in it is changed.
        target: the copy, which must not exist.

    Raises:
        sqlite3.Error: the database cannot be read, or there is no space for the copy.
        OSError: no space, or no permission.
    """
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    with closing(sqlite3.connect(target)) as copy:
        with closing(_opened_for_reading(source)) as live:
            # Within one transaction all pages are those of one moment, even while others write; Ctrl-C comes between
            # the steps.
            live.backup(copy, pages=_STEP_PAGES, progress=lambda *_: None)
            live.execute("ROLLBACK")
        copy.execute("PRAGMA journal_mode = DELETE")


def _opened_for_reading(source: Path) -> sqlite3.Connection:
    """A connection in a transaction that reads one moment."""
    try:
        return _begun(source, shared=True)
    except sqlite3.OperationalError as error:
        # On a full disk the shared memory of the write-ahead log cannot be created. The only user needs none.
        if not str(getattr(error, "sqlite_errorname", "")).startswith(_WITHOUT_ROOM):
            raise
    return _begun(source, shared=False)


def _begun(source: Path, *, shared: bool) -> sqlite3.Connection:
    live = sqlite3.connect(f"{source.absolute().as_uri()}?mode=rw", uri=True, timeout=30, isolation_level=None)
    try:
        if not shared:
            live.execute("PRAGMA locking_mode = EXCLUSIVE")
        live.execute("BEGIN")
        live.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except BaseException:
        live.close()
        raise
    return live
