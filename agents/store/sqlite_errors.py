"""Errors of SQLite and the system, translated into errors that the user can act on."""

import errno
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from agents.errors import Locked, SpaceError, StoreError

RESTORE = "Nothing was changed. `backups.restore` brings a backup back, `backups.list` lists them."

_BUSY = ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_PROTOCOL")
_FULL = ("SQLITE_FULL", "SQLITE_IOERR_WRITE", "SQLITE_IOERR_SHMSIZE", "SQLITE_IOERR_SHMOPEN", "SQLITE_IOERR_FSYNC")
_DENIED = ("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_AUTH")
_CORRUPT = ("SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_FORMAT", "SQLITE_MISMATCH")
_BROKEN_SCHEMA = (
    "no such table",
    "no such column",
    "has no column named",
    "malformed",
    "unsupported file format",
    "already exists",
    "vtable constructor failed",
    "no such tokenizer",
    "user-defined function raised",
    "could not decode",
    "fts5 file format",
    "parse error in",
    "unrecognized option",
    "no such module",
)
_NEARLY_FULL = 64 * 1024
"""Free bytes below which a failed write is taken as a lack of space."""


def is_busy(error: sqlite3.Error) -> bool:
    """Whether the same statement may succeed later."""
    return _name(error).startswith(_BUSY)


def explained(error: sqlite3.Error | OSError, path: Path) -> StoreError | None:
    """The error with a cause and a remedy for the user; None when it is a mistake in our own code.

    Args:
        error: the error of SQLite or the system.
        path: the database file.

    Raises:
        KeyboardInterrupt: the statement was ended by a Ctrl-C.
    """
    if isinstance(error, OSError):
        return _explained_os(error, path.parent)
    name, text = _name(error), str(error).lower()
    if name == "SQLITE_INTERRUPT":
        raise KeyboardInterrupt
    if "no such module: fts5" in text:
        return StoreError("This Python's SQLite has no full-text search (FTS5).", "Use a Python whose SQLite has it.")
    if name.startswith(_BUSY):
        return Locked(f"{path} is locked by another process.", "Wait until it is done, or stop that process.")
    if name == "SQLITE_FULL" or (name.startswith("SQLITE_IOERR") and _is_full(path.parent)):
        return no_space(path.parent)
    if name.startswith(_DENIED):
        return no_space(path.parent) if _is_full(path.parent) else no_permission(path.parent, str(error))
    if name.startswith("SQLITE_IOERR"):
        return StoreError(f"{path}: the disk failed ({name}).", "Check the disk and the folder it is mounted on.")
    if name.startswith(_CORRUPT) or any(words in text for words in _BROKEN_SCHEMA):
        return damaged(path, "text that is not UTF-8" if "decode" in text else str(error))
    return None


def damaged(path: Path, detail: str) -> StoreError:
    """The error for a damaged file; its remedy says how to restore a backup."""
    return StoreError(f"{path} is damaged: {detail}.", RESTORE, about="damaged")


def no_space(folder: Path) -> SpaceError:
    """The error for a full disk."""
    return SpaceError(
        f"There is no space left in {folder}, where histories are kept.",
        "Free some space there, or set AGENTS_DATA_FOLDER to a folder that has some. What was stored before is intact.",
    )


def check_space(folder: Path) -> None:
    """Check, without writing, that the disk of a folder has room for another entry.

    Raises:
        SpaceError: it is full.
    """
    if _is_full(folder):
        raise no_space(folder)


def no_permission(folder: Path, detail: str) -> SpaceError:
    """The error for a folder that cannot be written."""
    return SpaceError(
        f"{folder}, where histories are kept, cannot be used: {detail}.",
        "Give your user permission to write there, or set AGENTS_DATA_FOLDER to another folder.",
    )


@contextmanager
def explaining(path: Path) -> Iterator[None]:
    """Translate errors of SQLite and the system into our errors; mistakes in our own code pass unchanged.

    Raises:
        SpaceError: no space or no permission.
        StoreError: the file is damaged, or the disk failed.
        Locked: another process kept the file locked.
    """
    try:
        yield
    except UnicodeDecodeError:
        # All stored text is UTF-8; other text, also in a message of SQLite, was damaged.
        raise damaged(path, "text that is not UTF-8") from None
    except (sqlite3.Error, OSError) as error:
        meant = explained(error, path)
        if meant is None:
            raise
        # Some messages of SQLite quote stored text, which must not reach a log through the chain of exceptions.
        raise meant from None


def _explained_os(error: OSError, folder: Path) -> StoreError:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return no_space(folder)
    return no_permission(folder, error.strerror or type(error).__name__)


def _name(error: sqlite3.Error) -> str:
    return getattr(error, "sqlite_errorname", None) or ""


def _is_full(folder: Path) -> bool:
    try:
        return shutil.disk_usage(folder).free < _NEARLY_FULL
    except OSError:
        return False
