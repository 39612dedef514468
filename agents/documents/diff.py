"""Reads a diff in the unified format: which line of which file each of its lines is."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

NEW, OLD = "new", "old"
"""The sides of a diff."""

_HUNK = re.compile(r"@@ -(\d{1,9})(?:,(\d{1,9}))? \+(\d{1,9})(?:,(\d{1,9}))? @@")
_OCTAL = re.compile(r"\\([0-7]{3})")
_ESCAPES = {"\\n": "\n", "\\t": "\t", '\\"': '"', "\\\\": "\\"}
_OLD_PREFIXES, _NEW_PREFIXES = ("a/", "i/", "c/", "o/"), ("b/", "w/", "i/", "c/")
_NOWHERE = "/dev/null"
_LEAST_PART = 0.5
"""The part of a text's lines that must be lines of hunks and headers, so that the text is a diff."""


@dataclass(frozen=True, slots=True)
class DiffLine:
    """Where a line of a diff stands in the files that it compares.

    Attributes:
        path: the file's path after the change; of a removed line and of a deleted file, before it.
        line: the number of the line, from 1; 0 for a header, which is no line of a file.
        side: ``NEW``, or ``OLD`` for a line that is only in the old file.
    """

    path: str
    line: int
    side: str = NEW


class Diff:
    """A diff and where each of its lines stands.

    Args:
        lines: the lines of the diff.
    """

    def __init__(self, lines: Sequence[str]) -> None:
        self._places = list(_Reader(lines).places())

    def at(self, number: int) -> DiffLine | None:
        """Where line ``number`` of the diff stands, counted from 1; None for a line that belongs to no file."""
        return self._places[number - 1] if 1 <= number <= len(self._places) else None

    @property
    def files(self) -> list[str]:
        """The paths of the files, each once, in order."""
        return list(dict.fromkeys(place.path for place in self._places if place))

    @property
    def part(self) -> float:
        """The part of the lines that belong to files, from 0 to 1."""
        return sum(place is not None for place in self._places) / max(1, len(self._places))


def is_diff(lines: Sequence[str]) -> bool:
    """Whether a text is a diff, and not a text with a diff in it."""
    if not any(_HUNK.match(line) for line in lines):
        return False
    found = Diff(lines)
    return bool(found.files) and found.part >= _LEAST_PART


class _Reader:
    """Goes through the lines of a diff; a hunk ends by its counts, so that its lines may look like headers."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines
        self._old = self._new = ""
        self._old_line = self._new_line = 0
        self._old_left = self._new_left = 0

    def places(self) -> Iterator[DiffLine | None]:
        before: DiffLine | None = None
        for number, line in enumerate(self._lines):
            before = self._in_hunk(line, before) or self._header(line, number)
            yield before

    def _in_hunk(self, line: str, before: DiffLine | None) -> DiffLine | None:
        """A line of the hunk, taken off its counts; None outside of hunks."""
        kind = line[:1]
        if kind == "\\" and before and before.line:
            return before  # "\ No newline at end of file" says something of the line before it
        if self._old_left <= 0 and self._new_left <= 0:
            return None
        if kind not in {"+", "-", " ", ""}:
            self._old_left = self._new_left = 0  # the diff is cut or damaged here
            return None
        added, removed = kind == "+", kind == "-"
        place = DiffLine(self._old or self._new, self._old_line, OLD) if removed else None
        place = place or DiffLine(self._new or self._old, self._new_line)
        self._old_line, self._old_left = self._old_line + (not added), self._old_left - (not added)
        self._new_line, self._new_left = self._new_line + (not removed), self._new_left - (not removed)
        return place

    def _header(self, line: str, number: int) -> DiffLine | None:
        hunk = _HUNK.match(line)
        if hunk:
            self._old_line, self._new_line = int(hunk[1]), int(hunk[3])
            self._old_left, self._new_left = (int(count) if count else 1 for count in (hunk[2], hunk[4]))
            return DiffLine(self._new or self._old, 0) if self._new or self._old else None
        if line.startswith("diff --git "):
            self._old = self._new = _path_of_pair(line.removeprefix("diff --git "))
        elif line.startswith("--- ") and self._next(number).startswith("+++ "):
            self._old, self._new = _paths(line[4:], self._next(number)[4:])
        elif line.startswith("rename to "):
            self._new = _unquoted(line.removeprefix("rename to "))
        elif not (self._old or self._new) or not line.strip():
            return None
        path = self._new or self._old
        return DiffLine(path, 0) if path else None

    def _next(self, number: int) -> str:
        return self._lines[number + 1] if number + 1 < len(self._lines) else ""


def _paths(old: str, new: str) -> tuple[str, str]:
    """The paths in the two header lines of a file, "" for one that does not exist, without the prefixes of Git."""
    old, new = _unquoted(old), _unquoted(new)
    prefixed = (old == _NOWHERE or old.startswith(_OLD_PREFIXES)) and (new == _NOWHERE or new.startswith(_NEW_PREFIXES))
    return tuple("" if one == _NOWHERE else one[2:] if prefixed else one for one in (old, new))  # type: ignore[return-value]


def _path_of_pair(words: str) -> str:
    """The path in ``a/PATH b/PATH``, which are the same where no further header names them; "" if they are not."""
    half = len(words) // 2
    old, blank, new = words[:half], words[half : half + 1], words[half + 1 :]
    if blank == " ":
        found = _paths(old, new)
        if found[0] == found[1]:
            return found[0]
    return ""


def _unquoted(name: str) -> str:
    """A path as it is: without a time behind a tab, and without the quotes and escapes that Git uses."""
    name = name.split("\t")[0].rstrip("\r") if not name.startswith('"') else name.strip()
    if len(name) < 2 or not (name.startswith('"') and name.endswith('"')):
        return name
    return re.sub(r'\\[nt"\\]', lambda found: _ESCAPES[found[0]], _octal(name[1:-1]))


def _octal(text: str) -> str:
    """The text with bytes written as three octal digits put together as UTF-8."""
    raw = _OCTAL.sub(lambda found: chr(int(found[1], 8) & 0xFF), text)
    try:
        return raw.encode("latin-1").decode("utf-8") if _OCTAL.search(text) else text
    except UnicodeError:
        return text
