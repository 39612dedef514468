"""An action as a card of the board, and as a page: who does what by when, where it comes from, and how to change it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from textwrap import shorten
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from agents.api.pages import paths
from agents.api.pages.actions.columns import Narrowed
from agents.clock import today
from agents.errors import StoreError, UnknownName
from agents.export.html_tags import Html, cell, join, lines, tag
from agents.export.page.first import day_said
from agents.meeting.entry_names import action_name
from agents.orchestrator.action_values import action_values, is_overdue
from agents.orchestrator.since_series import SeriesMeetings, Since
from agents.text import one_line

if TYPE_CHECKING:
    from agents.orchestrator import AgentOrchestrator
    from agents.store.actions import ActionRow, Change
    from agents.store.meetings import MeetingRow

LETTERS = 240
"""The most letters of the task and of the evidence on a card; the page of an action has all of them."""
LONGEST = 20_000
"""The most letters of each text on the page of an action; the minutes have all of them."""
_TOPICS: "WeakKeyDictionary[AgentOrchestrator, dict[str, int]]" = WeakKeyDictionary()
"""The number of topics of the meetings that left an action."""
VERBS = ("done", "reopen", "assign", "due")
"""The changes of an action that a form can send."""


@dataclass(frozen=True, slots=True)
class Shown:
    """Everything that a card says about an action.

    Attributes:
        row: the action.
        owners: its owners, by title.
        values: what is known besides its own fields: ``due_note``, ``outcome``.
        meeting: the meeting from which it comes; None if that was deleted.
        since: what became of it since the last meeting of its series; None if there was none.
        changes: its history.
        entry: its name in the minutes of that meeting; "" if they are not there any more.
    """

    row: "ActionRow"
    owners: str
    values: Mapping[str, Any]
    meeting: "MeetingRow | None"
    since: Since | None
    changes: "Sequence[Change]"
    entry: str = ""


@dataclass(frozen=True, slots=True)
class Typed:
    """What was sent with a form that could not be carried out.

    Attributes:
        verb: the change that was wanted; "" for none.
        fields: what was typed, by the names of the fields.
        cause, remedy: why it could not be carried out, and what to do.
    """

    verb: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    cause: str = ""
    remedy: str = ""


NOTHING_TYPED = Typed()


def shown(orchestrator: "AgentOrchestrator", rows: "Sequence[ActionRow]", series: SeriesMeetings) -> "list[Shown]":
    """What the cards of some actions say.

    Args:
        orchestrator: has the histories.
        rows: the actions.
        series: the last meetings of all series.
    """
    titles = {role.id: role.title for role in orchestrator.roles.values()}
    found = []
    for row, values in zip(rows, action_values(orchestrator.meetings, rows), strict=True):
        changes = orchestrator.actions.changes(row.id)
        owners = " and ".join(titles.get(one, one) for one in row.owners) or "nobody"
        meeting = _meeting(orchestrator, row.meeting)
        entry = action_name(row.key, several=_topics(orchestrator, row.meeting) > 1) if meeting else ""
        found.append(Shown(row, one_line(owners), values, meeting, series.since(row, changes), changes, entry))
    return found


def _topics(orchestrator: "AgentOrchestrator", meeting_id: str) -> int:
    """The number of topics of a meeting; what it starts from, which never changes, may have large documents."""
    known = _TOPICS.setdefault(orchestrator, {})
    if meeting_id not in known:
        try:
            known[meeting_id] = len(orchestrator.meetings.spec(meeting_id)["topics"])
        except (StoreError, KeyError):
            known[meeting_id] = 0
    return known[meeting_id]


def _meeting(orchestrator: "AgentOrchestrator", meeting_id: str) -> "MeetingRow | None":
    try:
        return orchestrator.meetings.row(meeting_id)
    except UnknownName:
        return None


def card(one: Shown, back: Narrowed) -> Html:
    """An action on the board.

    Args:
        one: the action.
        back: the board that it stands on, to which its forms lead back.
    """
    row = one.row
    more = lines(evidence(one, LETTERS), *(tag("p", said, class_="soft") for said in notes(one)), forms(one, back))
    return tag(
        "li",
        tag("p", *names(one), " ", state(one), class_="head"),
        tag("p", shorten(one_line(row.task), LETTERS, placeholder=" ..."), class_="task"),
        tag("p", tag("span", one.owners, class_="who"), *_said_of_time(one)),
        tag("p", *origin(one), class_="soft from"),
        _newest(one),
        tag("details", tag("summary", "Evidence and changes"), more),
        id=row.id,
    )


def names(one: Shown) -> list[Html | str]:
    """The name of an action in the register, and that in the minutes of its meeting."""
    own = tag("a", one.row.id, href=paths.action(one.row.id), class_="name")
    return [own, *(part for part in (" (", *of_minutes(one), ")") if one.entry)]


def of_minutes(one: Shown) -> list[Html | str]:
    """The name of an action in the minutes of its meeting; nothing where that is not known."""
    if not one.entry or one.meeting is None:
        return []
    return [tag("a", one.entry, href=paths.meeting(one.meeting.id, "minutes", anchor=one.entry)), " of the minutes"]


def _newest(one: Shown) -> Html | None:
    """What was last done with an action since it was entered; the page of the action has all."""
    if len(one.changes) < 2:
        return None
    newest = one.changes[-1]
    what = shorten(one_line(newest.what), LETTERS, placeholder=" ...")
    who = f", {shorten(one_line(newest.who), 80, placeholder=' ...')}" if newest.who else ""
    earlier = len(one.changes) - 2
    more = tag("a", f"{earlier} before", href=paths.action(one.row.id)) if earlier else None
    return tag(
        "p",
        tag("bdi", what),
        tag("span", f"{who} \u00b7 {moment_said(newest.at)} ", class_="soft"),
        more,
        class_="newest",
    )


def state(one: Shown) -> Html:
    """How an action stands: its day and how far that is, or that it is closed."""
    row = one.row
    if not row.open:
        done = row.status == "done"
        words = f"{row.status} {day_said(_day(row.updated))}"
        return tag("span", words, class_=f"state {'accepted' if done else 'rejected'}")
    if row.due is None:
        return tag("span", "no day", class_="state soft")
    kind = "state late" if is_overdue(row) else "state"
    return join(tag("span", f"due {day_said(row.due)}", class_=kind), " ", tag("span", _far(row.due), class_="soft"))


def _far(due: date) -> str:
    days = (due - today()).days
    if abs(days) < 2:
        return {-1: "since yesterday", 0: "today", 1: "tomorrow"}[days]
    return f"{-days} days late" if days < 0 else f"in {days} days"


def _day(at: str) -> date:
    return datetime.fromisoformat(at).astimezone().date()


def moment_said(at: str) -> str:
    """A stored moment in words, where the program runs, such as "Sat 28 Nov 2026, 09:30"."""
    there = datetime.fromisoformat(at).astimezone()
    return f"{day_said(there.date())}, {there:%H:%M}"


def _said_of_time(one: Shown) -> list[Html]:
    """What the meeting said about time, and what is to be said about that."""
    words = shorten(one_line(one.row.due_text), 80, placeholder=" ...")
    note = f" ({one.values['due_note']})" if one.values["due_note"] else ""
    begin = "said" if len(one.changes) < 2 else "originally:"  # owner and day may be others by now
    return [tag("span", f' \u00b7 {begin} "{words}"{note}', class_="soft")] if words else []


def origin(one: Shown) -> list[Html | str]:
    """Where an action comes from: the turn, the meeting, its series; who took it on if the meeting did not agree."""
    row, meeting = one.row, one.meeting
    more = f" \u00b7 series {one_line(row.series)}" if row.series else ""
    more += f" \u00b7 not agreed there, {one_line(row.taken)[:LETTERS]}" if row.taken else ""
    if meeting is None:
        return [f"{one_line(row.turn)} of {row.meeting}, which was deleted{more}"]
    title = shorten(one_line(meeting.title), 90, placeholder=" ...")
    day = f", {day_said(_day(meeting.created))}{more}"
    whole = tag("a", title, href=paths.meeting(meeting.id, "minutes"))
    if not row.turn:
        return [whole, day]
    turn = tag("a", one_line(row.turn), href=paths.meeting(meeting.id, "minutes", anchor=row.turn))
    return [turn, " of ", whole, day]


def evidence(one: Shown, letters: int = LONGEST) -> Html:
    """The words that an action rests on, and what they are worth.

    Args:
        one: the action.
        letters: the most letters of them that are shown.
    """
    row = one.row
    if row.corrected:
        worth = tag("span", row.corrected, class_="state")
    elif row.verified:
        worth = tag("span", "verified", class_="state accepted")
    else:
        worth = tag("strong", "as said", class_="unverified")
    quote = shorten(one_line(row.quote), letters, placeholder=" ...")
    about = {
        bool(row.corrected): " These words were said; the task is in the words of a person.",
        not row.corrected and row.verified: " These words stand in the turn.",
    }.get(True, " Shown as it was said; no check confirms it.")
    words = tag("blockquote", tag("p", quote)) if quote else None
    return lines(words, tag("p", worth, tag("span", about, class_="soft")))


def notes(one: Shown) -> list[str]:
    """What became of an action and of the decision behind it, in sentences."""
    said = []
    if one.since:
        said.append(_since(one.row, one.since))
        said += [one_line(one.since.report)] if one.since.report else []
    if outcome := one.values["outcome"]:
        said.append(f"How the decision turned out: {one_line(outcome)}")
    return said


def _since(row: "ActionRow", since: Since) -> str:
    begin = f"Since the last meeting of {one_line(row.series)}, {day_said(_day(since.meeting.created))}: "
    if not since.changes:
        return f"{begin}nothing changed."
    newest = shorten(one_line(since.changes[-1].what), 120, placeholder=" ...")
    count = len(since.changes)
    return f"{begin}{newest}." if count == 1 else f"{begin}{count} changes, the last one {newest}."


def forms(one: Shown, back: Narrowed | None = None, typed: Typed = NOTHING_TYPED) -> Html:
    """The changes that can be made to an action, each a form of its own.

    Args:
        one: the action.
        back: the board to which they lead back; None leads to the page of the action.
        typed: what was sent before and could not be carried out.
    """
    row = one.row
    hidden = tag("input", type="hidden", name="back", value=back.remembered) if back else None
    if not row.open:
        return _form(row.id, "reopen", "Open it again", hidden, typed, ())
    words = {
        "done": (("note", "How it was done", "optional"),),
        "assign": (("owner", "Owner", "names, or nobody"),),
        "due": (("due", "Day", "friday, or none"),),
    }
    buttons = {"done": "Done", "assign": "Assign", "due": "Set the day"}
    return lines(*(_form(row.id, verb, buttons[verb], hidden, typed, words[verb]) for verb in words))


def _form(
    action: str, verb: str, button: str, hidden: Html | None, typed: Typed, asked: Iterable[tuple[str, str, str]]
) -> Html:
    """One form: the fields that this change needs, and who makes it."""
    known = typed.fields if typed.verb == verb else {}
    fields = [*asked, ("by", "Your name", "optional")]
    return tag(
        "form",
        hidden,
        [_field(name, label, hint, known.get(name, "")) for name, label, hint in fields],
        tag("button", button),
        method="post",
        action=paths.action(action, verb),
        class_="change",
    )


def _field(name: str, label: str, hint: str, value: str) -> Html:
    return tag("label", tag("span", label), tag("input", name=name, value=value or None, placeholder=hint))


def history(changes: "Sequence[Change]") -> Html:
    """What happened to an action, the newest first."""
    rows = [
        tag("tr", tag("td", moment_said(one.at), data_name="when"), cell("what", one_line(one.what)),
            cell("who", one_line(one.who)))
        for one in reversed(changes)
    ]  # fmt: skip
    head = tag("thead", tag("tr", [tag("th", name, scope="col") for name in ("when", "what", "who")]))
    return tag("table", head, tag("tbody", lines(*rows)))
