"""The copy of a database that is kept before it is migrated, for those who go back to an older version."""

import os
import re
import sqlite3
from contextlib import closing
from pathlib import Path

from agents.store import replace
from agents.store.file_copy import copy_database
from agents.store.migrations import remove_passwords

_COPY = re.compile(rf"\.{re.escape(replace.DATABASE)}\.layout-(\d+)")


def keep_copy(path: Path, layout: int) -> Path:
    """Copy a database beside itself, for this user only; the copy replaces an earlier one of the same layout.

    Nothing but passwords in addresses is left out: see ``migrations.remove_passwords``.

    Args:
        path: the database, which no other process may change meanwhile.
        layout: the number of its layout.

    Returns:
        The copy, which is complete and on the disk.

    Raises:
        sqlite3.Error: it cannot be read, or there is no space; nothing is left of the copy.
        OSError: no space, or no permission; nothing is left of the copy.
    """
    copy = path.with_name(f".{path.name}.layout-{layout}")
    unfinished = copy.with_name(f"{copy.name}.unfinished")
    unfinished.unlink(missing_ok=True)  # of a process that was killed
    try:
        copy_database(path, unfinished)
        with closing(sqlite3.connect(unfinished)) as connection, connection:
            connection.execute("PRAGMA secure_delete = ON")
            remove_passwords(connection)
        with unfinished.open("r+b") as file:
            os.fsync(file.fileno())
        unfinished.replace(copy)
    finally:
        for leftover in (unfinished, unfinished.with_name(f"{unfinished.name}-journal")):
            leftover.unlink(missing_ok=True)
    replace.sync(path.parent)
    return copy


def copies_of(path: Path) -> dict[int, Path]:
    """The copies that were kept of a database, by layout, the oldest layout first."""
    found = {int(named[1]): file for file in path.parent.iterdir() if (named := _COPY.fullmatch(file.name))}
    return dict(sorted(found.items()))
