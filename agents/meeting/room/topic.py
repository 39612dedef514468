"""The topic that a meeting discusses now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from agents.agent import Agent
from agents.meeting import reading
from agents.meeting.context import CountTokens, Library, Packing, shorten
from agents.meeting.phases import phase_of
from agents.meeting.prompts import Ask
from agents.meeting.record import Ballot, Position, Topic, Turn
from agents.model import Message


@dataclass(slots=True)
class OpenTopic:
    """The topic that a meeting discusses now.

    Attributes:
        topic: what it is about.
        packing: how the context is divided.
        head: the first message of the discussion: the topic, its questions and the shared passages.
        library: finds passages of the documents; None if the speakers see no documents.
        entries: the messages of the discussion after the head; they are only appended to.
        turns: everything said on the topic, also the turns that later speakers do not see.
        ballots: the votes.
        positions: each speaker's position, by role id.
        proposal: the turn whose words are voted on.
        phase: the phase that runs now.
    """

    topic: Topic
    packing: Packing
    head: Message
    library: Library | None = None
    entries: list[Message] = field(default_factory=list)
    turns: list[Turn] = field(default_factory=list)
    ballots: list[Ballot] = field(default_factory=list)
    positions: dict[str, Position] = field(default_factory=dict)
    proposal: Turn | None = None
    phase: str = ""

    def discussion(self) -> tuple[Message, ...]:
        """The messages that the next speaker sees."""
        return (self.head, *self.entries)

    def repeated(self, turn: Turn) -> str:
        """The id of the earlier turn that this one repeats, or ""."""
        said = [(other.id, other.text) for other in self.turns if reading.contributes(other)]
        return reading.repeats(turn.text, said)

    def add(self, turn: Turn, name: str, count: CountTokens) -> bool:
        """Record a turn, and add it to the discussion unless it was dropped or says PASS.

        Args:
            turn: a finished turn.
            name: the name that later speakers see.
            count: counts tokens.

        Returns:
            Whether the turn was shortened to fit the context.
        """
        self.turns.append(turn)
        if not reading.contributes(turn):
            return False
        text = shorten(turn.text, self.packing.shortened(phase_of(turn).entry_tokens), count)
        self.entries.append(Message("user", f"[{turn.id}] {name}:\n{text}", turn.id, turn.speaker))
        return text != turn.text


def by_model(asks: Sequence[Ask], agents: Mapping[str, Agent], first: str) -> list[Ask]:
    """Sort the questions of a round by model, so that a server with memory for one model loads each model once.

    Args:
        asks: the questions.
        agents: every participant, by role id.
        first: label of the model that comes first.
    """
    labels = {ask.speaker: agents[ask.speaker].model.label if ask.speaker in agents else first for ask in asks}
    return sorted(asks, key=lambda ask: (labels[ask.speaker] != first, labels[ask.speaker]))
