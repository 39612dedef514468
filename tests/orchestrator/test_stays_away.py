"""A model's server that goes away in a meeting and does not come back."""

from pathlib import Path

import pytest

from agents.errors import ModelUnavailable
from agents.meeting.journal import Kind
from agents.model import Prompt
from agents.orchestrator import AgentOrchestrator
from tests.cli.conftest import run
from tests.inputs import NOTES
from tests.ollama_double import OllamaDouble, faults
from tests.orchestrator.stage import staged
from tests.orchestrator.test_killed import AGENTS, TOPIC, agreeing

__all__ = ["run"]  # a fixture


def test_what_is_missing_at_the_end_is_said_and_can_be_asked_again(tmp_path: Path) -> None:
    """The minutes say how many answers are missing and how to ask for them; a fork asks exactly for those."""
    calls = [0]

    def away(prompt: Prompt) -> str:
        calls[0] += 1
        if calls[0] > 5:
            raise ModelUnavailable("The server cannot be reached.", "Start it.")
        return agreeing(prompt)

    with staged(tmp_path / "data", away) as orchestrator:
        meeting = orchestrator.create_meeting("architecture_review", TOPIC, agents=AGENTS, attach=[NOTES])
        minutes = orchestrator.conduct_meeting(meeting)
    assert minutes.unanswered > 0
    assert f"{minutes.unanswered} answer" in minutes.notes[0]
    assert minutes.turns[-1].id in minutes.notes[0]
    with staged(tmp_path / "data", agreeing) as orchestrator:
        again = orchestrator.conduct_meeting(orchestrator.fork_meeting(meeting, minutes.turns[-1].id))
    assert again.unanswered == 0
    assert again.turns[: len(minutes.turns)] == minutes.turns
    assert again.topics[0].ballots


def test_one_agent_whose_model_is_away_is_only_absent(tmp_path: Path) -> None:
    """As long as others answer in the last phase, the meeting has its result."""

    def away(prompt: Prompt) -> str:
        if prompt.role and prompt.role.id == "data_engineer":
            raise ModelUnavailable("The server cannot be reached.", "Start it.")
        return agreeing(prompt)

    with staged(tmp_path / "data", away) as orchestrator:
        meeting = orchestrator.create_meeting("architecture_review", TOPIC, agents=AGENTS, attach=[NOTES])
        minutes = orchestrator.conduct_meeting(meeting)
    assert minutes.unanswered == 0
    assert {one.speaker for one in minutes.absent} == {"data_engineer"}


def test_the_command_ends_with_the_status_of_an_unreachable_model(run, ollama: OllamaDouble) -> None:  # type: ignore[no-untyped-def]
    """It prints the minutes, and then how to ask for the rest."""
    ollama.inject(faults.goes_down(skip=3, times=None))
    done = run("meeting", "run", "decision", "-t", "Buy or build?", "--agents", "cto,qa_engineer,data_engineer", "-q")
    with AgentOrchestrator(model="rehearsal") as orchestrator:
        unanswered = orchestrator.get_minutes("last").unanswered
    assert unanswered > 0
    assert done.status == 3
    assert "# " in done.out
    assert "orchestrator meeting fork" in done.err


def test_a_meeting_in_which_nobody_could_be_reached_waits_for_its_model(tmp_path: Path) -> None:
    """Where no model answers from the beginning, nothing of that is kept, and the meeting can be resumed: then
    everybody is asked.
    """

    def away(_prompt: Prompt) -> str:
        raise ModelUnavailable("The server cannot be reached.", "Start it.")

    with staged(tmp_path / "data", away) as orchestrator:
        meeting = orchestrator.create_meeting("architecture_review", TOPIC, agents=AGENTS, attach=[NOTES])
        for _ in range(2):
            with pytest.raises(ModelUnavailable, match="cannot be reached"):
                orchestrator.conduct_meeting(meeting)
        assert orchestrator.meetings.row(meeting).status == "running"
        assert not [event for event in orchestrator.meetings.journal(meeting).events() if event.kind == Kind.ABSENCE]
    with staged(tmp_path / "data", agreeing) as orchestrator:
        minutes = orchestrator.conduct_meeting(meeting)
    assert not minutes.absent
    assert {turn.speaker for turn in minutes.turns} >= {*AGENTS}


def test_absences_before_the_first_words_are_kept_with_them(tmp_path: Path) -> None:
    """Where one could not be reached, and another one answers after it in the same phase, the first one is absent."""
    order = list[str]()

    def away(prompt: Prompt) -> str:
        order.append(prompt.role.id if prompt.role else "")
        if len(order) == 1:
            raise ModelUnavailable("The server cannot be reached.", "Start it.")
        return agreeing(prompt)

    with staged(tmp_path / "data", away) as orchestrator:
        meeting = orchestrator.create_meeting("architecture_review", TOPIC, agents=AGENTS, attach=[NOTES])
        minutes = orchestrator.conduct_meeting(meeting)
    assert [one.speaker for one in minutes.absent] == order[:1]
    assert minutes.turns


def test_the_command_says_that_nobody_could_be_reached(run, ollama: OllamaDouble) -> None:  # type: ignore[no-untyped-def]
    """It ends with the status of a model that is not available, and the meeting can be resumed."""
    ollama.inject(faults.goes_down(times=1))
    done = run("meeting", "run", "decision", "-t", "Buy or build?", "--agents", "cto,qa_engineer", "-q")
    assert done.status == 3
    with AgentOrchestrator(model="rehearsal") as orchestrator:
        [row] = orchestrator.list_meetings()
        assert (row.status, row.turns) == ("running", 0)
    ollama.up()
    again = run("meeting", "resume", "last", "-q")
    assert again.status == 0
