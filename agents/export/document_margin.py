"""What a meeting made of each line of its documents: which entries cite it, who quotes or names it, who was shown it.

All of it is computed by code: what entries rest on is in the minutes, what turns name and quote is looked up as for
entries, and what was shown is in the journal.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from agents.documents import Document
from agents.export.text import lines_of
from agents.meeting import reading
from agents.meeting.checklist import spots
from agents.meeting.coverage import Shown
from agents.meeting.entry_names import entry_names
from agents.meeting.finding import Finding
from agents.meeting.minutes import shown_on_topics
from agents.meeting.minutes.places import MOST_LETTERS, Places
from agents.meeting.record import Evidence, Minutes, Turn, Written
from agents.sentences import sentences_of


class Sight(StrEnum):
    """How far a line was shown."""

    ALL = "shown to all"
    SOME = "shown to some"
    PART = "shown in part"
    NOBODY = "not shown"
    UNKNOWN = "not known"


class Why(StrEnum):
    """Why nobody was shown a line."""

    ROOM = "no room in the context"
    COMMENT = "a comment or a table of contents"
    SILENT = "no answer from who was to read this"


_BETTER = (Sight.UNKNOWN, Sight.NOBODY, Sight.PART, Sight.SOME, Sight.ALL)
"""Of two topics, the one that showed more of a line counts."""


RULES = "-_=*~+|: \t"
"""The signs of lines that only part others, such as "---" or the line below the head of a table."""

Look = tuple[str, str, str]
"""Why a checklist names a line: the id of a role, the name of one of its lists, and the item of that list."""


@dataclass(frozen=True, slots=True)
class LineMargin:
    """What a meeting made of a line of a document.

    Attributes:
        number: of the line, from 1; 0 for what is known of several lines.
        blank: whether it has no words, but white space or a rule alone, so that nobody needs to be shown it.
        entries: the names of the entries that quote it, name it or consist of it.
        findings: the names of the findings that point at it.
        turns: the ids of the turns that quote or name it.
        votes: topic and role of those who quote or name it in the reasons of their votes.
        looks: role, list and item of the places of a checklist that are this line.
        sight: how far it was shown.
        readers: the ids of the roles that alone were shown it; empty where all were.
        why: why nobody was shown it; None where somebody was, and where it is not known.
        enough: the settings that would show it, with their smallest values; each alone is enough.
    """

    number: int
    blank: bool = False
    entries: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()
    turns: tuple[str, ...] = ()
    votes: tuple[tuple[int, str], ...] = ()
    looks: tuple[Look, ...] = ()
    sight: Sight = Sight.UNKNOWN
    readers: tuple[str, ...] = ()
    why: Why | None = None
    enough: Mapping[str, int] = field(default_factory=dict)

    @property
    def cited(self) -> bool:
        """Whether an entry, a finding or a place of a checklist rests on it."""
        return bool(self.entries or self.findings or self.looks)

    @property
    def mentioned(self) -> bool:
        """Whether an entry, a finding, a turn or the reason of a vote quotes or names it."""
        return bool(self.cited or self.turns or self.votes)

    @property
    def unshown(self) -> bool:
        """Whether it has words that nobody was shown."""
        return not self.blank and self.sight is Sight.NOBODY

    @property
    def passed_over(self) -> bool:
        """Whether it has words that were shown, as far as is known, and nobody mentioned."""
        return not self.blank and not self.mentioned and self.sight is not Sight.NOBODY


@dataclass(frozen=True, slots=True)
class Counts:
    """The lines of a document in numbers; lines without words count only in ``lines``.

    Attributes:
        lines: all lines.
        words: those with words.
        to_all: those that all were shown.
        dealt: those that only some were shown, or of which only a part was shown.
        unshown: those that nobody was shown.
        cited: those that an entry or a finding rests on.
        mentioned: those that anything quotes or names.
        passed_over: those that were shown, and that nobody mentioned.
        known: whether it is known what was shown.
    """

    lines: int
    words: int
    to_all: int
    dealt: int
    unshown: int
    cited: int
    mentioned: int
    passed_over: int
    known: bool


@dataclass(frozen=True, slots=True)
class DocumentMargin:
    """What a meeting made of a document.

    Attributes:
        document: the document.
        known: what is known of its lines, in order and without their numbers. Lines of which the same is known share
            one object, since a document may have a million of them.
    """

    document: Document
    known: tuple[LineMargin, ...]

    @property
    def lines(self) -> tuple[LineMargin, ...]:
        """Its lines, in order; of a long document, ``between`` has some of them in less time."""
        return self.between(1, len(self.known))

    def between(self, first: int, last: int) -> tuple[LineMargin, ...]:
        """The lines of an excerpt, such as those that an entry cites; lines that the document has not are left out."""
        begin = max(0, first - 1)
        return tuple(replace(one, number=n) for n, one in enumerate(self.known[begin : max(0, last)], begin + 1))

    def counts(self) -> Counts:
        """The lines in numbers."""
        objects = {id(one): one for one in self.known}
        shared = [(objects[key], count) for key, count in Counter(map(id, self.known)).items()]
        written = [(one, count) for one, count in shared if not one.blank]
        return Counts(
            lines=len(self.known),
            words=sum(count for _, count in written),
            to_all=sum(count for one, count in written if one.sight is Sight.ALL),
            dealt=sum(count for one, count in written if one.sight in {Sight.SOME, Sight.PART}),
            unshown=sum(count for one, count in written if one.unshown),
            cited=sum(count for one, count in shared if one.cited),
            mentioned=sum(count for one, count in shared if one.mentioned),
            passed_over=sum(count for one, count in written if one.passed_over),
            known=any(one.sight is not Sight.UNKNOWN for one, _ in written),
        )


def document_margins(minutes: Minutes, documents: Sequence[Document]) -> tuple[DocumentMargin, ...]:
    """What a meeting made of each of its documents.

    Args:
        minutes: the minutes, as far as the meeting got.
        documents: the documents of its spec.
    """
    shown = [one for one in shown_on_topics(minutes.journal).values() if one.known] if minutes.journal else []
    margins = {document.name: _Margin(document) for document in documents}
    for finding, name, lines in _cited(minutes):
        for marks in _at(margins, lines):
            (marks.findings if finding else marks.entries)[name] = None
    for topic in minutes.topics:
        for spot in spots(topic.items):
            for marks in margins[spot.document].at(spot.line, spot.line) if spot.document in margins else ():
                marks.looks.update(dict.fromkeys(spot.reasons))
    for turn, lines in _spoken(minutes, Places.of(documents, minutes.turns)):
        for marks in _at(margins, lines):
            marks.turns[turn] = None
    for vote, lines in _voted(minutes):
        for marks in _at(margins, lines):
            marks.votes[vote] = None
    return tuple(margins[document.name].made(shown, ended=minutes.ended) for document in documents)


def unmarked(document: Document) -> DocumentMargin:
    """A document of a meeting that has not begun, of which nothing is known."""
    return _Margin(document).made(())


def _cited(minutes: Minutes) -> Iterator[tuple[bool, str, Written]]:
    """The lines that findings and entries rest on: whether it is a finding, and its name."""
    for name, entry in entry_names(minutes).items():
        if isinstance(entry.value, Finding):
            if entry.value.document:
                yield True, name, _of_finding(entry.value)
        else:
            yield from ((False, name, lines) for lines in _written(entry.value.evidence))


def _spoken(minutes: Minutes, places: Places) -> Iterator[tuple[str, Written]]:
    """The lines that turns quote or name, that their moves rest on, and at which their reasons point."""
    for turn in minutes.turns:
        for lines in dict.fromkeys(found for said in _said(turn) for found in places.look(said).written):
            yield turn.id, lines
    for topic in minutes.topics:
        yield from ((move.turn, lines) for move in topic.moves for lines in _written(move.evidence))
        for finding in topic.findings:
            if finding.document:
                yield from ((one.turn, _of_finding(finding)) for one in finding.reasons if one.turn)


def _said(turn: Turn) -> Iterator[str]:
    """The lines of a turn without their labels; of a line that is too long to be looked up, its sentences."""
    for line in turn.text.split("\n"):
        words = reading.without_label(line)
        yield from [words] if len(words) <= MOST_LETTERS else sentences_of(words)


def _voted(minutes: Minutes) -> Iterator[tuple[tuple[int, str], Written]]:
    """The lines that the reasons of votes quote or name."""
    for topic in minutes.topics:
        reasons = [(one.speaker, one.evidence) for one in topic.ballots]
        reasons += [(one.speaker, one.evidence) for one in topic.dissent]
        yield from (((topic.topic.number, who), lines) for who, evidence in reasons for lines in _written(evidence))


def _of_finding(found: Finding) -> Written:
    return Written(found.document, found.first, found.last, found.quote, found.where)


def _written(evidence: Evidence | None) -> tuple[Written, ...]:
    return lines_of(evidence) if evidence else ()


@dataclass(slots=True)
class _Marks:
    """Who cites or mentions a line, each once and in order."""

    entries: dict[str, None] = field(default_factory=dict)
    findings: dict[str, None] = field(default_factory=dict)
    turns: dict[str, None] = field(default_factory=dict)
    votes: dict[tuple[int, str], None] = field(default_factory=dict)
    looks: dict[Look, None] = field(default_factory=dict)


class _Margin:
    """The margin of one document while it is made."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self._texts = document.lines
        if len(self._texts) > 1 and not self._texts[-1]:  # a line feed ends the last line, and begins none
            del self._texts[-1]
        self._marks: dict[int, _Marks] = {}

    def at(self, first: int, last: int) -> Iterator[_Marks]:
        """The marks of some lines; lines that the document has not are left out."""
        for number in range(max(1, first), min(last, len(self._texts)) + 1):
            yield self._marks.setdefault(number, _Marks())

    def made(self, shown: Iterable[Shown], *, ended: bool = True) -> DocumentMargin:
        """The margin.

        Args:
            shown: what was shown on each topic of which that is known.
            ended: whether the meeting has ended.
        """
        seen: dict[int, _Seen] = {}
        for one in shown:
            for number, found in _seen_on(one, self.document.name, ended=ended).items():
                seen[number] = seen[number].merged(found) if number in seen else found
        shared: dict[_Alike, LineMargin] = {}
        known = (self._line(number, text, seen.get(number), shared) for number, text in enumerate(self._texts, 1))
        return DocumentMargin(self.document, tuple(known))

    def _line(self, number: int, text: str, seen: "_Seen | None", shared: "dict[_Alike, LineMargin]") -> LineMargin:
        """What is known of a line; one that nobody mentions shares it with others."""
        blank = not text.strip().strip(RULES)
        marks, seen = self._marks.get(number), _UNSEEN if blank or seen is None else seen
        readers = () if seen.sight is Sight.ALL else seen.readers
        if marks is None:
            alike = (blank, seen.sight, readers, seen.why, tuple(seen.enough.items()))
            if alike not in shared:
                shared[alike] = LineMargin(0, blank, (), (), (), (), (), seen.sight, readers, seen.why, seen.enough)
            return shared[alike]
        return LineMargin(
            0, blank, tuple(marks.entries), tuple(marks.findings), tuple(marks.turns), tuple(marks.votes),
            tuple(marks.looks), seen.sight, readers, seen.why, seen.enough,
        )  # fmt: skip


