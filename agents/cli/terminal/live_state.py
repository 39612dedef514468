"""What a watcher of a meeting wants to know at any moment, kept from what is told to it; no terminal here."""

from collections.abc import Callable
from dataclasses import dataclass, field

from agents.cli.terminal.safe_text import one_line
from agents.meeting import reading
from agents.meeting.codec import value_of
from agents.meeting.journal import Event, Kind
from agents.meeting.phases import PHASES, phase_of
from agents.meeting.record import Absence, Ballot, Turn
from agents.meeting.spec import MeetingSpec

TAIL = 400
"""Characters kept of what somebody is saying; only the end of it is shown."""
ENOUGH = 3
"""Calls that must have ended before the time left is guessed from them."""


@dataclass(slots=True)
class SeatRow:
    """One participant.

    Attributes:
        title: as shown.
        state: "", "asked", "speaks", "spoke" (in this phase) or "absent".
        first: the position it took first on this topic, or "".
        stands: the position it holds now, or "".
        vote: what it voted, or "".
        words: the end of what it is saying.
    """

    title: str
    state: str = ""
    first: str = ""
    stands: str = ""
    vote: str = ""
    words: str = ""


@dataclass(slots=True)
class Board:
    """A meeting as far as it has come.

    Args:
        call: how it was called.
        clock: seconds, growing.

    Attributes:
        rows: the participants, by role id, in speaking order.
        topic: the number of the topic; 0 before the first.
        phase: the phase, or "".
        done: calls that have ended, those of a former run included.
        live: calls that ended while it was watched.
    """

    spec: MeetingSpec
    clock: Callable[[], float]
    rows: dict[str, SeatRow] = field(default_factory=dict)
    topic: int = 0
    phase: str = ""
    done: int = 0
    live: int = 0
    _since: float = 0.0
    _before: int = 0

    def __post_init__(self) -> None:
        self._since = self.clock()
        self.rows = {seat.role: SeatRow(seat.title) for seat in self.spec.seats}

    @property
    def steps(self) -> tuple[str, ...]:
        """The phases of each topic, the scribe's work included."""
        return (*self.spec.kind.phases, "minutes")

    @property
    def step(self) -> int:
        """The number of the phase within its topic; 0 before the first."""
        return self.steps.index(self.phase) + 1 if self.phase in self.steps else 0

    @property
    def expected(self) -> int:
        """Calls that the whole meeting is expected to take."""
        return len(self.spec.topics) * sum(self._calls(phase) for phase in self.steps)

    @property
    def elapsed(self) -> float:
        """Seconds since the watching began."""
        return self.clock() - self._since

    @property
    def left(self) -> float | None:
        """Seconds that the rest will take at the pace so far; None while that is not known."""
        if self.live < ENOUGH:
            return None
        return max(0, self.expected - self.done) * self.elapsed / self.live

    def hear(self, event: Event) -> None:
        """Take in what happened."""
        if event.kind == Kind.TOPIC:
            self._open(event.topic)
        elif event.kind == Kind.PHASE:
            self._enter(event.phase)
        elif row := self.rows.get(event.speaker):
            self._update(row, event)

    def _update(self, row: SeatRow, event: Event) -> None:
        """Take in what happened to one participant."""
        match value_of(event):
            case Turn() as turn:
                _spoke(row, turn)
            case Ballot() as ballot:
                row.state, row.vote = "spoke", ballot.vote.value.replace("_", " ")
            case Absence() as absence:
                row.state, row.words = "absent", one_line(absence.cause)
            case _:
                if event.kind == Kind.ASKED:
                    row.state = "asked"
                elif event.kind == Kind.TEXT:
                    row.state = "speaks"
                    row.words = (row.words + event.data["text"])[-TAIL:]
                return
        row.words = ""
        self.live += 1
        self.done = min(self.done + 1, self._before + self._calls(self.phase))

    def _open(self, topic: int) -> None:
        self.topic, self.phase = topic, ""
        for row in self.rows.values():
            row.state = row.first = row.stands = row.vote = row.words = ""

    def _enter(self, phase: str) -> None:
        self.phase = phase
        whole = sum(self._calls(name) for name in self.steps)
        # What came before is done, whether it was watched or is on record from a former run.
        self._before = max(0, self.topic - 1) * whole + sum(self._calls(name) for name in self.steps[: self.step - 1])
        self.done = self._before
        for row in self.rows.values():
            row.state = "absent" if row.state == "absent" else ""
            row.words = ""

    def _calls(self, phase: str) -> int:
        return PHASES[phase].requests(self.spec.kind, len(self.spec.seats)).expected if phase in PHASES else 0


def _spoke(row: SeatRow, turn: Turn) -> None:
    row.state = "spoke"
    moved = not phase_of(turn).changes_position or reading.first_word(turn.text) == "REVISE"
    if moved and turn.position:
        row.stands = turn.position.value
        row.first = row.first or row.stands
