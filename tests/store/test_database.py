"""The database file: its permissions, its file system and its transactions."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from agents.errors import StoreError
from agents.store import Store, integrity
from agents.store.database import NAME, Database, filesystem_in, filesystem_of, is_unsafe_for_wal

MOUNTS = r"""
22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/root rw
30 22 0:26 / /tmp rw - tmpfs tmpfs rw
31 22 0:40 / /app/agent_memories rw master:1 - virtiofs share rw
32 22 0:41 / /mnt/with\040space rw - nfs4 server:/x rw
33 30 0:42 / /tmp rw - fuse.sshfs over rw
34 22 0:43 / /data rw - 9p share rw
not a line of a mount table
"""


@pytest.fixture
def open_umask() -> Iterator[None]:
    """New files are readable by everybody unless the program sets other permissions."""
    before = os.umask(0)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    """The permissions of a path."""
    return path.stat().st_mode & 0o777


@pytest.mark.usefixtures("open_umask")
def test_nobody_else_reads_histories(tmp_path: Path) -> None:
    """With any umask, the folder, the file, its log and the locks are readable by their owner only."""
    data = tmp_path / "data"
    with Store(data) as store:
        store.meetings.create("m", "t", "t", {})
        with store.meetings.locked("m"):
            files = [path for path in data.rglob("*") if path.is_file()]
            assert {path.name for path in files} == {NAME, f"{NAME}-wal", f"{NAME}-shm", "m.lock"}
            assert {mode(path) for path in files} == {0o600}
            assert {mode(data), mode(data / "locks")} == {0o700}


def test_a_file_that_others_could_read_is_closed_to_them(tmp_path: Path) -> None:
    """A database that others can read, such as a copy, is made private when it is opened."""
    Store(tmp_path).close()
    (tmp_path / NAME).chmod(0o644)
    Store(tmp_path).close()
    assert mode(tmp_path / NAME) == 0o600


def test_forgotten_words_leave_the_file(tmp_path: Path) -> None:
    """After clearing, the bytes of no file contain what was said."""
    with Store(tmp_path) as store:
        for number in range(50):
            store.memories.add("cto", "s", "user", f"the xylophone code is {number} " * 40)
        store.memories.add("qa_engineer", "s", "user", "hello")
        store.memories.clear("cto")
        assert all(b"xylophone" not in path.read_bytes() for path in tmp_path.iterdir() if path.is_file())


def test_a_deleted_meeting_leaves_no_words_in_the_file(tmp_path: Path) -> None:
    """After deleting a meeting, neither its words nor its lock remain."""
    with Store(tmp_path) as store:
        store.meetings.create("m", "t", "xylophone", {"documents": ["xylophone " * 3000]})
        store.meetings.journal("m").append("turn", "", {"text": "xylophone"})
        with store.meetings.locked("m"):
            pass
        store.meetings.delete("m")
        assert all(b"xylophone" not in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
        assert list((tmp_path / "locks").iterdir()) == []


@pytest.mark.parametrize(
    ("folder", "filesystem"),
    [
        ("/home/me", "ext4"),
        ("/app/agent_memories", "virtiofs"),
        ("/app/agent_memories/deeper", "virtiofs"),
        ("/app/agent_memories_not", "ext4"),
        ("/mnt/with space/x", "nfs4"),
        ("/tmp/x", "fuse.sshfs"),  # noqa: S108 - only read from a table
        ("/data", "9p"),
    ],
)
def test_the_mount_a_folder_is_on_is_found(folder: str, filesystem: str) -> None:
    """The deepest mount is used, and of two on one point the last; names with spaces are supported."""
    assert filesystem_in(MOUNTS, Path(folder)) == filesystem


def test_the_type_of_this_disk_is_found_on_linux(tmp_path: Path) -> None:
    """On Linux, the type of the file system of a real folder is known."""
    known = Path("/proc/self/mountinfo").exists()
    assert bool(filesystem_of(tmp_path)) == known


@pytest.mark.parametrize("name", ["virtiofs", "9p", "fuse.osxfs", "nfs", "nfs4", "cifs", "smb3", "fakeowner"])
def test_shared_folders_are_unsafe(name: str) -> None:
    """Network mounts and folders shared with a host are known to be unsafe."""
    assert is_unsafe_for_wal(name)


@pytest.mark.parametrize("name", ["ext4", "xfs", "btrfs", "overlay", "tmpfs", "zfs", "apfs", ""])
def test_local_disks_are_safe(name: str) -> None:
    """Local disks, and unknown file systems, use the faster write-ahead log."""
    assert not is_unsafe_for_wal(name)


def test_an_unsafe_place_is_used_with_a_warning(tmp_path: Path) -> None:
    """On a shared folder the store warns and works with a rollback journal; on a local disk it uses the log again."""
    with Database(tmp_path, filesystem="ext4") as database:
        assert (database.rows("PRAGMA journal_mode"), database.warning) == ([("wal",)], "")
    with Database(tmp_path, filesystem="virtiofs") as database:
        assert database.rows("PRAGMA journal_mode") == [("delete",)]
        assert "virtiofs" in database.warning
        with database.write() as connection:
            connection.execute("INSERT INTO totals VALUES ('cto', 1, 1, 1)")
        assert not (tmp_path / f"{NAME}-wal").exists()
        assert integrity.compact(database) >= 0
    with Database(tmp_path, filesystem="ext4") as database:
        assert database.rows("PRAGMA journal_mode") == [("wal",)]
        assert database.rows("SELECT agent FROM totals") == [("cto",)]


def test_every_turn_is_written_to_the_disk(tmp_path: Path) -> None:
    """Finished turns wait for the disk (synchronous FULL), measurements do not; links between tables are enforced."""
    with Database(tmp_path) as database:
        with database.write() as connection:
            assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
            assert connection.execute("PRAGMA foreign_keys").fetchone() == (1,)
        with database.write(durable=False) as connection:
            assert connection.execute("PRAGMA synchronous").fetchone() == (1,)


def test_a_block_that_fails_changes_nothing(tmp_path: Path) -> None:
    """An error inside a transaction rolls it back, and the next one works."""
    with Database(tmp_path) as database:
        with pytest.raises(ZeroDivisionError), database.write() as connection:  # noqa: PT012 - the block is the test
            connection.execute("INSERT INTO totals VALUES ('cto', 1, 1, 1)")
            raise ZeroDivisionError
        assert database.rows("SELECT * FROM totals") == []


def test_a_file_locked_for_long_is_an_error(tmp_path: Path) -> None:
    """Another program that keeps the file locked leads to exit status 75, not to an endless wait."""
    with Database(tmp_path, patience=0.2) as database:
        with closing(sqlite3.connect(tmp_path / NAME, isolation_level=None)) as foreign:
            foreign.execute("BEGIN IMMEDIATE")
            with pytest.raises(StoreError, match="is locked by another process") as raised, database.write():
                pass
            assert raised.value.exit_code == 75
        with database.write():
            pass


def test_a_closed_store_says_that_it_is_closed(tmp_path: Path) -> None:
    """After closing, which may be done twice, nothing can be read or written."""
    store = Store(tmp_path)
    store.close()
    store.close()
    with pytest.raises(StoreError, match="closed"):
        store.memories.stats()


def test_another_opening_in_the_process_keeps_the_locks(tmp_path: Path) -> None:
    """Where a process has opened the same file twice and closed one of the two, the end of another process does not part
    it from the file: all see what each of them writes.
    """
    count = "import sys; from pathlib import Path; from agents.store import Store\n"
    count += "with Store(Path(sys.argv[1])) as store: print(len(store.memories.recent('cto', 'default')))"

    def counted() -> int:
        done = subprocess.run([sys.executable, "-c", count, tmp_path], capture_output=True, text=True, check=True)
        return int(done.stdout)

    with Store(tmp_path) as store:
        store.memories.add("cto", "default", "user", "One.", tokens=1)
        with Store(tmp_path) as second:
            assert len(second.memories.recent("cto", "default")) == 1
        assert counted() == 1
        assert (tmp_path / f"{NAME}-wal").exists()
        store.memories.add("cto", "default", "user", "Two.", tokens=1)
        assert counted() == 2
