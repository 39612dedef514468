"""Older layouts are brought up to date; newer ones are refused."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from agents.errors import StoreError
from agents.store import Store
from agents.store.database import NAME
from agents.store.migrations import LAYOUTS, STEPS, VERSION
from tests.store.specimen import FIXTURES, contents, recorded, unpack

ALL = range(1, VERSION + 1)


def layout(path: Path) -> tuple[int, list[str]]:
    """The number of a file's layout, and the statements that would make its tables."""
    with closing(sqlite3.connect(path)) as connection:
        [version] = connection.execute("PRAGMA user_version").fetchone()
        made = connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name").fetchall()
    return version, [sql for (sql,) in made]


def test_every_layout_has_a_specimen() -> None:
    """For each layout there is a file that was written by it, and a note of what is in it."""
    assert len(STEPS) == VERSION
    names = {f"layout-{version}.{ending}" for version in ALL for ending in ("db.gz", "json")}
    assert {file.name for file in FIXTURES.iterdir()} == names


@pytest.mark.parametrize("version", ALL)
def test_a_specimen_is_of_the_layout_it_is_named_for(version: int, tmp_path: Path) -> None:
    """Nobody has opened the specimen with a newer program and saved it."""
    assert layout(unpack(version, tmp_path))[0] == version


@pytest.mark.parametrize("version", ALL)
def test_nothing_is_lost_on_the_way_to_the_present_layout(version: int, tmp_path: Path) -> None:
    """Every message, meeting, event, action and speed of an old file is there after it was opened, and it is whole."""
    unpack(version, tmp_path)
    with Store(tmp_path) as store:
        assert contents(store) == recorded(version)
        store.check()
    with Store(tmp_path) as again:
        assert contents(again) == recorded(version)


@pytest.mark.parametrize("version", ALL)
def test_an_old_file_becomes_what_a_new_one_is(version: int, tmp_path: Path) -> None:
    """After all steps, the tables are those of a file that was made today."""
    old = unpack(version, tmp_path / "old")
    Store(tmp_path / "old").close()
    Store(tmp_path / "new").close()
    assert layout(old) == layout(tmp_path / "new" / NAME)


@pytest.mark.parametrize("version", ALL)
def test_an_old_file_can_be_used_at_once(version: int, tmp_path: Path) -> None:
    """Old words are found beside new ones, and forgetting counts both."""
    unpack(version, tmp_path)
    with Store(tmp_path) as store:
        store.memories.add("cto", "default", "user", "And the rollback?")
        assert len(store.memories.search("rollback", "cto")) == 2
        assert store.memories.clear("cto", everything=True) == 4
        assert "cto" not in [row.agent for row in store.memories.stats()]
        store.check()


def test_many_programs_may_bring_one_file_up_to_date(tmp_path: Path) -> None:
    """Started together on an old file, each finds it whole and none takes a step twice."""
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
    """When the way to the present layout is blocked, the file is named and left as it was."""
    path = unpack(1, tmp_path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE totals (something)")
    before = layout(path)
    with pytest.raises(StoreError) as raised:
        Store(tmp_path)
    assert str(path) in raised.value.cause
    assert layout(path) == before


def test_a_released_layout_is_never_changed(tmp_path: Path) -> None:
    """The tables that a new file gets today are those that were noted when its layout was released."""
    with Store(tmp_path) as store:
        assert store.database.layout_checksum() == LAYOUTS[VERSION]
    assert set(LAYOUTS) == set(ALL)


def test_a_file_from_the_future_is_refused_and_left_alone(tmp_path: Path) -> None:
    """A layout this program does not know is not touched; the remedy is to upgrade."""
    path = unpack(VERSION, tmp_path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {VERSION + 1}")
    before = path.read_bytes()
    with pytest.raises(StoreError) as raised:
        Store(tmp_path)
    assert str(path) in raised.value.cause
    assert "Upgrade first" in raised.value.remedy
    assert path.read_bytes() == before
