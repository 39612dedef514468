"""A ballot that is not over: nobody may see a vote before all have voted, because it would sway the others."""

from collections.abc import Sequence

from agents.meeting.codec import value_of
from agents.meeting.journal import Event, Kind
from agents.meeting.phases import phase_named
from agents.meeting.record import Absence, Ballot, Turn
from agents.meeting.spec import spec_from

_AFTERWARDS = {Kind.STRUCTURED, Kind.DECIDED, Kind.CLOSING}
"""What happens only after a ballot."""
_IN_A_PHASE = {Kind.TURN, Kind.BALLOT, Kind.ABSENCE}
"""What happens in a phase."""


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
