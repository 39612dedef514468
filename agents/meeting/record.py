"""The values of a meeting and of its minutes. All are frozen, and contain no logic beyond lookups.

Every one of them can be rebuilt from the journal at any time, without a model (``minutes``).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from agents.meeting.afterwards import OutcomeReport, Repeats
from agents.meeting.checks import Checks as Checks
from agents.meeting.checks import Written as Written
from agents.meeting.finding import Finding
from agents.meeting.jury import Jury
from agents.meeting.meeting_type import Course, Line
from agents.meeting.verdict import Verdict
from agents.role.names import Names, parted

if TYPE_CHECKING:
    from agents.meeting.artefact import Artefact
    from agents.meeting.journal import Event

Place = tuple[str, int, int]
"""A passage: the document's name, the passage's first line, and the number of the piece of a line that is cut."""


@dataclass(frozen=True, slots=True)
class Lines:
    """Some consecutive lines of a document, or a part of one line.

    Attributes:
        document: the document's name.
        first: number of the first line, counted from 1.
        last: number of the last line.
        heading: the heading above the first of them, or "".
        begin: of a part of a line, its first letter, counted from 1; 0 for whole lines.
        end: of a part of a line, its last letter.
        comment: whether they are shown to nobody because they are a comment or a table of contents.
    """

    document: str
    first: int
    last: int
    heading: str = ""
    begin: int = 0
    end: int = 0
    comment: bool = False


@dataclass(frozen=True, slots=True)
class Unread:
    """The lines of the documents that nobody was shown.

    Attributes:
        lines: the lines.
        enough: the smallest values of settings, by name, that would show them; each alone is enough.
    """

    lines: tuple[Lines, ...] = ()
    enough: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Evidence:
    """The words on which a statement of the minutes is based.

    Attributes:
        turn: id of the turn that contains the words; "" for words of a document.
        speaker: role id of the participant who said them; "" for words of a document.
        quote: the words.
        verified: whether they are a whole field or line that the speaker gave under the label of the statement, and
            everything that they name and quote was found (docs/decisions/0019).
        problem: why the statement is only shown as it was said, or "".
        document: name of the document that contains the words, or "".
        line: the number of their line in the document; 0 for words of a turn.
        written: the lines of documents that the words name or quote.
        compared: how many quotations in the words were compared with documents.
        found: how many of them stand there.
    """

    turn: str
    speaker: str
    quote: str
    verified: bool
    problem: str = ""
    document: str = ""
    line: int = 0
    written: tuple[Written, ...] = ()
    compared: int = 0
    found: int = 0


class Position(StrEnum):
    """What a participant thinks of the topic before the ballot."""

    FOR = "for"
    CONDITIONS = "for with conditions"
    AGAINST = "against"
    UNDECIDED = "undecided"


class Vote(StrEnum):
    """How a participant votes on a proposal."""

    SUPPORT = "support"
    CONCERN = "support_with_concern"
    OBJECT = "object"
    ABSTAIN = "abstain"


class Status(StrEnum):
    """What became of a proposal, in the terms of architecture decision records."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    DEFERRED = "deferred"
    NONE = "no decision"


