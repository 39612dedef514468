"""Two meetings side by side: what changed from one to the other."""

import asyncio
from dataclasses import InitVar, dataclass
from typing import TYPE_CHECKING
from weakref import ref

from starlette.responses import Response

from agents.api.pages import paths, shell
from agents.api.pages.amounts import STATUSES, day_of, headline
from agents.api.pages.compare import comparison
from agents.api.pages.compare.comparison import TOPICS_A_PAGE, Shown
from agents.api.pages.remedies import refusal_of
from agents.api.pages.stored import Stored, stored
from agents.api.pages.visit import Visit, page
from agents.errors import OrchestratorError, UsageError
from agents.export.html_tags import Html, join, lines, tag
from agents.orchestrator.compared import Compared, Side, compared
from agents.text import one_line

if TYPE_CHECKING:
    from agents.store.meetings import MeetingRow

MOST_OFFERED = 40
"""The newest meetings that can be chosen from a list; others are named by their ids."""
LONGEST_TITLE = 60
"""The most letters of a meeting's title in the list."""


@dataclass(slots=True)
class _Last:
    """The last comparison of a meeting with another one, which is not kept for it."""

    before: InitVar[Stored]
    after: "ref[Stored] | None" = None
    found: Compared | None = None


@page
async def compare(visit: Visit) -> Response:
    """Two meetings side by side; without two of them, a form that asks for them."""
    wanted = (_wanted(visit, "a"), _wanted(visit, "b"))
    if not all(wanted):
        ask = "Choose a second meeting." if any(wanted) else "Choose two meetings."
        return _page(visit, wanted, tag("p", f"{ask} You see what changed from one to the other."))
    try:
        if not all(wanted):
            one = visit.owner.orchestrator.meetings.find(wanted[0] or wanted[1])
            told = tag("p", "Choose the second meeting to see what changed from one to the other.")
            return _page(visit, (one, ""), told, swaps=False)
        shown = await _shown(visit, wanted)
    except OrchestratorError as error:
        found = refusal_of(error, visit.service.settings)
        return _page(visit, wanted, shell.trouble(found.cause, found.remedy), status=found.status)
    number = min(visit.number("page"), max(1, -(-len(shown.found.topics) // TOPICS_A_PAGE)))
    rows = visit.owner.orchestrator.actions.list(meeting=shown.ids[0])
    last = number * TOPICS_A_PAGE >= len(shown.found.topics)
    pager = shell.pager(paths.COMPARE, number, more=not last, a=shown.ids[0], b=shown.ids[1])
    return _page(
        visit,
        shown.ids,
        _order(shown),
        comparison.meetings(shown),
        _choice(),
        *comparison.topics(shown, number),
        pager,
        comparison.documents(shown),
        comparison.actions(shown, rows),
        comparison.seats(shown),
        swaps=not _one_series(shown),
    )


def _wanted(visit: Visit, name: str) -> str:
    """The meeting of a side: an id that was typed, or else the one that was chosen."""
    return visit.query(f"{name}_id") or visit.query(name)


async def _shown(visit: Visit, wanted: tuple[str, str]) -> Shown:
    """The two meetings, the earlier one of a series first.

    Raises:
        UsageError: both are the same.
        UnknownName: there is no such meeting.
        MeetingError: one has not begun.
    """
    meetings = visit.owner.orchestrator.meetings
    first, second = (meetings.find(one) for one in wanted)
    if first == second:
        raise UsageError("Both are the same meeting.", "Choose another one for one of the two.")
    rows = {one: meetings.row(one) for one in (first, second)}
    before, after = await stored(visit, first), await stored(visit, second)
    in_order = rows[first].created <= rows[second].created
    if before.spec.series and before.spec.series == after.spec.series and _later(before, after, in_order=in_order):
        before, after, in_order = after, before, True
    found = await asyncio.to_thread(_compared, before, after)
    return Shown(
        (before.id, after.id),
        (Side(before.minutes, before.spec), Side(after.minutes, after.spec)),
        found,
        (headline(rows[before.id].title), headline(rows[after.id].title)),
        ("First", "Second") if _later(before, after, in_order=in_order) else ("Then", "Now"),
    )


def _later(one: Stored, other: Stored, *, in_order: bool) -> bool:
    """Whether a meeting is later than another one: by its day, and on the same day by when it was created."""
    return one.spec.held > other.spec.held or (one.spec.held == other.spec.held and not in_order)


def _compared(before: Stored, after: Stored) -> Compared:
    """The comparison; the last one with the earlier meeting is kept."""
    known = before.once(_Last)
    if known.found is None or known.after is None or known.after() is not after:
        sides = Side(before.minutes, before.spec), Side(after.minutes, after.spec)
        known.found, known.after = compared(*sides), ref(after)
    return known.found


def _page(visit: Visit, chosen: tuple[str, str], *main: Html | None, status: int = 200, swaps: bool = True) -> Response:
    body = tag("div", lines(*main), class_="compared")
    return shell.page(
        "Compare two meetings",
        tag("h1", "Compare two meetings"),
        _form(visit, chosen, swaps=swaps),
        body,
        look=shell.Look(kind="comparison"),
        status=status,
    )


def _form(visit: Visit, chosen: tuple[str, str], *, swaps: bool) -> Html:
    """The form that asks for the two meetings, with what was chosen."""
    newest = visit.owner.orchestrator.meetings.list(MOST_OFFERED)
    fields = [
        tag(
            "div",
            tag("label", label, for_=name),
            tag("select", lines(*_options(newest, chosen[side])), name=name, id=name),
            class_="field",
        )
        for side, (name, label) in enumerate((("a", "First meeting"), ("b", "Second meeting")))
    ]
    others = [
        tag("label", f"{label}, by its id", tag("input", name=f"{name}_id", autocomplete="off", spellcheck="false"))
        for name, label in (("a", "First"), ("b", "Second"))
    ]
    swapped = paths.compare(chosen[1], chosen[0]) if swaps and all(chosen) else ""
    older = tag("details", tag("summary", "Older meetings"), tag("div", *others, class_="row"))
    buttons = tag(
        "div",
        tag("button", "Compare", class_="main"),
        tag("a", "Swap the two", href=swapped) if swapped else None,
        class_="row",
    )
    return tag(
        "form",
        tag("div", *fields, class_="choose"),
        older,
        buttons,
        action=paths.COMPARE,
        method="get",
        class_="compare",
    )


def _options(newest: "list[MeetingRow]", chosen: str) -> list[Html]:
    """The newest meetings that have begun, and the one that was chosen where it is not among them."""
    offered = [one for one in newest if one.status != "called"]  # nothing was said in the others
    known = {one.id for one in offered}
    options = [tag("option", "Choose a meeting", value="")]
    if chosen and chosen not in known:
        options.append(tag("option", chosen[:120], value=chosen, selected=""))
    for one in offered:
        title = one_line(one.title)
        short = title if len(title) <= LONGEST_TITLE else f"{title[:LONGEST_TITLE].rstrip()}\u2026"
        selected = "" if one.id == chosen else None
        options.append(
            tag(
                "option",
                f"{day_of(one.created)}, {short} ({STATUSES[one.status]})",
                value=one.id,
                selected=selected,
            )
        )
    return options


def _one_series(shown: Shown) -> bool:
    """Whether both meetings belong to one series, of which the earlier one always comes first."""
    return bool(shown.sides[0].spec.series) and shown.sides[0].spec.series == shown.sides[1].spec.series


def _order(shown: Shown) -> Html | None:
    if not _one_series(shown):
        return None
    series = tag("bdi", shown.sides[0].spec.series)
    return tag("p", "Both belong to the series ", series, "; the earlier one comes first.", class_="soft")


def _choice() -> Html:
    """Whether to see what is the same, too: chosen without a script."""
    offered = (("every", "All entries"), ("changed", "Only what is new or gone"))
    fields = [
        tag(
            "label",
            tag("input", type="radio", name="entries", id=f"only-{name}", checked="" if name == "every" else None),
            tag("span", said),
        )
        for name, said in offered
    ]
    return tag("fieldset", tag("legend", "Show"), *(join(one, " ") for one in fields), class_="choices")
