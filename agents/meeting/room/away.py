"""A model that cannot be reached before anybody has said anything: the meeting waits for it, and is not held without
answers.
"""

from collections.abc import Mapping, Sequence

from agents.errors import ModelUnavailable
from agents.meeting.codec import Recorded
from agents.meeting.journal import Event, Kind
from agents.meeting.journal_values import StructuredAnswer
from agents.meeting.record import Absence, Ballot, Turn

_SAID = {Kind.TURN, Kind.BALLOT}


class Away:
    """The absences of those whose model could not be reached, as long as nobody has said anything. They are stored when
    somebody does; where nobody does, nothing of them is kept, so that all are asked when the meeting is resumed.

    Args:
        events: the events in the journal.
    """

    def __init__(self, events: Sequence[Event]) -> None:
        self._absences: dict[str, Absence] = {}
        self._heard = any(event.kind in _SAID or (event.kind == Kind.STRUCTURED and event.numbers) for event in events)
        self._error: ModelUnavailable | None = None

    def __contains__(self, key: str) -> bool:
        return key in self._absences

    def keeps(self, key: str, absence: Absence, error: ModelUnavailable) -> bool:
        """Keep an absence for later; False if somebody has said something, so that it is stored now."""
        if not self._heard:
            self._absences[key], self._error = absence, error
        return not self._heard

    def before(self, values: Mapping[str, Recorded]) -> Mapping[str, Recorded]:
        """The values that are stored now, behind the absences that were kept where these are the first words."""
        if self._heard or not any(map(_is_said, values.values())):
            return values
        self._heard, kept, self._absences = True, self._absences, {}
        return {**kept, **values}

    def refuse_silence(self) -> None:
        """Check that somebody could be reached so far.

        Raises:
            ModelUnavailable: nobody could, and nobody has said anything.
        """
        if self._absences and self._error:
            raise self._error


def _is_said(value: Recorded) -> bool:
    """Whether somebody was asked for it, and answered; code writes some answers without asking anybody."""
    return isinstance(value, Turn | Ballot) or (isinstance(value, StructuredAnswer) and bool(value.numbers))
