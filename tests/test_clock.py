"""Moments: one form, in UTC, whatever the time zone they are given in."""

import re
from datetime import UTC, date, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from agents.clock import iso_utc, spoken_day, utc_now

ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(st.datetimes(datetime(1971, 1, 1), datetime(2999, 1, 1), timezones=ZONES))  # noqa: DTZ001 - the zone is drawn
def test_a_moment_is_written_in_utc_and_read_back(moment: datetime) -> None:
    """The text has milliseconds and ends in Z, and it is the same moment to the millisecond."""
    text = iso_utc(moment)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", text)
    assert timedelta() <= moment - datetime.fromisoformat(text) < timedelta(milliseconds=1)


def test_moments_sort_as_texts() -> None:
    """A later moment is a greater text, also across time zones."""
    early = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
    late = datetime(2026, 5, 4, 9, 0, tzinfo=timezone(timedelta(hours=-1)))
    assert iso_utc(early) < iso_utc(late)


def test_now_may_be_written_to_the_second() -> None:
    """The exactness can be chosen."""
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", utc_now("seconds"))


def test_a_day_is_said_with_its_weekday() -> None:
    """A model is told the day in words, without a leading zero."""
    assert spoken_day(date(2026, 11, 28)) == "Saturday 28 November 2026"
    assert spoken_day(date(2026, 12, 1)) == "Tuesday 1 December 2026"
