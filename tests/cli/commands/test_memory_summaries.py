"""Summaries of older conversation, as ``orchestrator memory`` shows, exports and imports them."""

import json
from pathlib import Path

import pytest

from agents.memory import Summary
from agents.store import Store
from tests.cli.commands.test_memory import HISTORY, MemoryCommand


@pytest.fixture
def memory(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> MemoryCommand:
    """A data folder with a short history."""
    with Store(tmp_path / "data") as store:
        store.memories.load(HISTORY)
    return MemoryCommand(tmp_path / "data", capsys)


def summed_up(memory: MemoryCommand, text: str, session: str = "default") -> None:
    """Store a summary of the CTO's two messages, or of two in another session."""
    with Store(memory.data) as store:
        if session != "default":
            store.memories.load(message._replace(session=session) for message in HISTORY[:2])
        first, last = store.memories.recent("cto", session)
        made = "2026-01-02T10:00:00.000Z"
        kept = Summary("cto", session, first.number, last.number, first.at, last.at, text, "ollama:llama3.2", made)
        assert store.summaries.add(kept)


def test_show_has_the_summary_of_older_conversation(memory: MemoryCommand) -> None:
    """One line says what was summed up, by which model, without anything a terminal would obey; JSON has messages
    only.
    """
    summed_up(memory, "They want\n\x1b]0;evil\x07 a \x9b31mplan.")
    said = memory("show", "cto", "--limit", 1)
    assert said.out.splitlines()[0] == "summary of 1-2 (ollama:llama3.2): They want ]0;evil a 31mplan."
    assert "In two steps." in said.out
    assert [one["author"] for one in json.loads(memory("show", "cto", "--json").out)] == ["user", "assistant"]
    assert "summary" not in memory("show", "cto", "--pinned").out
    assert "summary" not in memory("show", "cto", "--since", "2025-06-01").out
    summed_up(memory, "Aside.", "nightly")
    assert "summary of 4-5, nightly (ollama:llama3.2): Aside." in memory("show", "cto").out.splitlines()
    memory("prune", "--keep-last", 0)
    pruned = memory("show", "cto")
    assert "summary of 1-2" in pruned.out
    assert "remembers nothing" not in pruned.err
    memory("clear", "--all", "--yes")
    assert memory("show", "cto").out == ""


def test_a_summary_is_exported_and_imported_with_its_messages(memory: MemoryCommand, tmp_path: Path) -> None:
    """A summary is imported once, covers the same messages, and is only in the export of its own agent."""
    summed_up(memory, "They want a plan. 東京")
    assert "summary" not in memory("export", "qa_engineer").out
    file = tmp_path / "all.jsonl"
    file.write_text(memory("export", "cto").out, encoding="utf-8")
    other = MemoryCommand(tmp_path / "other", memory.capsys)
    assert other("import", file).err.splitlines() == [
        "2 messages added, 0 already existed.",
        "1 summary of older messages added.",
    ]
    assert other("import", file).err.splitlines() == ["0 messages added, 2 already existed."]
    assert other("export").out == memory("export", "cto").out
    assert other("show", "cto").out.startswith("summary of 1-2 (ollama:llama3.2): They want a plan. 東京")
