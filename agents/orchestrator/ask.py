"""Asks agents outside meetings: one alone, several at once, or one after the other."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

from agents.agent import Agent, skill_of
from agents.documents import Attachments, Document, Passage, read_all
from agents.errors import OrchestratorError, UsageError
from agents.meeting import context
from agents.meeting.record import Unread
from agents.meeting.unread import as_plain, said, unread_lines
from agents.model import RESERVE_TOKENS, Message, OnText, Reply, Task
from agents.orchestrator.choose import NO_FIELD, choose
from agents.orchestrator.request import listed
from agents.orchestrator.resources import Resources
from agents.orchestrator.shown import NOTHING, Request, Shown, not_shown, shown_to, shown_to_panel, together
from agents.role import Role, standing
from agents.workflow import Step, StepResult, handed_on, parse_step

DOCUMENT_SHARE = 0.7
LEAST_SHARE = 40
"""The fewest tokens to which the answer of an earlier step is shortened."""

OnAgentText = Callable[[str, str], None]
"""Receives an agent's id (or a step's name) and the next piece of its answer."""
OnNote = Callable[[str], None]
"""Receives a remark for the user, such as which lines of a document an agent was not shown."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer of one agent in a consultation, or the reason why there is none.

    Attributes:
        agent: role id.
        title: the role's title.
        text: the answer; "" if there is an error.
        error: one line, or "".
        why: the words of the question that chose this agent, or what the model says of it; empty if it was named.
        notes: remarks about this answer: that it was cut, or which lines of a document the agent was not shown although
            another one was.
        unread: the lines of the documents that the agent was not shown, and the settings that would show them, as plain
            values; empty without documents.
    """

    agent: str
    title: str
    text: str
    error: str = ""
    why: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    unread: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ContextUse:
    """How full the model's context is for the next question.

    Attributes:
        used: about how many tokens are sent with the next question: the role and the latest messages.
        available: the maximum number of tokens of a question with its answer.
    """

    used: int
    available: int


LATEST_MESSAGES = 24
"""Number of messages that are counted for the next question."""


async def context_use(resources: Resources, agent_id: str, session: str) -> ContextUse:
    """How full the model's context is for the next question to an agent; "" if none is chosen yet."""
    model = await resources.model()
    if not agent_id:
        return ContextUse(0, model.context_tokens)
    agent = await resources.agent(agent_id)
    talk = resources.store.memories.recent(agent.role.id, session, limit=LATEST_MESSAGES)
    used = model.context_tokens - agent.room_for("", None, 0) + sum(model.count_tokens(one.text) for one in talk)
    return ContextUse(min(used, model.context_tokens), model.context_tokens)


async def chat(
    resources: Resources,
    agent_id: str,
    message: str,
    *,
    skill: str | None = None,
    attach: Attachments = (),
    session: str = "default",
    remember: bool = True,
    on_text: OnText | None = None,
    on_note: OnNote | None = None,
) -> str:
    """Ask one agent; arguments and errors are those of ``AgentOrchestrator.chat_with_agent``."""
    if not message.strip() and not skill:
        raise UsageError("There is no question.", "Pass a `message`, or a `skill`.", about="message")
    documents = read_all(attach)
    resources.roles[agent_id]
    agent = await resources.agent(agent_id)
    longest = resources.settings.num_predict
    request = Request.about(documents, message, skill, longest, DOCUMENT_SHARE)
    shown = shown_to(agent, request) if documents else NOTHING
    _tell_how_read(on_note, documents)
    _tell(on_note, shown.note(agent.role.title))
    reply = await agent.chat(
        message,
        session=session,
        skill=skill,
        documents=shown.passages.get(agent.role.id, ()),
        max_tokens=longest,
        remember=remember,
        on_text=on_text,
    )
    for note in remarks(reply, longest):
        _tell(on_note, note)
    return reply.text


def remarks(reply: Reply, longest: int) -> tuple[str, ...]:
    """What the user should know about an answer: the model's own notes, and why it ends where it ends."""
    cut = {
        "length": f"The answer was cut at its longest length, {longest} tokens; a higher NUM_PREDICT allows more.",
        "loop": "The model repeated itself without end and was stopped. Ask in other words, or use a larger model.",
    }
    return (*reply.notes, *(words for ended, words in cut.items() if ended == reply.ended))


