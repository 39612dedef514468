"""Arithmetic with days. What would be outside of the calendar is None, and never an error."""

from calendar import monthrange
from datetime import date, timedelta

FRIDAY = 4
"""The last working day of a week, which "the end of the week" means."""


def day_of(year: int, month: int, number: int) -> date | None:
    """The day with this year, month and number; None if there is none."""
    try:
        return date(year, month, number)
    except (ValueError, OverflowError):
        return None


def shifted(day: date, days: int) -> date | None:
    """The day so many days later."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return None


def months_later(day: date, months: int) -> date | None:
    """The same day so many months later, or the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return day_of(year, month + 1, min(day.day, monthrange(year, month + 1)[1])) if 1 <= year <= date.max.year else None


def last_of_month(year: int, month: int) -> date | None:
    """The last day of a month."""
    return day_of(year, month, monthrange(year, month)[1]) if 1 <= year <= date.max.year else None


def nearest(month: int, number: int, held: date) -> date | None:
    """The day with this month and number that is nearest to the day ``held``, in the past or ahead; None without one.

    This is the rule for a day that is said without its year: said on 30 November, "15 January" is 46 days ahead and 319
    days back, so it is that of the next year; "24 November" is 6 days back, so it is past and stays so. A day that was
    said with its year is that day, also when it is past; nothing moves it.
    """
    near = [found for year in (held.year + 1, held.year, held.year - 1) if (found := day_of(year, month, number))]
    return min(near, key=lambda found: abs((found - held).days), default=None)


def coming_number(number: int, held: date) -> date | None:
    """The next day with this number, such as "the 12th", on or after the day ``held``.

    Who leaves the month out means the one that comes, as with weekdays.
    """
    for ahead in range(13):
        first = months_later(held.replace(day=1), ahead)
        found = day_of(first.year, first.month, number) if first else None
        if found and found >= held:
            return found
    return None


def coming_weekday(weekday: int, held: date) -> date | None:
    """The first such weekday after the day ``held``; Monday is 0."""
    return shifted(held, (weekday - held.weekday() - 1) % 7 + 1)


def weekday_of_week(weekday: int, held: date, weeks: int) -> date | None:
    """That weekday of the week that begins so many weeks after the week of ``held``; weeks begin on Monday."""
    return shifted(held, 7 * weeks + weekday - held.weekday())


def end_of_week(held: date, weeks: int = 0) -> date | None:
    """The Friday of the week of ``held``, or so many weeks later; on a weekend, this week is the one that comes."""
    return shifted(held, (FRIDAY - held.weekday()) % 7) if not weeks else weekday_of_week(FRIDAY, held, weeks)
