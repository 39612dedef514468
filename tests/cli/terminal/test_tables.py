"""Tables at every width: rows that fit are in columns, others in blocks, and no word is broken or lost."""

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from agents.cli.terminal import tables as render
from tests.cli.conftest import Run
from tests.cli.place import prepare

INDENT = 4
WORD = st.text(st.sampled_from("abcdefgh_-/."), min_size=1, max_size=40)
CELL = st.lists(WORD, max_size=12).map(" ".join)
HEADING = st.sampled_from(["", "agent", "tokens written", "what it shows"])


def tables(columns: int) -> st.SearchStrategy[tuple[list[str], list[list[str]]]]:
    """Headings and rows with this number of columns."""
    row = st.lists(CELL, min_size=columns, max_size=columns)
    return st.tuples(st.lists(HEADING, min_size=columns, max_size=columns), st.lists(row, max_size=8))


@given(drawn=st.integers(1, 5).flatmap(tables), width=st.integers(20, 200))
@example(drawn=(["setting", "value", "from"], [["A", "x" * 90, "default"]] + [["B", "1", "default"]] * 4), width=80)
@example(drawn=(["a", "b"], []), width=20)
def test_a_table_fits_and_keeps_every_word(drawn: tuple[list[str], list[list[str]]], width: int) -> None:
    """No line is longer than the terminal or a word and its indent; every word of every cell is there whole."""
    headings, rows = drawn
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", str(width))
        text = render.table(headings, rows)
    words = [word for cell in (*headings, *(cell for row in rows for cell in row)) for word in cell.split()]
    longest = max(map(len, words), default=0) + 1  # a heading of a block has a colon
    assert all(len(line) <= max(width, longest + INDENT) for line in text.split("\n"))
    shown = text.split()
    for word in {word for row in rows for cell in row for word in cell.split()}:
        wanted = sum(cell.split().count(word) for row in rows for cell in row)
        assert shown.count(word) >= wanted


def test_wide_columns_are_wrapped_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ids keep their column, sentences are wrapped in theirs."""
    monkeypatch.setenv("COLUMNS", "40")
    text = render.table(["id", "what"], [["create_automation", "What is to be tested, and what it costs"]])
    assert text.split("\n") == [
        "id                 what",
        "create_automation  What is to be tested,",
        "                   and what it costs",
    ]


def test_one_long_word_is_a_block_among_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    """A row that does not fit does not take the columns from the others."""
    monkeypatch.setenv("COLUMNS", "40")
    path = "/" + "x" * 50
    rows = [["SEED", "1", "default"], ["TOP", "2", "default"], ["FOLDER", path, "flag"], ["LEVEL", "INFO", "default"]]
    text = render.table(["setting", "value", "from"], rows)
    assert text.split("\n") == [
        "setting  value  from",
        "SEED     1      default",
        "TOP      2      default",
        "FOLDER",
        "  value:",
        f"    {path}",
        "  from: flag",
        "LEVEL    INFO   default",
    ]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A place where a meeting was held and an agent was asked."""
    folder = tmp_path_factory.mktemp("p")
    prepare(folder)
    return folder


@pytest.mark.parametrize("width", [30, 40, 60, 80, 100])
@pytest.mark.parametrize(
    "command",
    [
        "agents list",
        "agents show qa_engineer",
        "config show",
        "types list",
        "meeting list",
        "meeting show last",
        "actions list --all",
        "actions show A1",
        "memory stats",
        "doctor",
        "status",
        "types show decision",
    ],
)
def test_what_a_command_lists_fits_the_terminal(
    run: Run, place: Path, monkeypatch: pytest.MonkeyPatch, command: str, width: int
) -> None:
    """At any width a line is too long only where a single word is."""
    monkeypatch.setenv("AGENTS_DATA_FOLDER", str(place / "data"))
    monkeypatch.setenv("COLUMNS", str(width))
    ran = run("--model", "rehearsal", *command.split())
    assert ran.status == 0
    for line in ran.out.splitlines():
        assert len(line) <= width or len(line) <= max(map(len, line.split())) + 9, line