async def consult(
    resources: Resources,
    question: str,
    agents: Sequence[str] | str = "auto",
    *,
    attach: Attachments = (),
    remember: bool = True,
    on_text: OnAgentText | None = None,
    on_answer: Callable[[Answer], None] | None = None,
    on_note: OnNote | None = None,
) -> list[Answer]:
    """Ask several agents the same; the arguments are those of ``AgentOrchestrator.multi_agent_consultation``."""
    if not question.strip():
        raise UsageError("There is no question.", "Pass a `message`, or a `skill`.", about="message")
    if agents == "auto":
        chosen = await choose(resources, question)
        _tell(on_note, asked_by_choice(resources.roles, chosen))
    elif listed(agents) == ["all"]:
        chosen = dict.fromkeys(standing(resources.roles), ())
    else:
        chosen = {resources.roles[name].id: () for name in listed(agents)}
    if not chosen:
        raise UsageError("No agents are named.", 'Pass their ids as `agents`, or "auto".', about="agents")
    await resources.model()
    documents, longest = read_all(attach), resources.settings.num_predict
    request = Request.about(documents, question, None, longest, DOCUMENT_SHARE)
    shown = await _shown_to_all(resources, list(chosen), request) if request.passages else NOTHING
    _tell_how_read(on_note, documents)
    _tell(on_note, shown.note(""))

    async def ask(agent_id: str) -> Answer:
        title = resources.roles[agent_id].title
        unread = shown.each.get(agent_id, Unread())
        try:
            agent = await resources.agent(agent_id)
            reply = await agent.chat(
                question, documents=shown.passages.get(agent_id, ()), max_tokens=longest, remember=remember,
                on_text=_named(on_text, agent_id),
            )  # fmt: skip
            own = not_shown(unread, title) if unread != shown.unread else ""
            notes = (*([own] if own else []), *remarks(reply, longest))
            answer = Answer(agent_id, title, reply.text, why=chosen[agent_id], notes=notes)
        except OrchestratorError as error:
            answer = Answer(agent_id, title, "", error.cause, chosen[agent_id])
        answer = replace(answer, unread=as_plain(unread) if request.passages else {})
        if on_answer:
            on_answer(answer)
        return answer

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(ask(agent_id)) for agent_id in chosen]
    answers = [task.result() for task in tasks]
    _tell(on_note, _lost(answers, shown, request))
    return answers


def asked_by_choice(roles: Mapping[str, Role], chosen: Mapping[str, Sequence[str]]) -> str:
    """Who is asked, and why, in one sentence."""
    if all(why == (NO_FIELD,) for why in chosen.values()):
        return f"Asked, because {NO_FIELD}: {', '.join(roles[name].title for name in chosen)}."
    said = (f"{roles[name].title} ({', '.join(why)})" if why else roles[name].title for name, why in chosen.items())
    return f"Asked: {', '.join(said)}."


def _lost(answers: Sequence[Answer], shown: Shown, request: Request) -> str:
    """The lines that only agents without an answer were shown, in a sentence, or ""."""
    heard = [one for answer in answers if not answer.error for one in shown.passages.get(answer.agent, ())]
    if not request.passages or not heard or all(not answer.error for answer in answers):
        return ""
    dealt = {one for own in shown.passages.values() for one in own}
    lost = Unread(unread_lines(request.passages, dealt - set(heard)))
    return said(lost, "Only agents who gave no answer were shown")


async def _shown_to_all(resources: Resources, agents: Sequence[str], request: Request) -> Shown:
    """What each agent of a panel is shown; one whose model cannot be opened is told when it is asked."""
    opened = []
    for agent_id in agents:
        with suppress(OrchestratorError):
            opened.append(await resources.agent(agent_id))
    return shown_to_panel(opened, request) if opened else NOTHING


