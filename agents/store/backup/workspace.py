"""A hidden folder to work in, space on its disk, and errors that say what the work was for."""

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex

from agents.errors import SpaceError
from agents.store import database
from agents.store.folder_lock import trying_to_lock
from agents.store.sqlite_errors import explained

_PREFIX = ".work-"


@contextmanager
def work_folder(parent: Path, prefix: str = _PREFIX) -> Iterator[Path]:
    """An empty hidden folder in ``parent``, removed after the block; those of killed processes are removed first.

    Raises:
        OSError: no space, or no permission.
    """
    for stale in parent.glob(f"{prefix}*"):
        with trying_to_lock(stale) as unused:
            if unused:
                shutil.rmtree(stale, ignore_errors=True)
    path = parent / f"{prefix}{token_hex(4)}"
    path.mkdir(mode=0o700)
    try:
        with trying_to_lock(path):
            yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def has_space(folder: Path, size: int) -> bool:
    """Whether the disk of a folder has this many bytes free; True when that is not known."""
    with suppress(OSError):
        return shutil.disk_usage(folder).free >= size
    return True


def folder_with_room(folder: Path, size: int) -> Path:
    """The folder, or the system's folder for temporary files if only the disk of that has this many bytes free."""
    temporary = Path(tempfile.gettempdir())
    return temporary if not has_space(folder, size) and has_space(temporary, size) else folder


@contextmanager
def explaining_work(folder: Path, what: str) -> Iterator[None]:
    """Turn errors of SQLite and the system into errors that name the folder and the work.

    Args:
        folder: the folder in which the work is done.
        what: the work, as in "/x has no room for ...".

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
    return SpaceError(f"{folder} has no room for {what}: {detail}.", "Free some space, or choose another folder.")
