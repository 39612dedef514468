"""What a model wrote, made so that it cannot look like a heading of the program around it."""

import re

from agents.export.markdown import escape
from agents.text import harmless, one_line

_FENCE = re.compile(r" {0,3}(`{3,}(?=[^`]*\Z)|~{3,})")
_RULE = re.compile(r"\s*(?:=+|-+)\s*\Z")
_UNSURE = re.compile(r"[\s>]*(?:`{0,2}|~{0,2}|[=\-][=\- ]*)\Z")
"""The beginning of a line of which it is not known yet whether it has to be changed."""


def quoted(text: str) -> str:
    """What a model said as a quotation of Markdown, line by line, each of them plain text; "" for nothing."""
    lines = [line for each in text.splitlines() if (line := one_line(each))]
    last = len(lines)
    return "".join(f"> {escape(line)}" + ("\\\n" if n < last else "\n") for n, line in enumerate(lines, 1))


class Passage:
    """An answer of a model in Markdown, piece by piece: its own headings and tags become text, its code stays."""

    def __init__(self) -> None:
        self._held = ""
        self._begun = False
        self._fence = ""

    def next(self, piece: str) -> str:
        """The next piece as it can be shown; what cannot be judged yet is kept back."""
        text, out = self._held + harmless(piece), ""
        while text:
            line, end, rest = text.partition("\n")
            if not end and not self._begun and (_UNSURE.fullmatch(line) or _FENCE.match(line)):
                break
            out += (line if self._begun else self._judged(line)) + end
            self._begun, text = not end, rest
        self._held = text
        return out

    def rest(self) -> str:
        """What was kept back, and the end of a block of code that the model left open."""
        out = self._judged(self._held) if self._held else ""
        self._held, self._begun = "", False
        return out + (f"\n{self._fence}" if self._fence else "")

    def _judged(self, line: str) -> str:
        """The beginning of a line, or a whole one, as it can be shown."""
        fence = _FENCE.match(line)
        if self._fence:
            if fence and fence[1].startswith(self._fence) and not line[fence.end() :].strip():
                self._fence = ""
            return line
        if fence:
            self._fence = fence[1]
            return line
        bare = line.lstrip(" \t>")
        if bare[:1] in {"#", "<"} or (bare and _RULE.fullmatch(bare)):
            return f"{line[: len(line) - len(bare)]}\\{bare}"
        return line
