"""What a person asked between two phases and was answered, which is no turn of anybody where the person has no seat."""

from collections.abc import Sequence
from dataclasses import dataclass

from agents.meeting.journal import Event, Kind
from agents.meeting.phases import ANSWER, MORE

_PERSON = ".note.person."
"""What stands in the key of a note on what a person asked for, before the end of the names of its phases."""


@dataclass(frozen=True, slots=True)
class Answered:
    """A note on a question to which there are answers.

    Attributes:
        key: the key of the note in the journal.
        topic: the number of the topic.
        phase: the phase of the answers.
        text: what was asked, in a sentence.
    """

    key: str
    topic: int
    phase: str
    text: str


def answered(events: Sequence[Event]) -> list[Answered]:
    """The notes on what a person asked and somebody answered, in order; a question without a turn is not among them."""
    phases = {(event.topic, event.phase) for event in events if event.kind == Kind.TURN}
    found = []
    for event in events:
        if event.kind == Kind.NOTE and (pause := event.key.partition(_PERSON)[2]):
            phase = next((one for word in (ANSWER, MORE) if (event.topic, one := f"{word}_{pause}") in phases), "")
            found += [Answered(event.key, event.topic, phase, event.text)] if phase else []
    return found
