"""Locks between processes. The operating system releases them when the process that has them ends in any way."""

import errno
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

from agents.errors import Locked, StoreError
from agents.private_folder import make_private
from agents.store.sqlite_errors import explaining

LOCKED_BY_OTHERS = frozenset({errno.EAGAIN, errno.EACCES, errno.EDEADLK})
"""What the system reports when another process has the lock."""

_locked_here: set[Path] = set()
_guard = threading.Lock()

if sys.platform == "win32":
    import msvcrt

    _FAR = 1 << 30
    """Windows refuses to read locked bytes; this one is behind the text."""

    def _lock(handle: int) -> None:
        os.lseek(handle, _FAR, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        os.lseek(handle, 0, os.SEEK_SET)
else:
    import fcntl

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def lock_path(folder: Path, name: str) -> Path:
    """The file of the lock called ``name``; any name makes a valid file name."""
    safe = quote(name, safe="")
    if len(safe) > 150:
        from hashlib import sha256

        safe = f"{safe[:80]}-{sha256(name.encode('utf-8', 'replace')).hexdigest()[:32]}"
    return folder / "locks" / f"{safe}.lock"


@contextmanager
def acquired(path: Path, what: str) -> Iterator[None]:
    """Acquire a lock at once, without waiting, and release it at the end of the block.

    Args:
        path: the lock's file; created, with its folder, when it does not exist.
        what: what the lock protects, as the beginning of a message: "The meeting x".

    Raises:
        Locked: this process or another has it already.
        SpaceError: the lock's file cannot be created.
        StoreError: this file system does not support locks.
    """
    path = path.absolute()
    with _guard:
        if path in _locked_here:
            raise Locked(f"{what} is already locked by this process ({os.getpid()}).", "Wait until it is released.")
        _locked_here.add(path)
    try:
        with explaining(path.parent):
            make_private(path.parent)
        handle = _acquire(path, what)
        try:
            with suppress(OSError):  # on a full disk others are not told who has it; the lock is the system's
                os.ftruncate(handle, 0)
                os.write(handle, str(os.getpid()).encode())
            yield
        finally:
            os.close(handle)
    finally:
        with _guard:
            _locked_here.discard(path)


def remove(path: Path) -> None:
    """Remove the file of a lock that the caller has acquired and that nobody will need again."""
    with suppress(OSError):  # Windows does not remove an open file; an empty one left behind does no harm
        path.unlink()


def _acquire(path: Path, what: str) -> int:
    while True:
        with explaining(path.parent):
            handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _lock(handle)
            # The process that had the lock may have removed the file meanwhile; then nobody else can see this lock.
            if path.exists() and path.stat().st_ino == os.fstat(handle).st_ino:
                return handle
        except OSError as error:
            owner = os.read(handle, 20).decode("ascii", "replace").strip()
            os.close(handle)
            raise _refused(error, owner, path, what) from None
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)


def _refused(error: OSError, owner: str, path: Path, what: str) -> StoreError:
    if error.errno not in LOCKED_BY_OTHERS:
        return StoreError(
            f"The file system of {path.parent} does not support locks: {error.strerror}.",
            "Keep the data folder on a local disk.",
        )
    who = f"process {owner}" if owner.isdecimal() else "another process"
    return Locked(f"{what} is locked by {who}.", f"Wait until it is done, or stop {who}.")
