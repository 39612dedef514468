"""Cuts a document into passages: line by line, and a line that is too long at the ends of its sentences."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence

from agents.documents.markdown import Structure
from agents.documents.passage import Passage

PASSAGE_WORDS = 110
PASSAGE_BYTES = 1800
"""The most bytes of a passage, with its line numbers. A longer line is cut into pieces, each a passage of its own."""
PIECE_BYTES = 900
"""The most bytes of a piece of a line."""
_NUMBER_BYTES = 6
"""The bytes of a line's number and line end, as a passage is shown to a model."""

_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff]"
)
"""Letters of scripts that put no blanks between words; each counts as a word, because models read each as a token."""
_ENDS = (("\u3002", "\uff01", "\uff1f", "\uff0e", ". ", "! ", "? ", "\u2026 "), ("; ", "\uff1b", ";"))
_STOPS = (("\uff0c", "\u3001", ", ", ","), (" ", "\t", "\u3000"))
"""Where a line is cut, the best places first: behind one of the signs of the first group that has one."""
_CLOSERS = frozenset("\u201d\u2019\u300d\u300f\uff09\u3011\u300b\u00bb\"')]}")


def words_in(line: str) -> int:
    """The number of words of a line; each letter of a script without blanks between words counts as one."""
    if line.isascii():
        return len(line.split())
    rest, letters = _UNSPACED.subn(" ", line)
    return letters + len(rest.split())


def cut(
    name: str, lines: Sequence[str], structure: Structure, parts: Mapping[int, str], words: int = PASSAGE_WORDS
) -> list[Passage]:
    """The passages of a document, in order.

    Args:
        name: the document's name.
        lines: its lines.
        structure: which of them are headings, stand in fences, or are left out.
        parts: the names of its pages, cells or sheets, by the number of their first line.
        words: about how many words a passage has.
    """
    return _Cutter(name, structure, words).cut(lines, parts)


class _Cutter:
    """Cuts one document into passages, line by line."""

    def __init__(self, name: str, structure: Structure, words: int) -> None:
        self.name = name
        self.structure = structure
        self.words = words
        self.out: list[Passage] = []
        self.heading = self.part = ""
        self.start = 0
        self.grown: list[str] = []
        self.titles = 0
        self.count = self.bytes = 0

    def cut(self, lines: Sequence[str], parts: Mapping[int, str]) -> list[Passage]:
        headings, fenced, left_out = self.structure.headings, self.structure.fenced, self.structure.left_out
        within = 0  # the last line of the heading that is read
        for number, line in enumerate(lines, 1):
            if number in parts:
                self._close()
                self.part, self.heading = parts[number], ""
            if number in left_out:
                self._close()
                continue
            if number in headings:
                if self.titles < len(self.grown):  # text, not only headings
                    self._close()
                self.heading, within = headings[number].title, number + headings[number].lines - 1
            inside = number in fenced
            if not line.strip() and self.count >= self.words // 2 and not inside:
                self._close()
                continue
            self._grow(number, line)
            if self.grown and (number <= within or (not line.strip() and self.titles == len(self.grown) - 1)):
                self.titles = len(self.grown)
            if (self.count >= self.words and not inside) or self.count >= 3 * self.words:
                self._close()
        self._close()
        return self.out

    def _grow(self, number: int, line: str) -> None:
        if not self.grown and not line.strip():
            return
        size, words = _bytes(line) + _NUMBER_BYTES, words_in(line)
        if self.bytes + size > PASSAGE_BYTES:
            self._close()
            if not line.strip():
                return
        if size > PASSAGE_BYTES or words > 3 * self.words:
            self._close()
            for piece, text in enumerate(pieces_of(line)):
                self._add(number, number, text, piece, 0)
            return
        if not self.grown:
            self.start = number
        self.grown.append(line)
        self.count += words
        self.bytes += size

    def _add(self, first: int, last: int, text: str, piece: int, titles: int) -> None:
        heading = f"{self.part}, {self.heading}" if self.part and self.heading else self.part or self.heading
        self.out.append(Passage(self.name, first, last, heading, text, piece, titles))

    def _close(self) -> None:
        while self.grown and not self.grown[-1].strip():
            self.grown.pop()
        if self.grown:
            titles = self.titles if self.titles < len(self.grown) else 0
            self._add(self.start, self.start + len(self.grown) - 1, "\n".join(self.grown), 0, titles)
        self.grown, self.titles, self.count, self.bytes = [], 0, 0, 0


def pieces_of(line: str) -> Iterator[str]:
    """The pieces of a long line, of at most ``PIECE_BYTES`` bytes, cut behind the end of a sentence, a comma or a blank
    where there is one. Together they are the line, without pieces that are blank.
    """
    start, ascii_only = 0, line.isascii()
    while start < len(line):
        end = min(len(line), start + PIECE_BYTES)
        if not ascii_only:
            fitting = line[start:end].encode("utf-8", "replace")[:PIECE_BYTES].decode("utf-8", "ignore")
            end = start + max(1, len(fitting))
        if end < len(line):
            end = _place_to_cut(line, start, end)
        if line[start:end].strip():
            yield line[start:end]
        start = end


def _place_to_cut(line: str, start: int, end: int) -> int:
    """Where a piece that begins at ``start`` and must end at ``end`` ends best."""
    middle = start + (end - start) // 2
    for signs in (*_ENDS, *_STOPS):
        places = ((line.rfind(sign, middle, end), len(sign)) for sign in signs)
        found = max((place + length for place, length in places if place >= 0), default=0)
        if found:
            while found < end and line[found] in _CLOSERS:
                found += 1
            return found
    while end > middle + 1 and (unicodedata.combining(line[end]) or "\u200d" in line[end - 1 : end + 1]):
        end -= 1
    return end


def _bytes(line: str) -> int:
    return len(line) if line.isascii() else len(line.encode("utf-8", "replace"))
