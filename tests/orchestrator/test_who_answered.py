"""Meetings that are resumed or forked with another model: their minutes say who gave which answer."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from agents.errors import MeetingError
from agents.export.markdown import to_markdown
from agents.meeting.codec import keep
from agents.meeting.journal import MemoryJournal
from agents.meeting.minutes import build
from agents.meeting.record import Turn
from agents.model import Prompt
from agents.orchestrator import AgentOrchestrator
from tests.inputs import NOTES
from tests.meeting.rooms import spec_for
from tests.orchestrator.stage import Commits, staged
from tests.orchestrator.test_killed import AGENTS, TOPIC, agreeing

FIRST, SECOND = "ollama:llama3.2", "ollama:qwen3:4b"


def begun(data: Path, turns: int, patch: pytest.MonkeyPatch) -> str:
    """A meeting that died after so many turns by the first model; returns its id."""
    commits = Commits(patch)

    def say(prompt: Prompt) -> str:
        heard = orchestrator.meetings.row(meeting).turns
        commits.most = commits.done if heard >= turns else None
        return agreeing(prompt)

    with commits.dying_after(10_000), staged(data, say, FIRST) as orchestrator:
        meeting = orchestrator.create_meeting("architecture_review", TOPIC, agents=AGENTS, attach=[NOTES])
        orchestrator.conduct_meeting(meeting)
    return meeting


def test_a_meeting_resumed_with_another_model_says_who_gave_which_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The header names both models, and a note says which turns and votes are whose."""
    meeting = begun(tmp_path / "data", 2, monkeypatch)
    heard: list[str] = []
    with staged(tmp_path / "data", agreeing, SECOND) as orchestrator:
        minutes = orchestrator.conduct_meeting(meeting, listen=lambda event: heard.append(event.text))
    by = {turn.id: turn.model for turn in minutes.turns}
    ours = [turn for turn in by if by[turn] == FIRST]
    assert set(by.values()) == {FIRST, SECOND}
    assert minutes.model == f"{FIRST}; {SECOND}"
    assert f"This meeting began with {FIRST}; from here {SECOND} answers." in heard
    [told] = [one for one in minutes.notes if "the model with which the meeting began" in one]
    assert f"{', '.join(ours)}: {FIRST}; " in told
    assert told.endswith(f"3 votes on topic 1, 1 other answer on topic 1: {SECOND}.")
    assert "qwen3" in to_markdown(minutes).split("##")[0]


def test_a_fork_with_another_model_says_who_gave_which_answer(tmp_path: Path) -> None:
    """What the fork keeps is the first model's, and what it asks is the second's."""
    with staged(tmp_path / "data", agreeing, FIRST) as orchestrator:
        first = orchestrator.create_meeting("architecture_review", TOPIC, agents=AGENTS, attach=[NOTES])
        whole = orchestrator.conduct_meeting(first)
        assert whole.model == FIRST
        assert not [note for note in whole.notes if "Not all answers" in note]
    with staged(tmp_path / "data", agreeing, SECOND) as orchestrator:
        minutes = orchestrator.conduct_meeting(orchestrator.fork_meeting(first, whole.turns[2].id))
    kept = [turn.id for turn in minutes.turns if turn.model == FIRST]
    assert minutes.model == f"{FIRST}; {SECOND}"
    assert minutes.notes[0].startswith("Not all answers are those of the model with which the meeting began. T1")
    assert f"{kept[-1]}: {FIRST}; T" in minutes.notes[0]
    assert f"-{minutes.turns[-1].id}, 3 votes on topic 1, 1 other answer on topic 1: {SECOND}." in minutes.notes[0]


def test_a_journal_of_an_earlier_version_has_the_model_of_its_spec() -> None:
    """Turns without a model are those of the model in the spec; turns that a later version adds name theirs."""
    journal = MemoryJournal()
    journal.append("called", "called", spec_for().as_dict())
    journal.append("head", "1.head", {"shared": [], "scale": 1, "total": 0})
    keep(journal, "1.silent_round.a", Turn("T1", "1.silent_round.a", 1, "silent_round", "backend_developer", "Yes."))
    assert build(journal.events()).model == "scripted"
    for number in (2, 3):
        key = f"1.silent_round.{number}"
        keep(journal, key, Turn(f"T{number}", key, 1, "silent_round", "data_engineer", "No.", model=FIRST))
    minutes = build(journal.events())
    assert minutes.model == f"scripted; {FIRST}"
    assert minutes.notes[0].endswith(f"T1: scripted; T2-T3: {FIRST}.")


@pytest.fixture
def checklist(tmp_path: Path) -> Iterator[tuple[AgentOrchestrator, str]]:
    """A checklist that was not begun, and an orchestrator with a model."""
    data = tmp_path / "data"
    with staged(data, agreeing) as orchestrator:
        orchestrator.use_model("rehearsal")
        made = orchestrator.create_meeting("architecture_review", TOPIC, agents=AGENTS, attach=[NOTES])
    with staged(data, agreeing) as orchestrator:
        yield orchestrator, made


def test_a_checklist_is_not_continued_by_a_model(checklist: tuple[AgentOrchestrator, str]) -> None:
    """Nor is a meeting by the rehearsal: each is refused, and finished by its own kind."""
    orchestrator, made = checklist
    with pytest.raises(MeetingError, match="is a checklist, which is made without a model"):
        orchestrator.conduct_meeting(made)
    meeting = orchestrator.create_meeting("architecture_review", TOPIC, agents=AGENTS, attach=[NOTES])
    orchestrator.use_model("rehearsal")
    assert orchestrator.conduct_meeting(made).model == "rehearsal, no model"
    with pytest.raises(MeetingError, match="needs a language model"):
        orchestrator.conduct_meeting(meeting)
