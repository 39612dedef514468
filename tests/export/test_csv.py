"""The table of actions: RFC 4180, read back as it was written, without cells that a spreadsheet would run."""

import csv
import io

import pytest
from hypothesis import given

from agents.export.csv import COLUMNS, guarded, to_csv
from agents.meeting.record import Minutes
from agents.text import one_line
from tests.export.hostile import hostile_lists, minutes_of, patient
from tests.export.meetings import rich_minutes

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def read(minutes: Minutes) -> list[dict[str, str]]:
    """The rows, as a program reads them."""
    rows = list(csv.reader(io.StringIO(to_csv(minutes), newline=""), strict=True))
    assert rows[0] == list(COLUMNS)
    return [dict(zip(COLUMNS, row, strict=True)) for row in rows[1:]]


@patient
@given(hostile_lists)
def test_no_words_become_a_cell_a_row_or_a_formula(words: list[str]) -> None:
    """Each action is one row with every cell in its column, and the words are read back equal except for the apostrophe."""
    minutes = minutes_of(words)
    topic = minutes.topics[0]
    rows = read(minutes)
    for row, action in zip(rows, topic.actions, strict=True):
        assert not any(cell.startswith(FORMULA) for cell in row.values())
        said = {
            "task": action.task,
            "due_said": action.due_text,
            "quote": action.evidence.quote,
            "topic": topic.topic.text,
        }
        for column, text in said.items():
            assert row[column] in {one_line(text), f"'{one_line(text)}"}
            assert row[column].startswith("'") == one_line(text).startswith((*FORMULA, "'"))


@patient
@given(hostile_lists)
def test_every_row_ends_as_the_standard_says(words: list[str]) -> None:
    """Rows end in CRLF, and there are no other line feeds and carriage returns."""
    text = to_csv(minutes_of(words))
    assert text.endswith("\r\n")
    assert text.count("\r") == text.count("\n") == text.count("\r\n") == 4


@pytest.mark.parametrize("start", FORMULA)
def test_a_cell_that_would_run_is_guarded(start: str) -> None:
    """A cell that begins like a formula gets an apostrophe in front; other cells do not change."""
    assert guarded(f"{start}1+1") == f"'{start}1+1"
    assert guarded(f"1{start}1") == f"1{start}1"


def test_every_action_is_there_with_what_was_checked() -> None:
    """Agreed, suggested and unverified actions each have a row, and unverified ones have a problem."""
    minutes = rich_minutes()
    rows = read(minutes)
    assert len(rows) == sum(len(topic.actions) for topic in minutes.topics)
    assert {row["agreed"] for row in rows} == {row["verified"] for row in rows} == {"yes", "no"}
    doubtful = [row for row in rows if row["verified"] == "no"]
    assert {(row["owner"], row["due"]) for row in doubtful} == {("unassigned", "")}
    assert [row["problem"] for row in doubtful] == [
        "it denies something", "it depends on a condition", "T2 does not say this", "not given as an action",
    ]  # fmt: skip
    assert not any(row["problem"] for row in rows if row["verified"] == "yes")
    assert any(row["task"].startswith("'@SUM") for row in rows)
