"""Patterns of words that show a problem."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.role.patterns import Texts, check, pattern_of, phrase

BACKUP = "backup + same rack / same room + unless second copy"


def matches(pattern: str, text: str) -> bool:
    """Whether a text matches a pattern."""
    return Texts([phrase(text)]).matching([pattern]) == {0}


def test_all_parts_are_needed() -> None:
    """A line matches if it has an alternative of every part, in any grammatical form."""
    assert matches(BACKUP, "Backups go to a device in the same rack.")
    assert not matches(BACKUP, "Backups go to a device in another building.")


def test_unless() -> None:
    """A line that has the words after "unless" does not match."""
    assert not matches(BACKUP, "The backup is in the same room, and a second copy in the bank.")


@pytest.mark.parametrize("bad", ["", "backup +", "unless tested", "backup / + rack", "!!! + rack"])
def test_incomplete(bad: str) -> None:
    """A pattern with a part without words, or without any word that a line must have, is refused."""
    with pytest.raises(ValueError, match="words"):
        check(bad)


@given(st.lists(st.from_regex(r"[a-z]{3,9}", fullmatch=True), min_size=1, max_size=5, unique=True))
def test_a_line_matches_its_own_words(words: list[str]) -> None:
    """A line matches the pattern of its own words, in any order."""
    assert matches(" + ".join(reversed(words)), " ".join(words))


words = st.lists(st.sampled_from(["a", "b", "c", "d", "e"]), min_size=1, max_size=4).map(" ".join)
parts = st.lists(words, min_size=1, max_size=3).map(" / ".join)


@given(st.lists(words | st.just(""), max_size=6), st.lists(parts, min_size=1, max_size=3), st.lists(parts, max_size=2))
def test_a_search_by_words_finds_what_a_search_of_every_text_finds(
    texts: list[str], wanted: list[str], denied: list[str]
) -> None:
    """The texts that have an alternative of every part, and none that the pattern excludes, and no others."""
    text = " + ".join([*wanted, *(f"unless {part}" for part in denied)])
    check(text)
    pattern, phrases = pattern_of(text), [phrase(one) for one in texts]
    expected = {
        number
        for number, one in enumerate(phrases)
        if all(any(each in one for each in part) for part in pattern.parts)
        and not any(each in one for each in pattern.without)
    }
    assert Texts(phrases).matching([text]) == expected
