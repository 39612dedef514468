"""``orchestrator actions``: the register of actions that meetings agreed on, or that people took on afterwards."""

import csv
import io
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agents.cli.command_group import CommandGroup
from agents.cli.context import AsJson, opened
from agents.cli.terminal import tables
from agents.cli.terminal.caller_files import placed_if_given
from agents.cli.terminal.manner import is_plain
from agents.cli.terminal.output import say, say_file, say_json, tell, write_file
from agents.cli.terminal.pager import say_long
from agents.cli.terminal.safe_text import harmless, json_text
from agents.cli.terminal.styles import STATES
from agents.cli.terminal.unwritable import unwritable
from agents.clock import today
from agents.errors import UsageError, similar_names
from agents.orchestrator.action_search import find_actions, owner_ids
from agents.orchestrator.action_values import COLUMNS, action_values, history_values, is_overdue, note_of
from agents.orchestrator.said_times import due_day

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from agents.meeting.afterwards import OutcomeReport
    from agents.orchestrator import AgentOrchestrator
    from agents.store.actions import ActionRow, Actions

app = typer.Typer(
    cls=CommandGroup,
    help="The register of actions that are agreed or taken on.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

FORMATS = ("csv", "json", "ics", "ics_todo", "ics_all")
"""The formats of ``export``: the last three are calendars of events, of to-dos, and of events with those as said."""

ActionId = Annotated[str, typer.Argument(metavar="ID", help="The action's id, such as A12.")]
ActionIds = Annotated[list[str], typer.Argument(metavar="ID...", help="Ids of actions, such as A12.")]
Owner = Annotated[
    str, typer.Option("--owner", metavar="AGENT", help="Only actions of this owner; unassigned for those without one.")
]
Overdue = Annotated[bool, typer.Option("--overdue", help="Only open actions that were due before today.")]
FromMeeting = Annotated[
    str, typer.Option("--meeting", metavar="ID", help="Only actions of this meeting; last for the newest.")
]
FromSeries = Annotated[str, typer.Option("--series", metavar="NAME", help="Only actions of this series.")]
OpenOnly = Annotated[bool, typer.Option("--open/--all", help="Only open actions, or done ones too.")]
Who = Annotated[str, typer.Option("--by", metavar="NAME", help="The name of the person, kept in the action's history.")]


@app.command("list", epilog="Example: orchestrator actions list --overdue")
def list_actions(
    owner: Owner = "",
    overdue: Overdue = False,
    meeting: FromMeeting = "",
    series: FromSeries = "",
    open_only: OpenOnly = True,
    as_json: AsJson = False,
) -> None:
    """List the open actions, oldest first; with --all, done ones too."""
    with opened() as orchestrator:
        rows = _chosen(orchestrator, owner, overdue, meeting, series, open_only)
        if as_json:
            say_json(action_values(orchestrator.meetings, rows))
        elif rows:
            say_long(_table(orchestrator, rows, with_status=not open_only), colours=True)
        else:
            which = " like that" if owner or overdue or meeting or series else ""
            tell(f"No actions{which}." if not open_only else f"No open actions{which}; --all lists done ones too.")


@app.command("board", epilog="Example: orchestrator actions board --series weekly")
def show_board(owner: Owner = "", meeting: FromMeeting = "", series: FromSeries = "") -> None:
    """Draw actions as cards: overdue, due within a week, later, without a date, recently done."""
    from agents.cli.terminal.action_board import board, columns_of
    from agents.cli.terminal.size import terminal_width

    with opened() as orchestrator:
        rows = _chosen(orchestrator, owner, False, meeting, series, False)
        if rows:
            past = _past(orchestrator, rows)
            columns = columns_of(rows, today())
            columns = [replace(column, cards=tuple(map(_without_words, column.cards))) for column in columns]
            drawing = board(
                columns,
                lambda row: _owner(orchestrator, row),
                lambda row: note_of(row, past),
                terminal_width(),
                plain=is_plain(),
            )
            say_long(drawing, colours=True)
        else:
            tell("No actions.")


@app.command("show", epilog="Example: orchestrator actions show A12")
def show(action_id: ActionId, as_json: AsJson = False) -> None:
    """Show one action: its meeting, its evidence, its history."""
    with opened() as orchestrator:
        row = orchestrator.actions.get(action_id)
        changes = orchestrator.actions.changes(row.id)
        if as_json:
            say_json({**action_values(orchestrator.meetings, [row])[0], "history": history_values(changes)})
            return
        facts = [
            ("status", row.status),
            ("owner", _owner(orchestrator, row)),
            ("due", _due(row)),
            ("said", row.due_text),
            ("due note", note_of(row, _past(orchestrator, [row]))),
            ("agreed", f"no, {row.taken} after the meeting" if row.taken else ""),
            (
                "also agreed in" if row.agreed else "agreed in",
                ", ".join(one.who for one in changes if one.what in {"agreed", "agreed again"}),
            ),
            ("maybe the same", ", ".join(_alike(orchestrator, row))),
        ]
        checked = "" if row.verified else f" ({row.corrected or 'as said'})"
        facts += [("meeting", row.meeting), ("series", row.series), ("topic", row.topic)]
        facts += [("source", f"{row.turn}{checked}" if row.turn else ""), ("words", row.quote)]
        facts += [("the decision", told.sentence) for told in _outcomes(orchestrator, [row]).values()]
        head = f"{row.id}: {_without_words(row).task}"
        body = tables.table(["", ""], [[name, value] for name, value in facts if value]).strip("\n ")
        past = tables.table(
            ["when", "by", "what"], [[one.at[:16].replace("T", " "), one.who, one.what] for one in changes]
        )
        say("\n\n".join([tables.wrapped(head), body, past]))


@app.command("done", epilog='Example: orchestrator actions done A12 --note "in release 4.2"')
def done(
    action_ids: ActionIds, note: Annotated[str, typer.Option("--note", help="How it was done.")] = "", who: Who = ""
) -> None:
    """Close actions."""
    with opened() as orchestrator:
        actions = orchestrator.actions
        for found in _each(actions, action_ids, open_=True):
            row = actions.done(found.id, note, who=who)
            tell(f"{row.id} is done: {row.task}")


@app.command("reopen", epilog="Example: orchestrator actions reopen A12")
def reopen(action_ids: ActionIds, who: Who = "") -> None:
    """Open actions again."""
    with opened() as orchestrator:
        actions = orchestrator.actions
        for found in _each(actions, action_ids, open_=False):
            row = actions.reopen(found.id, who=who)
            tell(f"{row.id} is open again: {row.task}")


@app.command("assign", epilog="Example: orchestrator actions assign A12 devops_engineer")
def assign(
    action_id: ActionId,
    owner: Annotated[str, typer.Argument(metavar="OWNER", help="Agents or people, separated by commas, or nobody.")],
    who: Who = "",
) -> None:
    """Change the owner of an action; nobody for none."""
    with opened() as orchestrator:
        row = orchestrator.actions.assign(action_id, owner_ids(orchestrator.roles, owner), who=who)
        _tell_of_people(orchestrator, row)
        whose = f"{_owner(orchestrator, row)}'s" if row.owner else "nobody's"
        tell(f"{row.id} is {whose}: {row.task}")


@app.command("due", epilog="Example: orchestrator actions due A12 2026-12-01")
def due(
    action_id: ActionId,
    day: Annotated[str, typer.Argument(metavar="DAY", help="2026-12-01, friday, in two weeks ...; none for no date.")],
    who: Who = "",
) -> None:
    """Set the due date of an action."""
    with opened() as orchestrator:
        row = orchestrator.actions.set_due(action_id, due_day(day), who=who)
        tell(f"{row.id} is due {_due(row) or 'without a date'}: {row.task}")


@app.command("take", epilog="Example: orchestrator actions take last AC2 --owner qa_engineer --due friday --by Ada")
def take(
    meeting_id: Annotated[
        str, typer.Argument(metavar="MEETING", help="The meeting's id, a unique beginning of it, or last.")
    ],
    entry: Annotated[str, typer.Argument(metavar="ENTRY", help="The name of the action in the minutes, such as AC2.")],
    owner: Annotated[
        str,
        typer.Option("--owner", metavar="OWNER", help="Agents or people, or nobody; without it, as in the minutes."),
    ] = "",
    day: Annotated[
        str,
        typer.Option("--due", metavar="DAY", help="2026-12-01, friday ..., none; without it, as in the minutes."),
    ] = "",
    who: Who = "",
) -> None:
    """Take on an action that the minutes propose and the meeting did not agree on."""
    from agents.orchestrator.proposals import take_on

    with opened() as orchestrator:
        taken = take_on(orchestrator, meeting_id, entry, owner=owner, due=day, by=who)
        row = taken.row
        if not taken.new:
            tell(f"{taken.entry} is {row.id} of the register already, {row.status}: {row.task}")
            if owner or day:
                tell("Its owner and its day stay as they are: `orchestrator actions assign` and `due` change them.")
            return
        _tell_of_people(orchestrator, row)
        whose = f"{_owner(orchestrator, row)}'s" if row.owner else "nobody's"
        when = f", due {_due(row)}" if row.due else ""
        tell(f"{taken.entry} is {row.id} of the register now, {whose}{when}: {row.task}")


@app.command("export", epilog="Example: orchestrator actions export --format csv -o actions.csv")
def export(
    owner: Owner = "",
    overdue: Overdue = False,
    meeting: FromMeeting = "",
    series: FromSeries = "",
    open_only: OpenOnly = False,
    form: Annotated[
        str, typer.Option("--format", "-f", metavar="FORMAT", help=f"One of: {', '.join(FORMATS)}.")
    ] = "csv",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", callback=placed_if_given, help="Write there.")
    ] = None,
) -> None:
    """Write actions for another program: all actions, unless filtered."""
    form = form.lower().replace("-", "_")
    if form not in FORMATS:
        choices = f"{_near(form, FORMATS)} Choose one of: {', '.join(FORMATS)}.".strip()
        raise UsageError(f"There is no format {form!r} for actions.", choices)
    with opened() as orchestrator:
        rows = _chosen(orchestrator, owner, overdue, meeting, series, open_only)
        if form.startswith("ics"):
            rows = _for_calendar(rows, everything=form == "ics_all")
            past = _past(orchestrator, rows)
            text = as_calendar(rows, lambda row: _owner(orchestrator, row), past, todo=form == "ics_todo")
        elif form == "csv":
            text = as_csv(action_values(orchestrator.meetings, rows))
        else:
            text = json_text(action_values(orchestrator.meetings, rows)) + "\n"
    if output is None:
        say_file(text)
        return
    try:
        write_file(output, text)
    except OSError as error:
        raise unwritable(output, error) from None
    tell(f"{len(rows)} action{'' if len(rows) == 1 else 's'} written to {output}")


