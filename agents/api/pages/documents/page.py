"""A document of a meeting, with who cites which line, who mentions it, and which lines nobody was shown."""

import asyncio

from starlette.responses import Response

from agents.api.pages import paths, shell
from agents.api.pages.amounts import headline
from agents.api.pages.documents.lines import Described, Jump, described, listing, marks, seen, span, words
from agents.api.pages.stored import Stored, stored
from agents.api.pages.visit import Visit, not_found, number_in, page
from agents.errors import MeetingError
from agents.export.document_margin import Counts, LineMargin, Sight, document_margins, unmarked
from agents.export.html_tags import Html, join, lines, tag
from agents.meeting.spec import MeetingSpec, spec_from
from agents.meeting.unread import nobody
from agents.orchestrator.background.held import ENDED, MeetingState
from agents.text import capital

MOST_JUMPS = 80
"""The most places of a list of links."""
LONG_PIECE = 30_000
"""The most letters of a very long line on one page."""


@page
async def document(visit: Visit) -> Response:
    """A document of a meeting; ``from`` is a line of the part to show, ``line`` the only line to show."""
    meeting_id, number = visit.meeting(), number_in(visit.path("number"))
    state = visit.owner.meetings.state(meeting_id)
    found = await _described(visit, meeting_id)
    if not 1 <= number <= len(found):
        count = {0: "has no documents", 1: "has 1 document"}.get(len(found), f"has {len(found)} documents")
        return not_found(f"The meeting {meeting_id} {count}, and none with this number.")
    shown = found[number - 1]
    if line := visit.number("line", 0, 0):
        if line > shown.counts.lines:
            return not_found(f"{shown.document.name} has {shown.counts.lines} lines, and no line {line}.")
        return _line_page(visit, state, shown, line)
    return _document_page(visit, state, shown, found)


async def _described(visit: Visit, meeting_id: str) -> list[Described]:
    """The documents of a meeting, described in a thread where they are not known."""
    try:
        known = await stored(visit, meeting_id)
    except MeetingError:  # it has not begun, and its documents are known all the same
        spec = spec_from(visit.owner.orchestrator.meetings.spec(meeting_id))
        return await asyncio.to_thread(_unseen, meeting_id, spec)
    return await asyncio.to_thread(known.once, _made)


def _made(known: Stored) -> list[Described]:
    margins = document_margins(known.minutes, known.spec.documents)
    return [described(known.id, number, one, known.minutes, known.named) for number, one in enumerate(margins, 1)]


def _unseen(meeting_id: str, spec: MeetingSpec) -> list[Described]:
    margins = map(unmarked, spec.documents)
    return [described(meeting_id, number, one, None, {}) for number, one in enumerate(margins, 1)]


def _document_page(visit: Visit, state: MeetingState, of: Described, every: list[Described]) -> Response:
    start, parts = visit.number("from"), of.parts
    place = next((place for place, (_, last) in enumerate(parts) if start <= last), len(parts) - 1)
    first, last = parts[place]
    turns = _parts_nav(of, place)
    body = tag(
        "section",
        lines(
            _choices(of.counts) if of.minutes else None,
            tag("h2", _part_title(of, first, last, len(parts)), class_="hidden" if len(parts) == 1 else None),
            turns,
            listing(of, first, last),
            turns,
        ),
        class_="document",
    )
    top = [
        _way_back(of, state),
        tag("h1", tag("bdi", of.document.name)),
        tag("p", of.document.note, class_="soft") if of.document.note else None,
        _others(of, every),
        _numbers(of, state),
        _jumps(of),
    ]
    return shell.page(f"{of.document.name} \u00b7 {headline(state.title)}", *top, body, look=shell.Look(kind="paper"))


def _part_title(of: Described, first: int, last: int, parts: int) -> str:
    if parts == 1:
        return "Lines"
    name = span(first, last)
    return f"{capital(name)} of {of.counts.lines:,}"


