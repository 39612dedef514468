"""Ctrl-C at any moment of a meeting."""

import random
import re
import subprocess
import time
from collections.abc import Iterator

import pytest

from agents.store import Store
from tests.cli.pty.conftest import Start
from tests.cli.pty.terminals import CTRL_C, SERVED
from tests.drill import rounds
from tests.ollama_double import OllamaDouble

MOMENTS = rounds(4, drill=100)
MEETING = (
    "meeting",
    "run",
    "decision",
    "-t",
    "Shall we keep the monolith?",
    "--agents",
    "cto,qa_engineer,data_engineer",
)
LINES = 18
"""About how many lines such a meeting prints while it is held."""


def minutes_of(*arguments: str) -> str:
    """The minutes a command prints, without what differs from run to run."""
    ran = subprocess.run([*SERVED, *arguments, "-q"], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    return re.sub(r"- Meeting: .*|\d+ answers, .*", "", ran.stdout)


@pytest.fixture(scope="module")
def server() -> Iterator[OllamaDouble]:
    """One Ollama server for all moments."""
    with OllamaDouble() as double:
        yield double


@pytest.fixture(autouse=True)
def served(server: OllamaDouble, monkeypatch: pytest.MonkeyPatch) -> None:
    """The program finds the server."""
    monkeypatch.setenv("OLLAMA_BASE_URL", server.url)


@pytest.fixture(scope="module")
def uninterrupted(server: OllamaDouble, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The minutes of the meeting when nobody stops it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AGENTS_DATA_FOLDER", str(tmp_path_factory.mktemp("whole")))
        patch.setenv("OLLAMA_BASE_URL", server.url)
        patch.setenv("CONTROL_BALLOTS", "never")
        return minutes_of(*MEETING)


@pytest.mark.parametrize("moment", range(MOMENTS))
def test_ctrl_c_at_any_moment_keeps_finished_turns_and_resume_does_the_rest(
    start: Start, uninterrupted: str, store: Store, moment: int
) -> None:
    """The exit status is 130, every turn that was shown is stored, and resuming leaves the minutes of a whole run."""
    chance = random.Random(moment)  # noqa: S311 - a moment, no secret
    plain = chance.random() < 0.5
    wanted, late = chance.randrange(1, LINES), chance.random() / 20
    terminal = start(*MEETING, *(["--plain"] if plain else []), rows=50, columns=120, program=SERVED)
    terminal.wait(lambda: len(told(terminal.everything())) >= wanted or terminal.process.poll() is not None)
    time.sleep(late)  # the moment is between two lines
    terminal.send(CTRL_C)
    status = terminal.status()
    shown = terminal.everything()
    assert "Traceback" not in shown
    assert terminal.mode() == terminal.before
    [row] = store.meetings.list()
    assert status == 130 or (status == 0 and row.status == "closed"), shown
    turns = {event.data["id"] for event in store.meetings.journal(row.id).events() if event.kind == "turn"}
    seen = set(re.findall(r"(?m)^ {4}(T\d+) ", shown))
    assert seen <= turns
    stated = [line for line in told(shown) if re.search(r"\[(?:for|against|undecided)[^\]]*\]", line)]
    assert len(stated) <= len(turns)
    if status == 130 and row.status == "running":
        assert f"orchestrator meeting resume {row.id}" in " ".join(shown.split())
    assert minutes_of("meeting", "resume", "last") == uninterrupted
    kept = {event.data["id"]: event for event in store.meetings.journal(row.id).events() if event.kind == "turn"}
    assert turns <= set(kept)


def told(text: str) -> list[str]:
    """The lines that say what happened in the meeting."""
    return re.findall(r"(?m)^(?:Topic \d|  ).*", text.split("\nDecision: ")[0])
