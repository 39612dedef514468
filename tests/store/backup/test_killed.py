"""kill -9 before each change that a restore makes to the file system."""

import shutil
import signal
from pathlib import Path

import pytest

from agents.store import replace
from agents.store.backup import restore
from tests.store.backup.scene import digest, filled, killed, left_by_a_crash, made


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """Histories with messages that are only in the write-ahead log."""
    return left_by_a_crash(tmp_path / "old")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A backup of other histories."""
    return made(filled(tmp_path / "first", "Only in the backup."), tmp_path / "backups")


def _after(data: Path, expected: set[str]) -> str:
    """The digest of the histories after a kill; nothing of the restore is left to do."""
    found = digest(data)
    assert found in expected
    assert not replace.pending(data)
    return found


@pytest.mark.timeout(300)
def test_killed_at_each_step_of_a_restore(tmp_path: Path, old: Path, source: Path) -> None:
    """After a kill at any step of a restore, the store has either the old or the new histories, and can be restored."""
    new = restore.check(tmp_path, source).digest
    shutil.copytree(old, tmp_path / "pristine")
    was = digest(tmp_path / "pristine")
    found, states = [], set()
    for step in range(1, 1000):
        data = tmp_path / f"data{step}"
        shutil.copytree(old, data)
        status = killed(data, step, str(source))
        if status == 0:
            break
        assert status == -signal.SIGKILL
        journal = replace._read(data)
        states.add(journal and journal.state)
        found.append(_after(data, {was, new}))
        if step % 5 == 0:
            restore.restore(data, source)
            assert digest(data) == new
            assert not list(data.glob(".work-*"))
            assert not list(data.glob(".incoming-*"))
    assert _after(data, {new}) == new
    assert states == {None, replace.MOVING_OUT, replace.MOVING_IN}
    assert found == sorted(found, key=[was, new].index)
    assert set(found) == {was, new}


@pytest.mark.timeout(300)
@pytest.mark.parametrize("state", [replace.MOVING_OUT, replace.MOVING_IN])
def test_killed_while_recovering(tmp_path: Path, old: Path, source: Path, state: str) -> None:
    """After a kill while a killed restore is recovered, the next process recovers it with the same result."""
    torn = tmp_path / "torn"
    shutil.copytree(old, torn)
    assert killed(torn, 3, str(source), state) == -signal.SIGKILL
    journal = replace._read(torn)
    assert journal
    assert journal.state == state
    want = None
    for step in range(1, 100):
        data = tmp_path / f"data{step}"
        shutil.copytree(torn, data)
        status = killed(data, step, "--open")
        found = _after(data, {digest(old), restore.check(tmp_path, source).digest})
        want = want or found
        assert found == want
        if status == 0:
            break
    assert step > 2


@pytest.mark.timeout(300)
def test_killed_at_each_step_of_an_undo(tmp_path: Path, old: Path, source: Path) -> None:
    """After a kill at any step of an undo, the store has either the restored histories or those before."""
    was = tmp_path / "was"
    shutil.copytree(old, was)
    restore.restore(old, source)
    expected = {digest(was), restore.check(tmp_path, source).digest}
    found = set()
    for step in range(1, 1000):
        data = tmp_path / f"data{step}"
        shutil.copytree(old, data)
        status = killed(data, step, "--undo")
        found.add(_after(data, expected))
        if status == 0:
            break
    assert digest(data) == digest(was)
    assert found == expected
