"""What a meeting left, for pages: its events and its minutes, kept for the next page that is asked for."""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from agents.api.pages.visit import Visit
from agents.errors import MeetingError
from agents.meeting.entry_names import NamedEntry, entry_names
from agents.meeting.journal import Event, Kind
from agents.meeting.minutes import build
from agents.meeting.record import Minutes
from agents.meeting.spec import MeetingSpec, spec_from

if TYPE_CHECKING:
    from agents.orchestrator import AgentOrchestrator

MOST_KEPT = 8
"""The meetings whose minutes are kept for each owner: a reader goes back and forth between a few."""


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Stored:
    """A meeting as far as it got. One is equal to itself alone, so that what is computed of it can be kept.

    Attributes:
        id: its id.
        events: what happened in it.
        spec: what it started from.
        minutes: its minutes.
        named: the entries of its minutes by name.
    """

    id: str
    events: Sequence[Event]
    spec: MeetingSpec
    minutes: Minutes
    named: dict[str, NamedEntry]


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
    journal, known = orchestrator.meetings.journal(meeting_id), kept.get(meeting_id)
    if known is None or journal.newest() != (known.events[-1].seq, known.events[-1].at):
        events = journal.events()
        if not events or events[0].kind != Kind.SPEC:
            raise MeetingError(f"The meeting {meeting_id} has not begun.", "Start it, or wait until its turn comes.")
        known = await asyncio.to_thread(_made, meeting_id, events)
    kept[meeting_id] = known
    kept.move_to_end(meeting_id)
    while len(kept) > MOST_KEPT:
        kept.popitem(last=False)
    return known


def _made(meeting_id: str, events: Sequence[Event]) -> Stored:
    minutes = build(events)
    return Stored(meeting_id, events, spec_from(events[0].data), minutes, entry_names(minutes))
