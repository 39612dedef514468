"""Which request began which meeting."""

from pathlib import Path

from agents.store import Store


def test_a_request_names_its_meeting(tmp_path: Path) -> None:
    """A request is remembered beyond the end of the program; a later meeting replaces the earlier one."""
    with Store(tmp_path) as store:
        store.meetings.create("one", "decision", "Buy?", {})
        store.meetings.create("two", "decision", "Build?", {})
        store.requests.remember("a", "one")
        assert store.requests.meeting("b") == ""
    with Store(tmp_path) as store:
        assert store.requests.meeting("a") == "one"
        store.requests.remember("a", "two")
        assert store.requests.meeting("a", within_seconds=60) == "two"
        assert store.requests.meeting("a", within_seconds=-1) == ""


def test_a_deleted_meeting_is_named_by_no_request(tmp_path: Path) -> None:
    """The request may begin a meeting again."""
    with Store(tmp_path) as store:
        store.meetings.create("one", "decision", "Buy?", {})
        store.requests.remember("a", "one")
        store.meetings.delete("one")
        assert store.requests.meeting("a") == ""


def test_a_damaged_row_names_no_meeting(tmp_path: Path) -> None:
    """A row that was changed outside the program is not trusted."""
    with Store(tmp_path) as store:
        store.meetings.create("one", "decision", "Buy?", {})
        store.meetings.create("two", "decision", "Build?", {})
        store.requests.remember("a", "one")
        with store.database.write() as connection:
            connection.execute("UPDATE requests SET meeting = 'two'")
        assert store.requests.meeting("a") == ""


def test_the_first_of_several_requests_names_the_meeting(tmp_path: Path) -> None:
    """The order of the keys counts, and those that name no stored meeting are passed over."""
    with Store(tmp_path) as store:
        store.meetings.create("one", "decision", "Buy?", {})
        store.meetings.create("two", "decision", "Build?", {})
        for key, meeting in {"a": "one", "b": "two", "c": "gone"}.items():
            store.requests.remember(key, meeting)
        assert store.requests.first_meeting(["x", "c", "b", "a"]) == "two"
        assert store.requests.first_meeting(["a", "b"]) == "one"
        assert store.requests.first_meeting(["x", "c"]) == ""
        assert store.requests.first_meeting([]) == ""
