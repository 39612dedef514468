"""Forks: meetings that begin like another one; and which meetings share a beginning."""

import random
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from agents.errors import MeetingError, UnknownName, UsageError
from agents.meeting.checklist import CHECKLIST
from agents.meeting.codec import value_of
from agents.meeting.journal import Event, Kind
from agents.meeting.record import Turn
from agents.meeting.spec import MeetingSpec, spec_from
from agents.meeting.verdict import Verdict
from agents.model import provider_of
from agents.orchestrator import quality
from agents.orchestrator.resources import Resources
from agents.store.meetings import Meetings


@dataclass(frozen=True, slots=True)
class Family:
    """The meetings that share a beginning with a meeting.

    Attributes:
        ancestors: ids of those that it comes from: the first one, then its fork, and so on.
        others: ids of all other forks of the first one.
    """

    ancestors: tuple[str, ...] = ()
    others: tuple[str, ...] = ()

    @property
    def all(self) -> frozenset[str]:
        """All of them."""
        return frozenset((*self.ancestors, *self.others))


def relatives(meetings: Meetings, spec: MeetingSpec) -> Family:
    """The meetings that share a beginning with a meeting, as far as they are still stored or named in its spec."""
    ancestors = _lineage(meetings, spec.as_dict())
    first = (*ancestors, spec.id)[0]
    same_name = f"{_name_of(first)}-"  # a fork is named like the meeting that it comes from
    others = [
        row.id
        for row in meetings.list()
        if row.id.startswith(same_name) and row.id not in {spec.id, *ancestors}
        if first in _lineage(meetings, meetings.spec(row.id))
    ]
    return Family(ancestors, tuple(others))


def _lineage(meetings: Meetings, stored: Mapping[str, Any]) -> tuple[str, ...]:
    """The meetings that a fork comes from, the first one first. A fork of an earlier version names only one."""
    known = tuple(stored.get("ancestors") or ())
    parent = stored.get("forked_from") or ""
    if known or not parent:
        return known
    try:
        return (*_lineage(meetings, meetings.spec(parent)), parent)
    except UnknownName:  # it was deleted
        return (parent,)


def _name_of(meeting_id: str) -> str:
    """A meeting's id without its last part, which only makes it unique."""
    return meeting_id.rsplit("-", 1)[0]


async def fork(resources: Resources, meeting_id: str, at: str) -> str:
    """Create a meeting that begins like another one, and return its id.

    See ``AgentOrchestrator.fork_meeting`` for arguments and errors.
    """
    meetings = resources.store.meetings
    origin = meetings.row(meetings.find(meeting_id))
    stored = meetings.spec(origin.id)
    resources = resources.for_meeting(stored.get("council", {}), stored.get("seed"))
    refuse_rule(resources, stored)
    roles = [seat["role"] for seat in stored["seats"]]
    label, context = await resources.models_for(roles)
    created = f"{_name_of(origin.id)}-{random.SystemRandom().randrange(36**4):04x}"
    first, *rest = forked(meetings.journal(origin.id).events(), at, created, label, context)
    juries = [asdict(jury) for jury in quality.juries(resources, spec_from(first.data))]
    ancestors = [*_lineage(meetings, stored), origin.id]
    own = {"juries": juries, "ancestors": ancestors, "models": resources.labels_of(roles)}
    first = replace(first, data={**first.data, **own})
    # All of it is stored as one: a fork that was killed half way is not there at all.
    with resources.store.database.write():
        meetings.create(created, origin.type, origin.title, first.data)
        meetings.journal(created).append_all([(event.kind, event.key, event.data) for event in (first, *rest)])
    return created


def turn_id(at: str) -> str:
    """The turn id for "T5", "t5" or "5"; "T0" means before the first turn.

    Raises:
        UsageError: it is not a turn id.
    """
    match = re.fullmatch(r"[Tt]?(\d{1,9})", at.strip())
    if not match:
        raise UsageError(f"Can't read {at!r} as a turn.", "Write an id such as T5, or 0 to keep no turn.")
    return f"T{int(match[1])}"


