"""The words of a turn in pieces that fit on a page: they break between words, and only words without end are cut."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from agents.export.quote_marks import Marked

LONGEST_WORD = 4_000
"""The most characters of a word that are shown; no language has such words."""
LONGEST_PIECE = 12_000
"""About the most characters of a piece."""

_WORDS = re.compile(r"\S+\s*|\s+")


@dataclass(frozen=True, slots=True)
class Run:
    """Some words of a turn that are written in one way.

    Attributes:
        text: the words.
        left_out: how many characters of a word without end are not shown after them.
        mark: the quotation that they belong to, or None.
        begins: whether the quotation begins with them.
        ends: whether it ends with them.
    """

    text: str
    left_out: int = 0
    mark: Marked | None = None
    begins: bool = False
    ends: bool = False


def pieces(text: str, marks: Sequence[Marked], most: int = LONGEST_PIECE) -> list[tuple[Run, ...]]:
    """The words of a turn in pieces; a turn of usual length is one.

    Args:
        text: the lines of the turn, joined by line feeds.
        marks: the words that minutes quote, in order.
        most: about how many characters a piece has at most.
    """
    found: list[tuple[Run, ...]] = []
    piece: list[Run] = []
    size = 0
    for run in _runs(text, marks):
        if piece and size + len(run.text) > most:
            found.append(tuple(piece))
            piece, size = [], 0
        piece.append(run)
        size += len(run.text)
    return [*found, tuple(piece)]


def _runs(text: str, marks: Iterable[Marked]) -> Iterator[Run]:
    at = 0
    for one in marks:
        yield from (Run(words, left) for words, left in _short(text[at : one.start]))
        inside = list(_short(text[one.start : one.end]))
        for number, (words, left) in enumerate(inside):
            yield Run(words, left, one, number == 0, number == len(inside) - 1)
        at = one.end
    yield from (Run(words, left) for words, left in _short(text[at:]))


def _short(text: str) -> Iterator[tuple[str, int]]:
    """A text in parts of at most ``LONGEST_WORD`` characters, each with how much of a word is missing after it."""
    if len(text) <= LONGEST_WORD:
        if text:
            yield text, 0
        return
    part = ""
    for found in _WORDS.finditer(text):
        word = found[0]
        if part and len(part) + len(word) > LONGEST_WORD:
            yield part, 0
            part = ""
        if len(word) > LONGEST_WORD:
            yield word[:LONGEST_WORD], len(word) - LONGEST_WORD
        else:
            part += word
    if part:
        yield part, 0
