"""Summaries of older conversation in the store."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given

from agents.memory import Remembered, Summary
from agents.memory.file import as_lines, from_lines
from agents.store import Store
from tests.store.histories import ANY_TEXT, MANY
from tests.store.test_memories import encodable


def said(store: Store, how_many: int, agent: str = "cto", session: str = "s") -> list[Remembered]:
    """Messages of a session, a minute apart."""
    start = datetime(2026, 1, 1, tzinfo=UTC)
    moments = [f"{start + timedelta(minutes=number):%Y-%m-%dT%H:%M}:00.000Z" for number in range(how_many)]
    store.memories.load(
        Remembered(0, agent, session, "user", f"{agent} {session} {number}", at) for number, at in enumerate(moments)
    )
    return store.memories.recent(agent, session, limit=how_many)


def over(messages: list[Remembered], text: str = "It was long.") -> Summary:
    """A summary of these messages."""
    first, last = messages[0], messages[-1]
    made = "2026-03-01T00:00:00.000Z"
    return Summary(first.agent, first.session, first.number, last.number, first.at, last.at, text, "m", made)


@MANY
@given(text=ANY_TEXT, model=ANY_TEXT)
def test_any_summary_comes_back_as_it_was_stored(store: Store, text: str, model: str) -> None:
    """Any text of any model is read back as it was stored."""
    talk = store.memories.recent("cto", "s") or said(store, 1)
    kept = replace(over(talk, text), model=model)
    assert store.summaries.add(kept)
    assert store.summaries.latest("cto", "s") == replace(kept, text=encodable(text), model=encodable(model))


def test_the_newest_summary_is_used(store: Store, reopen: Callable[[], Store]) -> None:
    """A later summary replaces an earlier one of the same session, also after reopening the store."""
    talk, other = said(store, 6), said(store, 2, session="t")
    short, long = over(talk[:2], "short"), over(talk[:4], "long")
    aside = replace(over(other, "aside"), at="2026-02-01T00:00:00.000Z")
    for one in (short, aside, long):
        assert store.summaries.add(one)
    with reopen() as again:
        assert again.summaries.latest("cto", "s") == long
        assert again.summaries.current("cto") == [aside, long]
        assert again.summaries.export() == [short, aside, long]
        assert again.summaries.export("qa_engineer") == []
        assert again.summaries.latest("cto", "nowhere") is None


def test_a_summary_of_cleared_messages_is_not_stored(store: Store) -> None:
    """A summary is stored only while its last message exists, in the same session of the same agent."""
    talk = said(store, 3)
    assert not store.summaries.add(replace(over(talk), agent="qa_engineer"))
    assert not store.summaries.add(replace(over(talk), session="t"))
    store.memories.clear("cto")
    assert not store.summaries.add(over(talk))
    assert store.summaries.export() == []


@pytest.mark.parametrize("everybody", [False, True])
def test_clearing_forgets_summaries_too(store: Store, everybody: bool) -> None:
    """Clearing deletes the summaries, also when the messages are gone already; other agents keep theirs."""
    for agent in ("cto", "qa_engineer"):
        assert store.summaries.add(over(said(store, 3, agent)))
    store.memories.prune(keep_last=0)
    assert (store.memories.clear_all() if everybody else store.memories.clear("cto")) == 0
    assert [one.agent for one in store.summaries.export()] == ([] if everybody else ["qa_engineer"])
    store.check()


def test_pruning_keeps_the_summary(store: Store) -> None:
    """When messages are forgotten by age, number or limit, their summary stays unchanged."""
    kept = over(said(store, 6)[:4])
    assert store.summaries.add(kept)
    store.memories.prune(keep_last=2)
    store.memories.trim("cto", messages=1, text_bytes=10**6)
    assert len(store.memories.recent("cto")) == 1
    assert store.summaries.latest("cto", "s") == kept


def test_a_session_keeps_its_newest_summaries_only(store: Store) -> None:
    """In a long session, only the few newest summaries are kept."""
    talk = said(store, 30)
    for number in range(1, 31):
        assert store.summaries.add(over(talk[:number], str(number)))
    texts = [one.text for one in store.summaries.export()]
    assert texts == [str(number) for number in range(31 - len(texts), 31)]
    assert 2 <= len(texts) <= 10


def test_recent_reads_between_two_numbers(store: Store) -> None:
    """The newest messages after one number and before another, both excluded."""
    talk = said(store, 10)
    found = store.memories.recent("cto", "s", after=talk[2].number, before=talk[8].number, limit=3)
    assert found == talk[5:8]
    assert store.memories.recent("cto", after=talk[7].number) == talk[8:]


@pytest.mark.parametrize("form", ["values", "lines"])
def test_summaries_are_imported_with_their_messages(store: Store, tmp_path: Path, form: str) -> None:
    """In another store, with other numbers, a summary covers the same messages; a second import adds nothing."""
    talk = said(store, 6)
    assert store.summaries.add(over(talk[1:4], "Ünïcode\nin two lines"))
    assert store.summaries.add(over(said(store, 2, "qa_engineer")))
    kept = store.summaries.export()
    read = [one for one in from_lines(as_lines(kept), "f") if isinstance(one, Summary)]
    given = kept if form == "values" else read
    with Store(tmp_path / "other") as other:
        said(other, 9, "data_engineer")
        other.memories.load(store.memories.export())
        assert other.summaries.load(given) == 2
        assert other.summaries.load(given) == 0
        there = other.memories.recent("cto", "s")
        assert other.summaries.latest("cto", "s") == over(there[1:4], "Ünïcode\nin two lines")
        other.check()


def test_an_imported_summary_of_forgotten_messages_covers_no_others(store: Store, tmp_path: Path) -> None:
    """When its messages were pruned before the export, the summary covers no messages in the new store."""
    talk = said(store, 6)
    assert store.summaries.add(over(talk[:4]))
    store.memories.prune(keep_last=2)
    with Store(tmp_path / "other") as other:
        other.memories.load(store.memories.export())
        other.summaries.load(store.summaries.export())
        found = other.summaries.latest("cto", "s")
        assert found
        assert (found.first, found.last, found.text) == (0, 0, "It was long.")
