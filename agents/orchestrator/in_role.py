"""Answers the messages of a program in the role of an agent; nothing is remembered, and no memory is read."""

from collections.abc import Sequence

from agents.agent import Agent
from agents.documents import Attachments, Passage, read_all
from agents.errors import UsageError
from agents.model import Message, OnText, Reply
from agents.orchestrator.ask import DOCUMENT_SHARE, OnNote, remarks
from agents.orchestrator.resources import Resources
from agents.orchestrator.shown import NOTHING, Request, shown_to

MESSAGE_TOKENS = 8
"""What a message costs beside its text."""
MOST_OF_CONTEXT = 0.5
"""The part of the context that an answer may take, however long a caller allows it to be."""
CALLER_SAYS = "The program that you are asked through adds:"
"""Stands before the system messages of the caller, which follow the brief of the role."""


async def reply_in_role(
    resources: Resources,
    agent_id: str,
    messages: Sequence[Message],
    *,
    attach: Attachments = (),
    max_tokens: int | None = None,
    on_text: OnText | None = None,
    on_note: OnNote | None = None,
) -> Reply:
    """Answer the last message of a user; arguments and errors are those of ``AgentOrchestrator.reply_in_role``."""
    asked = max((n for n, one in enumerate(messages) if one.author == "user" and one.text.strip()), default=-1)
    if asked < 0:
        raise UsageError("There is no question.", "Pass a message of a user.", about="message")
    question = messages[asked].text
    rules = "\n\n".join(one.text.strip() for one in messages if one.author == "system" and one.text.strip())
    talk = [one for one in messages[:asked] if one.author != "system" and one.text.strip()]
    documents = read_all(attach)
    agent = await resources.agent(agent_id)
    longest = _longest(agent, max_tokens or resources.settings.num_predict)
    context = f"{CALLER_SAYS}\n{rules}" if rules else ""
    request = Request.about(documents, f"{context}\n{question}", None, longest, DOCUMENT_SHARE)
    shown = shown_to(agent, request) if documents else NOTHING
    passages = shown.passages.get(agent.role.id, ())
    kept = _latest(agent, talk, request, passages)
    for note in (
        *(document.note for document in documents),
        shown.note(agent.role.title),
        _left_out(agent, len(talk) - len(kept)),
    ):
        if on_note and note:
            on_note(note)
    reply = await agent.chat(
        question,
        documents=passages,
        earlier=kept,
        context=context,
        max_tokens=longest,
        remember=False,
        on_text=on_text,
    )
    for note in remarks(reply, longest):
        if on_note:
            on_note(note)
    return reply


def _longest(agent: Agent, wanted: int) -> int:
    """The most tokens of the answer: what is wanted, as far as the context leaves room for a question."""
    return max(1, min(wanted, int(agent.model.context_tokens * MOST_OF_CONTEXT)))


def _latest(
    agent: Agent, talk: Sequence[Message], request: Request, passages: Sequence[Passage]
) -> tuple[Message, ...]:
    """The latest messages that fit beside the question and the passages; a message is never cut."""
    count = agent.model.count_tokens
    room = agent.room_for(request.question, None, request.longest)
    room -= sum(count(passage.text) + 40 for passage in passages)
    kept: list[Message] = []
    for message in reversed(talk):
        room -= count(message.text) + MESSAGE_TOKENS
        if room < 0:
            break
        kept.insert(0, message)
    return tuple(kept)


def _left_out(agent: Agent, number: int) -> str:
    """That the oldest messages were left out, in a sentence; "" if none were."""
    if not number:
        return ""
    said = "The oldest message was" if number == 1 else f"The {number} oldest messages were"
    context = agent.model.context_tokens
    return f"{said} left out: the {agent.role.title} has a context of {context} tokens. A higher NUM_CTX allows more."
