"""What a meeting left, for pages: its events and its minutes, kept for the next page that is asked for."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakKeyDictionary

from agents.api.pages.amounts import headline
from agents.api.pages.visit import Visit
from agents.errors import MeetingError
from agents.meeting.entry_names import NamedEntry, entry_names
from agents.meeting.journal import Event, Kind
from agents.meeting.minutes import build
from agents.meeting.minutes.sealed import open_ballot, without_views, without_votes
from agents.meeting.record import Minutes, TopicMinutes
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
NOT_OVER = "The vote is not over. The votes are opened together, when all have voted."
"""Why nothing is decided on a topic on which a ballot is open."""


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Stored:
    """A meeting as far as it got. One is equal to itself alone.

    Attributes:
        id: its id.
        events: what happened in it, without votes and views that are sealed.
        spec: what it started from.
        minutes: its minutes.
        named: the entries of its minutes by name.
        newest: the number of events in its journal, and when the newest was stored.
        sealed: what is left out here, because nobody may see it yet: "votes", "views", or "" for nothing.
        letters: about the letters of its documents and of what was said, and what is known of each line.
    """

    id: str
    events: Sequence[Event]
    spec: MeetingSpec
    minutes: Minutes
    named: dict[str, NamedEntry]
    newest: tuple[int, str] = (0, "")
    sealed: str = ""
    letters: int = 0
    _computed: dict[Callable[..., Any], Any] = field(default_factory=dict, repr=False)

    @property
    def about(self) -> str:
        """Its first topic, by which people know it; the name of its type where it has none."""
        topics = self.minutes.topics
        return headline(topics[0].topic.text if topics else self.minutes.title)

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
    newest, ended = journal.newest(), orchestrator.meetings.row(meeting_id).status in ENDED
    if known is None or known.newest != newest or (known.sealed and ended):
        events = journal.events()
        if not events or events[0].kind != Kind.SPEC:
            raise MeetingError(f"The meeting {meeting_id} has not begun.", "Start it, or wait until its turn comes.")
        known = await asyncio.to_thread(_made, meeting_id, events, newest, ended=ended)
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


def _made(meeting_id: str, events: Sequence[Event], newest: tuple[int, str], *, ended: bool) -> Stored:
    topic = 0 if ended else open_ballot(events)
    views = events if ended else without_views(events)
    shown, sealed = without_votes(views, topic), "votes" if topic else "" if views is events else "views"
    spec, minutes = spec_from(events[0].data), build(shown)
    if topic:
        minutes = replace(minutes, topics=tuple(_undecided(one, topic) for one in minutes.topics))
    letters = sum(len(one.text) + LINE * one.text.count("\n") for one in spec.documents)
    letters += sum(len(str(event.data)) for event in shown[1:])
    return Stored(meeting_id, shown, spec, minutes, entry_names(minutes), newest, sealed, letters)


def _undecided(one: TopicMinutes, topic: int) -> TopicMinutes:
    """The minutes of a topic; of that on which a ballot is open, with this as the reason that nothing is decided."""
    if one.topic.number != topic:
        return one
    return replace(one, decision=replace(one.decision, why=NOT_OVER))
