"""Locks on the data folder: shared by any number of users, or exclusive to one restore.

The lock is on the folder itself, so that it needs no file and is released when its process ends in any way.
"""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from urllib.parse import unquote

from agents.errors import Locked
from agents.private_folder import make_private
from agents.store import locks, replace
from agents.store.sqlite_errors import explaining

PATIENCE_SECONDS = 30.0
"""How long a user who comes waits for a restore to end."""

if sys.platform == "win32":

    def _lock(folder: Path, *, exclusive: bool) -> int | None:  # noqa: ARG001 - the same as elsewhere
        # Windows neither locks folders nor renames an open file: there the rename itself is refused, and rolled back.
        return None
else:
    import fcntl

    def _lock(folder: Path, *, exclusive: bool) -> int | None:
        """The handle of an acquired lock; None where this file system does not support locks on folders.

        Raises:
            BlockingIOError: another process has it.
        """
        try:
            handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        except OSError:
            return None
        try:
            fcntl.flock(handle, (fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except OSError as error:
            os.close(handle)
            if error.errno in locks.LOCKED_BY_OTHERS:
                raise BlockingIOError(*error.args) from None
            return None
        return handle


class FolderLock:
    """A lock on a data folder, from its creation until ``close``.

    Args:
        handle: the open folder that is locked; None where folders cannot be locked.
        above: the lock on the data folder in which this one is that of an owner; released with it.
    """

    def __init__(self, handle: int | None, above: "FolderLock | None" = None) -> None:
        self._handle = handle
        self._above = above

    def close(self) -> None:
        """Release the lock; a second call does nothing."""
        handle, self._handle = self._handle, None
        if handle is not None:
            os.close(handle)
        if self._above is not None:
            self._above.close()

    def __del__(self) -> None:
        self.close()


def lock_shared(folder: Path, patience: float = PATIENCE_SECONDS) -> FolderLock:
    """Lock a data folder together with its other users, so that no restore begins before ``close``.

    A restore that was killed is finished or undone first; one that is running is waited for. The folder of an owner is
    locked together with the data folder that it is in, because a restore of that one replaces it.

    Args:
        folder: the data folder; created, for this user only, when it does not exist.
        patience: seconds to wait.

    Raises:
        Locked: the restore takes longer than that.
        StoreError: what a killed restore left cannot be read.
        SpaceError: no permission to finish it.
    """
    top = replace.above(folder)
    outer = lock_shared(top, patience) if top else None
    try:
        return FolderLock(_shared(folder, patience), outer)
    except BaseException:
        if outer:
            outer.close()
        raise


def _shared(folder: Path, patience: float) -> int | None:
    """The handle of a folder that is locked together with others; None where folders cannot be locked."""
    deadline = time.monotonic() + patience
    with suppress(OSError):  # opening the database reports what is wrong
        make_private(folder)
    while True:
        try:
            handle = _lock(folder, exclusive=False)
        except BlockingIOError:
            pass
        else:
            if not replace.pending(folder):
                return handle
            if handle is not None:
                os.close(handle)
            if _recovered(folder):
                continue
        if time.monotonic() >= deadline:
            raise Locked(f"A restore is running in {folder}.", "Wait until it is done.")
        time.sleep(0.02)


@contextmanager
def backup_lock(folder: Path) -> Iterator[None]:
    """Be the only backup or restore of a data folder during the block; what a killed restore left is recovered first.

    Raises:
        Locked: another backup or restore is running.
        StoreError: what a killed restore left cannot be read.
        SpaceError: no permission in the folder.
    """
    with locks.acquired(folder / "locks" / "backup", "The backup and restore of this folder"):
        with explaining(folder / replace.JOURNAL):
            replace.recover(folder)
        yield


@contextmanager
def locked_exclusively(folder: Path, patience: float = 2.0) -> Iterator[None]:
    """Be the only user of a data folder and those of its owners during the block; others who come wait.

    Args:
        folder: the data folder.
        patience: seconds to wait for users who are about to leave.

    Raises:
        Locked: a meeting is being held, or another process has the histories open.
    """
    deadline = time.monotonic() + patience
    with ExitStack() as stack:
        stack.callback(_exclusive(folder, deadline).close)
        for owner in replace.owner_folders(folder):  # no other can come: it would need a lock on this folder, too
            stack.callback(_exclusive(owner, deadline).close)
        yield


def _exclusive(folder: Path, deadline: float) -> FolderLock:
    """The lock on a folder that nobody else uses; errors are those of ``locked_exclusively``."""
    while True:
        _check_no_meeting(folder)
        try:
            return FolderLock(_lock(folder, exclusive=True))
        except BlockingIOError:
            if time.monotonic() >= deadline:
                raise Locked(
                    f"The histories in {folder} are in use by another process.",
                    "Stop the service and leave interactive sessions first, then try again.",
                ) from None
            time.sleep(0.05)


@contextmanager
def trying_to_lock(folder: Path) -> Iterator[bool]:
    """Lock any folder during the block, if possible; False when another process has it or folders cannot be locked."""
    try:
        handle = _lock(folder, exclusive=True)
    except BlockingIOError:
        handle = None
    try:
        yield handle is not None
    finally:
        if handle is not None:
            os.close(handle)


def _recovered(folder: Path) -> bool:
    try:
        with backup_lock(folder):
            return True
    except Locked:
        return False


def _check_no_meeting(folder: Path) -> None:
    for path in sorted((folder / "locks").glob("*.lock")):
        meeting = unquote(path.stem)
        with locks.acquired(path, f"The meeting {meeting}", about="held", subject=meeting):
            pass
