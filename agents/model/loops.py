"""Finds out, while an answer arrives, that it repeats itself without end.

A small model can fall into a loop: one sentence thirty times, one word hundreds of times, or empty lines until the
token limit. Repetition that people write is no loop: rules and empty cells of tables, rows of zeros, a few equal lines
of code. Each piece costs a bounded amount of work, so an answer costs time in proportion to its length.
"""

import re
from collections.abc import Callable

_KEY = 12
"""Characters at the end of the text that must have occurred shortly before, or nothing else is compared."""
_STEP = 16
"""New characters between two comparisons."""
_LONGEST = 800
"""The longest unit that is recognised, in characters."""
_TAIL = 3 * _LONGEST
"""Characters that are kept."""

_BLANK = 160
"""Characters of white space in a row that nobody writes, or ..."""
_BLANK_LINES = 20
"""... line ends in them."""
_WITHOUT_LETTERS = 1200
"""Characters of dashes, dots, digits or empty cells in a row that nobody writes."""
_WORDS = 30
"""How often the same word, or a unit as short as a word, follows itself in a loop."""
_SHORT, _SENTENCE, _LONG = 12, 24, 80
"""The shortest unit that is more than a word, that can be a sentence, and that is a long sentence; in characters."""
_SOME = 240
"""Characters that a unit other than a sentence fills in a loop."""
_FEW = 8
"""How often a unit follows itself where the server itself has stopped the answer."""

_SENTENCE_END = re.compile(r"[.!?]['\")\]}]*(?:\s|,)|[。\uff01\uff1f]")
_NUMBER = re.compile(r"(?m)(?:^|(?<=\"))[ \t]*\d+(?=[.)]\s)")
_CLOSES = re.compile(r"[.!?。\uff01\uff1f]['\")\]}]*|\n")
_NEAR = 16
"""Characters after the unit's first occurrence in which its sentence may end."""


class Loops:
    """Watches one answer that arrives in pieces."""

    def __init__(self) -> None:
        self._tail = ""
        self._new = 0

    def found(self, piece: str) -> bool:
        """Take the next piece; whether the answer is in a loop now."""
        self._tail = (self._tail + piece)[-_TAIL:]
        self._new += len(piece)
        if self._new < _STEP:
            return False
        self._new = 0
        return bool(_period(self._tail, _enough))

    def suspected(self) -> bool:
        """Whether the answer repeats itself so far that a server with a guard against loops may have stopped it."""
        return bool(_period(self._tail, lambda unit: _FEW * len(unit)))


def first_time(text: str) -> str:
    """A text in a loop up to the end of the unit's first occurrence; any other text unchanged."""
    period = _period(text[-_TAIL:], _enough) or _period(text[-_TAIL:], lambda unit: _FEW * len(unit))
    if not period:
        return text
    if text[-period:].isspace():
        return text.rstrip()
    same = _numbered_alike(text)
    start = len(same) - period
    while start and same[start - 1] == same[start - 1 + period]:
        start -= 1
    end = start + period
    # The end of the words before the loop may equal the end of the unit: the unit then seems to begin within them, and
    # to end within its last words.
    if not text[end - 1].isspace():
        closes = _CLOSES.search(text, end - 1, end + _NEAR) or re.compile(r"\s").search(text, end, end + period)
        end = closes.end() if closes else end
    return text[:end].rstrip()


def _period(tail: str, enough: Callable[[str], int]) -> int:
    """The length of the unit that the end of a text repeats in a loop; 0 if there is none.

    Args:
        tail: the end of the text.
        enough: how many characters of a unit in a row make a loop.
    """
    blank = tail[len(tail.rstrip()) :]
    if len(blank) >= min(_BLANK, enough(" ")) or blank.count("\n") >= min(_BLANK_LINES, enough("\n")):
        return 1
    return _repeated(tail, enough) or _repeated(_numbered_alike(tail), enough)


def _repeated(tail: str, enough: Callable[[str], int]) -> int:
    key, last = tail[-_KEY:], len(tail) - _KEY
    if last <= 0:
        return 0
    earliest = max(0, last - _LONGEST)
    at = tail.rfind(key, earliest, len(tail) - 1)
    while at >= 0:
        period = last - at
        unit = tail[-period:]
        length = enough(unit)
        if len(tail) >= length and tail[-length:-period] == tail[-length + period :] and _is_smallest(unit):
            return period
        at = tail.rfind(key, earliest, at + _KEY - 1)
    return 0


def _enough(unit: str) -> int:
    """How many characters of a unit in a row are a loop in an answer that still goes on."""
    if not any(map(str.isalpha, unit)):
        return _WITHOUT_LETTERS
    size = len(unit)
    if size < _SHORT:
        return _WORDS * size
    if size >= _SENTENCE and _SENTENCE_END.search(unit + unit):
        return (3 if size >= _LONG else 4) * size
    return max(4 * size, _SOME)


def _is_smallest(unit: str) -> bool:
    """Whether a unit does not itself consist of a smaller unit several times."""
    return (unit + unit).find(unit, 1) == len(unit)


def _numbered_alike(text: str) -> str:
    """The text with the same number before all entries of numbered lists, at the same places."""
    return _NUMBER.sub(lambda number: re.sub(r"\d", "0", number[0]), text)
