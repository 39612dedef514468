"""Proposed actions that no meeting agreed on: a person takes one on after the meeting, and it is in the register."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from agents.errors import MeetingError, UsageError
from agents.meeting.entry_names import NamedEntry, entry_names
from agents.meeting.journal import Event
from agents.meeting.minutes import build
from agents.meeting.minutes.verdicts import standing
from agents.meeting.record import ActionItem, Minutes, TopicMinutes
from agents.meeting.spec import MeetingSpec, spec_from
from agents.meeting.verdict import Judgement, Verdict
from agents.orchestrator import same_actions
from agents.orchestrator.action_search import owner_ids
from agents.orchestrator.forks import relatives
from agents.orchestrator.hold import new_action
from agents.orchestrator.judged import names_in_short, wanted_entry
from agents.orchestrator.said_times import due_day
from agents.text import one_line

if TYPE_CHECKING:
    from agents.orchestrator import AgentOrchestrator
    from agents.store.actions import ActionRow


@dataclass(frozen=True, slots=True)
class Taken:
    """An action of minutes that is in the register.

    Attributes:
        row: the action of the register.
        entry: its name in the minutes, such as "AC2".
        new: whether it was not there before.
    """

    row: "ActionRow"
    entry: str
    new: bool


@dataclass(frozen=True, slots=True)
class _Proposed:
    """An action of minutes that a person may take on."""

    spec: MeetingSpec
    topic: TopicMinutes
    name: str
    action: ActionItem
    verdict: Verdict | None


@dataclass(frozen=True, slots=True)
class _Wish:
    """What the person says who takes an action on; an owner and a day that are not named are those of the minutes."""

    by: str
    names_owner: bool
    owner: str | None
    names_day: bool
    due: date | None


def take_on(
    orchestrator: "AgentOrchestrator", meeting: str, entry: str, *, owner: str = "", due: str = "", by: str = ""
) -> Taken:
    """Enter an action in the register that a meeting proposed and did not agree on. The meeting and its minutes stay as
    they are. An action that is in the register already stays as it is there, too.

    Args:
        orchestrator: has the meetings and the register.
        meeting: the meeting: its id, a unique beginning of it, or "last".
        entry: the name of the action in the minutes, such as "AC2".
        owner: names of agents or people, or nobody; "" for the owner that the minutes have.
        due: the day in words, or none; "" for the day that the minutes have.
        by: who takes it on.

    Raises:
        UnknownName: there is no such meeting.
        UsageError: its minutes have no such action, a person rejected it, the meeting only repeats another one, or the
            day cannot be read.
        MeetingError: the meeting was not held to its end.
        Locked: it is held by another process.

    Example:
        print(take_on(orchestrator, "last", "AC2", by="Ada").row.id)
    """
    meetings, wish = orchestrator.meetings, _wish(orchestrator, owner, due, by)
    found = meetings.find(meeting)
    with meetings.locked(found):  # nobody may be holding it
        _refuse_unclosed(orchestrator, found)
        return _enter(orchestrator, _proposed(meetings.journal(found).events(), entry), wish)


async def atake_on(
    orchestrator: "AgentOrchestrator", meeting: str, entry: str, *, owner: str = "", due: str = "", by: str = ""
) -> Taken:
    """``take_on`` inside an event loop: the minutes are computed in a thread.

    Example:
        print((await atake_on(orchestrator, "last", "AC2", by="Ada")).row.id)
    """
    meetings, wish = orchestrator.meetings, _wish(orchestrator, owner, due, by)
    found = meetings.find(meeting)
    while True:
        with meetings.locked(found):
            _refuse_unclosed(orchestrator, found)
            events = meetings.journal(found).events()
        proposed = await asyncio.to_thread(_proposed, events, entry)
        with meetings.locked(found):
            if meetings.journal(found).newest() == (events[-1].seq, events[-1].at):  # nothing was added meanwhile
                return _enter(orchestrator, proposed, wish)


def entered(orchestrator: "AgentOrchestrator", spec: MeetingSpec, action: ActionItem) -> "ActionRow | None":
    """The action of the register that an action of minutes is; None if it is not there.

    It is its own, that of a meeting which shares a beginning with this one, or, of an action that was agreed, one of an
    earlier meeting that was agreed again.

    Args:
        orchestrator: has the register.
        spec: what the meeting started from.
        action: the action of its minutes.
    """
    actions = orchestrator.actions
    own = next((row for row in actions.list(meeting=spec.id) if row.key == action.key), None)
    if own or spec.repeats:
        return own
    family = relatives(orchestrator.meetings, spec)
    origin, others = ([row for name in names for row in actions.list(meeting=name)]
                      for names in (family.ancestors, family.others))  # fmt: skip
    if found := same_actions.of_family(action, origin, others):
        return found
    again = actions.changed_by(spec.id) if action.agreed else []
    return next((row for row in again if same_actions.same_task(action.task, row.task)), None)


def may_be_taken(orchestrator: "AgentOrchestrator", spec: MeetingSpec, minutes: Minutes, entry: NamedEntry) -> bool:
    """Whether a person may take on an entry of minutes that is not in the register.

    Args:
        orchestrator: knows whether the meeting was held to its end.
        spec: what the meeting started from.
        minutes: its minutes.
        entry: the entry.
    """
    verdict = standing(minutes).get(entry.name)
    rejected = verdict is not None and verdict.judgement is Judgement.REJECTED
    usual = isinstance(entry.value, ActionItem) and not spec.repeats and not rejected
    return usual and orchestrator.meetings.row(spec.id).status == "closed"


def _wish(orchestrator: "AgentOrchestrator", owner: str, due: str, by: str) -> _Wish:
    """What a person says, as the register has it.

    Raises:
        UsageError: the day cannot be read.
    """
    whose, day = one_line(owner), one_line(due)
    return _Wish(
        by=one_line(by),
        names_owner=bool(whose),
        owner=owner_ids(orchestrator.roles, whose) if whose else None,
        names_day=bool(day),
        due=due_day(day) if day else None,
    )


def _refuse_unclosed(orchestrator: "AgentOrchestrator", meeting: str) -> None:
    """Refuse a meeting that may still agree on its actions, and one that was given up.

    Raises:
        MeetingError: it was not held to its end.
    """
    status = orchestrator.meetings.row(meeting).status
    if status == "abandoned":
        raise MeetingError(f"The meeting {meeting} was cancelled.", "Create a new meeting, or fork this one.")
    if status != "closed":
        cause = f"The meeting {meeting} is not closed."
        raise MeetingError(cause, "Hold it to its end first.", about="not closed", subject=meeting)


def _proposed(events: Sequence[Event], entry: str) -> _Proposed:
    """The action of this name in the minutes of a meeting with these events.

    Raises:
        UsageError: there is none that a person may take on.
    """
    spec, minutes = spec_from(events[0].data), build(events)
    if spec.repeats:
        cause = f"The meeting {spec.id} only repeats another one, so that nothing of it is entered in the register."
        raise UsageError(cause, f"Take the action on from the first one, {spec.repeats}.")
    every = entry_names(minutes)
    named = wanted_entry(entry, every)
    if not isinstance(named.value, ActionItem):
        known = [one.name for one in every.values() if isinstance(one.value, ActionItem)]
        remedy = f"Its actions: {names_in_short(known)}." if known else "The minutes have no action."
        raise UsageError(f"{named.name} of the minutes is not an action.", remedy)
    verdict = standing(minutes).get(named.name)
    if verdict and verdict.judgement is Judgement.REJECTED:
        raise UsageError(f"{named.name} was {verdict.words}.", "Confirm it first, which takes that back.")
    topic = next(one for one in minutes.topics if one.topic.number == named.topic)
    return _Proposed(spec, topic, named.name, named.value, verdict)


def _enter(orchestrator: "AgentOrchestrator", proposed: _Proposed, wish: _Wish) -> Taken:
    """Enter an action in the register, if it is not there."""
    actions, action, verdict = orchestrator.actions, proposed.action, proposed.verdict
    there = entered(orchestrator, proposed.spec, action)
    if there:
        return Taken(there, proposed.name, new=False)
    new = new_action(action, proposed.topic, proposed.spec)
    corrected = verdict is not None and verdict.judgement is Judgement.CORRECTED
    with actions.database.write():  # the action with all that is said about it, or nothing
        first = replace(new, task=verdict.said) if verdict and corrected else new
        made = actions.add(first, who=wish.by, taken=not action.agreed)
        if verdict and corrected:  # the words of a person are never called those of the meeting
            actions.reword(made, action.task, who=verdict.by)
        if wish.names_owner:
            actions.assign(made, wish.owner, who=wish.by)
        if wish.names_day:
            actions.set_due(made, wish.due, who=wish.by)
    return Taken(actions.get(made), proposed.name, new=True)
