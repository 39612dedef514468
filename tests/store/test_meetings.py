"""Meetings in the store."""

import json
import threading
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agents.errors import Locked, MeetingError, UnknownName, UsageError
from agents.meeting.journal import Kind
from agents.store import Store
from agents.store.search import Within

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats(allow_nan=False) | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
DATA = st.dictionaries(st.text(max_size=8) | st.just("text"), JSON, max_size=5)
SOME = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def meeting(store: Store) -> str:
    """The id of a stored meeting."""
    store.meetings.create("m1", "retrospective", "How was it?", {"topics": ["it"]})
    return "m1"


@SOME
@given(data=DATA, kind=st.text(max_size=10))
def test_any_event_comes_back_as_it_was(store: Store, data: dict[str, object], kind: str) -> None:
    """Any JSON values can be stored as an event and are read back equal, in order."""
    if not store.meetings.list():
        store.meetings.create("any", "retrospective", "t", {})
    journal = store.meetings.journal("any")
    event = journal.append(kind, "", data)
    assert event.data == data
    read = journal.events()
    assert read[-1] == event
    assert [one.seq for one in read] == list(range(1, len(read) + 1))


@pytest.mark.parametrize("text", ["\ud800 half", "\x00", "", "a\u2028b"])
def test_odd_text_in_an_event_survives(store: Store, meeting: str, text: str) -> None:
    """Half surrogates and control characters come back as they were."""
    store.meetings.journal(meeting).append("turn", "k", {"text": text})
    assert store.meetings.journal(meeting).events()[0].data == {"text": text}


def test_values_that_json_does_not_have_are_refused(store: Store, meeting: str) -> None:
    """An event that cannot be stored is an error, and the journal is as before."""
    with pytest.raises(TypeError):
        store.meetings.journal(meeting).append("turn", "k", {"odd": object()})
    assert store.meetings.journal(meeting).events() == []
    assert store.meetings.row(meeting).turns == 0


def test_a_key_is_stored_once(store: Store, meeting: str) -> None:
    """The same key twice is refused; any number of events may be without a key."""
    journal = store.meetings.journal(meeting)
    journal.append("turn", "t1", {"text": "first"})
    with pytest.raises(MeetingError):
        journal.append("turn", "t1", {"text": "second"})
    journal.append("note", "", {})
    journal.append("note", "", {})
    assert [event.kind for event in journal.events()] == ["turn", "note", "note"]
    assert journal.events()[0].data == {"text": "first"}


def test_the_same_key_in_another_meeting_is_another(store: Store, meeting: str) -> None:
    """A key is unique within one meeting only."""
    store.meetings.create("m2", "retrospective", "t", {})
    store.meetings.journal(meeting).append("turn", "t1", {})
    assert store.meetings.journal("m2").append("turn", "t1", {}).seq == 1


