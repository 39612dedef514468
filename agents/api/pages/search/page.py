"""Search in everything that was said, put to the vote and agreed."""

from collections.abc import Sequence
from datetime import date, datetime
from textwrap import shorten
from typing import TYPE_CHECKING

from starlette.responses import Response

from agents.api.pages import paths, shell
from agents.api.pages.decided import Outcome, outcomes_of
from agents.api.pages.remedies import refusal_of
from agents.api.pages.visit import Visit, page
from agents.errors import UsageError
from agents.export.html_tags import Html, lines, tag
from agents.export.page.first import day_said
from agents.meeting.minutes.sealed import without_views
from agents.meeting.phases import phase_name
from agents.orchestrator.action_values import is_overdue
from agents.orchestrator.background.held import ENDED
from agents.orchestrator.record_search import (
    FoundDecision,
    Wanted,
    alike,
    find_decisions,
    find_noted_actions,
    find_turns,
)
from agents.orchestrator.said_times import day_seen
from agents.text import one_line

if TYPE_CHECKING:
    from agents.orchestrator import AgentOrchestrator
    from agents.store.actions import ActionRow
    from agents.store.meetings import Found, MeetingRow
    from agents.store.search import Piece

DECISIONS, ACTIONS, TURNS = "decisions", "actions", "turns"
TITLES = {DECISIONS: "Decisions", ACTIONS: "Actions", TURNS: "Said in meetings"}
FIRST = {DECISIONS: 4, ACTIONS: 5, TURNS: 12}
"""How many of each group the first page shows."""
ON_PAGE = {DECISIONS: 10, ACTIONS: 20, TURNS: 20}
"""How many of one group a page of that group alone shows."""
MOST_ALIKE = 2
"""The most decisions with another outcome that are shown beside one."""
LETTERS = 400
"""The most letters of a sentence or a task that are shown."""


@page
async def search(visit: Visit) -> Response:
    """What was found in all meetings."""
    words, group = visit.query("q"), visit.query("in")
    try:
        wanted = Wanted(words, visit.query("type"), visit.query("speaker"), _day(visit, "since"), _day(visit, "until"))
    except UsageError as error:
        told = refusal_of(error, visit.service.settings)
        return _page(visit, shell.trouble(told.cause, told.remedy), status=told.status)
    if not words:
        return _page(visit, tag("p", "Any words, a name, or a whole question: the words that say most are looked for."))
    groups = {name: make for name, make in _GROUPS.items() if name == group or group not in _GROUPS}
    if wanted.speaker:  # what was voted on and agreed has no one speaker
        groups = {TURNS: _GROUPS[TURNS]}
    parts = [await make(visit, wanted, _Part(name, alone=len(groups) == 1 and bool(group), number=visit.number("page")))
             for name, make in groups.items()]  # fmt: skip
    shown = [part for part in parts if part]
    return _page(visit, tag("div", lines(*shown), class_="groups") if shown else _nothing(visit))


class _Part:
    """Which of the results of a group are shown.

    Args:
        name: the group.
        alone: whether the page shows this group only.
        number: that of the page, from 1.
    """

    def __init__(self, name: str, *, alone: bool, number: int) -> None:
        self.name, self.alone = name, alone
        self.number = number if alone else 1
        self.limit = ON_PAGE[name] if alone else FIRST[name]
        self.skip = (self.number - 1) * self.limit

    def around(self, visit: Visit, found: Sequence[Html], *, more: bool) -> Html | None:
        """The results under their heading, with the way to the others; None without results."""
        if not found:
            return None
        query = {name: visit.query(name) for name in ("q", "type", "speaker", "since", "until")}
        if self.alone:
            rest = shell.pager(paths.SEARCH, self.number, more=more, name="page", **query, **{"in": self.name})
            every = tag("p", tag("a", "All results", href=paths.listed(paths.SEARCH, **query)))
        else:
            whole = paths.listed(paths.SEARCH, **query, **{"in": self.name})
            rest = tag("p", tag("a", f"More: {TITLES[self.name].lower()}", href=whole)) if more else None
            every = None
        title = tag("h2", TITLES[self.name])
        return tag("section", title, every, tag("ol", lines(*found), class_="found"), rest, class_=self.name)


def _day(visit: Visit, name: str) -> date | None:
    """A day in the address.

    Raises:
        UsageError: it is none.
    """
    return day_seen(visit.query(name))


