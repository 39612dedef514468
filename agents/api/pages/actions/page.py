"""The board of actions of all meetings."""

from dataclasses import replace
from typing import TYPE_CHECKING

from starlette.responses import Response

from agents.api.pages import paths, shell
from agents.api.pages.actions import columns as action_columns
from agents.api.pages.actions.card import (
    NOTHING_TYPED,
    VERBS,
    Typed,
    card,
    evidence,
    forms,
    history,
    names,
    notes,
    origin,
    shown,
    state,
)
from agents.api.pages.actions.columns import COLUMNS, IN_COLUMN, ON_PAGE, TITLES, Narrowed, narrowed
from agents.api.pages.amounts import shortened
from agents.api.pages.remedies import refusal_of
from agents.api.pages.visit import Visit, not_found, page
from agents.errors import OrchestratorError, UnknownName, UsageError
from agents.export.html_tags import Html, lines, tag
from agents.orchestrator.action_search import ActionSelection, owner_ids
from agents.orchestrator.said_times import due_day
from agents.orchestrator.since_series import SeriesMeetings
from agents.text import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from agents.store.actions import ActionRow

LONGEST_NAME, LONGEST_NOTE, LONGEST_DAY = 200, 20_000, 60
"""The most letters of an owner or a name, of a note and of a day."""
MOST_SERIES = 100
"""The most series that are offered to choose from."""
NOBODY = "nobody"
_DONE = {"done": "closed", "reopen": "reopened", "assign": "assigned", "due": "dated"}
"""What is said of each change on the page after it (``said.SENTENCES``)."""
NEWEST_CHANGES = 200
"""The number of changes of an action that its page shows."""


@page
async def board(visit: Visit) -> Response:
    """All actions as columns, or one column alone."""
    found, orchestrator = narrowed(visit), visit.owner.orchestrator
    title = f"Actions: {TITLES[found.state].lower()}" if found.state else "Actions"
    head = lines(tag("h1", title), _filter(visit, found))
    look = shell.Look(paths.ACTIONS, "board")
    try:
        selection = ActionSelection(orchestrator, found.owner, found.meeting, found.series)
    except (UnknownName, UsageError) as error:
        told = refusal_of(error, visit.service.settings)
        return shell.page(title, head, shell.trouble(told.cause, told.remedy), look=look, status=told.status)
    if not selection.count(found.state):
        return shell.page(title, head, _none(found), look=look)
    return shell.page(title, head, (_alone if found.state else _columns)(visit, selection, found), look=look)


def _none(found: Narrowed) -> Html:
    if found == Narrowed():
        return lines(
            tag("p", "There are no actions yet. Meetings that agree on something put it here."),
            tag(
                "p",
                "What a meeting proposed and did not agree on can be taken on: open the action in the minutes of the "
                "meeting, and press Take it on. ",
                tag("a", "Meetings", href=paths.HOME),
            ),
        )
    return tag("p", "No action is like this. ", tag("a", "Show all actions", href=paths.ACTIONS), ".")


def _cards(visit: Visit, rows: "Sequence[ActionRow]", found: Narrowed) -> list[Html]:
    orchestrator = visit.owner.orchestrator
    series = SeriesMeetings(orchestrator.meetings, orchestrator.actions.all_series())
    return [card(one, found) for one in shown(orchestrator, rows, series)]


def _columns(visit: Visit, selection: ActionSelection, found: Narrowed) -> Html:
    """The whole board, with the first actions of each column."""
    columns = {name: selection.part(name, IN_COLUMN) for name in COLUMNS}
    cards = iter(_cards(visit, [row for rows in columns.values() for row in rows], found))
    parts = []
    for name, rows in columns.items():
        mine, count = [next(cards) for _ in rows], selection.count(name)
        alone, rest = replace(found, state=name, page=1).address, count - len(rows)
        more = tag("p", tag("a", f"{rest} more", href=alone), class_="more") if rest else None
        head = tag("h2", tag("a", TITLES[name], href=alone), " ", tag("span", str(count), class_="count"))
        body = tag("ul", lines(*mine)) if mine else tag("p", "None.", class_="soft")
        parts.append(tag("section", head, body, more, class_=f"column {name}", aria_label=TITLES[name]))
    return tag("div", lines(*parts), class_="columns")


def _alone(visit: Visit, selection: ActionSelection, found: Narrowed) -> Html:
    """One column on a page of its own, in parts."""
    begin, count = (found.page - 1) * ON_PAGE, selection.count(found.state)
    part = selection.part(found.state, ON_PAGE, begin)
    where = f"{begin + 1} to {begin + len(part)} of {count}." if part else f"There are only {count}."
    query = {name: str(value) for name, value in found.query.items() if name != "page"}
    pager = shell.pager(paths.ACTIONS, found.page, more=begin + ON_PAGE < count, name="page", **query)
    back = tag("a", "All columns", href=replace(found, state="", page=1).address)
    return lines(tag("p", where, " ", back), tag("ul", lines(*_cards(visit, part, found)), class_="cards"), pager)


