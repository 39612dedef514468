"""A workflow: named steps for agents, each building on what the last one said."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agents.errors import UsageError
from agents.model import Message

_FIELDS = {"name", "agent", "task", "skill"}


@dataclass(frozen=True, slots=True)
class Step:
    """One step.

    Attributes:
        name: what it is called in the output and to the steps after it.
        agent: role id of whoever does it.
        task: what to do; "" leaves the workflow's own task to speak.
        skill: a skill of that role to do it with, or "".
    """

    name: str
    agent: str
    task: str = ""
    skill: str = ""


@dataclass(frozen=True, slots=True)
class StepResult:
    """What a step gave: its text, or the error that ended the workflow there."""

    step: Step
    text: str
    error: str = ""


def parse_step(text: str, number: int) -> Step:
    """A step from a flag: ``AGENT``, ``AGENT:TASK``, ``AGENT/SKILL`` or ``AGENT/SKILL:TASK``, with ``NAME=`` in front
    if wanted.

    Raises:
        UsageError: no agent is named.
    """
    head, _, task = text.partition(":")
    name, equals, who = head.partition("=")
    who = who if equals else name
    agent, _, skill = who.strip().partition("/")
    if not agent:
        raise UsageError(f"The step {text!r} names no agent.", "Write AGENT:TASK, or NAME=AGENT/SKILL:TASK.")
    return Step(name.strip() if equals else f"{number}. {agent}", agent.strip(), task.strip(), skill.strip())


def read_workflow(file: Path) -> tuple[str, tuple[Step, ...]]:
    """Read a workflow file: ``task = "..."`` and one ``[[steps]]`` table with agent, task, skill and name for each
    step.

    Raises:
        UsageError: the file is missing or not of that form; the cause says where.
    """
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}.", "Check the path.") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"{file} is not TOML: {error}.", "Mend the line.") from None
    unknown = set(table) - {"task", "steps"}
    if unknown:
        raise UsageError(f"{file}: there is no field {sorted(unknown)[0]!r}.", "A workflow has 'task' and [[steps]].")
    task, steps = table.get("task", ""), table.get("steps")
    if not isinstance(task, str) or not isinstance(steps, list) or not steps:
        raise UsageError(f"{file} has no steps.", 'Write one [[steps]] table with agent = "..." for each step.')
    return task, tuple(_step(file, number, each) for number, each in enumerate(steps, 1))


def _step(file: Path, number: int, table: Any) -> Step:
    if not isinstance(table, Mapping) or set(table) - _FIELDS or not all(isinstance(v, str) for v in table.values()):
        raise UsageError(f"{file}, step {number}: not a step.", f"A step has {', '.join(sorted(_FIELDS))}, all texts.")
    if not table.get("agent"):
        raise UsageError(f"{file}, step {number}: no agent.", 'Write agent = "role_id".')
    name = table.get("name") or f"{number}. {table['agent']}"
    return Step(name, table["agent"], table.get("task", ""), table.get("skill", ""))


def handed_on(done: Sequence[StepResult]) -> tuple[Message, ...]:
    """The earlier steps as the next one reads them."""
    return tuple(
        Message(
            "user",
            f"Earlier step {result.step.name!r} gave:\n{result.text}",
            turn=f"S{number}",
            speaker=result.step.agent,
        )
        for number, result in enumerate(done, 1)
    )
