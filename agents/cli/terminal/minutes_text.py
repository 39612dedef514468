"""Minutes on a terminal: the same page as in a file, at the terminal's width, without broken words."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from agents.cli.terminal import tables
from agents.cli.terminal.size import terminal_width

if TYPE_CHECKING:
    from agents.export.page import Block, Line

TITLED = 2
"""The level of the headings of sections, which are in capitals."""


def minutes_text(blocks: "Iterable[Block]") -> str:
    """A page as text for a terminal. What stands under a heading follows it without an empty line."""
    from agents.export.page import Chart, Heading

    text = ""
    under = False
    for block in blocks:
        if isinstance(block, Chart):
            continue
        text += ("" if not text or under else "\n") + "\n".join(_block(block)) + "\n"
        under = isinstance(block, Heading) and block.level > 1
    return text


def _block(block: "Block") -> Iterator[str]:
    from agents.export.page import Break, Grid, Heading, Paragraph, Points, Quotation, Said

    match block:
        case Heading():
            yield tables.wrapped(block.text.upper() if block.level == TITLED else block.text)
            if block.level == 1:
                yield "=" * min(terminal_width(), len(block.text))
        case Paragraph():
            yield tables.wrapped(words(block.line))
        case Quotation():
            yield from (tables.wrapped(words(one), "  ") for one in block.lines)
        case Points():
            for point in block.points:
                yield tables.wrapped(words(point.line), "- ", "  ")
                yield from (tables.wrapped(words(one), "  - ", "    ") for one in point.below)
        case Grid():
            yield tables.table(block.columns, [[words(cell) for cell in row] for row in block.rows])
        case Said():
            yield tables.wrapped(f"{block.turn}{words(block.about)}")
            yield from (tables.wrapped(one, "  ") for one in block.lines)
        case Break():
            yield "-" * 20


def words(line: "Line") -> str:
    """The words of a line; a doubt is set apart by a colon, and a command by nothing, so that it can be copied."""
    from agents.export.page import Mark

    return "".join(f"{span.text}:" if span.mark is Mark.DOUBT else span.text for span in line)
