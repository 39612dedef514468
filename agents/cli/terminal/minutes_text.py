"""Minutes on a terminal: the same page as in a file, at the terminal's width, without broken words."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from agents.cli.terminal import tables
from agents.cli.terminal.safe_text import harmless
from agents.cli.terminal.styles import STATES, Style, paint

if TYPE_CHECKING:
    from agents.export.page import Block, Line

TITLED = 2
"""The level of the headings of sections, which are in capitals."""


def minutes_text(blocks: "Iterable[Block]") -> str:
    """A page as text for a terminal, its outcome in colour (``output.say_painted`` prints it). What stands under a
    heading follows it without an empty line.
    """
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
            title = harmless(block.text.upper() if block.level == TITLED else block.text)
            yield tables.underlined(title) if block.level == 1 else tables.wrapped(title)
        case Paragraph():
            yield _painted(tables.wrapped(words(block.line)), block.line)
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
            yield from (tables.wrapped(harmless(one), "  ") for one in block.lines)
        case Break():
            yield "-" * 20


def words(line: "Line") -> str:
    """The words of a line; a doubt is set apart by a colon, and a command by nothing, so that it can be copied."""
    from agents.export.page import Mark

    return harmless("".join(f"{span.text}:" if span.mark is Mark.DOUBT else span.text for span in line))


def _painted(text: str, line: "Line") -> str:
    """A text with the outcome in its colour, where that stands on one row."""
    from agents.export.page import Mark

    for span in line:
        if span.mark is Mark.OUTCOME:
            words = harmless(span.text)
            text = text.replace(words, paint(words, STATES.get(span.to, Style.OPEN)), 1)
    return text
