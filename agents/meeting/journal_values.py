"""The values that only the journal stores: what was chosen, left out, noted and computed while a meeting was held.

Minutes are made of them, and do not contain them. Turns, ballots and absences, which minutes contain, are in record.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from agents.meeting.record import Place, Position, Status


@dataclass(frozen=True, slots=True)
class Drop:
    """The decision that later speakers do not see a turn, or some of its entries.

    Attributes:
        turn: its id; ``why`` is the reason, such as "repeats T2".
        topic, phase, speaker, position: those of the turn.
        entries: the places of the dropped entries in the turn, from 0; empty if the whole turn is dropped.
    """

    turn: str
    why: str
    topic: int = 0
    phase: str = ""
    speaker: str = ""
    position: Position | None = None
    entries: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Words of an answer that are not the speaker's own, so that no turn and no vote contains them.

    Attributes:
        topic, phase, speaker: those of the answer.
        labels: the labels of the entries.
        why: the reason, such as "repeats the role card".
        turn: id of the turn; "" for a vote.
    """

    topic: int
    phase: str
    speaker: str
    labels: tuple[str, ...]
    why: str
    turn: str = ""


@dataclass(frozen=True, slots=True)
class PutToVote:
    """The choice of what is put to the vote on a topic.

    Attributes:
        topic: the topic's number.
        turn: id of the turn that proposes it.
        choice: the name of the choice of the meeting type; "" in a journal of an earlier version.
        text: the sentence that is voted on; "" in a journal of an earlier version.
    """

    topic: int
    turn: str
    choice: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class StructuredAnswer:
    """An answer in JSON: the references that the scribe found, or the dots of a dot vote.

    Attributes:
        topic: the topic's number.
        name: what was asked, such as "dots".
        speaker: role id, or "scribe".
        answer: the parsed JSON; None when no answer was usable.
        numbers: token counts and seconds of the model calls for it.
        model: label of the model that answered; "" for a person, for what code worked out, and in earlier versions.
    """

    topic: int
    name: str
    speaker: str = ""
    answer: Any = None
    numbers: Mapping[str, float] = field(default_factory=dict)
    model: str = ""


@dataclass(frozen=True, slots=True)
class BaselineAnswer:
    """An answer of the single agent with which the meeting is compared; ``numbers`` and ``model`` as for a turn."""

    topic: int
    speaker: str
    text: str
    numbers: Mapping[str, float] = field(default_factory=dict)
    model: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """A remark for the reader of the minutes; topic 0 means the whole meeting."""

    topic: int
    text: str
    phase: str = ""


@dataclass(frozen=True, slots=True)
class Interjection:
    """What a person typed between two phases, one entry of ``words`` a line."""

    topic: int
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StoredPacking:
    """How the model's context was divided for a topic, as the journal keeps it (``context.Packing``).

    Attributes:
        shared: the passages that every speaker saw.
        scale: how long a contribution may be when later speakers see it; 1 for the usual length.
        total: the number of passages in all documents.
        outline: the headings that every speaker saw of documents that were dealt out, or "".
        parts: the passages of each part that a role reads alone, by role id; None in a journal of an earlier version.
        phase: the phase in which each role is shown its last part.
        enough: the settings that would show the lines that nobody is shown.
    """

    shared: tuple[Place, ...]
    scale: float
    total: int
    outline: str = ""
    parts: Mapping[str, tuple[tuple[Place, ...], ...]] | None = None
    phase: str = ""
    enough: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PersonDecision:
    """What the person who decides in a meeting decided on a topic.

    Attributes:
        topic: the topic's number.
        speaker: role id of the person's seat.
        status: accepted, rejected or deferred.
        choice: the choice that the person accepted instead of the one that was put to the vote, or "".
        why: the person's reason, or "".
        numbers: how often it was asked for, as for a turn.
    """

    topic: int
    speaker: str
    status: Status
    choice: str = ""
    why: str = ""
    numbers: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Closing:
    """The end of a meeting; ``at`` is the time, ISO 8601 in UTC."""

    at: str = ""