def as_csv(rows: list[dict[str, Any]]) -> str:
    """Actions as CSV (RFC 4180), without cells that a spreadsheet would run as formulas."""
    from agents.export.csv import guarded

    out = io.StringIO()
    table = csv.writer(out, lineterminator="\r\n")
    table.writerow(COLUMNS)
    for row in rows:
        cells = ["" if value is None else str(value) for value in row.values()]
        table.writerow([guarded(harmless({"True": "yes", "False": "no"}.get(cell, cell))) for cell in cells])
    return out.getvalue()


def _for_calendar(rows: "Sequence[ActionRow]", *, everything: bool) -> "list[ActionRow]":
    """The open actions with a due date; without ``everything``, only those with an owner and words that were found or
    corrected.
    """
    dated = [row for row in rows if row.open and row.due]
    return dated if everything else [row for row in dated if row.owner and (row.verified or row.corrected)]


def as_calendar(
    rows: "Sequence[ActionRow]", title: "Callable[[ActionRow], str]", past: frozenset[str], *, todo: bool
) -> str:
    """Actions as a calendar file; each has the name that it has in a calendar of its meeting.

    Args:
        rows: actions with a due date.
        title: returns the name of an action's owner.
        past: the ids of those whose due date was past when it was said.
        todo: whether they are to-dos and not events.
    """
    from agents.export.ics import CalendarEntry, calendar, uid_of
    from agents.meeting.minutes.dates import PAST
    from agents.text import capital

    entries = [
        CalendarEntry(
            uid_of(row.meeting, row.key),
            date.fromisoformat(row.created[:10]),
            row.due,
            _mark(row) + _without_words(row).task,
            (
                f"Owner: {title(row)}.",
                f'Due, as said: "{row.due_text}".' if row.due_text else "",
                f"The due day was {PAST}." if row.id in past else "",
                f'{"Before, said" if row.corrected else "Said"} in {row.turn}: "{row.quote}"' if row.turn else "",
                f"{capital(row.taken)} after the meeting, which did not agree on it." if row.taken else "",
                f"Topic: {row.topic}",
                f"Meeting: {row.meeting}",
                f"Action: {row.id}",
            ),
            _category(row),
        )
        for row in rows
        if row.due
    ]
    return calendar("Actions", f"{tables.counted(len(entries), 'open action')} with a due date.", entries, todo=todo)


