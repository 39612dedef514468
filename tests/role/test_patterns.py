"""Patterns of words that show a problem."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.role.patterns import matching, pattern_of, phrase

BACKUP = "backup + same rack / same room + unless second copy"


def test_all_parts_are_needed() -> None:
    """A line matches if it has an alternative of every part, in any grammatical form."""
    assert matching((BACKUP,), phrase("Backups go to a device in the same rack.")) == BACKUP
    assert matching((BACKUP,), phrase("Backups go to a device in another building.")) == ""


def test_unless() -> None:
    """A line that has the words after "unless" does not match."""
    assert matching((BACKUP,), phrase("The backup is in the same room, and a second copy in the bank.")) == ""


@pytest.mark.parametrize("bad", ["", "backup +", "unless tested", "backup / + rack", "!!! + rack"])
def test_incomplete(bad: str) -> None:
    """A pattern with a part without words, or without any word that a line must have, is refused."""
    with pytest.raises(ValueError, match="words"):
        pattern_of(bad)


@given(st.lists(st.from_regex(r"[a-z]{3,9}", fullmatch=True), min_size=1, max_size=5, unique=True))
def test_a_line_matches_its_own_words(words: list[str]) -> None:
    """A line matches the pattern of its own words, in any order."""
    assert matching((" + ".join(reversed(words)),), phrase(" ".join(words)))
