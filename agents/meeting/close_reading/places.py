"""Finds the line of a document in which copied words stand. Models copy words well and name line numbers badly, so the
place and the words that are printed for it are always the document's own.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from agents.meeting import reading
from agents.sentences import sentences_of

LEAST_WORDS = 3
"""Of words that are looked for; fewer stand in many places."""
ALIKE = 0.75
"""The share of the words that must stand in a sentence, in the same order, where not all of them do."""
LEAST_LONG = 6
"""The words of a sentence that words of two sentences may be found in."""
LEAST_RUN = 2
"""Of words in a row that count as shared."""
_MARKS = re.compile(r"^[\s>#|*+-]*(?:\d+[.)]\s+)?(?:\[[ xX]\]\s*)?")


@dataclass(frozen=True, slots=True)
class Place:
    """A sentence of a document.

    Attributes:
        document: the document's name.
        first, last: the lines on which it stands.
        quote: its words, as they stand there.
    """

    document: str
    first: int
    last: int
    quote: str


def sentences(document: str, lines: Sequence[str], first: int) -> Iterator[Place]:
    """The sentences of some lines. A line is a unit of its own where it is a list item, a row or ends a sentence; a
    sentence that goes on in the next line is one sentence on both.

    Args:
        document: the document's name.
        lines: the lines.
        first: the number of the first of them.
    """
    open_text, open_first = "", 0
    for number, line in enumerate(lines, first):
        text = _MARKS.sub("", line).strip().strip("|").strip()
        starts_anew = bool(re.match(r"\s*(?:[-*+>|#]|\d+[.)]\s)", line))
        if open_text and (not text or starts_anew):
            yield Place(document, open_first, number - 1, open_text)
            open_text = ""
        if not text:
            continue
        pieces = sentences_of(text)
        if open_text:
            joined = f"{open_text} {pieces[0]}"
            begun, open_text = open_first, ""
        else:
            joined, begun = pieces[0], number
        for place, piece in enumerate(pieces):
            words, start = (joined, begun) if place == 0 else (piece, number)
            ends = piece.rstrip("*_`\"')").endswith((".", "!", "?", ";", ":"))
            if place < len(pieces) - 1 or ends or line.lstrip().startswith("|"):
                yield Place(document, start, number, words)
            else:
                open_text, open_first = words, start
    if open_text:
        yield Place(document, open_first, first + len(lines) - 1, open_text)


def place_of(words: str, candidates: Sequence[Place]) -> Place | None:
    """The sentence that has these words: all of them in a row, else most of them in the same order; None for none.

    Args:
        words: words that somebody copied, perhaps not exactly.
        candidates: the sentences in which they may stand.
    """
    wanted = reading.words(words)
    if len(wanted) < LEAST_WORDS:
        return None
    looked_for = " " + " ".join(wanted) + " "
    for one in candidates:
        theirs = " " + " ".join(reading.words(one.quote)) + " "
        if looked_for in theirs or (len(theirs.split()) >= LEAST_WORDS and theirs in looked_for):
            return one
    best = max(candidates, key=lambda one: _shared(wanted, one), default=None)
    if best is None:
        return None
    enough = ALIKE * min(len(wanted), max(len(reading.words(best.quote)), LEAST_LONG))
    return best if _shared(wanted, best) >= enough else None


def _shared(wanted: Sequence[str], one: Place) -> int:
    theirs = reading.words(one.quote)
    blocks = SequenceMatcher(None, wanted, theirs, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks if block.size >= LEAST_RUN)
