"""What a model wrote, made so that it cannot look like a heading of the program around it, nor make a chat window load
anything.
"""

import re

from agents.export.markdown import escape
from agents.text import harmless, one_line

_FENCE = re.compile(r"`{3,}(?=[^`]*\Z)|~{3,}")
_BEFORE = re.compile(r"(?:[\s>]|(?:[-+*]|\d{1,9}[.)])(?=\s))*")
"""What may stand before the words of a line: blanks, and the marks of quotations and lists."""
_RULE = re.compile(r"(?:=+|-+)\s*\Z")
_UNSURE = re.compile(r"(?:`{0,2}|~{0,2}|:{0,2}|[-+*]|\d{1,9}[.)]?|[=\-][=\- ]*)\Z")
"""The beginning of the words of a line of which it is not known yet whether it has to be changed."""
_MARK = re.compile(r"[\\`!<$]")
_RUN = re.compile(r"`+")
_TAG = re.compile(r"[A-Za-z/!?]")
_LANGUAGE = re.compile(r"[\w-]*")
_NOT_IN_INFO = re.compile(r"[&\\<!\[|`]")
_DRAWN = frozenset({"html", "htm", "xhtml", "svg", "xml", "mermaid", "vega", "vega-lite"})
"""The languages of code that a chat window may draw, and so load what it names."""
_MOST_HELD = 1_000
"""The most letters that are kept back until it is known what they are."""


def quoted(text: str) -> str:
    """What a model said as a quotation of Markdown, line by line, each of them plain text; "" for nothing."""
    lines = [line for each in text.splitlines() if (line := one_line(each))]
    last = len(lines)
    return "".join(f"> {escape(line)}" + ("\\\n" if n < last else "\n") for n, line in enumerate(lines, 1))


