"""orchestrator.bat under Wine with the real engine: it does the same as orchestrator.sh."""

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.containers.stack import Stack, docker
from tests.scripts.windows.relay import Relay
from tests.scripts.windows.wine import Wine, windows

if TYPE_CHECKING:
    import subprocess


class Windows:
    """Wine with a docker.exe and a tar.exe that start the real programs."""

    def __init__(self, wine: Wine, stack: Stack) -> None:
        self.wine = wine
        self.stack = stack
        there = {name: value for name, value in stack.settings.items() if name != "COMPOSE_PROJECT_NAME"}
        self.relay = Relay({**os.environ, **there}, wine.environment["WINEPREFIX"] + "/drive_c")
        self.settings = {**stack.settings, "RELAY_PORT": str(self.relay.port)}
        self.settings |= {"ORCHESTRATOR_BACKUPS": windows(stack.backups), "WINEPATH": windows(wine.tools)}

    def run(self, *words: str, **settings: str) -> "subprocess.CompletedProcess[str]":
        """Run orchestrator.bat with these words and more settings."""
        return self.wine.run(*words, **{**self.settings, **settings})

    def must(self, *words: str, status: int = 0) -> str:
        """Run orchestrator.bat; gives its standard output, and fails the test where the status differs."""
        done = self.run(*words)
        assert done.returncode == status, f"{words} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def line(self, typed: str, folder: Path) -> "subprocess.CompletedProcess[str]":
        """Run orchestrator.bat with the rest of a line as a user types it in a folder."""
        return self.wine.run_line(typed, folder, **self.settings)


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
    (stack.backups / ".partial-12" / "20240115_120000").mkdir(parents=True)
    (stack.backups / ".packed-34.tar").write_bytes(b"half")
    made = stack.backups / bat.must("backup", "--keep", "5").strip().rsplit("\\", 1)[-1]
    assert (made / "manifest.json").is_file()
    assert stack.made() == [made.name], "what an interrupted backup left is removed"
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


def test_files_of_the_user_reach_the_program_and_come_back(bat: Windows, tmp_path: Path) -> None:
    """Documents that the command names reach the program with their names, and -o FILE is written where the user is."""
    desk = tmp_path / "my desk"
    desk.mkdir()
    (desk / "plan.md").write_text("# Plan\n\nOne queue.\n", encoding="utf-8")
    (desk / "the risks.md").write_text("# Risks\n\nOne disk.\n", encoding="utf-8")
    (desk / "more").mkdir()
    (desk / "more" / "costs.md").write_text("# Costs\n\nTen.\n", encoding="utf-8")
    done = bat.line(
        'run --model rehearsal meeting run brainstorm --topic "One, or two?" --agents cto,product_manager'
        ' --attach plan.md --attach "the risks.md" --attach more -o "my minutes.md"',
        desk,
    )
    assert done.returncode == 0, done.stderr
    minutes = (desk / "my minutes.md").read_text(encoding="utf-8")
    assert [name for name in ("plan.md", "the risks.md", "costs.md") if name not in minutes] == []
    made = {path.name for path in desk.iterdir()} - {"line.cmd"}
    assert made == {"more", "my minutes.md", "plan.md", "the risks.md"}
    assert bat.stack.inside("sh", "-c", "ls -A /tmp/calls") == ""


def test_a_file_that_cannot_be_written_is_refused_first(bat: Windows, tmp_path: Path) -> None:
    """A file for the minutes that cannot be written is refused before the meeting, with the cause first."""
    done = bat.line("run --model rehearsal meeting run brainstorm --topic x -o nowhere/minutes.md", tmp_path)
    assert done.returncode == 6
    assert done.stderr.splitlines() == [
        "Error: nowhere/minutes.md cannot be written: there is no such folder.",
        "  Give a file in an existing folder.",
    ]


