"""The database file: opened safely, written durably, with an error message for every failure."""

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
from typing import Any, Self, TypeVar
from zlib import crc32

from agents.errors import StoreError
from agents.private_folder import make_private
from agents.store import replace
from agents.store.earlier_layout import copies_of, keep_copy
from agents.store.migrations import APPLICATION, LAYOUTS, VERSION, migrate
from agents.store.row_checksum import checksum, encodable
from agents.store.sqlite_errors import damaged, explaining, is_busy

_UNSAFE = re.compile(
    r"virtiofs|9p|fuse.*|nfs.*|cifs|smb.*|vboxsf|vmhgfs|prl_fs|osxfs|fakeowner|drvfs|afs|ceph|glusterfs"
)
"""Network mounts and folders shared with a host: a write-ahead log can be corrupted there."""

_MOUNTS = Path("/proc/self/mountinfo")


def filesystem_of(folder: Path) -> str:
    """The type of the file system that ``folder`` is on, such as "ext4"; "" when it is not known."""
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
        # Of two mounts on the same point, the later one hides the earlier.
        if len(point.parts) >= best and folder.is_relative_to(point):
            best, found = len(point.parts), after.split(" ", 1)[0]
    return found


def is_unsafe_for_wal(filesystem: str) -> bool:
    """Whether a write-ahead log can be corrupted on such a file system."""
    return _UNSAFE.fullmatch(filesystem) is not None


def _unescaped(field: str) -> str:
    return re.sub(r"\\([0-7]{3})", lambda match: chr(int(match[1], 8)), field)


PAGE_BYTES = 8192
"""Size of a page in a new file."""

_HEADER = 100


def exists(path: Path) -> bool:
    """Whether there is a file to open.

    Raises:
        StoreError: the file is empty; a database never is, so it was cut off.
    """
    try:
        size = path.stat().st_size
    except FileNotFoundError:
        return False
    if size == 0:
        raise damaged(path, "it is empty")
    return True


