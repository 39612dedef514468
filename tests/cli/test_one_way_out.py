"""Everything that is printed or written goes through one module, which takes out what would command a terminal."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from agents.memory.file import from_lines
from agents.orchestrator import AgentOrchestrator
from agents.store.actions import NewAction
from agents.text import is_text
from tests.cli.conftest import Run
from tests.inputs import ROOT

CLI = ROOT / "agents" / "cli"
ONE_WAY = "terminal/output.py"

WRITES = {"echo", "secho", "print", "write", "writelines", "write_text", "write_bytes", "Console", "fdopen", "open"}
"""The names of functions and methods that print or write."""

OTHERS = {
    "app.py": "the first help, into the formatter whose text Typer prints",
    "crash_report.py": "lines and names of classes, in ASCII",
    "interactive/prompt.py": "creates the file of typed lines, empty",
    "shell_completion.py": "reads a file",
    "terminal/answer_stream.py": "pieces of an answer, each made harmless, and the line that is shown while it waits",
    "terminal/caller_files.py": "bytes for the script that called this in a container, and those that it handed over",
    "terminal/download.py": "a bar, with the server's words on one line",
    "terminal/live_meeting.py": "frames of widgets whose texts are made harmless",
    "terminal/streams.py": "the streams themselves",
}
"""Modules that write in another way, and what they write."""

FORMS = {"stdout", "stderr"}
EVIL = "Call \x1b]0;owned\x07 the \x1b[2J QA \x9b31m\u202eteam\u200b now"


def writes(file: Path) -> Iterator[str]:
    """The calls in a file that print or write, as ``name:line``."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            called = node.func
            name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            whose = ast.unparse(called.value) if isinstance(called, ast.Attribute) else ""
            if name == "write" and whose in {"", "run_meeting"}:
                continue  # a function of ours
            if name in WRITES and whose != "webbrowser" and not _reads(node, name):
                yield f"{name}:{node.lineno}"
        elif isinstance(node, ast.Attribute) and ast.unparse(node) in {"sys.stdout.buffer", "sys.stderr.buffer"}:
            yield f"buffer:{node.lineno}"


def _reads(call: ast.Call, name: str) -> bool:
    """Whether a call of ``open`` only reads."""
    modes = [
        one.value for one in (*call.args, *(word.value for word in call.keywords)) if isinstance(one, ast.Constant)
    ]
    return name == "open" and not any(isinstance(mode, str) and re.fullmatch(r"[wax]b?\+?", mode) for mode in modes)


def test_nothing_is_written_past_the_one_way_out() -> None:
    """No module of the command line prints or writes by itself, except those that are named with what they write."""
    found = {
        path.relative_to(CLI).as_posix(): list(writes(path))
        for path in CLI.rglob("*.py")
        if path.relative_to(CLI).as_posix() != ONE_WAY
    }
    binary = {"commands/backup.py"}  # a backup as a stream of bytes, which is refused on a terminal
    past = {name: calls for name, calls in found.items() if calls and name not in {*OTHERS, *binary}}
    assert past == {}
    assert {call.split(":")[0] for call in found["commands/backup.py"]} == {"buffer"}
    assert set(OTHERS) - {name for name, calls in found.items() if calls} <= {
        "interactive/prompt.py",
        "shell_completion.py",
    }


@pytest.fixture
def hostile() -> None:
    """Histories in which every text would command a terminal."""
    with AgentOrchestrator(model="rehearsal") as orchestrator:
        for author in ("user", "assistant"):
            orchestrator.memories.add("cto", "default", author, EVIL)
        orchestrator.memories.pin("cto", EVIL)
        orchestrator.actions.add(NewAction(
            meeting="m", key="k", series=EVIL, topic=f"\u200b=cmd|{EVIL}", task=EVIL, owner=EVIL, due=None,
            due_text=EVIL, turn="T1", quote=EVIL, verified=True,
        ))  # fmt: skip


@pytest.mark.usefixtures("hostile")
@pytest.mark.parametrize(
    "command",
    [
        ("memory", "export"),
        ("memory", "export", "--format", "md"),
        ("memory", "show", "cto"),
        ("memory", "search", "team"),
        ("memory", "stats", "--json"),
        ("actions", "export"),
        ("actions", "export", "-f", "json"),
        ("actions", "list"),
        ("actions", "list", "--json"),
        ("actions", "show", "A1"),
    ],
    ids=" ".join,
)
def test_no_output_commands_the_terminal(run: Run, command: tuple[str, ...], tmp_path: Path) -> None:
    """Neither on stdout nor in a file: escape sequences, turned letters and hidden signs are out, or escaped in JSON."""
    done = run(*command)
    written = done.out
    if command[:2] == ("actions", "export"):
        run(*command, "-o", str(tmp_path / "out"))
        assert (tmp_path / "out").read_bytes().decode() == written
    assert [char for char in written.replace("\r\n", "\n") if not is_text(char)] == []
    assert not re.search(r'(^|,)"?[=+@]', written, re.M)


@pytest.mark.usefixtures("hostile")
def test_an_export_of_memories_keeps_every_sign(run: Run) -> None:
    """Escaped in JSON, nothing is lost: an import has the same words."""
    lines = run("memory", "export").out.splitlines()
    assert {one.text for one in from_lines(lines, "export")} == {EVIL}
    assert all(json.loads(line) for line in lines)
