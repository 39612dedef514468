"""Deals documents out: which passages each role reads when not everybody can read all, and what then nobody reads.

Sizes are in tokens. A section is a run of passages that follow each other, so that a role reads connected text. Every
passage goes to one role at most; those that concern a role go to it first, the others follow in their order.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Protocol

from agents.documents import Passage
from agents.model import render_passages
from agents.role import Role

CountTokens = Callable[[str], int]
"""Counts the tokens of a text."""

READING = "reading"
"""The name of the phase in which each role reads a part of the documents; a further one has a number after it."""

CONCERNED_SHARE = 0.6
"""The most of a role's share that is chosen because it concerns the role; the rest is what comes next in order."""
SECTIONS_A_PART = 3
"""The number of sections into which a part is cut, if the passages are short enough."""
SEARCHED = 64
"""The most passages that are looked at because they concern a role."""
MOST_BETWEEN = 2
"""How many lines further a passage may begin that is shown as one with the passage before it: after one blank line."""


class Library(Protocol):
    """Finds passages of the documents by their words."""

    def search(self, text: str, limit: int) -> list[Passage]:
        """The passages that share words with ``text``, best first."""


@dataclass(frozen=True, slots=True)
class Dealt:
    """What each role reads of the documents.

    Attributes:
        parts: by role id, the parts that it reads one after the other; each part is some passages in order.
        left: the passages that no role reads, in order.
    """

    parts: Mapping[str, tuple[tuple[Passage, ...], ...]]
    left: tuple[Passage, ...] = ()


@dataclass(slots=True)
class _Reader:
    """One role while documents are dealt out: its parts, as the numbers of passages, and how full each is."""

    role: str
    wishes: list[int]
    parts: list[list[int]] = field(default_factory=list)
    full: list[int] = field(default_factory=list)

    @property
    def used(self) -> int:
        return sum(self.full)

    def take(self, section: Sequence[int], cost: int, part: int, most: int) -> bool:
        """Take a section into the first part with room for it; false when there is none."""
        place = next((n for n, full in enumerate(self.full) if full + cost <= part), len(self.full))
        if cost > part or place >= most:
            return False
        if place == len(self.full):
            self.parts.append([])
            self.full.append(0)
        self.parts[place] += section
        self.full[place] += cost
        return True

    def goes_on(self, number: int, passage: int, cost: int, part: int) -> bool:
        """Take one more passage into a part; false when it has no room there."""
        if number == len(self.parts):
            self.parts.append([])
            self.full.append(0)
        if self.full[number] + cost > part:
            return False
        self.parts[number].append(passage)
        self.full[number] += cost
        return True


def block_tokens(passage: Passage, count: CountTokens) -> int:
    """The tokens of one passage among others, as models are shown it; the sum is never less than the whole."""
    return count(render_passages((passage,)).partition("\n")[2] + "\n")