def _way_back(of: Described, state: MeetingState) -> Html:
    """Links to the minutes, or to a meeting that has not begun."""
    begun = of.minutes is not None
    back = paths.meeting(of.meeting, "minutes" if begun and state.status in ENDED else "")
    what = "Minutes of" if begun and state.status in ENDED else "Meeting:"
    return tag("p", f"{what} ", tag("a", tag("bdi", headline(state.title)), href=back), class_="eyebrow")


def _others(of: Described, every: list[Described]) -> Html | None:
    """Links to the other documents of the meeting."""
    if len(every) < 2:
        return None
    links = [
        tag(
            "li",
            tag(
                "a",
                tag("bdi", each.document.name),
                href=paths.document(each.meeting, each.number),
                aria_current="page" if each is of else None,
            ),
        )
        for each in every[:MOST_JUMPS]
    ]
    return tag("nav", tag("ul", lines(*links)), class_="papers", aria_label="Documents of the meeting")


def _numbers(of: Described, state: MeetingState) -> Html:
    """How much of the document was shown and mentioned, in numbers."""
    counts = of.counts
    if of.minutes is None:
        total = f"{counts.lines:,} lines" if counts.lines != 1 else "1 line"
        return tag("p", f"{total}. The meeting has not begun, so nobody was shown them yet.", class_="soft")
    others = f"of {counts.lines:,}; the others have none" if counts.words < counts.lines else "all lines"
    facts = [("Lines with words", counts.words, others)]
    if counts.known:
        facts += [("Shown", counts.to_all + counts.dealt, _to_whom(counts)), ("Shown to nobody", counts.unshown, "")]
    facts += [
        ("Cited", counts.cited, "by an entry or finding"),
        ("Mentioned", counts.mentioned, "by entries, turns or votes"),
        ("Mentioned by nobody", counts.passed_over, "of the lines shown" if counts.known else ""),
    ]
    so_far = tag("p", "The meeting has not ended: this is what is known so far.") if state.status not in ENDED else None
    unknown = "The record of this meeting does not say which lines were shown to whom."
    tiles = [
        tag("div", tag("dt", name), tag("dd", f"{number:,}", tag("span", f" {about}") if about else None))
        for name, number, about in facts
    ]
    return lines(
        so_far, tag("dl", lines(*tiles), class_="coverage"), None if counts.known else tag("p", unknown, class_="soft")
    )


def _to_whom(counts: Counts) -> str:
    parts = [f"{counts.to_all:,} to all"] if counts.to_all else []
    return ", ".join([*parts, *([f"{counts.dealt:,} to some or in part"] if counts.dealt else [])])


def _choices(counts: Counts) -> Html:
    """Which lines a reader wants to see: chosen without a script; each choice also shows the mark of its lines."""
    offered = [("all", "All lines", ""), ("cited", "Cited", f"{counts.cited:,}")]
    if counts.known:
        offered.append(("unshown", "Not shown", f"{counts.unshown:,}"))
    offered.append(("over", "Not mentioned", f"{counts.passed_over:,}"))
    fields = [
        tag(
            "label",
            tag("input", type="radio", name="lines", id=f"only-{name}", checked="" if name == "all" else None),
            tag("span", "", class_=f"key {name}", aria_hidden="true"),
            tag("span", f"{said} ", tag("span", count, class_="soft") if count else None),
        )
        for name, said, count in offered
    ]
    return tag("fieldset", tag("legend", "Show"), *fields, class_="choices")


def _jumps(of: Described) -> Html | None:
    """Links to the places that are cited, and to those that nobody was shown."""
    lists = (("Cited places", of.cited), ("Shown to nobody", of.unshown))
    shown = [_jump_list(of, title, places) for title, places in lists if places]
    return tag("div", lines(*shown), class_="jumps") if shown else None


