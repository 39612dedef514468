"""Minutes as one HTML page without scripts and external files, readable on a screen, on paper and without colour.

It has the page of ``page.whole``, the drawing of the positions, the lines of documents that the minutes cite, linked
both ways, and the transcript, folded.
"""

import base64
import hashlib
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

from agents.export.html_tags import Html, document, join, lines, style, tag
from agents.export.page import Block, Break, Chart, Grid, Heading, Line, Mark, Paragraph, Points, Quotation, Said, Span
from agents.export.page.spoken import spoken
from agents.export.page.whole import minutes_page
from agents.export.position_chart import positions_figure
from agents.export.text import cited_lines
from agents.meeting.checks import Written
from agents.meeting.record import Minutes

STYLE = Path(__file__).with_name("page.css")


def to_html(minutes: Minutes) -> str:
    """Write the minutes as a complete page.

    Its Content-Security-Policy allows only the page's own style, by its digest: even if a text became markup, a
    browser would not load or run anything.
    """
    css = STYLE.read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    head = lines(
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=policy),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="referrer", content="no-referrer"),
        tag("title", f"{minutes.title}, {minutes.held.isoformat()}"),
        style(css),
    )
    return document(tag("head", head), tag("body", _Page(minutes).body()))


class _Page:
    """Writes the blocks of one page, and remembers which lines of documents are cited where."""

    def __init__(self, minutes: Minutes) -> None:
        self._minutes = minutes
        self._cited = cited_lines(minutes)
        self._places = {(one.document, one.first, one.last): n for n, one in enumerate(self._cited, 1)}
        self._references: dict[int, int] = {}

    def body(self) -> Html:
        """The page between its head and its end."""
        blocks = minutes_page(self._minutes)
        end = next(n for n, block in enumerate(blocks) if isinstance(block, Break))
        main = [*self._all(blocks[:end]), self._lines(), self._transcript()]
        return lines(tag("main", lines(*main)), tag("footer", lines(*self._all(blocks[end + 1 :]))))

    def _all(self, blocks: Iterable[Block]) -> Iterator[Html]:
        for block in blocks:
            if written := self._block(block):
                yield written

    def _block(self, block: Block) -> Html | None:
        match block:
            case Heading():
                number = f"topic-{block.topic}" if block.topic else None
                return tag(f"h{block.level}", block.text, id=number)
            case Paragraph():
                kind = "decision" if any(span.mark is Mark.OUTCOME for span in block.line) else None
                return tag("p", self._line(block.line), class_=kind)
            case Quotation():
                return tag("blockquote", lines(*(tag("p", self._line(one)) for one in block.lines)))
            case Points():
                return tag("ul", lines(*(self._point(point.line, point.below) for point in block.points)))
            case Grid():
                return self._table(block)
            case Said():
                return self._said(block)
            case Chart():
                return self._chart(block)
            case Break():
                return tag("hr")

    def _point(self, words: Line, below: tuple[Line, ...]) -> Html:
        deeper = tag("ul", [tag("li", self._line(one)) for one in below]) if below else None
        return tag("li", self._line(words), deeper)

    def _table(self, grid: Grid) -> Html:
        head = tag("thead", tag("tr", [tag("th", name, scope="col") for name in grid.columns]))
        rows = [
            tag("tr", [tag("td", self._line(cell), data_name=n) for n, cell in zip(grid.columns, row, strict=True)])
            for row in grid.rows
        ]
        return tag("table", head, tag("tbody", lines(*rows)))

    def _said(self, said: Said) -> Html:
        return tag(
            "div",
            tag("p", tag("strong", said.turn), self._line(said.about)),
            tag("p", "\n".join(said.lines), class_="words"),
            id=said.turn,
            class_="turn dropped" if said.dropped else "turn",
        )

    def _chart(self, chart: Chart) -> Html | None:
        topic = next(one for one in self._minutes.topics if one.topic.number == chart.topic)
        figure = positions_figure(self._minutes, topic) if topic.moves else None
        return lines(tag("h3", "Positions before and after"), figure) if figure else None

    def _line(self, line: Line) -> Html:
        return join(*map(self._span, line))

    def _span(self, span: Span) -> str:
        match span.mark:
            case Mark.STRONG:
                return tag("strong", span.text)
            case Mark.OUTCOME:
                return tag("strong", span.text, class_=f"outcome {span.to}")
            case Mark.GONE:
                return tag("del", span.text)
            case Mark.DOUBT:
                return tag("strong", span.text, class_="unverified")
            case Mark.COMMAND:
                return tag("code", span.text)
            case Mark.TURN:
                known = self._minutes.turn(span.to) is not None
                return tag("a", span.text, href=f"#{span.to}") if known else join(span.text)
            case Mark.PLACE:
                return self._place(span)
            case Mark.WORDS:
                return span.text

    def _place(self, span: Span) -> Html:
        """A place in a document, linked to the line below the minutes, which is linked back."""
        number = self._places.get((span.to, span.first, span.last))
        if number is None:
            return tag("span", span.text, class_="place")
        count = self._references[number] = self._references.get(number, 0) + 1
        return tag("a", span.text, href=f"#line-{number}", id=f"cites-{number}-{count}", class_="place")

    def _lines(self) -> Html | None:
        """The lines of documents that the minutes cite, in the order of the documents, each with links back."""
        if not self._references:
            return None
        parts = [tag("h2", "Cited lines of the documents", id="lines")]
        order = sorted(self._references, key=lambda n: self._key(self._cited[n - 1]))
        for name, numbers in groupby(order, key=lambda n: self._cited[n - 1].document):
            parts += [tag("h3", name), tag("dl", lines(*map(self._cited_line, numbers)), class_="cited")]
        return tag("section", lines(*parts))

    @staticmethod
    def _key(written: Written) -> tuple[str, int, int]:
        return written.document, written.first, written.last

    def _cited_line(self, number: int) -> Html:
        one = self._cited[number - 1]
        where = str(one.first) if one.first == one.last else f"{one.first}-{one.last}"
        back = [
            join(" ", tag("a", f"back {n}" if n > 1 else "back", href=f"#cites-{number}-{n}"))
            for n in range(1, self._references[number] + 1)
        ]
        return join(tag("dt", where, id=f"line-{number}"), tag("dd", one.text, *back))

    def _transcript(self) -> Html | None:
        if not self._minutes.turns:
            return None
        said = lines(*self._all(spoken(self._minutes, 3)))
        return tag("details", lines(tag("summary", "Transcript and votes"), said), class_="transcript")
