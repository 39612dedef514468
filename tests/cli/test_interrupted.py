"""Ctrl-C while a command computes, reads or writes: it ends at once, with 130."""

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from agents.memory import Remembered
from agents.store import Store
from tests.drill import DRILL, rounds

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs the signal of Ctrl-C")

LOADING = """
import sys
from agents import __main__
class Dropped:
    def __del__(self):
        raise KeyboardInterrupt
def run(arguments):
    Dropped()
    for _ in range(10**9):
        pass
    return 0
import agents.cli
agents.cli.run = run
__main__.main()
"""
IDLE = "import time; print('idle', flush=True); time.sleep(60)"
LINES = "The ledger keeps every invoice until the auditor has read it, or 3 months are over.\n" * 10_000

STATES = {
    "one word": ("ask", "cto", "a" * 40_000),
    "a long document": ("ask", "cto", "Shall we?", "-a", "long.md"),
    "several agents": ("consult", "auto", "Shall we keep passwords in a table?", "-a", "long.md"),
    "a meeting": ("meeting", "run", "decision", "-t", "Shall we?", "-a", "long.md"),
    "compact": ("memory", "compact"),
    "backup": ("backup",),
}

MAKING = """
import selectors, signal
from agents import __main__
class Selector(selectors.DefaultSelector):
    def __init__(self):
        signal.raise_signal(signal.SIGINT)
        super().__init__()
selectors.DefaultSelector = Selector
import sys
sys.argv[1:] = ["--model", "rehearsal", "ask", "cto", "Why?"]
__main__.main()
"""


def ended(command: list[str], folder: Path, after: float) -> tuple[int, float, str]:
    """Run a command and press Ctrl-C after this time: its status, how long it took to end, and what it printed."""
    with subprocess.Popen(
        command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        time.sleep(after)
        pressed = time.monotonic()
        process.send_signal(2)
        try:
            status = process.wait(30)
        finally:
            process.kill()
        took = time.monotonic() - pressed
        return status, took, process.stdout.read() if process.stdout else ""


def fill(folder: Path) -> None:
    """Store enough that compacting and copying it take a while."""
    chance = random.Random(1)  # noqa: S311 - words, no secret
    words = [f"word{number}" for number in range(5000)]
    with Store(folder) as store:
        store.memories.load(
            Remembered(0, "cto", "default", "user", " ".join(chance.choices(words, k=100)), f"2026-01-01T00:00:00.{n:03}Z")
            for n in range(rounds(500, drill=5000))
        )  # fmt: skip


@pytest.mark.parametrize("state", STATES)
def test_a_command_ends_as_fast_as_an_idle_one(state: str, tmp_path: Path) -> None:
    """However much it has to do, a command ends with 130 within a moment, and its next run works."""
    (tmp_path / "long.md").write_text(LINES)
    fill(Path(os.environ["AGENTS_DATA_FOLDER"]))
    idle = ended([sys.executable, "-c", IDLE], tmp_path, 0.5)[1]
    program = [sys.executable, "-m", "agents", "--model", "rehearsal"]
    began = time.monotonic()
    subprocess.run([*program, "memory", "stats"], cwd=tmp_path, capture_output=True, check=True)
    start = time.monotonic() - began
    for moment in range(rounds(1, drill=20)):
        chance = random.Random(moment)  # noqa: S311 - a moment, no secret
        status, took, said = ended([*program, *STATES[state]], tmp_path, start * (1 + chance.random()))
        assert status in {130, 0}, said
        assert "Traceback" not in said
        assert took < idle + (0.3 if DRILL else 2.0), said


def test_what_python_drops_is_pressed_again(tmp_path: Path) -> None:
    """A Ctrl-C that arrives where Python can only ignore it, such as at the end of an object, still ends the program."""
    done = subprocess.run([sys.executable, "-c", LOADING], cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.returncode == 130
    assert "ignored" not in done.stderr


def test_a_loop_is_made_whole(tmp_path: Path) -> None:
    """A Ctrl-C that arrives while the event loop is being made ends the program without a report of its parts."""
    done = subprocess.run([sys.executable, "-c", MAKING], cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.returncode == 130
    assert "ignored" not in done.stderr
