"""What the lines without a label around a labelled line say about it. Takes linear time for all lines of a turn."""

import re
from bisect import bisect_right
from collections.abc import Iterable
from functools import lru_cache
from itertools import accumulate

from agents.meeting import reading
from agents.meeting.minutes import compare
from agents.meeting.plain import Doubt, retracts, why_not_plain

_TAKEN_BACK = re.compile(
    r"\b(?:(?:all|none|nothing) (?:of )?(?:the )?(?:above|that|this)|(?:the )?above (?:is|was|are|were)|that was"
    r"|this was)\b",
    re.I,
)
"""A line about the lines before it; it takes them back if it is not plain."""
_INTRODUCES = re.compile(r"\b(?:following|below|here (?:is|are|comes?)|these are|this is what)\b", re.I)
"""Words of a line without a colon that introduces the next one."""


def around(text: str, entry: str) -> str:
    """Why a labelled line is not meant, because of the lines without a label around it: one that introduces it and is
    not plain ("We do not take these on:"), or one that takes it back.

    Args:
        text: the text of the turn.
        entry: the words of the labelled line.
    """
    return _lines_of(text).around(entry)


@lru_cache(maxsize=256)  # each labelled line of a turn is looked up in the same text
def _lines_of(text: str) -> "_Lines":
    return _Lines(text.split("\n"))


class _Lines:
    """The labelled lines of a turn, and what the others say about them.

    Args:
        lines: all lines of the turn.
    """

    def __init__(self, lines: Iterable[str]) -> None:
        labelled: list[str] = []
        self._introduced: list[str] = []  # why the introduction of each labelled line is not plain, or ""
        self._taken_back: list[tuple[int, str]] = []  # how many labelled lines stand above, and why they are not meant
        introduction, used = "", False
        for line in lines:
            bare = line.strip().strip("*_ ")
            if not bare:
                introduction = "" if used else introduction
            elif reading.label_of(bare) and reading.without_label(bare):
                used = True
                labelled.append(compare.flat(bare))
                self._introduced.append(introduction)
            else:
                introduction, used = _why_introduced(bare), False
                if why := _why_taken_back(bare):
                    self._taken_back.append((len(labelled), why))
        self._joined = "\n".join(labelled)  # none of them has a line end
        self._starts = [0, *accumulate(len(line) + 1 for line in labelled)][: len(labelled)]

    def around(self, entry: str) -> str:
        """Why the first labelled line with these words is not meant; "" for one that is, and for no such line."""
        at = self._joined.find(compare.flat(entry)) if self._starts else -1
        if at < 0:
            return ""
        line = bisect_right(self._starts, at) - 1
        if self._introduced[line]:
            return f"the line before it says more: {self._introduced[line]}"
        below = bisect_right(self._taken_back, line, key=lambda one: one[0])
        if below < len(self._taken_back):
            return f"a line below it says more: {self._taken_back[below][1]}"
        return ""


def _why_introduced(line: str) -> str:
    if line.endswith((":", "\uff1a")):
        return why_not_plain(line.rstrip(":\uff1a"))
    return why_not_plain(line) if _INTRODUCES.search(line) else ""


def _why_taken_back(line: str) -> str:
    if retracts(line):
        return Doubt.DENIES.value
    return why_not_plain(line) if _TAKEN_BACK.search(line) else ""
