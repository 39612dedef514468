"""What a meeting will cost, before anybody is asked: turns, requests, tokens, minutes.

The sizes are those of the very words that will be sent, packed as they will be packed. What nobody can know before the
meeting is assumed, and said here: speakers write as much as ``Phase.reply_tokens`` says; first positions differ, so
everybody takes part in an exchange; nobody fails, so nothing is asked twice; and speakers write the labelled lines they
are asked for, so the scribe has to look only for what nobody was asked to label. ``least`` and ``most`` say how far the
number of requests may be off while no call fails. Tokens are counted by the same rough rule that packs the context
before a server has counted any; it errs on the high side, by about a fifth for English.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from statistics import mean

from agents.meeting import context, prompts
from agents.meeting.meeting_type import MeetingType
from agents.meeting.phases import Phase, Requests, all_at_once, discussion_entries, phases_of
from agents.meeting.prompts import ACTION
from agents.meeting.record import Topic
from agents.meeting.room import series
from agents.meeting.spec import MeetingSpec
from agents.model import render_passages
from agents.role import Role

FOLLOW_UP = Phase("follow up", all_at_once, reply_tokens=80)
"""How the owners of a series' open actions are asked."""
SCRIBE = Phase("minutes", all_at_once, at_once=False, is_turn=False, reply_tokens=120)
"""How the scribe is asked."""
MESSAGE_TOKENS = 5
"""What a chat template puts around a message."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a model works on this machine.

    Attributes:
        reads: prompt tokens a second.
        writes: reply tokens a second, for one reply.
        calls: how many measured calls this rests on; 0 when it is a guess.
        parallel: replies written at once.
    """

    reads: float
    writes: float
    calls: int = 0
    parallel: int = 1


GUESSED = Pace(60.0, 12.0)
"""A model of 3 billion parameters in 4 bits on two cores of a server, without a graphics card; measured by us once."""


@dataclass(frozen=True, slots=True)
class PlanStep:
    """One phase of one topic.

    Attributes:
        topic: the topic's number.
        phase: the phase; "follow up" for the open actions of a series, "minutes" for the scribe's work.
        turns: how often somebody has the floor.
        requests: calls to the model.
        least, most: the fewest and the most calls while none fails.
        sent: prompt tokens sent.
        evaluated: those of them that the model reads anew, where the server keeps what it has read.
        written: reply tokens.
        seconds: how long it takes; None without a pace.
    """

    topic: int
    phase: str
    turns: int
    requests: int
    least: int
    most: int
    sent: int
    evaluated: int
    written: int
    seconds: float | None


@dataclass(frozen=True, slots=True)
class Plan:
    """What a meeting will cost.

    Attributes:
        steps: phase by phase.
        pace: what the seconds rest on; None for a model that takes no time worth planning.
    """

    steps: tuple[PlanStep, ...]
    pace: Pace | None

    def total(self, name: str) -> int:
        """The sum of one of a step's whole numbers, such as "requests"."""
        return sum(getattr(step, name) for step in self.steps)

    @property
    def minutes(self) -> float:
        """How long it takes; 0 without a pace."""
        return sum(step.seconds or 0.0 for step in self.steps) / 60


@dataclass(slots=True)
class _Server:
    """What the model server has read already: for each of its slots, how much of the discussion."""

    pace: Pace | None
    known: list[int]
    brief_read: bool = False

    def step(self, topic: int, phase: Phase, discussion: int, tail: int, calls: Requests, grows: int = 0) -> PlanStep:
        """One phase: calls that each send the discussion so far, which grows from one to the next, and a tail."""
        asks = calls.expected
        slots = min(len(self.known), asks) if phase.at_once else min(1, asks)
        grown = grows * max(0, asks - 1)
        evaluated = sum(max(0, discussion - self.known[slot]) for slot in range(slots)) + grown + asks * tail
        for slot in range(slots):
            self.known[slot] = discussion + grown
        sent = asks * (discussion + tail) + grown * asks // 2
        written = asks * phase.reply_tokens
        seconds = None
        if self.pace:
            seconds = evaluated / self.pace.reads + written / (self.pace.writes * max(1, slots))
        return PlanStep(topic, phase.name, asks if phase.is_turn else 0, *calls, sent, evaluated, written, seconds)


