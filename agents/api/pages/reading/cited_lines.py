"""The lines of documents that minutes cite, with the lines around them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from agents.api.pages import paths
from agents.api.pages.reading.page_writer import PageLinks, Place, cites
from agents.api.pages.stored import Stored
from agents.export.html_tags import Html, join, lines, tag
from agents.export.text import lines_of
from agents.meeting.finding import Finding
from agents.meeting.record import ActionItem, Decision, Item

AROUND = 2
"""The lines that are shown before and after cited ones."""
MOST_LINES = 12
"""The most lines of one place that are shown."""
LONGEST = {True: 1_500, False: 300}
"""The most characters of a line: of one that is cited, and of one around it."""
LONGEST_NAME = 200
"""The most characters of the name of a document."""
MOST_NAMES = 8
"""The most entries that are named beside a line that they cite."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Some lines of a document that stand together.

    Attributes:
        number: that of the document, from 1.
        document: its name.
        shown: the numbers of the lines.
        cited: those of them that are cited.
        anchors: the places that begin on a line, by the line.
    """

    number: int
    document: str
    shown: range
    cited: frozenset[int]
    anchors: Mapping[int, tuple[Place, ...]]


def anchor_of(number: int, first: int) -> str:
    """The name of the place of a line beside the minutes."""
    return f"line-{number}-{first}"


class CitedLines:
    """The documents of a meeting, and which entries cite which of their lines.

    Args:
        stored: the meeting.
    """

    def __init__(self, stored: Stored) -> None:
        self._meeting = stored.id
        self._documents = stored.spec.documents
        self._numbers = {document.name: n for n, document in reversed([*enumerate(stored.spec.documents, 1)])}
        self._texts: dict[int, list[str]] = {}
        self.names: dict[Place, tuple[str, ...]] = {}
        for name, entry in stored.named.items():
            for place in places_of(entry.value):
                self.names[place] = tuple(dict.fromkeys((*self.names.get(place, ()), name)))

    def within(self, places: Iterable[Place], most: int) -> dict[Place, str]:
        """The places whose lines have at most so many bytes together, with the names of their places on a page."""
        left, found = most, dict[Place, str]()
        for place in places:
            number = self._numbers.get(place[0], 0)
            if not number or not 1 <= place[1] <= len(self._text(number)):
                continue
            left -= self._size(number, place)
            if left < 0:
                break
            found[place] = anchor_of(number, place[1])
        return found

    def excerpts(self, places: Iterable[Place]) -> list[Excerpt]:
        """The lines of these places in the order of the documents; what overlaps or touches stands together."""
        found = list[Excerpt]()
        for place in sorted(places, key=lambda one: (self._numbers[one[0]], *one[1:])):
            number, first = self._numbers[place[0]], place[1]
            shown = self._shown(number, place)
            cited = frozenset(range(first, min(max(first, place[2]), shown[-1]) + 1))
            anchors: dict[int, tuple[Place, ...]] = {first: (place,)}
            if found and found[-1].number == number and shown.start <= found[-1].shown.stop:
                before = found.pop()
                shown = range(before.shown.start, max(before.shown.stop, shown.stop))
                anchors = {**before.anchors, first: (*before.anchors.get(first, ()), place)}
                cited |= before.cited
            found.append(Excerpt(number, place[0], shown, cited, anchors))
        return found

    def written(self, found: Iterable[Excerpt], level: int, links: PageLinks, *, linked: bool = True) -> Html | None:
        """The lines, each with its number, which leads to the document; None without lines.

        Args:
            found: the lines.
            level: the level of the headings.
            links: where links to entries lead.
            linked: whether they have places on the page, and links back to the entries that cite them.
        """
        parts, last = list[Html](), 0
        for one in found:
            if one.number != last:
                name = tag("a", one.document[:LONGEST_NAME], href=paths.document(self._meeting, one.number))
                parts.append(tag(f"h{level}", name))
                last = one.number
            rows = [self._row(one, n, links if linked else None) for n in one.shown]
            parts.append(tag("dl", lines(*rows), class_="cited"))
        return lines(*parts) if parts else None

    def _row(self, excerpt: Excerpt, number: int, links: PageLinks | None) -> Html:
        cited = number in excerpt.cited
        kind = "hit" if cited else None
        text = self._text(excerpt.number)[number - 1]
        shown = text if len(text) <= LONGEST[cited] else f"{text[: LONGEST[cited]]}\u2026"
        own, back = None, list[Html]()
        if links and number in excerpt.anchors:
            own = anchor_of(excerpt.number, number)
            for place in excerpt.anchors[number]:
                back += _back(excerpt.number, place, links, self.names.get(place, ()))
        where = tag("a", str(number), href=paths.document(self._meeting, excerpt.number, number))
        return join(tag("dt", where, id=own, class_=kind), tag("dd", shown, *back, class_=kind))

    def _text(self, number: int) -> list[str]:
        if number not in self._texts:
            found = self._documents[number - 1].lines
            self._texts[number] = found[:-1] if len(found) > 1 and not found[-1] else found  # it ends with a line end
        return self._texts[number]

    def _shown(self, number: int, place: Place) -> range:
        count = len(self._text(number))
        first, last = place[1], min(max(place[1], place[2]), place[1] + MOST_LINES - 1, count)
        return range(max(1, first - AROUND), min(count, last + AROUND) + 1)

    def _size(self, number: int, place: Place) -> int:
        """About the most bytes of the lines of a place on a page."""
        text = self._text(number)
        shown = sum(_bytes(text[n - 1][: LONGEST[n >= place[1]]]) + 180 for n in self._shown(number, place))
        return shown + 150 * max(1, min(MOST_NAMES, len(self.names.get(place, ()))))


def places_of(value: Decision | ActionItem | Item | Finding) -> list[Place]:
    """The places in documents that an entry rests on."""
    if isinstance(value, Finding):
        return [(value.document, value.first, value.last)] if value.document else []
    return [(one.document, one.first, one.last) for one in lines_of(value.evidence)] if value.evidence else []


def _back(number: int, place: Place, links: PageLinks, names: Sequence[str]) -> list[Html]:
    """Links to the entries that cite a place; of one that no entry cites, to where the minutes name it."""
    if not names:
        return [join(" ", tag("a", "back", href=f"#{cites(number, place[1], place[2])}", class_="back"))]
    return [join(" ", tag("a", one, href=links.cited(one), class_="back")) for one in names[:MOST_NAMES]]


def _bytes(text: str) -> int:
    return len(escape(text).encode("utf-8", "replace"))
