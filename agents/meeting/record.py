"""What a meeting leaves on the record: frozen values, no behaviour beyond reading themselves.

All of it can be rebuilt from the journal at any time, without a model (``minutes``).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from agents.meeting.meeting_type import Line


@dataclass(frozen=True, slots=True)
class Evidence:
    """The words a statement of the minutes rests on.

    Attributes:
        turn: id of the turn.
        speaker: role id of whoever said it.
        quote: the words.
        verified: whether code found these words in that turn.
        problem: what did not check out, or "".
    """

    turn: str
    speaker: str
    quote: str
    verified: bool
    problem: str = ""


class Position(StrEnum):
    """Where a participant stands before the ballot."""

    FOR = "for"
    CONDITIONS = "for with conditions"
    AGAINST = "against"
    UNDECIDED = "undecided"


class Vote(StrEnum):
    """What a participant puts into the ballot."""

    SUPPORT = "support"
    CONCERN = "support_with_concern"
    OBJECT = "object"
    ABSTAIN = "abstain"


class Outcome(StrEnum):
    """What became of a proposal, in the words of architecture decision records."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    DEFERRED = "deferred"
    NONE = "no decision"


@dataclass(frozen=True, slots=True)
class Topic:
    """One thing on the agenda; numbers count from 1."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Seat:
    """Who is invited, and why.

    Attributes:
        role: role id.
        title: as printed.
        reason: why this seat is taken.
        human: whether a person sits here.
        optional: whether the meeting can do without: the role was added because it knows about the topics.
    """

    role: str
    title: str
    reason: str
    human: bool = False
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Turn:
    """One participant had the floor once.

    Attributes:
        id: its name in the minutes, such as "T3".
        key: its name in the journal, such as "1.silent_round.cto"; the same in every run of the same meeting.
        topic: the topic's number.
        phase: the phase it belongs to.
        speaker: role id.
        text: what was said.
        position: where the speaker then stood, if the turn says so.
        dropped: why the turn was kept out of the talk ("repeats T2"), or "".
        numbers: token counts and seconds of the call behind it.
    """

    id: str
    key: str
    topic: int
    phase: str
    speaker: str
    text: str
    position: Position | None = None
    dropped: str = ""
    numbers: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ballot:
    """One participant's vote on one topic's proposal.

    Attributes:
        topic: the topic's number.
        speaker: role id.
        vote: what it voted.
        reason: why.
        would_change: what would change the vote.
        key: its name in the journal.
        phase: the phase it belongs to.
        numbers: token counts and seconds of the model call behind it.
    """

    topic: int
    speaker: str
    vote: Vote
    reason: str = ""
    would_change: str = ""
    key: str = ""
    phase: str = "ballot"
    numbers: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a minutes section: a risk, an open question, a timeline entry, something to start doing ...

    Attributes:
        label: its kind, as the meeting type calls it ("Risk").
        text: what was said.
        evidence: where.
        fields: further values the type asks for, such as ``{"severity": "S2"}``.
    """

    label: str
    text: str
    evidence: Evidence
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ActionItem:
    """Something somebody is to do.

    Attributes:
        key: the same in every run of the same meeting.
        task: what.
        owner: role id of a participant, or None: unassigned.
        due: the day, where one was said; None otherwise.
        due_text: the words that were said about time, such as "by Friday".
        evidence: where it was said.
        agreed: whether the room took it on: it stands in the accepted proposal, or the meeting takes no ballots.
    """

    key: str
    task: str
    owner: str | None
    due: date | None
    due_text: str
    evidence: Evidence
    agreed: bool = False


