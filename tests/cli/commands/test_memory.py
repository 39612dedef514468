"""``orchestrator memory``, as a person uses it."""

import io
import json
import os
import subprocess
import sys
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
    """What a command left: its exit status and what it printed."""

    status: int
    out: str
    err: str


class Desk:
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
        """What is stored."""
        with Store(self.data) as store:
            return [message.text for message in store.memories.export(agent)]


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    """A data folder with a short history."""
    with Store(tmp_path / "data") as store:
        store.memories.load(HISTORY)
    return Desk(tmp_path / "data", capsys)


def test_stats_say_how_much_each_agent_remembers(desk: Desk) -> None:
    """Messages, tokens, bytes and the last use of each agent, as a table or as JSON."""
    rows = json.loads(desk("stats", "--json").out)
    size = sum(len(message.text) for message in HISTORY[:2])
    assert rows[0] == {
        "agent": "cto", "messages": 2, "tokens": 14, "bytes": size, "last_used": "2025-01-02T10:00:09.000Z"
    }  # fmt: skip
    table = desk("stats").out.splitlines()
    assert table[0].split() == ["agent", "messages", "tokens", "bytes", "last", "used"]
    assert table[1].split() == ["cto", "2", "14", str(size), "2025-01-02T10:00"]


def test_nothing_remembered_is_said_on_stderr(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An empty memory prints no data."""
    desk = Desk(tmp_path / "empty", capsys)
    for words in (["stats"], ["show", "cto"], ["search", "plan"], ["export"]):
        said = desk(*words)
        assert (said.status, said.out) == (0, "")
    assert json.loads(desk("stats", "--json").out) == []


def test_show_gives_the_newest_and_names_the_speakers(desk: Desk) -> None:
    """Messages stand oldest first with number, time, speaker and text."""
    said = desk("show", "cto", "--limit", 1)
    assert said.out.startswith("[2] 2025-01-02T10:00 ")
    assert "Only with a rollback plan.\nIn two steps." in said.out
    assert "Shall we" not in said.out
    [message] = json.loads(desk("show", "qa_engineer", "--json").out)
    assert (message["session"], message["text"]) == ("nightly", "Who tests the rollback?")


@pytest.mark.parametrize(("since", "found"), [("2025-01-01", 2), ("2025-06-01", 0), ("1h", 0), ("99y", 2)])
def test_show_since_leaves_out_what_is_older(since: str, found: int, desk: Desk) -> None:
    """A day or a span back from now bounds what is shown."""
    assert len(json.loads(desk("show", "cto", "--since", since, "--json").out)) == found


@pytest.mark.parametrize("wrong", ["soon", "", "12", "-3d", "2026-13-01", "999999y", "٣d"])
def test_a_time_that_is_none_is_a_mistake_of_usage(wrong: str, desk: Desk) -> None:
    """What is neither a span nor a day is named, with what would be one."""
    said = desk("show", "cto", "--since", wrong)
    assert (said.status, said.out) == (2, "")
    assert "90d" in said.err


def test_an_agent_that_is_not_there_is_a_mistake_of_usage(desk: Desk) -> None:
    """A name near to an agent's is answered with that agent's."""
    said = desk("show", "ctoo")
    assert said.status == 2
    assert "cto" in said.err.splitlines()[1]


def test_search_shows_matches_in_brackets(desk: Desk) -> None:
    """Each line has number, time, agent and a snippet; --agent narrows; nothing found is not an error."""
    lines = desk("search", "rollback").out.splitlines()
    assert len(lines) == 2
    assert all("[rollback]" in line for line in lines)
    [found] = json.loads(desk("search", "rollback", "--agent", "qa_engineer", "--json").out)
    assert found["snippet"] == "Who tests the [rollback]?"
    assert desk("search", "zebra").status == 0
    assert desk("search", '"AND NEAR(').status == 0


def test_clear_without_a_terminal_needs_yes(desk: Desk) -> None:
    """Nothing is deleted unasked where nobody can be asked."""
    said = desk("clear", "cto")
    assert said.status == 2
    assert "--yes" in said.err
    assert len(desk.texts()) == 3


@pytest.mark.parametrize("words", [[], ["cto", "--all"], ["cto", "--all", "--yes"], ["--yes"]])
def test_clear_must_know_whose(words: list[str], desk: Desk) -> None:
    """One agent or all of them, not neither and not both."""
    assert desk("clear", *words).status == 2
    assert len(desk.texts()) == 3


def test_clear_forgets_one_or_all_but_not_the_pinned(desk: Desk) -> None:
    """Pinned notes stay unless they are asked for, too."""
    desk("pin", "cto", "frozen", "budget")
    assert "2 messages" in desk("clear", "cto", "--yes").err
    assert desk.texts() == ["Who tests the rollback?", "frozen budget"]
    assert "1 message forgotten" in desk("clear", "--all", "--yes").err
    assert desk.texts() == ["frozen budget"]
    desk("clear", "--all", "--pinned", "--yes")
    assert desk.texts() == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")
@pytest.mark.parametrize(("answer", "status", "left"), [("y\n", 0, 1), ("n\n", 1, 3), ("\n", 1, 3)])
def test_clear_asks_at_a_terminal(answer: str, status: int, left: int, desk: Desk) -> None:
    """Only a yes deletes."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "agents", "--data-folder", str(desk.data), "memory", "clear", "cto"]
    process = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs)
    os.write(ours, answer.encode())
    assert process.wait(60) == status
    os.close(theirs)
    os.close(ours)
    assert len(desk.texts()) == left


