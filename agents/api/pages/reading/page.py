"""The minutes of a meeting and what they rest on, side by side."""

import asyncio
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import dropwhile
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from agents.api.pages import paths, shell
from agents.api.pages.amounts import counted, day_of
from agents.api.pages.reading.entry_filter import choice_of, counts, meaning
from agents.api.pages.reading.layout import Whole, any_said, whole
from agents.api.pages.reading.minutes_parts import in_sections, written
from agents.api.pages.reading.page_writer import At
from agents.api.pages.reading.timeline import Times, timeline
from agents.api.pages.stored import Stored
from agents.api.pages.visit import Visit
from agents.errors import OrchestratorError
from agents.export.html_tags import Html, join, lines, tag
from agents.export.page import Heading
from agents.export.page.kinds import Worth
from agents.meeting.journal import Kind
from agents.orchestrator.background.held import ENDED, MeetingState

if TYPE_CHECKING:
    from agents.meeting.spec import MeetingSpec

LONGEST_TITLE, LONGEST_HEADING, LONGEST_NAME = 200, 1_000, 80
"""The most characters of a title above the window, of the heading, and of the name of a document in the head."""
LONGEST_ABOUT = 4_000
"""The most bytes of what the meeting was."""
MOST_DOCUMENTS = 30
"""The most documents that are linked from the head of minutes."""
NEAR = 3
"""The parts before and after a part that are linked from it."""
MOST_SEARCHED = 30
"""The meetings of a type that are searched for an earlier one of the same series."""


async def page_of(visit: Visit, stored: Stored, state: MeetingState) -> Response:
    """The minutes of a meeting, and beside them what they rest on: transcript, votes and cited lines of documents."""
    beside = _earlier(visit, stored)
    found = await asyncio.to_thread(whole, stored)
    path = "" if state.status in ENDED else "minutes"
    place = visit.query("at")
    minutes = min(visit.number("minutes", found.layout.minutes.get(place, 1)), len(found.minutes))
    turns = min(visit.number("turns", found.layout.transcript.get(place, 1)), len(found.transcript))
    return await asyncio.to_thread(_page, found, state, At(minutes, turns, path), beside)


def _page(found: Whole, state: MeetingState, at: At, beside: str) -> Response:
    spoken, cited = _transcript(found, at), _cited(found, at)
    kinds = ["reading", *(["three"] if spoken and cited else []), *([] if spoken or cited else ["alone"])]
    return shell.page(
        state.title[:LONGEST_TITLE],
        tag("section", lines(*_minutes(found, state, at, beside)), class_="pane minutes", **_region("Minutes")),
        tag("div", lines(*filter(None, (spoken, cited))), class_="sources") if spoken or cited else None,
        _panel(),
        look=shell.Look(kind=" ".join(kinds)),
    )  # fmt: skip


def _minutes(found: Whole, state: MeetingState, at: At, beside: str) -> Iterator[Html | None]:
    """The pane of the minutes."""
    stored, writer = found.stored, found.writer(at)
    title, about = found.head
    if isinstance(title, Heading):
        title = replace(title, text=title.text[:LONGEST_HEADING])
    if at.minutes > 1 and isinstance(title, Heading):
        title = Heading(1, f"{title.text[:LONGEST_TITLE]}, part {at.minutes}")
    yield from written(writer, [title])
    writer.begin(LONGEST_ABOUT)
    yield from writer.blocks([about])
    if state.status not in ENDED:
        yield _unfinished(stored, state)
    yield _jumps(found, at)
    yield _tools(found, beside)
    yield _fork(found)
    if choice := choice_of(found.worths):
        yield choice
        yield meaning([Worth.VERIFIED, *(worth for worth, _ in found.worths.each.values())])
        yield counts(stored)
    parts = _parts(found, at, "minutes")
    yield parts
    yield from in_sections(writer, found.minutes[at.minutes - 1].elements)
    yield parts


def _unfinished(stored: Stored, state: MeetingState) -> Html:
    """What a reader must know of minutes that may still grow."""
    told = tag(
        "p", "The meeting has not ended. These are its minutes so far. ", _link("The meeting", paths.meeting(stored.id))
    )
    if state.status != "interrupted":
        return told
    resume = tag(
        "form", tag("button", "Resume", class_="main"), method="post", action=paths.meeting(stored.id, "start")
    )
    return join(told, resume)  # fmt: skip


def _jumps(found: Whole, at: At) -> Html | None:
    """Where the sources are, where the window is too narrow to show them beside the minutes."""
    places = [
        _link("Transcript", "#transcript") if any_said(found.stored) else None,
        _link("Cited lines", "#lines") if found.layout.places.get(at.minutes) else None,
    ]
    links = [tag("li", link) for link in places if link]
    return tag("nav", tag("ul", lines(*links)), class_="tools jumps", aria_label="Sources") if links else None


def _tools(found: Whole, beside: str) -> Html:
    """Where a reader can go from here."""
    stored = found.stored
    links = [_link(f"Entries ({len(found.worths.each)})", paths.meeting(stored.id, "entries"))]
    documents = stored.spec.documents
    links += [
        _link(document.name[:LONGEST_NAME], paths.document(stored.id, number))
        for number, document in enumerate(documents[:MOST_DOCUMENTS], 1)
    ]
    if len(documents) > MOST_DOCUMENTS:
        links.append(join(f"{len(documents) - MOST_DOCUMENTS} more documents"))
    links.append(
        _link(
            "Compare with the meeting before" if beside else "Compare",
            paths.compare(beside or stored.id, stored.id if beside else ""),
        )
    )
    links.append(_link("Actions", paths.listed(paths.ACTIONS, meeting=stored.id)))
    links.append(_link("Share", paths.meeting(stored.id, "share")))
    return tag("nav", tag("ul", lines(*(tag("li", link) for link in links))), class_="tools", aria_label="This meeting")