@dataclass(frozen=True, slots=True)
class Dissent:
    """Who did not agree, and why; never dropped."""

    speaker: str
    vote: Vote
    reason: str
    would_change: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What became of one topic's proposal.

    Attributes:
        text: the proposal's words.
        outcome: accepted, rejected, deferred or no decision.
        rule: the decision rule in force.
        tally: votes by kind.
        why: how the rule led from the tally to the outcome.
        vetoed_by: role ids whose objection alone decided.
        evidence: the turn that proposed it.
    """

    text: str
    outcome: Outcome
    rule: str
    tally: Mapping[str, int]
    why: str
    vetoed_by: tuple[str, ...] = ()
    evidence: Evidence | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """A participant who changed position.

    Attributes:
        speaker: role id.
        before, after: the two positions.
        turn: the turn in which it moved.
        cites: the turn it moved after, or "".
        argued: whether a new argument was given.
    """

    speaker: str
    before: str
    after: str
    turn: str
    cites: str
    argued: bool


@dataclass(frozen=True, slots=True)
class TopicMinutes:
    """What one topic left; ``control``: what one agent alone found; ``follow_up``: a series asks for its actions."""

    topic: Topic
    summary: str
    positions: Mapping[str, str]
    moves: tuple[Move, ...]
    decision: Decision
    ballots: tuple[Ballot, ...]
    dissent: tuple[Dissent, ...]
    actions: tuple[ActionItem, ...]
    items: tuple[Item, ...]
    notes: tuple[str, ...] = ()
    control: "Artefact | None" = None
    follow_up: bool = False


@dataclass(frozen=True, slots=True)
class Absence:
    """Who was invited and gave nothing, and why."""

    speaker: str
    topic: int
    phase: str
    cause: str


@dataclass(frozen=True, slots=True)
class Drop:
    """A turn that is left out of the talk.

    Attributes:
        turn: its id.
        why: such as "repeats T2".
        topic, phase, speaker, position: those of the turn.
    """

    turn: str
    why: str
    topic: int = 0
    phase: str = ""
    speaker: str = ""
    position: Position | None = None


@dataclass(frozen=True, slots=True)
class Put:
    """What was put to the vote on a topic.

    Attributes:
        topic: the topic's number.
        turn: id of the turn whose words were voted on.
    """

    topic: int
    turn: str


@dataclass(frozen=True, slots=True)
class StructuredAnswer:
    """An answer in JSON: what the scribe found, or the dots on ideas.

    Attributes:
        topic: the topic's number.
        name: what was asked, such as "dots".
        speaker: role id, or "scribe".
        answer: the JSON; None when there was no usable answer.
        numbers: token counts and seconds of the model calls behind it.
    """

    topic: int
    name: str
    speaker: str = ""
    answer: Any = None
    numbers: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BaselineAnswer:
    """What one agent alone answered to a topic; ``numbers`` as for a turn."""

    topic: int
    speaker: str
    text: str
    numbers: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Note:
    """A remark for the reader of the minutes; topic 0 is the meeting as a whole."""

    topic: int
    text: str
    phase: str = ""


@dataclass(frozen=True, slots=True)
class Pause:
    """What a person typed between two phases."""

    topic: int
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """How the context of a topic was divided.

    Attributes:
        shared: the passages that everybody saw: document and first line.
        scale: how long contributions may be in the talk, 1 for the usual length.
        total: how many passages the documents have.
    """

    shared: tuple[tuple[str, int], ...]
    scale: float
    total: int


@dataclass(frozen=True, slots=True)
class Closing:
    """The end of a meeting: when, ISO 8601 in UTC."""

    at: str = ""


@dataclass(frozen=True, slots=True)
class Minutes:
    """The minutes of a meeting.

    Attributes:
        meeting: its id.
        type_id, title: of the meeting type.
        held: the day it was called.
        model: label of the model that spoke.
        facilitator: role id.
        present: who spoke or voted at least once.
        absent: who was invited and gave nothing at some point.
        documents: names of what was attached.
        topics: one entry each.
        turns: everything said, in order.
        titles: role id to title, for printing.
        notes: what a reader must know about how it went.
        numbers: calls, tokens, seconds.
        unverified: how many entries did not check out.
        artefact: what the type leaves behind, such as "adr".
        sections, lines: the type's own: label to heading, and kinds of lines, in its order.
        status: "closed", or how far it got.
    """

    meeting: str
    type_id: str
    title: str
    held: date
    model: str
    facilitator: str
    present: tuple[Seat, ...]
    absent: tuple[Absence, ...]
    documents: tuple[str, ...]
    topics: tuple[TopicMinutes, ...]
    turns: tuple[Turn, ...]
    titles: Mapping[str, str]
    notes: tuple[str, ...]
    numbers: Mapping[str, float]
    unverified: int
    artefact: str
    sections: Mapping[str, str]
    lines: tuple[Line, ...] = ()
    status: str = "closed"
    purpose: str = ""

    def title_of(self, role: str | None) -> str:
        """A role's title; "unassigned" for nobody."""
        return self.titles.get(role, role) if role else "unassigned"

    def turn(self, turn_id: str) -> Turn | None:
        """The turn with this id."""
        return next((turn for turn in self.turns if turn.id == turn_id), None)


BY_PERSON = {"blockers"}
"""Artefacts in which two people who say the same are two entries."""


@dataclass(frozen=True, slots=True)
class Row:
    """One entry.

    Attributes:
        cells: its texts, one a column.
        evidence: what it rests on; empty for what code counted or a ballot said.
    """

    cells: tuple[str, ...]
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """One part of an artefact.

    Attributes:
        heading: its name.
        rows: its entries.
        columns: names of the columns; a plain list has none, and one cell a row.
        empty: what is said where it has no rows.
    """

    heading: str
    rows: tuple[Row, ...] = ()
    columns: tuple[str, ...] = ()
    empty: str = "Nobody named one."


@dataclass(frozen=True, slots=True)
class Artefact:
    """What one topic left behind.

    Attributes:
        name: such as "adr".
        title: as printed.
        blocks: its parts, in order.
        labels: the kinds of items it holds; the minutes need not list them again.
    """

    name: str
    title: str
    blocks: tuple[Block, ...]
    labels: frozenset[str]
