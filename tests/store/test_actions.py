"""Actions and measured speeds in the store."""

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agents.errors import UnknownName, UsageError
from agents.store import Store
from agents.store.actions import NewAction, Which

SOME = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
NAMES = ("task", "topic", "series", "due_text", "turn", "quote")


def enter(store: Store, key: str, **given: Any) -> str:
    """Add an action of which only some values matter."""
    usual: dict[str, Any] = dict.fromkeys(NAMES, "")
    values = {**usual, "meeting": "m", "owner": None, "due": None, "verified": False, **given}
    return store.actions.add(NewAction(key=key, **values))


@SOME
@given(
    texts=st.lists(st.text(max_size=40), min_size=6, max_size=6),
    owner=st.none() | st.text(),
    due=st.dates() | st.none(),
)
def test_an_action_comes_back_as_it_was_added(
    store: Store, texts: tuple[str, ...], owner: str | None, due: date | None
) -> None:
    """Every value of an action is read back as it was stored."""
    given = dict(zip(NAMES, texts, strict=True))
    name = enter(store, f"k{len(store.actions.list())}", **given, owner=owner, due=due, verified=True)
    row = store.actions.get(name)
    assert {field: getattr(row, field) for field in NAMES} == given
    assert (row.owner, row.due, row.verified, row.open) == (owner, due, True, True)


def test_the_same_action_is_added_once(store: Store) -> None:
    """A meeting that is finished twice adds its actions once, and later changes of them stay."""
    first = enter(store, "a1", task="Write it")
    store.actions.done(first, "merged")
    assert enter(store, "a1", task="Write it again") == first
    assert enter(store, "a1", meeting="other") != first
    assert (store.actions.get(first).task, store.actions.get(first).status) == ("Write it", "done")


def test_an_id_may_be_typed_carelessly(store: Store) -> None:
    """A1, a1 and 1 are the same action; any other text is an unknown action."""
    assert enter(store, "k") == "A1"
    assert {store.actions.get(typed).id for typed in ("A1", "a1", "1", " a1 ", "001")} == {"A1"}
    for wrong in ("A2", "", "A", "-1", "1.0", "A" + "9" * 40, "²", "one"):
        with pytest.raises(UnknownName):
            store.actions.get(wrong)


def test_everything_that_happens_to_an_action_is_remembered(store: Store) -> None:
    """The history of an action has each change with its author, in order."""
    name = enter(store, "k", owner="cto")
    store.actions.done(name, "merged", who="Ada")
    store.actions.reopen(name)
    store.actions.assign(name, None)
    store.actions.assign(name, "qa_engineer", who="Ada")
    row = store.actions.set_due(name, date(2026, 5, 8))
    assert (row.owner, row.due, row.status) == ("qa_engineer", date(2026, 5, 8), "open")
    assert [(change.who, change.what) for change in store.actions.changes(name)] == [
        ("", "entered"),
        ("Ada", "done: merged"),
        ("", "reopened"),
        ("", "owner: cto -> unassigned"),
        ("Ada", "owner: unassigned -> qa_engineer"),
        ("", "due: none -> 2026-05-08"),
    ]


def test_a_done_action_is_not_done_again(store: Store) -> None:
    """Closing a closed action, or opening an open one, is refused and changes nothing."""
    name = enter(store, "k")
    with pytest.raises(UsageError):
        store.actions.reopen(name)
    store.actions.done(name)
    with pytest.raises(UsageError):
        store.actions.done(name)
    assert len(store.actions.changes(name)) == 2


def test_the_list_can_be_filtered(store: Store) -> None:
    """Owner, unassigned, open, overdue, meeting and series each filter the list; overdue begins the day after."""
    enter(store, "k1", owner="cto", due=date(2026, 5, 8), series="s")
    enter(store, "k2", due=date(2026, 5, 9), meeting="m2")
    enter(store, "k3", owner="cto")
    store.actions.done("A3")
    enter(store, "k4", due=date(2026, 5, 1))
    store.actions.done("A4")

    def ids(**filters: Any) -> list[str]:
        return [row.id for row in store.actions.list(**filters)]

    assert ids() == ["A1", "A2", "A3", "A4"]
    assert ids(owner="cto") == ["A1", "A3"]
    assert ids(owner="unassigned") == ["A2", "A4"]
    assert ids(owner="cto", open_only=True) == ["A1"]
    assert ids(overdue_on=date(2026, 5, 8)) == []
    assert ids(overdue_on=date(2026, 5, 9)) == ["A1"]
    assert ids(meeting="m2") == ["A2"]
    assert ids(series="s") == ["A1"]


