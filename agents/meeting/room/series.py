"""Meetings of a series: the first topic of a meeting is the open actions of the earlier ones.

Each owner who is present reports on its actions. A report changes nothing in the register, because an agent can say
that something is done but cannot know it; the person who did it closes the action.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from agents.meeting import fields, reading
from agents.meeting.context import SHORT_TOKENS, STATEMENT_ENTRY
from agents.meeting.prompts import Ask
from agents.meeting.record import Seat, Turn
from agents.meeting.room.room import Room
from agents.meeting.spec import MeetingSpec, OpenAction
from agents.model import Asked, Task, Wanted

AGENDA = ("Which of these is done?", "What keeps the others from being done?")
REPORT = Wanted("Report", "why, in one sentence", draws_on="done", many=True)
STATES = ("done", "open", "blocked")


@dataclass(frozen=True, slots=True)
class Merge:
    """Two open actions with the same task.

    Attributes:
        closed: id of the action that is closed.
        kept: the action that stays open, with the owner and the due date that either of them names.
    """

    closed: str
    kept: OpenAction

    def __str__(self) -> str:
        return f"{self.closed} has the same task as {self.kept.id} and was merged into it."


def merged(actions: Sequence[OpenAction]) -> tuple[list[OpenAction], list[Merge]]:
    """Merge open actions with nearly the same words.

    Actions with different owners stay separate. A merged action has the first id and the latest due date that was said.

    Args:
        actions: the open actions of a series, oldest first.

    Returns:
        The different actions, in the same order, and the merges.
    """
    kept: list[OpenAction] = []
    merges: list[Merge] = []
    for action in actions:
        place = next((n for n, other in enumerate(kept) if _same(other, action)), None)
        if place is None:
            kept.append(action)
            continue
        first = kept[place]
        kept[place] = replace(first, owner=first.owner or action.owner, due=action.due or first.due)
        merges.append(Merge(action.id, kept[place]))
    final = {one.id: one for one in kept}
    return kept, [Merge(one.closed, final[one.kept.id]) for one in merges]


def _same(one: OpenAction, other: OpenAction) -> bool:
    differ = one.owner and other.owner and set(one.owners) != set(other.owners)
    return not differ and reading.similar(one.task, other.task)


def topic_text(series: str) -> str:
    """The text of the first topic."""
    return f"Open actions of the series {series}"


def owner_seats(actions: Sequence[OpenAction], titles: dict[str, str], seated: Sequence[str]) -> list[Seat]:
    """Seats for owners of open actions who are not invited yet.

    Args:
        actions: the open actions.
        titles: the titles of all roles, by id; an owner that is not a role gets no seat.
        seated: role ids of those who have a seat, or must not get one.
    """
    owned: dict[str, list[str]] = {}
    for action in actions:
        for owner in action.owners:
            if owner in titles and owner not in seated:
                owned.setdefault(owner, []).append(action.id)
    return [Seat(name, titles[name], f"owns the open {_named(ids)}") for name, ids in owned.items()]


def _named(ids: Sequence[str]) -> str:
    return f"action{'s' if len(ids) > 1 else ''} {', '.join(ids)}"


async def follow_up(room: Room) -> None:
    """Ask the owners who are present about their open actions, and note each report beside its action."""
    actions = room.spec.open_actions
    asked = {name: [one for one in actions if name in one.owners] for name in room.speakers}
    asks = [
        Ask(
            name,
            Task.STATUS,
            report_question(room.spec.topics[0].text, mine),
            SHORT_TOKENS,
            reports(mine),
            fields.schema_of(reports(mine)),
            asked=Asked(tasks={one.id: one.task for one in mine}),
        )
        for name, mine in asked.items()
        if mine
    ]
    topic = room.spec.topics[0]
    # The documents are about the other topics. Reading them here would take minutes without being of use.
    with room.topic(topic, [(len(asks), STATEMENT_ENTRY)], AGENDA, documents=False):
        room.announce("Still open:\n" + "\n".join(f"- {action_line(room.spec, one)}" for one in actions))
        room.begin_phase("status_round")
        turns = {turn.speaker: turn for turn in await room.ask_all(asks)}
        for action in actions:
            present = [name for name in action.owners if name in asked]
            told = (report_on(action, turns.get(name), alone=len(asked[name]) == 1) for name in present)
            said = " ".join(filter(None, told)) or _silence(action, bool(present))
            room.note(f"open.{action.id}", f"{action_line(room.spec, action)}. {said}")
        room.outcomes.append(f"{topic.text}: {len(actions)} still in the register.")


def action_line(spec: MeetingSpec, action: OpenAction) -> str:
    """An open action on one line: id, task, owner and due date."""
    owner = spec.title_of(action.owner) if action.owner else "unassigned"
    due = ""
    if action.due:
        due = f", due {action.due.isoformat()}" + (", overdue" if action.due < spec.held else "")
    return f"{action.id}: {action.task.rstrip('.')} ({owner}{due})"


def reports(actions: Sequence[OpenAction]) -> tuple[Wanted, ...]:
    """The fields of a report about these actions."""
    return (replace(REPORT, fields={"action": tuple(one.id for one in actions), "state": STATES}),)


def report_question(topic: str, actions: Sequence[OpenAction]) -> str:
    """The question to an owner about its open actions."""
    listed = "\n".join(f"{one.id}: {one.task}" for one in actions)
    return (
        "You have the floor for your report. Earlier you took on:\n"
        f"{listed}\n"
        "Report on each. Say open when nothing above tells you that it is done.\n"
        f"{fields.asked(reports(actions))}\n\n"
        "What has become of each?\n"
        f"The topic is: {topic}"
    )


def report_on(action: OpenAction, turn: Turn | None, *, alone: bool) -> str:
    """What a turn reports about an action, as a sentence that quotes it; "" if it reports nothing about it.

    Args:
        action: the action.
        turn: its owner's turn, or None.
        alone: whether the owner was asked about this action only. Then a line that starts with done, open or blocked is
            about this action even without its id.
    """
    if turn is None:
        return ""
    for entry in turn.entries or ():
        if entry.values.get("action") == action.id:
            state = entry.values.get("state", "")
            return f'{turn.id} says: "{f"{state}: " if state else ""}{entry.text}" In the register it is open.'
    for said in reading.labelled(turn.text, REPORT.label):
        if re.search(rf"\b{action.id}\b", said) or (alone and re.match(r"\W*(done|open|blocked)\b", said, re.I)):
            return f'{turn.id} says: "{said}" In the register it is open.'
    return ""


def _silence(action: OpenAction, asked: bool) -> str:
    if asked:
        return "Its owner did not report on it."
    return "Its owner does not take part." if action.owner else "It has no owner, so nobody was asked."
