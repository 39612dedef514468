"""Finds quotations in a text, by the quotation marks of many languages. All functions are pure and take linear time."""

import re
from bisect import bisect_left
from dataclasses import dataclass

CLOSING = {
    '"': '"',
    "\u201c": "\u201d",
    "\u201e": '\u201c\u201d"',
    "\u201d": "\u201d",
    "\u2018": "\u2019",
    "\u201a": "\u2018\u2019",
    "'": "'",
    "\u00ab": "\u00bb",
    "\u00bb": "\u00ab",
    "\u2039": "\u203a",
    "\u203a": "\u2039",
    "\u300c": "\u300d",
    "\u300e": "\u300f",
    "\u301d": "\u301e\u301f",
    "\uff02": "\uff02",
    "`": "`",
}
"""The marks that may end a quotation, by the mark that begins it."""

_APOSTROPHES = "'\u2019\u2018\u201a"
"""Marks that also stand within words, so that they begin and end quotations only at the edge of a word."""

_BEGIN, _END = (re.compile(f"[{re.escape(''.join(marks))}]") for marks in (CLOSING, CLOSING.values()))
"""A mark that may begin a quotation, and one that may end one."""


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words between quotation marks.

    Attributes:
        start, end: where the quotation begins and ends in the text, its marks included.
        words: what stands between the marks.
        mark: the mark that begins it.
    """

    start: int
    end: int
    words: str
    mark: str


def quotations(text: str) -> list[Quotation]:
    """The quotations in a text, in order; a quotation within another one is not listed."""
    return _scan(text)[0]


def unclosed(text: str) -> bool:
    """Whether a text begins a quotation and does not end it; apostrophes do not count."""
    return _scan(text)[1]


def outside(text: str, filler: str = "\u2026") -> str:
    """A text with ``filler`` in the place of each quotation."""
    parts, at = [], 0
    for one in quotations(text):
        parts += [text[at : one.start], filler]
        at = one.end
    return "".join([*parts, text[at:]])


def _scan(text: str) -> tuple[list[Quotation], bool]:
    ends = _ends(text)
    found: list[Quotation] = []
    at, unended = 0, False
    while begun := _BEGIN.search(text, at):
        at, mark = begun.start(), begun[0]
        if not _begins(text, at):
            at += 1
            continue
        if mark == "`":
            start = at
            while at < len(text) and text[at] == "`":
                at += 1
            length = at - start
        else:
            start, length, at = at, 1, at + 1
        close = _close(ends, CLOSING[mark], at)
        if close < 0:
            unended |= mark not in _APOSTROPHES
            continue
        found.append(Quotation(start, min(close + length, len(text)), text[at:close], mark))
        at = close + length
    return found, unended


def _begins(text: str, at: int) -> bool:
    if text[at] not in _APOSTROPHES:
        return True
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    return not before.isalnum() and bool(after.strip())


def _ends(text: str) -> dict[str, list[int]]:
    """The places of the marks that can end a quotation, by the mark."""
    places: dict[str, list[int]] = {}
    for found in _END.finditer(text):
        at, mark = found.start(), found[0]
        within = mark in _APOSTROPHES and (text[at + 1 : at + 2].isalnum() or not text[at - 1 : at].strip())
        if not within:
            places.setdefault(mark, []).append(at)
    return places


def _close(ends: dict[str, list[int]], marks: str, start: int) -> int:
    """The place of the first of these marks from a place on; -1 for none."""
    found = [at for mark in marks if (at := _next(ends.get(mark, []), start)) >= 0]
    return min(found, default=-1)


def _next(places: list[int], start: int) -> int:
    number = bisect_left(places, start)
    return places[number] if number < len(places) else -1