def _category(row: "ActionRow") -> str:
    """The category of an action in a calendar."""
    from agents.export.ics import AGREED, TAKEN, UNVERIFIED

    if not (row.verified or row.corrected):
        return UNVERIFIED
    return AGREED if row.agreed else TAKEN


def _mark(row: "ActionRow") -> str:
    """The beginning of an action's name in a calendar; nothing for one that is verified."""
    return f"{row.corrected.replace('c', 'C', 1)}: " if row.corrected else "" if row.verified else "Unverified: "


def _chosen(
    orchestrator: "AgentOrchestrator", owner: str, overdue: bool, meeting: str, series: str, open_only: bool
) -> "list[ActionRow]":
    rows = find_actions(orchestrator, owner=owner, open_only=open_only, overdue=overdue, meeting=meeting, series=series)
    if not rows:
        explain_no_matches(orchestrator, owner_ids(orchestrator.roles, owner) or "", series)
    return rows


def _tell_of_people(orchestrator: "AgentOrchestrator", row: "ActionRow") -> None:
    """Say which owners are no agents: a name may have a mistake."""
    for person in (one for one in row.owners if one not in orchestrator.roles):
        tell(f"No agent is called {person}; it is stored as a person's name.")


def _owner(orchestrator: "AgentOrchestrator", row: "ActionRow") -> str:
    roles = orchestrator.roles
    return " and ".join(roles[one].title if one in roles else one for one in row.owners) or "unassigned"


