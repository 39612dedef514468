"""Copied words are found in the document, and what is printed are the document's own words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.meeting.close_reading.places import place_of, sentences

LINES = [
    "# Backups",
    "",
    "Backups go to a device in the same rack. They are made each night",
    "by a script that one person knows.",
    "",
    "- The key lies beside them, since that is quick",
    "| Store | one disk | no second copy |",
]
PLACES = list(sentences("plan.md", LINES, 1))


def test_sentences() -> None:
    """A sentence may go on in the next line; an item of a list and a row are sentences of their own."""
    assert [(one.first, one.last, one.quote) for one in PLACES][1:] == [
        (3, 3, "Backups go to a device in the same rack."),
        (3, 4, "They are made each night by a script that one person knows."),
        (6, 6, "The key lies beside them, since that is quick"),
        (7, 7, "Store | one disk | no second copy"),
    ]


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ("backups go to a device in the SAME rack", 3),
        ("Backups go to the device in the same rack", 3),
        ("made each night by a script", 3),
        ("The key lies beside them since that's quick", 6),
        ("one disk, no second copy", 7),
    ],
)
def test_copied_words_are_found(words: str, line: int) -> None:
    """Words in another letter case, with a word changed, or across two lines are found."""
    found = place_of(words, PLACES)
    assert found is not None
    assert found.first == line


@pytest.mark.parametrize("words", ["", "the rack", "Everybody has the password of the server.", "null"])
def test_other_words_are_not_found(words: str) -> None:
    """Too few words, or words that stand nowhere, have no place."""
    assert place_of(words, PLACES) is None


@given(st.text(max_size=200))
def test_any_words(words: str) -> None:
    """Whatever a model writes, a place has words of the lines that it names."""
    found = place_of(words, PLACES)
    if found:
        there = " ".join(" ".join(LINES[found.first - 1 : found.last]).split())
        assert found.quote in there
