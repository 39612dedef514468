"""``orchestrator ask``: one agent, one question, a streamed answer."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from agents.cli.context import Attach, Forget, ModelName, NoMemory, attachments, opened
from agents.cli.terminal.answer_stream import AnswerStream, WaitingLine
from agents.cli.terminal.output import tell
from agents.cli.terminal.standard_input import piped
from agents.errors import UnknownName, UsageError

if TYPE_CHECKING:
    from agents.orchestrator import AgentOrchestrator

_CLOSE = 0.75
"""How similar a word must be to an agent's name, from 0 to 1, to be that name with a mistake in it."""


def ask(
    agent: Annotated[
        str | None, typer.Argument(metavar="[AGENT]", help="An agent, such as security_engineer; may be left out.")
    ] = None,
    question: Annotated[
        list[str] | None, typer.Argument(metavar="QUESTION", help="The question; - or nothing reads standard input.")
    ] = None,
    skill: Annotated[
        str | None, typer.Option("--skill", "-s", help="A skill of this agent, such as review_code.")
    ] = None,
    attach: Attach = None,
    session: Annotated[str, typer.Option("--session", help="The conversation this belongs to.")] = "default",
    no_memory: NoMemory = False,
    forget: Forget = False,
    model: ModelName = None,
) -> None:
    """Ask one agent; it remembers. Without an agent, the one whose field the question is.

    Example: orchestrator ask security_engineer "Review this" --attach auth.py --skill review_code
    """
    with opened(model) as orchestrator:
        named, text, unknown = _agent_and_question(orchestrator, agent, question or [])
        take_pipe = text.strip() not in {"", "-"}
        documents = attachments(attach, take_pipe=take_pipe)
        text = text if take_pipe else piped()
        if not text.strip() and not skill:
            raise UsageError("There is no question.", 'Ask something: orchestrator ask AGENT "..."')
        agent_id = named or _chosen(orchestrator, text, unknown)
        title = orchestrator.get_agent_info(agent_id).title
        tell(f"{title} ({orchestrator.model_label()})")
        answer, later = AnswerStream(WaitingLine(repaint=False)), list[str]()
        try:
            orchestrator.chat_with_agent(
                agent_id, text, skill=skill, attach=documents, session=session, remember=not (no_memory or forget),
                on_text=answer, on_note=lambda note: later.append(note) if answer.pieces else tell(note),
            )  # fmt: skip
        finally:
            answer.end()
        for note in later:
            tell(note)


def _agent_and_question(
    orchestrator: "AgentOrchestrator", first: str | None, more: Sequence[str]
) -> tuple[str | None, str, UnknownName | None]:
    """The agent, or None where the first word belongs to the question; the question; and the error if no agent's field
    is the question, so that the first word was an agent's name after all.

    Raises:
        UnknownName: the first word is an agent's name with a mistake in it, or a name that no agent has.
    """
    if first is None or first.strip() in {"", "-"}:
        return None, " ".join([first or "", *more]).strip(), None
    try:
        return orchestrator.get_agent_info(first).id, " ".join(more), None
    except UnknownName as error:
        words = " ".join([first, *more])
        if not first.replace("_", "").replace("-", "").isalnum():
            return None, words, None
        if more and not error.near(_CLOSE) and "_" not in first:
            return None, words, error
        raise


def _chosen(orchestrator: "AgentOrchestrator", question: str, unknown: UnknownName | None) -> str:
    """The agent whose field the question is; the user is told which and why."""
    from agents.orchestrator.choose import NO_FIELD

    (name, why), *_ = orchestrator.choose_agents(question, 1).items()
    if unknown and why == (NO_FIELD,):
        raise unknown
    tell(f"To {orchestrator.get_agent_info(name).title} ({', '.join(why) or 'the best of several'}).")
    return name
