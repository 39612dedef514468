"""The database file: opened safely, written durably, every failure put into words."""

import os
import re
import sqlite3
import threading
import time
import weakref
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from agents.errors import StoreError
from agents.store import integrity
from agents.store.migrations import APPLICATION, VERSION, migrate
from agents.store.row_checksum import seal, storable
from agents.store.sqlite_errors import damaged, explaining, is_busy

_UNSAFE = re.compile(
    r"virtiofs|9p|fuse.*|nfs.*|cifs|smb.*|vboxsf|vmhgfs|prl_fs|osxfs|fakeowner|drvfs|afs|ceph|glusterfs"
)
"""Network mounts and folders shared with a host: their shared memory or locks do not keep a write-ahead log whole."""

_MOUNTS = Path("/proc/self/mountinfo")


def filesystem_of(folder: Path) -> str:
    """The type of the file system that ``folder`` is on, such as "ext4"; "" where the system does not tell."""
    try:
        mounts = _MOUNTS.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return ""
    return filesystem_in(mounts, folder.resolve())


def filesystem_in(mounts: str, folder: Path) -> str:
    """The type of the file system that ``folder`` is on, read from the text of a mountinfo file."""
    best, found = -1, ""
    for line in mounts.splitlines():
        before, _, after = line.partition(" - ")
        fields = before.split(" ")
        if len(fields) < 5 or not after:
            continue
        point = Path(_unescaped(fields[4]))
        # On the same mount point the later line lies on top of the earlier.
        if len(point.parts) >= best and folder.is_relative_to(point):
            best, found = len(point.parts), after.split(" ", 1)[0]
    return found


def is_unsafe_for_wal(filesystem: str) -> bool:
    """Whether a write-ahead log can be corrupted on such a file system."""
    return _UNSAFE.fullmatch(filesystem) is not None


def _unescaped(field: str) -> str:
    return re.sub(r"\\([0-7]{3})", lambda match: chr(int(match[1], 8)), field)


PAGE_BYTES = 8192
"""Size of a page of a new file."""

_HEADER = 100


def exists(path: Path) -> bool:
    """Whether there is a file to open.

    Raises:
        StoreError: there is one, and it is empty: a database never is, so it was cut off.
    """
    try:
        size = path.stat().st_size
    except FileNotFoundError:
        return False
    if size == 0:
        raise damaged(path, "it is empty")
    return True


def create(path: Path) -> None:
    """Make a new database aside and put it in place; when another process was faster, its file stays."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
    fresh.unlink(missing_ok=True)
    os.close(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    try:
        with closing(sqlite3.connect(fresh, isolation_level=None)) as connection:
            connection.execute(f"PRAGMA page_size = {PAGE_BYTES}")
            connection.execute("BEGIN IMMEDIATE")
            migrate(connection)
            connection.execute("COMMIT")
        _put_in_place(fresh, path)
    finally:
        for leftover in (fresh, fresh.with_name(f"{fresh.name}-journal")):
            leftover.unlink(missing_ok=True)


def keep_private(path: Path) -> None:
    """Let nobody else read the file; its write-ahead log takes over its rights."""
    for file in (path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
        with suppress(FileNotFoundError, PermissionError):
            if file.stat().st_mode & 0o077:
                file.chmod(0o600)


def is_cut_off(path: Path) -> bool:
    """Whether the file ends in the middle of a page though nobody is writing to it."""
    for _ in range(3):
        size = path.stat().st_size
        with path.open("rb") as file:
            header = file.read(_HEADER)
        if len(header) == _HEADER:
            page = int.from_bytes(header[16:18], "big")
            page = 65536 if page == 1 else page
            if page < 512 or size % page == 0 or _has_log(path):
                return False  # a header that makes no sense is for SQLite to name
        time.sleep(0.02)
    return True


def _has_log(path: Path) -> bool:
    for ending in ("-wal", "-journal"):
        with suppress(OSError):
            if path.with_name(path.name + ending).stat().st_size:
                return True
    return False


def _put_in_place(fresh: Path, path: Path) -> None:
    try:
        os.link(fresh, path)
    except FileExistsError:
        return
    except OSError:
        # Some shared folders know no links. A rename may then replace a file made this very moment, as empty as ours.
        if not path.exists():
            fresh.rename(path)
    with suppress(OSError):
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


NAME = "orchestrator.db"

BUSY_SECONDS = 10.0
"""How long SQLite itself waits for a lock before it says so."""

PATIENCE_SECONDS = 30.0
"""How long we go on asking before a user hears of it."""

CHECKED_WHOLE = 8_000_000
"""Bytes up to which a file is checked whole when it is opened; larger ones are as they are read, and by ``check``."""

WAL_BYTES = 2_000_000
"""Size of the write-ahead log at which its pages move into the file."""

T = TypeVar("T")


class _Link:
    """One thread's connection; closed with its thread."""

    __slots__ = ("__weakref__", "connection", "lock")

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection: sqlite3.Connection | None = connection
        self.lock = threading.RLock()

    def close(self) -> None:
        connection, self.connection = self.connection, None
        if connection is not None:
            with suppress(sqlite3.Error):
                connection.close()

    def __del__(self) -> None:
        self.close()


