"""Two meetings side by side: what was decided, voted and held then and now, and which entries are new, gone or the
same.

Everything is matched by code, in the same way each time: topics and entries by the words that they share
(``reading.similar``: three quarters of those of the longer one), actions without their due dates (``same_task``),
places in documents also by the document. An entry that a person corrected is the same by its words before or after.
Of several that fit, the one with the very same words counts, then the first.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar

from agents.documents import Document
from agents.documents.changes import Change, changes
from agents.export.text import deed
from agents.meeting import reading
from agents.meeting.entry_names import NamedEntry, entry_names
from agents.meeting.finding import Finding
from agents.meeting.minutes.positions import final_positions
from agents.meeting.minutes.verdicts import standing
from agents.meeting.record import ActionItem, Decision, Minutes, TopicMinutes
from agents.meeting.spec import MeetingSpec
from agents.meeting.verdict import Judgement, Verdict
from agents.orchestrator.same_actions import same_task

T = TypeVar("T")


class Became(StrEnum):
    """What became of something from one meeting to the other."""

    NEW = "new"
    GONE = "gone"
    SAME = "same"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class EntryPair:
    """An entry of one meeting, or of both where they are the same.

    Attributes:
        before, after: the entry then and now; at least one is not None.
        corrected: of each, who gave it other words, such as "corrected by Ada, 30 Nov"; "" for nobody.
    """

    before: NamedEntry | None
    after: NamedEntry | None
    corrected: tuple[str, str] = ("", "")

    @property
    def became(self) -> Became:
        """Whether it is new, gone or the same."""
        if self.before is None:
            return Became.NEW
        return Became.SAME if self.after else Became.GONE


@dataclass(frozen=True, slots=True)
class KindPair:
    """The entries of one kind on a topic.

    Attributes:
        label: the kind, such as "Risk".
        entries: new ones, then those that are gone, then the same ones.
    """

    label: str
    entries: tuple[EntryPair, ...]

    def those(self, became: Became) -> list[EntryPair]:
        """Those of which this became."""
        return [one for one in self.entries if one.became is became]


@dataclass(frozen=True, slots=True)
class RolePair:
    """What a role held and how it voted on a topic; "" for what it did not.

    Attributes:
        role: role id.
        positions: its last position, then and now.
        votes: what it did in the vote, then and now.
    """

    role: str
    positions: tuple[str, str]
    votes: tuple[str, str]

    @property
    def moved(self) -> bool:
        """Whether its position is another one now; one that it did not take in both meetings is no move."""
        return all(self.positions) and self.positions[0] != self.positions[1]

    @property
    def votes_otherwise(self) -> bool:
        """Whether it voted in both meetings, and otherwise."""
        return all(self.votes) and self.votes[0] != self.votes[1]

    @property
    def same(self) -> bool:
        """Whether position and vote are the same then and now."""
        return self.positions[0] == self.positions[1] and self.votes[0] == self.votes[1]


@dataclass(frozen=True, slots=True)
class TopicPair:
    """A topic of one meeting, or of both.

    Attributes:
        before, after: the topic then and now; at least one is not None.
        alike: whether the two have the same words; False where only their order brings them together.
        roles: everybody who took a position or voted on it, those of the later meeting first.
        kinds: their entries but the decisions.
    """

    before: TopicMinutes | None
    after: TopicMinutes | None
    alike: bool
    roles: tuple[RolePair, ...]
    kinds: tuple[KindPair, ...]

    @property
    def decided_otherwise(self) -> bool:
        """Whether both were put to a decision, with another outcome."""
        if self.before is None or self.after is None:
            return False
        old, new = self.before.decision, self.after.decision
        return "none" not in {old.rule, new.rule} and old.outcome != new.outcome


@dataclass(frozen=True, slots=True)
class DocumentPair:
    """A document of one meeting, or of both by its name.

    Attributes:
        name: its name.
        numbers: its numbers in the two meetings, from 1; 0 where it is not there.
        became: what became of it.
        changes: the lines that changed.
    """

    name: str
    numbers: tuple[int, int]
    became: Became
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class SeatPair:
    """A seat of one meeting, or of both.

    Attributes:
        role: role id.
        models: who answered for it then and now: the label of a model, "a person", "nobody" who answered, or "" for no
            seat.
    """

    role: str
    models: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Compared:
    """Two meetings side by side."""

    topics: tuple[TopicPair, ...]
    documents: tuple[DocumentPair, ...]
    seats: tuple[SeatPair, ...]

    def count(self, became: Became) -> int:
        """The number of entries of which this became."""
        return sum(len(kind.those(became)) for topic in self.topics for kind in topic.kinds)

    @property
    def same_tasks(self) -> dict[str, str]:
        """The names of actions of the second meeting by the keys of those of the first that are the same."""
        return {
            one.before.value.key: one.after.name
            for topic in self.topics
            for kind in topic.kinds
            for one in kind.entries
            if one.before and one.after and isinstance(one.before.value, ActionItem)
        }


@dataclass(frozen=True, slots=True)
class Side:
    """One of two meetings: its minutes and what it started from."""

    minutes: Minutes
    spec: MeetingSpec


def compared(before: Side, after: Side) -> Compared:
    """Put two meetings side by side."""
    old, new = _by_topic(before.minutes), _by_topic(after.minutes)
    topics = []
    for one, other, alike in _topics(before.minutes.topics, after.minutes.topics):
        mine = old.get(one.topic.number, []) if one else []
        theirs = new.get(other.topic.number, []) if other else []
        topics.append(TopicPair(one, other, alike, tuple(_roles(one, other)), tuple(_kinds(mine, theirs))))
    return Compared(
        tuple(topics),
        tuple(_documents(before.spec.documents, after.spec.documents)),
        tuple(_seats(before, after)),
    )


def matched(
    before: Sequence[T], after: Sequence[T], equal: Callable[[T, T], bool], alike: Callable[[T, T], bool]
) -> dict[int, int]:
    """The places of what is the same: in ``before`` by the place in ``after``. Each is used once.

    Args:
        before: some things.
        after: others.
        equal: whether two are the very same, which counts first.
        alike: whether two are nearly the same.
    """
    pairs: dict[int, int] = {}
    free = dict(enumerate(before))
    for same in (equal, alike):
        for place, one in enumerate(after):
            if place not in pairs and (found := next((at for at, other in free.items() if same(other, one)), -1)) >= 0:
                pairs[place] = found
                del free[found]
    return pairs


def _topics(
    before: Sequence[TopicMinutes], after: Sequence[TopicMinutes]
) -> Iterator[tuple[TopicMinutes | None, TopicMinutes | None, bool]]:
    """The topics of two meetings in pairs: by their words, and those that are left in their order."""
    by_words = matched(
        before,
        after,
        lambda one, other: one.topic.text == other.topic.text,
        lambda one, other: reading.similar(one.topic.text, other.topic.text),
    )
    left = [one for place, one in enumerate(before) if place not in by_words.values()]
    for place, other in enumerate(after):
        if place in by_words:
            yield before[by_words[place]], other, True
        else:
            yield (left.pop(0) if left else None), other, False
    yield from ((one, None, False) for one in left)


def _roles(before: TopicMinutes | None, after: TopicMinutes | None) -> Iterator[RolePair]:
    """What each role held and how it voted, then and now."""
    held = [final_positions(one) if one else {} for one in (before, after)]
    cast = [{ballot.speaker: deed(ballot) for ballot in one.ballots} if one else {} for one in (before, after)]
    for role in dict.fromkeys([*held[1], *cast[1], *held[0], *cast[0]]):
        positions = (held[0].get(role, ""), held[1].get(role, ""))
        yield RolePair(role, positions, (cast[0].get(role, ""), cast[1].get(role, "")))


@dataclass(frozen=True, slots=True)
class _Worded:
    """An entry, and the correction that gave it its words, if a person gave it others."""

    entry: NamedEntry
    correction: Verdict | None = None

    @property
    def wordings(self) -> tuple[NamedEntry, ...]:
        """The entry, and the same in the words that it had before."""
        if self.correction is None:
            return (self.entry,)
        return self.entry, replace(self.entry, text=self.correction.said)

    @property
    def corrected(self) -> str:
        """Who gave it other words; "" for nobody."""
        return self.correction.words if self.correction else ""


def _by_topic(minutes: Minutes) -> dict[int, list[_Worded]]:
    """The entries of minutes but the decisions, by the number of their topic."""
    found: dict[int, list[_Worded]] = {}
    corrections = (
        {name: one for name, one in standing(minutes).items() if one.judgement is Judgement.CORRECTED}
        if minutes.verdicts
        else {}
    )
    for one in entry_names(minutes).values():
        if not isinstance(one.value, Decision):
            found.setdefault(one.topic, []).append(_Worded(one, corrections.get(one.name)))
    return found


def _kinds(before: Sequence[_Worded], after: Sequence[_Worded]) -> Iterator[KindPair]:
    """The entries of each kind in pairs."""
    for label in dict.fromkeys(one.entry.label for one in (*after, *before)):
        mine = [one for one in before if one.entry.label == label]
        theirs = [one for one in after if one.entry.label == label]
        pairs = matched(mine, theirs, _in_any_words(_equal), _in_any_words(same_entry))
        new = [_pair(None, one) for place, one in enumerate(theirs) if place not in pairs]
        gone = [_pair(one, None) for place, one in enumerate(mine) if place not in pairs.values()]
        same = [_pair(mine[pairs[place]], one) for place, one in enumerate(theirs) if place in pairs]
        yield KindPair(label, (*new, *gone, *same))


def _pair(before: _Worded | None, after: _Worded | None) -> EntryPair:
    corrected = (before.corrected if before else "", after.corrected if after else "")
    return EntryPair(before.entry if before else None, after.entry if after else None, corrected)


def _in_any_words(same: Callable[[NamedEntry, NamedEntry], bool]) -> Callable[[_Worded, _Worded], bool]:
    """The same comparison for entries with their words before and after a correction."""
    return lambda one, other: any(same(mine, theirs) for mine in one.wordings for theirs in other.wordings)


def _equal(one: NamedEntry, other: NamedEntry) -> bool:
    return _flat(one) == _flat(other)


def _flat(one: NamedEntry) -> tuple[str, str]:
    return (one.value.document if isinstance(one.value, Finding) else "", " ".join(one.text.split()).casefold())


def same_entry(one: NamedEntry, other: NamedEntry) -> bool:
    """Whether two entries of the same kind are the same, apart from a few words."""
    if isinstance(one.value, ActionItem) and isinstance(other.value, ActionItem):
        return same_task(one.text, other.text)
    if isinstance(one.value, Finding) and isinstance(other.value, Finding):
        return one.value.document == other.value.document and reading.similar(one.text, other.text)
    return reading.similar(one.text, other.text)


def _documents(before: Sequence[Document], after: Sequence[Document]) -> Iterator[DocumentPair]:
    """The documents of two meetings by their names."""
    old = {one.name: (number, one) for number, one in enumerate(before, 1)}
    new = {one.name: (number, one) for number, one in enumerate(after, 1)}
    for name in dict.fromkeys([*new, *old]):
        (here, mine), (there, theirs) = old.get(name, (0, None)), new.get(name, (0, None))
        if mine is None or theirs is None:
            yield DocumentPair(name, (here, there), Became.NEW if mine is None else Became.GONE)
        elif mine.text == theirs.text:
            yield DocumentPair(name, (here, there), Became.SAME)
        else:
            yield DocumentPair(name, (here, there), Became.CHANGED, changes(mine.lines, theirs.lines))


def _seats(before: Side, after: Side) -> Iterator[SeatPair]:
    """The seats of two meetings, with who answered for each."""
    old, new = _answering(before), _answering(after)
    for role in dict.fromkeys([*new, *old]):
        yield SeatPair(role, (old.get(role, ""), new.get(role, "")))


def _answering(side: Side) -> dict[str, str]:
    return {
        seat.role: "a person" if seat.human else side.minutes.spoke_with.get(seat.role, "nobody")
        for seat in side.spec.seats
    }
