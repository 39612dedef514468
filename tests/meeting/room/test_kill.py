"""Meetings that are killed at any time, in processes of their own, and resumed."""

import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from agents.meeting.journal import Event
from agents.store import Store
from tests.drill import rounds
from tests.inputs import PROPOSAL
from tests.ollama_double import OllamaDouble

KILLS = rounds(4, drill=200)
MOST_KILLS_OF_ONE = 3
RUN = ("meeting", "run", "database_review", "-t", "May we build this?", "-a", str(PROPOSAL))
HEARD = re.compile(r"^    (T\d+) [A-Z]|^    ([A-Z][^:\n]*): (?:support|support with concern|object|abstain)$", re.M)
"""A turn or a vote in a running account: only what was asked in that very process is in it."""


@dataclass
class Place:
    """A data folder and the processes that use it."""

    folder: Path
    started: int = 0

    def start(self, *arguments: str) -> "Running":
        """Start one command."""
        self.started += 1
        self.folder.mkdir(parents=True, exist_ok=True)
        out, err = (self.folder / f"{name}.{self.started}" for name in ("out", "err"))
        command = [sys.executable, "-m", "agents", *arguments]
        environment = {**os.environ, "AGENTS_DATA_FOLDER": str(self.folder / "data"), "COLUMNS": "200"}
        with out.open("wb") as stdout, err.open("wb") as stderr:
            process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr)
        return Running(process, out, err)

    def finish(self, *arguments: str) -> "Running":
        """Run one command to its end."""
        running = self.start(*arguments)
        assert running.process.wait() == 0, running.account
        return running

    def events(self) -> list[Event]:
        """The journal of the only meeting."""
        with Store(self.folder / "data") as store:
            store.check()
            [row] = store.meetings.list()
            return store.meetings.journal(row.id).events()

    def tasks(self) -> list[str]:
        """The tasks in the register."""
        with Store(self.folder / "data") as store:
            return [row.task for row in store.actions.list()]

    def keepsakes(self) -> list[tuple[str, str]]:
        """What the participants remember of the only meeting."""
        with Store(self.folder / "data") as store:
            return sorted((one.agent, one.text) for one in store.memories.export())


@dataclass
class Running:
    """A command while it runs, and its output."""

    process: "subprocess.Popen[bytes]"
    out: Path
    err: Path

    @property
    def account(self) -> str:
        """The lines on stderr so far."""
        return self.err.read_text()

    def wait_for(self, words: str) -> float:
        """Wait until it prints something, or ends; returns the time."""
        deadline = time.monotonic() + 60
        while words not in self.account and self.process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.005)
        return time.monotonic()

    def kill(self) -> bool:
        """Kill it; whether it was still running."""
        self.process.kill()
        return self.process.wait() == -signal.SIGKILL

    def asked(self) -> set[str]:
        """The turns and votes that this process asked for and got."""
        return {turn or voter for turn, voter in HEARD.findall(self.account)}


def keys(events: Sequence[Event]) -> set[str]:
    """What was done, without its order."""
    return {event.key for event in events}


def finished(events: Sequence[Event]) -> set[str]:
    """The turns and votes in a journal, as the command prints them."""
    titles = {seat["role"]: seat["title"] for seat in events[0].data["seats"]} if events else {}
    turns = {event.data["id"] for event in events if event.kind == "turn"}
    return turns | {titles[event.data["speaker"]] for event in events if event.kind == "ballot"}


def answered(events: Sequence[Event]) -> int:
    """The number of calls whose answers are in a journal; a vote in both orders of the options is two."""
    return sum(event.data.get("orders", 1) for event in events if event.data.get("numbers"))


def plain(minutes: Path) -> str:
    """Minutes without the id of the meeting, which counts as tokens in each prompt."""
    return re.sub(r"- Meeting: .*|\d+ answers, .*|Journal: .*", "", minutes.read_text())


@pytest.fixture
def whole(tmp_path: Path, ollama: OllamaDouble) -> tuple[Place, str, float]:
    """A meeting without interruption: its place, its minutes, and the seconds it takes once it is created."""
    assert ollama.url
    place = Place(tmp_path / "whole")
    running = place.start(*RUN)
    called = running.wait_for("Meeting ")
    assert running.process.wait() == 0
    return place, plain(running.out), time.monotonic() - called


