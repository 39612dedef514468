"""What a meeting left, for pages: its events and its minutes, kept for the next page that is asked for."""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from agents.api.pages.visit import Visit
from agents.errors import MeetingError
from agents.meeting.entry_names import NamedEntry, entry_names
from agents.meeting.journal import Event, Kind
from agents.meeting.minutes import build
from agents.meeting.minutes.sealed import open_ballot, without_votes
from agents.meeting.record import Minutes, TopicMinutes
from agents.meeting.spec import MeetingSpec, spec_from
from agents.orchestrator.background.held import ENDED

if TYPE_CHECKING:
    from agents.orchestrator import AgentOrchestrator

MOST_KEPT = 8
"""The meetings whose minutes are kept for each owner: a reader goes back and forth between a few."""
NOT_OVER = "The vote is not over. The votes are opened together, when all have voted."
"""Why nothing is decided on a topic on which a ballot is open."""


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Stored:
    """A meeting as far as it got. One is equal to itself alone, so that what is computed of it can be kept.

    Attributes:
        id: its id.
        events: what happened in it; while a ballot is open, without its votes.
        spec: what it started from.
        minutes: its minutes.
        named: the entries of its minutes by name.
        count: the number of all its events.
        sealed: whether a ballot is open, so that its votes are left out here.
    """

    id: str
    events: Sequence[Event]
    spec: MeetingSpec
    minutes: Minutes
    named: dict[str, NamedEntry]
    count: int
    sealed: bool


_KEPT: "WeakKeyDictionary[AgentOrchestrator, OrderedDict[str, Stored]]" = WeakKeyDictionary()


async def stored(visit: Visit, meeting_id: str) -> Stored:
    """A meeting with its minutes, which are computed in a thread where they are not known.

    Args:
        visit: the request.
        meeting_id: the full id.

    Raises:
        UnknownName: there is no such meeting.
        MeetingError: it has not begun.
    """
    orchestrator = visit.owner.orchestrator
    kept = _KEPT.setdefault(orchestrator, OrderedDict())
    events = orchestrator.meetings.journal(meeting_id).events()
    known = kept.get(meeting_id)
    ended = orchestrator.meetings.row(meeting_id).status in ENDED
    if known is None or known.count != len(events) or (known.sealed and ended):
        if not events or events[0].kind != Kind.SPEC:
            raise MeetingError(f"The meeting {meeting_id} has not begun.", "Start it, or wait until its turn comes.")
        known = await asyncio.to_thread(_made, meeting_id, events, ended=ended)
    kept[meeting_id] = known
    kept.move_to_end(meeting_id)
    while len(kept) > MOST_KEPT:
        kept.popitem(last=False)
    return known


def _made(meeting_id: str, events: Sequence[Event], *, ended: bool) -> Stored:
    topic = 0 if ended else open_ballot(events)
    shown = without_votes(events, topic)
    minutes = build(shown)
    if topic:
        minutes = replace(minutes, topics=tuple(_undecided(one, topic) for one in minutes.topics))
    return Stored(meeting_id, shown, spec_from(events[0].data), minutes, entry_names(minutes), len(events), bool(topic))


def _undecided(one: TopicMinutes, topic: int) -> TopicMinutes:
    """The minutes of a topic; of that on which a ballot is open, with this as the reason that nothing is decided."""
    if one.topic.number != topic:
        return one
    return replace(one, decision=replace(one.decision, why=NOT_OVER))
