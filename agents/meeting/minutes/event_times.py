"""Reads when an event of a timeline happened from its words."""

import re
from collections.abc import Sequence

from agents.meeting.record import Item

_DAY = re.compile(r"\b(\d{4}-\d{2}-\d{2})(?=\b|T)")
_LEADING = re.compile(
    r"\W*(?:\d{4}-\d{2}-\d{2}[T ,]*)?(?:\d{1,2}[:h]\d{2}(?::\d{2})?(?:\s*[ap]\.?m\b\.?)?|\d{1,2}\s*[ap]\.?m\b\.?)?"
    r"\s*(?:Z|UTC|GMT|CES?T)?\b[\s:;,.\u2013\u2014-]*",
    re.I,
)
_CLOCK = re.compile(r"(?<![\w.:/-])(\d{1,2})(?:[:h](\d{2})(?::(\d{2}))?)?\s*([ap])?(?:\.?m\b)?", re.I)


def day_in(text: str) -> str:
    """The first day that a text names in the form ``2026-11-03``, or ""."""
    match = _DAY.search(text)
    return match[1] if match else ""


def clock_in(text: str) -> str:
    """The first time of day that a text names, as ``14:05`` or ``14:05:30``; "" without one. Reads "2:05 pm" too."""
    for match in _CLOCK.finditer(_DAY.sub(lambda day: " " * len(day[0]), text).replace("T", " ")):
        half = match[0].lower().rstrip(".").endswith("m") and match[4]
        if match[2] is None and not half:
            continue
        hour = int(match[1])
        if half:
            hour = hour % 12 + (12 if match[4].lower() == "p" else 0) if 1 <= hour <= 12 else 99
        if hour < 24 and int(match[2] or 0) < 60 and int(match[3] or 0) < 60:
            return f"{hour:02}:{match[2] or '00'}" + (f":{match[3]}" if match[3] else "")
    return ""


def time_in(text: str) -> str:
    """The day and the time of day that a text names, as a timeline prints them; "" if it names neither."""
    return f"{day_in(text)} {clock_in(text)}".strip()


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
