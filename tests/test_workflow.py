"""Workflows: steps from flags and from files."""

from pathlib import Path

import pytest

from agents.errors import UsageError
from agents.workflow import Step, StepResult, handed_on, parse_step, read_workflow


@pytest.mark.parametrize(
    ("text", "step"),
    [
        ("cto", Step("1. cto", "cto")),
        ("cto:Judge it: now", Step("1. cto", "cto", "Judge it: now")),
        ("cto/review_code", Step("1. cto", "cto", "", "review_code")),
        ("first = cto / review_code : Judge it", Step("first", "cto ", "Judge it", " review_code")),
    ],
)
def test_a_step_is_read_from_a_flag(text: str, step: Step) -> None:
    """Name, agent, skill and task are told apart; only the agent is required."""
    found = parse_step(text, 1)
    assert (found.name, found.agent, found.skill.strip(), found.task) == (
        step.name, step.agent.strip(), step.skill.strip(), step.task
    )  # fmt: skip


@pytest.mark.parametrize("text", ["", ":do it", "name=", "/skill"])
def test_a_step_without_an_agent_is_refused(text: str) -> None:
    """The remedy shows how a step is written."""
    with pytest.raises(UsageError, match="names no agent") as raised:
        parse_step(text, 1)
    assert "AGENT:TASK" in raised.value.remedy


def test_a_workflow_is_read_from_a_file(tmp_path: Path) -> None:
    """The task and the steps in order; a step without a name gets its number."""
    file = tmp_path / "flow.toml"
    file.write_text('task = "Ship it"\n[[steps]]\nagent = "cto"\n[[steps]]\nname = "test"\nagent = "qa_engineer"\n')
    assert read_workflow(file) == ("Ship it", (Step("1. cto", "cto"), Step("test", "qa_engineer")))


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("steps = 3", "has no steps"),
        ("task = 3\n[[steps]]\nagent = 'a'", "has no steps"),
        ("[[steps]]\ntask = 'x'", "step 1: the agent is missing"),
        ("[[steps]]\nagent = 'a'\n[[steps]]\nagent = 'b'\ncolour = 'red'", "step 2: this is not a step"),
        ("colour = 'red'", "there is no field 'colour'"),
        ("steps = [", "is not TOML"),
    ],
)
def test_a_wrong_workflow_file_is_named_with_the_place(tmp_path: Path, text: str, cause: str) -> None:
    """File, step and remedy are in the error."""
    file = tmp_path / "flow.toml"
    file.write_text(text)
    with pytest.raises(UsageError, match=cause) as raised:
        read_workflow(file)
    assert str(file) in raised.value.cause
    assert raised.value.remedy


def test_the_next_step_receives_the_earlier_answers() -> None:
    """Each earlier step is one message with its name, its answer and its agent."""
    [first, second] = handed_on(
        [StepResult(Step("1. cto", "cto"), "Yes."), StepResult(Step("test", "qa_engineer"), "No.")]
    )
    assert ("1. cto" in first.text, "Yes." in first.text, first.speaker, first.turn) == (True, True, "cto", "S1")
    assert (second.speaker, second.turn) == ("qa_engineer", "S2")
