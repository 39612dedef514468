"""Memories in the store."""

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
    """The text as stored: half surrogates, which UTF-8 cannot encode, become question marks."""
    return text.encode("utf-8", "replace").decode()


def plain(messages: list[Remembered]) -> list[Remembered]:
    """Messages without their numbers, in an order that does not depend on them."""
    bare = [message._replace(number=0, text=encodable(message.text)) for message in messages]
    return sorted(bare, key=lambda one: (one.agent, one.at, one.session, one.author, one.text, one.tokens, one.pinned))


@MANY
@given(text=ANY_TEXT, agent=st.text(min_size=1, max_size=20), session=ANY_TEXT)
def test_any_text_comes_back_as_it_was_said(store: Store, text: str, agent: str, session: str) -> None:
    """Any text of any agent in any session is read back as it was stored."""
    number = store.memories.add(agent, session, "user", text, tokens=3)
    newest = store.memories.recent(encodable(agent), session, limit=1)[0]
    assert (newest.number, newest.text, newest.session) == (number, encodable(text), encodable(session))


def test_recent_gives_the_newest_oldest_first(store: Store) -> None:
    """A limit selects the newest messages, which are returned in their order."""
    for number in range(10):
        store.memories.add("cto", "odd" if number % 2 else "even", "user", str(number))
    assert [message.text for message in store.memories.recent("cto", limit=3)] == ["7", "8", "9"]
    assert [message.text for message in store.memories.recent("cto", "even", limit=2)] == ["6", "8"]
    assert store.memories.recent("cto", limit=0) == []
    assert store.memories.recent("nobody") == []


def test_since_leaves_out_what_is_older(store: Store) -> None:
    """Only messages of this moment or later are returned."""
    store.memories.load([Remembered(0, "cto", "s", "user", "old", "2026-01-01T00:00:00.000Z")])
    store.memories.load([Remembered(0, "cto", "s", "user", "new", "2026-03-01T00:00:00.000Z")])
    found = store.memories.since("cto", datetime(2026, 2, 1, tzinfo=UTC))
    assert [message.text for message in found] == ["new"]


def test_a_pinned_note_stays_until_it_is_unpinned(store: Store) -> None:
    """Clearing, pruning and trimming keep pinned notes; unpinned notes are forgotten like other messages."""
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


def test_clear_can_forget_pinned_notes_too(store: Store) -> None:
    """With ``everything``, clear forgets all messages of one agent, and none of others."""
    store.memories.pin("cto", "a")
    store.memories.pin("qa_engineer", "b")
    assert store.memories.clear("cto", everything=True) == 1
    assert [row.agent for row in store.memories.stats()] == ["qa_engineer"]


def test_unpinning_an_ordinary_message_is_an_error(store: Store) -> None:
    """Only a pinned note can be unpinned."""
    number = store.memories.add("cto", "s", "user", "hello")
    with pytest.raises(UnknownName):
        store.memories.unpin(number)


@QUICK
@given(messages=MESSAGES, keep=st.none() | st.integers(0, 5), months=st.none() | st.integers(1, 4))
def test_prune_forgets_exactly_what_it_says(messages: list[Remembered], keep: int | None, months: int | None) -> None:
    """Pruning forgets old messages except the newest and pinned ones of each agent; a dry run counts the same."""
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
    """A negative number of messages to keep is refused."""
    with pytest.raises(UsageError):
        store.memories.prune(keep_last=-1)


@QUICK
@given(messages=MESSAGES, most=st.integers(0, 12), size=st.integers(0, 400))
def test_trim_forgets_the_oldest_and_no_more_than_needed(messages: list[Remembered], most: int, size: int) -> None:
    """After trimming an agent is within its limits, or has only pinned notes; the oldest were forgotten."""
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
def test_stats_are_the_sums_of_the_messages(messages: list[Remembered]) -> None:
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
    """An export imported elsewhere is the same, including repeated texts; importing it again adds nothing."""
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


def test_an_import_adds_only_the_missing_repetitions(store: Store) -> None:
    """Of a text that was said twice at one moment and is stored once, one is added."""
    said = Remembered(0, "cto", "s", "user", "yes", "2026-01-01T00:00:00.000Z")
    assert store.memories.load([said]) == 1
    assert store.memories.load([said, said]) == 1
    assert store.memories.load([said, said, said._replace(agent="qa_engineer")]) == 1
    assert len(store.memories.recent("cto")) == 2


def test_the_export_of_one_agent_has_only_its_own(store: Store) -> None:
    """The export of one agent contains no messages of another."""
    for number in range(600):
        store.memories.add(("cto", "qa_engineer")[number % 2], "s", "user", str(number))
    assert [one.text for one in store.memories.export("cto")] == [str(number) for number in range(0, 600, 2)]


def test_memories_are_there_after_reopening(reopen: Callable[[], Store]) -> None:
    """Stored messages are there when the store is opened again."""
    with reopen() as first:
        number = first.memories.add("cto", "default", "user", "hello")
    with reopen() as again:
        assert [one.number for one in again.memories.recent("cto")] == [number]


def test_two_open_stores_see_each_others_messages(reopen: Callable[[], Store]) -> None:
    """Each of two open stores reads what the other has stored."""
    with reopen() as one, reopen() as other:
        one.memories.add("cto", "s", "user", "from one")
        other.memories.add("cto", "s", "user", "from the other")
        assert [message.text for message in one.memories.recent("cto")] == ["from one", "from the other"]


def test_numbers_are_never_used_again(store: Store) -> None:
    """A message stored after the newest was forgotten does not get its number."""
    gone = store.memories.add("cto", "s", "user", "one")
    store.memories.clear("cto")
    assert store.memories.add("cto", "s", "user", "two") > gone


def test_compact_returns_space_and_changes_nothing(store: Store) -> None:
    """After much was forgotten, compacting makes the file smaller and changes nothing else."""
    for number in range(200):
        store.memories.add("cto", "s", "user", f"{number} " + "words and more words " * 100)
    store.memories.prune(keep_last=5)
    before = list(store.memories.export())
    assert store.memories.compact() > 100_000
    assert list(store.memories.export()) == before
    store.check()
