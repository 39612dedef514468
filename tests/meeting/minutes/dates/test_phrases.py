"""What is read from a table of phrases, and from anything else."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.meeting.minutes import dates
from tests.drill import rounds
from tests.growth import grows_too_fast
from tests.meeting.minutes.dates.phrases import HELD, NO_DAY, NOTHING, PHRASES, UNDECIDED

DAY = date.fromisoformat(HELD)
PIECES = st.sampled_from(
    [word for said, _ in PHRASES for word in said.split()] + [",", ".", "-", "/", "(", ")", "\n", '"']
)
EXAMPLES = rounds(100, 1000)


def read(said: str, held: date = DAY) -> str:
    """What is read from a sentence, in the words of the table."""
    due = dates.due_in(said, held)
    return due.day.isoformat() if due.day else NO_DAY if due.words else NOTHING


@pytest.mark.parametrize(("said", "means"), PHRASES)
def test_a_phrase_means_what_the_table_says(said: str, means: str) -> None:
    """Each phrase gives its day, or only its words, or nothing; its words alone give the same."""
    assert read(said) == means
    due = dates.due_in(said, DAY)
    assert due.words in said
    assert not due.words or (due.words, dates.resolve(due.words, DAY)) == (dates.find_when(said), due.day)


@pytest.mark.parametrize("said", UNDECIDED)
def test_what_is_left_undecided_is_no_day(said: str) -> None:
    """Where people differ about the day, no day is claimed, and the words are kept."""
    assert read(said) == NO_DAY


def test_the_table_is_long_and_says_everything_once() -> None:
    """The table has hundreds of different phrases."""
    assert len({said for said, _ in PHRASES}) == len(PHRASES) >= 400


@settings(max_examples=EXAMPLES, deadline=None)
@given(
    st.dates(), st.dates(), st.sampled_from(["by", "before", "due", "no later than", "bis", "avant le", "antes del"])
)
def test_an_iso_day_is_itself(day: date, held: date, bound: str) -> None:
    """A day in ISO form after a word such as "by" is that day, whenever it is said."""
    said = f"The QA Engineer will restore the backup {bound} {day.isoformat()}."
    assert dates.due_in(said, held) == dates.Due(f"{bound} {day.isoformat()}", day)


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.dates(date(1, 2, 1), date(9998, 12, 1)), st.integers(-150, 150))
def test_a_day_without_its_year_is_the_nearest(held: date, ahead: int) -> None:
    """A day that is said without its year is the nearest one, also where that is past."""
    try:
        day = held + timedelta(days=ahead)
    except OverflowError:
        return
    if (day.month, day.day) != (2, 29):
        assert dates.resolve(f"by {day.day} {day:%B}", held) == day


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.lists(PIECES | st.text(max_size=6), max_size=14).map(" ".join), st.dates())
def test_any_words_on_any_day_can_be_read(said: str, held: date) -> None:
    """Nothing makes the reading fail; its words are in the text, and mean the same alone."""
    due = dates.due_in(said, held)
    assert due.words in said
    assert due.words or due.day is None
    if due.words:
        assert dates.resolve(due.words, held) == due.day
    dates.resolve_whole(said, held)
    if due.day:  # find_when does not know the day of the meeting, so that it keeps past days, and prefers them to none
        assert due.words in dates.find_when(said)
    dates.without_when(said)


@pytest.mark.parametrize("held", [date.min, date(1, 12, 31), date(9998, 12, 31), date(9999, 1, 1), date.max])
def test_the_ends_of_the_calendar_are_days_like_others(held: date) -> None:
    """On the first and the last days of the calendar, every phrase can be read."""
    for said, _ in PHRASES:
        read(said, held)


@pytest.mark.parametrize(
    "unit",
    ["by 2026-12-04 ", "7 ", "7", "1.", "2026-", "by ", "Friday ", "Friday, ", "Friday or ", "not until ", '"by ', "5 pm ",
     "12/", "in the next ", "12月5日まで", "来週の", "下", "bis Freitag ", "that broke Friday ", "end of ", "Friday ("],
)  # fmt: skip
def test_reading_takes_linear_time(unit: str) -> None:
    """Four times the text takes about four times as long, and not 16 times, whatever it repeats."""
    assert not grows_too_fast(lambda length: dates.due_in(unit * (length // len(unit)), DAY))