def _each(actions: "Actions", action_ids: "Sequence[str]", *, open_: bool) -> "list[ActionRow]":
    """The actions, each once. Those that will be refused come first, so that nothing is changed before the error."""
    return sorted({row.id: row for row in map(actions.get, action_ids)}.values(), key=lambda row: row.open is open_)


def _due(row: "ActionRow") -> str:
    late = " (overdue)" if is_overdue(row) else ""
    return f"{row.due}{late}" if row.due else ""


def _past(orchestrator: "AgentOrchestrator", rows: "Sequence[ActionRow]") -> frozenset[str]:
    """The ids of the actions whose due date was past when it was said."""
    from agents.orchestrator.past_dues import past_when_said

    return past_when_said(orchestrator.meetings, rows)


def _outcomes(orchestrator: "AgentOrchestrator", rows: "Sequence[ActionRow]") -> "Mapping[str, OutcomeReport]":
    """How the decisions that actions come from turned out, by the action's id, where it was reported."""
    from agents.orchestrator.outcomes import of_actions

    return of_actions(orchestrator.meetings, rows)


def _alike(orchestrator: "AgentOrchestrator", row: "ActionRow") -> list[str]:
    """The ids of earlier open actions that may be the same as an open one."""
    from agents.orchestrator.same_actions import alike

    return [
        one.id for one in alike(row, orchestrator.actions.list(open_only=True)) if int(one.id[1:]) < int(row.id[1:])
    ]


def _without_words(row: "ActionRow") -> "ActionRow":
    """An action as it is shown: without the words that gave its due date, which stands beside it. The words of a
    correction stay whole.
    """
    from agents.meeting.minutes.dates import task_said

    return row if row.corrected else replace(row, task=task_said(row.task, row.due, row.due_text))


def _table(orchestrator: "AgentOrchestrator", rows: "Sequence[ActionRow]", *, with_status: bool) -> str:
    """A table of actions."""
    heads = ["action", *(["status"] if with_status else []), "due", "owner", "task"]
    cells = [
        [row.id, *([row.status] if with_status else []), _due(row) or "-", _owner(orchestrator, row), row.task]
        for row in map(_without_words, rows)
    ]
    late = sum(is_overdue(row) for row in rows)
    past = _past(orchestrator, rows)
    notes = [f'{row.id}, "{row.due_text}": {note}.' for row in rows if (note := note_of(row, past))]
    told: dict[str, list[str]] = {}
    for action, outcome in _outcomes(orchestrator, rows).items():
        told.setdefault(outcome.sentence, []).append(action)
    notes += [f"The decision behind {', '.join(ids)}: {sentence}" for sentence, ids in told.items()]
    notes += [f"{row.id} may be the same as {', '.join(same)}." for row in rows if (same := _alike(orchestrator, row))]
    counted = f"{tables.counted(len(rows), 'action')}{f', {late} overdue' if late else ''}."
    due, late_style = heads.index("due"), STATES["overdue"]
    listed = tables.table(
        heads, cells, paint=lambda n, column: late_style if column == due and is_overdue(rows[n]) else None
    )
    return "\n".join([listed, counted, *(harmless(tables.wrapped(note)) for note in notes)])


def explain_no_matches(orchestrator: "AgentOrchestrator", owner: str, series: str) -> None:
    """Tell the user if the owner or the series of a search is unknown.

    Args:
        orchestrator: has all names.
        owner: a role id, or a person's name; "" for none.
        series: the name of a series; "" for none.
    """
    if owner and owner not in orchestrator.roles:
        owners = {owner for row in orchestrator.actions.list() for owner in row.owners}
        if owner not in owners:
            near = _near(owner, [*orchestrator.roles, *owners])
            tell(f"No agent is called {owner!r}, and no action has this owner.{near}")
    if series:
        found = {row.series for row in orchestrator.actions.list() if row.series}
        found |= {orchestrator.get_meeting(row.id).series for row in orchestrator.list_meetings()} - {""}
        if series not in found:
            tell(f"There is no meeting and no action of a series {series!r}.{_near(series, found)}")


def _near(name: str, known: "Iterable[str]") -> str:
    near = similar_names(name, known)
    return f" Did you mean {', '.join(near)}?" if near else ""
