"""Locks between processes. The operating system releases them when the process that has them ends in any way."""

import errno
import json
import os
import platform
import re
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
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


@dataclass(frozen=True, slots=True)
class Holder:
    """The process that has a lock, as it described itself.

    Attributes:
        process: its number, on its machine or in its container.
        machine: the name of the machine or of the container.
        does: the words of its command, without names, options and texts, such as "meeting run".
        since: when it acquired the lock, in seconds of the clock.
    """

    process: int = 0
    machine: str = ""
    does: str = ""
    since: float = 0.0

    def __str__(self) -> str:
        """Such as "process 28 (meeting run, for 12 minutes)"."""
        if not self.process:
            return "another process"
        minutes = int(max(0.0, time.time() - self.since) // 60)
        lasted = "for less than a minute" if minutes < 1 else f"for {minutes} minute{'' if minutes == 1 else 's'}"
        known = ", ".join(filter(None, [self.does, lasted if self.since else ""]))
        return f"process {self.process} ({known})" if known else f"process {self.process}"


def _this_process() -> Holder:
    return Holder(os.getpid(), platform.node(), _command(sys.argv), time.time())


def _command(words: list[str]) -> str:
    """The words of a command up to its first option or text, and without the options before it."""
    left = words[1:]
    while left and left[0].startswith("-"):
        alone = "=" in left[0] or left[0].lstrip("-") in {"plain", "debug"}
        del left[: 1 if alone else 2]
    said = []
    for word in left[:3]:
        if not re.fullmatch(r"[a-z][a-z_-]{0,40}", word):
            break
        said.append(word)
    return " ".join(said)


def _read_holder(handle: int) -> Holder:
    raw = os.read(handle, 4096).decode("utf-8", "replace").strip()
    if raw.isdecimal():  # as earlier versions wrote it
        return Holder(int(raw))
    try:
        return Holder(**json.loads(raw))
    except (ValueError, TypeError):
        return Holder()


def holder(path: Path) -> Holder | None:
    """Who has the lock at this moment; None where nobody has it.

    Args:
        path: the lock's file.
    """
    try:
        handle = os.open(path, os.O_RDWR)
    except OSError:
        return None
    try:
        _lock(handle)
    except OSError as error:
        return _read_holder(handle) if error.errno in LOCKED_BY_OTHERS else None
    else:
        return None
    finally:
        os.close(handle)


def lock_path(folder: Path, name: str) -> Path:
    """The file of the lock called ``name``; any name makes a valid file name."""
    safe = quote(name, safe="")
    if len(safe) > 150:
        from hashlib import sha256

        safe = f"{safe[:80]}-{sha256(name.encode('utf-8', 'replace')).hexdigest()[:32]}"
    return folder / "locks" / f"{safe}.lock"


@contextmanager
def acquired(path: Path, what: str, *, about: str = "", subject: str = "") -> Iterator[None]:
    """Acquire a lock at once, without waiting, and release it at the end of the block.

    Args:
        path: the lock's file; created, with its folder, when it does not exist.
        what: what the lock protects, as the beginning of a message: "The meeting x".
        about: what the error is about, where another process has it.
        subject: its subject.

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
        handle = _acquire(path, what, about, subject)
        try:
            with suppress(OSError):  # on a full disk others are not told who has it; the lock is the system's
                os.ftruncate(handle, 0)
                os.write(handle, json.dumps(asdict(_this_process())).encode())
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


def _acquire(path: Path, what: str, about: str, subject: str) -> int:
    while True:
        with explaining(path.parent):
            handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _lock(handle)
            # The process that had the lock may have removed the file meanwhile; then nobody else can see this lock.
            if path.exists() and path.stat().st_ino == os.fstat(handle).st_ino:
                return handle
        except OSError as error:
            owner = _read_holder(handle)
            os.close(handle)
            if error.errno in LOCKED_BY_OTHERS:
                who = f"process {owner.process}" if owner.process else "that process"
                raise Locked(
                    f"{what} is locked by {owner}.",
                    f"Wait until it is done, or stop {who}.",
                    about=about,
                    subject=subject,
                ) from None
            raise StoreError(
                f"The file system of {path.parent} does not support locks: {error.strerror}.",
                "Keep the data folder on a local disk.",
            ) from None
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)
