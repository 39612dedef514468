"""A text as words with their places, and what was read from some of them."""

import re
from dataclasses import dataclass, replace
from datetime import date

_TOKEN = re.compile(r"\d+|[^\W\d_]+|[^\w\s]|_")
_QUOTES = {
    '"': '"',
    "\u201c": "\u201d",
    "\u201e": "\u201c\u201d",
    "\u00ab": "\u00bb",
    "\u00bb": "\u00ab",
    "\u300c": "\u300d",
    "`": "`",
}
MOST_QUOTED = 400
"""The most letters between two quotation marks."""
CLAUSE_ENDS = frozenset(",;.!?)]}|\u2026\u2013\u2014\u3001\u3002\uff0c\uff1b\uff01\uff1f\uff09")
DASHES = frozenset("-\u2013\u2014|")


@dataclass(frozen=True, slots=True)
class Named:
    """What some words say about time.

    Attributes:
        end: the number of the first token after them.
        day: the day; None if they give no single day.
        weekday: the weekday that they name, from Monday 0; None if they name none.
        exact: whether they are a date of the calendar, and not counted from the day of the meeting.
        weak: whether they count only after a word such as "by", because they may mean something else.
        bound: whether they say themselves that they are the latest time: "within a week", "Friday at the latest".
    """

    end: int
    day: date | None = None
    weekday: int | None = None
    exact: bool = False
    weak: bool = False
    bound: bool = False

    def until(self, end: int) -> "Named":
        """The same, with more words."""
        return replace(self, end=end)


class Text:
    """A text as tokens: words, numbers and signs.

    Args:
        said: the text.

    Attributes:
        said: the text.
        words: the tokens in lower case.
        starts, ends: where each begins and ends in the text.
    """

    def __init__(self, said: str) -> None:
        self.said = said
        places = [match.span() for match in _TOKEN.finditer(said) if match[0] != "*"]  # marks of bold text
        self.starts = [start for start, _ in places]
        self.ends = [end for _, end in places]
        self.words = [said[start:end].lower().replace("\u2019", "'") for start, end in places]
        self._quoted: set[int] | None = None

    def word(self, at: int) -> str:
        """The token at a place in lower case; "" before the first and after the last."""
        return self.words[at] if 0 <= at < len(self.words) else ""

    def number(self, at: int, most_digits: int = 2) -> int | None:
        """The number at a place; None if there is none, or one with more digits."""
        word = self.word(at)
        return int(word) if word.isdecimal() and len(word) <= most_digits else None

    def glued(self, at: int) -> bool:
        """Whether the token at a place follows the one before it without a space."""
        return 0 < at < len(self.words) and self.starts[at] == self.ends[at - 1]

    def capital(self, at: int) -> bool:
        """Whether the token at a place begins with a capital letter."""
        return 0 <= at < len(self.words) and self.said[self.starts[at]].isupper()

    def new_line(self, at: int) -> bool:
        """Whether a new line begins before the token at a place."""
        return 0 < at < len(self.words) and "\n" in self.said[self.ends[at - 1] : self.starts[at]]

    def follows(self, at: int, *words: str) -> bool:
        """Whether these tokens stand at a place."""
        return tuple(self.words[at : at + len(words)]) == words

    def clause_ends(self, at: int) -> bool:
        """Whether a clause ends before the token at a place."""
        return (
            at >= len(self.words)
            or self.new_line(at)
            or (self.words[at] in CLAUSE_ENDS and not self._inner(at))
            or self.dashed(at)
        )

    def dashed(self, at: int) -> bool:
        """Whether the token at a place separates two fields of a line: a dash between spaces, or a bar."""
        if self.word(at) == "|":
            return True
        return self.word(at) in DASHES and not self.glued(at) and not self.glued(at + 1)

    def field(self, start: int, end: int) -> bool:
        """Whether the tokens from ``start`` to ``end`` are a whole field: the text, or between dashes or brackets."""
        before, after = self.word(start - 1), self.word(end)
        opens = start == 0 or self.new_line(start) or before in {"(", "["} or self.dashed(start - 1)
        return opens and (not after or self.new_line(end) or after in {")", "]", ".", ";"} or self.dashed(end))

    def quoted(self, at: int) -> bool:
        """Whether the token at a place stands between quotation marks: then somebody else's words contain it."""
        if self._quoted is None:
            self._quoted = _quoted(self)
        return at in self._quoted

    def _inner(self, at: int) -> bool:
        """Whether a sign stands within a word or a number, as in "5.1" or "a.m."."""
        word = self.word(at + 1)
        return self.words[at] in ".," and self.glued(at) and self.glued(at + 1) and (word.isalnum())


def _quoted(text: Text) -> set[int]:
    """The numbers of the tokens between quotation marks; a mark that nothing closes quotes nothing."""
    inside: set[int] = set()
    opened: int | None = None
    for at, word in enumerate(text.words):
        if opened is not None and word in _QUOTES[text.words[opened]]:
            if text.ends[at] - text.starts[opened] <= MOST_QUOTED:
                inside.update(range(opened + 1, at))
            opened = None
        elif word in _QUOTES and (opened is None or text.ends[at] - text.starts[opened] > MOST_QUOTED):
            opened = at
    return inside