def test_it_cleans_up(bat: Windows, stack: Stack) -> None:
    """Cleanup --yes removes the containers and keeps the histories."""
    before = stack.fill()
    bat.must("cleanup", "--yes")
    bat.must("status", status=3)
    bat.must("start", "--no-pull")
    assert stack.digest() == before


def test_it_acts_on_the_stack_that_is_there(bat: Windows, stack: Stack) -> None:
    """Stop acts on the project of the container that is there, whatever the settings say, and a start moves it."""
    done = bat.run("stop", COMPOSE_PROJECT_NAME=f"{stack.name}_other")
    assert (done.returncode, stack.is_running()) == (0, False), done.stderr
    done = bat.run("start", "--no-pull", COMPOSE_PROJECT_NAME=f"{stack.name}_other")
    assert done.returncode == 0, done.stderr
    assert f"from the Compose project {stack.name} to {stack.name}_other" in done.stderr
    done = bat.run("start", "--no-pull")
    assert "To move them: orchestrator.bat restart" in done.stderr
    assert bat.run("restart", "--no-pull").returncode == 0
    label = '{{index .Config.Labels "com.docker.compose.project"}}'
    assert docker("inspect", "--format", label, stack.container).strip() == stack.name


def test_half_of_a_memory_limit_is_reserved(bat: Windows, stack: Stack) -> None:
    """A memory limit below the default starts, with half of it reserved; a reservation above the limit is refused."""
    done = bat.run("start", "--no-pull", ORCHESTRATOR_MEMORY="1G")
    assert done.returncode == 0, done.stderr
    limits = docker("inspect", "--format", "{{.HostConfig.Memory}} {{.HostConfig.MemoryReservation}}", stack.container)
    assert limits.split() == [str(1 << 30), str(1 << 29)]
    done = bat.run("start", "--no-pull", ORCHESTRATOR_MEMORY="1G", ORCHESTRATOR_MEMORY_RESERVED="2G")
    assert (done.returncode, done.stderr.splitlines()[0]) == (
        2,
        "Error: ORCHESTRATOR_MEMORY_RESERVED, 2G, is more than ORCHESTRATOR_MEMORY, 1G.",
    )


def test_it_asks_before_it_ends_work(bat: Windows, stack: Stack) -> None:
    """Stop names what runs in the container and asks; without a terminal it needs --yes."""
    talk = "sleep 300 | orchestrator --model rehearsal interactive"
    docker("exec", "--detach", stack.container, "sh", "-c", talk)
    done = bat.run("stop")
    assert (done.returncode, stack.is_running()) == (2, True), done.stderr
    assert "--model rehearsal interactive" in done.stderr
    assert done.stderr.splitlines()[-1] == "  Add --yes to agree."
    bat.must("stop", "--yes")
    assert not stack.is_running()


def test_histories_of_an_older_stack_are_copied_after_a_start(bat: Windows, stack: Stack) -> None:
    """The histories of an older stack can be copied after a first start has made an empty store."""
    wanted = stack.fill()
    older = f"{stack.name}_older_orchestrator_data"
    volumes = ("-v", f"{stack.data_volume}:/from:ro", "-v", f"{older}:/to")
    docker("run", "--rm", "--user", "0", *volumes, "--entrypoint", "cp", stack.image, "-a", "/from/.", "/to/")
    try:
        bat.must("cleanup", "--volumes", "--yes")
        started = bat.run("start", "--no-pull")
        assert started.returncode == 0, started.stderr
        assert stack.digest() != wanted
        done = bat.run("migrate-volume", older, "--yes")
        assert (done.returncode, done.stderr.splitlines()[-1]) == (0, "Copied and compared."), done.stderr
        stack.must("start", "--no-pull")
        assert stack.digest() == wanted
        done = bat.run("migrate-volume", older, "--yes")
        assert (done.returncode, "already contains histories" in done.stderr) == (1, True)
    finally:
        docker("volume", "rm", older)
