"""A workflow: named steps for agents. Each step receives the answers of the steps before it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from agents.documents import decoded
from agents.errors import UsageError
from agents.file_problem import similar_files
from agents.model import Message

_FIELDS = {"name", "agent", "task", "skill"}


@dataclass(frozen=True, slots=True)
class Step:
    """One step.

    Attributes:
        name: its name in the output and for the steps after it.
        agent: role id of the agent that does it.
        task: what to do; "" uses the task of the workflow.
        skill: the skill of that role to use, or "".
    """

    name: str
    agent: str
    task: str = ""
    skill: str = ""


@dataclass(frozen=True, slots=True)
class StepResult:
    """The result of a step.

    Attributes:
        step: the step.
        text: its answer; "" if there is an error.
        error: the error that ended the workflow, or "".
        notes: remarks for the user: that the answer was cut, or what the agent was not shown.
        unread: the lines of the documents that the agent was not shown, as plain values; empty without documents.
    """

    step: Step
    text: str
    error: str = ""
    notes: tuple[str, ...] = ()
    unread: Mapping[str, Any] = field(default_factory=dict)


def parse_step(text: str, number: int) -> Step:
    """Read a step from a flag: ``AGENT``, ``AGENT:TASK``, ``AGENT/SKILL`` or ``AGENT/SKILL:TASK``, optionally with
    ``NAME=`` in front.

    Raises:
        UsageError: the text names no agent.
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

    Returns:
        The task of the workflow and its steps.

    Raises:
        UsageError: the file is missing or has another form; the cause says where.
        DocumentError: it is not text.
    """
    import tomllib  # every question to an agent imports this module, and few read a file

    try:
        table = tomllib.loads(decoded(str(file), file.read_bytes()).text)
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}.", similar_files(file, "Check the path.")) from None
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{file} is not TOML: {error}.", "Fix the line.") from None
    unknown = set(table) - {"task", "steps"}
    if unknown:
        raise UsageError(f"{file}: there is no field {sorted(unknown)[0]!r}.", "A workflow has 'task' and [[steps]].")
    task, steps = table.get("task", ""), table.get("steps")
    if not isinstance(task, str) or not isinstance(steps, list) or not steps:
        raise UsageError(f"{file} has no steps.", 'Write one [[steps]] table with agent = "..." for each step.')
    return task, tuple(_step(file, number, each) for number, each in enumerate(steps, 1))


def _step(file: Path, number: int, table: Any) -> Step:
    if not isinstance(table, Mapping) or set(table) - _FIELDS or not all(isinstance(v, str) for v in table.values()):
        raise UsageError(
            f"{file}, step {number}: this is not a step.", f"A step has the text fields {', '.join(sorted(_FIELDS))}."
        )
    if not table.get("agent"):
        raise UsageError(f"{file}, step {number}: the agent is missing.", 'Write agent = "role_id".')
    name = table.get("name") or f"{number}. {table['agent']}"
    return Step(name, table["agent"], table.get("task", ""), table.get("skill", ""))


def handed_on(done: Sequence[StepResult]) -> tuple[Message, ...]:
    """The earlier steps as messages for the next step."""
    return tuple(
        Message(
            "user",
            f"Earlier step {result.step.name!r} gave:\n{result.text}",
            turn=f"S{number}",
            speaker=result.step.agent,
        )
        for number, result in enumerate(done, 1)
    )
