"""Backups of different histories in one folder: none takes the place of another, and a mix-up is refused."""

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from agents.errors import UsageError
from agents.store import Store, backup
from agents.store.backup import manifest, origin, restore
from agents.store.backup.emptiness import is_empty
from agents.store.database import NAME
from tests.store.backup.scene import digest, filled, tree


def kept(data: Path, target: Path, keep: int) -> backup.Backup:
    """A backup of a data folder, after which only so many stay."""
    return backup.create(data, data.parent / "no logs", target, keep=keep)


def as_in_a_container(monkeypatch: pytest.MonkeyPatch, data: Path) -> None:
    """From now on, this data folder is that of the image."""
    monkeypatch.setattr(origin, "IN_IMAGE", data)


def without_origin(path: Path) -> None:
    """Make a backup one of an earlier version, which did not say of which histories it is."""
    found = manifest.read(path / manifest.NAME)
    old = manifest.Manifest(
        found.version, found.created, found.layout, found.digest, found.rows, found.archives, found.files
    )
    (path / manifest.NAME).write_bytes(old.rendered())


def test_a_backup_says_where_it_is_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The manifest has the place and an id that stays the same for a data folder and differs between two."""
    one, two = filled(tmp_path / "one"), filled(tmp_path / "two")
    made = [kept(each, tmp_path / "backups", 9).manifest for each in (one, one, two)]
    as_in_a_container(monkeypatch, two)
    made.append(kept(two, tmp_path / "backups", 9).manifest)
    assert [each.place for each in made if each] == ["local", "local", "local", "container"]
    ids = [each.store for each in made if each]
    assert (ids[0] == ids[1], ids[2] == ids[3], ids[0] == ids[2]) == (True, True, False)


def test_only_backups_of_the_same_histories_are_deleted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """--keep neither counts nor deletes backups of another data folder, of the other place or of an earlier version."""
    target = tmp_path / "backups"
    one, two = filled(tmp_path / "one"), filled(tmp_path / "two")
    old = kept(one, target, 9).path
    assert old
    without_origin(old)
    other = kept(two, target, 9).path
    mine = [kept(one, target, 2).path for _ in range(3)]
    assert {path for path in target.iterdir() if path.is_dir()} == {old, other, *mine[1:]}
    as_in_a_container(monkeypatch, one)
    last = kept(one, target, 1)
    assert {path for path in target.iterdir() if path.is_dir()} == {old, other, *mine[1:], last.path}
    assert [line.split(" in ")[0] for line in last.warnings] == ["4"]


def test_a_backup_of_the_other_place_is_not_restored_by_mistake(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A container's backup does not replace local histories, or the other way round, unless ``into`` agrees to it."""
    here, there = filled(tmp_path / "here"), filled(tmp_path / "there", "more")
    local = kept(here, tmp_path / "backups", 9).path
    as_in_a_container(monkeypatch, there)
    contained = kept(there, tmp_path / "backups", 9).path
    assert local
    assert contained
    for data, source, place in ((here, contained, "local"), (there, local, "container")):
        was = tree(data)
        for into in ("", "container" if place == "local" else "local"):
            with pytest.raises(UsageError) as refused:
                restore.restore(data, source, into=into)
            assert refused.value.exit_code == 2
            assert tree(data) == was
        restore.check(data, source)
    was_there, was_here = digest(there), digest(here)
    restore.restore(here, contained, into="local")
    assert digest(here) == was_there
    restore.restore(there, local, into="container")
    assert digest(there) == was_here


def test_a_backup_of_an_earlier_version_can_be_restored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A backup that does not say where it is from is restored in both places."""
    data = filled(tmp_path / "data")
    made = kept(data, tmp_path / "backups", 9).path
    assert made
    without_origin(made)
    for each in ("local", "container"):
        if each == "container":
            as_in_a_container(monkeypatch, tmp_path / each)
        restore.restore(tmp_path / each, made)
        assert digest(tmp_path / each) == digest(data)


def test_the_command_line_names_the_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command refuses the mix-up with 2 and names --into, with which it restores; the list shows the place."""
    data = filled(tmp_path / "data")
    with monkeypatch.context() as patched:
        as_in_a_container(patched, data)
        made = kept(data, tmp_path / "backups", 9).path
    environment = {**os.environ, "AGENTS_DATA_FOLDER": str(tmp_path / "new")}

    def run(*words: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "agents", *words]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    refused = run("restore", str(made), "--yes")
    assert (refused.returncode, len(refused.stderr.splitlines())) == (2, 2)
    assert "--into local" in refused.stderr
    assert run("restore", str(made), "--yes", "--into", "local").returncode == 0
    assert run("backup", "list", str(tmp_path / "backups")).stdout.split()[-2] == "container"


def test_an_empty_store_is_known(tmp_path: Path) -> None:
    """No folder, no database and a new database are empty; one message, an unreadable file or a begun restore is not."""
    data = tmp_path / "data"
    assert is_empty(data)
    Store(data).close()
    (data / "own").mkdir()
    before = {path: path.read_bytes() for path in data.iterdir() if path.is_file()}
    assert is_empty(data)
    assert {path: path.read_bytes() for path in data.iterdir() if path.is_file()} == before
    with Store(data) as store:
        assert is_empty(data)
        store.memories.add("cto", "default", "user", "Hello")
        assert not is_empty(data)
    assert not is_empty(data)
    (data / NAME).write_bytes(b"nothing of ours")
    assert not is_empty(data)
    (data / NAME).write_bytes(b"")
    assert not is_empty(data)
    shutil.rmtree(data)
    data.mkdir()
    (data / ".restore.json").write_text("{}")
    assert not is_empty(data)


def test_an_old_layout_can_be_empty(tmp_path: Path) -> None:
    """A database of the first layout without a message is empty, and is not migrated by looking at it."""
    from tests.store.specimen import unpack

    path = unpack(1, tmp_path)
    assert not is_empty(tmp_path)
    with closing(sqlite3.connect(path)) as connection:
        for table in ("messages", "actions", "meetings"):
            connection.execute(f"DELETE FROM {table}")  # noqa: S608
        connection.commit()
    assert is_empty(tmp_path)
    assert not list(tmp_path.glob(f".{NAME}*"))
