"""Copies of histories that other processes may be writing to, and the check of such a copy."""

import os
import shutil
import sqlite3
from collections.abc import Collection
from contextlib import closing
from pathlib import Path

from agents.errors import BackupInvalid, SpaceError, StoreError
from agents.store import database, integrity, replace
from agents.store.file_copy import copy_database
from agents.store.folder_lock import backup_lock
from agents.store.sqlite_errors import explained, explaining


def copy_histories(folder: Path, into: Path) -> None:
    """Copy the histories of a data folder, each database as it is at one moment, while others write to them.

    Raises:
        Locked: a restore of an owner's histories alone is running.
        StoreError: a database cannot be read.
        OSError: no space, or no permission.
    """
    for owner in replace.owners(folder):
        if replace.pending(owner):
            with backup_lock(owner):
                pass  # what a killed restore left there is recovered
    for path in replace.databases(folder):
        (into / path).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _copy(folder / path, into / path)


def _copy(source: Path, target: Path) -> None:
    try:
        copy_database(source, target)
    except sqlite3.Error as error:
        meant = explained(error, source)
        if meant is None or isinstance(meant, SpaceError):
            raise  # there is no space for the copy
        raise meant from None


def copy_files(source: Path, target: Path, but: Collection[Path] = ()) -> list[str]:
    """Copy a file, or all files below a folder; returns one line for each thing that was left out.

    Args:
        source: the file or folder.
        target: its copy.
        but: folders that are not copied, as resolved paths.
    """
    if source.resolve() in but:
        return []
    if source.is_symlink() or not (source.is_file() or source.is_dir()):
        return [f"{source} is neither a file nor a folder, and was left out."]
    if source.is_dir():
        target.mkdir(mode=0o700)
        return [line for entry in sorted(source.iterdir()) for line in copy_files(entry, target / entry.name, but)]
    for _ in range(3):
        try:
            before = source.stat()
            shutil.copyfile(source, target)
            after = source.stat()
        except FileNotFoundError:
            target.unlink(missing_ok=True)
            return []  # a log file that was rotated away meanwhile
        if (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns):
            os.utime(target, ns=(before.st_mtime_ns, before.st_mtime_ns))
            return []
    return [f"{source} changed while it was copied."]


def check_copies(folder: Path) -> None:
    """Check the copies of all databases in a folder, as ``check_copy`` does."""
    for path in replace.databases(folder):
        check_copy((folder / path).parent)
    for made in (folder / replace.OWNERS, folder):
        replace.sync(made)


def check_copy(folder: Path) -> None:
    """Check a copy of the database completely, in the current layout, and leave it as one file on the disk.

    Args:
        folder: the folder of the copy, which nobody else uses.

    Raises:
        BackupInvalid: it is damaged, not ours, or from a newer version.
        SpaceError: no space to migrate it to the current layout.
    """
    path = folder / database.NAME
    remove_shared_memory(path)
    try:
        with database.Database(folder, keep_earlier=False) as copy:
            integrity.check(copy)
        with explaining(path), closing(sqlite3.connect(path)) as last:
            last.execute("PRAGMA journal_mode = DELETE")
    except SpaceError:
        raise
    except StoreError as error:
        raise BackupInvalid(error.cause, "Nothing was changed. Use another backup.") from None
    with path.open("r+b") as file:
        os.fsync(file.fileno())
    replace.sync(folder)


def remove_shared_memory(path: Path) -> None:
    """Remove the shared-memory file that came along with a database; SQLite creates its own, which fits its log."""
    path.with_name(f"{path.name}-shm").unlink(missing_ok=True)