def _jump_list(of: Described, title: str, places: tuple[Jump, ...]) -> Html:
    links = [
        tag(
            "li",
            tag("a", str(first) if first == last else f"{first}\u2013{last}",
                href=paths.document(of.meeting, of.number, first)),
            tag("span", f" {', '.join(names[:6])}", class_="soft") if names else None,
        )
        for first, last, names in places[:MOST_JUMPS]
    ]  # fmt: skip
    left = len(places) - MOST_JUMPS
    more = tag("li", f"and {left:,} more", class_="soft") if left > 0 else None
    count = "1 place" if len(places) == 1 else f"{len(places):,} places"
    return tag(
        "details",
        tag("summary", title, tag("span", f" {count}", class_="soft")),
        tag("ul", lines(*links, more)),
        open="" if len(places) <= 12 else None,
    )


def _parts_nav(of: Described, place: int) -> Html | None:
    """Links to the parts before and after this one."""
    parts = of.parts
    if len(parts) == 1:
        return None

    def link(number: int, name: str, rel: str) -> Html:
        first, last = parts[number]
        address = paths.document(of.meeting, of.number, first)
        return tag("a", f"{name}: {span(first, last)}", href=address, rel=rel)

    return tag(
        "nav",
        link(place - 1, "Before", "prev") if place else None,
        join(" "),
        link(place + 1, "Next", "next") if place + 1 < len(parts) else None,
        class_="pager",
        aria_label="Parts of the document",
    )


def _line_page(visit: Visit, state: MeetingState, of: Described, number: int) -> Response:
    """One line, whole, and all that is known of it."""
    text, [one] = of.document.lines[number - 1], of.margin.between(number, number)
    pieces = max(1, -(-len(text) // LONG_PIECE))
    piece = min(visit.number("page"), pieces)
    title = f"Line {number} of {of.document.name}"
    shown = words(text[(piece - 1) * LONG_PIECE : piece * LONG_PIECE])
    about = [*marks(of, one)] if of.minutes else []
    return shell.page(
        f"{title} \u00b7 {headline(state.title)}",
        _way_back(of, state),
        tag("h1", f"Line {number} of ", tag("bdi", of.document.name)),
        tag("p", f"{len(text):,} characters" + (f"; part {piece} of {pieces}." if pieces > 1 else "."), class_="soft"),
        tag(
            "div",
            tag("bdi", shown, class_="words"),
            class_="text one",
        ),
        shell.pager(paths.meeting(of.meeting, f"documents/{of.number}"), piece, more=piece < pieces, line=number)
        if pieces > 1
        else None,
        tag("h2", "What the meeting made of it"),
        tag("div", lines(tag("p", _sentence(of, one)), *about), class_="beside one"),
        _neighbours(of, number),
        look=shell.Look(kind="paper"),
    )


def _sentence(of: Described, one: LineMargin) -> str:
    """Who was shown a line, and whether anybody mentioned it, in sentences."""
    if of.minutes is None:
        return "The meeting has not begun."
    if one.blank:
        return "The line has no words."
    shown = {
        Sight.ALL: "All were shown this line.",
        Sight.UNKNOWN: "The record of this meeting does not say who was shown this line.",
        Sight.NOBODY: f"{nobody(ended=of.minutes.ended)} this line{f': {one.why.value}' if one.why else ''}.",
    }.get(one.sight) or seen(of, one, f"line {one.number}")
    would = " or ".join(f"{name}={value}" for name, value in one.enough.items())
    said = "" if one.mentioned else " Nobody mentioned it."
    return f"{shown}{f' {would} would show it.' if would else ''}{said}"


def _neighbours(of: Described, number: int) -> Html:
    def link(line: int, name: str) -> Html | None:
        there = 1 <= line <= of.counts.lines
        return tag("a", name, href=paths.document_line(of.meeting, of.number, line)) if there else None

    place = paths.document(of.meeting, of.number, number)
    links = [tag("a", "In the document", href=place), link(number - 1, "Line before"), link(number + 1, "Next line")]
    return tag("nav", *(join(" ", one) for one in links if one), class_="pager", aria_label="Lines of the document")