@pytest.mark.timeout(120 + 15 * KILLS)
def test_a_killed_meeting_loses_nothing_and_asks_nothing_twice(tmp_path: Path, whole: tuple[Place, str, float]) -> None:
    """However often and whenever it is killed: every event stays in the journal, nothing is asked twice, and the
    resumed meeting ends with the minutes and the register of a meeting without interruption.
    """
    undisturbed, minutes, seconds = whole
    chance = random.Random(11)  # noqa: S311 - times, not secrets
    kills = trial = cut_short = 0
    while kills < KILLS:
        trial += 1
        place = Place(tmp_path / str(trial))
        running = place.start(*RUN)
        marker, kept = "Meeting ", list[Event]()
        for _attempt in range(min(chance.randint(1, MOST_KILLS_OF_ONE), KILLS - kills)):
            running.wait_for(marker)
            time.sleep(chance.uniform(0, seconds * (0.8 if marker == "Meeting " else 0.4)))
            if not running.kill():
                break
            kills += 1
            events = place.events()
            assert events[: len(kept)] == kept
            assert not finished(kept) & running.asked()
            cut_short += not any(event.kind == "closed" for event in events)
            marker, kept = "Topic ", events
            running = place.start("meeting", "resume", "last")
        assert running.process.wait() == 0, running.account
        events = place.events()
        assert events[: len(kept)] == kept
        assert not finished(kept) & running.asked()
        assert finished(kept) | running.asked() == finished(events)
        assert keys(events) == keys(undisturbed.events())
        assert plain(running.out) == minutes
        assert place.tasks() == undisturbed.tasks() != []
        assert place.keepsakes() == undisturbed.keepsakes() != []
    assert cut_short > kills / 3, "most kills came too late to matter"


@pytest.mark.timeout(300)
def test_a_killed_round_of_parallel_calls_asks_exactly_the_rest(
    tmp_path: Path, ollama: OllamaDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With four calls at once, a kill loses only the calls that are not finished: the server is asked once for what is not
    in the journal.
    """
    monkeypatch.setenv("PARALLEL", "4")
    run = (
        "meeting",
        "run",
        "decision",
        "-t",
        "Buy or build?",
        "--agents",
        "cto,qa_engineer,data_engineer,product_manager,devops_engineer",
    )
    undisturbed = Place(tmp_path / "whole")
    minutes = plain(undisturbed.finish(*run).out)
    asked_in_all = len(ollama.requests.chats())
    assert asked_in_all == answered(undisturbed.events())
    for finished_before in (1, 5):
        ollama.requests.clear()
        place = Place(tmp_path / str(finished_before))
        running = place.start(*run)
        assert ollama.requests.wait_until(lambda log, most=finished_before: len(log.chats()) > most, 60)  # type: ignore[misc]
        assert running.kill()
        kept = place.events()
        ollama.requests.clear()
        resumed = place.finish("meeting", "resume", "last")
        assert len(ollama.requests.chats()) == asked_in_all - answered(kept)
        assert place.events()[: len(kept)] == kept
        assert plain(resumed.out) == minutes


@pytest.mark.usefixtures("ollama")
def test_a_second_process_on_one_meeting_is_refused(tmp_path: Path) -> None:
    """While one process holds a meeting, another that would resume, abandon or delete it exits with 75 and names it;
    the first is not affected.
    """
    place = Place(tmp_path / "shared")
    first = place.start(*RUN)
    first.wait_for("Topic ")
    os.kill(first.process.pid, signal.SIGSTOP)
    try:
        for command in (("resume", "last"), ("abandon", "last"), ("delete", "last", "--yes")):
            second = place.start("meeting", *command)
            assert second.process.wait() == 75
            assert f"process {first.process.pid}" in second.account
            assert second.out.read_text() == ""
    finally:
        os.kill(first.process.pid, signal.SIGCONT)
    assert first.process.wait() == 0
    assert first.out.read_text().split("\n")[2].startswith("Database review, ")
