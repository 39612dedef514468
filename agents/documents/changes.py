"""Which lines of a text changed between two versions of it."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

MOST_COMPARED = 200
"""The most lines between two lines that did not change which are compared one by one; more count as one change."""


@dataclass(frozen=True, slots=True)
class Change:
    """Some lines of one version, and what stands in their place in the other.

    Attributes:
        old: the number of the first of the old lines; where lines were only added, of the line that follows them.
        new: the number of the first of the new lines; where lines were only removed, of the line that follows them.
        removed: the old lines.
        added: the new lines.
    """

    old: int
    new: int
    removed: tuple[str, ...]
    added: tuple[str, ...]


def changes(old: Sequence[str], new: Sequence[str]) -> tuple[Change, ...]:
    """The changes between two versions of a text, in order.

    Lines that stand once in each version, in the same order, did not change; between them the others are compared one
    by one. The time grows little faster than the number of lines.

    Args:
        old: the lines of the earlier version.
        new: those of the later one.
    """
    found = list[Change]()
    mine = theirs = 0
    for at, to in (*_kept(old, new), (len(old), len(new))):
        found += _gap(old[mine:at], new[theirs:to], mine, theirs)
        mine, theirs = at + 1, to + 1
    return tuple(found)


def _kept(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """The places of lines that stand once in each version: as many of them as stand in the same order in both."""
    counts, places = Counter(new), {line: place for place, line in enumerate(new)}
    once = Counter(old)
    pairs = [(at, places[line]) for at, line in enumerate(old) if once[line] == 1 and counts[line] == 1]
    ends, last, before = list[int](), list[int](), list[int]()
    for number, (_, to) in enumerate(pairs):  # the longest rising row of places
        length = bisect_left(ends, to)
        ends[length : length + 1], last[length : length + 1] = [to], [number]
        before.append(last[length - 1] if length else -1)
    row, number = list[tuple[int, int]](), last[-1] if last else -1
    while number >= 0:
        row.append(pairs[number])
        number = before[number]
    return row[::-1]


def _gap(old: Sequence[str], new: Sequence[str], mine: int, theirs: int) -> Iterator[Change]:
    """The changes between two lines that did not change.

    Args:
        old: the old lines between them.
        new: the new lines.
        mine: how many old lines stand before them.
        theirs: how many new lines do.
    """
    if old == new:
        return
    if max(len(old), len(new)) > MOST_COMPARED:
        yield Change(mine + 1, theirs + 1, tuple(old), tuple(new))
        return
    for kind, first, last, start, stop in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal":
            yield Change(mine + first + 1, theirs + start + 1, tuple(old[first:last]), tuple(new[start:stop]))
