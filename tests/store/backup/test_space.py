"""Full disks: status 6, nothing incomplete, nothing lost."""

import errno
import io
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from agents.errors import SpaceError
from agents.store import backup
from agents.store.backup import restore
from agents.store.database import NAME
from tests.store.backup.scene import digest, filled, left_by_a_crash, made, tree


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Histories of some megabytes that cannot be compressed."""
    chance = random.Random(6)  # noqa: S311 - the same every time
    return filled(tmp_path / "data", *(chance.randbytes(150_000).hex() for _ in range(10)))


@pytest.mark.parametrize("share", [10, 50, 90, 101, 110, 120])
def test_full_target_is_left_empty(tmp_path: Path, data: Path, mount_disk: Callable[[str], Path], share: int) -> None:
    """A backup that does not fit leaves its folder empty and the histories unchanged."""
    target = mount_disk(str((data / NAME).stat().st_size * share // 100))
    untouched = tree(data)
    with pytest.raises(SpaceError, match="no room for a backup"):
        backup.create(data, tmp_path / "logs", target)
    assert list(target.iterdir()) == []
    assert tree(data) == untouched


def test_full_target_is_status_6(data: Path, mount_disk: Callable[[str], Path]) -> None:
    """On the command line a full disk is status 6 with one line of cause and one of remedy."""
    target = mount_disk("1m")
    environment = {**os.environ, "AGENTS_DATA_FOLDER": str(data)}
    command = [sys.executable, "-m", "agents", "backup", "--to", str(target)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=environment, cwd=Path.cwd())
    assert done.returncode == 6
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 2
    assert list(target.iterdir()) == []


def test_restore_that_does_not_fit_changes_nothing(
    tmp_path: Path, data: Path, mount_disk: Callable[[str], Path]
) -> None:
    """A restore for which the disk is too small does not change the histories, with or without a manifest."""
    place = filled(mount_disk("2m") / "data")
    was, untouched = digest(place), tree(place)
    folder = made(data, tmp_path / "backups")
    older = tmp_path / "older"
    older.mkdir()
    import tarfile

    with tarfile.open(older / backup.HISTORIES, "w:gz") as tar:
        tar.add(data, ".")
    for source in (folder, older):
        with pytest.raises(SpaceError):
            restore.restore(place, source)
        with pytest.raises(SpaceError):
            restore.check(place, source)
        assert tree(place) == untouched
    assert digest(place) == was


def test_refused_rename_is_rolled_back(tmp_path: Path, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When a file cannot be moved, those that were moved before are moved back."""
    folder = made(data, tmp_path / "backups")
    torn = left_by_a_crash(tmp_path / "torn")
    shutil.copytree(torn, tmp_path / "copy")
    was, rename = digest(tmp_path / "copy"), Path.rename

    def refusing(path: Path, target: Path) -> Path:
        if path.parent == torn and path.name.endswith("-wal"):
            raise OSError(errno.EBUSY, "busy")
        return rename(path, target)

    names = sorted(path.name for path in torn.iterdir())
    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", refusing)
        with pytest.raises(SpaceError, match="busy"):
            restore.restore(torn, folder)
    assert sorted(path.name for path in torn.iterdir()) == sorted({*names, "locks"})
    assert digest(torn) == was


def test_full_data_disk_is_streamed(tmp_path: Path, data: Path, mount_disk: Callable[[str], Path]) -> None:
    """On a disk without a free byte, histories are backed up into a stream, which is checked and can be restored."""
    disk = mount_disk("6m")
    place = disk / "data"
    shutil.copytree(data, place)
    (place / "locks").mkdir()
    status = os.statvfs(disk)
    (disk / "ballast").write_bytes(b"\0" * (status.f_bavail * status.f_frsize))
    out = io.BytesIO()
    made = backup.stream(place, tmp_path / "logs", out)
    assert made.manifest
    assert restore.check(place, io.BytesIO(out.getvalue()), anywhere=True).digest == made.manifest.digest
    restore.restore(tmp_path / "elsewhere", io.BytesIO(out.getvalue()))
    assert digest(tmp_path / "elsewhere") == digest(data)


def test_stream_from_a_full_disk_is_refused(
    tmp_path: Path, data: Path, mount_disk: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """When neither the data folder nor the folder for temporary files has room, nothing is streamed and nothing remains."""
    place = mount_disk("5m") / "data"
    monkeypatch.setattr(tempfile, "tempdir", str(place.parent))
    shutil.copytree(data, place)
    untouched = tree(place)
    out = io.BytesIO()
    with pytest.raises(SpaceError, match="preparing a backup"):
        backup.stream(place, tmp_path / "logs", out)
    assert out.getvalue() == b""
    assert tree(place) == untouched


@pytest.mark.skipif(os.geteuid() == 0 if hasattr(os, "geteuid") else True, reason="root may write everywhere")
def test_folder_without_permission_is_named(tmp_path: Path, data: Path) -> None:
    """A folder that cannot be written is status 6, too, and the message names it."""
    target = tmp_path / "closed"
    target.mkdir(mode=0o500)
    with pytest.raises(SpaceError, match="closed"):
        backup.create(data, tmp_path / "logs", target)


def test_target_that_is_a_file_is_named(tmp_path: Path, data: Path) -> None:
    """A file in place of the folder of backups is refused, and the message names it."""
    (tmp_path / "backups").write_text("mine")
    with pytest.raises(SpaceError, match="backups"):
        backup.create(data, tmp_path / "logs", tmp_path / "backups")
    assert (tmp_path / "backups").read_text() == "mine"
