import json
from dataclasses import replace
from pathlib import Path

import pytest

from agents.errors import BackupInvalid, StoreError
from agents.store import Store, backup
from agents.store.backup import archive, manifest, restore
from agents.store.backup.content_hash import contents_of
from agents.store.database import NAME
from agents.store.migrations import VERSION
from tests.store import specimen
from tests.store.backup.scene import digest, filled, left_by_a_crash, made, tree


def test_all_histories_come_back(tmp_path: Path) -> None:
    """A backup restored into an empty folder has the same conversations, meetings, actions and digest."""
    data = filled(tmp_path / "data")
    before = digest(data)
    with Store(data) as store:
        before_backup = specimen.contents(store)
    done = restore.restore(tmp_path / "other", made(data, tmp_path / "backups"))
    assert done is not None
    assert done.checked.digest == before == digest(tmp_path / "other")
    with Store(tmp_path / "other") as store:
        assert specimen.contents(store) == before_backup


def test_digest_differs_between_histories(tmp_path: Path) -> None:
    """The digest changes with each message, action, event and summary, but not when the file is compacted."""
    data = filled(tmp_path / "data")
    seen = {digest(data)}
    with Store(data) as store:
        store.memories.compact()
    seen.add(digest(data))
    assert len(seen) == 1
    with Store(data) as store:
        store.memories.add("cto", "default", "user", "More.")
    seen.add(digest(data))
    with Store(data) as store:
        store.actions.done("A2")
    seen.add(digest(data))
    with Store(data) as store:
        store.meetings.journal(specimen.REVIEW).append("said", "", {"text": "More."})
    seen.add(digest(data))
    with Store(data) as store:
        [summary] = store.summaries.export()
        store.summaries.add(replace(summary, text="Shorter."))
    seen.add(digest(data))
    assert len(seen) == 5


def test_manifest_counts_the_rows(tmp_path: Path) -> None:
    """The manifest contains the layout, the rows, the digest and the checksums of both archives, and is private."""
    data = filled(tmp_path / "data")
    folder = made(data, tmp_path / "backups")
    listed = manifest.read(folder / manifest.NAME)
    assert listed.layout == VERSION
    assert listed.digest == digest(data)
    counted = ("messages", "summaries", "meetings", "actions")
    assert [listed.rows[table] for table in counted] == [6, 1, 2, 2]
    assert sorted(path.name for path in folder.iterdir()) == [backup.HISTORIES, backup.LOGS, manifest.NAME]
    assert all(path.stat().st_mode & 0o077 == 0 for path in (folder, *folder.iterdir()))
    assert sorted(path.name for path in folder.parent.iterdir()) == [folder.name]


def test_messages_in_the_write_ahead_log_are_saved(tmp_path: Path) -> None:
    """Messages of a killed process that are only in the write-ahead log are in the backup and are restored."""
    data = left_by_a_crash(tmp_path / "data")
    folder = made(data, tmp_path / "backups")
    restore.restore(tmp_path / "other", folder)
    assert digest(tmp_path / "other") == digest(data)
    with Store(tmp_path / "other") as store:
        assert store.memories.recent("cto")[-1].text == "The last words."


def test_stale_log_does_not_reach_the_restored_file(tmp_path: Path) -> None:
    """A write-ahead log beside the current database is moved into the safety copy with it, and an undo restores both."""
    folder = made(filled(tmp_path / "first"), tmp_path / "backups")
    data = left_by_a_crash(tmp_path / "data")
    before = tree(data)
    done = restore.restore(data, folder)
    assert done is not None
    assert done.safety.parent == data
    assert tree(done.safety) == before
    assert digest(data) == digest(tmp_path / "first")
    restore.undo(data)
    with Store(data) as store:
        assert store.memories.recent("cto")[-1].text == "The last words."


def test_undo_twice_changes_nothing(tmp_path: Path) -> None:
    """--undo puts the old histories back, and a second --undo the restored ones."""
    folder = made(filled(tmp_path / "first"), tmp_path / "backups")
    data = filled(tmp_path / "data", "Only here.")
    old, new = digest(data), digest(tmp_path / "first")
    restore.restore(data, folder)
    assert digest(data) == new
    restore.undo(data)
    assert digest(data) == old
    restore.undo(data)
    assert digest(data) == new
    assert len([path for path in data.iterdir() if path.name.startswith(".before-restore-")]) == 1


