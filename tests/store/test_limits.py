"""The limits of what an agent remembers."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.log import Log
from agents.memory import HistoryLimits, Remembered
from agents.store import Store


def totals(store: Store, agent: str) -> tuple[int, int]:
    """Messages and bytes of an agent."""
    own = list(store.memories.export(agent))
    return len(own), sum(len(one.text.encode()) for one in own)


def test_at_its_limit_an_agent_forgets_the_oldest(tmp_path: Path) -> None:
    """Above the maximum number the oldest messages are forgotten, never pinned ones or those of other agents."""
    with Store(tmp_path, HistoryLimits(messages=40, text_bytes=10**9)) as store:
        note = store.memories.pin("cto", "frozen")
        for _ in range(30):
            store.memories.add("qa_engineer", "s", "user", "x")
        for number in range(100):
            store.memories.add("cto", "s", "user", str(number))
            assert totals(store, "cto")[0] <= 40
        texts = [message.text for message in store.memories.export("cto")]
        assert texts[0] == "frozen"
        assert texts[1:] == [str(number) for number in range(101 - len(texts), 100)]
        assert len(texts) >= 38
        assert store.memories.pinned("cto")[0].number == note
        assert totals(store, "qa_engineer")[0] == 30
        store.check()


@settings(max_examples=20, deadline=None)
@given(
    sizes=st.lists(st.integers(0, 300), min_size=1, max_size=25),
    pins=st.sets(st.integers(0, 24)),
    most=st.integers(1, 500),
)
def test_bytes_are_limited_too(
    sizes: list[int], pins: set[int], most: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """With messages of any length, an agent stays within its bytes, except for pinned messages and the newest one."""
    with Store(tmp_path_factory.mktemp("limits"), HistoryLimits(messages=10**6, text_bytes=most)) as store:
        for place, size in enumerate(sizes):
            number = store.memories.add("cto", "s", "user", "ü" * (size // 2), pinned=place in pins)
            own = list(store.memories.export("cto"))
            assert own[-1].number == number
            spared = [one for one in own if one.pinned or one.number == number]
            assert totals(store, "cto")[1] <= most or own == spared
        assert len(store.memories.pinned("cto")) == len(pins & set(range(len(sizes))))
        store.check()


def test_an_import_keeps_within_the_limits(tmp_path: Path) -> None:
    """Importing more than an agent may remember keeps the newest messages."""
    with Store(tmp_path, HistoryLimits(messages=20, text_bytes=10**9)) as store:
        messages = [Remembered(0, "cto", "s", "user", str(n), f"2026-01-01T00:00:00.{n:03}Z") for n in range(50)]
        assert store.memories.load(messages) == 50
        texts = [message.text for message in store.memories.export()]
        assert texts == [str(number) for number in range(50 - len(texts), 50)]
        assert 15 <= len(texts) <= 20


def test_reaching_a_limit_is_logged_without_a_word_of_what_was_said(tmp_path: Path) -> None:
    """The log names the agent, the number of forgotten messages and the limits."""
    log = Log(tmp_path / "logs")
    with Store(tmp_path / "data", HistoryLimits(messages=3, text_bytes=10**6), log) as store:
        for _ in range(4):
            store.memories.add("cto", "s", "user", "xylophone")
    [line] = (tmp_path / "logs" / "orchestrator.log").read_text().splitlines()
    entry = json.loads(line)
    assert (entry["event"], entry["agent"], entry["forgotten"]) == ("memory limit reached", "cto", 2)
    assert (entry["most_messages"], entry["most_bytes"]) == (3, 10**6)
    assert "xylophone" not in line
