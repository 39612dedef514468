"""``orchestrator memory``, as a user runs it."""

import io
import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from agents.cli.app import run_app
from agents.memory import Remembered
from agents.store import Store

if sys.platform != "win32":
    import pty

HISTORY = (
    Remembered(0, "cto", "default", "user", "Shall we roll back?", "2025-01-02T10:00:00.000Z", 5),
    Remembered(
        0, "cto", "default", "assistant", "Only with a rollback plan.\nIn two steps.", "2025-01-02T10:00:09.000Z", 9
    ),
    Remembered(0, "qa_engineer", "nightly", "user", "Who tests the rollback?", "2026-03-01T10:00:00.000Z", 6),
)


@dataclass(frozen=True)
class Said:
    """The result of a command: its exit status and what it printed."""

    status: int
    out: str
    err: str


class MemoryCommand:
    """Runs ``orchestrator memory`` in this process, on one data folder."""

    def __init__(self, data: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.data = data
        self.capsys = capsys

    def __call__(self, *words: object) -> Said:
        """Run one command."""
        self.capsys.readouterr()
        status = run_app(["--data-folder", str(self.data), "memory", *map(str, words)])
        captured = self.capsys.readouterr()
        return Said(status, captured.out, captured.err)

    def texts(self, agent: str | None = None) -> list[str]:
        """The stored texts."""
        with Store(self.data) as store:
            return [message.text for message in store.memories.export(agent)]


@pytest.fixture
def memory(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> MemoryCommand:
    """A data folder with a short history."""
    with Store(tmp_path / "data") as store:
        store.memories.load(HISTORY)
    return MemoryCommand(tmp_path / "data", capsys)


def test_stats_say_how_much_each_agent_remembers(memory: MemoryCommand) -> None:
    """Messages, tokens, bytes and last use of each agent, as a table or as JSON."""
    rows = json.loads(memory("stats", "--json").out)
    size = sum(len(message.text) for message in HISTORY[:2])
    assert rows[0] == {
        "agent": "cto", "messages": 2, "tokens": 14, "bytes": size, "last_used": "2025-01-02T10:00:09.000Z"
    }  # fmt: skip
    table = memory("stats").out.splitlines()
    assert table[0].split() == ["agent", "messages", "tokens", "bytes", "last", "used"]
    assert table[1].split() == ["cto", "2", "14", str(size), "2025-01-02T10:00"]


def test_an_empty_memory_is_reported_on_stderr(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An empty memory prints nothing on stdout."""
    memory = MemoryCommand(tmp_path / "empty", capsys)
    for words in (["stats"], ["show", "cto"], ["search", "plan"], ["export"]):
        said = memory(*words)
        assert (said.status, said.out) == (0, "")
    assert json.loads(memory("stats", "--json").out) == []


def test_show_has_the_newest_messages_and_the_speakers(memory: MemoryCommand) -> None:
    """Messages are shown oldest first with number, time, speaker and text."""
    said = memory("show", "cto", "--limit", 1)
    assert said.out.startswith("[2] 2025-01-02T10:00 ")
    assert "Only with a rollback plan.\nIn two steps." in said.out
    assert "Shall we" not in said.out
    [message] = json.loads(memory("show", "qa_engineer", "--json").out)
    assert (message["session"], message["text"]) == ("nightly", "Who tests the rollback?")


@pytest.mark.parametrize(("since", "found"), [("2025-01-01", 2), ("2025-06-01", 0), ("1h", 0), ("99y", 2)])
def test_show_since_leaves_out_older_messages(since: str, found: int, memory: MemoryCommand) -> None:
    """--since accepts a date or a time span back from now."""
    assert len(json.loads(memory("show", "cto", "--since", since, "--json").out)) == found


@pytest.mark.parametrize("wrong", ["soon", "", "12", "-3d", "2026-13-01", "999999y", "٣d"])
def test_an_invalid_time_is_a_usage_error(wrong: str, memory: MemoryCommand) -> None:
    """A text that is neither a time span nor a date is refused with examples of both."""
    said = memory("show", "cto", "--since", wrong)
    assert (said.status, said.out) == (2, "")
    assert "90d" in said.err


def test_an_unknown_agent_is_a_usage_error(memory: MemoryCommand) -> None:
    """The error for an unknown agent offers the nearest name."""
    said = memory("show", "ctoo")
    assert said.status == 2
    assert "cto" in said.err.splitlines()[1]


def test_search_shows_matches_in_brackets(memory: MemoryCommand) -> None:
    """Each line has number, time, agent and a snippet; --agent filters; finding nothing is not an error."""
    lines = memory("search", "rollback").out.splitlines()
    assert len(lines) == 2
    assert all("[rollback]" in line for line in lines)
    [found] = json.loads(memory("search", "rollback", "--agent", "qa_engineer", "--json").out)
    assert found["snippet"] == "Who tests the [rollback]?"
    assert memory("search", "zebra").status == 0
    assert memory("search", '"AND NEAR(').status == 0


def test_clear_without_a_terminal_needs_yes(memory: MemoryCommand) -> None:
    """Without a terminal to ask at, nothing is deleted without --yes."""
    said = memory("clear", "cto")
    assert said.status == 2
    assert "--yes" in said.err
    assert len(memory.texts()) == 3


@pytest.mark.parametrize("words", [[], ["cto", "--all"], ["cto", "--all", "--yes"], ["--yes"]])
def test_clear_needs_one_agent_or_all(words: list[str], memory: MemoryCommand) -> None:
    """Clear needs one agent or --all, and refuses none or both."""
    assert memory("clear", *words).status == 2
    assert len(memory.texts()) == 3


def test_clear_forgets_one_or_all_but_not_the_pinned(memory: MemoryCommand) -> None:
    """Pinned notes stay unless --pinned is given."""
    memory("pin", "cto", "frozen", "budget")
    assert "2 messages" in memory("clear", "cto", "--yes").err
    assert memory.texts() == ["Who tests the rollback?", "frozen budget"]
    assert "1 message forgotten" in memory("clear", "--all", "--yes").err
    assert memory.texts() == ["frozen budget"]
    memory("clear", "--all", "--pinned", "--yes")
    assert memory.texts() == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")
@pytest.mark.parametrize(("answer", "status", "left"), [("y\n", 0, 1), ("n\n", 1, 3), ("\n", 1, 3)])
def test_clear_asks_at_a_terminal(answer: str, status: int, left: int, memory: MemoryCommand) -> None:
    """Only a yes deletes."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "agents", "--data-folder", str(memory.data), "memory", "clear", "cto"]
    process = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs)
    os.write(ours, answer.encode())
    assert process.wait(60) == status
    os.close(theirs)
    os.close(ours)
    assert len(memory.texts()) == left


def test_prune_with_and_without_a_dry_run(memory: MemoryCommand) -> None:
    """A dry run counts what the same command without it forgets; age and number both limit it."""
    assert "2 messages would be forgotten" in memory("prune", "--older-than", "2026-01-01", "--dry-run").err
    assert len(memory.texts()) == 3
    assert "1 message forgotten" in memory("prune", "--older-than", "2026-01-01", "--keep-last", 1).err
    assert "1 message forgotten" in memory("prune", "--keep-last", 0, "--agent", "cto").err
    assert memory.texts() == ["Who tests the rollback?"]


@pytest.mark.parametrize("words", [[], ["--keep-last", "-1"], ["--older-than", "x"], ["--keep-last", "many"]])
def test_prune_needs_a_limit(words: list[str], memory: MemoryCommand) -> None:
    """Without a limit, or with an invalid one, nothing is forgotten."""
    assert memory("prune", *words).status == 2
    assert len(memory.texts()) == 3


def test_compact_says_how_many_bytes_it_freed(memory: MemoryCommand) -> None:
    """After much was forgotten, the number is large and the history is intact."""
    with Store(memory.data) as store:
        for _ in range(200):
            store.memories.add("cto", "s", "user", "many words of no consequence " * 50)
        store.memories.prune(keep_last=1)
    assert int(memory("compact").err.split()[0]) > 100_000
    assert len(memory.texts()) == 2


def test_pin_and_unpin(memory: MemoryCommand) -> None:
    """A pinned note can be unpinned once, by its number."""
    number = memory("pin", "cto", "Our budget is frozen.").err.split()[-1].rstrip(".")
    [note] = json.loads(memory("show", "cto", "--pinned", "--json").out)
    assert (str(note["number"]), note["text"], note["pinned"]) == (number, "Our budget is frozen.", True)
    assert memory("unpin", number).status == 0
    assert memory("unpin", number).status == 2
    assert memory("pin", "cto", "  ").status == 2
    assert memory("pin", "nobody", "x").status == 2


def test_what_is_exported_can_be_imported_elsewhere(memory: MemoryCommand, tmp_path: Path) -> None:
    """An export imported into an empty store gives the same history; importing it again changes nothing."""
    memory("pin", "cto", "Überall: 東京 🚀 \u2028 and \x85")
    file = tmp_path / "all.jsonl"
    file.write_text(memory("export").out, encoding="utf-8")
    other = MemoryCommand(tmp_path / "other", memory.capsys)
    assert "4 messages added, 0 already existed" in other("import", file).err
    assert "0 messages added, 4 already existed" in other("import", file).err
    assert other("export").out == memory("export").out


def test_the_export_of_one_agent_contains_no_other(memory: MemoryCommand) -> None:
    """No format of an agent's export contains a message of another agent."""
    for form in ("jsonl", "md"):
        said = memory("export", "cto", "--format", form).out
        assert "rollback plan" in said
        assert "Who tests" not in said
    assert memory("export", "--format", "xml").status == 2


def test_an_export_to_read_has_headings_and_quotes(memory: MemoryCommand) -> None:
    """Markdown has headings with the agent and the date, and quotes each line that was said."""
    lines = memory("export", "cto", "--format", "md").out.splitlines()
    assert lines[0].startswith("# ")
    assert "## 2025-01-02" in lines
    assert lines[-2:] == ["> In two steps.", ""]


def test_import_reads_standard_input(memory: MemoryCommand, monkeypatch: pytest.MonkeyPatch) -> None:
    """A dash reads standard input; a memory without a role is imported with a message."""
    line = json.dumps({"agent": "gone", "session": "s", "author": "user", "at": "2026-01-01T00:00:00Z", "text": "hi"})
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(line.encode())))
    said = memory("import", "-")
    assert "1 message added" in said.err
    assert "gone" in said.err.splitlines()[0]
    assert json.loads(memory("show", "gone", "--json").out)[0]["text"] == "hi"