def test_speeds_are_unknown_before_they_were_measured(store: Store) -> None:
    """A model that was never called, or never wrote a token, does not have a speed."""
    assert store.speeds.measured("m") is None
    store.speeds.record("m", "here", 100, 100, 1.0, 0, 0.0)
    assert store.speeds.measured("m") is None


def test_speeds_are_those_of_the_usual_call(store: Store) -> None:
    """Neither one outlier nor the calls of another model change the speed of a model."""
    for _ in range(9):
        store.speeds.record("m", "here", 400, 200, 1.0, 50, 5.0)
    store.speeds.record("m", "here", 400, 200, 100.0, 50, 500.0)
    store.speeds.record("other", "here", 400, 1, 1.0, 1, 5.0)
    measured = store.speeds.measured("m")
    assert measured is not None
    assert (measured.prompt_tps, measured.reply_tps, measured.calls) == (200.0, 10.0, 10)


def test_only_the_newest_calls_are_kept(store: Store) -> None:
    """After many calls the old ones are no longer used."""
    for number in range(260):
        speed = 10.0 if number < 60 else 100.0
        store.speeds.record("m", "here", 100, 100, 100 / speed, 100, 100 / speed)
    measured = store.speeds.measured("m")
    assert measured is not None
    assert (measured.calls, measured.reply_tps) == (200, 100.0)


def test_a_note_changes_nothing(store: Store) -> None:
    """A note is in the history and does not change the action; setting the same value again adds nothing to it."""
    name = enter(store, "k", owner="cto", due=date(2026, 12, 1))
    before = store.actions.get(name)
    store.actions.note(name, "agreed again", who="m2")
    store.actions.assign(name, "cto")
    store.actions.set_due(name, date(2026, 12, 1))
    assert store.actions.get(name) == before
    assert [(one.who, one.what) for one in store.actions.changes(name)][-1] == ("m2", "agreed again")
    with pytest.raises(UnknownName):
        store.actions.note("A99", "x")


def test_a_part_of_the_actions_is_that_part_of_their_list(store: Store) -> None:
    """States part the actions, the most urgent or the latest first; counts and parts agree."""
    day = date(2026, 12, 1)
    for number in range(20):
        enter(
            store,
            f"k{number}",
            owner="cto" if number % 2 else None,
            due=date(2026, 12, 1 + number) if number % 3 else None,
        )
    store.actions.done("A1")
    store.actions.reject("A2", "rejected")
    whole = {state: Which(state=state, day=day.replace(day=9)) for state in ("overdue", "dated", "undated", "closed")}
    assert sum(map(store.actions.count, whole.values())) == store.actions.count(Which()) == 20
    dues = [row.due for row in store.actions.part(whole["dated"], 99)]
    assert dues == sorted(one for one in dues if one)
    assert [row.id for row in store.actions.part(whole["closed"], 9)] == ["A2", "A1"]
    assert [row.id for row in store.actions.part(Which(state="done"), 9)] == ["A1"]
    every = store.actions.part(Which(owner="unassigned"), 99)
    assert store.actions.part(Which(owner="unassigned"), 3, 4) == every[4:7]


def test_actions_are_found_by_whole_words(store: Store) -> None:
    """Those with most of the words come first, then the newest; case and accents make no difference."""
    enter(store, "1", task="measure the na\u00efve idea")
    enter(store, "2", task="measure", quote="the failover")
    enter(store, "3", task="measured")
    assert [row.id for row in store.actions.search("Measure NAIVE failover")] == ["A2", "A1"]
    assert [row.id for row in store.actions.search("measure", 1, skip=1)] == ["A1"]
    assert store.actions.search("") == store.actions.search("meas") == []