def test_damaged_current_histories_do_not_stop_a_restore(tmp_path: Path) -> None:
    """Histories that cannot be opened are replaced, and an undo brings back exactly their bytes."""
    data = filled(tmp_path / "data")
    folder = made(data, tmp_path / "backups")
    (data / NAME).write_bytes(b"not a database at all")
    restore.restore(data, folder)
    assert digest(data) == manifest.read(folder / manifest.NAME).digest
    restore.undo(data)
    assert (data / NAME).read_bytes() == b"not a database at all"


def test_older_layout_is_migrated(tmp_path: Path) -> None:
    """A backup with an older layout is migrated on the copy; its contents are unchanged."""
    specimen.unpack(1, tmp_path / "old")
    pair = tmp_path / "pair"
    _pack_older(tmp_path / "old", pair)
    checked = restore.check(tmp_path / "data", pair)
    assert not (tmp_path / "data").exists()
    restore.restore(tmp_path / "data", pair)
    assert digest(tmp_path / "data") == checked.digest
    with Store(tmp_path / "data") as store:
        assert specimen.contents(store) == specimen.recorded(1)


@pytest.mark.parametrize("top", [".", "agent_memories"])
def test_archives_without_a_manifest_are_accepted(tmp_path: Path, top: str) -> None:
    """A pair of archives from before there were manifests is restored after the same checks."""
    data = left_by_a_crash(tmp_path / "data")
    (data / "locks").mkdir(exist_ok=True)
    (data / "locks" / "left.lock").touch()
    _pack_older(data, tmp_path / "pair", top)
    restore.restore(tmp_path / "other", tmp_path / "pair")
    assert digest(tmp_path / "other") == digest(data)
    assert not (tmp_path / "other" / "locks" / "left.lock").exists()


@pytest.mark.parametrize("version", [1, 2])
def test_a_backup_made_by_an_older_version_is_restored(version: int, tmp_path: Path) -> None:
    """A manifest of an older version counts only the tables of its layout, and its digest is the same after a restore."""
    path, folder, logs = specimen.unpack(version, tmp_path / "data"), tmp_path / "backup", tmp_path / "logs"
    contents = contents_of(path)
    rows, before = contents.rows, contents.digest
    assert contents.layout == version
    assert "summaries" not in rows
    assert rows["messages"] == 6
    for empty in (folder, logs):
        empty.mkdir()
    packed = {backup.HISTORIES: tmp_path / "data", backup.LOGS: logs}
    files = {name: archive.pack(source, folder / name) for name, source in packed.items()}
    archives = tuple(archive.hashed(folder / name) for name in packed)
    written = manifest.Manifest("0.1", "2026-05-04T09:30:00Z", version, before, rows, archives, files)
    (folder / manifest.NAME).write_bytes(written.rendered())
    restore.restore(tmp_path / "other", folder)
    assert digest(tmp_path / "other") == before
    with Store(tmp_path / "other") as store:
        assert specimen.contents(store) == specimen.recorded(version)


def test_backup_without_its_manifest_is_incomplete(tmp_path: Path) -> None:
    """Our archives without their manifest are not accepted as a pair from an older version."""
    folder = made(filled(tmp_path / "data"), tmp_path / "backups")
    (folder / manifest.NAME).unlink()
    with pytest.raises(BackupInvalid, match="incomplete"):
        restore.check(tmp_path / "data", folder)


def test_logs_are_saved_and_links_in_them_named(tmp_path: Path) -> None:
    """Logs get a folder of their own when they are restored; links are left out with a warning."""
    data = filled(tmp_path / "data")
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "orchestrator.log").write_text('{"event": "old"}\n')
    (tmp_path / "logs" / "link").symlink_to("/etc/hostname")
    done = backup.create(data, tmp_path / "logs", tmp_path / "backups")
    assert len(done.warnings) == 1
    assert str(tmp_path / "logs" / "link") in done.warnings[0]
    assert done.path is not None
    restored = restore.restore(tmp_path / "other", done.path, logs=tmp_path / "logs")
    assert restored is not None
    assert restored.logs is not None
    assert json.loads((restored.logs / "orchestrator.log").read_text()) == {"event": "old"}


