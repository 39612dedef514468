"""The timeline that documents contain: their own lines that say when something happened, word for word, in order."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from itertools import pairwise

from agents.documents import Document
from agents.meeting.event_times import (
    EARLY,
    LATE,
    clock_in,
    clocks_in,
    dates_in,
    day_in,
    is_only_a_day,
    leading,
    minutes_of,
    zone_in,
    zone_of_all,
)
from agents.sentences import sentences_of
from agents.text import harmless, one_line

MOST_EVENTS = 200
"""The most events that minutes list; of a longer log, the first and the last."""
MOST_WORDS = 60
"""A line with more words is not taken whole, but by its sentences."""
SOME_YEAR = 2000
"""The year of days in a document that gives none; only their order counts."""
_NEXT_DAY = re.compile(
    r"\b(?:next|following) (?:day|morning)\b|\bam n\u00e4chsten (?:tag|morgen)\b|\ble lendemain\b|翌日|第二天", re.I
)
"""Words which say that an event was on the day after the one before it."""

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
_MARK = re.compile(r"[\s>]*(?:(?:[-*+\u2022]|\d{1,3}[.)])\s+(?:\[[ xX]\]\s+)?|#+\s+)?")
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
        zone: the time zone of the clock, in minutes ahead of UTC; 0 where none is said.
    """

    document: str
    line: int
    text: str
    clock: str
    day: int = 0
    zone: int = 0

    @property
    def moment(self) -> tuple[int, str]:
        """When it happened: the minutes, counted in one time zone for all, and the seconds as text."""
        return moment(self.day, self.clock, self.zone)


def moment(day: int, clock: str, zone: int = 0) -> tuple[int, str]:
    """A time of day on a day as a value to sort by.

    Args:
        day: the number of the day.
        clock: such as "14:05" or "14:05:30".
        zone: its time zone, in minutes ahead of UTC.
    """
    return day * 24 * 60 + minutes_of(clock) - zone, clock[5:] or "!"


def moment_said(text: str, written: Sequence[Happened]) -> tuple[int, str]:
    """When an event happened that was said in the meeting; without a day or a zone, those of the event nearest to it.

    Args:
        text: what was said, with a time of day.
        written: the events in the documents.
    """
    clock, zone = clock_in(text), zone_in(text)
    near = min(written, key=lambda one: abs(minutes_of(one.clock) - minutes_of(clock)), default=None)
    day = _day_number(text) or (near.day if near else 0)
    return moment(day, clock, near.zone if zone is None and near else zone or 0)


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
    every.sort(key=lambda one: (one.moment, names[one.document], one.line))
    return tuple(every)


def listed(events: Sequence[Happened]) -> list[Happened]:
    """The events that minutes list: all, or as many of the first as of the last."""
    half = MOST_EVENTS // 2
    return [*events] if len(events) <= MOST_EVENTS else [*events[:half], *events[-half:]]


def _day_number(text: str) -> int:
    """The number of the first day that a text names with its year; 0 without one."""
    day = day_in(text)
    return date.fromisoformat(day).toordinal() if day else 0


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a document with a time or a day.

    Attributes:
        number, text: the number of the line, and its words.
        clock: the time of day at which something happened; "" without one.
        dates: the days that it gives for itself and the lines after it.
        zone: the time zone that it names, or None.
    """

    number: int
    text: str
    clock: str
    dates: tuple[tuple[int, int, int], ...]
    zone: int | None


def _days(document: Document) -> tuple[list[Happened], bool]:
    """The events of a document with their days, and whether these are days of the calendar or counted from 0."""
    full = (_number(*each) for line in document.lines for each in dates_in(line) if each[0])
    first = next((number for number in full if number), 0)
    said = next((zone for line in document.lines if (zone := zone_of_all(line)) is not None), None)
    lines = _in_reading_order([one for one in _timed(document) if one.clock or one.dates])
    usual = said if said is not None else next((one.zone for one in lines if one.zone is not None), 0)
    events: list[Happened] = []
    current, known, last = 0, False, ""
    for line in lines:
        given = _ordinal(line.dates, current if known else first)
        if last and line.clock and not given and _is_next_day(line, last):
            current += 1
        if given:
            if not known and events:
                turned = int(bool(line.clock) and last >= LATE and line.clock < EARLY)
                events = [replace(one, day=one.day + given - turned - current) for one in events]
            current, known = given, True
        if line.clock:
            zone = usual if line.zone is None else line.zone
            events.append(Happened(document.name, line.number, line.text, line.clock, current, zone))
        last = line.clock
    return events, known


def _is_next_day(line: _Line, last: str) -> bool:
    """Whether a line is on the day after the one before it, whose time was ``last``."""
    return (last >= LATE and line.clock < EARLY) or (line.clock < last and bool(_NEXT_DAY.search(line.text)))


def _timed(document: Document) -> Iterator[_Line]:
    """The lines of a document with the times and days that they name.

    A line begins with its own day, or is nothing but a day; other days in it are what it tells of.
    """
    for number, line, text in _lines(document):
        clock = "" if text is None else _clock(text)
        begins = leading(text or "")
        heading = line.lstrip().startswith("#") or is_only_a_day(line)
        found = dates_in(begins if clock and begins else line) if clock or heading else []
        yield _Line(number, text or "", clock, tuple(found), zone_in(text or "") if clock else None)


def _in_reading_order(lines: list[_Line]) -> list[_Line]:
    """The lines from the earliest on: turned round where their times, without days, only go back."""
    clocks = [one.clock for one in lines if one.clock]
    if len(clocks) < 3 or any(one.dates for one in lines):
        return lines
    rises = [(one, other) for one, other in pairwise(clocks) if other > one]
    over_midnight = [one < EARLY and other >= LATE for one, other in rises]
    return lines[::-1] if len(rises) <= 1 and all(over_midnight) and clocks[0] != clocks[-1] else lines


def _ordinal(dates: Sequence[tuple[int, int, int]], near: int) -> int:
    """The number of the first of these days that exists; 0 without one.

    Args:
        dates: year, month and day of each; a year of 0 is one that was not given.
        near: the day to which one without a year is nearest, so that 1 January after 31 December is in the next year;
            0 for none.
    """
    for given, month, day in dates:
        year = date.fromordinal(near).year if near else SOME_YEAR
        years = (given,) if given else (year, year + 1, year - 1) if near else (year,)
        found = [number for each in years if (number := _number(each, month, day))]
        if found:
            return min(found, key=lambda number: abs(number - near)) if not given and near else found[0]
    return 0


def _number(year: int, month: int, day: int) -> int:
    """The number of a day; 0 if there is no such day."""
    try:
        return date(year, month, day).toordinal()
    except ValueError:
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
            yield number, line, text if not later and text[:2].strip(" ~[(").isdecimal() else None
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
