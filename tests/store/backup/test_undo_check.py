"""The check of what an undo would put back."""

from pathlib import Path

import pytest

from agents.errors import BackupInvalid, Locked, StoreError
from agents.store import folder_lock
from agents.store.backup import restore
from agents.store.database import NAME
from agents.store.replace import safety_copies
from tests.store.backup.scene import filled, left_by_a_crash, made, tree


def restored(data: Path, tmp_path: Path) -> Path:
    """A data folder after a restore; gives the safety copy."""
    restore.restore(data, made(filled(tmp_path / "first"), tmp_path / "backups"))
    return safety_copies(data)[-1]


def test_a_check_counts_and_changes_nothing(tmp_path: Path) -> None:
    """The check counts the rows that an undo would put back, with those in the write-ahead log, and changes no byte."""
    data = left_by_a_crash(tmp_path / "data")
    restored(data, tmp_path)
    before = tree(data)
    rows = restore.check_undo(data)
    assert rows is not None
    assert rows["messages"] > 0
    assert tree(data) == before
    restore.undo(data)
    assert restore.check_undo(data) is not None


def test_nothing_to_undo_is_an_error(tmp_path: Path) -> None:
    """Without a safety copy the check ends with the error of the undo."""
    with pytest.raises(StoreError, match="no safety copy"):
        restore.check_undo(filled(tmp_path / "data"))
    with pytest.raises(StoreError, match="no safety copy"):
        restore.check_undo(tmp_path / "missing")


def test_a_damaged_copy_is_found(tmp_path: Path) -> None:
    """A changed byte in the safety copy is named with its place, and the copy stays; the undo itself still works."""
    data = filled(tmp_path / "data")
    safety = restored(data, tmp_path)
    raw = bytearray((safety / NAME).read_bytes())
    raw[len(raw) // 2 : len(raw) // 2 + 4096] = bytes(4096)
    (safety / NAME).write_bytes(raw)
    before = tree(data)
    with pytest.raises(BackupInvalid, match=safety.name):
        restore.check_undo(data)
    assert tree(data) == before
    restore.undo(data)
    assert (data / NAME).read_bytes() == raw


def test_a_restore_that_replaced_nothing_is_good(tmp_path: Path) -> None:
    """Where a restore found no histories, the check of its undo counts nothing."""
    (tmp_path / "data").mkdir(mode=0o700)
    restored(tmp_path / "data", tmp_path)
    assert restore.check_undo(tmp_path / "data") == {}


def test_a_check_waits_for_no_backup(tmp_path: Path) -> None:
    """While a backup is being made, the check is refused."""
    data = filled(tmp_path / "data")
    restored(data, tmp_path)
    with folder_lock.backup_lock(data), pytest.raises(Locked):
        restore.check_undo(data)
