"""What a program may pass to AgentOrchestrator, and what a type checker says when it passes something else."""

import inspect
from dataclasses import fields
from pathlib import Path

import pytest
from mypy import api as mypy

from agents.orchestrator import AgentOrchestrator
from agents.orchestrator.request import MeetingRequest
from tests.inputs import ROOT

PUBLIC = [name for name, _ in inspect.getmembers(AgentOrchestrator, inspect.isfunction) if name[0] != "_"]
TWINS = [name for name in PUBLIC if inspect.iscoroutinefunction(getattr(AgentOrchestrator, name))]


@pytest.mark.parametrize("name", TWINS)
def test_a_blocking_method_takes_what_its_twin_takes(name: str) -> None:
    """The same parameters with the same types and defaults, and the same return type."""
    twin, blocking = getattr(AgentOrchestrator, name), getattr(AgentOrchestrator, name.removeprefix("a"))
    assert inspect.signature(blocking) == inspect.signature(twin)
    assert not inspect.iscoroutinefunction(blocking)


@pytest.mark.parametrize("name", PUBLIC)
def test_every_parameter_of_a_public_method_has_a_name_and_a_type(name: str) -> None:
    """None takes whatever is passed."""
    signature = inspect.signature(getattr(AgentOrchestrator, name))
    assert signature.return_annotation is not inspect.Signature.empty
    for parameter in list(signature.parameters.values())[1:]:
        assert parameter.kind not in {parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD}
        assert parameter.annotation not in {inspect.Parameter.empty, "Any"}


def test_a_request_has_the_parameters_of_create_meeting() -> None:
    """The same names, types and defaults in the same order."""
    _, *parameters = inspect.signature(AgentOrchestrator.create_meeting).parameters.values()
    assert [parameter.name for parameter in parameters] == [field.name for field in fields(MeetingRequest)]
    request = inspect.signature(MeetingRequest).parameters
    assert [parameter.default for parameter in parameters] == [one.default for one in request.values()]


RIGHT = """
from agents.orchestrator import AgentOrchestrator
from agents.orchestrator.request import MeetingRequest

with AgentOrchestrator(model="rehearsal") as orchestrator:
    answer: str = orchestrator.chat_with_agent("cto", "Buy or build?", attach=["design.md"], remember=False)
    meeting: str = orchestrator.create_meeting("decision", "Buy or build?", time_box=20)
    spec, plan = orchestrator.plan_meeting(MeetingRequest("decision", ["Buy?", "Build?"]))
    print(answer, orchestrator.conduct_meeting(meeting).topics[0].decision, spec.seats, plan.minutes)
"""
WRONG = """
from agents.orchestrator import AgentOrchestrator

with AgentOrchestrator(model="rehearsal") as orchestrator:
    orchestrator.chat_with_agent("cto", "Buy or build?", remembers=False)
    orchestrator.multi_agent_consultation("Buy or build?", on_answer=3)
    orchestrator.collaborative_task("Plan it", 7)
    orchestrator.conduct_meeting("last", listens=print)
    orchestrator.create_meeting("decision", "Buy or build?", time_box="20m")
    orchestrator.fork_meeting("last", 5)
"""


def test_a_type_checker_sees_a_wrong_argument(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Mypy in strict mode accepts a right program and names every line of a wrong one."""
    monkeypatch.chdir(ROOT)
    (tmp_path / "right.py").write_text(RIGHT)
    (tmp_path / "wrong.py").write_text(WRONG)
    out, err, _status = mypy.run(["--strict", str(tmp_path / "right.py"), str(tmp_path / "wrong.py")])
    assert not err
    assert "right.py" not in out, out
    wrong_lines = {int(line.split(":")[1]) for line in out.splitlines() if "wrong.py" in line}
    assert wrong_lines == set(range(5, 11)), out
