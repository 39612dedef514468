"""The lines of a document as elements of a page: number, words, and beside them what the meeting made of each."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from agents.api.pages import paths
from agents.documents import Document
from agents.export.document_margin import Counts, DocumentMargin, LineMargin, Sight, Why
from agents.export.html_tags import TAB, Html, join, lines, tag
from agents.meeting.checklist import LISTS
from agents.meeting.entry_names import NamedEntry
from agents.meeting.finding import Finding
from agents.meeting.record import Minutes
from agents.meeting.unread import nobody
from agents.text import capital, one_line

LONGEST = 2_000
"""The most letters of a line among others; the whole line has a page of its own."""
MOST_NOTES = 6
"""The most entries, and the most turns and votes, beside a line among others; the page of the line has all."""
SHORT = 90
"""The most letters of an entry that are shown beside a line."""
PART_BYTES = 130_000
"""About the most bytes of the lines of one page."""

_AROUND, _MARK, _NOTE, _RUN = 170, 480, 130, 220
"""About the bytes around a line, of an entry beside it, of a turn or vote, and of a note on some lines."""


Jump = tuple[int, int, tuple[str, ...]]
"""The first and last line of a place, and the names of the entries that cite it."""


@dataclass(frozen=True, slots=True)
class Described:
    """A document of a meeting, and what is needed to describe its lines.

    Attributes:
        meeting: the meeting's id.
        number: of the document, from 1.
        margin: the document, and what the meeting made of its lines.
        headings: the numbers of the lines that are headings.
        minutes: the minutes; None of a meeting that has not begun.
        named: their entries by name.
        counts: the lines in numbers.
        cited: the places that are cited, each with its first and last line and the names of what cites it.
        unshown: the places that nobody was shown.
        parts: the first and last lines of the parts in which it is shown, each of at most about ``PART_BYTES``.
    """

    meeting: str
    number: int
    margin: DocumentMargin
    headings: frozenset[int]
    minutes: Minutes | None
    named: Mapping[str, NamedEntry]
    counts: Counts
    cited: tuple[Jump, ...]
    unshown: tuple[Jump, ...]
    parts: tuple[tuple[int, int], ...]

    @property
    def document(self) -> Document:
        """The document."""
        return self.margin.document


def described(
    meeting: str, number: int, margin: DocumentMargin, minutes: Minutes | None, named: Mapping[str, NamedEntry]
) -> Described:
    """A document with all that its pages need, which takes a moment for a long one.

    Args:
        meeting: the meeting's id.
        number: of the document, from 1.
        margin: the document, and what the meeting made of its lines.
        minutes: the minutes; None of a meeting that has not begun.
        named: their entries by name.
    """
    known = margin.known
    written = ((number, one) for number, one in enumerate(known, 1) if not one.blank)
    return Described(
        meeting,
        number,
        margin,
        frozenset(line for line, _ in margin.document.headings()),
        minutes,
        named,
        margin.counts(),
        tuple(_places(enumerate(known, 1), lambda one: one.cited, lambda one: _names(one, minutes))),
        tuple(_places(written, lambda one: one.unshown, lambda _: ())),
        tuple(_parts(margin, len(meeting))),
    )


def _places(
    found: Iterable[tuple[int, LineMargin]],
    wanted: Callable[[LineMargin], bool],
    names: Callable[[LineMargin], tuple[str, ...]],
) -> Iterator[Jump]:
    """The lines that follow each other, are wanted, and have the same names."""
    for same, run in groupby(found, key=lambda line: names(line[1]) if wanted(line[1]) else None):
        if same is not None:
            numbers = [number for number, _ in run]
            yield numbers[0], numbers[-1], same


def _names(one: LineMargin, minutes: Minutes | None) -> tuple[str, ...]:
    """What cites a line: findings and entries by their names, roles that look there by their titles."""
    roles = dict.fromkeys(role for role, _, _ in one.looks)
    return (*one.findings, *one.entries, *(minutes.title_of(role) if minutes else role for role in roles))


def _parts(margin: DocumentMargin, letters: int) -> Iterator[tuple[int, int]]:
    texts, first, size = margin.document.lines, 1, 0
    for number, one in enumerate(margin.known, 1):
        cost = _cost(one, texts[number - 1], letters)
        if size and size + cost > PART_BYTES:
            yield first, number - 1
            first, size = number, 0
        size += cost
    yield first, len(margin.known)


def _cost(one: LineMargin, text: str, letters: int) -> int:
    """About the bytes of a line on a page."""
    shown = text[:LONGEST]
    signs = shown.count("&") + shown.count("<") + shown.count(">")
    tabs = shown.count("\t") * 27
    note = _RUN if one.unshown or one.passed_over or one.readers or len(text) > LONGEST else 0
    size = _AROUND + len(shown.encode("utf-8", "replace")) + 4 * signs + tabs + note
    if not one.mentioned:
        return size
    entries = min(MOST_NOTES, len(one.entries) + len(one.findings)) * (_MARK + 2 * letters)
    entries += min(MOST_NOTES, len(one.looks)) * _RUN
    others = (min(MOST_NOTES, len(one.turns)) + min(MOST_NOTES, len(one.votes))) * (_NOTE + letters)
    return size + entries + others


def listing(of: Described, first: int, last: int) -> Html:
    """Some lines of a document, as a list with a place for each line.

    Args:
        of: the document.
        first: the first of them.
        last: the last of them.
    """
    texts = of.document.lines
    shown = of.margin.between(first, last)
    notes = _run_notes(of, shown)
    rows = [_row(of, one, texts[one.number - 1], notes.get(one.number, ())) for one in shown]
    return tag("ol", lines(*rows), class_="lines", start=str(first))


def words(text: str) -> Html:
    """The words of a line as they are laid out: blanks stay, and tabs can be seen."""
    if "\t" not in text:
        return join(text)
    first, *others = text.split("\t")
    return join(first, *((tag("span", TAB, class_="tab"), join(one)) for one in others))


def _row(of: Described, one: LineMargin, text: str, notes: Sequence[Html]) -> Html:
    number = str(one.number)
    whole = paths.document_line(of.meeting, of.number, one.number)
    said = [tag("bdi", words(text[:LONGEST]), class_="words")]
    if len(text) > LONGEST:
        said.append(tag("a", f"\u2026 all {len(text):,} characters of line {number}", href=whole, class_="whole"))
    beside = [*notes, *marks(of, one, MOST_NOTES)]
    return tag(
        "li",
        tag("a", number, href=f"#L{number}", class_="number", aria_label=f"Line {number}{_told(of, one)}"),
        tag("div", *said, class_="text"),
        tag("div", lines(*beside), class_="beside") if beside else None,
        id=f"L{number}",
        class_=_kinds(of, one) or None,
    )


def _kinds(of: Described, one: LineMargin) -> str:
    """What a line is, as classes: by them a reader chooses which lines to see."""
    found = {
        "head": one.number in of.headings,
        "cited": one.cited,
        "mentioned": one.mentioned and not one.cited,
        "unshown": one.unshown,
        "over": one.passed_over and of.minutes is not None,
    }
    return " ".join(name for name, true in found.items() if true)


def _told(of: Described, one: LineMargin) -> str:
    """What a mark beside a line says to who does not see it."""
    if one.unshown:
        return ", not shown"
    return ", not mentioned" if one.passed_over and of.minutes else ""


def marks(of: Described, one: LineMargin, most: int = 10_000) -> Iterator[Html]:
    """Who cites a line, and who quotes or names it: entries, places of a checklist, then turns, then votes.

    Args:
        of: the document.
        one: the line.
        most: the most of each kind; the page of the line has the others.
    """
    cited = [*one.findings, *one.entries]
    yield from (_entry(of, name) for name in cited[:most])
    yield from (_look(of, *look) for look in one.looks[:most])
    spoken = [_turn(of, turn) for turn in one.turns[:most]]
    voted = [_vote(of, topic, role) for topic, role in one.votes[:most]]
    if spoken or voted:
        yield tag("p", "Mentioned in ", *_listed([*spoken, *voted]), class_="turns")
    left = sum(max(0, len(each) - most) for each in (cited, one.looks, one.turns, one.votes))
    if left:
        whole = paths.document_line(of.meeting, of.number, one.number)
        yield tag("p", tag("a", f"{left} more", tag("span", f" about line {one.number}", class_="hidden"), href=whole))


def _entry(of: Described, name: str) -> Html:
    entry = of.named[name]
    value = entry.value
    said = one_line(value.reasons[0].why if isinstance(value, Finding) else entry.text)
    short = said if len(said) <= SHORT else f"{said[:SHORT].rstrip()}\u2026"
    about = f"{entry.label} {name}: what it rests on"
    return tag(
        "p",
        tag("a", name, href=paths.meeting(of.meeting, "minutes", name), class_="name"),
        join(" "),
        tag("a", entry.label, href=paths.entry(of.meeting, name), aria_label=about),
        tag("span", ": ", tag("bdi", short)) if short else None,
        class_="by",
    )


def _look(of: Described, role: str, name: str, item: str) -> Html:
    """Why a role looks at a line, in the words of a checklist."""
    who = of.minutes.title_of(role) if of.minutes else role
    said = one_line(item)
    short = said if len(said) <= SHORT else f"{said[:SHORT].rstrip()}\u2026"
    return tag("p", tag("strong", who), f", {LISTS.get(name, name)}: ", tag("bdi", short), class_="by")


def _turn(of: Described, turn: str) -> Html:
    minutes = of.minutes
    said = minutes.turn(turn) if minutes else None
    who = join(f" {minutes.title_of(said.speaker)}") if minutes and said else None
    return join(tag("a", turn, href=paths.meeting(of.meeting, "minutes", turn)), who)


def _vote(of: Described, topic: int, role: str) -> Html:
    title = of.minutes.title_of(role) if of.minutes else role
    anchor = f"vote-{topic}.{role}"
    return tag("a", f"the vote of {title}", href=paths.meeting(of.meeting, "minutes", anchor))


def _listed(found: Iterable[Html]) -> list[Html]:
    """Elements with a comma between two."""
    every = list(found)
    return [join(one, ", " if place < len(every) else "") for place, one in enumerate(every, 1)]


def _run_notes(of: Described, shown: Sequence[LineMargin]) -> dict[int, list[Html]]:
    """What is said once about lines that follow each other: that nobody or only some were shown them, and that nobody
    mentioned them; by the first line. Blank lines belong to what is around them.
    """
    notes: dict[int, list[Html]] = {}
    written = [one for one in shown if not one.blank]
    if of.minutes is None:
        return notes
    for (sight, readers, why, enough), run in groupby(written, key=_sight):
        same = list(run)
        first, last = same[0].number, same[-1].number
        if sight is Sight.NOBODY:
            because = f": {why.value}" if why else ""
            would = f". {' or '.join(f'{name}={value}' for name, value in enough)} would show them" if enough else ""
            begin = nobody(ended=of.minutes.ended)
            said = tag("p", tag("strong", f"{begin} {span(first, last)}"), f"{because}{would}.", class_="gone")
        elif sight is Sight.PART or readers:
            said = tag("p", seen(of, same[0], span(first, last)), class_="dealt")
        else:
            continue
        notes.setdefault(first, []).append(said)
    for over, run in groupby(written, key=lambda one: one.passed_over):
        same = list(run)
        if over:
            said = tag("p", f"Nobody mentioned {span(same[0].number, same[-1].number)}.", class_="silent")
            notes.setdefault(same[0].number, []).append(said)
    return notes


def _sight(one: LineMargin) -> tuple[Sight, tuple[str, ...], Why | None, tuple[tuple[str, int], ...]]:
    return one.sight, one.readers, one.why, tuple(one.enough.items())


def span(first: int, last: int) -> str:
    """Some lines in words, such as "lines 3\u20139"."""
    return f"line {first}" if first == last else f"lines {first}\u2013{last}"


def seen(of: Described, one: LineMargin, what: str) -> str:
    """Who was shown some lines, in a sentence.

    Args:
        of: the document.
        one: the first of them.
        what: the lines in words.
    """
    minutes = of.minutes
    titles = [minutes.title_of(role) if minutes else role for role in one.readers]
    who = ", ".join(titles[:MOST_NOTES]) + (f" and {len(titles) - MOST_NOTES} more" if len(titles) > MOST_NOTES else "")
    begin = capital(what)
    if one.sight is Sight.PART:
        return f"A part of {what} was shown to {who or 'all'}; nobody was shown the rest."
    return f"{begin}: shown to {who} alone." if len(titles) == 1 else f"{begin}: shown to {who} only."
