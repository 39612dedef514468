"""Wraps text that arrives in pieces: lines are broken between words, at the terminal's width."""

import re
import unicodedata
from collections.abc import Callable

_PARTS = re.compile(r"\n|[^\S\n]+|\S+")
FENCE = "```"


class LineWrapper:
    """Turns pieces of text into what can be printed now; a word waits until its length is known.

    Lines of code between fences are not wrapped.

    Args:
        width: returns the current number of columns; 0 means that no line is wrapped.
    """

    def __init__(self, width: Callable[[], int]) -> None:
        self._width = width
        self._waiting = ""
        self._column = 0
        self._code = False

    def take(self, piece: str) -> str:
        """Add a piece and return what can be printed now."""
        self._waiting += piece
        whole = max(self._waiting.rfind(mark) for mark in " \t\n") + 1
        ready, self._waiting = self._waiting[:whole], self._waiting[whole:]
        # The blanks at the end wait too: they are not printed if the next word begins a new line.
        waiting = len(ready) - len(ready.rstrip(" \t"))
        if waiting:
            ready, self._waiting = ready[:-waiting], ready[-waiting:] + self._waiting
        return self._laid(ready)

    def rest(self) -> str:
        """Return what is still waiting, at the end."""
        ready, self._waiting = self._waiting, ""
        return self._laid(ready)

    def _laid(self, text: str) -> str:
        width, out, gap = self._width(), list[str](), ""
        for part in _PARTS.findall(text):
            if part == "\n":
                out.append(part if width else gap + part)  # blanks beyond the width would make a line of their own
                self._column, gap = 0, ""
            elif part.isspace():
                gap = part
            else:
                out.append(self._placed(part, gap, width))
                gap = ""
        return "".join(out) + gap

    def _placed(self, word: str, gap: str, width: int) -> str:
        if self._column == 0 and word.startswith(FENCE):
            self._code = not self._code
        taken = cells(word)
        if width and not self._code and self._column and self._column + cells(gap) + taken > width:
            self._column = taken
            return f"\n{word}"
        self._column += cells(gap) + taken
        return gap + word


def cells(text: str) -> int:
    """Number of columns that a text needs on a terminal; a tab counts as eight."""
    if text.isascii():
        return len(text) + 7 * text.count("\t")
    wide = (2 if unicodedata.east_asian_width(c) in "WF" else 0 if unicodedata.combining(c) else 1 for c in text)
    return sum(wide)