def test_many_threads_leave_no_gap(store: Store, meeting: str) -> None:
    """Events from several threads at the same time are numbered without gaps."""

    def speak(who: int) -> None:
        for turn in range(10):
            store.meetings.journal(meeting).append("turn", f"{who}.{turn}", {"text": f"{who} {turn}"})

    threads = [threading.Thread(target=speak, args=(who,)) for who in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [event.seq for event in store.meetings.journal(meeting).events()] == list(range(1, 41))
    assert store.meetings.row(meeting).turns == 40


def test_the_row_has_status_and_turns(store: Store, meeting: str) -> None:
    """Status, turns and time of the last event are up to date."""
    before = store.meetings.row(meeting)
    assert (before.status, before.turns, before.title) == ("called", 0, "How was it?")
    store.meetings.journal(meeting).append("turn", "t1", {})
    store.meetings.journal(meeting).append("note", "", {})
    store.meetings.set_status(meeting, "closed")
    after = store.meetings.row(meeting)
    assert (after.status, after.turns, after.created) == ("closed", 1, before.created)
    assert after.updated >= before.updated


def test_the_spec_of_a_meeting_never_changes(reopen: Callable[[], Store]) -> None:
    """The spec is read back equal when the store is opened again."""
    spec = {"topics": ["Überall?"], "seats": [{"role": "cto", "why": None}], "number": 1.5}
    with reopen() as first:
        first.meetings.create("m", "t", "title", spec)
    with reopen() as again:
        assert again.meetings.spec("m") == spec
        with pytest.raises(MeetingError):
            again.meetings.create("m", "t", "title", {})
        assert again.meetings.spec("m") == spec


@pytest.mark.parametrize("act", ["spec", "journal", "row", "delete", "find"])
def test_an_unknown_meeting_is_an_error(store: Store, meeting: str, act: str) -> None:
    """The error for an unknown meeting names it and offers the nearest id."""
    with pytest.raises(UnknownName) as raised:
        getattr(store.meetings, act)("m11")
    assert "'m11'" in raised.value.cause
    assert meeting in raised.value.remedy


def test_writing_to_an_unknown_meeting_is_refused(store: Store) -> None:
    """Neither an event nor a status creates a meeting."""
    with pytest.raises(UnknownName):
        store.meetings.journal("nowhere").append("turn", "", {})
    with pytest.raises(UnknownName):
        store.meetings.set_status("nowhere", "closed")


def test_the_newest_event_of_a_journal_is_known_without_reading_it(store: Store, meeting: str) -> None:
    """Its number and time change with each event, and are those of the journal that is read."""
    journal = store.meetings.journal(meeting)
    before = len(journal.events())
    for number in range(before + 1, before + 4):
        journal.append("note", f"n{number}", {"text": "so it is"})
        last = journal.events()[-1]
        assert journal.newest() == (last.seq, last.at) == (number, last.at)
    store.meetings.delete(meeting)
    with pytest.raises(UnknownName):
        journal.newest()


def test_the_journal_of_a_deleted_meeting_is_refused(store: Store, meeting: str) -> None:
    """A journal that was opened before its meeting was deleted can be neither read nor written."""
    journal = store.meetings.journal(meeting)
    store.meetings.delete(meeting)
    with pytest.raises(UnknownName):
        journal.events()
    with pytest.raises(UnknownName):
        journal.append("turn", "t1", {})


def test_a_meeting_is_found_by_a_unique_beginning(store: Store) -> None:
    """The full id, a unique beginning or "last" finds a meeting; the error for an ambiguous beginning lists the ids."""
    for name in ("20260504-a", "20260504-ab", "20260601-c"):
        store.meetings.create(name, "t", "title", {})
    assert store.meetings.find("20260504-a") == "20260504-a"
    assert store.meetings.find("202606") == "20260601-c"
    assert store.meetings.find("last") == "20260601-c"
    with pytest.raises(UsageError, match="20260504-ab"):
        store.meetings.find("2026")
    for wrong in ("", "%", "2026%", "20260601-cc"):
        with pytest.raises(UsageError):
            store.meetings.find(wrong)


def test_last_without_meetings_is_an_error(store: Store) -> None:
    """The error for "last" before the first meeting says how to hold one."""
    with pytest.raises(UsageError, match="no meeting yet"):
        store.meetings.find("last")


def test_the_list_is_newest_first_and_can_be_filtered(store: Store) -> None:
    """Type, status and number filter the list."""
    for number in range(4):
        store.meetings.create(f"m{number}", ("retro", "review")[number % 2], "t", {})
    store.meetings.set_status("m1", "closed")
    assert [row.id for row in store.meetings.list()] == ["m3", "m2", "m1", "m0"]
    assert [row.id for row in store.meetings.list(limit=1)] == ["m3"]
    assert [row.id for row in store.meetings.list(type_id="review", status="closed")] == ["m1"]


def test_a_deleted_meeting_is_gone_and_its_words_are_not_found(store: Store, meeting: str) -> None:
    """Deleting a meeting removes its events from the searches, too; other meetings stay."""
    store.meetings.create("m2", "retrospective", "t", {})
    for name in (meeting, "m2"):
        store.meetings.journal(name).append("turn", "t1", {"text": "a rollback plan"})
    store.meetings.delete(meeting)
    assert [row.id for row in store.meetings.list()] == ["m2"]
    assert [found.meeting for found in store.meetings.search("rollback")] == ["m2"]
    store.check()


def test_search_gives_meeting_event_and_snippet(store: Store, meeting: str) -> None:
    """A search finds text with its meeting and event; values that are not text are not searched."""
    store.meetings.journal(meeting).append("turn", "t1", {"speaker": "cto", "text": "We need a Rollback plan."})
    store.meetings.journal(meeting).append("turn", "t2", {"speaker": "rollback", "text": 7})
    [found] = store.meetings.search("rollback")
    assert (found.meeting, found.event.key, found.event.data["speaker"]) == (meeting, "t1", "cto")
    assert "[Rollback]" in found.snippet
    for terms in ("", '"', "NEAR(", "\x00"):
        assert store.meetings.search(terms) == []


def test_a_meeting_is_locked_by_one_process_at_a_time(reopen: Callable[[], Store]) -> None:
    """The second process gets exit status 75 at once; other meetings are free, and later this one is, too."""
    with reopen() as one, reopen() as other:
        one.meetings.create("m1", "t", "t", {})
        one.meetings.create("m2", "t", "t", {})
        with one.meetings.locked("m1"):
            with pytest.raises(Locked) as raised, other.meetings.locked("m1"):
                pass
            assert raised.value.exit_code == 75
            with pytest.raises(Locked):
                other.meetings.delete("m1")
            with other.meetings.locked("m2"):
                pass
        with other.meetings.locked("m1"):
            pass


def test_a_lock_is_released_after_an_error(store: Store, meeting: str) -> None:
    """An error inside the block releases the meeting."""
    with pytest.raises(ZeroDivisionError), store.meetings.locked(meeting):
        raise ZeroDivisionError
    with store.meetings.locked(meeting):
        pass


@pytest.mark.parametrize("name", ["../../etc/passwd", "a/b", "con", "x" * 400, "Ü 🚀", ".", "%2e"])
def test_any_name_of_a_meeting_can_be_locked(store: Store, name: str) -> None:
    """The id of a meeting is never used as a path."""
    store.meetings.create(name, "t", "t", {})
    with store.meetings.locked(name), pytest.raises(Locked), store.meetings.locked(name):
        pass
    store.meetings.delete(name)


def test_the_spec_with_its_documents_is_stored_once(store: Store) -> None:
    """The event with the spec is read back completely, and stores only the data that are not in the spec."""
    document = "The sessions move to Redis on Friday. " * 400
    spec = {"topics": ["Shall we?"], "documents": [{"name": "a.md", "text": document}], "model": "asked for"}
    store.meetings.create("large", "decision", "Shall we?", spec)
    journal = store.meetings.journal("large")
    journal.append(Kind.SPEC, "called", {**spec, "model": "ollama:llama3.2", "context_tokens": 8192})
    (event,) = store.meetings.journal("large").events()
    assert event.data == {**spec, "model": "ollama:llama3.2", "context_tokens": 8192}
    [(stored,)] = store.database.rows("SELECT data FROM events", ())
    assert json.loads(stored) == {
        "in_spec": ["topics", "documents"],
        "model": "ollama:llama3.2",
        "context_tokens": 8192,
    }


def test_a_spec_event_of_an_earlier_version_is_read_as_it_is(store: Store) -> None:
    """An event that contains the whole spec is read back as it was stored."""
    store.meetings.create("old", "decision", "Shall we?", {"topics": ["Shall we?"]})
    store.meetings.journal("old").append(Kind.SPEC, "called", {"topics": ["Shall we not?"], "series": "weekly"})
    (event,) = store.meetings.journal("old").events()
    assert event.data == {"topics": ["Shall we not?"], "series": "weekly"}


@SOME
@given(spec=DATA, data=DATA)
def test_a_spec_event_comes_back_as_it_was(store: Store, spec: dict[str, object], data: dict[str, object]) -> None:
    """Whichever values the event shares with the spec, it is read back equal."""
    name = f"m{len(store.meetings.list())}"
    store.meetings.create(name, "decision", "Shall we?", spec)
    for key, mixed in enumerate(({**spec, **data}, data)):
        assert store.meetings.journal(name).append(Kind.SPEC, str(key), mixed).data == mixed
        assert store.meetings.journal(name).events()[-1].data == mixed


def test_search_finds_events_of_a_kind_a_speaker_and_a_meeting_type(store: Store) -> None:
    """Filters leave out what does not match before the limit counts, for rare words and for words that all events have."""
    within = {"decision": Within("decision"), "retro": Within("retro")}
    for number in range(700):
        name = f"m{number}"
        store.meetings.create(name, "retro" if number % 70 == 0 else "decision", "t", {})
        journal = store.meetings.journal(name)
        journal.append("turn", "t1", {"speaker": ("cto", "qa_engineer")[number % 2], "text": "the plan has a rollback"})
        if number % 100 == 0:
            journal.append("put", "p", {"text": f"the plan, with {'zebra' if number == 300 else 'nothing'}"})
    assert len(store.meetings.search("plan", 50, kind="put")) == 7
    assert [one.meeting for one in store.meetings.search("zebra", kind="put")] == ["m300"]
    assert {one.meeting for one in store.meetings.search("plan", 50, within=within["retro"], kind="turn")} == {
        f"m{number}" for number in range(0, 700, 70)
    }
    assert all(one.event.speaker == "cto" for one in store.meetings.search("plan rollback", 50, speaker="cto"))
    assert store.meetings.search("plan", within=Within("nothing")) == []


def test_search_goes_on_after_the_first_results(store: Store, meeting: str) -> None:
    """Parts of the results are, one after the other, the same as all of them."""
    for number in range(30):
        store.meetings.journal(meeting).append("turn", f"t{number}", {"text": f"rollback {'plan ' * (number % 4)}"})
    every = [one.event.key for one in store.meetings.search("rollback plan", 30)]
    parts = [one.event.key for skip in range(0, 30, 7) for one in store.meetings.search("rollback plan", 7, skip=skip)]
    assert parts == every


def test_a_snippet_marks_only_what_was_looked_for(store: Store, meeting: str) -> None:
    """Brackets that the text contains are text, and its pieces together are the text."""
    said = "[not] a ]rollback[ [[rollback]] \u00abRollb\u00e4ck\u00bb"
    store.meetings.journal(meeting).append("turn", "t1", {"text": said})
    [found] = store.meetings.search("rollback")
    assert [one.text for one in found.pieces if one.matches] == ["rollback", "rollback", "Rollb\u00e4ck"]
    assert "".join(one.text for one in found.pieces) == said


def test_meetings_are_found_by_their_title(store: Store) -> None:
    """All words of the search must stand in the title, in any case; the newest meeting comes first."""
    for number, title in enumerate(("Move to B\u00e9rlin?", "Stay in Berlin", "move on")):
        store.meetings.create(f"m{number}", "decision", title, {})
    assert [row.id for row in store.meetings.titled("berlin")] == ["m1", "m0"]
    assert [row.id for row in store.meetings.titled("Shall we MOVE to Berlin")] == ["m0"]
    assert store.meetings.titled("") == []
