"""Meetings that follow each other: what the earlier ones left to do comes first.

Where a series has open actions, the first topic is worded by code: each owner in the room reports on what it took on.
A report changes nothing in the register, because a role agent can say that something is done and cannot know it;
whoever did it closes the action.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from agents.meeting import reading
from agents.meeting.context import SHORT_TOKENS, STATEMENT_ENTRY
from agents.meeting.minutes import verify
from agents.meeting.prompts import Ask
from agents.meeting.record import Seat, Turn
from agents.meeting.room.room import Room
from agents.meeting.spec import MeetingSpec, OpenAction
from agents.model import Task, Wanted

AGENDA = ("Which of these is done?", "What keeps the others from being done?")
REPORT = Wanted("Report", "its id, then done, open or blocked, then why in one sentence", draws_on="done", many=True)


@dataclass(frozen=True, slots=True)
class Merge:
    """Two open actions that say the same.

    Attributes:
        gone: id of the one that is closed for it.
        kept: the one that stays, with the owner and the day that either of them names.
    """

    gone: str
    kept: OpenAction

    def __str__(self) -> str:
        return f"{self.gone} says the same as {self.kept.id} and was merged into it."


def merged(actions: Sequence[OpenAction]) -> tuple[list[OpenAction], list[Merge]]:
    """Join open actions that say the same in nearly the same words.

    Two actions with different owners are two actions. Of the same action, the first id stays, and the newest day said.

    Args:
        actions: the open ones of a series, oldest first.

    Returns:
        The different ones, in the same order; and what was joined.
    """
    kept: list[OpenAction] = []
    joined: list[Merge] = []
    for action in actions:
        place = next((n for n, other in enumerate(kept) if _same(other, action)), None)
        if place is None:
            kept.append(action)
            continue
        first = kept[place]
        kept[place] = replace(first, owner=first.owner or action.owner, due=action.due or first.due)
        joined.append(Merge(action.id, kept[place]))
    final = {one.id: one for one in kept}
    return kept, [Merge(one.gone, final[one.kept.id]) for one in joined]


def _same(one: OpenAction, other: OpenAction) -> bool:
    owners = {one.owner, other.owner} - {None}
    return len(owners) < 2 and verify.similar(one.task, other.task)


def topic_text(series: str) -> str:
    """The words of the first topic."""
    return f"Open actions of the series {series}"


def owner_seats(actions: Sequence[OpenAction], titles: dict[str, str], seated: Sequence[str]) -> list[Seat]:
    """Seats for the owners of open actions who are not in the room yet.

    Args:
        actions: the open ones.
        titles: title by role id; an owner that is no role gets no seat.
        seated: role ids of those who come anyway.
    """
    owned: dict[str, list[str]] = {}
    for action in actions:
        if action.owner in titles and action.owner not in seated:
            owned.setdefault(action.owner, []).append(action.id)
    return [Seat(name, titles[name], f"owns {', '.join(ids)}, still open") for name, ids in owned.items()]


async def follow_up(room: Room) -> None:
    """Ask the owners in the room what became of their actions, all at once, and note each answer beside its action."""
    actions = room.spec.open_actions
    asked = {name: [one for one in actions if one.owner == name] for name in room.speakers}
    asks = [
        Ask(name, Task.STATUS, question(room.spec.topics[0].text, mine), SHORT_TOKENS, (REPORT,))
        for name, mine in asked.items()
        if mine
    ]
    topic = room.spec.topics[0]
    # Today's documents are about today's topics; reading them here would cost minutes and help nobody.
    with room.topic(topic, [(len(asks), STATEMENT_ENTRY)], AGENDA, documents=False):
        room.announce("Still open:\n" + "\n".join(f"- {line(room.spec, one)}" for one in actions))
        room.begin_phase("status_round")
        turns = {turn.speaker: turn for turn in await room.ask_all(asks)}
        for action in actions:
            mine = asked.get(action.owner or "", [])
            said = report_on(action, turns.get(action.owner or ""), alone=len(mine) == 1)
            room.note(f"open.{action.id}", f"{line(room.spec, action)}. {said or _silence(action, bool(mine))}")
        room.outcomes.append(f"{topic.text}: {len(actions)} still in the register.")


def line(spec: MeetingSpec, action: OpenAction) -> str:
    """An open action on one line: id, task, owner, day."""
    owner = spec.title_of(action.owner).replace("_", " ") if action.owner else "unassigned"
    due = ""
    if action.due:
        due = f", due {action.due.isoformat()}" + (", overdue" if action.due < spec.held else "")
    return f"{action.id}: {action.task.rstrip('.')} ({owner}{due})"


def question(topic: str, actions: Sequence[OpenAction]) -> str:
    """Asks an owner what became of its actions."""
    listed = "\n".join(f"{one.id}: {one.task}" for one in actions)
    return (
        "You have the floor for your report. Earlier you took on:\n"
        f"{listed}\n"
        "Write one line for each, starting with its word and a colon:\n"
        f"{REPORT.label}: {REPORT.ask}\n"
        "Say open when nothing above tells you that it is done. At most 80 words in all.\n\n"
        f"The topic is: {topic}"
    )


def report_on(action: OpenAction, turn: Turn | None, *, alone: bool) -> str:
    """What a turn reports on an action, as a sentence with its words in quotes; "" where it says nothing of it.

    Args:
        action: the action.
        turn: its owner's turn.
        alone: whether it is the only action this owner was asked about; then a line that says done, open or blocked
            need not name it.
    """
    if turn is None:
        return ""
    for said in reading.labelled(turn.text, REPORT.label):
        if re.search(rf"\b{action.id}\b", said) or (alone and re.match(r"\W*(done|open|blocked)\b", said, re.I)):
            return f'{turn.id} says: "{said}" The register has it open.'
    return ""


def _silence(action: OpenAction, asked: bool) -> str:
    if asked:
        return "Its owner did not say what became of it."
    return "Its owner is not in the room." if action.owner else "Nobody owns it, so nobody was asked."
