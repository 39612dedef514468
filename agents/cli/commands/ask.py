"""``orchestrator ask``: one agent, one question, a streamed answer."""

from typing import Annotated

import typer

from agents.cli.context import Attach, ModelName, attachments, opened
from agents.cli.terminal.answer_stream import AnswerStream, WaitingLine
from agents.cli.terminal.output import tell
from agents.cli.terminal.standard_input import piped
from agents.errors import UsageError


def ask(
    agent: Annotated[str, typer.Argument(help="An agent, such as security_engineer.")],
    question: Annotated[
        list[str] | None, typer.Argument(help="The question; - or nothing reads standard input.", metavar="QUESTION")
    ] = None,
    skill: Annotated[
        str | None, typer.Option("--skill", "-s", help="A skill of this agent, such as review_code.")
    ] = None,
    attach: Attach = None,
    session: Annotated[str, typer.Option("--session", help="The conversation this belongs to.")] = "default",
    forget: Annotated[bool, typer.Option("--forget", help="Do not use or change the agent's memory.")] = False,
    model: ModelName = None,
) -> None:
    """Ask one agent; it remembers.

    Example: orchestrator ask security_engineer "Review this" --attach auth.py --skill review_code
    """
    text = " ".join(question or [])
    if text.strip() in {"", "-"}:
        text = piped()
        documents = attachments(attach, take_pipe=False)
    else:
        documents = attachments(attach)
    if not text.strip() and not skill:
        raise UsageError("There is no question.", 'Ask something: orchestrator ask AGENT "..."')
    with opened(model) as orchestrator:
        title = orchestrator.get_agent_info(agent).title
        tell(f"{title} ({orchestrator.model_label()})")
        answer, later = AnswerStream(WaitingLine(repaint=False)), list[str]()
        try:
            orchestrator.chat_with_agent(
                agent, text, skill=skill, attach=documents, session=session, remember=not forget, on_text=answer,
                on_note=lambda note: later.append(note) if answer.pieces else tell(note),
            )  # fmt: skip
        finally:
            answer.end()
        for note in later:
            tell(note)
