"""Takes out of a text what is not text: escape sequences, signs that are not shown, and line ends that are none.

Line feeds stay as they are, so that line n here is line n in an editor.
"""

import re
import unicodedata

_ODD = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\xa0\xad\u061c\u180e\u2007\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f]"
)
_STRUCK = re.compile("[^\n\x08]\x08")
_SEQUENCES = re.compile(
    "(?:\x1b\\[|\x9b)[0-?]*[ -/]*[@-~]"  # colours and the like
    "|(?:\x1b[\\]PX^_]|[\x90\x98\x9d-\x9f])[^\n\x07\x1b\x9c]*(?:\x07|\x1b\\\\|\x9c)"  # titles, links and the like
    "|\x1b[ -/]+[0-~]|\x1b[0-Z\\\\^-~]"
    "|\x1b\\[[0-?]*|\x1b\\][0-9]*;?"  # not finished
)
_BLANK = frozenset("\x0b\x0c\r\x1c\x1d\x1e\x1f\x85\xa0\u2007\u2028\u2029\u202f")
"""Characters that become a blank: they stand between words, and end no line."""
_JOINERS = frozenset("\u200c\u200d")
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that show the letters around them in another order than they stand in."""


def clean(text: str) -> tuple[str, str]:
    """A text without escape sequences and without signs that are not shown, and a sentence about those that can make a
    text look like another one, or "".

    Joiners stay where they are spelling: behind a letter that is not ASCII. Soft hyphens, byte order marks and other
    signs without width go; blanks that do not break and stray line ends become blanks.
    """
    text = line_feeds(text)
    if _ODD.search(text) is None:
        return text, ""
    if "\x08" in text:
        text = _STRUCK.sub("", text)  # bold and underlined words of a manual page
    if "\x1b" in text or _ODD.search(text):
        text = _SEQUENCES.sub("", text)
    hidden = [_hides(match[0]) for match in _ODD.finditer(text)]
    return _ODD.sub(_kept, text), _said(text, sum(hidden)) if any(hidden) else ""


def line_feeds(text: str) -> str:
    """A text with line feeds as its line ends: CR LF is one, and so is CR alone in a text that has no line feeds."""
    if "\r" not in text:
        return text
    text = text.replace("\r\n", "\n")
    if "\r" in text and "\n" not in text:
        return text.replace("\r", "\n")
    return "\n".join(line.rstrip("\r") for line in text.split("\n")) if "\r" in text else text


def _kept(match: re.Match[str]) -> str:
    """What stands for an odd character."""
    char = match[0]
    if char in _BLANK:
        return " "
    before = match.string[match.start() - 1] if match.start() else ""
    if char in _JOINERS and before and not before.isascii() and not _ODD.match(before):
        return char
    return char if _of_flag(match) else ""


def _of_flag(match: re.Match[str]) -> bool:
    """Whether a sign belongs to the flag of a country's part, which is a black flag and tags."""
    if match[0] < "\U000e0000":
        return False
    start = match.string.rfind("\U0001f3f4", max(0, match.start() - 8), match.start())
    return start >= 0 and all(char >= "\U000e0000" for char in match.string[start + 1 : match.start()])


def _hides(char: str) -> bool:
    return char in _TURNING or "\U000e0020" <= char <= "\U000e007e"


def _said(text: str, count: int) -> str:
    turned = next((char for char in text if char in _TURNING), "")
    first = next(place for place, char in enumerate(text) if _hides(char))
    line = text.count("\n", 0, first) + 1
    what = "that turn the order of letters around" if turned else "that are not shown"
    name = unicodedata.name(text[first], "").lower() or "a tag"
    return f"{count} character{'s' if count > 1 else ''} {what} left out; the first, {name}, is on line {line}"