_Alike = tuple[bool, Sight, tuple[str, ...], Why | None, tuple[tuple[str, int], ...]]
"""What is known of a line that nobody mentions."""


def _at(margins: Mapping[str, _Margin], lines: Written) -> Iterator[_Marks]:
    """The marks of some lines of one of the documents."""
    if margin := margins.get(lines.document):
        yield from margin.at(lines.first, lines.last)


@dataclass(frozen=True, slots=True)
class _Seen:
    """How far a line was shown on the topics so far."""

    sight: Sight
    readers: tuple[str, ...] = ()
    why: Why | None = None
    enough: Mapping[str, int] = field(default_factory=dict)

    def merged(self, other: "_Seen") -> "_Seen":
        """The same with one more topic."""
        better = max(self, other, key=lambda one: _BETTER.index(one.sight))
        readers = tuple(dict.fromkeys((*self.readers, *other.readers)))
        least = {
            name: min(one.enough[name] for one in (self, other) if name in one.enough)
            for name in {**self.enough, **other.enough}
        }
        return _Seen(better.sight, readers, better.why, least if better.sight is Sight.NOBODY else {})


_UNSEEN = _Seen(Sight.UNKNOWN)
"""That of blank lines, and of all lines where it is not known: one for all, since a document may have a million."""


