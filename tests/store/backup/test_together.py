"""Backups and restores while other processes use the histories."""

import io
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from agents.errors import Locked
from agents.store import Store, backup, folder_lock, replace
from agents.store.backup import manifest, restore
from agents.store.backup.content_hash import contents_of
from tests.store.backup.scene import ROUNDS, WRITER, digest, filled, made, tree


@contextmanager
def _writing(data: Path) -> Iterator[None]:
    """A process that writes to a data folder as fast as it can."""
    with subprocess.Popen([sys.executable, "-c", WRITER, str(data)], stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "writing\n"
            yield
            assert process.poll() is None
        finally:
            process.kill()


def _rows(data: Path) -> dict[str, int]:
    return contents_of(data / "orchestrator.db").rows


@pytest.mark.timeout(900)
def test_backup_under_a_writer_is_one_moment(tmp_path: Path) -> None:
    """Every backup made while another process writes contains everything from before it began."""
    data = filled(tmp_path / "data")
    with _writing(data):
        for number in range(ROUNDS):
            before = _rows(data)
            folder = made(data, tmp_path / "backups")
            after = _rows(data)
            listed = manifest.read(folder / manifest.NAME)
            assert all(before[table] <= listed.rows[table] <= after[table] for table in before)
            # The writer writes a message, then a turn: at any one moment it is at most one message ahead.
            assert listed.rows["messages"] - 6 - (listed.rows["events"] - 4) in {0, 1}
            restore.restore(tmp_path / f"other{number}", folder)
            assert digest(tmp_path / f"other{number}") == listed.digest
    assert after["messages"] > 6


def test_second_backup_at_once_is_refused(tmp_path: Path) -> None:
    """While a backup or restore of the same histories is running, another one is refused and leaves nothing."""
    data = filled(tmp_path / "data")
    folder = made(data, tmp_path / "first")
    with folder_lock.backup_lock(data):
        with pytest.raises(Locked):
            made(data, tmp_path / "second")
        with pytest.raises(Locked):
            backup.stream(data, tmp_path / "logs", io.BytesIO())
        with pytest.raises(Locked):
            restore.restore(data, folder)
    assert not (tmp_path / "second").exists()


def test_restore_is_refused_during_a_meeting(tmp_path: Path) -> None:
    """While a meeting is being held, a restore is refused with its name, and nothing is changed."""
    data = filled(tmp_path / "data")
    folder = made(data, tmp_path / "backups")
    with Store(data) as store, store.meetings.locked("20260504-review"):
        untouched = tree(data)
        with pytest.raises(Locked, match="20260504-review"):
            restore.restore(data, folder)
        assert tree(data) == untouched


def test_restore_is_refused_while_histories_are_open(tmp_path: Path) -> None:
    """While a process has the store open, restore and undo are refused; a check is not."""
    data = filled(tmp_path / "data")
    folder = made(data, tmp_path / "backups")
    restore.restore(data, folder)
    with Store(data):
        assert restore.check(data, folder)
        with pytest.raises(Locked, match="in use"):
            restore.restore(data, folder)
        with pytest.raises(Locked, match="in use"):
            restore.undo(data)
    assert restore.restore(data, folder)


def test_opening_during_a_restore_waits(tmp_path: Path) -> None:
    """A process that opens the store during a restore waits until it is done."""
    data = filled(tmp_path / "data")
    opened = threading.Event()

    def open_store() -> None:
        folder_lock.lock_shared(data).close()
        opened.set()

    opener = threading.Thread(target=open_store)
    with folder_lock.locked_exclusively(data):
        with pytest.raises(Locked):
            folder_lock.lock_shared(data, patience=0.05)
        opener.start()
        assert not opened.wait(0.2)
    opener.join()
    assert opened.is_set()


def test_several_recover_the_same_killed_restore(tmp_path: Path) -> None:
    """Processes that open the store at the same time after a killed restore recover it once."""
    data = filled(tmp_path / "data")
    was = digest(data)
    journal = replace.ReplaceJournal(replace.MOVING_OUT, ".incoming-x", ".before-restore-x", ("orchestrator.db",), ())
    replace._write(data, journal)
    (data / ".before-restore-x").mkdir()
    (data / "orchestrator.db").rename(data / ".before-restore-x" / "orchestrator.db")
    script = "import sys; from pathlib import Path; from agents.store import Store; Store(Path(sys.argv[1])).close()"
    processes = [subprocess.Popen([sys.executable, "-c", script, str(data)]) for _ in range(4)]
    assert [process.wait() for process in processes] == [0] * 4
    assert digest(data) == was
    assert sorted(path.name for path in data.iterdir() if path.name != "locks") == ["orchestrator.db"]


@pytest.mark.parametrize("state", [replace.MOVING_OUT, replace.MOVING_IN])
def test_what_an_older_program_created_meanwhile_is_kept(tmp_path: Path, state: str) -> None:
    """A database created during a restore by a program that does not know the journal is put aside, not overwritten."""
    data = filled(tmp_path / "data")
    was = digest(data)
    name = "orchestrator.db"
    replace._write(data, replace.ReplaceJournal(state, ".incoming-x", ".before-restore-x", (name,), (name,)))
    elsewhere = data / (".before-restore-x" if state == replace.MOVING_OUT else ".incoming-x")
    elsewhere.mkdir()
    (data / name).rename(elsewhere / name)
    (data / name).write_bytes(b"made meanwhile")
    assert digest(data) == was
    [aside] = data.glob(".aside-*")
    assert aside.read_bytes() == b"made meanwhile"


@pytest.mark.parametrize("text", ["", "{}", '{"state": "coming"}', '["x"]'])
def test_damaged_journal_is_refused(tmp_path: Path, text: str) -> None:
    """With a journal that cannot be read, the store does not open, says what to do, and moves nothing."""
    data = filled(tmp_path / "data")
    (data / replace.JOURNAL).write_text(text)
    untouched = tree(data)
    with pytest.raises(Exception, match="progress of a restore"), closing(Store(data)):
        pass
    assert tree(data) == untouched


def test_leftovers_of_a_killed_backup_are_removed(tmp_path: Path) -> None:
    """The hidden folder of a killed backup is removed by the next backup; that of a running one is not."""
    data = filled(tmp_path / "data")
    target = tmp_path / "backups"
    for name in (".work-dead", ".work-alive"):
        (target / name).mkdir(parents=True)
    with folder_lock.trying_to_lock(target / ".work-alive"):
        made(data, target)
    assert not (target / ".work-dead").exists()
    assert (target / ".work-alive").exists()
