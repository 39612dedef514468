"""The entries of minutes: what each rests on, and what people say about it."""

import asyncio
from collections.abc import Iterable

from starlette.responses import Response

from agents.api.pages import paths, shell
from agents.api.pages.reading import entry_filter, entry_table
from agents.api.pages.reading.entry_filter import ALL, CHOICES, meaning
from agents.api.pages.reading.entry_view import view
from agents.api.pages.reading.layout import whole
from agents.api.pages.reading.page_writer import At
from agents.api.pages.reading.taking import NOWHERE, Place
from agents.api.pages.stored import Stored, stored
from agents.api.pages.visit import Visit, number_in, page
from agents.errors import UnknownName, UsageError
from agents.export.html_tags import Html, lines, tag
from agents.export.text import printable, verified_line
from agents.meeting.entry_names import NamedEntry
from agents.meeting.record import ActionItem
from agents.orchestrator.background.held import ENDED
from agents.orchestrator.proposals import atake_on, entered, may_be_taken

DONE = {"confirm": "confirmed", "correct": "corrected", "reject": "rejected"}
"""What a person can do with an entry, and how the page says that it is done."""
LONGEST_TEXT, LONGEST_NAME = 20_000, 200
"""The most characters of the words of a correction, and of the name of a person."""


@page
async def every(visit: Visit) -> Response:
    """All entries of a meeting in a table, which a reader can narrow to those of one worth."""
    meeting = visit.meeting()
    kept = await stored(visit, meeting)
    chosen = visit.query("worth", ALL)
    shown = chosen if chosen in CHOICES else ALL
    return await asyncio.to_thread(_every, kept, shown, visit.number("page"), _path(visit, meeting), _name(visit))


@page
async def one(visit: Visit) -> Response:
    """One entry: what was checked, its turn and its lines, what people said about it, and a form to judge it."""
    meeting = visit.meeting()
    kept = await stored(visit, meeting)
    entry = _entry(kept, visit.path("entry"))
    way, part = _path(visit, meeting), visit.query("part") == "1"
    place = _place(visit, kept, entry)
    return await asyncio.to_thread(_one, kept, entry, way, _name(visit), place, panel=part)


@page
async def judge(visit: Visit) -> Response:
    """Confirm, correct or reject an entry."""
    meeting = visit.meeting()
    entry = _entry(await stored(visit, meeting), visit.path("entry"))
    verb, by, text = visit.text("verdict"), visit.text("by"), visit.text("text")
    if verb not in DONE:
        raise UsageError("The form does not say what to do with the entry.", "Press Confirm, Correct or Reject.")
    if len(by) > LONGEST_NAME or len(text) > LONGEST_TEXT:
        raise UsageError("The words or the name are too long.", f"A correction has at most {LONGEST_TEXT} characters.")
    same = text.split() in (entry.text.split(), printable(entry.text).split())  # a form has what the page can show
    if verb == "confirm" and text.split() and not same:
        raise UsageError("You changed the words.", "Press Correct, or put them back.")
    if verb == "correct" and same:
        raise UsageError(f"These are the words that {entry.name} has already.", "Change them, or confirm the entry.")
    words = text if verb == "correct" else ""
    await visit.owner.orchestrator.verdicts.arecord(meeting, entry.name, verb, words, by=by)
    said = f"{entry.name} is {DONE[verb]}."
    if visit.text("back") == "entries":
        number, worth = number_in(visit.text("page")), visit.text("worth")
        narrowed = worth if worth in CHOICES else ""
        address = paths.meeting(meeting, "entries", entry.name, page=number, worth=narrowed, by=by)
        return visit.done("judged", address, said)
    return visit.done("judged", paths.entry(meeting, entry.name, by=by), said)


