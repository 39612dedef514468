"""Reads when an event of a timeline happened from its words."""

import re
from collections.abc import Sequence
from datetime import date

from agents.meeting.record import Item

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?"
# 2026-11-03, 2026/11/03, 03.11.2026, 3 November 2026, 03/Nov/2026, November 3, 2026, Nov 3
_DATE = (
    r"(?P<y1>\d{4})[-/](?P<m1>\d{1,2})[-/](?P<d1>\d{1,2})(?!\d)"
    r"|(?P<d2>\d{1,2})\.(?P<m2>\d{1,2})\.(?P<y2>\d{4})(?!\d)"
    rf"|(?P<d3>\d{{1,2}})[ /](?P<m3>{_MONTH})(?:[ /,]+(?P<y3>\d{{4}})(?!\d))?"
    rf"|(?P<m4>{_MONTH}) (?P<d4>\d{{1,2}})(?![\d:])(?:st|nd|rd|th)?(?:,? (?P<y4>\d{{4}})(?!\d))?"
)
_DAY = re.compile(rf"(?<![\w.])(?:{_DATE})", re.I)
_HALF = r"\s*(?:[ap]\.m\.|[ap]\.?m\b)"
_TIME = rf"\d{{1,2}}(?:[:h]\d{{2}}(?::\d{{2}}(?:[.,]\d+)?)?(?:{_HALF})?|{_HALF})"
_ZONE = r"(?:Z|UTC|GMT|CES?T|[PMCE][SD]T|Uhr|[+-]\d{2}:?\d{2})(?!\w|:\d)"
_GAP = r"[T\s,:|]*"
_NAMELESS = re.sub(r"\?P<\w+>", "?:", _DATE)
_LEADING = re.compile(
    rf"\W*(?P<when>(?:(?:{_NAMELESS})(?:{_GAP}(?:{_TIME})(?:\s*{_ZONE})?)?"
    rf"|(?:{_TIME})(?:\s*{_ZONE})?(?:{_GAP}(?:{_NAMELESS}))?))(?!\w|:\d)[\s:;,.|\])\u2013\u2014-]*",
    re.I,
)
_CLOCK = re.compile(
    r"(?<![\w.:/-])(\d{1,2})(?:[:h](\d{2})(?::(\d{2})(?:[.,]\d+)?)?)?(?!\d|:\d)\s*([ap])?(?:\.?m\b)?", re.I
)


def day_in(text: str) -> str:
    """The first day that a text names with its year, as ``2026-11-03``; "" without one."""
    for match in _DAY.finditer(text):
        year, month, day = parts_of(match)
        if year:
            try:
                return date(year, month, day).isoformat()
            except ValueError:
                continue
    return ""


def dates_in(text: str) -> list[tuple[int, int, int]]:
    """Year, month and day of each date in a text; the year is 0 where none is given."""
    return [parts_of(match) for match in _DAY.finditer(text)]


def parts_of(match: re.Match[str]) -> tuple[int, int, int]:
    """Year, month and day of a date that was found; the year is 0 where none is given."""
    named = match.groupdict()
    form = next(number for number in "1234" if named[f"d{number}"])
    month = named[f"m{form}"]
    number = int(month) if month.isdigit() else MONTHS.index(month[:3].lower()) + 1
    return int(named[f"y{form}"] or 0), number, int(named[f"d{form}"])


def without_days(text: str) -> str:
    """The text with blanks in the place of its dates, so that what is left with digits may be a time of day."""
    blank = _DAY.sub(lambda day: " " * len(day[0]), text)
    return re.sub(r"(?<= )[T:](?=\d{1,2}[:h]\d{2})", " ", blank)


def clock_in(text: str) -> str:
    """The first time of day that a text names, as ``14:05`` or ``14:05:30``; "" without one. Reads "2:05 pm" too."""
    return next((found for _, found in clocks_in(text)), "")


def clocks_in(text: str) -> list[tuple[int, str]]:
    """Each time of day that a text names, with the place where it begins."""
    found = []
    for match in _CLOCK.finditer(without_days(text)):
        half = match[0].lower().rstrip(". ").endswith("m") and match[4]
        if match[2] is None and not half:
            continue
        hour = int(match[1])
        if half:
            hour = hour % 12 + (12 if match[4].lower() == "p" else 0) if 1 <= hour <= 12 else 99
        if hour < 24 and int(match[2] or 0) < 60 and int(match[3] or 0) < 60:
            clock = f"{hour:02}:{match[2] or '00'}" + (f":{match[3]}" if match[3] else "")
            found.append((match.start(), clock))
    return found


def time_in(text: str) -> str:
    """The day and the time of day that a text names, as a timeline prints them; "" if it names neither."""
    return f"{day_in(text)} {clock_in(text)}".strip()


def when_said(text: str) -> str:
    """When an event happened, in its own words if it begins with them, else as ``time_in``; "" for neither."""
    match = _LEADING.match(text)
    return " ".join(match["when"].split()) if match and time_in(match["when"]) else time_in(text)


def without_time(text: str) -> str:
    """The words of an event without the day and time at their start, which a timeline prints in a column of its own."""
    match = _LEADING.match(text)
    if not match or not time_in(match[0]):
        return text
    return text[match.end() :] or text


def in_order(events: Sequence[Item]) -> list[Item]:
    """Events sorted by the time they name; those without a time come last, in the order said.

    An event with a time but without a day gets the earliest day that any event names.
    """
    first = min((day for event in events if (day := day_in(event.text))), default="")

    def key(event: Item) -> tuple[bool, str, str]:
        return not time_in(event.text), day_in(event.text) or first, clock_in(event.text)

    return sorted(events, key=key)
