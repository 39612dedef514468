"""A hidden folder to work in, and copies of what others may be writing to."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from secrets import token_hex

from agents.errors import BackupInvalid, SpaceError, StoreError
from agents.store import database
from agents.store.backup.content_hash import counts, digest, layout, reading
from agents.store.backup.manifest import Entry
from agents.store.folder_lock import hold_folder
from agents.store.replace import entries, sync
from agents.store.sqlite_errors import explained, explaining

_PREFIX = ".work-"


@contextmanager
def workshop(parent: Path, prefix: str = _PREFIX) -> Iterator[Path]:
    """An empty hidden folder within ``parent``, removed when the block ends; what killed processes left goes first.

    Raises:
        OSError: no space, or no permission.
    """
    for stale in parent.glob(f"{prefix}*"):
        with hold_folder(stale) as ours:
            if ours:
                shutil.rmtree(stale, ignore_errors=True)
    path = parent / f"{prefix}{token_hex(4)}"
    path.mkdir(mode=0o700)
    try:
        with hold_folder(path):
            yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


@contextmanager
def in_words(folder: Path, what: str) -> Iterator[None]:
    """Put a lack of space or permission in a folder into words.

    Args:
        folder: where the work is done.
        what: what it is for, as in "There is no space in /x for ...".

    Raises:
        SpaceError: no space, or no permission.
        StoreError: the disk or the database failed.
    """
    try:
        yield
    except SpaceError:
        raise _no_room(folder, what, None) from None
    except (sqlite3.Error, OSError) as error:
        meant = explained(error, folder / database.NAME)
        if meant is None:
            raise
        if isinstance(meant, SpaceError):
            raise _no_room(folder, what, error) from None
        raise meant from None


def _no_room(folder: Path, what: str, error: Exception | None) -> SpaceError:
    detail = (error.strerror if isinstance(error, OSError) else None) or "no space is left, or no permission"
    return SpaceError(f"{folder} has no room for {what}: {detail}.", "Free some space, or name another folder.")


def copy_histories(folder: Path, into: Path) -> list[str]:
    """Copy a data folder as it is at one moment, while others write to its database.

    Returns:
        One line for each thing that was left out or may not be whole.

    Raises:
        StoreError: the database cannot be read.
        OSError: no space, or no permission.
    """
    source, target = folder / database.NAME, into / database.NAME
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        with (
            closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=rw", uri=True, timeout=30)) as live,
            closing(sqlite3.connect(target)) as copy,
        ):
            # All pages in one step: one moment, whoever writes.
            live.backup(copy, pages=-1)
            copy.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.Error as error:
        meant = explained(error, source)
        if meant is None or isinstance(meant, SpaceError):
            raise  # it is the copy that has no room
        raise meant from None
    own = {f"{database.NAME}{ending}" for ending in ("", "-wal", "-shm", "-journal")}
    warnings: list[str] = []
    for entry in entries(folder):
        if entry.name not in own:
            warnings += copy_files(entry, into / entry.name)
    return warnings


def copy_files(source: Path, target: Path) -> list[str]:
    """Copy a file, or all files below a folder; returns one line for each thing that was left out."""
    if source.is_symlink() or not (source.is_file() or source.is_dir()):
        return [f"{source} is neither a file nor a folder, and was left out."]
    if source.is_dir():
        target.mkdir(mode=0o700)
        return [line for entry in sorted(source.iterdir()) for line in copy_files(entry, target / entry.name)]
    for _ in range(3):
        try:
            before = source.stat()
            shutil.copyfile(source, target)
            after = source.stat()
        except FileNotFoundError:
            target.unlink(missing_ok=True)
            return []  # rotated away meanwhile
        if (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns):
            os.utime(target, ns=(before.st_mtime_ns, before.st_mtime_ns))
            return []
    return [f"{source} changed while it was copied."]


def look(path: Path) -> tuple[int, dict[str, int], str]:
    """A database's layout, its rows per table, and what its histories add up to.

    Raises:
        StoreError: it cannot be read.
    """
    with reading(path) as connection:
        return layout(connection), counts(connection), digest(connection)


def check_database(folder: Path) -> None:
    """Check a copy of the database from end to end, in today's layout, and leave it as one file on the disk.

    Args:
        folder: where the copy is; nobody else knows it.

    Raises:
        BackupInvalid: it is damaged, not ours, or from a newer version.
        SpaceError: no space to bring it into today's layout.
    """
    path = folder / database.NAME
    # SQLite makes it anew; one that came along is somebody else's idea of the write-ahead log.
    path.with_name(f"{path.name}-shm").unlink(missing_ok=True)
    try:
        with database.Database(folder) as copy:
            copy.check()
        with explaining(path), closing(sqlite3.connect(path)) as last:
            last.execute("PRAGMA journal_mode = DELETE")
    except SpaceError:
        raise
    except StoreError as error:
        raise BackupInvalid(error.cause, "Nothing was changed. Take another backup.") from None
    with path.open("r+b") as file:
        os.fsync(file.fileno())
    sync(folder)


def total(files: tuple[Entry, ...]) -> int:
    """Bytes of all files together."""
    return sum(entry.size for entry in files)


def fits(folder: Path, octets: int) -> bool:
    """Whether a folder's disk has room for so many bytes; True where the system does not tell."""
    with suppress(OSError):
        return shutil.disk_usage(folder).free >= octets
    return True
