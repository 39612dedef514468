"""Minutes as one HTML page without scripts and external files, readable on a screen, on paper and without colour.

It has the page of ``page.whole``, the drawing of the positions, the lines of documents that the minutes cite, linked
both ways, and the transcript, folded, with the words that the minutes quote marked and linked back.
"""

import base64
import hashlib
from functools import cache
from itertools import groupby
from pathlib import Path

from agents.export.html_tags import Html, document, join, lines, style, tag
from agents.export.html_writer import Writer
from agents.export.page import Break, Span
from agents.export.page.spoken import spoken
from agents.export.page.whole import minutes_page
from agents.export.text import cited_lines
from agents.meeting.checks import Written
from agents.meeting.record import Minutes

STYLE = Path(__file__).with_name("page.css")


def to_html(minutes: Minutes, note: str = "") -> str:
    """Write the minutes as a complete page; with a note, this stands above everything else.

    Its Content-Security-Policy allows only the page's own style, by its digest: even if a text became markup, a
    browser would not load or run anything.
    """
    css = STYLE.read_text(encoding="utf-8")
    head = lines(
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=policy()),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="referrer", content="no-referrer"),
        tag("title", f"{minutes.title}, {minutes.held.isoformat()}"),
        style(css),
    )
    above = tag("p", tag("strong", note)) if note else None
    return document(tag("head", head), tag("body", lines(above, _OnePage(minutes).body())))


@cache
def policy() -> str:
    """The Content-Security-Policy of the page: its own style, by its digest, and nothing else."""
    digest = base64.b64encode(hashlib.sha256(STYLE.read_text(encoding="utf-8").encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


class _OnePage(Writer):
    """Writes everything on one page, and remembers which lines of documents are cited where."""

    def __init__(self, minutes: Minutes) -> None:
        super().__init__(minutes)
        self._cited = cited_lines(minutes)
        self._places = {(one.document, one.first, one.last): n for n, one in enumerate(self._cited, 1)}
        self._references: dict[int, int] = {}

    def body(self) -> Html:
        """The page between its head and its end."""
        blocks = minutes_page(self.minutes)
        end = next(n for n, block in enumerate(blocks) if isinstance(block, Break))
        main = [*self.blocks(blocks[:end]), self._lines(), self._transcript()]
        return lines(tag("main", lines(*main)), tag("footer", lines(*self.blocks(blocks[end + 1 :]))))

    def place(self, span: Span) -> Html:
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
        if not self.minutes.turns:
            return None
        said = lines(*self.blocks(spoken(self.minutes, 3), spoken=True))
        return tag("details", lines(tag("summary", "Transcript and votes"), said), class_="transcript")
