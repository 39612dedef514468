"""What is shown of a task whose due date stands beside it."""

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from agents.meeting.minutes.dates import task_said

DAY = date(2026, 12, 4)


@pytest.mark.parametrize(
    ("task", "words", "shown"),
    [
        ("Order the managed Redis trial by Friday", "by Friday", "Order the managed Redis trial"),
        ("By Friday, restore the backup", "By Friday", "Restore the backup"),
        ("Rerun the suite (by Friday).", "by Friday", "Rerun the suite."),
        ("Rotate the keys, due Friday", "due Friday", "Rotate the keys"),
        ("Rerun the suite - QA Engineer - 2026-12-04", "2026-12-04", "Rerun the suite - QA Engineer"),
        ("Write it by Friday.", "by Friday", "Write it."),
        ("Finish by Friday the tests", "by Friday", "Finish by Friday the tests"),
        ("Test it by Friday; then tell the team", "by Friday", "Test it by Friday; then tell the team"),
        ("Do by Friday", "by Friday", "Do by Friday"),
        ("Order the trial", "by Friday", "Order the trial"),
        ("Order the trial", "", "Order the trial"),
    ],
)
def test_words_that_gave_the_date_are_left_out_at_the_ends(task: str, words: str, shown: str) -> None:
    """In the middle of a sentence they stay, and so do they where they are nearly all of it."""
    assert task_said(task, DAY, words) == shown
    assert task_said(task, None, words) == task


@example("", "0", "\u00df\r0")
@given(st.text(max_size=40), st.text(max_size=10), st.text(max_size=40))
def test_no_other_word_is_lost(before: str, words: str, after: str) -> None:
    """Whatever is said, the shown task has all other letters in order."""
    shown = task_said(f"{before}{words}{after}", DAY, words)
    left = [letter.lower() for letter in f"{before}{words}{after}" if letter.isalnum()]
    assert shown == f"{before}{words}{after}" or all(letter.lower() in left for letter in shown if letter.isalnum())
