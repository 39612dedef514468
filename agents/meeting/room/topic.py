"""One topic while it is talked about, and one thing asked of one participant."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from agents.agent import Agent
from agents.meeting import reading
from agents.meeting.context import Count, Library, Packing, shorten
from agents.meeting.phases import phase_of
from agents.meeting.prompts import Ask
from agents.meeting.record import Ballot, Position, Topic, Turn
from agents.model import Message


@dataclass(slots=True)
class Talk:
    """One topic while it is talked about.

    Attributes:
        topic: what it is about.
        packing: what its head holds.
        head: the first message of its transcript.
        library: finds passages of the documents; None where the topic has none.
        entries: what stands in the talk after the head, append-only.
        turns: everything said on it, dropped turns too.
        ballots: the votes.
        positions: each speaker's first position.
        proposal: the turn voted on.
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

    def transcript(self) -> tuple[Message, ...]:
        """What stands in the talk now."""
        return (self.head, *self.entries)

    def repeated(self, turn: Turn) -> str:
        """The id of the earlier turn that this one only repeats, or ""."""
        said = [(other.id, other.text) for other in self.turns if reading.counts(other)]
        return reading.repeats(turn.text, said)

    def join(self, turn: Turn, name: str, count: Count) -> bool:
        """Let a turn stand in the talk, unless it was dropped or passes.

        Args:
            turn: a finished turn.
            name: who is shown as its speaker.
            count: counts tokens.

        Returns:
            Whether it had to be shortened to fit the context.
        """
        self.turns.append(turn)
        if not reading.counts(turn):
            return False
        text = shorten(turn.text, self.packing.shortened(phase_of(turn).entry_tokens), count)
        self.entries.append(Message("user", f"[{turn.id}] {name}:\n{text}", turn.id, turn.speaker))
        return text != turn.text


def by_model(asks: Sequence[Ask], agents: Mapping[str, Agent], first: str) -> list[Ask]:
    """The asks of a round with those to one model together, so that a server with room for one loads each once.

    Args:
        asks: what to ask whom.
        agents: everybody invited, by role id.
        first: label of the model to begin with.
    """
    labels = {ask.speaker: agents[ask.speaker].model.label if ask.speaker in agents else first for ask in asks}
    return sorted(asks, key=lambda ask: (labels[ask.speaker] != first, labels[ask.speaker]))
