"""The first page: what is held now, what waits, what can be resumed, and the newest meetings."""

from typing import TYPE_CHECKING

from starlette.responses import Response

from agents.api.pages import model_now, paths, shell
from agents.api.pages.amounts import STATUSES, counted, day_of, shortened
from agents.api.pages.decided import Outcomes, brief_outcomes
from agents.api.pages.live import page as live
from agents.api.pages.visit import Visit, page
from agents.export.html_tags import Html, cell, join, lines, tag
from agents.meeting.phases import phase_name
from agents.orchestrator.background.held import MeetingState
from agents.text import capital

if TYPE_CHECKING:
    from collections.abc import Sequence

    from agents.store.meetings import MeetingRow

PER_PAGE = 50
MOST_BEGUN = 20
"""The most meetings that began and did not end of which the first page finds out who holds them."""
MOST_INTERRUPTED = 3
"""The most of them that can be resumed there; a link leads to all."""
LONGEST_TITLE = 160
LONGEST_CHOICE = 70

SHOWN = {
    "created": "not begun", "queued": "waits", "running": "held now", "elsewhere": "held elsewhere",
    "interrupted": "parked", "closed": "closed", "abandoned": "cancelled",
}  # fmt: skip
"""What the status of a meeting is called."""


@page
async def home(visit: Visit) -> Response:
    """The meetings, newest first."""
    meetings, number = visit.owner.orchestrator.meetings, visit.number("page")
    kind, status = visit.query("type"), visit.query("status")
    kind = kind if kind in [*visit.owner.orchestrator.types] else ""
    status = status if status in STATUSES else ""
    rows = meetings.list(number * PER_PAGE + 1, kind or None, status or None)[(number - 1) * PER_PAGE :]
    is_empty = not rows and not (kind or status or number > 1)
    begin = tag("a", "New meeting", href=paths.NEW, class_="button main")
    if is_empty:
        body: list[Html | None] = [_nothing_yet()]
    else:
        shown = rows[:PER_PAGE]
        body = [
            _now(visit) if number == 1 else None,
            _newest(visit, shown, kind, status),
            shell.pager(paths.HOME, number, more=len(rows) > PER_PAGE, type=kind, status=status),
            _compare(shown),
        ]
    return shell.page(
        "Meetings",
        tag("div", tag("h1", "Meetings"), begin, class_="row headline"),
        await model_now.notice(visit),
        *body,
        look=shell.Look(paths.HOME, "wide home"),
    )


def _nothing_yet() -> Html:
    return tag(
        "p",
        "There is no meeting yet. ",
        tag("a", "Plan the first one", href=paths.NEW),
        ": you choose what it is about, and see who takes part before anything begins.",
        class_="cause",
    )


def _now(visit: Visit) -> Html | None:
    """What is held, what waits, and what can be resumed."""
    own = [visit.owner.meetings.state(one.meeting_id) for one in visit.owner.meetings.all_held()]
    held = [state for state in own if state.status == "running"]
    waiting = sorted((state for state in own if state.status == "queued"), key=lambda state: state.position)
    here = {state.id for state in own}
    begun = visit.owner.orchestrator.meetings.list(MOST_BEGUN, status="running")
    others = [(row, visit.owner.meetings.status_of(row)) for row in begun if row.id not in here]
    elsewhere = [row for row, status in others if status == "elsewhere"]
    interrupted = [row for row, status in others if status == "interrupted"]
    parts = [
        _part("Held now", [*(_held(visit, state) for state in held), *map(_elsewhere, elsewhere)], "now"),
        _part("Waiting for the model", [_waiting(visit, state) for state in waiting], "waiting"),
        _part("Parked", [*map(_interrupted, interrupted[:MOST_INTERRUPTED])], "parked", _more(interrupted)),
    ]
    return tag("div", lines(*parts), class_="floors") if any(parts) else None


def _more(interrupted: "Sequence[MeetingRow]") -> Html | None:
    """A link to all meetings that began and did not end, where not all are shown."""
    if len(interrupted) <= MOST_INTERRUPTED:
        return None
    return tag("p", tag("a", "All that are held or parked", href=paths.listed(paths.HOME, status="running")))


def _part(title: str, cards: "Sequence[Html]", name: str, more: Html | None = None) -> Html | None:
    if not cards:
        return None
    return tag(
        "section",
        lines(tag("h2", title, id=name), tag("ul", lines(*cards), class_="cards"), more),
        aria_labelledby=name,
        class_="now",
    )


def _held(visit: Visit, state: MeetingState) -> Html:
    """A meeting that is held here: who speaks, in which phase, how far, how long still; as on its own page."""
    phase = f"{phase_name(state.phase)}: " if state.phase else ""
    background = visit.owner.meetings
    who, left = live.brief(background, held) if (held := background.held(state.id)) else ("", "")
    speaks = capital(f"{phase}{who}")
    done = min(state.done, state.expected)
    far = None
    if state.expected:
        words, most = f"{done} of {state.expected}", str(state.expected)
        far = tag("progress", words, value=str(done), max=most, aria_label="Requests done")
    asked = tag("p", tag("strong", "You are asked: "), shortened(state.question, 120)) if state.question else None
    return tag(
        "li",
        lines(
            _title(state.id, state.title),
            tag("p", speaks),
            tag("p", far, " ", tag("span", left, class_="soft")) if far else None,
            asked,
        ),
    )


