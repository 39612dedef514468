"""Which of a role's questions a document calls for, by its watch words. The same text always gives the same card, so a
meeting that is resumed goes on with the cards it began with.
"""

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from agents.role import Role, RoleItem
from agents.text import STOP_WORDS, stem, words_of

MOST_QUESTIONS = 2
"""The most questions on a card: a small model repeats what it reads, and every call pays for them."""


def card_for(role: Role, about: str) -> str:
    """The card of a role in a meeting: its mission, and the questions that a text calls for.

    Args:
        role: the speaker.
        about: the text of the documents; where there are none, the topics.
    """
    return role.card(called_for(role.questions, about)[:MOST_QUESTIONS])


def called_for(items: Sequence[RoleItem], about: str) -> tuple[RoleItem, ...]:
    """The items with words in a text: those with the most of their words first, then those with the rarest.

    Words count in any of their forms, and each word once. An item without watch words is looked for by its own words.
    """
    known = _words_in(about)
    ranked = []
    for number, item in enumerate(items):
        found = [count for words in _looked_for(item) if (count := known.count(words))]
        if found:
            ranked.append((-len(found), min(found), number))
    return tuple(items[number] for _, _, number in sorted(ranked))


def _looked_for(item: RoleItem) -> set[tuple[str, ...]]:
    """The words and phrases of an item, each as stems."""
    texts = item.watch or tuple(word for word in words_of(item.text) if word not in STOP_WORDS)
    return {_stems(text) for text in texts} - {()}


@lru_cache(maxsize=8192)
def _stems(text: str) -> tuple[str, ...]:
    return tuple(stem(word) for word in words_of(text))


class _Words:
    """The stems of a text, to count words and phrases in it."""

    def __init__(self, text: str) -> None:
        said = words_of(text)
        stem_of = {word: stem(word) for word in set(said)}
        stems = [stem_of[word] for word in said]
        self._single = Counter(stems)
        self._all = f" {' '.join(stems)} "

    def count(self, words: tuple[str, ...]) -> int:
        """How often these stems occur one after the other."""
        return self._single[words[0]] if len(words) == 1 else self._all.count(f" {' '.join(words)} ")


@lru_cache(maxsize=2)
def _words_in(text: str) -> _Words:
    """The words of a text; cached, because every seat of a meeting asks for the same."""
    return _Words(text)
