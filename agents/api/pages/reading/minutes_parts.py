"""Minutes and transcripts in parts: what stands together on a page, so that no page becomes too large."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from agents.api.pages.reading.ballot_box import Box, Votes, box, votes
from agents.api.pages.reading.page_writer import PageWriter, Piece, Place
from agents.export.html_tags import Html, lines, tag
from agents.export.page import Block, Grid, Heading, Paragraph, Points, Quotation, line

MOST_BELOW = 40
"""The most points below a point; the file has the rest."""


@dataclass(frozen=True, slots=True)
class Titled:
    """A heading of the transcript with a place of its own.

    Attributes:
        level, text: as of a heading.
        anchor: the name of its place.
    """

    level: int
    text: str
    anchor: str


Element = Block | Piece | Titled | Box | Votes
"""What stands on a page and is not parted."""


@dataclass(slots=True)
class Part:
    """What stands together.

    Attributes:
        elements: in order.
        ids: the names of the places in it.
        places: the lines of documents that it names.
        size: about how many bytes it has at most.
    """

    elements: list[Element] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    places: dict[Place, None] = field(default_factory=dict)
    size: int = 0


def written(writer: PageWriter, elements: Iterable[Element]) -> Iterator[Html]:
    """The elements of a part, each as one element of the page.

    Args:
        writer: writes them.
        elements: the elements, as ``parted`` left them.
    """
    for each in _together(elements):
        writer.begin()
        match each:
            case Piece():
                yield writer.piece(each)
            case Titled():
                yield tag(f"h{each.level}", each.text, id=writer.once(each.anchor))
            case Box():
                yield box(writer.minutes, each)
            case Votes():
                yield from writer.blocks([votes(writer.minutes, each)], spoken=True)
            case _:
                yield from writer.blocks([each])


@dataclass(slots=True)
class _Section:
    """A heading with what stands under it; ``of_entries`` as long as that is entries alone."""

    level: int
    of_entries: bool
    rows: int = 0
    parts: list[Html] = field(default_factory=list)


def in_sections(writer: PageWriter, elements: Iterable[Element]) -> Iterator[Html]:
    """The elements of a part, each heading together with what stands under it; a section that has nothing but entries
    has a class, so that its heading is hidden with them.
    """
    above: list[_Section] = []

    def close(level: int) -> Iterator[Html]:
        while above and above[-1].level >= level:
            done = above.pop()
            made = tag("section", lines(*done.parts), class_="of-entries" if done.of_entries and done.rows else None)
            if above:
                above[-1].parts.append(made)
                above[-1].of_entries = False
            else:
                yield made

    for each in _together(elements):
        found = [*written(writer, [each])]
        if isinstance(each, Heading):
            yield from close(each.level)
            above.append(_Section(each.level, not each.topic, parts=found))
        elif above:
            above[-1].parts += found
            above[-1].rows += _entries_in(writer, each)
            above[-1].of_entries &= isinstance(each, Paragraph) or bool(_entries_in(writer, each))
        else:
            yield from found
    yield from close(0)


def _entries_in(writer: PageWriter, one: Element) -> int:
    """The number of rows of an element; 0 where one of them is no entry."""
    match one:
        case Points():
            worths = [writer.point_worth(point) for point in one.points]
        case Grid():
            worths = [writer.worth(row) for row in one.rows]
        case Quotation():
            worths = [writer.worth(one.lines)]
        case _:
            worths = []
    return len(worths) if all(worths) else 0


def single(blocks: Iterable[Block]) -> Iterator[Block]:
    """Blocks with tables of one row and lists of one point."""
    for block in blocks:
        if isinstance(block, Grid):
            yield from (replace(block, rows=(row,)) for row in block.rows)
        elif isinstance(block, Points):
            for point in block.points:
                below, rest = point.below[:MOST_BELOW], len(point.below) - MOST_BELOW
                more = (line(f"{rest} more in the file"),) if rest > 0 else ()
                yield Points((replace(point, below=(*below, *more)),))
        else:
            yield block


def parted(elements: Sequence[Element], writer: PageWriter, most: int, extra: Callable[[Element], int]) -> list[Part]:
    """Elements in parts: a heading stands with what follows it, and is repeated where its section goes on.

    Args:
        elements: the elements, each as small as it can be.
        writer: writes them to find their sizes and places, with links that are as long as they can be.
        most: about the most bytes of a part.
        extra: the bytes that an element adds to other places of the page.
    """
    parts, heads = [Part()], list[Heading | Titled]()
    waiting = Part()
    for one in elements:
        size = sum(len(each.encode("utf-8", "replace")) + 1 for each in written(writer, [one])) + extra(one)
        waiting.elements.append(one)
        ids, places = writer.fresh()
        waiting.ids |= ids
        waiting.places |= places
        waiting.size += size
        if isinstance(one, Heading | Titled):
            continue
        if parts[-1].elements and parts[-1].size + waiting.size > most:
            again = [_continued(head) for head in heads if head.level < _level(waiting.elements[0])]
            parts.append(Part([*again], size=sum(4 * len(each.text) + 50 for each in again)))
        _join(parts[-1], waiting)
        heads = _open(heads, waiting.elements)
        waiting = Part()
    _join(parts[-1], waiting)
    return parts


def _together(elements: Iterable[Element]) -> Iterator[Element]:
    """Elements with rows of one table, points of one list and votes of one topic together again."""
    last: Element | None = None
    for one in elements:
        if isinstance(last, Grid) and isinstance(one, Grid) and last.columns == one.columns:
            last = replace(last, rows=(*last.rows, *one.rows))
        elif isinstance(last, Points) and isinstance(one, Points):
            last = replace(last, points=(*last.points, *one.points))
        elif isinstance(last, Votes) and isinstance(one, Votes) and last.topic == one.topic:
            last = replace(last, ballots=(*last.ballots, *one.ballots))
        else:
            if last is not None:
                yield last
            last = one
    if last is not None:
        yield last


def _join(part: Part, more: Part) -> None:
    part.elements += more.elements
    part.ids |= more.ids
    part.places |= more.places
    part.size += more.size


def _level(one: Element) -> int:
    return one.level if isinstance(one, Heading | Titled) else 9


def _open(heads: Iterable[Heading | Titled], more: Iterable[Element]) -> list[Heading | Titled]:
    """The headings of the sections that are open after more elements."""
    found = [*heads]
    for one in more:
        if isinstance(one, Heading | Titled):
            found = [*(head for head in found if head.level < one.level), one]
    return found


def _continued(head: Heading | Titled) -> Heading:
    return Heading(head.level, f"{head.text[:200]}, continued")
