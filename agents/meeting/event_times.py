"""Reads when an event of a timeline happened from its words."""

import re
from collections.abc import Sequence
from datetime import date

from agents.meeting.record import Item

MONTHS = {
    "jan": 1, "feb": 2, "mar": 3, "m\u00e4r": 3, "apr": 4, "may": 5, "mai": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9,
    "oct": 10, "okt": 10, "nov": 11, "dec": 12, "dez": 12,
}  # fmt: skip
# Whole names, so that "10 Mara" and "12 decisions" are no days; English, German, French and Spanish ones.
_MONTH = (
    r"(?:jan(?:uary?|vier)?|feb(?:ruary?|rero)?|mar(?:ch|s|zo)?|m\u00e4rz?|apr(?:il)?|mayo?|mai|jun(?:e|io?)?|jul(?:y|io?)?"
    r"|aug(?:ust)?|sept?(?:ember|i?embre)?|o[ck]t(?:ober|obre|ubre)?|nov(?:ember|i?embre)?|de[cz](?:ember|embre)?)"
    r"(?![a-z])\.?"
)
# 2026-11-03, 2026/11/03, 03.11.2026, 3 November 2026, 03/Nov/2026, November 3, 2026, Nov 3, 11/23/2026, 11月3日
_DATE = (
    r"(?P<y1>\d{4})[-/](?P<m1>\d{1,2})[-/](?P<d1>\d{1,2})(?!\d)"
    r"|(?P<d2>\d{1,2})\.(?P<m2>\d{1,2})\.(?P<y2>\d{4})(?!\d)"
    rf"|(?P<d3>\d{{1,2}})(?:\. ?|[ /])(?P<m3>{_MONTH})(?:[ /,]+(?P<y3>\d{{4}})(?!\d))?"
    rf"|(?P<m4>{_MONTH}) {{1,2}}(?P<d4>\d{{1,2}})(?![\d:])(?:st|nd|rd|th)?(?:,? (?P<y4>\d{{4}})(?!\d))?"
    r"|(?P<m5>\d{1,2})/(?P<d5>\d{1,2})/(?P<y5>\d{4})(?!\d)"
    r"|(?:(?P<y6>\d{4})年)?(?P<m6>\d{1,2})月(?P<d6>\d{1,2})[日号]"
)
_DAY = re.compile(rf"(?<![\w.])(?<!\d:)(?:{_DATE})", re.I)
_HALF = r"\s*(?:[ap]\.m\.|[ap]\.?m\b)"
_TIME = rf"\d{{1,2}}(?:[:h]\d{{2}}(?::\d{{2}}(?:[.,]\d+)?)?(?:{_HALF})?|{_HALF})"
_ZONE = r"(?:Z|UTC|GMT|CES?T|[PMCE][SD]T|JST|MES?Z|Uhr|[+-]\d{2}:?\d{2})(?!\w|:\d)"
ZONES = {
    "z": 0, "utc": 0, "gmt": 0, "cet": 60, "cest": 120, "mez": 60, "mesz": 120, "est": -300, "edt": -240, "mst": -420,
    "mdt": -360, "pst": -480, "pdt": -420, "jst": 540,
}  # fmt: skip
"""Time zones by name, in minutes ahead of UTC; those that several countries call by the same name are left out."""
_OFFSET = re.compile(
    rf"(?:[.,]\d{{1,9}})?\s{{0,2}}(?:[ap]\.?m\.?\s{{0,2}})?(?:({'|'.join(ZONES)})|([-+])(\d\d):?(\d\d))(?!\w)(?!:\d)",
    re.I,
)
_TIMES_IN = re.compile(rf"\btimes?\b[^.\n]{{0,30}}?\b({'|'.join(ZONES)})\b", re.I)
_ONLY_A_DAY = re.compile(r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|\b(?:mon|tue|wed|thu|fri|sat|sun)\b|\W|_", re.I)
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


LATE, EARLY = "18:00", "12:00"
"""A time before ``EARLY`` that follows one from ``LATE`` on is on the next day."""


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
    return [parts for _, _, parts in dates_found(text)]


def dates_found(text: str) -> list[tuple[int, int, tuple[int, int, int]]]:
    """Where each date in a text begins and ends, and what ``dates_in`` has of it."""
    return [(match.start(), match.end(), parts_of(match)) for match in _DAY.finditer(text)]


def parts_of(match: re.Match[str]) -> tuple[int, int, int]:
    """Year, month and day of a date that was found; the year is 0 where none is given."""
    named = match.groupdict()
    form = next(number for number in "123456" if named[f"d{number}"])
    month = named[f"m{form}"]
    number = int(month) if month.isdecimal() else MONTHS[month[:3].lower()]
    day = int(named[f"d{form}"])
    if form == "5" and number != day:  # 11/23/2026 is a day in November, 05/12/2026 may be two days, so none
        number, day = (number, day) if day > 12 else (day, number) if number > 12 else (0, 0)
    return int(named[f"y{form}"] or 0), number, day


def without_days(text: str) -> str:
    """The text with blanks in the place of its dates, so that what is left with digits may be a time of day."""
    blank = _DAY.sub(lambda day: " " * len(day[0]), text)
    return re.sub(r"(?<= )[T:](?=\d{1,2}[:h]\d{2})", " ", blank)


def clock_in(text: str) -> str:
    """The first time of day that a text names, as ``14:05`` or ``14:05:30``; "" without one. Reads "2:05 pm" too."""
    return next((found for _, found in clocks_in(text)), "")


def clocks_in(text: str) -> list[tuple[int, str]]:
    """Each time of day that a text names, with the place where it begins."""
    return [(start, clock) for start, _, clock in clocks_found(text)]


def clocks_found(text: str) -> list[tuple[int, int, str]]:
    """Where each time of day in a text begins and ends, and the time as ``clock_in`` gives it."""
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
            ends = (
                [match.end()] if half else map(match.end, (1, 2, 3))
            )  # the "a" of "10:15 a customer called" is a word
            found.append((match.start(), max(ends), clock))
    return found


def zone_in(text: str) -> int | None:
    """The time zone of the first time of day that a text names, in minutes ahead of UTC; None if it names none."""
    first = next((match for match in _CLOCK.finditer(without_days(text)) if match[2] or match[4]), None)
    found = _OFFSET.match(text, max(first.end(number) for number in (1, 2, 3))) if first else None
    if not found:
        return None
    if found[1]:
        return ZONES[found[1].lower()]
    return (int(found[3]) * 60 + int(found[4])) * (-1 if found[2] == "-" else 1)


def zone_of_all(text: str) -> int | None:
    """The time zone of which a text says that all its times are in it: "all times in PST"; None without one."""
    found = _TIMES_IN.search(text)
    return ZONES[found[1].lower()] if found else None


def is_only_a_day(text: str) -> bool:
    """Whether a line contains a date, perhaps with its weekday, and nothing else."""
    return len(text) <= 60 and bool(dates_in(text)) and not _ONLY_A_DAY.sub("", _DAY.sub("", text))


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


def leading(text: str) -> str:
    """The day and time with which a text begins; "" if it begins with neither."""
    match = _LEADING.match(text)
    return match["when"] if match else ""


def in_order(events: Sequence[Item]) -> list[Item]:
    """Events sorted by the time they name; those without a time come last, in the order said.

    An event with a time but without a day gets the earliest day that any event names. Where none names a day, times in
    the evening come before those of the night, if nothing happened for half a day in between.
    """
    first = min((day for event in events if (day := day_in(event.text))), default="")
    begins = "" if first else _first_clock([clock for event in events if (clock := clock_in(event.text))])

    def key(event: Item) -> tuple[bool, str, bool, str]:
        clock = clock_in(event.text)
        return not time_in(event.text), day_in(event.text) or first, clock < begins, clock

    return sorted(events, key=key)


def _first_clock(clocks: Sequence[str]) -> str:
    """The first of times without days, where they go on over midnight; "" where they do not."""
    evening = min((clock for clock in clocks if clock >= LATE), default="")
    before = max((clock for clock in clocks if clock < evening), default="")
    return evening if before and before < EARLY and minutes_of(evening) - minutes_of(before) > 12 * 60 else ""


def minutes_of(clock: str) -> int:
    """A time of day such as "14:05" in minutes."""
    return 60 * int(clock[:2]) + int(clock[3:5])
