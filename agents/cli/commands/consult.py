"""``orchestrator consult``: several agents, one question."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from agents.cli.context import AsJson, Attach, Forget, ModelName, NoMemory, attachments, listed, opened
from agents.cli.terminal.output import say, say_json, tell
from agents.cli.terminal.standard_input import piped
from agents.errors import ModelError, UsageError

if TYPE_CHECKING:
    from agents.orchestrator.ask import Answer


def consult(
    question: Annotated[
        list[str] | None, typer.Argument(help="The question; - or nothing reads standard input.", metavar="QUESTION")
    ] = None,
    agents: Annotated[
        list[str] | None,
        typer.Option(
            "--agents",
            metavar="AGENTS",
            help="Agents, separated by commas; auto (default) chooses by their fields.",
        ),
    ] = None,
    attach: Attach = None,
    no_memory: NoMemory = False,
    forget: Forget = False,
    as_json: AsJson = False,
    model: ModelName = None,
) -> None:
    """Ask several agents the same question, each on its own.

    Each answer is shown when it is complete.

    Example: orchestrator consult "What breaks first at 10x load?" --agents auto
    """
    text = " ".join(question or [])
    take_pipe = text.strip() not in {"", "-"}
    text = text if take_pipe else piped()
    if not text.strip():
        raise UsageError("There is no question.", 'Ask something: orchestrator consult "..."')
    named = listed(agents, "--agents") or ["auto"]
    if "auto" in named and len(named) > 1:
        raise UsageError("auto chooses the agents, and others are named too.", "Name agents, or auto alone.")
    with opened(model) as orchestrator:
        documents = attachments(attach, take_pipe=take_pipe)
        tell(f"Asking ({orchestrator.model_label()}) ...")
        answers = orchestrator.multi_agent_consultation(
            text,
            "auto" if named == ["auto"] else named,
            attach=documents,
            remember=not (no_memory or forget),
            on_answer=None if as_json else _show,
            on_note=tell,
        )
        if as_json:
            say_json([asdict(answer) for answer in answers])
        failed = [answer for answer in answers if answer.error]
        if len(failed) == len(answers):
            raise ModelError("No agent could answer.", failed[0].error)


def _show(answer: "Answer") -> None:
    why = f" (chosen for: {', '.join(answer.why)})" if answer.why else ""
    say(f"## {answer.title}{why}\n")
    say(answer.text if not answer.error else f"(absent: {answer.error})")
    say()
    for note in answer.notes:
        tell(f"{answer.title}: {note}")
