"""Wraps messages at the terminal's width: between words, and never within a command that can be copied."""

import re
from bisect import bisect_right
from collections.abc import Iterator

from agents.cli.terminal.stream_wrap import cells

_WHOLE = re.compile(r"`[^`\n]*`|(?:\./)?\borchestrator(?:\.sh|\.bat)? [^\n`]+|\S+")
"""What stays together: a command between backticks, one at the end of a line, and a word."""
HANG = 2
"""Blanks that further lines are indented more than the first."""


def hung(text: str, width: int) -> str:
    """Each line of a text at a width; further lines of one are indented more than its first.

    Args:
        text: the text.
        width: the number of columns; 0 changes nothing.
    """
    if width <= 0:
        return text
    return "\n".join(line if cells(line) <= width else "\n".join(_folded(line, width)) for line in text.split("\n"))


def _folded(line: str, width: int) -> Iterator[str]:
    lead = line[: len(line) - len(line.lstrip())]
    indent = lead + " " * HANG if len(lead) + HANG < width // 2 else ""
    row = lead
    for part in _parts(line, width):
        gap = " " if row.strip() else ""
        if gap and cells(row) + 1 + cells(part) > width:
            yield row
            row, gap = indent, ""
        row += gap + part
    yield row


def _parts(line: str, width: int) -> Iterator[str]:
    """The parts of a line; a command that is wider than the terminal is folded there, wherever it is put, so that only
    one that fits a line stays together.
    """
    for found in _WHOLE.findall(line):
        yield from [found] if cells(found) <= width else found.split()


def cut(text: str, width: int) -> str:
    """One line that is at most ``width`` columns wide; a longer one ends after a word, with " ..."."""
    if cells(text) <= width:
        return text
    lead = text[: len(text) - len(text.lstrip())]
    kept = lead
    for word in text.split():
        longer = f"{kept} {word}" if kept.strip() else kept + word
        if cells(longer) > width - 4:
            break
        kept = longer
    if kept.strip():
        return f"{kept} ..."
    # One long word, as in a script without blanks; a document may have one of many thousand letters.
    fits = bisect_right(range(1, len(text) + 1), width - 3, key=lambda letters: cells(text[:letters]))
    return f"{text[:fits]}..."
