"""What a meeting left, for pages: its events and its minutes, kept for the next page that is asked for."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakKeyDictionary

from agents.api.pages.visit import Visit
from agents.errors import MeetingError
from agents.meeting.codec import value_of
from agents.meeting.entry_names import NamedEntry, entry_names
from agents.meeting.journal import Event, Kind
from agents.meeting.journal_values import Closing, PersonDecision, StructuredAnswer
from agents.meeting.minutes import build
from agents.meeting.phases import phase_named
from agents.meeting.record import Absence, Ballot, Minutes, Turn
from agents.meeting.spec import MeetingSpec, spec_from
from agents.orchestrator.background.held import ENDED

if TYPE_CHECKING:
    from agents.orchestrator import AgentOrchestrator

Made = TypeVar("Made")

MOST_KEPT = 8
"""The meetings whose minutes are kept for each owner: a reader goes back and forth between a few."""
MOST_LETTERS = 40_000_000
"""The most letters of documents and journals that are kept for all owners together, without the newest meeting."""
LINE = 100
"""For how many letters a line of a document counts, since what is known of it is kept, too."""


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Stored:
    """A meeting as far as it got. One is equal to itself alone.

    Attributes:
        id: its id.
        events: what happened in it; without votes that are still sealed.
        spec: what it started from.
        minutes: its minutes.
        named: the entries of its minutes by name.
        letters: about the letters of its documents and of what was said, and what is known of each line.
        newest: the number of events in its journal, and when the newest was stored.
    """

    id: str
    events: Sequence[Event]
    spec: MeetingSpec
    minutes: Minutes
    named: dict[str, NamedEntry]
    letters: int = 0
    newest: tuple[int, str] = (0, "")
    _computed: dict[Callable[..., Any], Any] = field(default_factory=dict, repr=False)

    def once(self, make: "Callable[[Stored], Made]") -> Made:
        """What is computed of it: computed once, and kept as long as it is kept itself."""
        found: Made | None = self._computed.get(make)
        if found is None:
            found = self._computed[make] = make(self)
        return found

    def forget(self) -> None:
        """Give up what was computed of it, which refers to it, so that both leave the memory at once."""
        self._computed.clear()


_KEPT: "WeakKeyDictionary[AgentOrchestrator, OrderedDict[str, Stored]]" = WeakKeyDictionary()
"""The meetings of each owner, those last that were asked for last."""


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
    journal = orchestrator.meetings.journal(meeting_id)
    known = _KEPT.setdefault(orchestrator, OrderedDict()).get(meeting_id)
    if known is None or journal.newest() != known.newest:
        newest = journal.newest()
        events = open_events(orchestrator, meeting_id)
        if not events or events[0].kind != Kind.SPEC:
            raise MeetingError(f"The meeting {meeting_id} has not begun.", "Start it, or wait until its turn comes.")
        known = await asyncio.to_thread(_made, meeting_id, events, newest)
    _keep(orchestrator, known)
    return known


def _keep(orchestrator: "AgentOrchestrator", made: Stored) -> None:
    """Keep a meeting, and as many of those that were asked for before it as there is room for."""
    own = _KEPT[orchestrator]
    if (before := own.get(made.id)) and before is not made:
        before.forget()
    own[made.id] = made
    own.move_to_end(made.id)
    while len(own) > MOST_KEPT:
        _drop_first(own)
    others = [kept for kept in _KEPT.values() if kept and kept is not own]
    size = sum(one.letters for kept in (own, *others) for one in kept.values()) - made.letters
    while size > MOST_LETTERS:
        largest = max((*others, own), key=lambda kept: sum(one.letters for one in kept.values() if one is not made))
        size -= _drop_first(largest).letters


def _drop_first(kept: "OrderedDict[str, Stored]") -> Stored:
    """Give up the meeting that was not asked for for the longest time."""
    _, dropped = kept.popitem(last=False)
    dropped.forget()
    return dropped


def _made(meeting_id: str, events: Sequence[Event], newest: tuple[int, str]) -> Stored:
    spec, minutes = spec_from(events[0].data), build(events)
    letters = sum(len(one.text) + LINE * one.text.count("\n") for one in spec.documents)
    letters += sum(len(str(event.data)) for event in events[1:])
    return Stored(meeting_id, events, spec, minutes, entry_names(minutes), letters, newest)


def open_events(orchestrator: "AgentOrchestrator", meeting_id: str) -> Sequence[Event]:
    """The events of a meeting; of one that has not ended, up to votes that are sealed until all have voted.

    Args:
        orchestrator: has the histories.
        meeting_id: the full id.
    """
    events = orchestrator.meetings.journal(meeting_id).events()
    if not events or events[0].kind != Kind.SPEC or orchestrator.meetings.row(meeting_id).status in ENDED:
        return events
    answered, first = set[str](), len(events)
    place: tuple[int, str] | None = None
    for at in range(len(events) - 1, 0, -1):
        value = value_of(events[at])
        if isinstance(value, Turn | StructuredAnswer | PersonDecision | Closing):
            break
        if isinstance(value, Ballot | Absence):
            place = place or (value.topic, value.phase)
            if (value.topic, value.phase) != place or not phase_named(value.phase).votes:
                break
            answered.add(value.speaker)
            first = at if isinstance(value, Ballot) else first
    return events if {*spec_from(events[0].data).voters} <= answered else events[:first]
