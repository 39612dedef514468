"""Minutes to pass on: as one file in every format, as a redacted copy, and how to check that nothing was changed."""

import asyncio

from starlette.responses import Response

from agents.api.minutes_files import MEDIA, file_name
from agents.api.pages import paths, shell
from agents.api.pages.stored import Stored, stored
from agents.api.pages.visit import Visit, page
from agents.errors import MeetingError, UsageError
from agents.export import export
from agents.export.html import policy
from agents.export.html_tags import Html, lines, tag
from agents.export.redacted import to_redacted
from agents.meeting.chain import head_hash

FORMATS = {
    "html": "One page with the minutes, the cited lines and the transcript, for any browser, without a network",
    "markdown": "The minutes, for wikis and pull requests",
    "transcript": "Every turn and every vote, in order",
    "adr": "A decision record for each topic",
    "csv": "Every action, one row each, for a spreadsheet",
    "ics": "Agreed actions with an owner and a day, for a calendar",
    "json": "Everything as values, for programs",
    "chained": "The whole journal, each line with the hash of the line before, to check later",
}
"""The formats that a page offers, and what each is for."""
LEFT_OUT = (
    "the words of documents, as soon as four of them follow each other, and the names of documents",
    "names of people; roles stay",
    "what people typed: their turns, votes, corrections, and reports on how a decision turned out",
)
"""What a redacted copy leaves out, in words."""
SEALED = "The participants vote now, and nobody may see a vote before all have voted."
"""Why nothing is passed on while a ballot is open."""
ALONE = "Each gives a view alone now, and nobody may see one before the person of the meeting has answered."
"""Why nothing is passed on while views are sealed."""
_CLOSED = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"
"""The policy of a file that loads nothing."""


@page
async def file(visit: Visit) -> Response:
    """The minutes as one file."""
    found = await stored(visit, visit.meeting())
    form = visit.query("form", "html")
    if form not in MEDIA:
        raise UsageError(f"There is no format {form!r} for minutes.", f"Choose one of: {', '.join(FORMATS)}.")
    if found.sealed == "votes":
        raise MeetingError(SEALED, "Wait until all have voted.")
    if found.sealed == "views":
        raise MeetingError(ALONE, "Wait until the person has answered.")
    redacted = visit.query("redacted") not in {"", "0"}
    if redacted and form != "html":
        raise UsageError("A redacted copy is an HTML page.", "Leave out the format.")
    if redacted:
        text = await asyncio.to_thread(to_redacted, found.minutes)
    else:
        text = await asyncio.to_thread(export, found.minutes, form)
    media, ending = MEDIA[form]
    name = file_name(found.id, f"redacted.{ending}" if redacted else ending)
    headers = {
        "Cache-Control": "no-store",
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Security-Policy": f"{policy()}; sandbox" if form == "html" else _CLOSED,
        "X-Content-Type-Options": "nosniff",
    }
    return Response(text.encode("utf-8", "replace"), 200, headers, media)


@page
async def share(visit: Visit) -> Response:
    """In which forms the minutes can be passed on, and how others check them."""
    found = await stored(visit, visit.meeting())
    title = found.about
    way_back = tag("p", tag("a", title, href=paths.meeting(found.id)), class_="eyebrow")
    look = shell.Look(kind="share")
    if found.sealed:
        why, until = (SEALED, "the vote is over") if found.sealed == "votes" else (ALONE, "the person has answered")
        told = tag("p", f"{why} The minutes can be shared when {until}.")
        return shell.page(f"Share: {title}", way_back, tag("h1", "Share the minutes"), told, look=look)
    minutes = tag("a", "the minutes", href=paths.meeting(found.id, "minutes"))
    printing = tag("p", "To print them, or to save them as PDF, open ", minutes, " and print that page.")
    ways = tag(
        "div",
        lines(
            tag("section", tag("h2", "As a file"), _files(found), printing),
            tag("section", tag("h2", "As a redacted copy"), _redacted(found)),
            tag("section", tag("h2", "So that others can check them"), _checked(found)),
        ),
        class_="ways",
    )
    return shell.page(f"Share: {title}", way_back, tag("h1", "Share the minutes"), ways, look=look)


def _files(found: Stored) -> Html:
    rows = [
        tag(
            "tr",
            tag("td", tag("a", file_name(found.id, MEDIA[form][1]), href=paths.meeting(found.id, "file", form=form),
                          download=""), data_name="file"),
            tag("td", about, data_name="for"),
        )
        for form, about in FORMATS.items()
    ]  # fmt: skip
    head = tag("thead", tag("tr", tag("th", "file", scope="col"), tag("th", "what it is for", scope="col")))
    return tag("table", head, tag("tbody", lines(*rows)))


def _redacted(found: Stored) -> Html:
    address = paths.meeting(found.id, "file", redacted="1")
    name = file_name(found.id, f"redacted.{MEDIA['html'][1]}")
    return lines(
        tag("p", tag("a", name, href=address, download="")),
        tag("p", "It leaves out, and says so at its top:"),
        tag("ul", lines(*(tag("li", one) for one in LEFT_OUT))),
        tag("p", tag("strong", "Read it before you pass it on."),
            " Topics stay, and what was said in other words may still tell what a document says."),
    )  # fmt: skip


def _checked(found: Stored) -> Html:
    """The hash of the journal, and the commands that compare it."""
    count, head = len(found.events), head_hash(found.events)
    events = "1 event" if count == 1 else f"{count} events"
    export_it = f"orchestrator meeting export {found.id} -f chained -o meeting.jsonl"
    verify = f"orchestrator minutes verify meeting.jsonl --head {head}"
    chained = tag("a", "file with the journal", href=paths.meeting(found.id, "file", form="chained"), download="")
    return lines(
        tag("p", f"The journal of this meeting has {events}. Its sha256 is:"),
        tag("p", tag("code", head), class_="hash"),
        tag("p", "The last line of the minutes has the same number. Whoever has the ", chained,
            " finds one changed byte, and a line that was added, removed or moved:"),
        tag("pre", tag("code", verify)),
        tag("p", "The same file by command:"),
        tag("pre", tag("code", export_it)),
        tag("p", "This proves order and content, not who wrote them: keep the number where others cannot change it. "
                 "It changes when something is added later, such as how the decision turned out; the command then says "
                 "to which event the number that you kept belongs.", class_="soft"),
    )  # fmt: skip