def test_empty_histories_are_not_backed_up(tmp_path: Path) -> None:
    """A missing, an empty and an unused data folder are refused and not changed; an unused one can be forced."""
    empty = tmp_path / "empty"
    empty.mkdir()
    Store(tmp_path / "unused").close()
    for data in (tmp_path / "missing", empty, tmp_path / "unused"):
        with pytest.raises(StoreError, match="nothing to back up"):
            backup.create(data, tmp_path / "logs", tmp_path / "backups")
    assert not (tmp_path / "missing").exists()
    assert not list(empty.iterdir())
    assert backup.list_backups(tmp_path / "backups") == []
    assert backup.create(tmp_path / "unused", tmp_path / "logs", tmp_path / "backups", allow_empty=True).path


def test_damaged_histories_are_not_backed_up(tmp_path: Path) -> None:
    """A database with a changed row is reported as damaged, and no backup is created."""
    data = filled(tmp_path / "data")
    raw = (data / NAME).read_bytes()
    (data / NAME).write_bytes(raw.replace(b"12 partitions", b"13 partitions"))
    with pytest.raises(StoreError, match="damaged"):
        made(data, tmp_path / "backups")
    assert not list((tmp_path / "backups").iterdir())


def test_only_the_newest_are_kept(tmp_path: Path) -> None:
    """--keep removes the oldest backups, never the one just created, and nothing else in the folder."""
    data = filled(tmp_path / "data")
    target = tmp_path / "backups"
    names = [made(data, target).name for _ in range(4)]
    assert sorted(set(names)) == names
    (target / "19990101_000000").mkdir()
    (target / "mine").mkdir()
    last = backup.create(data, tmp_path / "logs", target, keep=2)
    assert sorted(path.name for path in target.iterdir()) == ["19990101_000000", names[-1], last.name, "mine"]
    assert next((each.name, each.problem) for each in backup.list_backups(target)) == ("19990101_000000", "damaged")


@pytest.mark.parametrize("fault", ["no archive", "a flipped bit", "cut off", "no manifest", "empty manifest"])
def test_broken_backups_are_never_a_reason_to_remove_good_ones(tmp_path: Path, fault: str) -> None:
    """With --keep 3, and the newest two of four broken, the two good ones and the new one are left, and so are the
    broken ones, which are named.
    """
    data, target = filled(tmp_path / "data"), tmp_path / "backups"
    old, *good = [made(data, target) for _ in range(3)]
    broken = [made(data, target) for _ in range(2)]
    for path in broken:
        packed, listed = path / backup.HISTORIES, path / manifest.NAME
        raw = packed.read_bytes()
        if fault == "no archive":
            packed.unlink()
        elif fault == "a flipped bit":
            packed.write_bytes(raw[:200] + bytes([raw[200] ^ 1]) + raw[201:])
        elif fault == "cut off":
            packed.write_bytes(raw[:-1])
        elif fault == "no manifest":
            listed.unlink()
        else:
            listed.write_bytes(b"")
    last = backup.create(data, tmp_path / "logs", target, keep=3)
    assert last.path
    assert sorted(path for path in target.iterdir()) == sorted([*good, *broken, last.path])
    assert not old.exists()
    assert len(last.warnings) == 2
    assert all(any(str(path) in line for line in last.warnings) for path in broken)


def _pack_older(data: Path, pair: Path, top: str = ".") -> None:
    """Write the two archives as the scripts did before there was a manifest."""
    import tarfile

    pair.mkdir()
    with tarfile.open(pair / backup.HISTORIES, "w:gz") as tar:
        tar.add(data, top)
    with tarfile.open(pair / backup.LOGS, "w:gz") as tar:
        tar.add(pair, ".", recursive=False)
