"""The documents of the quality benchmark, their keys, and the lines that words are found in."""

from pathlib import Path

import pytest

from agents.documents import Document
from agents.errors import UsageError
from benchmarks.quality.cases import Lines, read_cases
from benchmarks.quality.locate import locate, stands
from tests.benchmarks.quality.small import NAME, TEXT, case_in, folder_with

SMALL = Document(NAME, TEXT)


def test_headings_rules_fences_and_blank_lines_are_no_content(tmp_path: Path) -> None:
    """Content is sentences, rows of tables and lines of code, also those that begin with a hash."""
    assert case_in(tmp_path).content == (3, 4, 6, 8, 9, 12, 13, 16, 17)


def test_chance_is_the_share_of_content_lines_that_are_marked(tmp_path: Path) -> None:
    """Two of nine lines are flawed; of the eight pairs of neighbours, four touch one of them."""
    case = case_in(tmp_path)
    assert case.chance() == pytest.approx(2 / 9)
    assert case.chance(2) == pytest.approx(4 / 8)
    assert case.chance(of_traps=True) == pytest.approx(2 / 9)


def test_a_key_with_wrong_lines_is_reported(tmp_path: Path) -> None:
    """The message names the key and what stands there."""
    folder_with(tmp_path, key='[[flaw]]\nlines = "4"\nwhat = "x"\nfields = []\nseverity = "high"\n')
    with pytest.raises(UsageError, match=r"shop\.key\.toml: lines = '4' is no list"):
        read_cases(tmp_path)


def test_a_document_without_a_key_is_reported(tmp_path: Path) -> None:
    """A document that nothing is known about cannot be scored."""
    (tmp_path / NAME).write_text(TEXT)
    with pytest.raises(UsageError, match="has no key"):
        read_cases(tmp_path)


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        ("The old host is deleted", Lines(4, 4)),
        ("**the OLD host**, is deleted!", Lines(4, 4)),
        ("Delete all backups | Ben", Lines(9, 9)),
        ("the move was tested twice", Lines(16, 17)),
        ("The old host is deleted before the move and nobody knows", Lines(4, 4)),
        ("The old host is deleted because somebody said that it should be deleted", None),
        ("The new host is bought", None),
        ("", None),
    ],
)
def test_words_are_found_in_the_document(words: str, lines: Lines | None) -> None:
    """Case, marks and line ends do not matter; most of the words must stand there in a row."""
    assert locate(words, SMALL) == lines


def test_who_copies_half_a_page_points_at_its_beginning() -> None:
    """A place has at most three lines."""
    assert locate(TEXT, SMALL) == Lines(1, 3)


def test_words_stand_in_lines_only_if_all_of_them_do() -> None:
    """The words must be in these lines, one after the other."""
    assert stands("move was tested twice", Lines(16, 17), SMALL)
    assert not stands("move was tested twice", Lines(16, 16), SMALL)
    assert not stands("", Lines(16, 17), SMALL)