def _page(visit: Visit, *main: Html, status: int = 200) -> Response:
    words = visit.query("q")
    title = f"Search: {shorten(words, 60, placeholder=' ...')}" if words else "Search"
    return shell.page(
        title, tag("h1", "Search"), _form(visit), *main, look=shell.Look(paths.SEARCH, "searching"), status=status
    )


def _form(visit: Visit) -> Html:
    """What is looked for, and where."""
    orchestrator = visit.owner.orchestrator
    types = {kind.id: kind.title for kind in orchestrator.types.values()}
    roles = {role.id: role.title for role in orchestrator.roles.values()}
    field = tag("input", type="search", name="q", value=visit.query("q") or None, class_="words")
    narrow = [
        tag("label", tag("span", "Type"), _select("type", types, visit.query("type"))),
        tag("label", tag("span", "Said by"), _select("speaker", roles, visit.query("speaker"))),
        tag("label", tag("span", "From day"), _date("since", visit.query("since"))),
        tag("label", tag("span", "To day"), _date("until", visit.query("until"))),
    ]
    group = visit.query("in")
    kept = tag("input", type="hidden", name="in", value=group) if group in _GROUPS else None
    return tag(
        "form",
        tag("label", tag("span", "Who ever said ...", class_="hidden"), field, class_="wide"),
        tag("button", "Search", class_="main"),
        tag("div", *narrow, class_="filter"),
        kept,
        method="get",
        action=paths.SEARCH,
        class_="search",
        role="search",
    )


def _date(name: str, value: str) -> Html:
    return tag("input", type="date", name=name, value=value or None)


def _select(name: str, choices: dict[str, str], chosen: str) -> Html:
    every = [("", "any"), *sorted(choices.items(), key=lambda one: one[1].casefold())]
    options = [tag("option", said, value=value, selected="" if value == chosen else None) for value, said in every]
    return tag("select", lines(*options), name=name)


def _nothing(visit: Visit) -> Html:
    """That nothing was found, and what to do."""
    narrowed = any(visit.query(name) for name in ("type", "speaker", "since", "until", "in"))
    remedy = (
        "Try other words: whole words are compared, without case and accents. What was said, put to the vote "
        "and agreed is searched, not the documents."
    )
    if narrowed:
        wide = tag("a", "search in everything", href=paths.search(visit.query("q")))
        return tag("p", "Nothing was found there. ", remedy, " Or ", wide, ".")
    return tag("p", "Nothing was found. ", remedy)


async def _decisions(visit: Visit, wanted: Wanted, part: _Part) -> Html | None:
    """What was put to the vote, and what became of it."""
    orchestrator = visit.owner.orchestrator
    every = find_decisions(orchestrator, wanted)
    mine = every[part.skip : part.skip + part.limit]
    near = {id(one): alike(one, every)[:MOST_ALIKE] for one in mine}
    meetings = {one.meeting.id for one in (*mine, *(other for others in near.values() for other in others))}
    known = await outcomes_of(orchestrator, sorted(meetings))
    found = [
        _decision(one, known[one.meeting.id].get(one.topic), [
            (other, outcome) for other in near[id(one)] if (outcome := known[other.meeting.id].get(other.topic))
        ])
        for one in mine
    ]  # fmt: skip
    return part.around(visit, found, more=len(every) > part.skip + part.limit)


def _decision(one: FoundDecision, outcome: Outcome | None, others: Sequence[tuple[FoundDecision, Outcome]]) -> Html:
    """A decision, and those on nearly the same words that ended otherwise."""
    quoted = _marked(one.pieces) if one.pieces else [_short(one.text)]
    name = outcome.name if outcome else ""
    entry = [tag("a", name, href=paths.entry(one.meeting.id, name), class_="name"), " "] if name else []
    checked = tag("p", outcome.checked, class_="soft") if outcome and outcome.checked else None
    return tag(
        "li",
        tag("p", *entry, _outcome(outcome), " ", tag("strong", _title(one))),
        tag("p", *quoted, class_="snippet"),
        tag("p", f"{one.turn}, {_about(one.meeting)}", class_="soft"),
        checked,
        _otherwise(outcome, others),
    )


def _title(one: FoundDecision) -> Html:
    """The topic of the meeting, with a link to the turn that put the decision to the vote."""
    return tag("a", _short(one.meeting.title, 120), href=paths.meeting(one.meeting.id, "minutes", anchor=one.turn))