def deal(
    passages: Sequence[Passage],
    costs: Sequence[int],
    roles: Sequence[Role],
    library: Library | None,
    part: int,
    most: int,
) -> Dealt:
    """Deal passages out to roles, in as few parts for each role as are enough.

    Args:
        passages: what is dealt out, in the order of the documents.
        costs: the tokens of each.
        roles: those who read.
        library: finds passages by their words.
        part: the most tokens of a part.
        most: the most parts of a role.
    """
    if not roles or part <= 0 or most <= 0 or not passages:
        return Dealt({}, tuple(passages))
    places = {passage: number for number, passage in enumerate(passages)}
    wishes = {role.id: _wishes(role, library, places) for role in roles}
    least = min(most, max(1, -(-sum(costs) // (part * len(roles)))))
    readers: list[_Reader] = []
    left: list[int] = []
    for parts in range(least, most + 1):
        readers = [_Reader(name, wished) for name, wished in wishes.items()]
        left = _deal(costs, _breaks(passages), readers, part, parts)
        if not left:
            break
    dealt = {
        reader.role: tuple(
            tuple(passages[n] for n in sorted(numbers)) for numbers in sorted(filter(None, reader.parts), key=min)
        )
        for reader in readers
        if any(reader.parts)
    }
    return Dealt(dealt, tuple(passages[number] for number in left))


def _deal(costs: Sequence[int], breaks: Sequence[bool], readers: list[_Reader], part: int, most: int) -> list[int]:
    """Fill the readers' parts; returns the numbers of the passages for which there was no room."""
    share = min(part * most, -(-sum(costs) // len(readers)))
    even = min(part, -(-share // most))
    sections = list(_sections(costs, breaks, min(part, share) // SECTIONS_A_PART))
    sizes = [sum(costs[number] for number in section) for section in sections]
    section_of = {number: place for place, section in enumerate(sections) for number in section}
    waiting = set(range(len(sections)))
    _deal_wishes(readers, sections, sizes, section_of, waiting, int(share * CONCERNED_SHARE), even, most)
    rest = [number for place in sorted(waiting) for number in sections[place]]
    huge = [number for number in rest if costs[number] > part]
    left = _pour([number for number in rest if costs[number] <= part], costs, readers, even, most, share)
    return sorted([*huge, *_pour(left, costs, readers, part, most, part * most)])


def _pour(
    numbers: Sequence[int], costs: Sequence[int], readers: Sequence[_Reader], part: int, most: int, share: int
) -> Sequence[int]:
    """Let one reader after the other go on in order, until it has its share; returns what is left at the end."""
    place = 0
    for reader in readers:
        for number in range(most):
            while place < len(numbers) and reader.used + costs[numbers[place]] // 2 <= share:
                if not reader.goes_on(number, numbers[place], costs[numbers[place]], part):
                    break
                place += 1
    return numbers[place:]


def _deal_wishes(
    readers: Sequence[_Reader],
    sections: Sequence[Sequence[int]],
    sizes: Sequence[int],
    section_of: Mapping[int, int],
    waiting: set[int],
    limit: int,
    part: int,
    most: int,
) -> None:
    """Give each reader in turn the free section that concerns it most, until nobody wants or may have another."""
    wanted = {reader.role: list(dict.fromkeys(section_of[number] for number in reader.wishes)) for reader in readers}
    while any(wanted.values()):
        for reader in readers:
            queue = wanted[reader.role]
            while queue:
                place = queue.pop(0)
                fits = reader.used + sizes[place] <= max(limit, sizes[place] if not reader.parts else 0)
                if place in waiting and fits and reader.take(sections[place], sizes[place], part, most):
                    waiting.remove(place)
                    break


def _sections(costs: Sequence[int], breaks: Sequence[bool], size: int) -> Iterator[list[int]]:
    """The numbers of the passages in runs of at most ``size`` tokens, or of one passage; a run that is half full ends
    at a new heading.
    """
    run: list[int] = []
    full = 0
    for number, (cost, starts) in enumerate(zip(costs, breaks, strict=True)):
        if run and (full + cost > size or (starts and full * 2 >= size)):
            yield run
            run, full = [], 0
        run.append(number)
        full += cost
    if run:
        yield run


def _breaks(passages: Sequence[Passage]) -> list[bool]:
    """For each passage, whether another heading or document begins with it."""
    before = [None, *passages]
    return [
        last is None or (last.document, last.heading) != (this.document, this.heading)
        for last, this in zip(before, passages, strict=False)
    ]


def _wishes(role: Role, library: Library | None, places: Mapping[Passage, int]) -> list[int]:
    """The numbers of the passages that concern a role, best first."""
    found = library.search(concerns(role), SEARCHED) if library else []
    return [places[passage] for passage in found if passage in places]


def concerns(role: Role) -> str:
    """The words by which passages for a role are found: its expertise and its watch words."""
    watch = [word for item in (*role.red_flags, *role.questions) for word in item.watch]
    return " ".join([*role.expertise, *watch])


def phase_of_part(number: int, count: int, last: str) -> str:
    """The name of the phase in which a role is shown one of its parts.

    Args:
        number: the number of the part, counted from 0.
        count: the number of parts of the role.
        last: the phase in which each role is shown its last part, and asked for its statement.
    """
    if number >= count - 1:
        return last
    return f"{READING}_{number + 1}" if number else READING


def joined(passages: Sequence[Passage]) -> tuple[Passage, ...]:
    """The same lines in fewer passages: those that follow each other under one heading become one.

    Lines between two of them that are no content, such as blank ones, become blank lines.

    Args:
        passages: passages in the order of the documents.
    """
    out: list[list[Passage]] = []
    for passage in passages:
        last = out[-1][-1] if out else None
        if last and _goes_on(last, passage):
            out[-1].append(passage)
        else:
            out.append([passage])
    return tuple(_one(run) for run in out)


def _goes_on(last: Passage, this: Passage) -> bool:
    """Whether a passage continues another one, with at most a few lines that are no content between them."""
    same = (last.document, last.heading) == (this.document, this.heading)
    return same and not last.piece and not this.piece and last.last < this.first <= last.last + MOST_BETWEEN


def _one(run: Sequence[Passage]) -> Passage:
    text = run[0].text
    for last, this in pairwise(run):
        text += "\n" * (this.first - last.last) + this.text
    return replace(run[0], last=run[-1].last, text=text)
