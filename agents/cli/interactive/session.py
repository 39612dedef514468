"""One interactive session, without the terminal: the chosen agent, the questions, the answers."""

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from agents.cli.context import names
from agents.cli.terminal.answer_stream import AnswerStream, WaitingLine
from agents.cli.terminal.output import say, tell
from agents.errors import UsageError
from agents.role import standing

if TYPE_CHECKING:
    from pathlib import Path

    from agents.documents import Document
    from agents.orchestrator import AgentOrchestrator
    from agents.orchestrator.ask import Answer

SESSION = "default"
"""The conversation that an interactive session continues; ``ask`` uses the same one."""
STOPPED = "[stopped here]"
WORTH_MEASURING = 0.5
"""Seconds that an answer must take before its speed is shown."""


@dataclass(slots=True)
class Exchange:
    """A question and its answers.

    Attributes:
        agents: the agents that were asked.
        words: the question.
        skill: the skill asked for, or None.
        attach: the attached documents.
        answers: the answers, by agent; an answer stopped by Ctrl-C ends with ``STOPPED``.
    """

    agents: tuple[str, ...]
    words: str
    skill: str | None = None
    attach: "tuple[Document, ...]" = ()
    answers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Status:
    """The content of the status line.

    Attributes:
        agent: the chosen agent, or "".
        model: the model's label.
        used: about how many tokens are sent with the next question to this agent.
        context: the maximum number of tokens.
        speed: tokens per second of the last answer; 0.0 if not known.
        meeting: id and state of the last meeting, or "".
        attached: number of documents for the next question.
    """

    agent: str
    model: str
    used: int
    context: int
    speed: float
    meeting: str
    attached: int


