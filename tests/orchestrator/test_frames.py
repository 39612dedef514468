"""How many of our own functions a question passes on its way to the model."""

import sys
from pathlib import Path
from types import FrameType

import pytest

from agents.cli.app import run_app
from agents.model import PROVIDERS, Provider
from agents.orchestrator import AgentOrchestrator
from agents.store.meetings import StoredJournal
from tests.orchestrator.frames import WatchedModel


@pytest.fixture(autouse=True)
def watched(monkeypatch: pytest.MonkeyPatch) -> None:
    """The model ``watched:frames`` is a provider like any other."""
    monkeypatch.setitem(PROVIDERS, "watched", Provider("tests.orchestrator.frames:WatchedModel", takes_time=False))
    monkeypatch.setenv("MODEL_NAME", "watched:frames")


def test_a_question_passes_six_functions_at_most() -> None:
    """From the command ``ask`` to the model's reply: command, orchestrator, ask, agent, log, model."""
    assert run_app(["ask", "cto", "Buy or build?"]) == 0
    (seen,) = WatchedModel.seen
    assert seen[seen.index("agents.cli.commands.ask.ask") :] == [
        "agents.cli.commands.ask.ask",
        "agents.orchestrator.AgentOrchestrator.chat_with_agent",
        "agents.orchestrator.ask.chat",
        "agents.agent.Agent.chat",
        "agents.model.logged.LoggedModel.reply",
        "Model.reply",
    ]


def test_functions_that_wait_in_another_task_are_seen_too() -> None:
    """In a consultation each agent answers in a task of its own; what started the tasks is counted with it."""
    with AgentOrchestrator() as orchestrator:
        orchestrator.multi_agent_consultation("Buy or build?", ["cto", "qa_engineer"])
    assert len(WatchedModel.seen) == 2
    for seen in WatchedModel.seen:
        assert seen[:2] == [
            "agents.orchestrator.AgentOrchestrator.multi_agent_consultation",
            "agents.orchestrator.ask.consult",
        ]
        assert seen[-1] == "Model.reply"
        assert len(seen) == len(set(seen))


def test_a_turn_of_a_meeting_passes_thirteen_functions_at_most() -> None:
    """From the command ``meeting run`` to the model's reply, in each phase and for the scribe, the longest way is 13."""
    with_people = "cto,qa_engineer,data_engineer"
    assert run_app(["meeting", "run", "decision", "-t", "Buy or build?", "--agents", with_people, "-q"]) == 0
    ways = [seen[seen.index("agents.cli.commands.meeting.run") :] for seen in WatchedModel.seen]
    assert max(map(len, ways)) <= 13, max(ways, key=len)
    assert all(way[2:4] == [
        "agents.orchestrator.AgentOrchestrator.conduct_meeting",
        "agents.orchestrator.hold.conduct",
    ] for way in ways)  # fmt: skip


def test_a_question_of_a_person_in_a_meeting_passes_thirteen_functions_at_most(tmp_path: Path) -> None:
    """A participant that the person asks between two phases is no further from the command than in a phase."""
    words = tmp_path / "words.txt"
    words.write_text("I want a number first.\n\n/ask qa_engineer Which test shows it?\n\nNo.\n")
    command = ["meeting", "run", "decision", "-t", "Buy or build?", "--agents", "cto,qa_engineer", "-q"]
    assert run_app([*command, "--me", "cto", "--words", str(words)]) == 0
    ways = [seen[seen.index("agents.cli.commands.meeting.run") :] for seen in WatchedModel.seen]
    asked = [way for way in ways if "agents.meeting.room.interjections.Interjections.before" in way]
    assert len(asked) == 1
    assert max(map(len, ways)) <= 13


def test_a_meeting_reads_its_journal_once() -> None:
    """From its start to its minutes, whether it is held whole or resumed, the journal is read from the disk once."""
    reads = []

    def watch(frame: FrameType, event: str, _argument: object) -> None:
        if event == "call" and frame.f_code is StoredJournal.events.__code__:
            reads.append(frame.f_code.co_qualname)

    with AgentOrchestrator() as orchestrator:
        meeting = orchestrator.create_meeting("decision", "Buy or build?", agents=["cto", "qa_engineer"])
        sys.setprofile(watch)
        try:
            orchestrator.conduct_meeting(meeting)
        finally:
            sys.setprofile(None)
    assert reads == ["StoredJournal.events"]
