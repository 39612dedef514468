"""Finds the lines of an answer that are not its speaker's own words: quoted, fenced, struck out or commented out.

Such lines are material, whatever label they begin with. A block without an end goes on to the end of the answer if it
is a fence or a comment; else only its first line counts. All functions are pure and take linear time.
"""

import re
from collections.abc import Sequence

from agents.meeting.quoted import unclosed

_BEFORE = " \t*_#+-\u30fb\uff65\u25a0\u2022\u2013\u2014\u00b7\u25aa\u25e6\u2023\u25cf\u25cb\ufeff"
"""Signs before the words of a line: blanks, list marks, headings and emphasis."""
_TIGHT = "\u2022\u30fb\uff65\u25cf\u25a0"
"""List marks that need no blank behind them."""
_BULLETS = _TIGHT + "-*+\u2022\u2013\u00b7\u25aa\u25e6\u2023\u25cf\u25cb"
_NUMBER = re.compile(r"[\u2460-\u2473]\s*|\(?\d{1,3}[.)\u3001\uff0e\uff09](?=\D|\Z)\s*")
_CHECKBOX = re.compile(r"\[[ xX]\]\s+")
_QUOTED = (">", "\uff1e", "&gt;", "~", "\u00a6")
_TAG = re.compile(r"<(/?)(del|s|strike|blockquote|q|pre|code|cite|samp)\b[^<>]{0,200}>", re.I)
_QUOTED_LINES = 30
"""The most lines of a quotation that is looked for."""
_CONTINUED = '"\u201c\u201e\u00ab\u300c\u300e'


def bare(line: str) -> str:
    """A line without the list marks, numbers, headings, checkboxes and emphasis at its start."""
    before = None
    while before != line:
        before = line
        line = line.lstrip(_BEFORE)
        for mark in (_NUMBER, _CHECKBOX):
            if found := mark.match(line):
                line = line[found.end() :]
    return line


def is_material(lines: Sequence[str]) -> list[bool]:
    """For each line of an answer, whether it is material and not the speaker's own words."""
    marks = [False] * len(lines)
    ends = _Ends(lines)
    at = 0
    while at < len(lines):
        own_first, end = ends.of_block(at)
        if end > at:
            start = at if own_first else at + 1
            marks[start:end] = [True] * (end - start)
        at = max(end, at + 1)
    _mark_indented(lines, marks)
    return marks


class _Ends:
    """Finds where the blocks of an answer end; each line is looked at a few times at most."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines
        self._last: dict[str, int] = {}
        for number, line in enumerate(lines):
            for sign in ("~~", "-->", *_CONTINUED):
                if sign in line:
                    self._last[sign] = number
            self._last.update(dict.fromkeys((f"</{tag.lower()}>" for end, tag in _TAG.findall(line) if end), number))

    def of_block(self, at: int) -> tuple[bool, int]:
        """Whether the line itself is material, and the first line after the block that begins in it."""
        line = self._lines[at]
        start = bare(line)
        if start[:3] in {"```", "~~~"}:
            return True, self._fence_end(at, start)
        if start.startswith("`") and ":" in start.split("`", 2)[1]:  # a labelled line as code
            return True, at + 1
        if start.startswith("<!--"):
            return True, at + 1 if "-->" in line else self._after(at, "-->", len(self._lines))
        if line.rfind("<!--") > line.rfind("-->"):
            return False, self._after(at, "-->", at)
        if line.count("~~") % 2:
            first = start.startswith("~~")
            return first, self._after(at, "~~", at + 1 if first else at)
        tags = [(bool(end), tag.lower()) for end, tag in _TAG.findall(line)]
        first = bool(_TAG.match(start))
        if tags and not tags[-1][0]:
            return first, self._after(at, f"</{tags[-1][1]}>", at + 1 if first else at)
        if first or start.startswith(_QUOTED):
            return True, at + 1
        return False, self._quotation_end(at)

    def _fence_end(self, at: int, start: str) -> int:
        sign = start[0]
        length = len(start) - len(start.lstrip(sign))
        if ("`" if sign == "`" else "~~~") in start[length:]:
            return at + 1  # it ends in its own line
        for number in range(at + 1, len(self._lines)):
            line = self._lines[number].strip(" \t>")
            if len(line) >= length and not line.strip(sign):
                return number + 1
        return len(self._lines)

    def _after(self, at: int, closing: str, otherwise: int) -> int:
        """The line after the next one that has a closing sign; ``otherwise`` if there is none."""
        if self._last.get(closing, -1) <= at:
            return otherwise
        return next(n for n in range(at + 1, len(self._lines)) if closing in self._lines[n].lower()) + 1

    def _quotation_end(self, at: int) -> int:
        """The line after a quotation of several lines that begins in this one, in the same paragraph."""
        if not any(sign in self._lines[at] for sign in _CONTINUED) or not unclosed(self._lines[at]):
            return at
        signs = [sign for sign in _CONTINUED if sign in self._lines[at]]
        for number in range(at + 1, min(at + _QUOTED_LINES, len(self._lines))):
            if not self._lines[number].strip():
                return at
            if any(_closes(self._lines[number], sign) for sign in signs):
                return number + 1
        return at


_CLOSES = {
    '"': '"',
    "\u201c": "\u201d",
    "\u201e": "\u201c\u201d",
    "\u00ab": "\u00bb",
    "\u300c": "\u300d",
    "\u300e": "\u300f",
}


def _closes(line: str, sign: str) -> bool:
    return any(closing in line for closing in _CLOSES[sign])


def _mark_indented(lines: Sequence[str], marks: list[bool]) -> None:
    """Mark blocks that are indented like code: four blanks after an empty line, outside of a list."""
    in_list, empty, code = False, False, False
    for number, line in enumerate(lines):
        stripped = line.lstrip()
        if not stripped:
            empty = True
            continue
        indented = line.startswith(("    ", "\t"))
        code = indented and not in_list and (code or empty)
        if code:
            marks[number] = True
        elif not indented:
            in_list = bare_mark(stripped)
        empty = False


def bare_mark(line: str) -> bool:
    """Whether a line is an item of a list: it begins with a bullet and a blank, or with a number."""
    if line[:1] and line[:1] in _BULLETS and line[1:2] in {" ", "\t"}:
        return True
    return line.startswith(tuple(_TIGHT)) or bool(_NUMBER.match(line))


def without_mark(line: str) -> str:
    """A line without the mark of a list or a heading at its start."""
    if line[:1] and line[:1] in _BULLETS and bare_mark(line):
        line = line[1:]
    elif found := _NUMBER.match(line):
        line = line[found.end() :]
    line = line.lstrip()
    checkbox = _CHECKBOX.match(line)
    return line[checkbox.end() :] if checkbox else line
