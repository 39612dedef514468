"""orchestrator.bat under Wine with the real engine: it does the same as orchestrator.sh."""

import json
import os

import pytest

from tests.containers.stack import Stack
from tests.scripts.windows.relay import Relay
from tests.scripts.windows.wine import Wine, windows


class Windows:
    """Wine with a docker.exe and a tar.exe that start the real programs."""

    def __init__(self, wine: Wine, stack: Stack) -> None:
        self.wine = wine
        self.relay = Relay({**os.environ, **stack.settings})
        self.settings = {**stack.settings, "RELAY_PORT": str(self.relay.port)}
        self.settings |= {"ORCHESTRATOR_BACKUPS": windows(stack.backups), "WINEPATH": windows(wine.tools)}

    def must(self, *words: str, status: int = 0) -> str:
        """Run orchestrator.bat; gives its standard output, and fails the test where the status differs."""
        done = self.wine.run(*words, **self.settings)
        assert done.returncode == status, f"{words} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}"
        return done.stdout


@pytest.fixture
def bat(wine: Wine, stack: Stack) -> Windows:
    """orchestrator.bat with the running stack."""
    return Windows(wine, stack)


def test_it_starts_works_and_stops(bat: Windows) -> None:
    """stop, start, status, run, version, logs and demo do the same as in orchestrator.sh, with the same exit codes."""
    bat.must("stop")
    bat.must("status", status=3)
    bat.must("demo", status=3)
    bat.must("start", "--no-pull")
    assert "running, healthy" in bat.must("status")
    facts = json.loads(bat.must("status", "--json"))
    assert (facts["health"], facts["service"]["agents"] >= 29) == ("healthy", True)
    assert "29 agents" in bat.must("run", "agents", "list")
    assert bat.must("version").startswith("orchestrator ")
    assert "Listening" in bat.must("logs", "--tail", "20")
    assert "(recorded)" in bat.must("demo", "--quiet")
    bat.must("run", "bogus", status=2)
    bat.must("cleanup", status=2)


def test_its_backups_come_back(bat: Windows, stack: Stack) -> None:
    """A backup is verified, restored and undone completely, and refused if it is damaged."""
    first = stack.fill()
    made = stack.backups / bat.must("backup", "--keep", "5").strip().rsplit("\\", 1)[-1]
    assert (made / "manifest.json").is_file()
    stack.must("backup", "verify", str(made))
    bat.must("backup", "verify", made.name)
    assert made.name in bat.must("backup", "list")
    second = stack.fill()
    bat.must("restore", made.name, status=2)
    bat.must("restore", made.name, "--check")
    assert stack.digest() == second
    bat.must("restore", made.name, "--yes")
    assert stack.digest() == first
    bat.must("restore", "--undo", "--yes")
    assert stack.digest() == second
    damaged = made / "agent_memories.tar.gz"
    damaged.write_bytes(damaged.read_bytes()[:-9])
    bat.must("restore", made.name, "--yes", status=5)
    assert stack.digest() == second


def test_arguments_arrive_unchanged(bat: Windows) -> None:
    """Arguments with spaces, ampersands and parentheses reach the program unchanged."""
    bat.must("run", "ask", "cto", "Is this & that (both) 100 sound?", "--session", "from windows")
    asked = bat.relay.asked[-1]
    assert asked[-4:] == ["cto", "Is this & that (both) 100 sound?", "--session", "from windows"]


def test_it_cleans_up(bat: Windows, stack: Stack) -> None:
    """Cleanup --yes removes the containers and keeps the histories."""
    before = stack.fill()
    bat.must("cleanup", "--yes")
    bat.must("status", status=3)
    bat.must("start", "--no-pull")
    assert stack.digest() == before