def _filter(visit: Visit, found: Narrowed) -> Html:
    """The form that narrows the board."""
    orchestrator = visit.owner.orchestrator
    titles = {role.id: role.title for role in orchestrator.roles.values()}
    owners = sorted({titles.get(one, one) for one in orchestrator.actions.all_owners()}, key=str.casefold)
    known = sorted({*orchestrator.actions.all_series().values(), found.series} - {""}, key=str.casefold)
    choices = tag("datalist", lines(*(tag("option", value=one) for one in (NOBODY, *owners[:200]))), id="owners")
    owner = tag("input", name="owner", value=found.owner or None, list="owners", autocomplete="off")
    meeting = tag("input", name="meeting", value=found.meeting or None, placeholder="id, or last")
    fields = [
        tag("label", tag("span", "Owner"), owner, choices),
        tag("label", tag("span", "Meeting"), meeting),
        tag("label", tag("span", "Series"), _select("series", {one: one for one in known[:MOST_SERIES]}, found.series)),
        tag("label", tag("span", "State"), _select("state", TITLES, found.state)),
    ]
    clear = tag("a", "Show all", href=paths.ACTIONS) if replace(found, page=1) != Narrowed() else None
    return tag("form", *fields, tag("button", "Show"), clear, method="get", action=paths.ACTIONS, class_="filter")


def _select(name: str, choices: dict[str, str], chosen: str) -> Html:
    every = [("", "any"), *choices.items()]
    options = [tag("option", one_line(said), value=value, selected="" if value == chosen else None)
               for value, said in every]  # fmt: skip
    return tag("select", lines(*options), name=name)


@page
async def one(visit: Visit) -> Response:
    """One action with everything that happened to it."""
    return _page_of(visit, visit.owner.orchestrator.actions.get(visit.path("action")))


def _page_of(
    visit: Visit, row: "ActionRow", typed: Typed = NOTHING_TYPED, back: Narrowed | None = None, status: int = 200
) -> Response:
    orchestrator = visit.owner.orchestrator
    series = SeriesMeetings(orchestrator.meetings, orchestrator.actions.all_series())
    [found] = shown(orchestrator, [row], series)
    facts: dict[str, list[Html | str]] = {
        "state": [state(found)],
        "owner": [found.owners],
        "said about time": [
            shortened(row.due_text, LONGEST_NOTE) or "nothing",
            *_note(found.values["due_note"], row.due_text),
        ],
        "name": names(found),
        "from": origin(found),
        "topic": [shortened(row.topic, LONGEST_NOTE)],
    }
    listed = [tag("dt", name) for name in facts]
    rows = [part for name, head in zip(facts, listed, strict=True) for part in (head, tag("dd", *facts[name]))]
    where = tag("p", tag("a", "All actions", href=(back or Narrowed()).address))
    newest = found.changes[-NEWEST_CHANGES:]
    left = len(found.changes) - len(newest)
    return shell.page(
        f"{row.id}: {one_line(row.task)[:80]}",
        where,
        tag("h1", tag("span", row.id, class_="name"), " ", shortened(row.task, LONGEST_NOTE)),
        shell.trouble(typed.cause, typed.remedy) if typed.verb else None,
        tag("dl", lines(*rows)),
        tag("h2", "What it rests on"),
        evidence(found),
        *(tag("p", said) for said in notes(found)),
        tag("h2", "Change it"),
        tag("div", forms(found, back, typed), class_="changes"),
        tag("h2", "History"),
        history(newest),
        tag("p", f"{left} earlier changes are not shown.") if left else None,
        look=shell.Look(paths.ACTIONS, "action"),
        status=status,
    )


def _note(note: str | None, words: str) -> list[str]:
    return [f" ({note})"] if note and words else []


@page
async def change(visit: Visit) -> Response:
    """Change an action as a form says, and go back to where it was sent from."""
    verb = visit.path("verb")
    if verb not in VERBS:
        return not_found()
    row = visit.owner.orchestrator.actions.get(visit.path("action"))
    back = action_columns.remembered(visit.text("back"))
    try:
        said = _changed(visit, row, verb)
    except OrchestratorError as error:
        told = refusal_of(error, visit.service.settings)
        if visit.request.headers.get("accept", "").startswith("application/json"):
            raise
        fields = {name: visit.text(name) for name in ("note", "owner", "due", "by")}
        return _page_of(visit, row, Typed(verb, fields, told.cause, told.remedy), back, told.status)
    return visit.done(_DONE[verb], f"{back.address}#{row.id}" if back else paths.action(row.id), said)


def _changed(visit: Visit, row: "ActionRow", verb: str) -> str:
    """Make a change; returns what was done, in a sentence."""
    actions, by = visit.owner.orchestrator.actions, _field(visit, "by", LONGEST_NAME, "name")
    if verb == "done":
        actions.done(row.id, _field(visit, "note", LONGEST_NOTE, "note"), who=by)
        return f"{row.id} is done."
    if verb == "reopen":
        actions.reopen(row.id, who=by)
        return f"{row.id} is open again."
    if verb == "assign":
        name = _field(visit, "owner", LONGEST_NAME, "owner")
        if not name:
            raise UsageError("No owner is named.", "Write the name of a role or a person, or nobody.")
        owner = owner_ids(visit.owner.orchestrator.roles, name)
        actions.assign(row.id, owner, who=by)
        return f"{row.id} has a new owner." if owner else f"{row.id} has no owner."
    words = _field(visit, "due", LONGEST_DAY, "day")
    if not words:
        raise UsageError("No day is named.", "Write 2026-12-01, friday, next week, in two weeks, or none.")
    day = due_day(words)
    actions.set_due(row.id, day, who=by)
    return f"{row.id} is due {day:%Y-%m-%d}." if day else f"{row.id} has no day."


def _field(visit: Visit, name: str, longest: int, what: str) -> str:
    """What was typed into a field, on one line.

    Raises:
        UsageError: it is too long.
    """
    text = one_line(visit.text(name))
    if len(text) > longest:
        raise UsageError(f"The {what} has more than {longest:,} letters.", "Write it in fewer words.")
    return text
