"""Looks up figures in documents: times of day, days, and numbers with the word after them.

A figure stands in a document if a line has it and is about the same: if the line shares a word with the sentence, or if
no other line does either. So "30 seconds" is not found in "30 days", and "the alarm fired at 10:15" not in a line with
what else happened then, where another line has the alarm. Takes linear time.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile

from agents.documents import Document
from agents.meeting.checks import Written
from agents.meeting.event_times import clocks_found, dates_found
from agents.meeting.minutes.places import lines_written
from agents.text import STOP_WORDS, stem, words_of

TIME, DAY, NUMBER = "time", "day", "number"
MOST_FIGURED = 2
"""The most lines with one figure that are printed beside an entry: a figure of more lines tells little."""
MOST_FIGURES = 30
"""The most figures of a sentence that are looked up."""
MOST_COMPARED = 100
"""The most lines with one figure of which the words are compared."""
_WORDS = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_SPELLED = {word: str(number) for number, word in enumerate(_WORDS, 2)}
_NUMBER = re.compile(
    rf"(?<![A-Za-z0-9_\u00c0-\u024f.,])([0-9]+(?:[.,][0-9]+)*|(?:{'|'.join(_SPELLED)})(?!\w))(?:[\s-]?([^\W\d_]+|[%\u20ac$]))?",
    re.I,
)
_ANY = re.compile(rf"\d|\b(?:{'|'.join(_SPELLED)})\b", re.I)
_OF = re.compile(r"\sof\s(?:(?:all|our|the)\s)?[0-9]+(?:[.,][0-9]+)*\s([^\W\d_]+)", re.I)
_OTHER_DIGIT = re.compile(r"[^\D0-9]")
_HALF = re.compile(r"\d\s{0,3}[ap]\.?m\b|\dh\d\d", re.I)
_NO_SPACES = "\u0e00"
"""From this letter on there are scripts that write no blanks between words, so that words cannot be compared."""

Key = tuple[str, ...]
"""What is equal for equal figures: the kind, then its parts."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure in a sentence.

    Attributes:
        kind: ``TIME``, ``DAY`` or ``NUMBER``.
        said: as it stands there.
        key: what is equal for the same figure in other words.
        unit: the stem of the word after a number; "" without one.
    """

    kind: str
    said: str
    key: Key
    unit: str = ""


def figures_in(text: str) -> list[Figure]:
    """The times of day, the days and the numbers in a text, in this order."""
    if not _ANY.search(text):
        return []
    text = _OTHER_DIGIT.sub(lambda digit: str(int(digit[0])), text)
    times = [
        (start, end, Figure(TIME, text[start:end].strip(), (TIME, clock))) for start, end, clock in clocks_found(text)
    ]
    days = [
        (start, end, Figure(DAY, text[start:end], (DAY, f"{month}-{day}", str(year or ""))))
        for start, end, (year, month, day) in dates_found(text)
        if month and day
    ]
    rest, at = list[str](), 0
    for start, end, _ in sorted((*times, *days), key=lambda one: one[0]):
        rest += text[at:start], " " * (end - start)
        at = end
    numbers = _numbers("".join((*rest, text[at:])))
    return [*(figure for _, _, figure in (*times, *days)), *numbers]


def _numbers(text: str) -> Iterator[Figure]:
    for hit in _NUMBER.finditer(text):
        number = _SPELLED.get(hit[1].lower()) or hit[1].replace(",", "")
        of = _OF.match(text, hit.end(1))
        word = (of[1] if of else hit[2] or "").casefold()
        unit = "" if word in STOP_WORDS or word[:1] >= _NO_SPACES else stem(word)
        yield Figure(NUMBER, hit[0] if unit and not of else hit[1], (NUMBER, number, unit), unit)


class Figures:
    """The figures of documents.

    Args:
        documents: the attached documents.
    """

    def __init__(self, documents: Sequence[Document]) -> None:
        self._documents = documents

    @property
    def have_times(self) -> bool:
        """Whether any document names a time of day."""
        return any(map(_has_times, self._documents))

    def look(self, text: str, *, times: bool = False) -> tuple[str, tuple[Written, ...]]:
        """What is wrong with the figures in a sentence, or "", and the lines of documents that have them.

        Args:
            text: the sentence.
            times: whether only times of day are looked up.
        """
        written: dict[Written, None] = {}
        figures = [one for one in figures_in(text) if not times or one.kind == TIME]
        if len(figures) > MOST_FIGURES:  # each is looked for in whole documents
            return "it has too many figures to be checked", ()
        for figure in figures:
            if figure.kind == NUMBER and not figure.unit and not telling(text) and not _unspaced(text):
                return f"it does not say what {figure.said} counts", ()
            there = [(one, line) for one in self._documents for line in _lines_with(one, figure.key)]
            if not there:
                return f"no document has the {figure.kind} {figure.said}", ()
            fitting = self._fitting(text, figure, there)
            shown = fitting or there
            if len(shown) <= MOST_FIGURED:
                written.update(dict.fromkeys(lines_written(document, line, line) for document, line in shown))
            if not fitting:
                document, line = there[0]
                return f"{document.place_of(line, line)} has {figure.said}, but none of its other words", tuple(written)
        return "", tuple(written)

    def _fitting(
        self, text: str, figure: Figure, there: Sequence[tuple[Document, int]]
    ) -> Sequence[tuple[Document, int]]:
        """Those of the lines with a figure that are about the same as the sentence; all where that cannot be known."""
        if len(there) > MOST_COMPARED or _unspaced(text):
            return there
        own = telling(text) - {figure.unit}
        found = [(one, line) for one, line in there if own & telling(" ".join(_around(one, line, figure.kind)))]
        if found or not own or not any(own & _all_telling(one) for one in self._documents):
            return found or there
        return []


def _unspaced(text: str) -> bool:
    """Whether a text has letters of a script that writes no blanks between words."""
    return any(char >= _NO_SPACES and char.isalpha() for char in text)


def telling(text: str) -> set[str]:
    """The stems of the words that say what a text is about, without its figures."""
    return {stem(word) for word in words_of(text) if word not in STOP_WORDS and word not in _SPELLED and word.isalpha()}


def _around(document: Document, line: int, kind: str) -> Sequence[str]:
    """A line, and those beside it that may belong to the same sentence: an event begins with its time."""
    lines = document.lines
    if kind != TIME:
        return lines[max(0, line - 2) : line + 1]
    more = takewhile(lambda other: not clocks_found(other), lines[line : line + 2])
    return [lines[line - 1], *more]


@lru_cache(maxsize=64)
def _has_times(document: Document) -> bool:
    return any(clocks_found(line) for line in document.lines if ":" in line or _HALF.search(line))


@lru_cache(maxsize=1024)  # minutes name the same figures again and again
def _lines_with(document: Document, key: Key) -> Sequence[int]:
    """The numbers of the lines of a document that have a figure; a time may have seconds there, a day a year."""
    may_have = re.compile(_pattern(key), re.I)
    same = {DAY: _same_day, TIME: _same_time, NUMBER: _same_number}[key[0]]
    return [
        number
        for number, line in enumerate(document.lines, 1)
        if (may_have.search(line) or _OTHER_DIGIT.search(line))
        and any(one.key[0] == key[0] and same(key, one.key) for one in figures_in(line))
    ]


def _pattern(key: Key) -> str:
    """What every line with a figure contains, and few others do."""
    if key[0] == TIME:
        hour, minute = int(key[1][:2]), key[1][3:5]
        return rf"(?<!\d)0?(?:{hour}|{hour % 12 or 12})(?:[:h]{minute}|\s{{0,3}}[ap])"
    if key[0] == DAY:
        return rf"(?<!\d)0?(?:{'|'.join(key[1].split('-'))})(?!\d)"
    digits = ",?".join(map(re.escape, key[1]))
    spelled = "".join(f"|{word}" for word, number in _SPELLED.items() if number == key[1])
    return f"{digits}{spelled}"


def _same_time(said: Key, there: Key) -> bool:
    return there[1].startswith(said[1])


def _same_day(said: Key, there: Key) -> bool:
    return said[1] == there[1] and (not said[2] or not there[2] or said[2] == there[2])


def _same_number(said: Key, there: Key) -> bool:
    return said[1] == there[1] and (not said[2] or said[2] == there[2])


@lru_cache(maxsize=64)
def _all_telling(document: Document) -> frozenset[str]:
    return frozenset(word for line in document.lines for word in telling(line))