def _fork(found: Whole) -> Html | None:
    """The forms that hold the meeting again from a turn; the buttons beside the turns belong to the empty one. None
    where nobody said anything.
    """
    action = paths.meeting(found.stored.id, "fork")
    mark = tag("input", type="hidden", name="once", value=secrets.token_urlsafe(12))
    turns = found.stored.minutes.turns
    if not turns:
        return None
    field = tag("input", name="at", value=turns[-1].id, id="fork-at", size="8", autocomplete="off")
    spoken = [event.data["id"] for event in found.stored.events if event.kind == Kind.TURN]
    mixed = spoken != sorted(spoken, key=lambda one: int(one[1:]))
    told = "Some turns were finished in another order than their numbers; the fork says which ones it keeps."
    form = tag(
        "form",
        tag("label", "Last turn to keep; 0 keeps none", for_="fork-at"),
        field,
        mark,
        tag("button", "Fork"),
        tag("span", told, class_="soft") if mixed else None,
        method="post",
        action=action,
        class_="row",
    )
    folded = tag("details", tag("summary", "Fork: hold it again from a turn"), form, class_="fold")
    return join(folded, tag("form", mark, id="fork", method="post", action=action))


def _transcript(found: Whole, at: At) -> Html | None:
    """The pane of what was said and voted; None where nobody was asked."""
    if not any_said(found.stored):
        return None
    stored, elements = found.stored, found.transcript[at.turns - 1].elements
    parts = _parts(found, at, "turns")
    times = Times(stored)
    minutes = stored.minutes
    votes = sum(len(topic.ballots) for topic in minutes.topics)
    counted = f"{len(minutes.turns)} turns" + (f", {votes} votes" if votes else "")
    part = f", part {at.turns} of {len(found.transcript)}" if parts else ""
    summary = f"Timeline: {counted}, {day_of(times.begun)}, {times.begun[11:16]} to {times.ended[11:16]} UTC{part}"
    return tag(
        "section",
        lines(
            tag("h2", "Transcript"),
            timeline(times.rows(elements), summary),
            parts,
            *written(found.writer(at, transcript=True), elements),
            parts,
        ),
        class_="pane transcript",
        id="transcript",
        **_region("Transcript"),
    )


def _cited(found: Whole, at: At) -> Html | None:
    """The pane of the cited lines of documents; None where none is cited."""
    places = found.layout.places.get(at.minutes, {})
    shown = found.cited.written(found.cited.excerpts(places), 3, found.links(at))
    if not shown:
        return None
    rest = len(found.minutes[at.minutes - 1].places) - len(places)
    told = f"{counted(rest, 'more place')}: each leads from the minutes to its lines in the document."
    more = tag("p", told) if rest else None
    head = tag("h2", "Cited lines of the documents")
    return tag("section", lines(head, more, shown), class_="pane lines", id="lines", **_region("Cited lines"))


def _parts(found: Whole, at: At, which: str) -> Html | None:
    """Links to the other parts of the minutes or of the transcript; None where there is only one."""
    minutes = which == "minutes"
    count, here = (len(found.minutes), at.minutes) if minutes else (len(found.transcript), at.turns)
    if count == 1:
        return None
    links = found.links(at)
    near = sorted({1, count, *range(max(1, here - NEAR), min(count, here + NEAR) + 1)})
    items, last = list[Html](), 0
    for number in near:
        gap = "\u2026 " if number > last + 1 else ""
        address = links.part(minutes=number) if minutes else links.part(turns=number)
        name = tag("a", str(number), href=address, aria_current="page" if number == here else None)
        items.append(tag("li", gap, name))
        last = number
    label = "Parts of the minutes" if minutes else "Parts of the transcript"
    return tag("nav", tag("span", "Part"), tag("ol", lines(*items)), class_="parts", aria_label=label)


def _panel() -> Html:
    """Where the script shows what is known of an entry."""
    close = tag("button", "Close", class_="close", type="button")
    return tag(
        "aside", tag("div", "", class_="content"), close, id="panel", hidden="", tabindex="-1", aria_label="Entry"
    )


def _region(label: str) -> dict[str, str]:
    """A pane that scrolls on its own, also by keyboard."""
    return {"aria_label": label, "tabindex": "0"}


def _link(name: str, address: str) -> Html:
    return tag("a", name, href=address)


def _earlier(visit: Visit, stored: Stored) -> str:
    """The meeting to compare this one with: that which it came from, or the one before it in its series; else "".

    A meeting is before another one if it was created before it: ids of one day are in no order.
    """
    meetings, spec = visit.owner.orchestrator.meetings, stored.spec
    for name in (spec.forked_from, spec.repeats):
        try:
            if name and meetings.row(name):
                return name
        except OrchestratorError:
            continue  # it was deleted
    if not spec.series:
        return ""
    agreed = {one.meeting for one in visit.owner.orchestrator.actions.list(series=spec.series)}
    before = list(dropwhile(lambda row: row.id != stored.id, meetings.list()))[1:]  # they come newest first
    alike = [row.id for row in before if row.turns and row.type == spec.kind.id][:MOST_SEARCHED]
    same = (
        row.id for row in before if row.id in agreed or (row.id in alike and _in_series(meetings.spec(row.id), spec))
    )
    return next(same, "")


def _in_series(stored: Mapping[str, Any], spec: "MeetingSpec") -> bool:
    return stored.get("series") == spec.series
