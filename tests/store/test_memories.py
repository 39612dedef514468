"""What every store does with memories."""

import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.errors import UnknownName, UsageError
from agents.memory import Remembered
from agents.store import Store
from tests.store.histories import ANY_TEXT, MANY, MESSAGES, QUICK


def encodable(text: str) -> str:
    """What is kept of a text: half surrogates, which UTF-8 cannot hold, become question marks."""
    return text.encode("utf-8", "replace").decode()


def plain(messages: list[Remembered]) -> list[Remembered]:
    """Messages without their numbers, in an order that does not depend on them."""
    bare = [message._replace(number=0, text=encodable(message.text)) for message in messages]
    return sorted(bare, key=lambda one: (one.agent, one.at, one.session, one.author, one.text, one.tokens, one.pinned))


@MANY
@given(text=ANY_TEXT, agent=st.text(min_size=1, max_size=20), session=ANY_TEXT)
def test_any_text_comes_back_as_it_was_said(store: Store, text: str, agent: str, session: str) -> None:
    """Whatever is said by whomever in whatever session is what one reads."""
    number = store.memories.add(agent, session, "user", text, tokens=3)
    newest = store.memories.recent(encodable(agent), session, limit=1)[0]
    assert (newest.number, newest.text, newest.session) == (number, encodable(text), encodable(session))


def test_recent_gives_the_newest_oldest_first(store: Store) -> None:
    """A limit keeps the newest messages, and they stand in the order they were said in."""
    for number in range(10):
        store.memories.add("cto", "odd" if number % 2 else "even", "user", str(number))
    assert [message.text for message in store.memories.recent("cto", limit=3)] == ["7", "8", "9"]
    assert [message.text for message in store.memories.recent("cto", "even", limit=2)] == ["6", "8"]
    assert store.memories.recent("cto", limit=0) == []
    assert store.memories.recent("nobody") == []


def test_since_leaves_out_what_is_older(store: Store) -> None:
    """Only what was said at a moment or later is given."""
    store.memories.load([Remembered(0, "cto", "s", "user", "old", "2026-01-01T00:00:00.000Z")])
    store.memories.load([Remembered(0, "cto", "s", "user", "new", "2026-03-01T00:00:00.000Z")])
    found = store.memories.since("cto", datetime(2026, 2, 1, tzinfo=UTC))
    assert [message.text for message in found] == ["new"]


def test_a_pinned_note_survives_everything_but_its_own_end(store: Store) -> None:
    """Clearing, pruning and trimming leave pinned notes; unpinned, they go like the rest."""
    number = store.memories.pin("cto", "The budget is frozen.", tokens=5)
    store.memories.add("cto", "s", "user", "hello")
    store.memories.clear("cto")
    store.memories.clear_all()
    store.memories.prune(keep_last=0)
    store.memories.prune(older_than=datetime.now(UTC) + timedelta(days=1))
    store.memories.trim("cto", messages=0, text_bytes=0)
    assert [note.number for note in store.memories.pinned("cto")] == [number]
    assert store.memories.unpin(number).text == "The budget is frozen."
    assert store.memories.pinned("cto") == []
    assert store.memories.clear("cto") == 1


def test_clear_can_take_the_pinned_too(store: Store) -> None:
    """Asked for everything, clear leaves nothing, of one agent only."""
    store.memories.pin("cto", "a")
    store.memories.pin("qa_engineer", "b")
    assert store.memories.clear("cto", everything=True) == 1
    assert [row.agent for row in store.memories.stats()] == ["qa_engineer"]


def test_unpinning_what_is_not_pinned_is_said(store: Store) -> None:
    """Only a pinned note can be unpinned."""
    number = store.memories.add("cto", "s", "user", "hello")
    with pytest.raises(UnknownName):
        store.memories.unpin(number)


@QUICK
@given(messages=MESSAGES, keep=st.none() | st.integers(0, 5), months=st.none() | st.integers(1, 4))
def test_prune_forgets_exactly_what_it_says(messages: list[Remembered], keep: int | None, months: int | None) -> None:
    """Pruning takes what is old enough, beyond the newest of each agent, not pinned; a dry run counts the same."""
    moment = None if months is None else datetime(2026, months, 1, tzinfo=UTC)
    with tempfile.TemporaryDirectory() as folder, Store(Path(folder)) as store:
        store.memories.load(messages)
        before = list(store.memories.export())
        if keep is None and moment is None:
            with pytest.raises(UsageError):
                store.memories.prune(moment, keep)
            return
        spared = {
            message.number
            for agent in {message.agent for message in before}
            for message in [one for one in before if one.agent == agent and not one.pinned][-(keep or 0) or 10**9 :]
        }
        limit = f"2026-{months:02}-01T00:00:00.000Z" if months else "9"
        going = [one for one in before if not one.pinned and one.at < limit and one.number not in spared]
        assert store.memories.prune(moment, keep, dry_run=True) == len(going)
        assert list(store.memories.export()) == before
        assert store.memories.prune(moment, keep) == len(going)
        assert list(store.memories.export()) == [one for one in before if one not in going]
        store.check()