@dataclass(frozen=True, slots=True)
class Planner:
    """What a plan is made from, besides the call.

    Attributes:
        roles: the roles in the room, by id.
        count: counts tokens.
        library: finds passages of the attached documents; None when there are none.
        pace: how fast the model is; None when it takes no time.
    """

    roles: Mapping[str, Role]
    count: context.CountTokens
    library: context.Library | None = None
    pace: Pace | None = None

    def plan(self, spec: MeetingSpec) -> Plan:
        """What a meeting called like this will cost."""
        server = _Server(self.pace, [0] * (self.pace.parallel if self.pace else 1))
        steps: list[PlanStep] = []
        for topic in spec.topics:
            server.known = [self.count(prompts.brief(spec)) if server.brief_read else 0 for _ in server.known]
            server.brief_read = True
            if spec.open_actions and topic is spec.topics[0]:
                steps += self._follow_up(spec, topic, server)
            else:
                steps += self._topic(spec, topic, server)
        return Plan(tuple(steps), self.pace)

    def _follow_up(self, spec: MeetingSpec, topic: Topic, server: _Server) -> Iterator[PlanStep]:
        asked = {one.owner for one in spec.open_actions} & set(spec.speakers)
        listed = "\n".join(series.line(spec, one) for one in spec.open_actions)
        head = prompts.topic_head(series.AGENDA, topic, (), ())
        discussion = self.count(prompts.brief(spec)) + self.count(head) + self.count(listed)
        tail = self._card(spec) + self.count(series.question(topic.text, spec.open_actions))
        yield server.step(topic.number, FOLLOW_UP, discussion, tail, Requests(len(asked), len(asked), len(asked)))

    def _topic(self, spec: MeetingSpec, topic: Topic, server: _Server) -> Iterator[PlanStep]:
        kind, passages = spec.kind, tuple(one for document in spec.documents for one in document.passages())
        brief = self.count(prompts.brief(spec))
        packed = context.pack(
            spec.context_tokens,
            brief + self.count(prompts.topic_head(kind.agenda, topic, (), ())),
            discussion_entries(kind, len(spec.seats)),
            passages,
            self.library,
            [topic.text, " ".join(kind.agenda)],
            self.count,
        )
        discussion = brief + self.count(prompts.topic_head(kind.agenda, topic, packed.shared, ())) + 2 * MESSAGE_TOKENS
        own = self._own(spec, topic, packed)
        for phase in phases_of(kind):
            calls = phase.requests(kind, len(spec.seats))
            tail = self._tail(spec, topic, phase) + (own if phase.reads_documents else 0)
            entry = min(phase.reply_tokens, packed.shortened(phase.entry_tokens)) + context.ENTRY_EXTRA
            grows = 0 if phase.at_once or not phase.is_turn else entry
            if calls.expected:
                yield server.step(topic.number, phase, discussion, tail, calls, grows)
            discussion += calls.expected * entry if phase.is_turn else phase.discussion_tokens
        asks, most = looked_for(kind)
        tail = self.count(prompts.extract(ACTION.label, ACTION.ask)) + MESSAGE_TOKENS
        yield server.step(topic.number, SCRIBE, discussion, tail, Requests(asks, asks, most))

    def _card(self, spec: MeetingSpec) -> int:
        cards = [self.count(self.roles[name].card()) for name in spec.speakers if name in self.roles]
        return round(mean(cards)) + MESSAGE_TOKENS if cards else MESSAGE_TOKENS

    def _own(self, spec: MeetingSpec, topic: Topic, packed: context.Packing) -> int:
        """The passages that one role alone sees, on the average."""
        if not spec.own_passages or self.library is None:
            return 0
        sizes = []
        for name in spec.speakers:
            if name in self.roles:
                own = context.own_passages(self.roles[name], topic.text, self.library, packed.shared, self.count)
                sizes.append(self.count(render_passages(own)) if own else 0)
        return round(mean(sizes)) if sizes else 0

    def _tail(self, spec: MeetingSpec, topic: Topic, phase: Phase) -> int:
        question = phase.question(spec, topic, phase) if phase.question else ""
        return self._card(spec) + self.count(question)


def looked_for(kind: MeetingType) -> tuple[int, int]:
    """How many sections of the minutes the scribe has to look for in a topic: expected, and at the most."""
    phases = phases_of(kind)
    listing = {want.label for phase in phases if phase.only_lines for want in phase.extra_lines}
    labels = {line.label for line in kind.lines}
    labels |= {want.label for phase in phases if not phase.only_lines for want in phase.extra_lines}
    unasked = 0 if any(phase.asks_lines for phase in phases) else len(labels)
    return unasked, len(labels | listing)


def trimmed(spec: MeetingSpec, minutes: float, planner: Planner) -> tuple[MeetingSpec, list[str]]:
    """Cut a meeting until it is expected to fit a time box: optional seats, then the exchange, then own passages.

    Args:
        spec: the meeting.
        minutes: the time box.
        planner: says how long it takes.

    Returns:
        The call as it fits, or as short as it gets; and what was cut, a sentence each.
    """
    cut: list[str] = []
    for shorter, what in _cuts(spec):
        if planner.plan(spec).minutes <= minutes:
            break
        spec = shorter(spec)
        cut.append(what)
    return spec, cut


def _cuts(spec: MeetingSpec) -> Iterator[tuple[Callable[[MeetingSpec], MeetingSpec], str]]:
    """What may be cut, the least loss first."""
    for seat in reversed(spec.seats):
        if seat.optional and seat.role != spec.facilitator:
            yield partial(_without_seat, gone=seat.role), f"{seat.title} is not invited ({seat.reason})."
    for phase in phases_of(spec.kind):
        if phase.instead:
            shorter, what = phase.instead
            yield partial(_with, shorter=shorter, phase=phase.name), what
    if spec.documents and spec.own_passages:
        yield _without_own, "Nobody sees passages of its own; all see the same part of the documents."


def _without_seat(spec: MeetingSpec, gone: str) -> MeetingSpec:
    return replace(spec, seats=tuple(seat for seat in spec.seats if seat.role != gone))


def _with(spec: MeetingSpec, shorter: str, phase: str) -> MeetingSpec:
    """The meeting with a shorter phase in a phase's place, unless that one is among its phases anyway."""
    kept = [name for name in spec.kind.phases if name != phase or shorter not in spec.kind.phases]
    names = tuple(shorter if name == phase else name for name in kept)
    return replace(spec, kind=replace(spec.kind, phases=names))


def _without_own(spec: MeetingSpec) -> MeetingSpec:
    return replace(spec, own_passages=False)
