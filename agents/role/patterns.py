"""Patterns of words that show a problem, as role files write them: "backup + same rack / same room + unless tested".

A pattern has parts joined by "+". A part is one or more alternatives joined by "/", each a word or several words in a
row. A line matches if it has an alternative of every part, and of no part that begins with "unless". Words match in any
grammatical form.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from agents.text import stem, words_of

_UNLESS = "unless "
"""The beginning of a part that a line must not have."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """What a line must have, and what it must not have.

    Attributes:
        parts: the alternatives of each part that a line must have, as stems between blanks.
        without: the alternatives that a line must not have.
    """

    parts: tuple[tuple[str, ...], ...]
    without: tuple[str, ...] = ()

    def matches(self, text: str) -> bool:
        """Whether a line matches; ``text`` is the line as ``phrase`` writes it."""
        found = all(any(words in text for words in part) for part in self.parts)
        return found and not any(words in text for words in self.without)


def phrase(text: str) -> str:
    """All stems of a text as one string with a blank at both ends, to search for phrases."""
    return " " + " ".join(stem(word) for word in words_of(text)) + " "


@lru_cache(maxsize=8192)  # every meeting reads the patterns of all its roles
def pattern_of(text: str) -> Pattern:
    """Read a pattern.

    Raises:
        ValueError: a part has no words, or there is no part that a line must have.
    """
    parts, without = list[tuple[str, ...]](), list[str]()
    for part in text.split("+"):
        wanted = part.strip()
        denied = wanted.startswith(_UNLESS)
        words = tuple(phrase(one) for one in wanted.removeprefix(_UNLESS).split("/"))
        if any(not one.strip() for one in words):
            raise ValueError(f"{text!r} has a part without words")
        if denied:
            without += words
        else:
            parts.append(words)
    if not parts:
        raise ValueError(f"{text!r} has no words that a line must have")
    return Pattern(tuple(parts), tuple(without))


def matching(patterns: Sequence[str], text: str) -> str:
    """The first of some patterns that a line matches, or ""; ``text`` is the line as ``phrase`` writes it."""
    return next((one for one in patterns if pattern_of(one).matches(text)), "")