def test_with_a_bad_line_nothing_is_imported(memory: MemoryCommand, tmp_path: Path) -> None:
    """The error names the file and line of the first mistake, and the good lines before it are not stored."""
    file = tmp_path / "bad.jsonl"
    file.write_text(memory("export").out.replace("default", "other") + "{}\n", encoding="utf-8")
    said = memory("import", file)
    assert said.status == 2
    assert f"{file}:4 is not a message" in said.err
    assert len(memory.texts()) == 3


@pytest.mark.parametrize("raw", [b"\xff\xfe", None])
def test_a_file_that_cannot_be_read_is_a_usage_error(raw: bytes | None, memory: MemoryCommand, tmp_path: Path) -> None:
    """A missing file and one that is not text are usage errors."""
    file = tmp_path / "odd.jsonl"
    if raw is not None:
        file.write_bytes(raw)
    said = memory("import", file)
    assert said.status == 2
    assert str(file) in said.err


def test_words_that_another_process_keeps_in_the_log_are_said(
    memory: MemoryCommand, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As long as somebody reads what was there, clear says so; afterwards compact removes every trace."""
    monkeypatch.setattr("agents.store.database.BUSY_SECONDS", 0.1)
    with Store(memory.data) as store:
        store.memories.add("cto", "default", "user", "the zeppelin lands")
        with closing(sqlite3.connect(store.database.path)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM messages").fetchall()
            cleared = memory("clear", "cto", "--yes")
            assert "still in the file's log" in cleared.err
            assert "orchestrator memory compact" in cleared.err
        memory("compact")
        assert not any(b"zeppelin" in one.read_bytes() for one in memory.data.glob("orchestrator.db*"))
    assert "log" not in memory("clear", "qa_engineer", "--yes").err