class Database:
    """The one SQLite file that everything is kept in.

    May be used from many threads and many processes at once; each thread has its own connection. Use it as a context
    manager, or call ``close``.

    Args:
        folder: where the file is or will be; made, for this user only, when it is not there.
        filesystem: type of the file system the folder is on; None looks it up.
        patience: seconds to wait for other processes before giving up.

    Attributes:
        path: the file.
        filesystem: the type of file system it is on; "" when the system does not tell.
        warning: one line on why this place is a poor one for a database; "" when it is not.

    Raises:
        SpaceError: no space, or no permission.
        StoreError: the file is damaged, not ours, or from a newer version; it is left as it is.
        Locked: another process would not let go.
    """

    def __init__(self, folder: Path, *, filesystem: str | None = None, patience: float = PATIENCE_SECONDS) -> None:
        self.folder = Path(folder)
        self.path = self.folder / NAME
        self.patience = patience
        self._local = threading.local()
        self._links: weakref.WeakSet[_Link] = weakref.WeakSet()
        self._links_lock = threading.Lock()
        self._closed = False
        with explaining(self.path):
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.filesystem = filesystem_of(self.folder) if filesystem is None else filesystem
            if not exists(self.path):
                create(self.path)
            keep_private(self.path)
        unsafe = is_unsafe_for_wal(self.filesystem)
        self.journal_mode = "delete" if unsafe else "wal"
        self.warning = (
            f"{self.folder} is on {self.filesystem}, which can lose histories when two programs write at once; "
            "keep them on a local disk or in a named volume."
            if unsafe
            else ""
        )
        try:
            self._verify()
        except BaseException:
            self.close()
            raise
        _open_databases.add(self)

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Run one statement that reads; returns all its rows.

        Raises:
            StoreError: the database cannot be used.
        """
        kept = [storable(value) if isinstance(value, str) else value for value in values]
        with explaining(self.path), self._linked() as link:
            return self._patiently(lambda: _connection(link).execute(sql, kept).fetchall())

    @contextmanager
    def write(self, *, durable: bool = True) -> Iterator[sqlite3.Connection]:
        """A transaction that no other writer comes into; durable when the block has been left, undone when it raises.

        Args:
            durable: False leaves it to the system when the disk gets it; only a crash of the machine can lose it.

        Raises:
            SpaceError: no space, or no permission; nothing of the block was kept.
            StoreError: the database cannot be used.
        """
        with explaining_sqlite(self.path), self._linked() as link:
            connection = _connection(link)
            try:
                connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
                self._patiently(lambda: connection.execute("BEGIN IMMEDIATE"))
                yield connection
                self._patiently(lambda: connection.execute("COMMIT"))
            except BaseException:
                _undo(connection)
                raise

    def alone(self, sql: str) -> None:
        """Run one statement that must stand outside a transaction, such as VACUUM.

        Raises:
            StoreError: the database cannot be used.
        """
        with explaining(self.path), self._linked() as link:
            self._patiently(lambda: _connection(link).execute(sql).fetchall())

    def check(self) -> None:
        """Read everything and see whether it is whole: pages, indexes, seals.

        Raises:
            StoreError: it is not; the cause says where.
        """
        integrity.check(self)

    def compact(self) -> int:
        """Give free space back to the disk; returns the bytes won, which may be 0.

        Raises:
            SpaceError: there is no room for the copy this makes on the way.
        """
        return integrity.compact(self)

    def size(self) -> int:
        """Bytes on disk, write-ahead log included."""
        files = (self.path, self.path.with_name(f"{NAME}-wal"))
        return sum(file.stat().st_size for file in files if file.exists())

    def close(self) -> None:
        """Close every connection; a second call does nothing."""
        self._closed = True
        self._let_go()
        _open_databases.discard(self)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()

    def _verify(self) -> None:
        """See that the file is whole, ours and not from the future, before anything is written to it."""
        with explaining(self.path):
            cut_off = is_cut_off(self.path)
        if cut_off:
            raise damaged(self.path, "it is cut off")
        [(application,)] = self.rows("PRAGMA application_id")
        version = integrity.version_of(self)
        if application != APPLICATION:
            raise damaged(self.path, "it is not a database of this program")
        if version > VERSION:
            raise StoreError(
                f"{self.path} was written by a newer version (layout {version}; this one knows {VERSION}).",
                "Upgrade first, then try again.",
            )
        integrity.check_layout(self)
        if self.path.stat().st_size <= CHECKED_WHOLE:
            integrity.check_pages(self, thorough=False)
        [(mode,)] = self.rows("PRAGMA journal_mode")
        if mode != self.journal_mode:
            self.alone(f"PRAGMA journal_mode = {self.journal_mode}")
        if version < VERSION:
            with self.write() as connection:
                migrate(connection)

    def _connect(self) -> _Link:
        if self._closed:
            raise StoreError("The store is closed.", "Open it again.")
        connection = sqlite3.connect(
            f"{self.path.absolute().as_uri()}?mode=rw",
            uri=True,
            timeout=min(BUSY_SECONDS, self.patience),
            isolation_level=None,
            check_same_thread=False,
        )
        link = _Link(connection)
        connection.create_function("seal", 1, seal, deterministic=True)
        limits = (f"journal_size_limit = {WAL_BYTES}", f"wal_autocheckpoint = {WAL_BYTES // PAGE_BYTES}")
        for pragma in ("foreign_keys = ON", "secure_delete = ON", *limits):
            self._patiently(partial(connection.execute, f"PRAGMA {pragma}"))
        with self._links_lock:
            self._links.add(link)
        return link

    @contextmanager
    def _linked(self) -> Iterator[_Link]:
        """This thread's connection, held against closing from outside."""
        link: _Link | None = getattr(self._local, "link", None)
        if link is None or link.connection is None:
            link = self._local.link = self._connect()
        with link.lock:
            try:
                yield link
            except sqlite3.OperationalError:
                link.close()  # after a failed disk, a connection may have a wrong idea of the file
                raise

    def _patiently(self, work: Callable[[], T]) -> T:
        """Do it again as long as others are in the way and patience lasts."""
        deadline = time.monotonic() + self.patience
        while True:
            try:
                return work()
            except sqlite3.OperationalError as error:
                if not is_busy(error) or time.monotonic() >= deadline:
                    raise
                time.sleep(0.01)

    def _let_go(self) -> None:
        """Close every connection that is not in the middle of a transaction of this thread."""
        with self._links_lock:
            links = list(self._links)
        for link in links:
            with link.lock:
                if link.connection is not None and (self._closed or not link.connection.in_transaction):
                    link.close()


_open_databases: weakref.WeakSet[Database] = weakref.WeakSet()


@contextmanager
def explaining_sqlite(path: Path) -> Iterator[None]:
    """Like ``explaining``, for a block that runs foreign code: an OSError of that code is its own."""
    try:
        yield
    except (sqlite3.Error, UnicodeDecodeError) as error:
        with explaining(path):
            raise error from None


def _connection(link: _Link) -> sqlite3.Connection:
    if link.connection is None:
        raise StoreError("The store is closed.", "Open it again.")
    return link.connection


def _undo(connection: sqlite3.Connection) -> None:
    # A full disk makes SQLite undo the transaction by itself.
    with suppress(sqlite3.Error):
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def _before_fork() -> None:
    # A SQLite connection must not cross a fork; closed here, parent and child each open their own when they need one.
    for database in list(_open_databases):
        database._let_go()  # noqa: SLF001 - same module


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_before_fork)
