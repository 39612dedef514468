"""Finds the texts that share words with another one, without comparing each with each."""

import math
from collections import defaultdict


class SharedWords:
    """Sets of words, among which those are found that share enough words with another set."""

    def __init__(self) -> None:
        self._sets: list[frozenset[str]] = []
        self._with: defaultdict[str, list[int]] = defaultdict(list)

    def __getitem__(self, number: int) -> frozenset[str]:
        return self._sets[number]

    def add(self, words: frozenset[str]) -> None:
        """Add a set; its number is the number of those before it."""
        for word in words:
            self._with[word].append(len(self._sets))
        self._sets.append(words)

    def sharing(self, words: frozenset[str], least: float) -> dict[int, int]:
        """The numbers of the sets that share words with another one, with how many each.

        Args:
            words: the other one.
            least: the fewest words that they share, more than 0.
        """
        spare = len(words) - max(1, math.ceil(least)) + 1  # one that shares so many has one of these, the rarest
        rarest = sorted(words, key=lambda word: (len(self._with.get(word, ())), word))[: max(0, spare)]
        near = sorted({number for word in rarest for number in self._with.get(word, ())})
        shared = ((number, len(words & self._sets[number])) for number in near)
        return {number: count for number, count in shared if count >= least}
