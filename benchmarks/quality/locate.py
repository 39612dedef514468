"""Finds the lines that words were copied from, and says whether words stand in lines. One rule for every arm."""

from agents.documents import Document
from agents.text import words_of
from benchmarks.quality.cases import Lines

LEAST_RUN = 5
"""Words in a row that must be the document's own, where not all of the words are."""
LEAST_SHARE = 0.6
"""The share of the words that these words in a row must be."""
MOST_LINES = 3
"""Lines that a place has at most: who copies half of a page points at its beginning."""


def locate(words: str, document: Document) -> Lines | None:
    """The lines that words were copied from; None if they are not the document's.

    Case, marks and line ends do not matter. All of the words are looked for first, then their longest beginning or
    other part in a row, which must be most of them.
    """
    wanted = words_of(words)
    where = [(word, number) for number, line in enumerate(document.lines, 1) for word in words_of(line)]
    text = [word for word, _ in where]
    for size in range(len(wanted), 0, -1):
        if size < len(wanted) and (size < LEAST_RUN or size < LEAST_SHARE * len(wanted)):
            break
        for start in range(len(wanted) - size + 1):
            at = _find(wanted[start : start + size], text)
            if at is not None:
                first = where[at][1]
                return Lines(first, min(where[at + size - 1][1], first + MOST_LINES - 1))
    return None


def stands(words: str, lines: Lines, document: Document) -> bool:
    """Whether words stand in these lines of a document, one after the other."""
    wanted = words_of(words)
    there = [word for line in document.lines[lines.first - 1 : lines.last] for word in words_of(line)]
    return bool(wanted) and _find(wanted, there) is not None


def _find(wanted: list[str], text: list[str]) -> int | None:
    size = len(wanted)
    return next((at for at in range(len(text) - size + 1) if text[at : at + size] == wanted), None)
