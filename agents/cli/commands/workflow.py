"""``orchestrator workflow``: agents work one after the other, each building on the earlier answers."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from agents.cli.context import AsJson, Attach, ModelName, attachments, opened
from agents.cli.terminal.caller_files import fetched_path
from agents.cli.terminal.output import say, say_json, tell
from agents.errors import ModelError, UsageError

if TYPE_CHECKING:
    from agents.workflow import Step, StepResult


def workflow(
    task: Annotated[str, typer.Argument(help="The whole task; a workflow file can contain it instead.")] = "",
    step: Annotated[
        list[str] | None,
        typer.Option(
            "--step",
            "-s",
            metavar="[NAME=]AGENT[/SKILL][:TASK]",
            help="One step; repeat it in order.",
        ),
    ] = None,
    file: Annotated[Path | None, typer.Option("--file", "-f", help="A workflow file (TOML).")] = None,
    attach: Attach = None,
    as_json: AsJson = False,
    model: ModelName = None,
) -> None:
    """Have agents work one after the other on one task. Each builds on the earlier answers.

    Example: orchestrator workflow "Checkout page" -s product_manager/write_user_stories -s qa_engineer/create_test_plan
    """
    from agents.workflow import parse_step, read_workflow

    if bool(step) == bool(file):
        raise UsageError("A workflow needs either --step flags or a --file.", "Write --step AGENT:TASK for each step.")
    steps: list[Step]
    if file:
        said, found = read_workflow(fetched_path(file))
        task, steps = task or said, list(found)
    else:
        steps = [parse_step(text, number) for number, text in enumerate(step or [], 1)]
    with opened(model) as orchestrator:
        documents = attachments(attach)
        tell(f"{len(steps)} step{'' if len(steps) == 1 else 's'} ({orchestrator.model_label()}) ...")
        results = orchestrator.collaborative_task(
            task, steps, attach=documents, on_step=None if as_json else _show, on_note=tell
        )
        if as_json:
            say_json([asdict(result) for result in results])
        if results[-1].error:
            raise ModelError(
                f"The step {results[-1].step.name!r} failed: {results[-1].error}", "The steps before it are above."
            )


def _show(result: "StepResult") -> None:
    say(f"## {result.step.name}\n")
    if not result.error:
        say(f"{result.text}\n")
    for note in result.notes:
        tell(f"{result.step.name}: {note}")
