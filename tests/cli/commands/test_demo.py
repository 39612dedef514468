"""``demo``: from the list of agents to minutes, in steps that the user can leave and continue later."""

import json
import os
import pty
import re
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

from agents.settings import Settings
from agents.store import Store
from tests.cli.conftest import Run
from tests.cli.place import ORCHESTRATOR
from tests.cli.pty.terminals import CTRL_C, Terminal

STEPS = 7
MOST_SECONDS = 15


@pytest.fixture(autouse=True)
def no_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """No Ollama answers."""
    monkeypatch.setenv("OLLAMA_BASE_URL", "http://127.0.0.1:9")


def test_the_tour_shows_everything_and_prints_the_minutes(run: Run) -> None:
    """Without a terminal it does not stop: seven steps on stderr, the minutes alone on stdout, all of it stored."""
    began = time.monotonic()
    ran = run("demo")
    assert time.monotonic() - began < MOST_SECONDS
    assert ran.status == 0
    assert ran.err.count("Using the rehearsal model instead.") == 1
    assert [line[:2] for line in ran.err.splitlines() if line[1:2] == "." and line[0].isdecimal()] == [
        f"{number}." for number in range(1, STEPS + 1)
    ]
    assert "session_store_proposal.md:" in ran.err.split("4. A checklist")[1].split("5. A recorded")[0]
    assert "(found there)" in ran.err
    assert "Architecture review (recorded), " in ran.out.split("\n")[2]
    assert [row["status"] for row in json.loads(run("meeting", "list", "--json").out)] == ["closed"] * 2


def test_the_recorded_meeting_is_marked_and_enters_nothing(run: Run) -> None:
    """Title, minutes and list say with what it was recorded and when; no action is entered, and no agent remembers it."""
    out = run("demo", "--from", "5").out
    note = next(line for line in out.splitlines() if line.startswith("- Recorded with "))
    assert re.search(r" on 20\d\d-\d\d-\d\d, and read from a file", note)
    assert "**Decision:** " in out
    [row] = json.loads(run("meeting", "list", "--json").out)
    assert row["title"].startswith("Recorded with ")
    assert run("actions", "list", "--all", "--json").out.strip() in {"", "[]"}
    with Store(Settings.load().data_folder) as store:
        assert not any(store.memories.recent(role) for role in ("solutions_architect", "security_engineer"))
    assert run("meeting", "minutes", row["id"]).out == out
    assert "[T1] " in run("meeting", "replay", row["id"]).out


def test_a_step_can_be_begun_with(run: Run) -> None:
    """From a later step on, the recorded meeting is there once; its minutes are stdout all the same."""
    first = run("demo", "--from", "5", "--fast")
    later = run("demo", "--from", "6")
    assert first.out == later.out
    assert "1. The agents" not in later.err
    assert len(json.loads(run("meeting", "list", "--json").out)) == 1


def test_a_step_that_is_not_there_is_refused(run: Run) -> None:
    """Eight is one too many."""
    assert run("demo", "--from", "8").status == 2


def test_quietly_it_is_the_minutes_alone(run: Run) -> None:
    """With --quiet nothing but the minutes of the recorded meeting is printed."""
    ran = run("--model", "rehearsal", "demo", "--quiet")
    assert "Architecture review (recorded), " in ran.out.split("\n")[2]
    assert ran.err == ""


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")
def test_on_a_terminal_it_waits_between_the_steps_and_can_be_left() -> None:
    """Enter continues, q leaves and says how to continue later."""
    ours, theirs = pty.openpty()
    program = subprocess.Popen([*ORCHESTRATOR, "demo"], stdin=theirs, stdout=subprocess.PIPE, stderr=theirs)
    os.close(theirs)
    shown = wait_for(ours, "Press Enter for step 2 of 7")
    assert "1. The agents" in shown
    os.write(ours, b"\n")
    wait_for(ours, "Press Enter for step 3 of 7")
    os.write(ours, b"q\n")
    wait_for(ours, "orchestrator demo --from 3")
    out, _ = program.communicate(timeout=30)
    os.close(ours)
    assert (program.returncode, out) == (0, b"")


def wait_for(terminal: int, words: str) -> str:
    """Read a terminal until it shows these words."""
    shown, end = "", time.monotonic() + 60
    while words not in shown:
        assert time.monotonic() < end, shown
        if select.select([terminal], [], [], 1)[0]:
            shown += os.read(terminal, 4096).decode()
    return shown


def test_the_document_is_part_of_the_package(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The tour finds its document from any folder."""
    monkeypatch.chdir(tmp_path)
    assert run("--model", "rehearsal", "demo", "--from", "4").status == 0


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")
def test_on_a_terminal_the_meeting_is_played_and_can_be_left_for_its_minutes() -> None:
    """The live view shows words as they were said; Ctrl-C goes on to the minutes and to the next step."""
    with Terminal([*ORCHESTRATOR, "demo", "--from", "5"], rows=30, columns=100) as terminal:
        terminal.wait("Recorded with ", terminal.everything)
        terminal.wait(r"(?m)^> \S.*  \w+ \w+")
        terminal.send(CTRL_C)
        terminal.wait("Press Enter for step 6 of 7", terminal.everything)
        terminal.line("q")
        assert terminal.status() == 0
        assert "Traceback" not in terminal.everything()
        assert terminal.mode() == terminal.before
