"""What nobody may see yet: votes before all have voted, and views before the person of the meeting has given one, in a
phase in which each speaks alone. Both would sway who has not answered.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from agents.meeting.codec import value_of
from agents.meeting.journal import Event, Kind
from agents.meeting.phases import ANSWER, WORD, phase_named
from agents.meeting.record import Absence, Ballot, Turn
from agents.meeting.spec import MeetingSpec, spec_from

_AFTERWARDS = {Kind.STRUCTURED, Kind.DECIDED, Kind.CLOSING}
"""What happens only after a ballot."""
_IN_A_PHASE = {Kind.TURN, Kind.BALLOT, Kind.ABSENCE}
"""What happens in a phase."""
_BETWEEN = {*_AFTERWARDS, Kind.PACKING, Kind.INTERJECTION, Kind.PUT_TO_VOTE}
"""What happens only after a phase in which each speaks alone."""
_OF_A_VIEW = {Kind.TURN, Kind.LEFT_OUT}
"""What has words of a view."""


def open_ballot(events: Sequence[Event]) -> int:
    """The number of the topic on which the participants vote at the end of these events; 0 where no ballot is open.

    A ballot is over as soon as each voter has voted or is absent, and when something later happens.

    Args:
        events: of a meeting that has not ended, from its spec on.
    """
    heard, place = set[str](), (0, "")
    for event in reversed(events):
        if event.kind in _AFTERWARDS:
            break
        if event.kind not in _IN_A_PHASE:
            continue
        value = value_of(event)
        if not isinstance(value, Turn | Ballot | Absence) or not phase_named(value.phase).votes:
            break
        if heard and place != (value.topic, value.phase):
            break
        place = (value.topic, value.phase)
        heard.add(value.speaker)
    if not heard or {*spec_from(events[0].data).voters} <= heard:
        return 0
    return place[0]


def without_votes(events: Sequence[Event], topic: int) -> Sequence[Event]:
    """The events without the votes on a topic.

    Args:
        events: of a meeting.
        topic: the number of the topic; 0 leaves out nothing.
    """
    if not topic:
        return events
    return [event for event in events if event.kind != Kind.BALLOT or event.data["topic"] != topic]


class Views:
    """Which phases are sealed: those in which each speaks alone, until the person of the meeting has answered or is
    absent, or something later happens. Give it the stored events in order.

    Args:
        spec: the meeting.

    Attributes:
        place: the topic and the phase in which somebody answered last.
    """

    def __init__(self, spec: MeetingSpec) -> None:
        self._spec = spec
        self._open = set[tuple[int, str]]()
        self._first = dict[str, Any]()
        self.place = (0, "")

    def take(self, event: Event) -> None:
        """Take in a stored event."""
        if event.kind in _BETWEEN:
            self._open.add(self.place)
        elif event.kind in _IN_A_PHASE:
            place = (event.topic, event.phase)
            if place != self.place:
                self._open.add(self.place)
                self._first = self._first if event.topic == self.place[0] else {}
                self.place = place
            if event.speaker == self._spec.person:
                self._open.add(place)
            if event.data.get("position") and phase_named(event.phase).states_position:
                self._first.setdefault(event.speaker, event.data["position"])

    def sealed(self, topic: int, phase: str) -> bool:
        """Whether nobody may see now what is said in a phase."""
        return (topic, phase) not in self._open and _asks_person(self._spec, topic, phase, self._first)


def without_views(events: Sequence[Event]) -> Sequence[Event]:
    """The events without the views that are sealed at their end; the same object where none are.

    Args:
        events: of a meeting that has not ended, from its spec on.
    """
    spec = spec_from(events[0].data)
    if not spec.person:
        return events
    views = Views(spec)
    for event in events[1:]:
        views.take(event)
    if not views.sealed(*views.place):
        return events
    return [event for event in events if event.kind not in _OF_A_VIEW or (event.topic, event.phase) != views.place]


def _asks_person(spec: MeetingSpec, topic: int, phase: str, first: Mapping[str, Any]) -> bool:
    """Whether the person is asked in a phase in which nobody sees the others' answers.

    Args:
        spec: the meeting.
        topic: the number of the topic.
        phase: the name of the phase.
        first: the first positions on the topic, by role id.
    """
    known = phase_named(phase)
    if known.name in {"", WORD, ANSWER}:  # what one says between two phases
        return False
    if spec.person not in spec.speakers or not (known.at_once and known.is_turn) or known.apart:
        return False
    if spec.open_actions and topic == spec.topics[0].number:
        return any(spec.person in one.owners for one in spec.open_actions)
    if known.changes_position:
        return spec.person in first and len({*first.values()}) > 1
    return True
