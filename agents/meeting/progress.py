"""How far a meeting is, and what a view of it shows, computed from the events. Nothing here needs a terminal."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from agents.meeting import reading
from agents.meeting.codec import value_of
from agents.meeting.journal import Event, Kind
from agents.meeting.journal_values import StoredPacking
from agents.meeting.minutes.ballot import voted
from agents.meeting.phases import (
    ANSWER,
    MORE,
    PHASES,
    WORD,
    phase_named,
    phase_of,
    phases_held,
    reading_calls,
    requests_in,
)
from agents.meeting.record import Absence, Ballot, Turn
from agents.meeting.spec import MeetingSpec

TAIL = 400
"""Characters that are kept of an answer while it arrives; only its end is shown."""
ENOUGH = 3
"""Calls that must have ended before the remaining time is estimated from them."""


@dataclass(slots=True)
class SeatRow:
    """One participant.

    Attributes:
        title: as shown.
        state: "", "asked", "speaks", "spoke" (in this phase) or "absent".
        first: its first position on this topic, or "".
        last: its position now, or "".
        vote: its vote, or "".
        words: the end of the answer that arrives.
    """

    title: str
    state: str = ""
    first: str = ""
    last: str = ""
    vote: str = ""
    words: str = ""


@dataclass(slots=True)
class Board:
    """The progress of a meeting.

    Args:
        spec: the spec of the meeting.
        clock: returns seconds that only grow.

    Attributes:
        rows: the participants, by role id, in speaking order.
        topic: the number of the topic; 0 before the first.
        phase: the phase, or "".
        done: calls that have ended, also in an earlier run.
        live: calls that ended in this view.
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
    _between: dict[tuple[int, str], int] = field(default_factory=dict)
    _entered: set[tuple[int, str]] = field(default_factory=set)
    _packed: dict[int, StoredPacking] = field(default_factory=dict)
    _kept: dict[tuple[int, str], list[Event]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._since = self.clock()
        self.rows = {seat.role: SeatRow(seat.title) for seat in self.spec.seats}

    @property
    def steps(self) -> tuple[str, ...]:
        """The phases of the topic, with the work of the scribe."""
        return tuple(self._calls(self.topic))

    @property
    def step(self) -> int:
        """The number of the phase within its topic; 0 before the first."""
        return self.steps.index(self.phase) + 1 if self.phase in self.steps else 0

    @property
    def after_pause(self) -> tuple[str, ...]:
        """The phases of the topic after the next pause, with the work of the scribe. While a question of a person is
        answered between two phases, the pause before the second one is there already.
        """
        entered = [self.steps.index(phase) for topic, phase in self._entered if self._is_step(topic, phase)]
        last = max(entered, default=-1)
        return self.steps[last + (2 if (self.topic, self.phase) in self._between else 1) :]

    def _is_step(self, topic: int, phase: str) -> bool:
        return topic == self.topic and phase in self.steps

    @property
    def expected(self) -> int:
        """The expected number of model calls of the whole meeting, with those that a person asked for."""
        return sum(sum(self._calls(one.number).values()) for one in self.spec.topics) + sum(self._between.values())

    @property
    def elapsed(self) -> float:
        """Seconds since the view was opened."""
        return self.clock() - self._since

    @property
    def left(self) -> float | None:
        """The remaining seconds at the pace so far; None while there are too few calls to tell."""
        if self.live < ENOUGH:
            return None
        return max(0, self.expected - self.done) * self.elapsed / self.live

    def take_up(self, events: Iterable[Event]) -> None:
        """Take in the journal of an earlier run, whose answers are not asked for again."""
        for event in events:
            value = value_of(event)
            if isinstance(value, StoredPacking):
                self._packed[int(event.key.split(".")[0])] = value
            elif isinstance(value, Turn | Ballot | Absence):
                self._kept.setdefault((event.topic, event.phase), []).append(event)
                self._expect_between(event.topic, event.phase)
        self.done = sum(self._kept_calls(topic, phase) for topic, phase in self._kept)

    def _expect_between(self, topic: int, phase: str) -> bool:
        """Count the calls of a phase between two others, for which a person asked; False for another phase."""
        calls = {WORD: 0, ANSWER: 1, MORE: len(self.spec.seats)}.get(phase_named(phase).name)
        if calls is not None:
            self._between[topic, phase] = calls
        return calls is not None

    def _expected_in(self, topic: int, phase: str) -> int:
        """The expected calls of a phase of a topic."""
        return self._between.get((topic, phase), self._calls(topic).get(phase, 0))

    def _kept_calls(self, topic: int, phase: str) -> int:
        """The calls of a phase that ended in an earlier run, at most as many as are expected."""
        values = [value_of(event) for event in self._kept.get((topic, phase), ())]
        calls = sum(value.orders if isinstance(value, Ballot) else 1 for value in values)
        return min(calls, self._expected_in(topic, phase))

    def update(self, event: Event) -> None:
        """Update the state after an event."""
        if event.kind == Kind.TOPIC:
            self._open(event.topic)
        elif event.kind == Kind.PHASE:
            self._enter(event.phase)
        elif isinstance(packed := value_of(event), StoredPacking):
            self._packed[int(event.key.split(".")[0])] = packed
        elif row := self.rows.get(event.speaker):
            self._update(row, event)

    def _update(self, row: SeatRow, event: Event) -> None:
        """Update one participant after an event."""
        calls = _ended(row, event)
        if not calls:
            if event.kind == Kind.ASKED:
                row.state = "asked"
            elif event.kind == Kind.TEXT:
                row.state = "speaks"
                row.words = (row.words + event.text)[-TAIL:]
            return
        self.live += calls
        self.done = min(self.done + calls, self._before + self._expected_in(self.topic, self.phase))

    def _open(self, topic: int) -> None:
        self.topic, self.phase = topic, ""
        self.done = self._done_before(topic)
        for row in self.rows.values():
            row.state = row.first = row.last = row.vote = row.words = ""

    def _enter(self, phase: str) -> None:
        self.phase = phase
        if self._expect_between(self.topic, phase):
            self._before = self.done
        elif self.step:
            # Earlier phases are done, whether they were watched or are in the journal from an earlier run.
            between = sum(
                count for one, count in self._between.items() if one in self._entered and one[0] == self.topic
            )
            steps = sum(list(self._calls(self.topic).values())[: self.step - 1])
            self._before = self._done_before(self.topic) + between + steps
        else:
            self._before = self.done
        self._entered.add((self.topic, phase))
        self.done = self._before + self._kept_calls(self.topic, phase)
        for row in self.rows.values():
            row.state = "absent" if row.state == "absent" else ""
            row.words = ""
        for event in self._kept.get((self.topic, phase), ()):
            if event.speaker in self.rows:
                _ended(self.rows[event.speaker], event)

    def _done_before(self, topic: int) -> int:
        """The calls of the topics before one."""
        between = sum(count for (number, _), count in self._between.items() if number < topic)
        return between + sum(sum(self._calls(number).values()) for number in range(1, topic))

    def _calls(self, topic: int) -> dict[str, int]:
        """The phases of a topic with their expected calls. A topic that was not opened yet is taken to be like the last
        one.
        """
        packed = self._packed.get(topic) or next(reversed(self._packed.values()), None)
        kind = self.spec.kind
        asking = {name: not PHASES[name].taken(self.spec) for name in kind.phases}
        calls = {name: requests_in(self.spec, PHASES[name]).expected * asks for name, asks in asking.items()}
        if packed:
            calls |= reading_calls(packed)
        return {name: calls[name] for name in phases_held(self.spec, packed)} | {"minutes": 0}


def _ended(row: SeatRow, event: Event) -> int:
    """Update a participant after the end of its calls, and return their number; 0 for another event."""
    calls = 1
    match value_of(event):
        case Turn() as turn:
            _spoke(row, turn)
        case Ballot() as ballot:
            row.state, row.vote, calls = "spoke", voted(ballot), ballot.orders
        case Absence():
            row.state = "absent"
        case _:
            return 0
    row.words = ""
    return calls


def _spoke(row: SeatRow, turn: Turn) -> None:
    row.state = "spoke"
    if position := position_taken(turn):
        row.last = position
        row.first = row.first or position


def position_taken(turn: Turn) -> str:
    """The position that a speaker has from a turn on; "" where the turn states none, or only repeats one in a reply."""
    moves = not phase_of(turn).changes_position or reading.first_word(turn.text) == "REVISE"
    return turn.position.value if moves and turn.position else ""