def _elsewhere(row: "MeetingRow") -> Html:
    return tag(
        "li",
        lines(_title(row.id, row.title), tag("p", f"Held by another process, {counted(row.turns, 'turn')} so far.")),
    )


def _waiting(visit: Visit, state: MeetingState) -> Html:
    title = visit.owner.meetings.behind(state.id)
    behind = f"; {live.BEHIND} {shortened(title, LONGEST_CHOICE)}" if title else ""
    return tag("li", lines(_title(state.id, state.title), tag("p", f"Place {state.position} in the queue{behind}")))


def _interrupted(row: "MeetingRow") -> Html:
    resume = tag(
        "form",
        tag(
            "button", "Resume", tag("span", f" {shortened(row.title, LONGEST_CHOICE)}", class_="hidden"), type="submit"
        ),
        method="post",
        action=paths.meeting(row.id, "start"),
    )
    return tag("li", lines(_title(row.id, row.title), tag("p", f"{counted(row.turns, 'turn')} so far"), resume))


def _title(meeting_id: str, title: str) -> Html:
    return tag("p", tag("a", shortened(title, LONGEST_TITLE), href=paths.meeting(meeting_id)), class_="title")


def _newest(visit: Visit, rows: "Sequence[MeetingRow]", kind: str, status: str) -> Html:
    """The meetings in a table, with the filter above it."""
    titles = {name: one.title for name, one in visit.owner.orchestrator.types.items()}
    decided = brief_outcomes(visit.owner.orchestrator, rows)
    body = [
        _row(row, titles.get(row.type, row.type), visit.owner.meetings.status_of(row), decided.get(row.id, {}))
        for row in rows
    ]
    table = tag(
        "table",
        tag("thead", tag("tr", *(tag("th", name, scope="col", class_=_KINDS.get(name)) for name in _NAMES))),
        tag("tbody", lines(*body)),
        class_="meetings",
    )
    return tag(
        "section",
        lines(
            tag("h2", "All meetings", id="all"),
            _filter(titles, kind, status),
            table if rows else tag("p", "There is no meeting like this."),
        ),
        aria_labelledby="all",
    )


_NAMES = ("Meeting", "Outcome", "Type", "Day", "Turns", "Status")
_KINDS = {"Turns": "number", "Day": "day"}


def _row(row: "MeetingRow", kind: str, status: str, decided: Outcomes) -> Html:
    title = tag("a", shortened(row.title, LONGEST_TITLE), href=paths.meeting(row.id))
    state = tag("span", SHOWN[status], class_=f"state {status}")
    cells = (title, _outcome(decided), kind, day_of(row.created), str(row.turns), state)
    return tag(
        "tr",
        *(cell(name, content, class_=_KINDS.get(name)) for name, content in zip(_NAMES, cells, strict=True)),
    )


def _outcome(decided: Outcomes) -> Html | str:
    """What was decided on the first topic, and on how many others; "" where nothing was put to the vote."""
    if not decided:
        return ""
    first, more = next(iter(decided.values())), len(decided) - 1
    said = tag("strong", first.said, class_=f"outcome {first.status}")
    return join(said, f" and {counted(more, 'more topic')}") if more else said


def _filter(titles: dict[str, str], kind: str, status: str) -> Html:
    by_title = sorted(titles.items(), key=lambda one: one[1].lower())
    return tag(
        "form",
        lines(
            _select("Type", "type", by_title, kind, "all types"),
            _select("Status", "status", list(STATUSES.items()), status, "any status"),
            tag("button", "Show", type="submit"),
            tag("a", "Show all", href=paths.HOME) if kind or status else None,
        ),
        method="get",
        action=paths.HOME,
        class_="row filter",
    )


def _compare(rows: "Sequence[MeetingRow]") -> Html | None:
    """A form that compares two of these meetings; None where there are not two with turns."""
    spoken = [(row.id, f"{shortened(row.title, LONGEST_CHOICE)} ({day_of(row.created)})") for row in rows if row.turns]
    if len(spoken) < 2:
        return None
    return tag(
        "details",
        lines(
            tag("summary", "Compare two of these meetings"),
            tag(
                "form",
                lines(
                    _select("One", "a", spoken, spoken[1][0]),
                    _select("The other", "b", spoken, spoken[0][0]),
                    tag("button", "Compare", type="submit"),
                ),
                method="get",
                action=paths.COMPARE,
                class_="row",
            ),
        ),
        class_="compare-two",
    )


def _select(title: str, name: str, choices: "Sequence[tuple[str, str]]", chosen: str, every: str = "") -> Html:
    options = [tag("option", every, value="")] if every else []
    options += [tag("option", words, value=value, selected="" if value == chosen else None) for value, words in choices]
    return tag("label", tag("span", title), tag("select", lines(*options), name=name), class_="field")