def _outcome(outcome: Outcome | None) -> Html:
    if outcome is None:
        return tag("strong", "not decided", class_="outcome none")
    return tag("strong", outcome.said, class_=f"outcome {outcome.status}")


def _otherwise(outcome: Outcome | None, others: Sequence[tuple[FoundDecision, Outcome]]) -> Html | None:
    """Decisions on nearly the same words with another outcome."""
    differ = [(one, its) for one, its in others if outcome and its.status != outcome.status]
    if not differ:
        return None
    listed = [
        tag(
            "li",
            _outcome(its),
            " ",
            _title(one),
            " ",
            tag("span", _about(one.meeting), class_="soft"),
        )
        for one, its in differ
    ]
    about = tag("p", "Another outcome on nearly the same words. Only the words were compared: read both.")
    return tag("div", about, tag("ul", lines(*listed)), class_="otherwise")


async def _actions(visit: Visit, wanted: Wanted, part: _Part) -> Html | None:
    """Actions of the register."""
    orchestrator = visit.owner.orchestrator
    rows = find_noted_actions(orchestrator, wanted, part.limit + 1, part.skip)
    titles = {role.id: role.title for role in orchestrator.roles.values()}
    found = [_action(row, titles) for row in rows[: part.limit]]
    return part.around(visit, found, more=len(rows) > part.limit)


def _action(row: "ActionRow", titles: dict[str, str]) -> Html:
    owners = " and ".join(titles.get(one, one) for one in row.owners) or "nobody"
    day = f", due {day_said(row.due)}" if row.due else ""
    late = ", overdue" if is_overdue(row) else ""
    name = tag("a", row.id, href=paths.action(row.id), class_="name")
    about = tag("p", f"{one_line(owners)}{day}{late}", class_="soft")
    return tag("li", tag("p", name, " ", tag("span", row.status, class_="state"), " ", _short(row.task)), about)


async def _turns(visit: Visit, wanted: Wanted, part: _Part) -> Html | None:
    """What was said."""
    orchestrator = visit.owner.orchestrator
    hits = find_turns(orchestrator, wanted, part.limit + 1, part.skip)
    titles = {role.id: role.title for role in orchestrator.roles.values()}
    shown = _open(orchestrator, hits[: part.limit])
    found = [_turn(orchestrator.meetings.row(one.meeting), one, titles) for one in shown]
    return part.around(visit, found, more=len(hits) > part.limit)


def _open(orchestrator: "AgentOrchestrator", hits: "Sequence[Found]") -> "list[Found]":
    """The turns without views that nobody may see yet."""
    meetings, open_ones = orchestrator.meetings, dict[str, set[int]]()
    for meeting in {one.meeting for one in hits}:
        if meetings.row(meeting).status not in ENDED:
            open_ones[meeting] = {event.seq for event in without_views(meetings.journal(meeting).events())}
    return [one for one in hits if one.meeting not in open_ones or one.event.seq in open_ones[one.meeting]]


def _turn(meeting: "MeetingRow", one: "Found", titles: dict[str, str]) -> Html:
    data = one.event.data
    turn, speaker = str(data.get("id", "")), titles.get(one.event.speaker, one.event.speaker)
    link = tag("a", turn, href=paths.meeting(meeting.id, "minutes", anchor=turn), class_="name")
    phase = tag("span", f" {phase_name(one.event.phase)}", class_="soft")
    return tag(
        "li",
        tag("p", link, " ", tag("strong", one_line(speaker)), phase),
        tag("p", *_marked(one.pieces), class_="snippet"),
        tag(
            "p",
            tag("a", _short(meeting.title, 120), href=paths.meeting(meeting.id, "minutes")),
            ", ",
            _about(meeting),
            class_="soft",
        ),
    )


def _about(meeting: "MeetingRow") -> str:
    """The kind and the day of a meeting."""
    return f"{meeting.type.replace('_', ' ')}, {day_said(datetime.fromisoformat(meeting.created).astimezone().date())}"


def _marked(pieces: "Sequence[Piece]") -> list[Html | str]:
    """Words of a text; those that were looked for are marked."""
    return [tag("mark", one.text) if one.matches else one.text for one in pieces]


def _short(text: str, letters: int = LETTERS) -> str:
    return shorten(one_line(text), letters, placeholder=" ...")


_GROUPS = {DECISIONS: _decisions, ACTIONS: _actions, TURNS: _turns}
"""What writes each group of results, in the order of the page."""
