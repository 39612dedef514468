"""Older layouts are migrated; newer ones are refused."""

import sqlite3
import subprocess
import sys
import tarfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from zlib import crc32

import pytest

from agents.errors import SpaceError, StoreError
from agents.store import Store
from agents.store.backup import restore
from agents.store.database import NAME
from agents.store.migrations import LAYOUTS, STEPS, VERSION
from tests.store.specimen import FIXTURES, contents, recorded, unpack

ALL = range(1, VERSION + 1)


def layout(path: Path) -> tuple[int, list[str]]:
    """The number of a file's layout, and the statements that create its tables."""
    with closing(sqlite3.connect(path)) as connection:
        [version] = connection.execute("PRAGMA user_version").fetchone()
        made = connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name").fetchall()
    return version, [sql for (sql,) in made]


def test_every_layout_has_a_specimen() -> None:
    """For each layout there is a file written by it, and a record of its contents."""
    assert len(STEPS) == VERSION
    names = {f"layout-{version}.{ending}" for version in ALL for ending in ("db.gz", "json")}
    assert {file.name for file in FIXTURES.iterdir()} == names


@pytest.mark.parametrize("version", ALL)
def test_a_specimen_has_the_layout_of_its_name(version: int, tmp_path: Path) -> None:
    """The specimen was not migrated by a newer program."""
    assert layout(unpack(version, tmp_path))[0] == version


@pytest.mark.parametrize("version", ALL)
def test_nothing_is_lost_by_a_migration(version: int, tmp_path: Path) -> None:
    """Every message, meeting, event, action and speed of an old file is unchanged after it was opened."""
    unpack(version, tmp_path)
    with Store(tmp_path) as store:
        assert contents(store) == recorded(version)
        store.check()
    with Store(tmp_path) as again:
        assert contents(again) == recorded(version)


@pytest.mark.parametrize("version", ALL)
def test_a_migrated_file_has_the_tables_of_a_new_one(version: int, tmp_path: Path) -> None:
    """After all steps, the tables are those of a new file."""
    old = unpack(version, tmp_path / "old")
    Store(tmp_path / "old").close()
    Store(tmp_path / "new").close()
    assert layout(old) == layout(tmp_path / "new" / NAME)


@pytest.mark.parametrize("version", ALL)
def test_an_old_file_can_be_used_at_once(version: int, tmp_path: Path) -> None:
    """Searching and forgetting include old and new messages."""
    unpack(version, tmp_path)
    with Store(tmp_path) as store:
        store.memories.add("cto", "default", "user", "And the rollback?")
        assert len(store.memories.search("rollback", "cto")) == 2
        assert store.memories.clear("cto", everything=True) == 4
        assert "cto" not in [row.agent for row in store.memories.stats()]
        store.check()


def test_many_programs_may_migrate_one_file(tmp_path: Path) -> None:
    """Programs that open an old file at the same time take each step once, and each finds it correct."""
    path = unpack(1, tmp_path)
    code = "import sys; from pathlib import Path; from agents.store import Store; Store(Path(sys.argv[1])).check()"
    started = [
        subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stderr=subprocess.PIPE, text=True)
        for _ in range(6)
    ]
    ends = [(process.communicate()[1], process.returncode) for process in started]
    assert ends == [("", 0)] * 6
    assert layout(path)[0] == VERSION
    with Store(tmp_path) as store:
        assert contents(store) == recorded(1)


