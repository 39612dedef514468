"""Writes the blocks of a page of minutes as HTML: the minutes as one file, and the pages of the service, use it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from agents.export.html_tags import Html, join, lines, tag
from agents.export.page import (
    Block,
    Break,
    Chart,
    Grid,
    Heading,
    Line,
    Mark,
    Paragraph,
    Point,
    Points,
    Quotation,
    Said,
    Span,
)
from agents.export.page.kinds import worth_of
from agents.export.position_chart import positions_figure
from agents.export.quote_marks import Marked, QuoteMarks
from agents.meeting.entry_names import NamedEntry, entry_names
from agents.meeting.record import Minutes


class Links:
    """Where the links of a page lead: those of minutes in one file, to places on the page itself."""

    def turn(self, turn: str, anchor: str) -> str:  # noqa: ARG002 - on one page the anchor is enough
        """The address of a turn, or of words in it that have an anchor of their own."""
        return f"#{anchor}"

    def vote(self, anchor: str) -> str:
        """The address of a vote; "" for none."""
        return f"#{anchor}"

    def entry(self, name: str) -> str:  # noqa: ARG002 - see there
        """The address of what is known of an entry; "" for none."""
        return ""

    def beside(self, name: str) -> Mapping[str, str]:  # noqa: ARG002 - see there
        """More attributes of the link to what is known of an entry."""
        return {}

    def cited(self, name: str) -> str:
        """The address of an entry in the minutes, from the words that it quotes."""
        return f"#{name}"

    def place(self, document: str, first: int, last: int) -> str:  # noqa: ARG002 - see there
        """The address of some lines of a document; "" for none."""
        return ""


class Writer:
    """Writes blocks as elements, and gives each entry, turn and vote its place (``id``) once on the page.

    Args:
        minutes: the minutes that the blocks are of.
        links: where links lead.
        named: the entries of the minutes by name; None finds them.
        taken: names of places that other parts of the same page have.
        marks: the words of turns that the minutes quote; None finds them.

    Example:
        writer = Writer(minutes)
        page = lines(*writer.blocks(minutes_page(minutes)))
    """

    def __init__(
        self,
        minutes: Minutes,
        links: Links | None = None,
        named: Mapping[str, NamedEntry] | None = None,
        taken: Iterable[str] = (),
        marks: QuoteMarks | None = None,
    ) -> None:
        self.minutes = minutes
        self.named = entry_names(minutes) if named is None else named
        self.links = links or Links()
        self.marks = marks or QuoteMarks(minutes, self.named)
        self.ids = set(taken)
        self._spoken = False

    def blocks(self, blocks: Iterable[Block], *, spoken: bool = False) -> Iterator[Html]:
        """Each block that this page shows, as an element.

        Args:
            blocks: the blocks.
            spoken: whether they are the transcript, to which the minutes link.
        """
        for block in blocks:
            self._spoken = spoken
            if written := self._block(block):
                yield written

    def line(self, line: Line) -> Html:
        """Words on one line."""
        return join(*map(self._span, line))

    def place(self, span: Span) -> Html:
        """A place in a document."""
        if address := self.links.place(span.to, span.first, span.last):
            return tag("a", span.text, href=address, class_="place")
        return tag("span", span.text, class_="place")

    def point(self, point: Point) -> Html:
        """A point of a list."""
        deeper = tag("ul", [tag("li", self.line(one)) for one in point.below]) if point.below else None
        return tag("li", self.line(point.line), deeper, class_=self.point_worth(point))

    def point_worth(self, point: Point) -> str | None:
        """What the entries in a point are worth, as a class."""
        return self.worth([point.line])

    def row(self, columns: Sequence[str], row: Sequence[Line]) -> Html:
        """A row of a table."""
        cells = [self.cell(name, self.line(words)) for name, words in zip(columns, row, strict=True)]
        return tag("tr", cells, class_=self.worth(row))

    def cell(self, column: str, words: Html) -> Html:
        """A cell of a table, with the name of its column."""
        return tag("td", words, data_name=column)

    def once(self, name: str) -> str | None:
        """The name of a place, the first time; then None, since a name stands for one place of a page."""
        if name in self.ids:
            return None
        self.ids.add(name)
        return name

    def classes(self, name: str) -> tuple[str, ...]:
        """What an entry is worth, as classes by which a reader can filter entries."""
        return (worth_of(self.minutes, self.named[name])[0].replace(" ", "-"),)

    def marked(self, one: Marked, words: str, *, begins: bool = True, ends: bool = True) -> Html:
        """Words that the minutes quote, with links to the entries.

        Args:
            one: where they stand.
            words: the words, or a part of them.
            begins: whether it is the first part, which is the place to which others link.
            ends: whether it is the last part, behind which the links stand.
        """
        back = [join(" ", self._back(name)) for name in one.entries]
        return join(tag("mark", words, id=self.once(one.anchor) if begins else None), *(back if ends else ()))

    def leads(self, address: str) -> bool:
        """Whether a link to an entry leads to a place that was written."""
        return not address.startswith("#") or address[1:] in self.ids

    def _back(self, name: str) -> Html:
        """A link back to an entry; one that minutes only count, as a part of the proposal, has no place to lead to."""
        address = self.links.cited(name)
        return tag("a", name, href=address, class_="back") if self.leads(address) else tag("span", name, class_="back")

    def _block(self, block: Block) -> Html | None:
        match block:
            case Heading():
                number = self.once(f"topic-{block.topic}") if block.topic else None
                return tag(f"h{block.level}", block.text, id=number)
            case Paragraph():
                kind = "decision" if any(span.mark is Mark.OUTCOME for span in block.line) else None
                return tag("p", self.line(block.line), class_=kind)
            case Quotation():
                parts = [tag("p", self.line(one)) for one in block.lines]
                return tag("blockquote", lines(*parts), class_=self.worth(block.lines))
            case Points():
                return tag("ul", lines(*map(self.point, block.points)))
            case Grid():
                return self._table(block)
            case Said():
                return self._said(block)
            case Chart():
                return self._chart(block)
            case Break():
                return tag("hr")

    def _table(self, grid: Grid) -> Html:
        head = tag("thead", tag("tr", [tag("th", name, scope="col") for name in grid.columns]))
        return tag("table", head, tag("tbody", lines(*(self.row(grid.columns, row) for row in grid.rows))))

    def worth(self, found: Iterable[Line]) -> str | None:
        """What the entries in these lines are worth, as a class such as "entry verified"; None without entries."""
        names = [span.to for each in found for span in each if span.mark is Mark.ENTRY and span.to in self.named]
        worth = dict.fromkeys(one for name in names for one in self.classes(name))
        return " ".join(["entry", *worth]) if worth else None

    def _said(self, said: Said) -> Html:
        kinds = ["turn", *(["dropped"] if said.dropped else [])]
        return tag(
            "div",
            tag("p", tag("strong", said.turn), self.line(said.about)),
            tag("p", *self._words(said), class_="words"),
            id=self.once(said.turn),
            class_=" ".join(kinds),
        )

    def _words(self, said: Said) -> Iterator[str]:
        """The words of a turn; those that the minutes quote are marked, with links to the entries."""
        text, at = "\n".join(said.lines), 0
        for one in self.marks.on(said.turn):
            yield text[at : one.start]
            yield self.marked(one, text[one.start : one.end])
            at = one.end
        yield text[at:]

    def _chart(self, chart: Chart) -> Html | None:
        topic = next(one for one in self.minutes.topics if one.topic.number == chart.topic)
        figure = positions_figure(self.minutes, topic) if topic.moves else None
        return lines(tag("h3", "Positions before and after"), figure) if figure else None

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
                return self._turn(span)
            case Mark.PLACE:
                return self.place(span)
            case Mark.ENTRY:
                return self._entry(span)
            case Mark.VOTER:
                return self._voter(span)
            case Mark.WORDS:
                return span.text

    def _turn(self, span: Span) -> Html:
        if self.minutes.turn(span.to) is None:
            return join(span.text)
        return tag("a", span.text, href=self.links.turn(span.to, self.marks.anchor(span.to, span.quote)))

    def _entry(self, span: Span) -> Html:
        """The name of an entry; the first time on the page it is the place to which others link."""
        if not span.to:
            return join("")
        address = self.links.entry(span.to) if span.to in self.named else ""
        if address:
            more = self.links.beside(span.to)
            return tag("a", span.text, href=address, id=self.once(span.to), class_="name", **more)
        return tag("span", span.text, id=self.once(span.to), class_="name")

    def _voter(self, span: Span) -> Html:
        anchor = f"vote-{span.to}"
        if self._spoken:
            return tag("strong", span.text, id=self.once(anchor))
        topic, _, speaker = span.to.partition(".")
        cast = (one for each in self.minutes.topics if str(each.topic.number) == topic for one in each.ballots)
        if not any(one.speaker == speaker for one in cast):
            return tag("strong", span.text)
        address = self.links.vote(anchor)
        return tag("strong", tag("a", span.text, href=address) if address else span.text)
