"""Writes minutes and their transcript on the pages of the service: links lead to other parts, too, and nothing is so
long that a page becomes too large.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from agents.api.pages import paths
from agents.api.pages.reading.turn_pieces import LONGEST_WORD, Run
from agents.api.pages.stored import Stored
from agents.export.html_tags import Html, cell, join, tag
from agents.export.html_writer import Links, Writer
from agents.export.page import Line, Mark, Point, Said, Span
from agents.export.quote_marks import QuoteMarks

LONGEST_ITEM = 20_000
"""About the most bytes of a row or a point; what is longer is cut, with a link to the whole."""

Place = tuple[str, int, int]
"""Some lines of a document: its name, the first line and the last."""


@dataclass(frozen=True, slots=True)
class Layout:
    """On which part of the page everything stands.

    Attributes:
        minutes: the part of the minutes that has a place, by the name of the place.
        transcript: the part of the transcript that has it.
        places: the names of the lines of documents that are shown beside a part of the minutes, by the part.
    """

    minutes: Mapping[str, int]
    transcript: Mapping[str, int]
    places: Mapping[int, Mapping[Place, str]]


NOWHERE = Layout({}, {}, {})


@dataclass(frozen=True, slots=True)
class At:
    """Which parts are shown together: of the minutes, and of the transcript; 0 on another page.

    Attributes:
        minutes, turns: the numbers of the parts, from 1.
        path: "minutes" where the minutes are not the page of the meeting itself, because it has not ended.
    """

    minutes: int = 0
    turns: int = 0
    path: str = ""

    def address(self, meeting: str, anchor: str = "", *, minutes: int = 0, turns: int = 0) -> str:
        """The address of a place, with these parts in place of those that are shown."""
        wanted = minutes or self.minutes, turns or self.turns
        if anchor and wanted == (self.minutes, self.turns):
            return f"#{anchor}"
        first, second = (number if number > 1 else 0 for number in wanted)
        return paths.meeting(meeting, self.path, anchor, minutes=first, turns=second)


FARTHEST = At(9_999, 99_999, "minutes")
"""Parts from which every link is as long as it can be."""


class PageLinks(Links):
    """Where the links of the minutes of a meeting lead.

    Args:
        stored: the meeting.
        layout: where everything stands.
        at: the parts that are shown.
    """

    def __init__(self, stored: Stored, layout: Layout = NOWHERE, at: At = FARTHEST) -> None:
        self._meeting = stored.id
        self._layout = layout
        self._at = at
        self.documents = {document.name: n for n, document in reversed([*enumerate(stored.spec.documents, 1)])}

    def turn(self, turn: str, anchor: str) -> str:
        """A turn, or words in it, on the part of the transcript that has it."""
        found = anchor if anchor in self._layout.transcript else turn
        return self._at.address(self._meeting, found, turns=self._layout.transcript.get(found, 1))

    def vote(self, anchor: str) -> str:
        """A vote; "" for one that no part shows, as long as votes are sealed."""
        if self._layout is not NOWHERE and anchor not in self._layout.transcript:
            return ""
        return self.turn(anchor, anchor)

    def entry(self, name: str) -> str:
        """What is known of an entry."""
        return paths.entry(self._meeting, name)

    def beside(self, name: str) -> Mapping[str, str]:
        """The script shows what is known of an entry beside the minutes."""
        del name
        return {"data_panel": ""}

    def cited(self, name: str) -> str:
        """An entry on the part of the minutes that has it; of one that the minutes only count, what is known of it."""
        part = self._layout.minutes.get(name)
        return self._at.address(self._meeting, name, minutes=part) if part else self.entry(name)

    def place(self, document: str, first: int, last: int) -> str:
        """Some lines of a document: beside the minutes, or in the document."""
        if anchor := self._layout.places.get(self._at.minutes, {}).get((document, first, last)):
            return f"#{anchor}"
        number = self.documents.get(document, 0)
        return paths.document(self._meeting, number, first) if number else ""

    def part(self, *, minutes: int = 0, turns: int = 0) -> str:
        """Another part of the minutes or of the transcript."""
        return self._at.address(self._meeting, minutes=minutes, turns=turns)

    def whole(self) -> str:
        """The file that has everything in full."""
        return paths.meeting(self._meeting, "file")


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a turn.

    Attributes:
        said: the turn.
        runs: the words of this piece.
        first: whether it is the first piece.
    """

    said: Said
    runs: tuple[Run, ...]
    first: bool = True


