"""How much of each document is shown on a topic, to whom, and what is not: the same for the plan, the live view and the
minutes.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from math import floor

from agents.documents import Document, Passage
from agents.meeting.journal_values import StoredPacking
from agents.meeting.record import Lines, Place, Turn, Unread
from agents.meeting.sections import phase_of_part
from agents.meeting.unread import NAMED_RANGES, spans, unread_lines, with_comments


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of a document is shown on a topic.

    Attributes:
        document: the document's name.
        lines: the number of its lines.
        shown: how many of them are shown whole.
        percent: the part of its letters that is shown, rounded down.
        to: how many participants are shown all that all are shown of it.
        dealt: how many participants are shown a part of it that the others are not shown; 0 if it is not dealt out.
        left: the lines that are shown to nobody.
    """

    document: str
    lines: int
    shown: int
    percent: int
    to: int
    dealt: int = 0
    left: tuple[Lines, ...] = ()

    @property
    def amount(self) -> str:
        """How much is shown: "all 80 lines", "60 of 80 lines", or a percentage where a line is shown in part."""
        if any(one.end for one in self.left) or (self.percent and not self.shown):
            return f"{self.percent} % of the letters"
        noun = "line" if self.lines == 1 else "lines"
        return f"{self.shown} of {self.lines} {noun}" if self.left else f"all {self.lines} {noun}"

    @property
    def receivers(self) -> str:
        """Who is shown it, in words."""
        if self.dealt:
            return f"dealt out to {self.dealt}"
        return f"each of {self.to}" if self.percent else "nobody"

    @property
    def missing(self) -> str:
        """What is not shown, in words; "" for nothing."""
        text = [one for one in self.left if not one.comment]
        comments = [one for one in self.left if one.comment]
        return ", ".join([*filter(None, [_first(text)]), *([f"{_first(comments)} (comments)"] if comments else [])])


def _first(lines: Sequence[Lines]) -> str:
    """The first ranges in words, and the number of the others."""
    more = len(lines) - NAMED_RANGES
    return spans(lines[:NAMED_RANGES]) + (f" and {more} more" if more > 0 else "")


def coverage(
    documents: Iterable[Document],
    passages: Sequence[Passage],
    parts: Mapping[str, Collection[Passage]],
    unread: Unread,
    to: int,
) -> tuple[Coverage, ...]:
    """How much of each document is shown.

    Args:
        documents: the documents.
        passages: all their passages.
        parts: by role id, what that participant alone is shown.
        unread: what nobody is shown.
        to: the number of participants who are shown what all are shown.
    """
    return tuple(_of(document, passages, parts, unread, to) for document in documents)


def _of(
    document: Document, passages: Sequence[Passage], parts: Mapping[str, Collection[Passage]], unread: Unread, to: int
) -> Coverage:
    left = tuple(one for one in unread.lines if one.document == document.name)
    total = len(document.text.rstrip("\n").split("\n"))
    missing = sum(one.last - one.first + 1 for one in _whole_lines(left))
    texts = (one.text for one in passages if one.document == document.name)
    letters = sum(len(text) - text.count("\n") for text in texts)
    percent = floor(100 * (1 - _letters(left, document) / letters)) if letters else 0
    dealt = sum(any(one.document == document.name for one in part) for part in parts.values())
    return Coverage(document.name, total, total - missing, max(0, percent), to, dealt, left)


def _whole_lines(left: Sequence[Lines]) -> list[Lines]:
    """The ranges, a line of which only parts are missing once."""
    cut = dict.fromkeys((one.document, one.first) for one in left if one.end)
    return [one for one in left if not one.end] + [Lines(name, line, line) for name, line in cut]


def _letters(left: Sequence[Lines], document: Document) -> int:
    lines = document.lines
    return sum(
        one.end - one.begin + 1 if one.end else sum(map(len, lines[one.first - 1 : one.last]))
        for one in left
        if not one.comment
    )


@dataclass(frozen=True, slots=True)
class Shown:
    """What was shown on a topic, as far as somebody answered to it.

    Attributes:
        parts: by role id, what that participant alone was shown.
        unread: what nobody was shown.
        shared: what all were shown.
        unheard: what was to be shown to somebody who gave no answer.
        known: whether the journal says what was shown; one of an earlier version may not.
    """

    parts: Mapping[str, tuple[Passage, ...]]
    unread: Unread
    shared: tuple[Passage, ...] = ()
    unheard: tuple[Passage, ...] = ()
    known: bool = True


def shown_on(
    topic: int,
    packing: StoredPacking,
    turns: Iterable[Turn],
    documents: Sequence[Document],
    passages: Sequence[Passage],
    *,
    heard: bool,
) -> Shown:
    """What the participants were shown on a topic. A passage counts as shown when a participant who was shown it gave
    an answer.

    A journal of an earlier version may not say what was dealt out, so that nothing is said to be unread, or not what a
    speaker was shown, so that it counts as shown its part.

    Args:
        topic: the topic's number.
        packing: how the context was divided.
        turns: the turns of models on the topic.
        documents: the documents.
        passages: all their passages.
        heard: whether any model answered to what all were shown.
    """
    if packing.parts is None or not packing.total:
        return Shown({}, Unread(), known=False)
    at: dict[Place, Passage] = {(one.document, one.first, one.piece): one for one in passages}
    if any(place not in at for places in (packing.shared, *chain(*packing.parts.values())) for place in places):
        return Shown({}, Unread(), known=False)  # an earlier version cut the documents at other lines
    shared = tuple(at[place] for place in packing.shared if heard)
    seen = set(shared)
    parts: dict[str, tuple[Passage, ...]] = {}
    for turn in turns:
        places = _part_of(turn, topic, packing) if turn.read is None else turn.read
        found = tuple(at[place] for place in places if place in at)
        if found:
            parts[turn.speaker] = (*parts.get(turn.speaker, ()), *found)
    for read in parts.values():
        seen.update(read)
    left = [one for one in passages if one not in seen]
    unread = Unread(unread_lines(passages, left), packing.enough if left else {})
    planned = {at[place] for places in (packing.shared, *chain(*packing.parts.values())) for place in places}
    unheard = tuple(one for one in left if one in planned)
    return Shown(parts, with_comments(unread, documents, passages), shared, unheard)


def _part_of(turn: Turn, topic: int, packing: StoredPacking) -> tuple[Place, ...]:
    """The part of the documents that was dealt out to a speaker for a turn."""
    parts = (packing.parts or {}).get(turn.speaker, ())
    named = {
        f"{topic}.{phase_of_part(number, len(parts), packing.phase)}.{turn.speaker}": part
        for number, part in enumerate(parts)
    }
    return named.get(turn.key, ())