def turns_said(ids: Iterable[str]) -> str:
    """Turns by their numbers, such as "T1 to T5 and T7": turns are stored when they are finished, so numbers may be
    missing among the first of them.
    """
    runs: list[list[int]] = []
    for number in sorted(int(one[1:]) for one in ids):
        if runs and number == runs[-1][-1] + 1:
            runs[-1] = [runs[-1][0], number]
        else:
            runs.append([number])
    names = [" to ".join(f"T{number}" for number in run) for run in runs]
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1]))) if names else "no turn"


def forked(events: Sequence[Event], at: str, meeting_id: str, model: str, context_tokens: int) -> list[Event]:
    """The events with which the journal of a fork begins.

    A journal has the turns in the order in which they were finished. The fork keeps all events up to the last turn to
    keep, also turns with higher ids, and none after it but what people said about entries that rest on these turns.

    Args:
        events: the events of the original meeting.
        at: the last turn to keep.
        meeting_id: the id of the fork.
        model: label of the model that answers in the fork.
        context_tokens: the context of that model.

    Raises:
        MeetingError: the original meeting has not begun.
        UsageError: the original meeting has no such turn.
    """
    if not events or events[0].kind != Kind.SPEC:
        raise MeetingError("This meeting has not begun, so it cannot be forked.", "Hold it, or create a new meeting.")
    wanted = turn_id(at)
    spoken = {turn.id: event.seq for event in events if isinstance(turn := value_of(event), Turn)}
    last = spoken.get(wanted, 1 if wanted == "T0" else 0)
    if not last:
        most = max((int(turn[1:]) for turn in spoken), default=0)
        raise UsageError(
            f"This meeting has no turn {wanted}.", f"Its turns are T1 to T{most}." if most else "It has no turns yet."
        )
    other = spec_from(events[0].data)
    note = f"Forked from the meeting {other.id} after {wanted}."
    if wanted == "T0":
        note = f"Forked from the meeting {other.id}; all questions are asked again."
    else:
        kept = [turn for event in events[1:last] if isinstance(turn := value_of(event), Turn)]
        if len(kept) != int(wanted[1:]):  # numbers are missing, or higher ones are among them
            note += f" It keeps {turns_said(turn.id for turn in kept)}."
        heard = "; ".join(dict.fromkeys(turn.model or other.model for turn in kept if turn.speaker != other.person))
        note += f" Model until there: {heard}; from there: {model}." if heard and heard != model else ""
    notes = (*other.notes, note)
    spec = replace(other, id=meeting_id, model=model, context_tokens=context_tokens, notes=notes, forked_from=other.id)
    spec = replace(spec, repeats="")
    first = Event(1, events[0].at, Kind.SPEC, "called", spec.as_dict())
    turns = {turn.id for event in events[1:last] if isinstance(turn := value_of(event), Turn)}
    judged = [event for event in events[last:] if isinstance(one := value_of(event), Verdict) and one.turn in turns]
    return [first, *events[1:last], *judged]


def refuse_rule(resources: Resources, spec: Mapping[str, Any]) -> None:
    """Refuse to hold a meeting with a model that answers by rule, which makes checklists only, and to make the rest of
    a checklist with another model.

    Raises:
        MeetingError: the model in the settings cannot do what the meeting needs.
    """
    checklist = tuple(spec["type"]["phases"]) == (CHECKLIST,)
    name = resources.settings.model_name
    if checklist and not provider_of(name).by_rule:
        raise MeetingError(
            f"The meeting {spec['id']} is a checklist, which is made without a model.",
            "Finish it with the model `rehearsal`, or create a meeting.",
            about="checklist",
        )
    if not checklist and provider_of(name).by_rule:
        raise MeetingError(
            f"The meeting {spec['id']} needs a language model.", f"Choose a model; {name} makes checklists only."
        )
