"""Compares quotations with the text that they are said to come from, word for word. Takes linear time.

White space, the form of quotes and dashes, and the case of the first letter make no difference; in Markdown, neither do
emphasis and links. Everything else does: "10" is not "10\u00b2", and "210" is not "2*10".
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from agents.meeting.plain import Doubt, doubts, why_not_plain
from agents.sentences import sentence_ends
from agents.text import capital

MOST_PLACES = 40
"""The most places at which the beginning of one quotation is compared with a text."""
BLOCK_LINES = 8
"""The most lines before and after a line that can belong to the same sentence."""
NEAR = 3000
"""The most letters before and after a quotation that its sentence may have."""
LONG = "its sentence is very long"
"""Why a quotation in a longer one is not plain."""

_SAME = {
    **dict.fromkeys(map(ord, "\u2018\u2019\u201a\u201b\u2032"), "'"),
    **dict.fromkeys(map(ord, "\u201c\u201d\u201e\u201f\u00ab\u00bb\uff02\u2033"), '"'),
    **dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"), "-"),
    0x2026: "...",
}
_COLOURS = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")
_LINK = re.compile(r"!?\[([^\[\]]*)\](?:\([^()\s]*(?: \"[^\"]*\")?\)|\[[^\[\]]*\])")
_STARS = re.compile(r"(?<![\w*])(\*{1,3})(?=[^\s*])([^*]*)(?<=[^\s*])\1(?![\w*])")
_LOWLINES = re.compile(r"(?<![\w_])(_{1,3})(?=[^\s_])([^_]*)(?<=[^\s_])\1(?![\w_])")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_MARK = re.compile(r"\s*(?:>\s?)*(?:(?:[-*+\u2022]|\d{1,3}[.)])\s+(?:\[[ xX]\]\s+)?|#{1,6}\s+)?")
_STARTS = re.compile(r"\s*(?:[-*+\u2022>|#]|\d{1,3}[.)]\s|```|~~~)")
_ELLIPSIS = re.compile(r"\[?\.{3,}\]?")
_LEFT_OUT = " .,;:!"


def flat(text: str, *, markdown: bool = False) -> str:
    """A text for comparison, on one line."""
    text = _COLOURS.sub("", text) if "\x1b" in text else text
    if not text.isascii():
        kept = (char for char in unicodedata.normalize("NFC", text) if unicodedata.category(char) != "Cf")
        text = "".join(kept).translate(_SAME)
    if markdown:
        text = _LINK.sub(r"\1", text)
        text = _STARS.sub(r"\2", _STARS.sub(r"\2", text))
        text = _ESCAPED.sub(r"\1", _LOWLINES.sub(r"\2", text).replace("`", ""))
    return " ".join(text.split())


@dataclass(frozen=True, slots=True)
class Found:
    """Where a text has a quotation.

    Attributes:
        first, last: the lines, counted from 1.
        rest: why the rest of its sentence is not plain, or "".
    """

    first: int
    last: int
    rest: str = ""


class Material:
    """A text in which quotations are looked up.

    Args:
        lines: its lines.
        markdown: whether it is Markdown.
        prose: whether a sentence may go on in the next line.
    """

    def __init__(self, lines: Sequence[str], *, markdown: bool = False, prose: bool = False) -> None:
        self._raw = lines
        self._markdown = markdown
        self._prose = prose
        self._flat = [flat(_MARK.sub("", line, count=1) if prose else line, markdown=markdown) for line in lines]
        self._fenced = _fenced(lines) if prose else frozenset()
        self._starts = [0]
        for line in self._flat:
            self._starts.append(self._starts[-1] + len(line) + 1)
        self._joined = " ".join(self._flat)

    def find(self, quotation: str, first: int = 0, last: int = 0) -> Found | None:
        """Where the text has a quotation; None for nowhere.

        Where it stands several times, the place counts where the rest of its sentence is plain.

        Args:
            quotation: the words, with "..." for words that are left out.
            first: the first of the lines on which at least a part of it must stand; 0 for anywhere.
            last: the last of them.
        """
        parts = [part for each in _ELLIPSIS.split(flat(quotation, markdown=self._markdown)) if (part := each.strip())]
        parts = [*parts[:-1], parts[-1].rstrip(_LEFT_OUT)] if parts else []
        if not parts or not all(parts):
            return None
        low = self._starts[max(0, first - 1 - BLOCK_LINES)] if first else 0
        high = self._starts[min(len(self._flat), last + BLOCK_LINES)] if first else len(self._joined)
        best: Found | None = None
        at = low
        for _ in range(MOST_PLACES):
            spans = self._spans(parts, at, high)
            if not spans:
                break
            found = self._at(spans)
            if found and (not first or (found.first <= last and found.last >= first)):
                best = found
                if not found.rest:
                    break
            at = spans[0][0] + 1
        return best

    def _spans(self, parts: Sequence[str], low: int, high: int) -> list[tuple[int, int]]:
        """The places of the parts of a quotation, in order, from a place on; none if one is missing."""
        spans = []
        for part in parts:
            start = self._whole(part, low, high)
            if start < 0:
                return []
            spans.append((start, start + len(part)))
            low = start + len(part)
        return spans

    def _whole(self, part: str, low: int, high: int) -> int:
        """The first place of words that are not parts of other words or numbers; -1 for none."""
        forms = {part, part[0].lower() + part[1:], capital(part)}
        found = []
        for form in forms:
            at = low
            for _ in range(MOST_PLACES):
                at = self._joined.find(form, at, high)
                if at < 0:
                    break
                if _apart(self._joined, at, at + len(form)):
                    found.append(at)
                    break
                at += 1
        return min(found, default=-1)

    def _at(self, spans: Sequence[tuple[int, int]]) -> Found | None:
        """What stands there; None where the parts of a quotation stand in different paragraphs."""
        first = bisect_right(self._starts, spans[0][0]) - 1
        last = bisect_right(self._starts, spans[-1][1] - 1) - 1
        begin, end = self._block(first)
        if last > end:
            return None
        low, high = self._starts[begin], self._starts[end + 1] - 1
        offset, behind = max(low, spans[0][0] - NEAR), min(high, spans[-1][1] + NEAR)
        text = self._joined[offset:behind]
        here = [(start - offset, stop - offset) for start, stop in spans]
        ends = sentence_ends(text)
        begins = offset == low or any(at <= here[0][0] for at in ends)
        if not begins or not (behind == high or any(at >= here[-1][1] for at in ends)):
            return Found(first + 1, last + 1, LONG)
        ends = [0, *ends, len(text)]
        start = max(at for at in ends if at <= here[0][0])
        stop = min(at for at in ends if at >= here[-1][1])
        rest = [text[one[1] : two[0]] for one, two in zip([(0, start), *here], [*here, (stop, 0)], strict=True)]
        why = why_not_plain(" \u2026 ".join(rest), but={Doubt.ASKS}) or why_not_plain(self._introduction(begin))
        if not why and Doubt.ASKS in doubts(text[start:stop]):  # the rest alone may begin like a question: "... is new"
            why = Doubt.ASKS.value
        if not why:
            denied = any(Doubt.DENIES in doubts(text[start:stop]) for start, stop in here)
            limits = _LIMITS | _TIMES if denied else _LIMITS
            why = Doubt.CONDITION.value if any(_begins(part, limits) for part in rest) else ""
        return Found(first + 1, last + 1, why)

    def _block(self, line: int) -> tuple[int, int]:
        """The first and last line of the paragraph of a line, counted from 0."""
        first = last = line
        if not self._prose or line in self._fenced:
            return first, last
        while first > 0 and line - first < BLOCK_LINES and self._goes_on(first):
            first -= 1
        while last + 1 < len(self._flat) and last - line < BLOCK_LINES and self._goes_on(last + 1):
            last += 1
        return first, last

    def _goes_on(self, line: int) -> bool:
        """Whether a line goes on with the paragraph of the line before it."""
        if line in self._fenced or line - 1 in self._fenced:
            return False
        before = self._raw[line - 1].lstrip()
        return bool(self._flat[line] and self._flat[line - 1]) and not (
            _STARTS.match(self._raw[line]) or before.startswith(("#", "|"))
        )

    def _introduction(self, line: int) -> str:
        """The line that introduces the list of a line, such as "We will never:"; "" for none."""
        if not self._prose or not _STARTS.match(self._raw[line]):
            return ""
        for before in range(line - 1, max(-1, line - 1 - 4 * BLOCK_LINES), -1):
            if self._flat[before] and not _STARTS.match(self._raw[before]):
                said = self._flat[before]
                return said if said.endswith((":", "\uff1a")) else ""
        return ""


_LIMITS = frozenset({"only", "except", "but", "without", "than"})
"""The first words of a part that is left out and limits the rest."""
_TIMES = frozenset({
    "before", "until", "till", "after", "during", "while", "bevor", "bis", "nachdem", "avant", "jusqu", "apr\u00e8s",
    "antes", "hasta",
})  # fmt: skip
"""Those of a part that limits what is denied: "We will not do it", of "... before the audit"."""
_FIRST_WORD = re.compile(r"\w+")


def _begins(part: str, words: frozenset[str]) -> bool:
    first = _FIRST_WORD.search(part)
    return first is not None and first[0].lower() in words


def _fenced(lines: Sequence[str]) -> frozenset[int]:
    """The numbers, from 0, of the lines between fences."""
    found, inside = [], False
    for number, line in enumerate(lines):
        fence = line.lstrip().startswith(("```", "~~~"))
        if inside or fence:
            found.append(number)
        inside ^= fence
    return frozenset(found)


def _is_digit(char: str) -> bool:
    """Whether a character is a digit of any kind; the exponent of 10\u00b2 is one, too."""
    return bool(char) and unicodedata.digit(char, -1) >= 0


def _apart(text: str, start: int, end: int) -> bool:
    """Whether the words at a place are whole words and whole numbers."""
    first, last = text[start], text[end - 1]
    before, after = text[start - 1 : start] if start else "", text[end : end + 1]
    if _spaced(first) and _spaced(before):
        return False
    if _spaced(last) and _spaced(after):
        return False
    if _is_digit(first) and before in "-+.,/*^~<>=\u00d7\u00b1" and before:
        return False
    return not (
        _is_digit(last)
        and (after in "%^*/\u00b0\u00d7" or (after in ".,:-" and _is_digit(text[end + 1 : end + 2])))
        and after
    )


def _spaced(char: str) -> bool:
    """Whether a character belongs to a word in a script that puts spaces between words."""
    return char.isalnum() and ord(char) < 0x2E80
