"""Phases: each is one value, and all code that needs to know a phase reads it."""

from dataclasses import replace
from pathlib import Path

import agents
from agents.file_problem import Problem
from agents.meeting.codec import values
from agents.meeting.journal import Kind
from agents.meeting.minutes import build
from agents.meeting.phases import PHASES
from agents.meeting.plan import Pace, Planner
from agents.meeting.record import Turn
from agents.meeting.spec import MeetingSpec
from agents.meeting.types.lint import advice
from agents.model import Prompt, Task, rough_tokens
from tests.meeting.rooms import ROLES, hold, sensible, spec_for

OURS = Path(agents.__file__).parent


def test_a_phase_is_in_one_file() -> None:
    """Only phases.py contains the name round_robin; plans, contexts, checks and minutes read its value."""
    found = [file for file in OURS.rglob("*.py") if "round_robin" in file.read_text(encoding="utf-8")]
    assert [file.relative_to(OURS).as_posix() for file in found] == ["meeting/phases.py"]


def test_what_must_know_a_phase_reads_its_value() -> None:
    """A plan has the calls and sizes of a round robin, the check of a type knows that it asks for lines, and its lines are
    sections of the minutes.
    """
    spec = round_robin()
    (step, scribe) = Planner(ROLES, rough_tokens, pace=Pace(60.0, 12.0)).plan(spec).steps
    assert (step.phase, step.turns, step.requests) == ("round_robin", len(ROLES), len(ROLES))
    assert step.written == len(ROLES) * PHASES["round_robin"].reply_tokens
    assert scribe.requests == 0
    assert [problem.cause for problem in _process_problems(spec)] == []


def _process_problems(spec: MeetingSpec) -> list[Problem]:
    return [problem for problem in advice(spec.kind) if "phase" in problem.cause]


def round_robin() -> MeetingSpec:
    """A meeting with this phase only."""
    spec = spec_for()
    return replace(spec, kind=replace(spec.kind, phases=("round_robin",), rule="none", artefact="notes", source=None))


def test_in_a_round_robin_each_adds_one_new_point() -> None:
    """Each speaker sees the answers before and is told to add one new point; an answer that repeats one is dropped."""
    said = {
        "solutions_architect": "Risk: The nightly copy is never tried by anybody at all.",
        "backend_developer": "Risk: Two clients write the same key and the later one wins without a word.",
        "data_engineer": "Risk: Two clients write the same key and the later one wins without a word.",
        "security_engineer": "Risk: Passwords lie in a settings file that every developer can read.",
    }

    def say(prompt: Prompt) -> str:
        if prompt.task is not Task.STATUS or not prompt.role:
            return sensible(prompt)
        return said[prompt.role.id]

    events, prompts = hold(round_robin(), say)
    asked = [prompt for prompt in prompts if prompt.task is Task.STATUS]
    assert all("Add ONE new point that nobody has made." in prompt.question for prompt in asked)
    assert [len(prompt.transcript) for prompt in asked] == [1, 2, 3, 3]
    turns = build(events).turns
    assert [turn.speaker for turn in turns] == list(ROLES)
    assert [bool(turn.dropped) for turn in turns] == [False, False, True, False]
    assert len(values(events, Turn)) == len([event for event in events if event.kind == Kind.TURN]) == 4