def test_prune_says_first_and_does_then(desk: Desk) -> None:
    """A dry run counts, the same without it forgets; age and number both bound it."""
    assert "2 messages would be forgotten" in desk("prune", "--older-than", "2026-01-01", "--dry-run").err
    assert len(desk.texts()) == 3
    assert "1 message forgotten" in desk("prune", "--older-than", "2026-01-01", "--keep-last", 1).err
    assert "1 message forgotten" in desk("prune", "--keep-last", 0, "--agent", "cto").err
    assert desk.texts() == ["Who tests the rollback?"]


@pytest.mark.parametrize("words", [[], ["--keep-last", "-1"], ["--older-than", "x"], ["--keep-last", "many"]])
def test_prune_must_know_what(words: list[str], desk: Desk) -> None:
    """Without a bound, or with one that makes no sense, nothing is forgotten."""
    assert desk("prune", *words).status == 2
    assert len(desk.texts()) == 3


def test_compact_says_how_many_bytes_it_won(desk: Desk) -> None:
    """After forgetting much, the number is large and the history whole."""
    with Store(desk.data) as store:
        for _ in range(200):
            store.memories.add("cto", "s", "user", "many words of no consequence " * 50)
        store.memories.prune(keep_last=1)
    assert int(desk("compact").err.split()[0]) > 100_000
    assert len(desk.texts()) == 2


def test_pin_and_unpin(desk: Desk) -> None:
    """A pinned note has a number, by which it is unpinned; once."""
    number = desk("pin", "cto", "Our budget is frozen.").err.split()[-1].rstrip(".")
    [note] = json.loads(desk("show", "cto", "--pinned", "--json").out)
    assert (str(note["number"]), note["text"], note["pinned"]) == (number, "Our budget is frozen.", True)
    assert desk("unpin", number).status == 0
    assert desk("unpin", number).status == 2
    assert desk("pin", "cto", "  ").status == 2
    assert desk("pin", "nobody", "x").status == 2


def test_what_is_exported_can_be_imported_elsewhere(desk: Desk, tmp_path: Path) -> None:
    """An export, imported into an empty store, is the same history; imported again it changes nothing."""
    desk("pin", "cto", "Überall: 東京 🚀 \u2028 and \x85")
    file = tmp_path / "all.jsonl"
    file.write_text(desk("export").out, encoding="utf-8")
    other = Desk(tmp_path / "other", desk.capsys)
    assert "4 messages added, 0 already there" in other("import", file).err
    assert "0 messages added, 4 already there" in other("import", file).err
    assert other("export").out == desk("export").out


def test_the_export_of_one_agent_holds_no_other(desk: Desk) -> None:
    """Neither format of an agent's export has a word of another agent's memory."""
    for form in ("jsonl", "md"):
        said = desk("export", "cto", "--format", form).out
        assert "rollback plan" in said
        assert "Who tests" not in said
    assert desk("export", "--format", "xml").status == 2


def test_an_export_to_read_has_headings_and_quotes(desk: Desk) -> None:
    """Markdown names the agent and the day, and quotes each line that was said."""
    lines = desk("export", "cto", "--format", "md").out.splitlines()
    assert lines[0].startswith("# ")
    assert "## 2025-01-02" in lines
    assert lines[-2:] == ["> In two steps.", ""]


def test_import_takes_standard_input(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A dash reads what is piped in, and a memory without a role is kept and told."""
    line = json.dumps({"agent": "gone", "session": "s", "author": "user", "at": "2026-01-01T00:00:00Z", "text": "hi"})
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(line.encode())))
    said = desk("import", "-")
    assert "1 message added" in said.err
    assert "gone" in said.err.splitlines()[0]
    assert json.loads(desk("show", "gone", "--json").out)[0]["text"] == "hi"


def test_a_bad_line_is_named_and_nothing_is_imported(desk: Desk, tmp_path: Path) -> None:
    """File and line of the first mistake are told, and the good lines before it are not kept."""
    file = tmp_path / "bad.jsonl"
    file.write_text(desk("export").out.replace("default", "other") + "{}\n", encoding="utf-8")
    said = desk("import", file)
    assert said.status == 2
    assert f"{file}:4 is not a message" in said.err
    assert len(desk.texts()) == 3


@pytest.mark.parametrize("raw", [b"\xff\xfe", None])
def test_a_file_that_cannot_be_read_is_named(raw: bytes | None, desk: Desk, tmp_path: Path) -> None:
    """A missing file and one that is not text are mistakes of usage."""
    file = tmp_path / "odd.jsonl"
    if raw is not None:
        file.write_bytes(raw)
    said = desk("import", file)
    assert said.status == 2
    assert str(file) in said.err
