"""The timeline that documents contain: their own lines that say when something happened, word for word, in order."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from agents.documents import Document
from agents.meeting.event_times import clock_in, clocks_in, dates_in, day_in
from agents.sentences import sentences_of
from agents.text import harmless, one_line

MOST_EVENTS = 200
"""The most events that minutes list; of a longer log, the first and the last."""
MOST_WORDS = 60
"""A line with more words is not taken whole, but by its sentences."""
LATE, EARLY = "18:00", "12:00"
"""A time before ``EARLY`` that follows one from ``LATE`` on is on the next day."""

_PROMISED = re.compile(
    r"\b(?:by|until|till|before|due(?: at| on| by)?|deadline|no later than|not later than|within|lasted|took|for"
    r"|duration)\W*\Z",
    re.I,
)
"""Words before a time at which nothing happened: a deadline, or how long something took."""
_LATER = re.compile(
    r"#[\W\d]*(?:follow[ -]?ups?|next steps|actions?|action items|to[ -]?dos?|remediation|what we will do)\b",
    re.I,
)
"""Headings of sections about what is still to come."""
_ABOUT_THE_PAGE = re.compile(
    r"\W*(?:last )?(?:updated|modified|written|generated|exported|printed|meeting)\b[^:]{0,20}:", re.I
)
_MARK = re.compile(r"\s*(?:>\s*)*(?:(?:[-*+\u2022]|\d{1,3}[.)])\s+(?:\[[ xX]\]\s+)?|#+\s+)?")
_BULLET = re.compile(r"\s*(?:[-*+\u2022]|\d{1,3}[.)])\s")
_CONTROLS = re.compile(r"\x1b\[[\d;?]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?")
"""What tells a terminal about colours and titles, as in the log of a terminal."""


@dataclass(frozen=True, slots=True)
class Happened:
    """One event, as a document has it.

    Attributes:
        document: the document's name.
        line: the number of its line, from 1.
        text: the words of the line, without the mark of a list or the bars of a table.
        clock: the time of day, such as "14:05".
        day: the number of its day; only comparable within one timeline.
    """

    document: str
    line: int
    text: str
    clock: str
    day: int = 0


@lru_cache(maxsize=8)
def happened_in(documents: tuple[Document, ...]) -> tuple[Happened, ...]:
    """The events in documents, in the order of their times.

    A date counts for its line and those after it. A time before noon that follows one in the evening is on the next
    day. Of equal times, the order of the documents decides.
    """
    found: list[Happened] = []
    unknown: list[Happened] = []
    for document in documents:
        events, known = _days(document)
        (found if known else unknown).extend(events)
    start = min((one.day for one in found), default=0)
    names = {document.name: number for number, document in enumerate(documents)}
    every = [*found, *(replace(one, day=one.day + start) for one in unknown)]
    every.sort(key=lambda one: (one.day, one.clock.ljust(8, "!"), names[one.document], one.line))
    return tuple(every)


def listed(events: Sequence[Happened]) -> list[Happened]:
    """The events that minutes list: all, or as many of the first as of the last."""
    half = MOST_EVENTS // 2
    return [*events] if len(events) <= MOST_EVENTS else [*events[:half], *events[-half:]]


def day_of(clock: str, events: Sequence[Happened]) -> int:
    """The day of an event that was said without one: that of the event nearest by its time of day."""
    near = min(events, key=lambda one: abs(_minutes(one.clock) - _minutes(clock)), default=None)
    return near.day if near else 0


def _minutes(clock: str) -> int:
    return 60 * int(clock[:2]) + int(clock[3:5])


def ordinal(text: str) -> int:
    """The number of the first day that a text names with its year; 0 without one."""
    day = day_in(text)
    return date.fromisoformat(day).toordinal() if day else 0


def _days(document: Document) -> tuple[list[Happened], bool]:
    """The events of a document with their days, and whether these are days of the calendar or counted from 0."""
    years = [year for line in document.lines for year, _, _ in dates_in(line) if year]
    events: list[Happened] = []
    current, known, last = 0, False, ""
    for number, line, text in _lines(document):
        clock = "" if text is None else _clock(text)
        given = _ordinal(line, years[0] if years else 2000) if clock or line.lstrip().startswith("#") else 0
        if not clock and not given:
            continue
        if last and clock and last >= LATE and clock < EARLY and not given:
            current += 1
        if given:
            if not known and events:
                turned = int(bool(clock) and last >= LATE and clock < EARLY)
                events = [replace(one, day=one.day + given - turned - current) for one in events]
            current, known = given, True
        if clock and text is not None:
            events.append(Happened(document.name, number, text, clock, current))
        last = clock
    return events, known


def _ordinal(line: str, year: int) -> int:
    """The number of the first day in a line, with this year where it has none; 0 without a day."""
    for given, month, day in dates_in(line):
        try:
            return date(given or year, month, day).toordinal()
        except ValueError:
            continue
    return 0


def _clock(text: str) -> str:
    """The first time of day in a text at which something happened; "" without one."""
    if _ABOUT_THE_PAGE.match(text):
        return ""
    return next((clock for start, clock in clocks_in(text) if not _PROMISED.search(_before(text, start))), "")


def _before(text: str, start: int) -> str:
    """The words before a time; a date between them and the time makes no difference."""
    before = text[:start]
    dated = [match.start() for match in re.finditer(r"\d{4}-\d\d-\d\d[T ,]*\Z", before)]
    return before[: dated[0]] if dated else before


def _lines(document: Document) -> Iterator[tuple[int, str, str | None]]:
    """The lines of a document: number, whole line, and its words if it may be an event.

    A line that continues a list item is part of that item. Sections about what is still to come are left out.
    """
    lines = document.lines
    later = 0
    taken = 0
    for number, line in enumerate(lines, 1):
        if number <= taken or not line.strip():
            continue
        depth = len(line) - len(line.lstrip("#")) if re.match(r"#+\s", line) else 0
        if depth:
            later = depth if _LATER.match(line) else 0 if depth <= later or not later else later
            text = _words(line)
            yield number, line, text if not later and text[:2].strip(" ~[(").isdigit() else None
            continue
        if later:
            continue
        whole, taken = line, number
        while _BULLET.match(line) and taken < len(lines) and _continues(lines[taken]):
            whole, taken = f"{whole} {lines[taken].strip()}", taken + 1
        text = _words(whole)
        for part in [text] if len(text.split()) <= MOST_WORDS else sentences_of(text):
            words = part.split()
            yield number, whole, part if len(words) <= MOST_WORDS else " ".join(words[:MOST_WORDS]) + " ..."


def _continues(line: str) -> bool:
    """Whether a line goes on with the list item above it."""
    return line[:1] in {" ", "\t"} and bool(line.strip()) and not _BULLET.match(line) and not clock_in(line)


def _words(line: str) -> str:
    """The words of a line: without the mark of a list, a heading or a quotation, and without the bars of a table."""
    line = one_line(harmless(_CONTROLS.sub("", line)))
    if line.startswith("|"):
        return " | ".join(cell for each in re.split(r"(?<!\\)\|", line) if (cell := each.strip()))
    return line[match.end() :] if (match := _MARK.match(line)) else line