def test_a_step_that_fails_leaves_the_file_in_its_old_layout(tmp_path: Path) -> None:
    """When a migration fails, the error names the file, which is not changed."""
    path = unpack(1, tmp_path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE totals (something)")
    before = layout(path)
    with pytest.raises(StoreError) as raised:
        Store(tmp_path)
    assert str(path) in raised.value.cause
    assert layout(path) == before


@pytest.mark.parametrize("version", range(1, VERSION))
def test_an_old_file_is_copied_before_it_is_migrated(version: int, tmp_path: Path) -> None:
    """The file is kept as it was, for this user only and where the message says, and can be opened again."""
    path = unpack(version, tmp_path)
    with Store(tmp_path) as store:
        copy = tmp_path / f".{NAME}.layout-{version}"
        assert store.migrated == (
            f"The histories are now in layout {VERSION}. A copy from before, in layout {version}, is in {copy}."
        )
    assert layout(copy)[0] == version
    assert copy.stat().st_mode & 0o077 == 0
    path.unlink()
    copy.rename(path)
    with Store(tmp_path) as again:
        assert contents(again) == recorded(version)


def test_a_current_file_is_not_copied(tmp_path: Path) -> None:
    """A new file, and one in the current layout, get no copy and no message."""
    for _ in range(2):
        with Store(tmp_path) as store:
            assert store.migrated == ""
    assert list(tmp_path.glob(f".{NAME}*")) == []


def test_there_is_one_copy_of_a_layout(tmp_path: Path) -> None:
    """A second migration from the same layout replaces the copy, and what a killed process left of one is removed."""
    for text in ("first", "second"):
        for file in tmp_path.glob("orchestrator.db*"):
            file.unlink()
        path = unpack(2, tmp_path)
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("UPDATE speeds SET model = ?", (text,))
            connection.commit()
        (tmp_path / f".{NAME}.layout-2.unfinished").write_text("half")
        Store(tmp_path).close()
    assert [file.name for file in tmp_path.glob(f".{NAME}*")] == [f".{NAME}.layout-2"]
    with closing(sqlite3.connect(tmp_path / f".{NAME}.layout-2")) as connection:
        assert connection.execute("SELECT DISTINCT model FROM speeds").fetchall() == [("second",)]


def test_without_space_for_the_copy_nothing_is_migrated(tmp_path: Path, mount_disk: Callable[[str], Path]) -> None:
    """A disk without room for the copy is exit status 6; the file is not changed, and nothing of a copy is left."""
    size = unpack(3, tmp_path).stat().st_size
    disk = mount_disk(str(size + size // 2))
    path = unpack(3, disk)
    before = layout(path)
    with pytest.raises(SpaceError) as raised:
        Store(disk)
    assert raised.value.exit_code == 6
    assert layout(path) == before
    assert [file.name for file in disk.glob(".*")] == []


def test_a_restore_of_an_older_backup_leaves_no_copy(tmp_path: Path) -> None:
    """What a restore migrates is in the backup already, so that no other copy is made of it."""
    unpack(2, tmp_path / "old")
    (tmp_path / "plain").mkdir()
    with tarfile.open(tmp_path / "plain" / "agent_memories.tar.gz", "w:gz") as tar:
        tar.add(tmp_path / "old", ".")
    restore.restore(tmp_path / "data", tmp_path / "plain")
    assert list((tmp_path / "data").glob(f".{NAME}*")) == []


def test_a_released_layout_is_never_changed(tmp_path: Path) -> None:
    """The tables of a new file have the checksum that was recorded when the layout was released."""
    with Store(tmp_path) as store:
        assert store.database.layout_checksum() == LAYOUTS[VERSION]
    assert set(LAYOUTS) == set(ALL)


def test_a_file_with_a_newer_layout_is_refused_and_not_changed(tmp_path: Path) -> None:
    """A file with an unknown layout is not changed; the remedy is to upgrade."""
    path = unpack(VERSION, tmp_path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {VERSION + 1}")
    before = path.read_bytes()
    with pytest.raises(StoreError) as raised:
        Store(tmp_path)
    assert str(path) in raised.value.cause
    assert raised.value.remedy == "Upgrade first, then try again."
    assert path.read_bytes() == before


def test_the_way_back_is_named(tmp_path: Path) -> None:
    """Where there is a copy that this version can open, the error for a newer layout names it."""
    path = unpack(VERSION - 1, tmp_path)
    Store(tmp_path).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {VERSION + 1}")
    with pytest.raises(StoreError) as raised:
        Store(tmp_path)
    assert f".{NAME}.layout-{VERSION - 1}, the copy from before the upgrade: see docs/backup.md" in raised.value.remedy


def test_passwords_in_addresses_of_earlier_versions_are_removed(tmp_path: Path) -> None:
    """After the migration no byte of the file has the password, and speeds and report cards are those of the address."""
    path = unpack(4, tmp_path)
    secret = "http://user:hunter2swordfish@localhost:11434"  # noqa: S105 - planted
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE speeds SET machine = ?", (secret,))
        [(number, model, machine, day, card)] = connection.execute(
            "SELECT number, model, machine, day, card FROM report_cards"
        ).fetchall()
        for day_kept, place in ((day, secret), ("2025-01-01", "http://token-hunter2swordfish@localhost:11434")):
            row = (model, place, day_kept, card.replace(machine, place).replace(day, day_kept))
            seal = crc32("\x1f".join(row).encode())
            connection.execute(
                "INSERT INTO report_cards (model, machine, day, card, seal) VALUES (?, ?, ?, ?, ?)", (*row, seal)
            )
        connection.execute("DELETE FROM report_cards WHERE number = ?", (number,))
        connection.commit()
    assert b"hunter2swordfish" in path.read_bytes()
    with Store(tmp_path) as store:
        store.check()
        assert contents(store)["report_card"]["day"] == "2025-01-01"
        assert contents(store)["speeds"] == recorded(4)["speeds"]
        assert b"hunter2swordfish" not in b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
