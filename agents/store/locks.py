"""Locks between processes that the operating system lets go of when their holder dies, however it dies."""

import errno
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

from agents.errors import Locked, StoreError
from agents.store.sqlite_errors import explaining

_held_here: set[Path] = set()
_guard = threading.Lock()

if sys.platform == "win32":
    import msvcrt

    _FAR = 1 << 30
    """Windows locks bytes for reading, too; this one lies behind the text."""

    def _lock(handle: int) -> None:
        os.lseek(handle, _FAR, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        os.lseek(handle, 0, os.SEEK_SET)
else:
    import fcntl

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def lock_path(folder: Path, name: str) -> Path:
    """Where the lock called ``name`` lives; any name makes a file name."""
    safe = quote(name, safe="")
    if len(safe) > 150:
        from hashlib import sha256

        safe = f"{safe[:80]}-{sha256(name.encode('utf-8', 'replace')).hexdigest()[:32]}"
    return folder / "locks" / f"{safe}.lock"


@contextmanager
def holding(path: Path, what: str) -> Iterator[None]:
    """Hold a lock as long as the block lasts.

    Args:
        path: the lock's file; made, with its folder, when it is not there.
        what: what it stands for, as a message begins: "The meeting x".

    Raises:
        Locked: somebody else holds it, in this process or another; known at once.
        SpaceError: the lock's file cannot be made.
        StoreError: this file system knows no locks.
    """
    path = path.absolute()
    with _guard:
        if path in _held_here:
            raise Locked(f"{what} is already held by this process ({os.getpid()}).", "Wait until it is done there.")
        _held_here.add(path)
    try:
        with explaining(path.parent):
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = _taken(path, what)
        try:
            with explaining(path.parent):
                os.ftruncate(handle, 0)
                os.write(handle, str(os.getpid()).encode())
            yield
        finally:
            os.close(handle)
    finally:
        with _guard:
            _held_here.discard(path)


def remove(path: Path) -> None:
    """Remove a lock's file; the caller holds it, and what it stood for is gone."""
    with suppress(OSError):  # Windows does not remove an open file; an empty leftover does no harm
        path.unlink()


def _taken(path: Path, what: str) -> int:
    while True:
        with explaining(path.parent):
            handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _lock(handle)
            # Whoever held it may have removed the file meanwhile; then this is a lock on nothing.
            if path.exists() and path.stat().st_ino == os.fstat(handle).st_ino:
                return handle
        except OSError as error:
            holder = os.read(handle, 20).decode("ascii", "replace").strip()
            os.close(handle)
            raise _refused(error, holder, path, what) from None
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)


def _refused(error: OSError, holder: str, path: Path, what: str) -> StoreError:
    if error.errno not in {errno.EAGAIN, errno.EACCES, errno.EDEADLK}:
        return StoreError(f"{path.parent} knows no locks: {error.strerror}.", "Keep the data folder on a local disk.")
    who = f"process {holder}" if holder.isdigit() else "another process"
    return Locked(f"{what} is held by {who}.", f"Wait until it is done, or stop {who}.")