DECISION_MAKER = "decision_maker"
"""The id in the place of a role for a person who decides and takes the seat of no role."""


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic of a meeting; the first has the number 1."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Seat:
    """One participant who is invited, and the reason.

    Attributes:
        role: role id.
        title: the role's title, as printed.
        reason: why the participant is invited.
        human: whether a person takes part in this role.
        optional: whether a time box may remove the seat, because only the topics' words led to the invitation.
    """

    role: str
    title: str
    reason: str
    human: bool = False
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """One field of a turn.

    Attributes:
        label: what it is, as the question asks for it ("Risk").
        text: the words of the speaker.
        values: further values that the question asks for, such as ``{"impact": "high"}``.
    """

    label: str
    text: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Turn:
    """One answer of one participant.

    Attributes:
        id: its name in the minutes, such as "T3".
        key: its name in the journal, such as "1.silent_round.cto"; the same in every run of the same meeting.
        topic: the topic's number.
        phase: the phase in which it was given.
        speaker: role id.
        text: what the participant said; a turn in fields has one labelled line for each.
        position: the position that the turn states, or None.
        dropped: why later speakers do not see the turn ("repeats T2"), or "".
        numbers: token counts and seconds of the model calls for it.
        entries: the fields of the answer; None for an answer that was not given in fields.
        cut: "length" if it was cut at its longest length, "loop" if it was stopped because it repeated itself, or "".
        model: label of the model that answered; "" for a person, and in meetings of earlier versions.
        read: the passages that the speaker alone was shown for it; None in a journal of an earlier version.
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
    entries: tuple[Entry, ...] | None = None
    cut: str = ""
    model: str = ""
    read: tuple[Place, ...] | None = None


@dataclass(frozen=True, slots=True)
class Ballot:
    """One participant's vote on one topic's proposal.

    Attributes:
        topic: the topic's number.
        speaker: role id.
        vote: the vote; in minutes, of two on the same side the more careful one.
        reason: why the participant voted so.
        would_change: what would change the vote.
        key: its name in the journal.
        phase: the phase in which the vote was cast.
        numbers: token counts and seconds of the model calls for it.
        orders: in how many orders of the options it was asked for: 1 of a person and in meetings of earlier versions.
        second: the vote in the reversed order; None when it was not asked for, or not readable.
        model: label of the model that voted, as for a turn.
        counted: whether the vote counts; only minutes know it.
        evidence: what became of the places and quotations in its reasons; only minutes know it.
    """

    topic: int
    speaker: str
    vote: Vote
    reason: str = ""
    would_change: str = ""
    key: str = ""
    phase: str = "ballot"
    numbers: Mapping[str, float] = field(default_factory=dict)
    orders: int = 1
    second: Vote | None = None
    model: str = ""
    counted: bool = True
    evidence: Evidence | None = None

    @property
    def steady(self) -> bool:
        """Whether the votes in both orders of the options are on the same side."""
        both = {self.vote, self.second}
        return self.orders == 1 or len(both) == 1 or both == {Vote.SUPPORT, Vote.CONCERN}


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a section of the minutes, such as a risk, an open question or an event of a timeline.

    Attributes:
        label: the kind of entry, as the meeting type calls it ("Risk").
        text: what was said.
        evidence: where it was said.
        fields: further values the type asks for, such as ``{"severity": "S2"}``.
    """

    label: str
    text: str
    evidence: Evidence
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ActionItem:
    """A task that the meeting named.

    Attributes:
        key: its name in the register; the same in every run of the same meeting.
        task: what is to be done.
        owner: role id, or a person as written; of several, all (``names.joined``); None for an unassigned task.
        due: the due date; None if none was said.
        due_text: the words that were said about time, such as "by Friday".
        evidence: where it was said.
        agreed: whether the meeting accepted it: the accepted proposal contains it, or the meeting takes no votes.
        past: whether the due date was past already when it was said.
        owner_why: why it has no owner although its words name somebody, or "".
    """

    key: str
    task: str
    owner: str | None
    due: date | None
    due_text: str
    evidence: Evidence
    agreed: bool = False
    past: bool = False
    owner_why: str = ""

    @property
    def owners(self) -> tuple[str, ...]:
        """The owners, each on its own."""
        return parted(self.owner)


@dataclass(frozen=True, slots=True)
class Dissent:
    """A vote that was not plain support, with its reasons. The minutes always list every one; ``evidence`` as for a
    ballot.
    """

    speaker: str
    vote: Vote
    reason: str
    would_change: str
    evidence: Evidence | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """The result of one topic's proposal.

    Attributes:
        text: the sentence that was voted on.
        status: accepted, rejected, deferred or no decision.
        rule: the decision rule that was applied.
        tally: the number of votes of each kind.
        why: how the rule led from the tally to the outcome.
        vetoed_by: role ids of the participants whose veto decided.
        evidence: the turn that proposed it.
        choice: the name of the choice that was put to the vote; "" for none, and for a proposal in a speaker's words,
            as in meetings of earlier versions.
        course: what accepting it means.
        decided_by: role id of the person who decided with the votes as advice, or was to decide; "" where a rule did.
    """

    text: str
    status: Status
    rule: str
    tally: Mapping[str, int]
    why: str
    vetoed_by: tuple[str, ...] = ()
    evidence: Evidence | None = None
    choice: str = ""
    course: Course = Course.GO
    decided_by: str = ""

    @property
    def outcome(self) -> str:
        """The outcome, as everything prints it: the choice that was accepted, or "no decision". What a person rejects
        or postpones is decided, too.
        """
        if not self.choice or (self.decided_by and self.status is not Status.ACCEPTED):
            return "postponed" if self.status is Status.DEFERRED else self.status.value
        return self.choice if self.status is Status.ACCEPTED else Status.NONE.value