async def work(
    resources: Resources,
    task: str,
    steps: Sequence[str | Step],
    *,
    attach: Attachments = (),
    on_text: OnAgentText | None = None,
    on_step: Callable[[StepResult], None] | None = None,
    on_note: OnNote | None = None,
) -> list[StepResult]:
    """Have agents work one after the other; the arguments are those of ``AgentOrchestrator.collaborative_task``."""
    parsed = [parse_step(step, number) if isinstance(step, str) else step for number, step in enumerate(steps, 1)]
    if not parsed:
        raise UsageError(
            "A workflow needs at least one step.", 'Pass `steps`, such as "cto:Name the risks".', about="steps"
        )
    for step in parsed:
        role = resources.roles[step.agent]
        if step.skill:
            skill_of(role, step.skill)
    documents = read_all(attach)
    _tell_how_read(on_note, documents)
    longest = resources.settings.num_predict
    done: list[StepResult] = []
    read: list[Shown] = []
    request = Request.about(documents, "", None, longest, DOCUMENT_SHARE / 2)
    for step in parsed:
        agent = await resources.agent(step.agent)
        message = f"The whole task: {task}\nYour step now: {step.task or 'do your part of it'}" if task else step.task
        request = replace(request, question=message, skill=step.skill or None)
        shown = shown_to(agent, request) if documents else NOTHING
        own = shown.passages.get(agent.role.id, ())
        earlier, cut = _fit(done, agent, request, own)
        notes = (*filter(None, [shown.note(agent.role.title)]), *cut)
        unread = as_plain(shown.unread) if documents else {}
        try:
            reply = await agent.chat(
                message,
                skill=step.skill or None,
                documents=own,
                earlier=earlier,
                task=Task.STEP,
                max_tokens=longest,
                remember=False,
                on_text=_named(on_text, step.name),
            )
            done.append(StepResult(step, reply.text, notes=(*notes, *remarks(reply, longest)), unread=unread))
            read.append(shown)
        except OrchestratorError as error:
            done.append(StepResult(step, "", error.cause, unread=unread))
        if on_step:
            on_step(done[-1])
        if done[-1].error:
            break
    if documents and len(parsed) > 1:
        _tell(on_note, not_shown(together(request, read)))
    return done


def _named(on_text: OnAgentText | None, name: str) -> OnText | None:
    return None if on_text is None else lambda piece: on_text(name, piece)


def _tell(on_note: OnNote | None, note: str) -> None:
    if on_note and note:
        on_note(note)


def _tell_how_read(on_note: OnNote | None, documents: Sequence[Document]) -> None:
    for document in documents:
        _tell(on_note, document.note)


def _fit(
    done: Sequence[StepResult], agent: Agent, request: Request, shown: Sequence[Passage]
) -> tuple[tuple[Message, ...], tuple[str, ...]]:
    """The answers of earlier steps, each shortened to an equal part of the free context; and a sentence about each one
    that is shortened.

    Args:
        done: the earlier steps.
        agent: who is asked now.
        request: what it is asked.
        shown: the passages that it is shown.
    """
    if not done:
        return (), ()
    count, earlier = agent.model.count_tokens, handed_on(done)
    room = agent.room_for(request.question, None, request.longest) - 8 * RESERVE_TOKENS
    used, most = (sum(count(one.text) + context.PASSAGE_OVERHEAD for one in each) for each in (shown, request.passages))
    share = max(LEAST_SHARE, (room - used) // len(earlier))
    kept = [context.shorten(each.text, share, count) for each in earlier]
    needed = max(count(each.text) for each in earlier) * len(earlier) + most - room + agent.model.context_tokens
    enough = next((size for size in context.CONTEXTS if size >= needed), 0)
    notes = tuple(
        f"The {agent.role.title} was shown only the beginning of the answer of the step {result.step.name!r}: "
        f"{_letters(text)} of {len(each.text)} letters." + (f" NUM_CTX={enough} would include all." if enough else "")
        for result, each, text in zip(done, earlier, kept, strict=True)
        if text != each.text
    )
    return tuple(replace(each, text=text) for each, text in zip(earlier, kept, strict=True)), notes


def _letters(shortened: str) -> int:
    """The number of letters that are left of a text that was shortened."""
    return len(shortened.removesuffix(" ..."))
