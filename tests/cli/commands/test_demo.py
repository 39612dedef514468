"""``demo``: from the list of agents to minutes, in steps that the user can leave and continue later."""

import json
import os
import pty
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.cli.place import ORCHESTRATOR

STEPS = 7


@pytest.fixture(autouse=True)
def no_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """No Ollama answers."""
    monkeypatch.setenv("OLLAMA_BASE_URL", "http://127.0.0.1:9")


def test_the_tour_shows_everything_and_prints_the_minutes(run: Run) -> None:
    """Without a terminal it does not stop: seven steps on stderr, the minutes alone on stdout, all of it stored."""
    ran = run("demo")
    assert ran.status == 0
    assert ran.err.count("Using the rehearsal model instead.") == 1
    assert [line[:2] for line in ran.err.splitlines() if line[1:2] == "." and line[0].isdigit()] == [
        f"{number}." for number in range(1, STEPS + 1)
    ]
    assert ran.out.startswith("# Architecture review, ")
    assert "session_store_proposal.md" in ran.out
    assert [row["status"] for row in json.loads(run("meeting", "list", "--json").out)] == ["closed"]
    assert "A1" in ran.err
    assert "(found there)" in ran.err


def test_a_step_can_be_begun_with(run: Run) -> None:
    """From a later step on, the meeting that was held is used again; its minutes are stdout all the same."""
    first = run("demo", "--from", "4", "--fast")
    later = run("demo", "--from", "5")
    assert first.out == later.out
    assert "1. " not in later.err.split("5. Its minutes")[0]
    assert len(json.loads(run("meeting", "list", "--json").out)) == 1


def test_a_later_step_holds_the_meeting_where_there_is_none(run: Run) -> None:
    """A user who begins with the actions still gets a meeting for them."""
    ran = run("demo", "--from", "6")
    assert ran.status == 0
    assert ran.out.count("# Architecture review, ") >= 1
    assert "A1" in ran.err


def test_a_step_that_is_not_there_is_refused(run: Run) -> None:
    """Eight is one too many."""
    assert run("demo", "--from", "8").status == 2


def test_quietly_it_is_the_minutes_alone(run: Run) -> None:
    """With --quiet stderr has only the line about the model."""
    ran = run("--model", "rehearsal", "demo", "--quiet")
    assert ran.out.startswith("# Architecture review, ")
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