@dataclass(frozen=True, slots=True)
class Move:
    """A participant who changed position.

    Attributes:
        speaker: role id.
        before, after: the two positions.
        turn: id of the turn that states the new position.
        cites: id of the turn that is named as the reason, or "".
        argued: whether the turn gives an argument for the change.
        evidence: what became of the places and quotations in the turn.
    """

    speaker: str
    before: str
    after: str
    turn: str
    cites: str
    argued: bool
    evidence: Evidence | None = None


@dataclass(frozen=True, slots=True)
class TopicMinutes:
    """The results of one topic.

    Attributes:
        topic: the topic.
        summary: what happened, in numbers.
        positions: each speaker's first position, by role id.
        moves: who changed position, in order.
        decision: the result of the proposal.
        ballots: the votes, in speaking order.
        dissent: votes that were not plain support; objections first.
        actions: the tasks that were named.
        items: the entries of the sections.
        notes: what a reader must know about this topic.
        left_out: what the entries and votes do not contain, because it repeats the prompt or others.
        control: the comparison with a single agent; None if none was asked for.
        follow_up: whether the topic is the report on the open actions of a series.
        unread: the lines of the documents that nobody was shown.
        findings: the places in the documents to look at, the first ones first.
        outcomes: what was said later about how the decision turned out, in order.
        repeats: what was decided when the same meeting was held again; None if it was not.
        asked: what a person asked between two phases, in a sentence, by the phase of the answers.
    """

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
    unread: Unread = field(default_factory=Unread)
    findings: tuple[Finding, ...] = ()
    left_out: tuple[str, ...] = ()
    outcomes: tuple[OutcomeReport, ...] = ()
    repeats: Repeats | None = None
    asked: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Absence:
    """A participant who gave no answer, why, and whether the model was unreachable; ``numbers`` as for a turn."""

    speaker: str
    topic: int
    phase: str
    cause: str
    numbers: Mapping[str, float] = field(default_factory=dict)
    unreachable: bool = False


@dataclass(frozen=True, slots=True)
class Minutes:
    """The minutes of a meeting.

    Attributes:
        meeting: the meeting's id.
        type_id, title, purpose: those of the meeting type.
        held: the day on which the meeting was created.
        model: label of the model that answered; where it changed, the labels of all that did.
        facilitator: role id.
        present: the seats of those who spoke or voted at least once.
        absent: each time a participant gave no answer.
        documents: names of the attached documents.
        topics: the results, one entry for each topic.
        turns: everything said, in order.
        names: the roles and the people who may own a task.
        notes: what a reader must know about the whole meeting.
        numbers: calls, tokens and seconds.
        checks: what was checked, in numbers.
        artefact: the kind of document that the type produces, such as "adr".
        sections: the headings of the sections, by label.
        lines: the labelled lines of the type, in its order.
        status: "closed" or "not finished".
        juries: what the votes of the models that voted are worth, for those that were tested.
        unanswered: how many answers are missing at the end because the model could not be reached any more.
        spoke_with: the label of the model that spoke for each role, by role id; of several, all, with semicolons. A
            person has none.
        journal: the events from which the minutes were computed.
        verdicts: what people said about entries afterwards, in order; the latest on an entry stands.
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
    names: Names
    notes: tuple[str, ...]
    numbers: Mapping[str, float]
    checks: Checks
    artefact: str
    sections: Mapping[str, str]
    lines: tuple[Line, ...] = ()
    status: str = "closed"
    purpose: str = ""
    juries: tuple[Jury, ...] = ()
    unanswered: int = 0
    spoke_with: Mapping[str, str] = field(default_factory=dict)
    journal: "tuple[Event, ...]" = field(default=(), repr=False, compare=False)
    verdicts: tuple[Verdict, ...] = ()

    @property
    def titles(self) -> Mapping[str, str]:
        """Titles by role id, for printing."""
        return self.names.titles

    def title_of(self, role: str | None) -> str:
        """The title of a role, or of several owners; "unassigned" for None."""
        return " and ".join(self.titles.get(one, one) for one in parted(role)) or "unassigned"

    @property
    def ended(self) -> bool:
        """Whether the meeting has ended, so that what was not said or shown never will be."""
        return self.status == "closed"

    def turn(self, turn_id: str) -> Turn | None:
        """The turn with this id; None if there is none."""
        return next((turn for turn in self.turns if turn.id == turn_id), None)