class PageWriter(Writer):
    """Writes blocks of minutes and pieces of turns for one page.

    Args:
        stored: the meeting.
        links: where links lead.
        classes: returns the classes of an entry, from its name.
        marks: the words of turns that the minutes quote.
        taken: names of places that other parts have.

    Attributes:
        places: the lines of documents that were named since the last ``fresh``.
    """

    def __init__(
        self,
        stored: Stored,
        links: PageLinks,
        classes: Callable[[str], tuple[str, ...]],
        marks: QuoteMarks,
        taken: Iterable[str] = (),
    ) -> None:
        super().__init__(stored.minutes, links, stored.named, taken, marks)
        self.links: PageLinks = links
        self.places: dict[Place, None] = {}
        self._new: list[str] = []
        self._cites: set[Place] = set()
        self._left = LONGEST_ITEM
        self._classes = classes

    def fresh(self) -> tuple[set[str], dict[Place, None]]:
        """The names of places that were given since the last call, and the lines of documents that were named."""
        found = set(self._new), self.places
        self._new, self.places = [], {}
        return found

    def once(self, name: str) -> str | None:
        """The name of a place, the first time; then None."""
        found = super().once(name)
        if found:
            self._new.append(found)
        return found

    def begin(self, most: int = LONGEST_ITEM) -> None:
        """A new row or point begins, which may have so many bytes."""
        self._left = most

    def line(self, line: Line) -> Html:
        """Words on one line; what is too long for a page is cut."""
        written: list[str] = []
        missing = False
        for span in line:
            if self._left <= 0 and span.mark is not Mark.ENTRY:
                missing = True
                continue
            short = span if len(span.text) <= LONGEST_WORD else replace(span, text=span.text[:LONGEST_WORD])
            found = super().line((short,))
            left_out = len(span.text) - len(short.text)
            written += [found, self._more(left_out)] if left_out else [found]
            self._left -= len(found.encode("utf-8", "replace"))
        return join(*written, self._more() if missing else None)

    def point(self, point: Point) -> Html:
        """A point of a list."""
        self.begin()
        return super().point(point)

    def point_worth(self, point: Point) -> str | None:
        """What a point is worth; also of what has no name, so that a reader's choice hides it, too."""
        if (found := super().point_worth(point)) or point.verified is None:
            return found
        return "entry verified" if point.verified else "entry as-said"

    def row(self, columns: Sequence[str], row: Sequence[Line]) -> Html:
        """A row of a table."""
        self.begin()
        return super().row(columns, row)

    def cell(self, column: str, words: Html) -> Html:
        """A cell of a table, which is not wider than the page, whatever words are in it."""
        return cell(column, words)

    def place(self, span: Span) -> Html:
        """A place in a document; the first link to it can be found again from its lines."""
        where = (span.to, span.first, span.last)
        first = where not in self._cites
        self._cites.add(where)
        self.places.setdefault(where)
        if not (address := self.links.place(*where)):
            return tag("span", span.text, class_="place")
        number = self.links.documents.get(span.to, 0)
        own = cites(number, span.first, span.last) if first else None
        return tag("a", span.text, href=address, id=own, class_="place")

    def leads(self, address: str) -> bool:
        """Whether a link to an entry leads to a place: the layout knows them all, also those in the other pane."""
        return bool(address)

    def classes(self, name: str) -> tuple[str, ...]:
        """What an entry is worth, and what people say about it."""
        return self._classes(name)

    def piece(self, piece: Piece) -> Html:
        """A piece of a turn, with its address and the wish to hold the meeting again from there."""
        said, kind = piece.said, "turn dropped" if piece.said.dropped else "turn"
        words = tag("p", *map(self._run, piece.runs), class_="words")
        if not piece.first:
            return tag("div", tag("p", f"{said.turn}, continued", class_="soft"), words, class_=kind)
        own = tag("a", tag("strong", said.turn), href=f"#{said.turn}", class_="own")
        fork = tag(
            "button", "Fork from here", form="fork", name="at", value=said.turn, class_="fork",
            aria_label=f"Fork from here, after {said.turn}",
        )  # fmt: skip
        head = tag("p", own, self.line(said.about), " ", fork, class_="who")
        return tag("div", head, words, id=self.once(said.turn), class_=kind)

    def _run(self, run: Run) -> Html:
        more = self._more(run.left_out) if run.left_out else None
        words = join(run.text)
        return join(self.marked(run.mark, words, begins=run.begins, ends=run.ends) if run.mark else words, more)

    def _more(self, count: int = 0) -> Html:
        """A link to the whole, where some of it is not shown."""
        words = f"{count:,} more characters" if count else "more"
        return tag("a", f"\u2026 {words} in the file", href=self.links.whole(), class_="more")


def cites(document: int, first: int, last: int) -> str:
    """The name of the first link to some lines of a document."""
    return f"cites-{document}-{first}-{last}"