class Conversation:
    """One interactive session.

    Args:
        orchestrator: used for everything.
        plain: whether everything is printed line by line and nothing is repainted.

    Attributes:
        agent: the chosen agent, or "".
        attached: documents for the next question.
        exchanges: the questions of this session, oldest first.
        meeting: id and state of the last meeting of this session, or "".
        typed: what was typed while nothing read the keyboard; the next input line starts with it.
    """

    def __init__(self, orchestrator: "AgentOrchestrator", *, plain: bool = True) -> None:
        self.orchestrator = orchestrator
        self.plain = plain
        self.agent = ""
        self.attached: list[Document] = []
        self.exchanges: list[Exchange] = []
        self.meeting = ""
        self.typed = ""
        self.written: set[Path] = set()
        self.label = orchestrator.model_label()
        self._speed = 0.0

    def to_agent(self, words: str) -> None:
        """Send plain words to the chosen agent, or to the one whose field they are."""
        if not self.agent:
            (name, why), *_ = self.orchestrator.choose_agents(words, 1).items()
            self.agent = name
            tell(f"To {self.title(name)} ({', '.join(why) or 'the best of several'}). @agent chooses another.")
        self.ask(Exchange((self.agent,), words, attach=self.taken()))

    def address(self, who: str, words: str) -> None:
        """Send words to ``@agent``, ``@one,two`` or ``@all``."""
        known = self.orchestrator.roles
        chosen = list(standing(known)) if who.lower() == "all" else [known[name].id for name in names(who)]
        if not chosen:
            raise UsageError(
                "There is no name behind the @.",
                "Name an agent first: @agent QUESTION, @one,two QUESTION, @all QUESTION.",
            )
        if len(chosen) == 1:
            self.agent = chosen[0]
        elif not words:
            raise UsageError("There is no question for these agents.", "Write @one,two QUESTION.")
        if words:
            self.ask(Exchange(tuple(dict.fromkeys(chosen)), words, attach=self.taken()))
        else:
            tell(f"Now talking to {self.title(self.agent)}.")

    def ask(self, exchange: Exchange) -> None:
        """Ask the question of an exchange, of one agent or of several at once.

        Raises:
            KeyboardInterrupt: it was stopped; the part that arrived is kept, on the screen and in the memories.
        """
        self.exchanges.append(exchange)
        if len(exchange.agents) == 1:
            self._ask_one(exchange)
        else:
            self._ask_several(exchange)

    def _ask_one(self, exchange: Exchange) -> None:
        (agent,) = exchange.agents
        waiting = WaitingLine(repaint=not self.plain)
        stream, notes = AnswerStream(waiting), list[str]()
        waiting.show(f"{self.title(agent)} is thinking ...")
        try:
            exchange.answers[agent] = self.orchestrator.chat_with_agent(
                agent, exchange.words, skill=exchange.skill, attach=exchange.attach, session=SESSION,
                on_text=stream, on_note=notes.append,
            )  # fmt: skip
        except KeyboardInterrupt:
            self._keep_part(exchange, agent, stream.text)
            raise
        finally:
            stream.end()
        for note in notes:
            tell(note)
        if stream.seconds > WORTH_MEASURING:
            self._speed = self.orchestrator.count_tokens(stream.text) / stream.seconds

    def _ask_several(self, exchange: Exchange) -> None:
        streams = {name: AnswerStream() for name in exchange.agents}
        ready: dict[str, Answer] = {}
        left = list(exchange.agents)
        waiting = WaitingLine(repaint=not self.plain)

        def take(answer: "Answer") -> None:
            """Show answers in the order asked, each as soon as those before it are complete."""
            ready[answer.agent] = answer
            if not answer.error:
                exchange.answers[answer.agent] = answer.text
            waiting.hide()
            while left and left[0] in ready:
                one = ready[left.pop(0)]
                self._show(one.agent, one.text or f"(absent: {one.error})")
                for note in one.notes:
                    tell(f"{one.title}: {note}")
            if left:
                waiting.show(f"{self.title(left[0])} is thinking ...")

        waiting.show(f"{len(left)} are thinking ...")
        try:
            self.orchestrator.multi_agent_consultation(
                exchange.words,
                list(exchange.agents),
                attach=exchange.attach,
                on_text=lambda name, piece: streams[name](piece),
                on_answer=take,
                on_note=partial(_note, waiting),
            )
        except KeyboardInterrupt:
            waiting.hide()
            for name in left:
                if name in ready:
                    self._show(name, ready[name].text)
                elif streams[name].pieces:
                    self._show(name, streams[name].text)
                    self._keep_part(exchange, name, streams[name].text)
            raise
        finally:
            waiting.hide()

    def _show(self, agent: str, text: str) -> None:
        say(f"\n{self.title(agent)}:\n{text}")

    def _keep_part(self, exchange: Exchange, agent: str, text: str) -> None:
        """Add the part of a stopped answer to the agent's memory, so that the user can refer to it."""
        from agents.model import rough_tokens

        if not text.strip():
            return
        part = f"{text.rstrip()} {STOPPED}"
        exchange.answers[agent] = part
        for author, said in (("user", exchange.words), ("assistant", part)):
            self.orchestrator.memories.add(agent, SESSION, author, said, tokens=rough_tokens(said))

    def undo(self) -> Exchange:
        """Take back the last question and its answers, also from the agents' memories.

        Raises:
            UsageError: nothing was asked in this session.
        """
        if not self.exchanges:
            raise UsageError("There is nothing to take back.", "/undo and /retry work on questions of this session.")
        exchange = self.exchanges.pop()
        for agent, answer in exchange.answers.items():
            said = [exchange.words, answer]
            if not self.orchestrator.memories.forget_newest(agent, SESSION, said):
                tell(f"{self.title(agent)} was asked something else since then; its memory is not changed.")
        return exchange

    def retry(self) -> None:
        """Take back the last question and its answers, and ask it again."""
        exchange = self.undo()
        self.ask(Exchange(exchange.agents, exchange.words, exchange.skill, exchange.attach))

    def use_model(self, name: str) -> None:
        """Use another model from now on; if it fails, the old one stays.

        Raises:
            ModelUnavailable: it cannot be reached, or it is not there.
            UsageError: this is not a name that a model can have.
        """
        self.label = self.orchestrator.use_model(name)
        self._speed = 0.0

    def status(self) -> Status:
        """The content of the status line now."""
        use = self.orchestrator.context_use(self.agent, SESSION)
        return Status(self.agent, self.label, use.used, use.available, self._speed, self.meeting, len(self.attached))

    def title(self, agent: str) -> str:
        """An agent's title."""
        return self.orchestrator.get_agent_info(agent).title

    def chosen(self) -> str:
        """The chosen agent.

        Raises:
            UsageError: none is chosen.
        """
        if not self.agent:
            raise UsageError("No agent is chosen.", "Choose one: /switch AGENT, or @AGENT QUESTION.")
        return self.agent

    def unfinished(self) -> str:
        """Id of the last meeting of this session, if it was not held to its end; otherwise ""."""
        meeting_id, _, state = self.meeting.partition(" ")
        return meeting_id if state == "stopped" else ""

    def taken(self) -> "tuple[Document, ...]":
        """The attached documents, which are used for one question only."""
        taken, self.attached = tuple(self.attached), []
        return taken


def _note(waiting: WaitingLine, text: str) -> None:
    """Show a remark in the place of the line that says who is asked."""
    waiting.hide()
    tell(text)
