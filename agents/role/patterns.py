"""Patterns of words that show a problem, as role files write them: "backup + same rack / same room + unless tested".

A pattern has parts joined by "+". A part is one or more alternatives joined by "/", each a word or several words in a
row. A line matches if it has an alternative of every part, and of no part that begins with "unless". Words match in any
grammatical form.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from agents.text import has_words, stem, words_of

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


def phrase(text: str) -> str:
    """All stems of a text as one string with a blank at both ends, to search for phrases."""
    return " " + " ".join(stem(word) for word in words_of(text)) + " "


def check(text: str) -> None:
    """Check that a text is a pattern. Every command reads the patterns of all roles and few search with one, so this
    looks for words and does not take their stems.

    Raises:
        ValueError: a part has no words, or there is no part that a line must have.
    """
    parts = [part.strip() for part in text.split("+")]
    if not all(has_words(one) for part in parts for one in part.removeprefix(_UNLESS).split("/")):
        raise ValueError(f"{text!r} has a part without words")
    if all(part.startswith(_UNLESS) for part in parts):
        raise ValueError(f"{text!r} has no words that a line must have")


@lru_cache(maxsize=8192)  # the patterns of a role are searched for in the documents of every topic
def pattern_of(text: str) -> Pattern:
    """Read a pattern that ``check`` takes."""
    parts, without = list[tuple[str, ...]](), list[str]()
    for part in map(str.strip, text.split("+")):
        words = tuple(phrase(one) for one in part.removeprefix(_UNLESS).split("/"))
        if part.startswith(_UNLESS):
            without += words
        else:
            parts.append(words)
    return Pattern(tuple(parts), tuple(without))


class Texts:
    """Texts that are searched for many phrases and patterns: only texts that have their words are looked at.

    Args:
        phrases: the texts, as ``phrase`` writes them.
    """

    def __init__(self, phrases: Sequence[str]) -> None:
        self._phrases = phrases
        self._with: dict[str, set[int]] = {}
        for number, text in enumerate(phrases):
            for one in text.split():
                self._with.setdefault(one, set()).add(number)
        self._found: dict[str, set[int]] = {}

    def having(self, words: str) -> set[int]:
        """The numbers of the texts that have a phrase, counted from 0."""
        if words not in self._found:
            first, *more = words.split() or [""]
            near = self._with.get(first, set())
            self._found[words] = {number for number in near if words in self._phrases[number]} if more else near
        return self._found[words]

    def matching(self, patterns: Iterable[str]) -> set[int]:
        """The numbers of the texts that match one of some patterns."""
        return set[int]().union(*(self._of(pattern_of(one)) for one in patterns))

    def _of(self, pattern: Pattern) -> set[int]:
        found = set(range(len(self._phrases)))
        for part in pattern.parts:
            found &= set[int]().union(*map(self.having, part))
            if not found:
                return found
        return found.difference(*map(self.having, pattern.without))
