"""A meeting that was interrupted: whether a process still holds it, and how to continue."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from agents.settings import Settings
from agents.store import Store
from agents.store.locks import lock_path
from tests.cli.conftest import Run

HOLD = """
import sys
from pathlib import Path
from agents.store.locks import acquired
with acquired(Path(sys.argv[1]), "The meeting"):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def held_elsewhere(meeting: str) -> Iterator[None]:
    """Another process holds the meeting."""
    path = lock_path(Settings.load().data_folder, meeting)
    command, pipe = [sys.executable, "-c", HOLD, str(path)], subprocess.PIPE
    with subprocess.Popen(command, text=True, stdin=pipe, stdout=pipe) as process:
        assert process.stdout
        assert process.stdout.readline() == "held\n"
        yield
        assert process.stdin
        process.stdin.close()


@pytest.fixture
def interrupted(serve: Run) -> str:
    """A meeting that a process left in the middle."""
    serve("meeting", "run", "decision", "-t", "Now or later?", "-q")
    found: str = listed(serve)["id"]
    with Store(Settings.load().data_folder) as store:
        store.meetings.set_status(found, "running")
    return found


def listed(run: Run) -> dict[str, Any]:
    """The only meeting, as ``meeting list --json`` has it."""
    [row] = json.loads(run("meeting", "list", "--json").out)
    assert isinstance(row, dict)
    return row


def status_of(run: Run, meeting: str) -> tuple[str, str]:
    """What ``meeting list`` and ``meeting show`` say about its status."""
    line = next(line for line in run("meeting", "list").out.splitlines() if line.startswith(meeting))
    shown = next(line for line in run("meeting", "show", meeting).out.splitlines() if line.startswith("status"))
    return line.split()[1], shown.split()[1]


def test_an_interrupted_meeting_has_stopped(run: Run, interrupted: str) -> None:
    """No process holds it: list and show say so, show how to continue; JSON keeps the status and says that none does."""
    assert status_of(run, interrupted) == ("stopped", "stopped")
    assert f"orchestrator meeting resume {interrupted}" in run("meeting", "show", "last").out
    shown = json.loads(run("meeting", "show", "last", "--json").out)
    assert (shown["status"], shown["held_now"]) == ("running", False)
    assert (listed(run)["status"], listed(run)["held_now"]) == ("running", False)


def test_a_meeting_that_is_held_runs(run: Run, interrupted: str) -> None:
    """While another process holds it, it is running and the user is not told to resume it; afterwards it has stopped."""
    with held_elsewhere(interrupted):
        assert status_of(run, interrupted) == ("running", "running")
        assert "meeting resume" not in run("meeting", "show", "last").out
        assert listed(run)["held_now"] is True
        assert json.loads(run("meeting", "show", "last", "--json").out)["held_now"] is True
    assert status_of(run, interrupted) == ("stopped", "stopped")


def test_looking_leaves_no_lock_behind(run: Run, interrupted: str) -> None:
    """Listing creates no lock, and the meeting can be resumed at once."""
    folder = Settings.load().data_folder / "locks"
    lock_path(Settings.load().data_folder, interrupted).unlink()
    before = sorted(folder.iterdir())
    run("meeting", "list")
    assert sorted(folder.iterdir()) == before
    assert run("meeting", "resume", "last", "-q").status == 0
    assert status_of(run, interrupted) == ("closed", "closed")
