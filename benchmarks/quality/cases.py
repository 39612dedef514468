"""The documents of the benchmark, and the keys that say which of their lines are flawed and which only look so."""

import re
import tomllib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from agents.documents import Document, read_document
from agents.errors import UsageError

FOLDER = Path(__file__).resolve().parent / "documents"

_HEADING = re.compile(r"\s*#{1,6}\s")
_RULE = re.compile(r"[\s|:=*_-]*\Z")
_FENCE = re.compile(r"\s*(?:```|~~~)")


@dataclass(frozen=True, slots=True)
class Lines:
    """Consecutive lines of a document, both ends included; the first line of a document has the number 1."""

    first: int
    last: int

    def touches(self, other: "Lines") -> bool:
        """Whether a line is in both."""
        return self.first <= other.last and other.first <= self.last


@dataclass(frozen=True, slots=True)
class Flaw:
    """A planted flaw.

    Attributes:
        lines: where it stands.
        what: what is wrong.
        fields: the fields of work that should notice it.
        severity: how bad it is, in the key's words.
    """

    lines: Lines
    what: str
    fields: tuple[str, ...]
    severity: str


@dataclass(frozen=True, slots=True)
class Trap:
    """Lines that look alarming and are fine, and why they are."""

    lines: Lines
    why: str


@dataclass(frozen=True)
class Case:
    """A document with its key."""

    document: Document
    flaws: tuple[Flaw, ...]
    traps: tuple[Trap, ...]

    @property
    def name(self) -> str:
        """The document's name without its suffix."""
        return Path(self.document.name).stem

    @cached_property
    def content(self) -> tuple[int, ...]:
        """The numbers of its content lines."""
        return content_lines(self.document.text)

    def chance(self, length: int = 1, *, of_traps: bool = False) -> float:
        """The share of places of this many content lines that touch a flaw, or a trap: what guessing would reach."""
        marked = [one.lines for one in (self.traps if of_traps else self.flaws)]
        content = self.content
        length = min(length, len(content))
        places = [Lines(content[at], content[at + length - 1]) for at in range(len(content) - length + 1)]
        return sum(any(place.touches(one) for one in marked) for place in places) / len(places)


def content_lines(text: str) -> tuple[int, ...]:
    """The numbers of the lines that say something: not blank, no heading, no rule of a table or page, no code fence."""
    out = []
    fenced = False
    for number, line in enumerate(text.split("\n"), 1):
        if _FENCE.match(line):
            fenced = not fenced
        elif not _RULE.match(line) and (fenced or not _HEADING.match(line)):
            out.append(number)
    return tuple(out)


def read_cases(folder: Path = FOLDER) -> list[Case]:
    """The documents of a folder with their keys, in order of name.

    Raises:
        UsageError: a key is missing or has lines that are none; the message names it.
    """
    return [_case(path) for path in sorted(folder.glob("*.md")) if path.name != "README.md"]


def _case(path: Path) -> Case:
    key = path.with_suffix(".key.toml")
    if not key.is_file():
        raise UsageError(f"{path.name} has no key {key.name}.", "Write one, or move the document elsewhere.")
    table = tomllib.loads(key.read_text(encoding="utf-8"))
    flaws = tuple(
        Flaw(_lines(one, key), str(one["what"]), tuple(one["fields"]), str(one["severity"])) for one in table["flaw"]
    )
    traps = tuple(Trap(_lines(one, key), str(one["why"])) for one in table["trap"])
    return Case(read_document(path), flaws, traps)


def _lines(entry: dict[str, Any], key: Path) -> Lines:
    """``lines = [12]`` or ``lines = [12, 14]``: a line, or the first and the last one."""
    given = entry.get("lines")
    numbers = [given] if isinstance(given, int) else given
    if not isinstance(numbers, list) or not numbers or not all(isinstance(one, int) for one in numbers):
        raise UsageError(f"{key.name}: lines = {given!r} is no list of line numbers.", "Write such as lines = [12].")
    return Lines(min(numbers), max(numbers))
