"""Dates in sentences."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.meeting.minutes import dates

MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("by Friday", date(2026, 11, 27)),
        ("by next Friday", date(2026, 12, 4)),
        ("on Monday", date(2026, 11, 30)),
        ("tomorrow", date(2026, 11, 24)),
        ("2026-12-01", date(2026, 12, 1)),
        ("by 1 December", date(2026, 12, 1)),
        ("before December 1st", date(2026, 12, 1)),
        ("by 3 January", date(2027, 1, 3)),
        ("within two weeks", date(2026, 12, 7)),
        ("in 3 days", date(2026, 11, 26)),
        ("in one month", date(2026, 12, 23)),
        ("by the end of the week", date(2026, 11, 27)),
        ("end of the month", date(2026, 11, 30)),
    ],
)
def test_days_are_resolved_against_the_day_of_the_meeting(words: str, day: date) -> None:
    """Words that mean one day become that day."""
    assert dates.find_when(f"The Data Engineer will do it {words}.") != ""
    assert dates.resolve(words, MONDAY) == day


@pytest.mark.parametrize(
    "words", ["next sprint", "in Q3", "before the end of the quarter", "next week", "2026-13-45", "by 31 February"]
)
def test_what_is_not_a_single_day_stays_text(words: str) -> None:
    """Words about time that do not mean a single day are found, but give no day."""
    assert dates.find_when(words) != ""
    assert dates.resolve(words, MONDAY) is None


@pytest.mark.parametrize(
    "text",
    [
        "when we may",
        "second to none",
        "the marching band",
        "show that the path from today to the target has steps",
        "a restore was tried this quarter and its duration recorded",
    ],
)
def test_words_without_a_date_give_none(text: str) -> None:
    """Words without a date give none."""
    assert dates.find_when(text) == ""


@given(st.text(), st.dates())
def test_any_text_on_any_day_can_be_read(text: str, day: date) -> None:
    """No text and no day make the reading fail."""
    dates.resolve(dates.find_when(text), day)


@given(st.dates(max_value=date(9000, 1, 1)), st.sampled_from(dates.WEEKDAYS))
def test_a_weekday_is_within_the_week_after_the_meeting(day: date, name: str) -> None:
    """The name of a weekday means the next such day after the meeting."""
    found = dates.resolve(name, day)
    assert found is not None
    assert 1 <= (found - day).days <= 7
    assert dates.WEEKDAYS[found.weekday()] == name
