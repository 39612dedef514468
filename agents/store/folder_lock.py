"""Who is in the data folder: any number of users, or one restore alone.

The lock is on the folder itself, so that it needs no file and goes with its holder, however that ends.
"""

import errno
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import unquote

from agents.errors import Locked
from agents.store import locks, replace
from agents.store.sqlite_errors import explaining

PATIENCE_SECONDS = 30.0
"""How long somebody who comes waits for a restore to be over."""

_TAKEN = {errno.EAGAIN, errno.EACCES, errno.EDEADLK}

if sys.platform == "win32":

    def _folder_lock(folder: Path, *, alone: bool) -> int | None:  # noqa: ARG001 - the same as elsewhere
        # Windows neither locks folders nor renames an open file: there the rename itself is refused, and rolled back.
        return None
else:
    import fcntl

    def _folder_lock(folder: Path, *, alone: bool) -> int | None:
        """A handle that holds the lock; None where this file system knows no such lock.

        Raises:
            BlockingIOError: others hold it.
        """
        try:
            handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        except OSError:
            return None
        try:
            fcntl.flock(handle, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except OSError as error:
            os.close(handle)
            if error.errno in _TAKEN:
                raise BlockingIOError(*error.args) from None
            return None
        return handle


class Presence:
    """Somebody is in a data folder, and no restore begins, until ``close``.

    Args:
        handle: the handle that holds the lock; None for no lock.
    """

    def __init__(self, handle: int | None) -> None:
        self._handle = handle

    def close(self) -> None:
        """Leave; a second call does nothing."""
        handle, self._handle = self._handle, None
        if handle is not None:
            os.close(handle)

    def __del__(self) -> None:
        self.close()


def enter(folder: Path, patience: float = PATIENCE_SECONDS) -> Presence:
    """Come into a data folder: a restore that was killed is finished or undone first, one under way is waited for.

    Args:
        folder: the data folder; made, for this user only, when it is not there.
        patience: seconds to wait.

    Raises:
        Locked: the restore takes longer than that.
        StoreError: what a killed restore left cannot be read.
        SpaceError: no permission to finish it.
    """
    deadline = time.monotonic() + patience
    with suppress(OSError):  # whoever opens the database says why not
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    while True:
        try:
            presence = Presence(_folder_lock(folder, alone=False))
        except BlockingIOError:
            pass
        else:
            if not replace.pending(folder):
                return presence
            presence.close()
            if _recovered(folder):
                continue
        if time.monotonic() >= deadline:
            raise Locked(f"A restore is going on in {folder}.", "Wait until it is done.")
        time.sleep(0.02)


@contextmanager
def upkeep_lock(folder: Path) -> Iterator[None]:
    """Be the only backup or restore of a data folder while the block lasts; what a killed restore left is put right.

    Raises:
        Locked: another one is at work.
        StoreError: what a killed restore left cannot be read.
        SpaceError: no permission in the folder.
    """
    with locks.holding(folder / "locks" / "backup", "The lock for backup and restore"):
        with explaining(folder / replace.JOURNAL):
            replace.recover(folder)
        yield


@contextmanager
def alone(folder: Path, patience: float = 2.0) -> Iterator[None]:
    """Have a data folder to oneself while the block lasts; who comes meanwhile waits.

    Args:
        folder: the data folder.
        patience: seconds to wait for those who are about to leave.

    Raises:
        Locked: a meeting is being held, or another process has the histories open.
    """
    deadline = time.monotonic() + patience
    while True:
        _no_meeting(folder)
        try:
            presence = Presence(_folder_lock(folder, alone=True))
            break
        except BlockingIOError:
            if time.monotonic() >= deadline:
                raise Locked(
                    f"The histories in {folder} are in use by another process.",
                    "Stop the service and leave interactive sessions first, then try again.",
                ) from None
            time.sleep(0.05)
    try:
        yield
    finally:
        presence.close()


@contextmanager
def hold_folder(folder: Path) -> Iterator[bool]:
    """Lock a folder as long as the block lasts; tells whether it is ours, never so where folders know no locks."""
    try:
        handle = _folder_lock(folder, alone=True)
    except BlockingIOError:
        handle = None
    try:
        yield handle is not None
    finally:
        if handle is not None:
            os.close(handle)


def _recovered(folder: Path) -> bool:
    try:
        with upkeep_lock(folder):
            return True
    except Locked:
        return False


def _no_meeting(folder: Path) -> None:
    for path in sorted((folder / "locks").glob("*.lock")):
        with locks.holding(path, f"The meeting {unquote(path.stem)}"):
            pass