@page
async def take(visit: Visit) -> Response:
    """Take on a proposed action, so that it is on the board of actions."""
    meeting = visit.meeting()
    entry = _entry(await stored(visit, meeting), visit.path("entry"))
    owner, by = visit.text("owner"), visit.text("by")
    if len(owner) > LONGEST_NAME or len(by) > LONGEST_NAME:
        raise UsageError("The owner or the name is too long.", f"Each has at most {LONGEST_NAME} characters.")
    taken = await atake_on(visit.owner.orchestrator, meeting, entry.name, owner=owner, by=by)
    said = f"{entry.name} is {taken.row.id} on the board of actions{'' if taken.new else ' already'}."
    return visit.done("taken", paths.entry(meeting, entry.name, by=by), said)


def _place(visit: Visit, kept: Stored, entry: NamedEntry) -> Place:
    """The place of an entry in the register of actions."""
    if not isinstance(entry.value, ActionItem):
        return NOWHERE
    orchestrator = visit.owner.orchestrator
    if row := entered(orchestrator, kept.spec, entry.value):
        return Place(row)
    return Place(may_be=entry.value) if may_be_taken(orchestrator, kept.spec, kept.minutes, entry) else NOWHERE


def _every(kept: Stored, choice: str, number: int, path: str, by: str) -> Response:
    found = whole(kept)
    parts = entry_table.parts(found, choice, found.links(At(path=path)))
    number = min(number, len(parts))
    kinds = [worth for worth, _ in found.worths.each.values()]
    title = f"Entries: {kept.about}"
    address = paths.meeting(kept.id, "entries")
    fields = {"back": "entries", "page": str(number) if number > 1 else "", "worth": choice if choice != ALL else ""}
    rows = parts[number - 1]
    shown = entry_table.table(rows, fields, by) if rows else tag("p", "There is no such entry.")
    return shell.page(
        title[:LONGEST_NAME],
        tag("h1", title[:LONGEST_NAME]),
        _ways([("Minutes", paths.meeting(kept.id, path))]),
        entry_table.choices(found, choice),
        meaning(kinds),
        tag("p", verified_line(kept.minutes), class_="soft"),
        entry_filter.counts(kept),
        shown,
        shell.pager(address, number, more=number < len(parts), worth=fields["worth"]),
        look=shell.Look(kind="wide all-entries"),
    )


def _one(kept: Stored, entry: NamedEntry, path: str, by: str, place: Place, *, panel: bool) -> Response:
    found = whole(kept)
    links = found.links(At(path=path))
    if panel:
        return shell.part(*view(found, entry, 2, links, by, place, panel=True))
    names = [*kept.named]
    at = names.index(entry.name)
    before, after = names[at - 1] if at else "", names[at + 1] if at + 1 < len(names) else ""
    there = entry.name in found.layout.minutes
    back = links.cited(entry.name) if there else paths.meeting(kept.id, path)
    ways = [
        (f"{entry.name} in the minutes" if there else "Minutes", back),
        ("All entries", paths.meeting(kept.id, "entries")),
        *([(f"Before: {before}", paths.entry(kept.id, before))] if before else []),
        *([(f"Next: {after}", paths.entry(kept.id, after))] if after else []),
    ]
    title = f"{entry.name}: {kept.about[:LONGEST_NAME]}"
    return shell.page(title, _ways(ways), *view(found, entry, 1, links, by, place), look=shell.Look(kind="one-entry"))


def _ways(links: Iterable[tuple[str, str]]) -> Html:
    items = [tag("li", tag("a", name, href=address)) for name, address in links]
    return tag("nav", tag("ul", lines(*items)), class_="tools", aria_label="From here")


def _entry(kept: Stored, name: str) -> NamedEntry:
    """An entry by its name, in any letter case.

    Raises:
        UnknownName: the minutes have none of this name.
    """
    found = next((entry for known, entry in kept.named.items() if known.casefold() == name.casefold()), None)
    if found is None:
        raise UnknownName("entry", name, list(kept.named), "the minutes")
    return found


def _name(visit: Visit) -> str:
    """The name of who has just judged an entry, so that it is typed once for several."""
    return visit.query("by")[:LONGEST_NAME]


def _path(visit: Visit, meeting: str) -> str:
    """The part of the address at which a meeting has its minutes."""
    return "" if visit.owner.meetings.state(meeting).status in ENDED else "minutes"