def _seen_on(shown: Shown, name: str, *, ended: bool) -> dict[int, _Seen]:
    """How far the lines of a document were shown on a topic; a line that is in nothing is blank. In a meeting that has
    not ended, who was to read a line may still answer.
    """
    seen: dict[int, _Seen] = {}
    for role, passages in shown.parts.items():
        for passage in passages:
            for number in range(passage.first, passage.last + 1) if passage.document == name else ():
                before = seen.get(number)
                if before is None or role not in before.readers:
                    seen[number] = _Seen(Sight.SOME, (*(before.readers if before else ()), role))
    for passage in shown.shared:
        if passage.document == name:
            seen.update(dict.fromkeys(range(passage.first, passage.last + 1), _Seen(Sight.ALL)))
    silent = {n for one in shown.unheard if one.document == name for n in range(one.first, one.last + 1)}
    unheard = _Seen(Sight.NOBODY, (), Why.SILENT if ended else None)
    no_room = _Seen(Sight.NOBODY, (), Why.ROOM, shown.unread.enough)
    for lines in (one for one in shown.unread.lines if one.document == name):
        for number in range(lines.first, lines.last + 1):
            if lines.end:
                before = seen.get(number)
                seen[number] = _Seen(Sight.PART, before.readers if before else ())
            elif lines.comment:
                seen[number] = _Seen(Sight.NOBODY, (), Why.COMMENT)
            elif number in silent:
                seen[number] = unheard
            else:
                seen[number] = no_room
    return seen
