"""Models that are agents: one answers in its role, or several answer the same question, each on its own."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from agents.api.openai.deltas import Delta, End, Usage
from agents.api.openai.documents import of_instructions, take_out
from agents.api.openai.models import AUTO
from agents.api.openai.runs import Emit, Make
from agents.api.openai.set_apart import Passage
from agents.documents import Document
from agents.errors import ModelError
from agents.export.markdown import escape
from agents.model import Message, rough_tokens
from agents.model.prompt import Author
from agents.orchestrator.ask import Answer, asked_by_choice
from agents.orchestrator.choose import choose

if TYPE_CHECKING:
    from agents.api.openai.requests import ChatMessage, ChatRequest
    from agents.orchestrator.background.owners import Owner

CHAT = "chat.md"
"""The name of the document with the messages before the last one."""
NO_WORDS = "Judge the attached documents."
"""What is asked where a message is nothing but documents."""


def agent_answer(owner: "Owner", request: "ChatRequest") -> Make:
    """Makes the answer of one agent to the messages of a request."""
    last = max(n for n, one in enumerate(request.messages) if one.role == "user")
    earlier = [Message(_author(one.role), _words(one)) for one in request.messages[:last]]
    messages = [*earlier, Message("user", request.user_text or NO_WORDS)]
    return role_answer(owner, request.name, messages, request.documents, request.max_tokens)


def role_answer(
    owner: "Owner",
    agent_id: str,
    messages: Sequence[Message],
    documents: Sequence[Document] = (),
    max_tokens: int | None = None,
    before: str = "",
    after: str = "",
) -> Make:
    """Makes the answer of one agent to some messages; ``before`` and ``after`` is what the program adds to it."""

    async def make(emit: Emit) -> End:
        shown = Passage(alone=True)

        def tell(words: str) -> None:
            if words:
                emit(Delta(content=words))

        tell(before)
        reply = await owner.orchestrator.areply_in_role(
            agent_id,
            messages,
            attach=documents,
            max_tokens=max_tokens,
            on_text=lambda piece: tell(shown.next(piece)),
            on_note=lambda note: emit(Delta(reasoning=f"{note}\n")),
        )
        tell(shown.rest() + after)
        finish = "length" if reply.ended == "length" else "stop"
        return End(finish, Usage(reply.prompt_tokens, reply.reply_tokens))

    return make


def panel_answer(owner: "Owner", request: "ChatRequest") -> Make:
    """Makes the answers of several agents to the last message, each under its title and in the order in which they are
    asked; those that are ready before their turn are held back.
    """
    earlier = earlier_as_document(request)
    documents = (*request.documents, *([earlier] if earlier else []))
    question = request.user_text or NO_WORDS

    async def make(emit: Emit) -> End:
        orchestrator = owner.orchestrator
        names: Sequence[str] = request.name.split(",")
        if request.name == AUTO:
            chosen = await choose(orchestrator.resources, question)
            emit(Delta(reasoning=f"{asked_by_choice(orchestrator.roles, chosen)}\n"))
            names = [*chosen]
        order = [*dict.fromkeys(orchestrator.roles[name.strip()].id for name in names)]
        panel = _InOrder({name: orchestrator.roles[name].title for name in order}, emit)
        answers = await orchestrator.aconsult(
            question,
            order,
            attach=documents,
            remember=False,
            on_text=panel.text,
            on_answer=panel.answer,
            on_note=lambda note: emit(Delta(reasoning=f"{note}\n")),
        )
        if all(one.error for one in answers):
            return End(error=ModelError(answers[0].error, "Ask again."))
        talk = sum(rough_tokens(one.text) for one in request.messages)
        asked = sum(talk + rough_tokens(orchestrator.roles[one.agent].prompt()) for one in answers)
        return End(usage=Usage(asked, sum(rough_tokens(one.text) for one in answers)))

    return make


def earlier_as_document(request: "ChatRequest") -> Document | None:
    """What was said before the last message of the user, as a document; None for nothing."""
    said = request.earlier_text()
    return Document(CHAT, said) if said.strip() else None


class _InOrder:
    """Writes the answers of a panel one after the other, the first unfinished one as it comes.

    Args:
        titles: the titles of those who are asked, by role id, in order.
        emit: takes what is written.
    """

    def __init__(self, titles: dict[str, str], emit: Emit) -> None:
        self._titles = titles
        self._emit = emit
        self._passages = {name: Passage() for name in titles}
        self._held = dict.fromkeys(titles, "")
        self._done: dict[str, Answer] = {}
        self._left = [*titles]
        self._head(first=True)

    def text(self, name: str, piece: str) -> None:
        """A piece of somebody's answer."""
        shown = self._passages[name].next(piece)
        if self._left and name == self._left[0]:
            self._say(shown)
        else:
            self._held[name] += shown

    def answer(self, answer: Answer) -> None:
        """Somebody's answer is complete."""
        self._done[answer.agent] = answer
        while self._left and self._left[0] in self._done:
            name = self._left.pop(0)
            self._end(name, self._done[name])
            if self._left:
                self._head(first=False)

    def _end(self, name: str, answer: Answer) -> None:
        error = f"*No answer:* {escape(answer.error)}" if answer.error else ""
        self._say(self._passages[name].rest() + error)
        for note in answer.notes:
            self._emit(Delta(reasoning=f"{note}\n"))

    def _head(self, *, first: bool) -> None:
        name = self._left[0]
        self._say(f"{'' if first else chr(10) * 2}## {escape(self._titles[name])}\n\n{self._held[name]}")

    def _say(self, words: str) -> None:
        if words:
            self._emit(Delta(content=words))


def _words(message: "ChatMessage") -> str:
    """A message without its documents, which are shown apart from it."""
    if message.role == "system":
        return of_instructions(message.text).text
    return take_out(message.text, asked=False).text if message.role == "user" else message.text


def _author(role: str) -> Author:
    if role == "assistant":
        return "assistant"
    return "system" if role == "system" else "user"
