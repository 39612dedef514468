"""Documents whose flaws are known by line, to measure what a model finds in them.

A key is a TOML file beside its document: ``document`` names it, and each ``[[flaws]]`` has ``lines`` and ``what``.
"""

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from agents.documents import Document
from agents.meeting.report_card import Found

FIRST = 10
"""The findings at the top of a list that are looked at by themselves: a reader may not go further."""

_WORD = re.compile(r"\w")
_HEADING = re.compile(r"\s{0,3}#")


@dataclass(frozen=True, slots=True)
class Key:
    """The known flaws of a document.

    Attributes:
        document: the document's name.
        flaws: the lines of each flaw.
    """

    document: str
    flaws: tuple[frozenset[int], ...]

    @property
    def lines(self) -> frozenset[int]:
        """All lines with a flaw."""
        return frozenset().union(*self.flaws)


def key_from(text: str) -> Key:
    """Read the text of a key."""
    table = tomllib.loads(text)
    return Key(table["document"], tuple(frozenset(flaw["lines"]) for flaw in table["flaws"]))


def compared(document: Document, key: Key, findings: Sequence[Iterable[int]]) -> Found:
    """How findings compare with the known flaws of a document.

    Args:
        document: the document.
        key: its known flaws.
        findings: the lines of each finding, the most important finding first.
    """
    named = [set(lines) for lines in findings]
    right = [bool(lines & key.lines) for lines in named]
    every = set().union(*named)
    return Found(
        document.name,
        len(content_lines(document)),
        len(key.lines),
        len(key.flaws),
        len(named),
        sum(right),
        len(right[:FIRST]),
        sum(right[:FIRST]),
        sum(bool(flaw & every) for flaw in key.flaws),
    )


def content_lines(document: Document) -> list[int]:
    """The numbers of the lines with words, without headings."""
    lines = enumerate(document.text.split("\n"), 1)
    return [number for number, line in lines if _WORD.search(line) and not _HEADING.match(line)]
