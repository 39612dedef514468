"""Minutes as plain text, without any marks."""

from collections.abc import Iterator

from agents.export.page import Block, Grid, Heading, Line, Paragraph, Points, Quotation, Said, dashed
from agents.export.page.whole import minutes_page
from agents.meeting.record import Minutes
from agents.text import harmless


def to_plain(minutes: Minutes) -> str:
    """Write the minutes as lines of text."""
    return "\n".join(harmless(line) for block in minutes_page(minutes) for line in _lines(block)) + "\n"


def _lines(block: Block) -> Iterator[str]:
    match block:
        case Heading():
            yield ""
            yield block.text.upper() if block.level == 1 else block.text
        case Paragraph():
            yield _words(block.line)
        case Quotation():
            yield from (f"  {_words(one)}" for one in block.lines)
        case Points():
            yield from dashed(block, _words)
        case Grid():
            yield from (
                "; ".join(f"{name}: {_words(cell)}" for name, cell in zip(block.columns, row, strict=True))
                for row in block.rows
            )
        case Said():
            yield f"{block.turn} {_words(block.about).strip()}"
            yield from (f"  {one}" for one in block.lines)


def _words(line: Line) -> str:
    return "".join(span.text for span in line)
