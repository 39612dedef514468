"""Finds the entries that say the same. Each entry is compared only with those that share a word which few of them have,
so that the time for all of them grows with their number, not with its square.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from agents.meeting import plain, reading
from agents.text import STOP_WORDS, stem


@dataclass(frozen=True)
class _Said:
    """The words of an entry, and what is compared of them, which is worked out once."""

    text: str

    @cached_property
    def matter(self) -> frozenset[str]:
        """The stems of the words that say what it is about."""
        return frozenset(stem(word) for word in reading.words(self.text) if word not in STOP_WORDS)

    @cached_property
    def doubts(self) -> list[plain.Doubt]:
        """The reasons why it is not plain."""
        return plain.doubts(self.text)

    def is_like(self, other: "_Said") -> bool:
        """Whether both say the same: one has only words of the other, apart from those that carry no matter, and
        neither denies, asks or reports what the other does not.
        """
        within = self.matter <= other.matter or other.matter <= self.matter
        return within and reading.similar(self.text, other.text) and self.doubts == other.doubts


class Entries:
    """The texts of entries, among which those are found that say the same as another one."""

    def __init__(self) -> None:
        self._said: list[_Said] = []
        self._with: defaultdict[str, set[int]] = defaultdict(set)  # the entries with a word
        self._found_by: defaultdict[str, set[int]] = defaultdict(set)  # those of which it was the rarest word
        self._about_nothing: set[int] = set()  # those without a word that carries matter

    def add(self, text: str) -> None:
        """Add an entry; its number is the number of those before it."""
        self._said.append(_Said(text))
        self._note(len(self._said) - 1)

    def change(self, number: int, text: str) -> None:
        """Give an entry other words."""
        self._said[number] = _Said(text)  # its earlier words only make it one more that is looked at
        self._note(number)

    def like(self, text: str) -> list[int]:
        """The numbers of the entries that say the same as a text, in order."""
        said = _Said(text)
        return [number for number in sorted(self._near(said.matter)) if said.is_like(self._said[number])]

    def _note(self, number: int) -> None:
        matter = self._said[number].matter
        (self._found_by[self._rarest(matter)] if matter else self._about_nothing).add(number)
        for word in matter:
            self._with[word].add(number)

    def _near(self, matter: frozenset[str]) -> Iterable[int]:
        """Those that may say the same: one that has all words of a text has its rarest; of one all of whose words the
        text has, the text has the rarest.
        """
        if not matter:
            return range(len(self._said))
        found = (self._found_by[word] for word in matter if word in self._found_by)
        return self._about_nothing.union(self._with.get(self._rarest(matter), ()), *found)

    def _rarest(self, matter: frozenset[str]) -> str:
        return min(matter, key=lambda word: (len(self._with.get(word, ())), word))
