"""Moments as they are written everywhere: ISO 8601 in UTC; and days as they are said to a model."""

from datetime import UTC, date, datetime


def utc_now(timespec: str = "milliseconds") -> str:
    """This moment, such as ``2026-05-04T09:30:00.125Z``.

    Args:
        timespec: how exact, in the words of ``datetime.isoformat``.
    """
    return iso_utc(datetime.now(UTC), timespec)


def iso_utc(moment: datetime, timespec: str = "milliseconds") -> str:
    """A moment in UTC; one without a time zone is taken as local time.

    Args:
        moment: the moment.
        timespec: how exact, in the words of ``datetime.isoformat``.
    """
    return moment.astimezone(UTC).isoformat(timespec=timespec).replace("+00:00", "Z")


def today() -> date:
    """The day of this moment, where the program runs."""
    return datetime.now().astimezone().date()


def spoken_day(day: date) -> str:
    """A day with its weekday, such as "Saturday 28 November 2026"."""
    return f"{day:%A} {day.day} {day:%B %Y}"