class Passage:
    """An answer of a model in Markdown, piece by piece: its images and tags become text, its code stays.

    Only what every reader of Markdown takes for code is left as it is: blocks between fences, and words between
    backticks on one line. Elsewhere a backslash is put into each beginning of an image or tag.

    Args:
        alone: whether no heading of ours is around it, so that it keeps its own ones; else they become text.
    """

    def __init__(self, *, alone: bool = False) -> None:
        self._alone = alone
        self._held = ""
        self._begun = False
        self._fence = ""
        self._indent = ""
        self._deep = False
        self._paired = True

    def next(self, piece: str) -> str:
        """The next piece as it can be shown; what cannot be judged yet is kept back."""
        text, out = self._held + harmless(piece), []
        while text:
            line, end, rest = text.partition("\n")
            shown, held = self._shown(line, ended=bool(end))
            out.append(shown + end)
            if end:
                self._begun, text = False, rest
                continue
            text = held
            break
        self._held = text
        return "".join(out)

    def rest(self) -> str:
        """What was kept back, and the end of a block of code that the model left open."""
        out = self._shown(self._held, ended=True)[0] if self._held else ""
        self._held, self._begun = "", False
        return out + (f"\n{self._indent}{self._fence}" if self._fence else "")

    def _shown(self, line: str, *, ended: bool) -> tuple[str, str]:
        """A line, or what follows of one that is begun, as it can be shown, and what is kept back of it."""
        out = ""
        if not self._begun:
            if not ended and len(line) <= _MOST_HELD and self._is_unsure(line):
                return "", line
            out, line = self._begin(line)
            self._begun = True
        if self._fence or not line:
            return out + line, ""
        shown, held = self._words(line, ended=ended)
        return out + shown, held

    def _is_unsure(self, line: str) -> bool:
        if self._fence:
            return not line.strip().strip(self._fence[0])
        bare = line[_ends(line) :]
        rule = line.lstrip(" \t>\u00a0")
        return bool(_UNSURE.match(bare) or _FENCE.match(bare) or _RULE.match(rule))

    def _begin(self, line: str) -> tuple[str, str]:
        """What stands before the words of a line, as it can be shown, and its words; "" where nothing is left."""
        endless = len(line) > _MOST_HELD and self._is_unsure(line[: _MOST_HELD + 1])
        if self._fence:
            return self._in_fence(line, endless=endless), ""
        at = _ends(line[: _MOST_HELD + 1]) if endless else _ends(line)
        before, bare = line[:at], line[at:]
        if endless or bare.startswith(":::"):
            return f"{before}\\", bare
        if not line.strip(" \t"):
            self._paired = True
            return line, ""
        deep = before.strip(" ") != "" or len(before) > 3
        if fence := _FENCE.match(bare):
            if not deep and not (self._deep and before):
                self._fence, self._indent, self._deep = fence[0], before, False
            else:
                self._deep = True
            self._paired = True
            return f"{before}{fence[0]}{_language(bare[fence.end() :])}", ""
        if not before:
            self._deep = False
        return (before, bare) if self._alone else self._as_text(line, at)

    @staticmethod
    def _as_text(line: str, at: int) -> tuple[str, str]:
        """A line that cannot be a heading: what stands before its words, and they."""
        start = len(line) - len(line.lstrip(" \t>\u00a0"))
        if _RULE.match(line, start):
            return f"{line[:start]}\\", line[start:]
        return (f"{line[:at]}\\" if line.startswith("#", at) else line[:at]), line[at:]

    def _in_fence(self, line: str, *, endless: bool) -> str:
        """A line of a block of code, in which it stays or which it ends, whether the block is in a list or not."""
        bare = line.strip()
        if endless:
            return f"{self._indent}\\{line.lstrip()}"
        if len(bare) >= len(self._fence) and not bare.strip(self._fence[0]):
            line, self._fence = f"{self._indent}{bare}", ""
            return line
        return line if not bare or line.startswith(self._indent) else f"{self._indent}{line.lstrip(' ')}"

    def _words(self, text: str, *, ended: bool) -> tuple[str, str]:
        """Words of a line with a backslash in each image and tag, and what cannot be judged yet."""
        out, at = [], 0
        while mark := _MARK.search(text, at):
            out.append(text[at : mark.start()])
            at, kind = mark.start(), mark[0]
            following = text[at + 1 : at + 2]
            if kind == "`":
                end = self._code_end(text, at, ended=ended)
                if end is None:
                    return "".join(out), text[at:]
                out.append(text[at:end])
                at = end
                continue
            if not following and not ended and kind != "$":
                return "".join(out), text[at:]
            if kind in "\\$":
                self._paired = False
            if kind == "\\":
                out.append(kind + following)
                at += 2
                continue
            active = following == "[" if kind == "!" else kind == "<" and (not following or _TAG.match(following))
            out.append(kind if not active else "!\\" if kind == "!" else "\\<")
            at += 1
        return "".join([*out, text[at:]]), ""

    def _code_end(self, text: str, at: int, *, ended: bool) -> int | None:
        """Where the code ends that begins with a backtick, or the backticks if it is none; None if it is unknown."""
        first = _RUN.match(text, at)
        assert first is not None  # noqa: S101 - there is a backtick
        if first.end() == len(text) and not ended and len(first[0]) <= _MOST_HELD:
            return None
        if not self._paired or self._deep:
            return first.end()
        for run in _RUN.finditer(text, first.end()):
            if run.start() - at > _MOST_HELD:
                break
            if run.end() == len(text) and not ended:
                return None
            if len(run[0]) == len(first[0]):
                if "|" in text[at : run.end()]:  # the cells of a table are cut before their code is
                    break
                return run.end()
        else:
            if not ended and len(text) - at <= _MOST_HELD:
                return None
        self._paired = False
        return first.end()


def _ends(line: str) -> int:
    """Where the words of a line begin."""
    found = _BEFORE.match(line)
    return found.end() if found else 0


def _language(info: str) -> str:
    """What is written after the fence of a block of code; one that a chat window may draw is shown as text."""
    word = _LANGUAGE.match(info.lstrip(" \t{.").lower())
    risky = _NOT_IN_INFO.search(info) is not None or (word is not None and word[0] in _DRAWN)
    return "text" if risky else info
