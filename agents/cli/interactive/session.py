"""One interactive session, apart from any terminal: whom one talks with, what was asked, what it left."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from agents.cli.context import names
from agents.cli.terminal.answer_stream import Heard, Sign
from agents.cli.terminal.output import say, tell
from agents.errors import UsageError

if TYPE_CHECKING:
    from agents.orchestrator import AgentOrchestrator
    from agents.orchestrator.ask import Answer

SESSION = "default"
"""The conversation that an interactive session goes on with; ``ask`` uses the same."""
STOPPED = "[stopped here]"
WORTH_MEASURING = 0.5
"""Seconds an answer must take before its speed is shown."""


@dataclass(slots=True)
class Exchange:
    """A question and what became of it.

    Attributes:
        agents: who was asked.
        words: what.
        skill: the skill asked for, or None.
        attach: the documents that went with it.
        answers: what was said, by agent; what Ctrl-C stopped ends in ``STOPPED``.
    """

    agents: tuple[str, ...]
    words: str
    skill: str | None = None
    attach: tuple[Path, ...] = ()
    answers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Status:
    """What the status line says.

    Attributes:
        agent: whom one talks with, or "".
        model: the model's label.
        used: about how many tokens the next question to this agent takes along.
        context: how many there may be.
        speed: tokens a second of the last answer; 0.0 when it is not known.
        meeting: what became of the last meeting, or "".
        attached: how many documents go with the next question.
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
        orchestrator: what answers.
        plain: whether everything is said line by line, nothing repainted.

    Attributes:
        agent: the agent talked with, or "".
        attached: documents that go with what is asked next.
        exchanges: what was asked in this session, oldest first.
        meeting: id and state of the last meeting of this session, or "".
    """

    def __init__(self, orchestrator: "AgentOrchestrator", *, plain: bool = True) -> None:
        self.orchestrator = orchestrator
        self.plain = plain
        self.agent = ""
        self.attached: list[Path] = []
        self.exchanges: list[Exchange] = []
        self.meeting = ""
        self.written: set[Path] = set()
        self.label = orchestrator.model_label()
        self._speed = 0.0

    def to_agent(self, words: str) -> None:
        """Plain words: to the agent talked with, or to the one whose field they are."""
        if not self.agent:
            try:
                (name, why), *_ = self.orchestrator.choose_agents(words, 1).items()
            except UsageError as error:
                raise UsageError(error.cause, "Write @agent QUESTION; /agents lists them.") from None
            self.agent = name
            tell(f"To {self.title(name)}, for: {', '.join(why)}. @agent chooses another.")
        self.ask(Exchange((self.agent,), words, attach=self.taken()))

    def address(self, who: str, words: str) -> None:
        """``@agent``, ``@one,two`` or ``@all``."""
        known = self.orchestrator.roles
        chosen = list(known) if who.lower() == "all" else [known[name].id for name in names(who)]
        if not chosen:
            raise UsageError("Nobody is named.", "Write @agent QUESTION, @one,two QUESTION or @all QUESTION.")
        if len(chosen) == 1:
            self.agent = chosen[0]
        elif not words:
            raise UsageError("There is no question for them.", "Write @one,two QUESTION.")
        if words:
            self.ask(Exchange(tuple(dict.fromkeys(chosen)), words, attach=self.taken()))
        else:
            tell(f"You talk with {self.title(self.agent)}.")

    def ask(self, exchange: Exchange) -> None:
        """Ask what an exchange says, of one agent or of several at once.

        Raises:
            KeyboardInterrupt: it was stopped; what had come is kept, on the screen and in the agents' memories.
        """
        self.exchanges.append(exchange)
        if len(exchange.agents) == 1:
            self._ask_one(exchange)
        else:
            self._ask_several(exchange)

    def _ask_one(self, exchange: Exchange) -> None:
        (agent,) = exchange.agents
        sign = Sign(repaint=not self.plain)
        heard = Heard(sign)
        sign.put_up(f"{self.title(agent)} is thinking ...")
        try:
            exchange.answers[agent] = self.orchestrator.chat_with_agent(
                agent, exchange.words, skill=exchange.skill, attach=exchange.attach, session=SESSION, on_text=heard
            )
        except KeyboardInterrupt:
            self._keep_part(exchange, agent, heard.text)
            raise
        finally:
            heard.end()
        if heard.seconds > WORTH_MEASURING:
            self._speed = self.orchestrator.count_tokens(heard.text) / heard.seconds

    def _ask_several(self, exchange: Exchange) -> None:
        heard = {name: Heard() for name in exchange.agents}
        ready: dict[str, Answer] = {}
        waiting = list(exchange.agents)
        sign = Sign(repaint=not self.plain)

        def take(answer: "Answer") -> None:
            """Show answers in the order asked, each as soon as those before it are there."""
            ready[answer.agent] = answer
            if not answer.error:
                exchange.answers[answer.agent] = answer.text
            sign.take_down()
            while waiting and waiting[0] in ready:
                one = ready[waiting.pop(0)]
                self._show(one.agent, one.text or f"(absent: {one.error})")
            if waiting:
                sign.put_up(f"{self.title(waiting[0])} is thinking ...")

        sign.put_up(f"{len(waiting)} are thinking ...")
        try:
            self.orchestrator.multi_agent_consultation(
                exchange.words,
                list(exchange.agents),
                attach=exchange.attach,
                on_text=lambda name, piece: heard[name](piece),
                on_answer=take,
            )
        except KeyboardInterrupt:
            sign.take_down()
            for name in waiting:
                if name in ready:
                    self._show(name, ready[name].text)
                elif heard[name].pieces:
                    self._show(name, heard[name].text)
                    self._keep_part(exchange, name, heard[name].text)
            raise
        finally:
            sign.take_down()

    def _show(self, agent: str, text: str) -> None:
        say(f"\n{self.title(agent)}:\n{text}")

    def _keep_part(self, exchange: Exchange, agent: str, text: str) -> None:
        """What an agent had said when it was stopped joins its memory, so that one can refer to it."""
        from agents.model import rough_tokens

        if not text.strip():
            return
        part = f"{text.rstrip()} {STOPPED}"
        exchange.answers[agent] = part
        for author, said in (("user", exchange.words), ("assistant", part)):
            self.orchestrator.memories.add(agent, SESSION, author, said, tokens=rough_tokens(said))

    def undo(self) -> Exchange:
        """Take the last question and its answers back, out of the agents' memories, too.

        Raises:
            UsageError: nothing was asked in this session.
        """
        if not self.exchanges:
            raise UsageError("There is nothing to take back.", "/undo and /retry take what was asked in this session.")
        exchange = self.exchanges.pop()
        for agent, answer in exchange.answers.items():
            said = [exchange.words, answer]
            if not self.orchestrator.memories.forget_newest(agent, SESSION, said):
                tell(f"{self.title(agent)} has heard more since, elsewhere; its memory stays as it is.")
        return exchange

    def retry(self) -> None:
        """Ask the last question again; what was answered is taken back first."""
        exchange = self.undo()
        self.ask(Exchange(exchange.agents, exchange.words, exchange.skill, exchange.attach))

    def use_model(self, name: str) -> None:
        """Have another model answer from now on.

        Raises:
            ModelUnavailable: it cannot be reached, or is not there; the one before stays.
            UsageError: there cannot be such a model.
        """
        self.label = self.orchestrator.use_model(name)
        self._speed = 0.0

    def status(self) -> Status:
        """What the status line says now."""
        use = self.orchestrator.context_use(self.agent, SESSION)
        return Status(self.agent, self.label, use.used, use.available, self._speed, self.meeting, len(self.attached))

    def title(self, agent: str) -> str:
        """An agent's title."""
        return self.orchestrator.get_agent_info(agent).title

    def chosen(self) -> str:
        """The agent talked with.

        Raises:
            UsageError: none is chosen.
        """
        if not self.agent:
            raise UsageError("No agent is chosen.", "Choose one: /switch AGENT, or @AGENT QUESTION.")
        return self.agent

    def taken(self) -> tuple[Path, ...]:
        """The attached documents, which go with one question only."""
        taken, self.attached = tuple(self.attached), []
        return taken
