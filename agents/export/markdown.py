"""Minutes as Markdown that is also readable as plain text. What was said is escaped, so that it stays text."""

import re
from collections.abc import Iterable, Iterator

from agents.export.page import (
    Block,
    Break,
    Chart,
    Grid,
    Heading,
    Line,
    Mark,
    Paragraph,
    Points,
    Quotation,
    Said,
    Span,
    dashed,
)
from agents.export.page.whole import minutes_page
from agents.meeting.record import Minutes
from agents.text import one_line


def to_markdown(minutes: Minutes, *, full: bool = False) -> str:
    """Write the minutes as Markdown (CommonMark with tables).

    Args:
        minutes: what to write.
        full: whether to add everything that was said, and all that repeats it.
    """
    return in_markdown(minutes_page(minutes, full=full))


def in_markdown(blocks: Iterable[Block]) -> str:
    """A page as Markdown. No line of a paragraph depends on a line end, which some readers keep and others do not."""
    lines: list[str] = []
    under = False  # whether the block stands directly under its heading
    for block in blocks:
        found = list(_block(block))
        apart = bool(lines and found) and not (under and not isinstance(block, Heading))
        lines += ["", *found] if apart else found
        under = isinstance(block, Heading) and block.level > 1 if found else under
    return "\n".join(lines) + "\n"


def _block(block: Block) -> Iterator[str]:
    match block:
        case Heading():
            number = re.match(r"\d+\. ", block.text)  # a heading cannot become a list
            start = number[0] if number else ""
            yield f"{'#' * block.level} {start}{escape(block.text.removeprefix(start))}"
        case Paragraph():
            yield written(block.line)
        case Quotation():
            yield from (f"> {written(one)}" for one in block.lines)
        case Points():
            yield from dashed(block, written)
        case Grid():
            yield f"| {' | '.join(map(escape, block.columns))} |"
            yield "|" + " --- |" * len(block.columns)
            yield from (f"| {' | '.join(map(written, row))} |" for row in block.rows)
        case Said():
            yield f"**{escape(block.turn)}** {written(block.about).strip()}"
            yield ""
            last = len(block.lines)
            yield from (f"> {escape(one)}" + ("\\" if n < last else "") for n, one in enumerate(block.lines, 1))
        case Break():
            yield "---"
        case Chart():
            return


def written(line: Line) -> str:
    """A line of a page as Markdown."""
    return "".join(map(_span, line))


def _span(span: Span) -> str:
    text = escape(span.text)
    if span.mark is Mark.COMMAND:
        return f"`{one_line(span.text).replace('`', '')}`"
    if span.mark in {Mark.STRONG, Mark.OUTCOME, Mark.VOTER}:
        return f"**{text}**" if text else ""
    if span.mark is Mark.DOUBT:
        return f"*{text}:*"
    if span.mark is Mark.GONE:
        return f"~~{text.strip()}~~"
    before, after = span.text[:1].isspace(), span.text[-1:].isspace()
    return f"{' ' if before else ''}{text}{' ' if after and text else ''}"


def escape(text: str) -> str:
    """One line of text, escaped so that it cannot become emphasis, a link, image, code, HTML, heading or list."""
    text = one_line(text)
    text = re.sub(r"([\\`*<>|~])", r"\\\1", text)
    text = re.sub(r"(?<![^\W_])_|_(?![^\W_])", r"\\_", text)
    text = re.sub(r"&(?=#?\w+;)", r"\\&", text)
    text = re.sub(r"([\[\]])(?=[\[(:!])|(?<=!)(\[)", lambda m: "\\" + (m[1] or m[2]), text)
    text = re.sub(r"^([#+=-])", r"\\\1", text)
    return re.sub(r"^(\d+)([.)])", r"\1\\\2", text)