def test_prune_refuses_a_negative_number(store: Store) -> None:
    """One cannot keep fewer than no messages."""
    with pytest.raises(UsageError):
        store.memories.prune(keep_last=-1)


@QUICK
@given(messages=MESSAGES, most=st.integers(0, 12), size=st.integers(0, 400))
def test_trim_takes_the_oldest_and_no_more_than_needed(messages: list[Remembered], most: int, size: int) -> None:
    """After trimming an agent is within its limits, or has only pinned notes; what went was the oldest."""
    with tempfile.TemporaryDirectory() as folder, Store(Path(folder)) as store:
        store.memories.load(messages)
        before = list(store.memories.export("cto"))
        gone = store.memories.trim("cto", messages=most, text_bytes=size)
        after = list(store.memories.export("cto"))
        loose = [one for one in before if not one.pinned]
        assert after == [one for one in before if one not in loose[:gone]]

        def fits(some: list[Remembered]) -> bool:
            return len(some) <= most and sum(len(one.text.encode()) for one in some) <= size

        assert fits(after) or all(one.pinned for one in after)
        if gone:
            assert not fits([one for one in before if one not in loose[: gone - 1]])
        store.check()


@QUICK
@given(messages=MESSAGES)
def test_stats_are_the_sums_of_what_is_there(messages: list[Remembered]) -> None:
    """Messages, tokens and bytes of each agent are those of its messages, before and after forgetting."""
    with tempfile.TemporaryDirectory() as folder, Store(Path(folder)) as store:
        store.memories.load(messages)
        for _ in range(2):
            for row in store.memories.stats():
                own = list(store.memories.export(row.agent))
                assert row.messages == len(own)
                assert row.tokens == sum(one.tokens for one in own)
                assert row.text_bytes == sum(len(one.text.encode()) for one in own)
            assert {row.agent for row in store.memories.stats()} == {one.agent for one in store.memories.export()}
            store.memories.prune(keep_last=1)


@QUICK
@given(messages=MESSAGES)
def test_an_export_imports_to_the_same_and_only_once(messages: list[Remembered]) -> None:
    """What is exported and imported elsewhere is the same, twice-said words included; importing again adds nothing."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Store(Path(folder, "a")) as first,
        Store(Path(folder, "b")) as second,
    ):
        assert first.memories.load(messages) == len(messages)
        assert second.memories.load(first.memories.export()) == len(messages)
        assert plain(list(second.memories.export())) == plain(messages)
        assert second.memories.load(first.memories.export()) == 0
        assert first.memories.load(second.memories.export()) == 0
        second.check()


def test_an_import_adds_only_as_many_of_the_same_words_as_are_missing(store: Store) -> None:
    """What was said twice in a moment and is there once is added once."""
    said = Remembered(0, "cto", "s", "user", "yes", "2026-01-01T00:00:00.000Z")
    assert store.memories.load([said]) == 1
    assert store.memories.load([said, said]) == 1
    assert store.memories.load([said, said, said._replace(agent="qa_engineer")]) == 1
    assert len(store.memories.recent("cto")) == 2


def test_the_export_of_one_agent_has_only_its_own(store: Store) -> None:
    """Nothing another agent was told is in an agent's export."""
    for number in range(600):
        store.memories.add(("cto", "qa_engineer")[number % 2], "s", "user", str(number))
    assert [one.text for one in store.memories.export("cto")] == [str(number) for number in range(0, 600, 2)]


def test_memories_outlive_the_process_that_opened_them(reopen: Callable[[], Store]) -> None:
    """What was stored is there when the store is opened again."""
    with reopen() as first:
        number = first.memories.add("cto", "default", "user", "hello")
    with reopen() as again:
        assert [one.number for one in again.memories.recent("cto")] == [number]


def test_two_open_stores_see_each_others_words(reopen: Callable[[], Store]) -> None:
    """Two at once is ordinary: each sees what the other has stored."""
    with reopen() as one, reopen() as other:
        one.memories.add("cto", "s", "user", "from one")
        other.memories.add("cto", "s", "user", "from the other")
        assert [message.text for message in one.memories.recent("cto")] == ["from one", "from the other"]


def test_numbers_are_never_used_again(store: Store) -> None:
    """A message said after the newest was forgotten does not take its number."""
    gone = store.memories.add("cto", "s", "user", "one")
    store.memories.clear("cto")
    assert store.memories.add("cto", "s", "user", "two") > gone


def test_compact_gives_space_back_and_changes_nothing(store: Store) -> None:
    """After forgetting much, compacting wins bytes; what is left is as it was."""
    for number in range(200):
        store.memories.add("cto", "s", "user", f"{number} " + "words and more words " * 100)
    store.memories.prune(keep_last=5)
    before = list(store.memories.export())
    assert store.memories.compact() > 100_000
    assert list(store.memories.export()) == before
    store.check()
