"""How the database file comes into being: whole, private, and only once however many processes start together."""

import os
import sqlite3
import threading
import time
from contextlib import closing, suppress
from pathlib import Path

from agents.store.failures import damaged
from agents.store.migrations import migrate

PAGE_BYTES = 8192
"""Size of a page of a new file."""

_HEADER = 100


def exists(path: Path) -> bool:
    """Whether there is a file to open.

    Raises:
        StoreError: there is one, and it is empty: a database never is, so it was cut off.
    """
    try:
        size = path.stat().st_size
    except FileNotFoundError:
        return False
    if size == 0:
        raise damaged(path, "it is empty")
    return True


def create(path: Path) -> None:
    """Make a new database aside and put it in place; when another process was faster, its file stays."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
    fresh.unlink(missing_ok=True)
    os.close(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    try:
        with closing(sqlite3.connect(fresh, isolation_level=None)) as connection:
            connection.execute(f"PRAGMA page_size = {PAGE_BYTES}")
            connection.execute("BEGIN IMMEDIATE")
            migrate(connection)
            connection.execute("COMMIT")
        _put_in_place(fresh, path)
    finally:
        for leftover in (fresh, fresh.with_name(f"{fresh.name}-journal")):
            leftover.unlink(missing_ok=True)


def keep_private(path: Path) -> None:
    """Let nobody else read the file; its write-ahead log takes over its rights."""
    for file in (path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
        with suppress(FileNotFoundError, PermissionError):
            if file.stat().st_mode & 0o077:
                file.chmod(0o600)


def is_cut_off(path: Path) -> bool:
    """Whether the file ends in the middle of a page though nobody is writing to it."""
    for _ in range(3):
        size = path.stat().st_size
        with path.open("rb") as file:
            header = file.read(_HEADER)
        if len(header) == _HEADER:
            page = int.from_bytes(header[16:18], "big")
            page = 65536 if page == 1 else page
            if page < 512 or size % page == 0 or _has_log(path):
                return False  # a header that makes no sense is for SQLite to name
        time.sleep(0.02)
    return True


def _has_log(path: Path) -> bool:
    for ending in ("-wal", "-journal"):
        with suppress(OSError):
            if path.with_name(path.name + ending).stat().st_size:
                return True
    return False


def _put_in_place(fresh: Path, path: Path) -> None:
    try:
        os.link(fresh, path)
    except FileExistsError:
        return
    except OSError:
        # Some shared folders know no links. A rename may then replace a file made this very moment, as empty as ours.
        if not path.exists():
            fresh.rename(path)
    with suppress(OSError):
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
