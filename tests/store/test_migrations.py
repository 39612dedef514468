"""Older layouts are migrated; newer ones are refused."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from zlib import crc32

import pytest

from agents.errors import StoreError
from agents.store import Store
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
    assert "Upgrade first" in raised.value.remedy
    assert path.read_bytes() == before


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
