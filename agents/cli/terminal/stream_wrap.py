"""Text that arrives in pieces, broken between words at the terminal's edge as it comes."""

import re
import unicodedata
from collections.abc import Callable

_PARTS = re.compile(r"\n|[^\S\n]+|\S+")
FENCE = "```"


class Flow:
    """Turns pieces of text into what is to be printed now; a word is held back until it is known how long it is.

    Lines of code between fences stay as they are.

    Args:
        width: tells the columns there are now; 0 means that no line is ever broken.
    """

    def __init__(self, width: Callable[[], int]) -> None:
        self._width = width
        self._held = ""
        self._column = 0
        self._code = False

    def take(self, piece: str) -> str:
        """What can be printed now that this has come."""
        self._held += piece
        whole = max(self._held.rfind(mark) for mark in " \t\n") + 1
        ready, self._held = self._held[:whole], self._held[whole:]
        # The blanks at the end wait too: they are not printed where the next word begins a new line.
        waiting = len(ready) - len(ready.rstrip(" \t"))
        if waiting:
            ready, self._held = ready[:-waiting], ready[-waiting:] + self._held
        return self._laid(ready)

    def rest(self) -> str:
        """What is still held back, at the end."""
        ready, self._held = self._held, ""
        return self._laid(ready)

    def _laid(self, text: str) -> str:
        width, out, gap = self._width(), list[str](), ""
        for part in _PARTS.findall(text):
            if part == "\n":
                out.append(part if width else gap + part)  # blanks past the edge would be a line of their own
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
    """Columns a text takes on a terminal; a tab counts as eight."""
    if text.isascii():
        return len(text) + 7 * text.count("\t")
    wide = (2 if unicodedata.east_asian_width(c) in "WF" else 0 if unicodedata.combining(c) else 1 for c in text)
    return sum(wide)
