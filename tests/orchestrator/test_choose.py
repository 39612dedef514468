"""Whom a question is for: code finds candidates, the model chooses among them, and both say why."""

import json
from pathlib import Path

import pytest

from agents.model import Prompt, Task
from agents.orchestrator import AgentOrchestrator
from agents.orchestrator.choose import MOST_CANDIDATES, USUAL
from tests.orchestrator.stage import Say, staged

QUESTION = "How do we restore the database after a crash?"


def choosing(answer: object) -> Say:
    """A model that answers a choice with this, and any other question with a sentence."""
    said = answer if isinstance(answer, str) else json.dumps(answer)
    return lambda prompt: said if prompt.task is Task.CHOOSE else "It depends."


def test_the_model_chooses_among_a_few_and_says_why(tmp_path: Path) -> None:
    """It is shown at most eight roles and the question last, may only name these, and its reason is told and kept."""
    prompts: list[Prompt] = []
    answering = choosing({"agents": [{"agent": "database_administrator", "why": "restores databases."}]})

    def say(prompt: Prompt) -> str:
        prompts.append(prompt)
        return answering(prompt)

    told: list[str] = []
    with staged(tmp_path / "data", say) as orchestrator:
        answers = orchestrator.multi_agent_consultation(QUESTION, on_note=told.append)
    assert ("database_administrator", ("restores databases",)) in [(one.agent, one.why) for one in answers]
    assert any("Database Administrator (restores databases)" in note for note in told)
    assert len(answers) <= 3, "the best two by words, and who the model chose"
    choice = prompts[0]
    assert choice.question.endswith(f"The question: {QUESTION}")
    names = choice.schema["properties"]["agents"]["items"]["properties"]["agent"]["enum"]  # type: ignore[index]
    assert 4 <= len(names) <= MOST_CANDIDATES
    assert "database_administrator" in names


@pytest.mark.parametrize(
    "answer", ["I would ask the DBA.", {"agents": []}, {"agents": [{"agent": "cfo", "why": "x"}]}, {"agents": "cto"}]
)
def test_an_answer_that_cannot_be_used_leaves_the_choice_to_the_words(tmp_path: Path, answer: object) -> None:
    """Prose, nobody, and a name that was not offered: those whose words match are asked."""
    with staged(tmp_path / "data", choosing(answer)) as orchestrator:
        chosen = orchestrator.choose_agents(QUESTION)
    assert next(iter(chosen)) == "database_administrator"
    assert "database" in chosen["database_administrator"]


def test_without_a_model_the_words_are_the_reason() -> None:
    """The rehearsal chooses by words and asks nobody first; a question about nothing goes to the usual three."""
    with AgentOrchestrator(model="rehearsal") as orchestrator:
        assert "restore" in orchestrator.choose_agents(QUESTION)["database_administrator"]
        assert tuple(orchestrator.choose_agents("clear")) == USUAL
        assert tuple(orchestrator.choose_agents("clear", 1)) == USUAL[:1]
        told: list[str] = []
        assert len(orchestrator.multi_agent_consultation("clear", on_note=told.append)) == len(USUAL)
    assert told[0].startswith("Asked, because no agent's field is in the question: Solutions Architect")


def test_all_are_the_standing_agents(tmp_path: Path) -> None:
    """A panel of all has the 29, without the extra ones."""
    with staged(tmp_path / "data", choosing({})) as orchestrator:
        answers = orchestrator.multi_agent_consultation("Sound?", "all", remember=False)
    assert len(answers) == 29
