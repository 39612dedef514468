"""Days and moments in the words of people, counted from now: due dates, days in the past, and spans of time."""

import re
from datetime import UTC, date, datetime, timedelta

from agents.clock import today
from agents.errors import UsageError, similar_names

NO_DAY = ("none", "never", "no day")
"""What a due date is called where there is none."""

_DAYS = (
    "today", "tomorrow", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "next week",
    "next month", "end of month", "end of week", "none",
)  # fmt: skip
"""Words for days, to compare a word with a mistake with."""

_SPAN = re.compile(r"(\d{1,6})\s*([hdwy])", re.ASCII)
_HOURS = {"h": 1, "d": 24, "w": 24 * 7, "y": 24 * 365}


def due_day(text: str) -> date | None:
    """A due date in words; None for one of ``NO_DAY``.

    Raises:
        UsageError: it is not one date.

    Example:
        print(due_day("in two weeks"))
    """
    from agents.meeting.minutes.dates import resolve_whole

    words = " ".join(text.lower().split())
    if words in NO_DAY:
        return None
    # "next week" as a due date is its end, and "two weeks" is counted from today; the answer shows the day.
    for said in (text, f"end of {words}", f"in {words}"):
        found = resolve_whole(said, today())
        if found is not None:
            return found
    near = similar_names(words, _DAYS)
    hint = f"Did you mean {near[0]}? " if near else ""
    remedy = f"{hint}Write 2026-12-01, friday, next week, in two weeks, end of month, or none."
    raise UsageError(f"Can't read {text!r} as a date.", remedy)


def day_seen(text: str) -> date | None:
    """The day on which something was seen, in words; None for no words.

    Raises:
        UsageError: it is not one day.

    Example:
        print(day_seen("yesterday"))
    """
    from agents.meeting.minutes.dates import resolve_whole

    if not text.strip():
        return None
    if text.strip().lower() == "yesterday":  # the words of due dates do not go back
        return today() - timedelta(days=1)
    found = resolve_whole(text, today())
    if found is None:
        raise UsageError(f"{text!r} is not a date.", "Write a day such as 2026-12-01, today or yesterday.")
    return found


def moment(text: str) -> datetime:
    """A moment: a span before now, such as 90d, or a date or time, local unless it has a time zone.

    Raises:
        UsageError: it is neither.

    Example:
        print(moment("7d"))
    """
    span = _SPAN.fullmatch(text.strip().lower())
    try:
        if span:
            return datetime.now(UTC) - timedelta(hours=int(span[1]) * _HOURS[span[2]])
        return datetime.fromisoformat(text.strip()).astimezone()
    except (ValueError, OverflowError):
        raise UsageError(
            f"{text!r} is not a time.", "Write a span such as 12h, 90d, 2w or 1y, or 2026-05-04."
        ) from None
