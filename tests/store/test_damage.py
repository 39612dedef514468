"""Damaged files are refused with their name and never deleted, whatever the damage is."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agents.errors import StoreError
from agents.store import Store
from agents.store.database import NAME
from agents.store.migrations import VERSION
from tests.store.specimen import contents, recorded, unpack

SOME = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The bytes of a database that contains one of everything."""
    return unpack(VERSION, tmp_path_factory.mktemp("whole")).read_bytes()


def put(folder: Path, raw: bytes) -> Path:
    """Write these bytes as the database of a folder, and remove other files of the database."""
    folder.mkdir(exist_ok=True)
    for file in folder.glob(f"{NAME}*"):
        file.unlink()
    path = folder / NAME
    path.write_bytes(raw)
    return path


def refusal(folder: Path) -> StoreError:
    """The error when the store is opened; the test fails when there is none."""
    with pytest.raises(StoreError) as raised:
        Store(folder)
    return raised.value


@pytest.mark.parametrize("size", [0, 1, 15, 16, 50, 99, 100, 101, 4096, 8191, 8192, 16384, 16385])
def test_a_short_file_is_refused_and_not_changed(size: int, whole: bytes, tmp_path: Path) -> None:
    """A file that is cut off is refused with its name and how to restore it; none of its bytes change."""
    path = put(tmp_path, whole[:size])
    said = refusal(tmp_path)
    assert str(path) in said.cause
    assert "backups.restore" in said.remedy
    assert path.read_bytes() == whole[:size]


@SOME
@given(share=st.floats(0, 1, exclude_max=True))
def test_a_file_cut_off_anywhere_is_refused(share: float, whole: bytes, tmp_path: Path) -> None:
    """A truncated file of any length is refused."""
    cut = whole[: int(len(whole) * share)]
    path = put(tmp_path, cut)
    assert str(path) in refusal(tmp_path).cause
    assert path.read_bytes() == cut


@SOME
@given(data=st.data())
def test_a_flipped_bit_is_reported_or_does_no_harm(data: st.DataObject, whole: bytes, tmp_path: Path) -> None:
    """With any flipped bit, the file is refused with its name, or everything is read as it was stored."""
    telling = [place for place, byte in enumerate(whole) if byte]
    place = data.draw(st.sampled_from(telling) | st.integers(0, len(whole) - 1))
    raw = bytearray(whole)
    raw[place] ^= 1 << data.draw(st.integers(0, 7))
    path = put(tmp_path, bytes(raw))
    refused, read = None, {}
    try:
        with Store(tmp_path) as store:
            store.check()
            read = contents(store)
    except StoreError as error:
        refused = error
    assert path.exists()
    # Speeds are measurements, not words; they have no checksum.
    same = {**read, "speeds": None} == {**recorded(VERSION), "speeds": None}
    assert str(tmp_path) in refused.cause if refused else same


@pytest.mark.parametrize(
    "table",
    ["messages", "summaries", "events", "specs", "meetings", "actions", "action_changes", "report_cards"],
)
def test_rows_changed_by_another_program_are_refused(table: str, tmp_path: Path) -> None:
    """A row that is not what was stored is reported when it is read, even if every page is correct."""
    column = {
        "specs": "spec",
        "meetings": "title",
        "actions": "task",
        "action_changes": "what",
        "report_cards": "card",
    }.get(table, "text")
    path = unpack(VERSION, tmp_path)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        guards = "SELECT name, sql FROM sqlite_master WHERE name IN ('messages_reworded', 'events_rewritten')"
        triggers = dict(connection.execute(guards).fetchall())
        for trigger in triggers:
            connection.execute(f"DROP TRIGGER {trigger}")
        connection.execute(f"UPDATE {table} SET {column} = replace({column}, 'o', '0')")  # noqa: S608 - our own names
        for sql in triggers.values():
            connection.execute(sql)
    with Store(tmp_path) as store:
        with pytest.raises(StoreError, match="not what was stored"):
            contents(store)
        with pytest.raises(StoreError, match="are not what was stored"):
            store.check()


@pytest.mark.parametrize(
    "change",
    [
        "DROP TRIGGER messages_removed",
        "CREATE TRIGGER theirs AFTER INSERT ON messages BEGIN DELETE FROM messages; END",
        "DROP INDEX events_by_key",
        "ALTER TABLE speeds ADD COLUMN odd",
    ],
)
def test_tables_that_differ_from_the_layout_are_refused(change: str, tmp_path: Path) -> None:
    """A missing or additional trigger or index could lose data later; it is reported when the file is opened."""
    path = unpack(VERSION, tmp_path)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(change)
    said = refusal(tmp_path)
    assert "its tables are not those of layout" in said.cause
    assert str(path) in said.cause


def test_a_lost_event_is_noticed(tmp_path: Path) -> None:
    """A meeting whose last event is missing is not accepted as a shorter meeting."""
    path = unpack(VERSION, tmp_path)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("DELETE FROM events WHERE seq = 4")
    with Store(tmp_path) as store:
        with pytest.raises(StoreError, match="lacks events"):
            store.meetings.journal("20260504-review").events()
        with pytest.raises(StoreError, match="lack events"):
            store.check()


def test_wrong_totals_are_noticed(tmp_path: Path) -> None:
    """The check compares the totals of an agent with its messages."""
    path = unpack(VERSION, tmp_path)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("UPDATE totals SET octets = octets + 1 WHERE agent = 'cto'")
    with Store(tmp_path) as store, pytest.raises(StoreError, match="totals"):
        store.check()


@pytest.mark.parametrize("raw", [b"hello " * 100, b"SQLite format 3\x00" + b"\xff" * 9000, b"\x00" * 8192])
def test_a_file_that_is_not_a_database_is_refused(raw: bytes, tmp_path: Path) -> None:
    """Any other file with the name of the database is refused and not changed."""
    path = put(tmp_path, raw)
    assert str(path) in refusal(tmp_path).cause
    assert path.read_bytes() == raw


def test_another_programs_database_is_refused(tmp_path: Path) -> None:
    """A correct database of another program is refused."""
    with closing(sqlite3.connect(tmp_path / NAME)) as connection:
        connection.execute("CREATE TABLE theirs (x)")
    before = (tmp_path / NAME).read_bytes()
    assert "not a database of this program" in refusal(tmp_path).cause
    assert (tmp_path / NAME).read_bytes() == before


def test_a_folder_under_our_name_is_refused(tmp_path: Path) -> None:
    """A folder with the name of the database is refused with an error message."""
    (tmp_path / NAME).mkdir()
    assert str(tmp_path) in refusal(tmp_path).cause
