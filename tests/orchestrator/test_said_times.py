"""Days and moments in the words of people."""

from datetime import UTC, date, datetime, timedelta

import pytest

from agents.errors import UsageError
from agents.orchestrator.said_times import NO_DAY, day_seen, due_day, moment


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("next week", "2026-12-11"),
        ("this week", "2026-12-04"),
        ("two weeks", "2026-12-14"),
        ("next month", "2026-12-31"),
    ],
)
def test_a_span_of_time_is_due_at_its_end(words: str, day: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the user sets the day, a week or a month means its end, and a number of weeks is counted from today."""
    monkeypatch.setattr("agents.orchestrator.said_times.today", lambda: date(2026, 11, 30))
    assert str(due_day(words)) == day


@pytest.mark.parametrize("words", [*NO_DAY, " None "])
def test_a_due_date_can_be_none(words: str) -> None:
    """Words for no date are read as none, and are not the same as words that nobody understands."""
    assert due_day(words) is None


def test_a_misspelt_day_is_offered_the_right_one() -> None:
    """The remedy begins with the day that was probably meant."""
    with pytest.raises(UsageError) as refused:
        due_day("tomorow")
    assert refused.value.remedy.startswith("Did you mean tomorrow? Write 2026-12-01,")


def test_a_day_in_the_past_may_be_yesterday() -> None:
    """What was seen may have been seen yesterday; no words are no day, and other words are an error."""
    today = day_seen("today")
    assert today
    assert day_seen("yesterday") == today - timedelta(days=1)
    assert day_seen(" ") is None
    with pytest.raises(UsageError, match="is not a date"):
        day_seen("someday")


def test_a_moment_is_a_span_before_now_or_a_date() -> None:
    """A span is counted back from now; a date is local."""
    assert abs(datetime.now(UTC) - timedelta(days=14) - moment("2w")) < timedelta(minutes=1)
    assert moment("2026-05-04").date() == date(2026, 5, 4)
    with pytest.raises(UsageError, match="is not a time"):
        moment("soon")
