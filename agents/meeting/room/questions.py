"""The short questions that a person in a meeting is asked, and how a typed answer to one is read. All pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

Answer = str | tuple[int, ...]
"""The answer to a question: words, or numbers; "" for an answer that was left out."""

_SEPARATORS = re.compile(r"[\s,;.#()]+")
_AROUND = " \t\r\n[]().,:;!\"'"
MOST_DIGITS = 6


class WrongKey(Exception):
    """Something was typed that does not answer the question; its text says in one line what does."""


@dataclass(frozen=True, slots=True)
class Question:
    """One short question.

    Attributes:
        text: its words, such as "Your position?".
        keys: the words that may be chosen, each by its first letters: "for" by "f"; empty for an answer in own words.
        numbers: the numbers that may be chosen; empty for none.
        least, most: how many numbers may be chosen at once, if any are.
        empty: what an empty answer means, such as "as before"; "" where the question is left out by it.
        statements: what each number stands for, a line each, in the same order; empty where that is told otherwise.
        turns: the ids of the turns that the numbers stand for; empty where they stand for something else.
    """

    text: str
    keys: tuple[str, ...] = ()
    numbers: tuple[int, ...] = ()
    least: int = 1
    most: int = 1
    empty: str = ""
    statements: tuple[str, ...] = ()
    turns: tuple[str, ...] = ()
    letters: Mapping[str, str] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "letters", _letters(self.keys))

    @property
    def free(self) -> bool:
        """Whether it is answered in own words."""
        return not self.keys and not self.numbers

    @property
    def listed(self) -> str:
        """All that the numbers stand for, a line each; "" for nothing."""
        return "\n".join(self.statements)

    @property
    def prompt(self) -> str:
        """The question with the keys that answer it: "Your position? [f]or [c]onditions [a]gainst [s]kip"."""
        shown = [f"[{letters}]{word[len(letters) :]}" for word, letters in self.letters.items()]
        shown += [f"[{_ranged(self.numbers)}]"] if self.numbers else []
        empty = [f"Enter: {self.empty}."] if self.empty else []
        return " ".join([self.text, *empty, *shown])

    def read(self, typed: str) -> Answer:
        """The answer in what was typed; "" if nothing was.

        Raises:
            WrongKey: it is none of the keys or numbers.
        """
        said = typed.strip()
        if self.free or not said:
            return said
        bare = said.strip(_AROUND).casefold()
        named = [word for word in self.keys if bare and word.casefold().startswith(bare)]
        chosen = [word for word, letters in self.letters.items() if letters == bare] or named
        if len(chosen) == 1:
            return chosen[0]
        numbers = _numbers(said)
        if numbers and set(numbers) <= set(self.numbers) and self.least <= len(numbers) <= self.most:
            return numbers
        raise WrongKey(self._help())

    def _help(self) -> str:
        parts = [f"one of {', '.join(self.letters.values())}"] if self.keys else []
        if self.numbers:
            count = "one number" if self.most == 1 else f"{self.least} to {self.most} numbers"
            parts.append(f"{count} of {_ranged(self.numbers)}")
        return f"Type {' or '.join(parts)}; Enter skips the question."


def _letters(words: tuple[str, ...]) -> dict[str, str]:
    """The fewest first letters that tell each word from the ones before it."""
    found: dict[str, str] = {}
    for word in words:
        taken = set(found.values())
        found[word] = next(word[:n] for n in range(1, len(word) + 1) if word[:n] not in taken)
    return found


def _numbers(said: str) -> tuple[int, ...]:
    """The numbers in what was typed, each once; none if there is anything else."""
    parts = [part.lstrip("tT") for part in _SEPARATORS.split(said) if part]
    if not all(part.isdecimal() and len(part) <= MOST_DIGITS for part in parts):
        return ()
    return tuple(dict.fromkeys(map(int, parts)))


def _ranged(numbers: tuple[int, ...]) -> str:
    """Numbers in words: "1-4" where none is left out, else "1, 3"."""
    if len(numbers) > 2 and numbers == tuple(range(numbers[0], numbers[-1] + 1)):
        return f"{numbers[0]}-{numbers[-1]}"
    return ", ".join(map(str, numbers))
