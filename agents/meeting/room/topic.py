"""The topic that a meeting discusses now."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from agents.agent import Agent
from agents.documents import Passage
from agents.meeting import echoes, reading
from agents.meeting.context import Packing, shorten
from agents.meeting.journal_values import PersonDecision, PutToVote
from agents.meeting.phases import phase_of
from agents.meeting.prompts import Ask, is_chosen
from agents.meeting.record import Ballot, Position, Topic, Turn
from agents.meeting.room.person import SeatedPerson
from agents.meeting.sections import CountTokens, Library
from agents.model import Message
from agents.text import set_apart

LEAST_NOTE = 50
"""The fewest tokens of a speaker's own note from a reading turn that are worth showing."""


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
        repeated: how often later turns said the same as an entry, by the id of its turn and its text.
        proposal: what is voted on.
        decided: what the person who decides has decided; None where nobody does, and before.
        phase: the phase that runs now.
        told: sentences of the program that all are told, and that nobody should say again.
    """

    topic: Topic
    packing: Packing
    head: Message
    library: Library | None = None
    entries: list[Message] = field(default_factory=list)
    turns: list[Turn] = field(default_factory=list)
    ballots: list[Ballot] = field(default_factory=list)
    positions: dict[str, Position] = field(default_factory=dict)
    repeated: Counter[tuple[str, str]] = field(default_factory=Counter)
    proposal: PutToVote | None = None
    decided: PersonDecision | None = None
    phase: str = ""
    told: list[str] = field(default_factory=list)

    def discussion(self) -> tuple[Message, ...]:
        """The messages that the next speaker sees."""
        return (self.head, *self.entries)

    def part_of(self, speaker: str) -> tuple[Passage, ...] | None:
        """The part of the documents that a speaker reads in the phase that runs now; None if that is another phase."""
        return self.packing.part_in(self.phase, speaker)

    def noted_by(self, speaker: str, tokens: int, count: CountTokens) -> str:
        """What a speaker wrote about its earlier parts of the documents, of at most ``tokens`` tokens; "" for nothing.

        The labels are left out: a small model copies labelled lines that it sees into the lines that it is asked for.
        """
        read = [turn for turn in self.turns if turn.speaker == speaker and phase_of(turn).apart]
        notes = [_unlabelled(turn) for turn in read if reading.contributes(turn)]
        notes = notes[-max(1, tokens // LEAST_NOTE) :]
        each = tokens // max(1, len(notes))
        return "; ".join(shorten(note, each, count) for note in notes)

    def repeats(self, turn: Turn) -> str:
        """The id of the earlier turn that this one repeats, or ""."""
        heard = (other for other in self.turns if not phase_of(other).apart)
        said = [(other.id, other.text) for other in heard if reading.contributes(other)]
        return reading.repeats(turn.text, said)

    def repeated_entries(self, turn: Turn) -> dict[int, tuple[str, str]]:
        """The places of the entries of a turn that add nothing to an entry of an earlier turn, each with the id of that
        turn and the text of its entry.
        """
        earlier = [
            (other.id, entry.text)
            for other in self.turns
            if other.entries and not other.dropped
            for entry in other.entries
            if not is_chosen(entry.label)
        ]
        own = {
            place: echoes.unquoted(entry.text)
            for place, entry in enumerate(turn.entries or ())
            if not is_chosen(entry.label)
        }
        found = {place: echoes.said_before(text, earlier) for place, text in own.items()}
        return {place: other for place, other in found.items() if other is not None}

    def said_in(self, turn_id: str, label: str) -> tuple[str, ...]:
        """The words of the entries with this label in a turn."""
        entries = (turn.entries or () for turn in self.turns if turn.id == turn_id)
        return tuple(entry.text for each in entries for entry in each if entry.label == label)

    def add(self, turn: Turn, name: str, count: CountTokens) -> bool:
        """Record a turn, and add it to the discussion unless it was dropped, says PASS, or is only for its speaker.

        Args:
            turn: a finished turn.
            name: the name that later speakers see.
            count: counts tokens.

        Returns:
            Whether the turn was shortened to fit the context.
        """
        self.turns.append(turn)
        if not reading.contributes(turn) or phase_of(turn).apart:
            return False
        text = shorten(turn.text, self.packing.shortened(phase_of(turn).entry_tokens), count)
        self.entries.append(Message("user", f"[{turn.id}] {name}:\n{set_apart(text)}", turn.id, turn.speaker))
        return text != turn.text


def _unlabelled(turn: Turn) -> str:
    """What a turn says as one text, without its labels."""
    if turn.entries is None:
        said = " ".join(map(reading.without_label, turn.text.split("\n")))
    else:
        said = " ".join(entry.text for entry in turn.entries)
    return " ".join(said.split())


def by_model(asks: Sequence[Ask], agents: Mapping[str, Agent], first: str) -> list[Ask]:
    """Sort the questions of a round by model, so that a server with memory for one model loads each model once. A
    person is asked first, before anybody else has spoken.

    Args:
        asks: the questions.
        agents: every participant, by role id.
        first: label of the model that comes first.
    """
    labels = {ask.speaker: agents[ask.speaker].model.label if ask.speaker in agents else first for ask in asks}
    human = SeatedPerson.label
    return sorted(
        asks, key=lambda ask: (labels[ask.speaker] != human, labels[ask.speaker] != first, labels[ask.speaker])
    )