def create(path: Path) -> None:
    """Create a new database under another name and move it into place, unless another process was faster."""
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
    """Make the file and its logs readable by its owner only."""
    for file in (path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
        with suppress(FileNotFoundError, PermissionError):
            if file.stat().st_mode & 0o077:
                file.chmod(0o600)


def is_cut_off(path: Path) -> bool:
    """Whether the file ends in the middle of a page though nobody is writing to it.

    A file that this process uses already is not looked at: it was checked when it was opened, and to close a second
    handle of it would release the locks that SQLite has on it (https://sqlite.org/howtocorrupt.html, section 2.2), so
    that another process removes its log.
    """
    with _connecting:
        connected = any(one.connection is not None and one.path == path.absolute() for one in list(_connected))
        return not connected and _ends_within_a_page(path)


def _ends_within_a_page(path: Path) -> bool:
    for _ in range(3):
        size = path.stat().st_size
        with path.open("rb") as file:
            header = file.read(_HEADER)
        if len(header) == _HEADER:
            page = int.from_bytes(header[16:18], "big")
            page = 65536 if page == 1 else page
            if page < 512 or size % page == 0 or _has_log(path):
                return False  # SQLite itself reports a header that makes no sense
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
        # Some shared folders do not support links. A rename can then only replace a file that is just as new and empty.
        if not path.exists():
            fresh.rename(path)
    replace.sync(path.parent)


NAME = replace.DATABASE

BUSY_SECONDS = 10.0
"""How long SQLite itself waits for a lock before it reports an error."""

PATIENCE_SECONDS = 30.0
"""How long we try again before the user gets an error."""

CHECKED_BYTES = 8_000_000
"""Bytes up to which all pages are checked when a file is opened; a larger file is checked as its rows are read."""

WAL_BYTES = 2_000_000
"""Size of the write-ahead log at which its pages are moved into the file."""

INSTRUCTIONS = 20_000
"""How many instructions of SQLite are run at most, within about a millisecond, before a Ctrl-C is looked for."""

T = TypeVar("T")


class _ThreadConnection:
    """The connection of one thread; closed when the thread ends."""

    __slots__ = ("__weakref__", "connection", "lock", "path")

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self.connection: sqlite3.Connection | None = connection
        self.path = path
        self.lock = threading.RLock()

    def opened(self) -> sqlite3.Connection:
        if self.connection is None:
            raise StoreError("The store is closed.", "Open it again.")
        return self.connection

    def close(self) -> None:
        connection, self.connection = self.connection, None
        if connection is not None:
            with suppress(sqlite3.Error):
                connection.close()

    def __del__(self) -> None:
        self.close()


_connecting = threading.Lock()
"""Is held while a file is opened, by SQLite or to look at its size."""

_connected: weakref.WeakSet[_ThreadConnection] = weakref.WeakSet()
"""All connections of this process."""


class Database:
    """The SQLite file in which everything is stored.

    Many threads and many processes may use it at once; each thread has its own connection. Use it as a context manager,
    or call ``close``.

    Args:
        folder: the folder of the file; created, for this user only, when it does not exist.
        filesystem: type of the file system the folder is on; None looks it up.
        patience: seconds to wait for other processes before giving up.
        keep_earlier: whether a file with an older layout is copied before it is migrated.

    Attributes:
        folder: the folder of the file.
        path: the file.
        filesystem: the type of the file system it is on; "" when it is not known.
        journal_mode: SQLite's journal mode for this file system: "wal" or "delete".
        warning: one line on why this folder is not a safe place for a database; "" when it is one.
        migrated: one line on the migration of a file that had an older layout, and where its copy is; else "".

    Raises:
        SpaceError: no space, or no permission.
        StoreError: the file is damaged, not ours, or from a newer version; it is not changed.
        Locked: another process kept it locked.
    """

    def __init__(
        self,
        folder: Path,
        *,
        filesystem: str | None = None,
        patience: float = PATIENCE_SECONDS,
        keep_earlier: bool = True,
    ) -> None:
        self.folder = Path(folder)
        self.path = self.folder / NAME
        self.patience = patience
        self.migrated = ""
        self._local = threading.local()
        self._connections: weakref.WeakSet[_ThreadConnection] = weakref.WeakSet()
        self._connections_lock = threading.Lock()
        self._closed = False
        with explaining(self.path):
            make_private(self.folder)
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
            self._verify(keep_earlier=keep_earlier)
        except BaseException:
            self.close()
            raise
        _open_databases.add(self)

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Run one statement that reads; returns all its rows.

        Raises:
            StoreError: the database cannot be used.
        """
        kept = [encodable(value) if isinstance(value, str) else value for value in values]
        with explaining(self.path), self._locked_connection() as mine:
            return self._retrying(lambda: mine.opened().execute(sql, kept).fetchall())

    @contextmanager
    def write(self, *, durable: bool = True) -> Iterator[sqlite3.Connection]:
        """A transaction: durable at the end of the block, rolled back when the block raises.

        Within the block of another one in the same thread, it is a part of that one: its rows are stored when the outer
        block ends, and only then. Nothing may be awaited in the block.

        Args:
            durable: False lets the system decide when to write it to the disk; a crash of the machine can lose it.

        Raises:
            SpaceError: no space, or no permission; nothing of the block was stored.
            StoreError: the database cannot be used.
        """
        with explaining_sqlite(self.path), self._locked_connection() as mine:
            connection = mine.opened()
            if connection.in_transaction:
                with _part_of(connection):
                    yield connection
                return
            try:
                connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
                self._retrying(lambda: connection.execute("BEGIN IMMEDIATE"))
                yield connection
                self._retrying(lambda: connection.execute("COMMIT"))
            except BaseException:
                _undo(connection)
                raise

    def outside_transaction(self, sql: str) -> None:
        """Run one statement that must not be in a transaction, such as VACUUM.

        Raises:
            StoreError: the database cannot be used.
        """
        with explaining(self.path), self._locked_connection() as mine:
            self._retrying(lambda: mine.opened().execute(sql).fetchall())

    def check_pages(self, *, thorough: bool) -> None:
        """Check the structure of the file's pages.

        Args:
            thorough: also check that every index agrees with its table.

        Raises:
            StoreError: the pages are damaged.
        """
        found = self.rows(f"PRAGMA {'integrity_check' if thorough else 'quick_check'}(1)")
        if found != [("ok",)]:
            first = " ".join(str(found[0][0]).split()) if found else "no answer to the integrity check"
            raise damaged(self.path, first)

    def layout_version(self) -> int:
        """The number of the file's layout."""
        [(version,)] = self.rows("PRAGMA user_version")
        return int(version)

    def layout_checksum(self) -> int:
        """The checksum of the statements that create the file's tables."""
        ours = "sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
        columns = "type, CAST(name AS BLOB), CAST(tbl_name AS BLOB), CAST(sql AS BLOB)"
        sql = f"SELECT {columns} FROM sqlite_master WHERE {ours} ORDER BY name, type"  # noqa: S608 - constants
        return checksum(repr(self.rows(sql)).encode())

    def size(self) -> int:
        """Bytes on the disk, including the write-ahead log."""
        files = (self.path, self.path.with_name(f"{NAME}-wal"))
        return sum(file.stat().st_size for file in files if file.exists())

    def log_size(self) -> int:
        """Bytes of the write-ahead log, in which deleted words stay as long as another process reads what was there."""
        log = self.path.with_name(f"{NAME}-wal")
        return log.stat().st_size if log.exists() else 0

    def close(self) -> None:
        """Close every connection; a second call does nothing."""
        self._closed = True
        self._close_idle()
        _open_databases.discard(self)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def _verify(self, *, keep_earlier: bool) -> None:
        """Check that the file is complete, ours and not from a newer version, before anything is written to it."""
        with explaining(self.path):
            cut_off = is_cut_off(self.path)
        if cut_off:
            raise damaged(self.path, "it is cut off")
        [(application,)] = self.rows("PRAGMA application_id")
        version = self.layout_version()
        if application != APPLICATION:
            raise damaged(self.path, "it is not a database of this program")
        if version > VERSION:
            raise self._too_new(version)
        self._check_layout()
        if self.path.stat().st_size <= CHECKED_BYTES:
            self.check_pages(thorough=False)
        [(mode,)] = self.rows("PRAGMA journal_mode")
        if mode != self.journal_mode:
            self.outside_transaction(f"PRAGMA journal_mode = {self.journal_mode}")
        if version < VERSION:
            self._migrate(keep_earlier=keep_earlier)

    def _migrate(self, *, keep_earlier: bool) -> None:
        """Take the steps to the current layout; before them, copy the file, unless it was copied on the way here."""
        with self.write() as connection:
            [(version,)] = connection.execute("PRAGMA user_version").fetchall()
            if version < VERSION and keep_earlier:
                with explaining(self.path):
                    copy = keep_copy(self.path, version)
                self.migrated = (
                    f"The histories are now in layout {VERSION}. A copy from before, in layout {version}, is in {copy}."
                )
            migrate(connection)
        if self.journal_mode == "wal":  # what a step removes must not stay in the log
            self.outside_transaction("PRAGMA wal_checkpoint(TRUNCATE)")

    def _too_new(self, version: int) -> StoreError:
        copies = [copy for layout, copy in copies_of(self.path).items() if layout <= VERSION]
        cause = f"{self.path} was written by a newer version (layout {version}; this one supports up to {VERSION})."
        if not copies:
            return StoreError(cause, "Upgrade first, then try again.")
        return StoreError(
            cause, f"Upgrade again. Or go back to {copies[-1]}, the copy from before the upgrade: see docs/backup.md."
        )

    def _check_layout(self) -> None:
        """Check that the tables are exactly those of the file's layout; a flipped bit can be in them, too."""
        version, made = None, 0
        # Another process may be changing the layout: the version must be the same before and after.
        while version != (version := self.layout_version()):
            made = self.layout_checksum()
        if made != LAYOUTS.get(version):
            raise damaged(self.path, f"its tables are not those of layout {version}")

    def _connect(self) -> _ThreadConnection:
        if self._closed:
            raise StoreError("The store is closed.", "Open it again.")
        with _connecting:
            connection = sqlite3.connect(
                f"{self.path.absolute().as_uri()}?mode=rw",
                uri=True,
                timeout=min(BUSY_SECONDS, self.patience),
                isolation_level=None,
                check_same_thread=False,
            )
            mine = _ThreadConnection(connection, self.path.absolute())
            _connected.add(mine)
        # Not a function in Python: SQLite would take the KeyboardInterrupt that is raised in one for a damaged file.
        connection.create_function("checksum", 1, crc32, deterministic=True)
        # A Ctrl-C during a long statement is raised in this one, which ends the statement; see ``explained``.
        connection.set_progress_handler(lambda: 0, INSTRUCTIONS)
        limits = (f"journal_size_limit = {WAL_BYTES}", f"wal_autocheckpoint = {WAL_BYTES // PAGE_BYTES}")
        for pragma in ("foreign_keys = ON", "secure_delete = ON", *limits):
            self._retrying(partial(connection.execute, f"PRAGMA {pragma}"))
        with self._connections_lock:
            self._connections.add(mine)
        return mine

    @contextmanager
    def _locked_connection(self) -> Iterator[_ThreadConnection]:
        """This thread's connection, locked so that no other thread closes it."""
        mine: _ThreadConnection | None = getattr(self._local, "connection", None)
        if mine is None or mine.connection is None:
            mine = self._local.connection = self._connect()
        with mine.lock:
            try:
                yield mine
            except sqlite3.OperationalError:
                mine.close()  # after a disk error, what a connection knows about the file may be wrong
                raise

    def _retrying(self, work: Callable[[], T]) -> T:
        """Do the work, and again while other processes have a lock and the patience is not used up."""
        deadline = time.monotonic() + self.patience
        while True:
            try:
                return work()
            except sqlite3.OperationalError as error:
                if not is_busy(error) or time.monotonic() >= deadline:
                    raise
                time.sleep(0.01)

    def _close_idle(self) -> None:
        """Close every connection that is not in the middle of a transaction of this thread."""
        with self._connections_lock:
            connections = list(self._connections)
        for each in connections:
            with each.lock:
                if each.connection is not None and (self._closed or not each.connection.in_transaction):
                    each.close()


_open_databases: weakref.WeakSet[Database] = weakref.WeakSet()


@contextmanager
def explaining_sqlite(path: Path) -> Iterator[None]:
    """Like ``explaining``, for a block of the caller's code: an OSError of that code passes unchanged."""
    try:
        yield
    except (sqlite3.Error, UnicodeDecodeError) as error:
        with explaining(path):
            raise error from None


@contextmanager
def _part_of(connection: sqlite3.Connection) -> Iterator[None]:
    """A part of a transaction, of which nothing is left when the block raises."""
    connection.execute("SAVEPOINT part")
    try:
        yield
    except BaseException:
        with suppress(sqlite3.Error):
            connection.execute("ROLLBACK TO part")
            connection.execute("RELEASE part")
        raise
    connection.execute("RELEASE part")


def _undo(connection: sqlite3.Connection) -> None:
    # When the disk is full, SQLite rolls the transaction back by itself.
    with suppress(sqlite3.Error):
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def _before_fork() -> None:
    # A SQLite connection must not be used after a fork. It is closed here; parent and child each open their own again.
    for database in list(_open_databases):
        database._close_idle()  # noqa: SLF001 - same module


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_before_fork)
