"""Moments as they are written everywhere: ISO 8601 in UTC."""

from datetime import UTC, datetime


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
