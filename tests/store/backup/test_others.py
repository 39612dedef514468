"""What is not ours: files of others in a data folder, and in archives."""

import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from agents.errors import BackupInvalid, UsageError
from agents.store import backup, replace
from agents.store.backup import archive, manifest, restore
from agents.store.database import NAME
from tests.store.backup.scene import digest, filled, made, tree


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Histories, and beside them a file and a folder of somebody else."""
    folder = filled(tmp_path / "data")
    (folder / "photos").mkdir()
    (folder / "photos" / "line\nbreak é.jpg").write_text("a picture")
    (folder / "thesis.txt").write_text("years of work")
    return folder


def others(folder: Path) -> dict[str, str]:
    """The hashes of what is not ours."""
    return {name: hashed for name, hashed in tree(folder).items() if name.startswith(("photos", "thesis"))}


def test_files_of_others_stay_where_they_are(tmp_path: Path, data: Path) -> None:
    """However often histories are restored and a restore is undone, they are in place, and each restore names them."""
    before = others(data)
    done = backup.create(data, tmp_path / "logs", tmp_path / "backups")
    assert done.path
    assert [Path(line.split(" is not")[0]).name for line in done.warnings] == ["photos", "thesis.txt"]
    for _time in range(3):
        restored = restore.restore(data, done.path)
        assert restored
        assert [path.name for path in restored.others] == ["photos", "thesis.txt"]
        assert others(data) == before
    restore.undo(data)
    restore.undo(data)
    assert others(data) == before


def test_a_safety_copy_of_an_earlier_version_keeps_what_is_not_ours(tmp_path: Path, data: Path) -> None:
    """What an earlier version moved into a safety copy comes back with an undo, and no restore removes it."""
    path = made(data, tmp_path / "backups")
    copy = data / f"{replace.SAFETY}20240115_120000-000"
    copy.mkdir()
    (copy / NAME).write_bytes((data / NAME).read_bytes())
    (copy / "diary.txt").write_text("kept")
    restore.restore(data, path)
    assert (copy / "diary.txt").read_text() == "kept"
    assert not (copy / NAME).exists()
    restore.undo(data)
    assert digest(data)


@pytest.mark.parametrize("place", ["", "mine", "locks", "photos/deep"])
def test_backups_are_not_made_among_what_is_backed_up(data: Path, place: str) -> None:
    """A folder of backups in the data folder is refused before anything is written; the one named for them is not."""
    before = tree(data)
    with pytest.raises(UsageError, match="is in the data folder"):
        made(data, data / place)
    assert tree(data) == before
    path = made(data, data / "backups")
    restore.restore(data, path)
    restore.restore(data, path)
    assert backup.verify(path)


def test_backups_below_the_log_folder_are_not_packed_into_themselves(tmp_path: Path, data: Path) -> None:
    """A folder of backups deep in the log folder is left out of the logs."""
    (tmp_path / "logs" / "old").mkdir(parents=True)
    (tmp_path / "logs" / "old" / "a.log").write_text("{}")
    made(data, tmp_path / "logs" / "old" / "backups")
    path = made(data, tmp_path / "logs" / "old" / "backups")
    assert [entry.path for entry in manifest.read(path / manifest.NAME).files[backup.LOGS]] == ["old/a.log"]


def _repacked(good: Path, folder: Path, change: Callable[[Path], object]) -> Path:
    """A backup with other files, and a manifest that is correct for it."""
    inside, listed = folder.with_name("inside"), manifest.read(good / manifest.NAME)
    folder.mkdir()
    inside.mkdir()
    archive.unpack(good / backup.HISTORIES, inside)
    change(inside)
    files = {backup.HISTORIES: archive.pack(inside, folder / backup.HISTORIES), backup.LOGS: listed.files[backup.LOGS]}
    (folder / backup.LOGS).write_bytes((good / backup.LOGS).read_bytes())
    archives = tuple(archive.hashed(folder / name) for name in (backup.HISTORIES, backup.LOGS))
    made_of = manifest.Manifest(
        listed.version, listed.created, listed.layout, listed.digest, listed.rows, archives, files
    )
    (folder / manifest.NAME).write_bytes(made_of.rendered())
    return folder


@pytest.mark.parametrize("name", ["backups/20990101_000000/manifest.json", ".restore.json", "locks/x", f"{NAME}-wal/x"])
def test_an_archive_with_a_folder_of_ours_is_refused(tmp_path: Path, data: Path, name: str) -> None:
    """A forged archive that would hide the real backups or the journal of a restore changes nothing."""

    def forge(inside: Path) -> None:
        (inside / name).parent.mkdir(parents=True, exist_ok=True)
        (inside / name).write_text("{}")

    forged = _repacked(made(data, data / "backups"), tmp_path / "forged", forge)
    before = tree(data)
    with pytest.raises(BackupInvalid):
        restore.restore(data, forged)
    assert tree(data) == before


def test_files_of_others_in_an_old_backup_are_not_restored_over_those_there(tmp_path: Path, data: Path) -> None:
    """Earlier versions packed all files of the data folder: the histories are restored, and the others are named."""

    def add(inside: Path) -> None:
        (inside / "thesis.txt").write_text("an old draft")

    older = _repacked(made(data, tmp_path / "backups"), tmp_path / "older", add)
    before = others(data)
    restored = restore.restore(data, older)
    assert restored
    assert restored.checked.others == ("thesis.txt",)
    assert others(data) == before


def test_an_old_pair_of_archives_restores_the_histories_only(tmp_path: Path, data: Path) -> None:
    """Without a manifest, too."""
    pair = tmp_path / "pair"
    pair.mkdir()
    with tarfile.open(pair / backup.HISTORIES, "w:gz", format=tarfile.GNU_FORMAT) as tar:
        tar.add(data, "a" * 90 + "/" + "b" * 90)
    with pytest.raises(BackupInvalid):
        restore.check(data, pair)
    with tarfile.open(pair / backup.HISTORIES, "w:gz", format=tarfile.GNU_FORMAT) as tar:
        tar.add(data, "agent_memories_" + "b" * 120)
    before = others(data)
    restored = restore.restore(data, pair)
    assert restored
    assert restored.checked.others == ("photos", "thesis.txt")
    assert others(data) == before
