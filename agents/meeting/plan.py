"""Estimates what a meeting will cost before it begins: turns, requests, tokens and minutes.

The sizes are those of the words that will be sent, with the context divided in the same way. The estimate assumes that:

- speakers write ``Phase.reply_tokens`` tokens;
- first positions differ, so that all participants take part in an exchange;
- no call fails, so that nothing is asked twice;
- speakers write the labelled lines that they are asked for, so that the scribe only looks for the others.

``least`` and ``most`` are the limits for the number of requests when no call fails. Tokens are counted by the rough
rule that also divides the context before a server has counted any. It overestimates English by about a fifth.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from statistics import mean

from agents.documents import Document, Passage, passages_of
from agents.meeting import context, prompts
from agents.meeting.close_reading.pairs import Pair, pairs_of
from agents.meeting.close_reading.parts import closely
from agents.meeting.close_reading.phase import AROUND, MOST_CHANGES, READ_REPLY
from agents.meeting.control_ballots import ControlBallot, tokens_of
from agents.meeting.coverage import Coverage, coverage
from agents.meeting.jury import jury_of
from agents.meeting.packing import pack, topic_to_pack
from agents.meeting.phases import (
    Phase,
    Requests,
    all_at_once,
    phase_named,
    phases_held,
    phases_of,
    reading_calls,
    requests_in,
)
from agents.meeting.prompts import ACTION
from agents.meeting.record import Topic, Unread
from agents.meeting.room import series
from agents.meeting.sections import CountTokens, Library, joined
from agents.meeting.spec import MeetingSpec
from agents.model import render_passages
from agents.role import Role
from agents.role.card import card_for

FOLLOW_UP = Phase("follow up", all_at_once, reply_tokens=80)
"""The report on the open actions of a series."""
SCRIBE = Phase("minutes", all_at_once, at_once=False, is_turn=False, reply_tokens=120)
"""The work of the scribe."""
WORTH = 0.1
"""The share of a meeting's time that control ballots may take."""
MESSAGE_TOKENS = 5
"""The tokens that a chat template adds to a message."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a model is on this machine.

    Attributes:
        reads: prompt tokens a second.
        writes: reply tokens a second, for one reply.
        calls: the number of calls that were measured; 0 for a guess.
        parallel: the number of replies that the server writes at the same time.
    """

    reads: float
    writes: float
    calls: int = 0
    parallel: int = 1


GUESSED = Pace(60.0, 12.0)
"""The pace of a model of 3 billion parameters of 4 bits each, measured on two cores without a graphics card."""


@dataclass(frozen=True, slots=True)
class PlanStep:
    """One phase of one topic.

    Attributes:
        topic: the topic's number.
        phase: the phase; "follow up" for the open actions of a series, "minutes" for the work of the scribe.
        turns: the number of turns.
        requests: the number of model calls.
        least, most: the fewest and the most calls when none fails.
        sent: prompt tokens that are sent.
        evaluated: prompt tokens that the server has to read; it keeps what earlier calls had in common.
        written: reply tokens.
        seconds: the time it takes; None without a pace.
        common: how many of ``evaluated`` are the discussion, which each model of a council reads for itself.
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
    common: int = 0


@dataclass(frozen=True, slots=True)
class ModelPlan:
    """What one model of a council will be asked, by estimate.

    Attributes:
        model: its name.
        roles: role ids of the seats that it speaks for.
        requests: the number of model calls.
        evaluated: prompt tokens that the server has to read.
        written: reply tokens.
        seconds: the time it takes; None for a model that takes no noticeable time.
        calls: the calls from which its pace was measured; 0 for a guess.
    """

    model: str
    roles: tuple[str, ...]
    requests: int
    evaluated: int
    written: int
    seconds: float | None
    calls: int = 0


@dataclass(frozen=True, slots=True)
class ControlsPlan:
    """The control ballots of models that vote in a meeting and were never tested (``control_ballots``).

    Attributes:
        models: the names of these models.
        calls: the number of model calls.
        evaluated: prompt tokens that the server has to read.
        written: reply tokens.
        seconds: the time it takes.
        due: whether they come before the meeting: they take less than ``WORTH`` of its time.
    """

    models: tuple[str, ...]
    calls: int
    evaluated: int
    written: int
    seconds: float
    due: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """What a meeting will cost.

    Attributes:
        steps: the phases of all topics, in order.
        pace: the pace from which the seconds are computed; None for a model that takes no noticeable time.
        unread: the lines of the documents that nobody will be shown, by the number of the topic.
        parts: the most parts of the documents that one participant reads on a topic.
        coverage: how much of each document is shown, by the number of the topic.
        controls: the control ballots that come before it, or that would take too long; None if none are needed.
        models: what each model of a council will be asked; empty without a council.
    """

    steps: tuple[PlanStep, ...]
    pace: Pace | None
    unread: Mapping[int, Unread] = field(default_factory=dict)
    parts: int = 0
    controls: ControlsPlan | None = None
    coverage: Mapping[int, tuple[Coverage, ...]] = field(default_factory=dict)
    models: tuple[ModelPlan, ...] = ()

    def total(self, name: str) -> int:
        """The sum of a field over all steps, such as "requests"."""
        return sum(getattr(step, name) for step in self.steps)

    @property
    def minutes(self) -> float:
        """The time it takes, in minutes; 0 without a pace."""
        return sum(step.seconds or 0.0 for step in self.steps) / 60


@dataclass(slots=True)
class _Server:
    """A model server that keeps what it has read; ``kept`` is the number of tokens in each of its slots."""

    pace: Pace | None
    kept: list[int]
    brief_read: bool = False

    def step(
        self, topic: int, phase: Phase, discussion: int, tail: int, calls: Requests, grows: int = 0, kept: int = 0
    ) -> PlanStep:
        """The step for a phase.

        Args:
            topic: the topic's number.
            phase: the phase.
            discussion: the tokens of the discussion when the phase begins.
            tail: the tokens that only one call sends, such as the question.
            calls: the number of calls.
            grows: the tokens by which each call makes the discussion longer.
            kept: the tokens of all tails that the server need not read.
        """
        asks = calls.expected
        slots = min(len(self.kept), asks) if phase.at_once else min(1, asks)
        grown = grows * max(0, asks - 1)
        common = sum(max(0, discussion - self.kept[slot]) for slot in range(slots)) + grown
        evaluated = common + asks * tail - kept
        for slot in range(slots):
            self.kept[slot] = discussion + grown
        sent = asks * (discussion + tail) + grown * asks // 2
        written = asks * phase.reply_tokens
        seconds = None
        if self.pace:
            seconds = evaluated / self.pace.reads + written / (self.pace.writes * max(1, slots))
        turns = asks if phase.is_turn else 0
        return PlanStep(topic, phase.name, turns, *calls, sent, evaluated, written, seconds, common)


@dataclass(frozen=True, slots=True)
class Planner:
    """Makes plans from specs.

    Attributes:
        roles: all roles, by id.
        count: counts tokens.
        library: finds passages of the attached documents; None when there are none.
        pace: how fast the model is; None when it takes no noticeable time.
        paces: how fast each model of a council is, by name.
    """

    roles: Mapping[str, Role]
    count: CountTokens
    library: Library | None = None
    pace: Pace | None = None
    paces: Mapping[str, Pace | None] = field(default_factory=dict)
    _cards: dict[tuple[str, str], str] = field(default_factory=dict, init=False, repr=False, compare=False)
    _pairs: dict[tuple[tuple[Document, ...], tuple[str, ...]], Sequence[Pair]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def plan(self, spec: MeetingSpec) -> Plan:
        """What the meeting with this spec will cost."""
        server = _Server(self.pace, [0] * (self.pace.parallel if self.pace else 1))
        steps: list[PlanStep] = []
        packings: dict[int, context.Packing] = {}
        passages = passages_of(spec.documents)
        for topic in spec.topics:
            server.kept = [self.count(prompts.brief(spec)) if server.brief_read else 0 for _ in server.kept]
            server.brief_read = True
            if spec.open_actions and topic is spec.topics[0]:
                steps += self._follow_up(spec, topic, server)
            else:
                packings[topic.number] = self._packed(spec, topic, passages)
                steps += self._topic(spec, topic, server, packings[topic.number])
        unread = {number: packed.unread for number, packed in packings.items() if packed.unread.lines}
        parts = max((packed.most_parts for packed in packings.values()), default=0)
        shown = {number: expected(spec, packed, passages) for number, packed in packings.items()}
        plan = Plan(tuple(steps), self.pace, unread, parts, coverage=shown if spec.documents else {})
        return _with_council(plan, spec, self.paces) if spec.council else plan

    def _follow_up(self, spec: MeetingSpec, topic: Topic, server: _Server) -> Iterator[PlanStep]:
        asked = {owner for one in spec.open_actions for owner in one.owners} & set(spec.speakers)
        listed = "\n".join(series.action_line(spec, one) for one in spec.open_actions)
        head = prompts.topic_head(series.AGENDA, topic, (), ())
        discussion = self.count(prompts.brief(spec)) + self.count(head) + self.count(listed)
        tail = self._card(spec) + self.count(series.report_question(topic.text, spec.open_actions))
        yield server.step(topic.number, FOLLOW_UP, discussion, tail, Requests(len(asked), len(asked), len(asked)))

    def _packed(self, spec: MeetingSpec, topic: Topic, passages: Sequence[Passage]) -> context.Packing:
        """How the context of a topic will be divided."""
        roles = {name: self.roles[name] for name in spec.speakers if name in self.roles}
        asked = replace(
            topic_to_pack(spec, topic), passages=passages, library=self.library, roles=roles,
            introductions={name: self._card_of(name, spec.about) for name in roles},
        )  # fmt: skip
        return pack(asked, self.count)

    def _topic(self, spec: MeetingSpec, topic: Topic, server: _Server, packed: context.Packing) -> Iterator[PlanStep]:
        kind = spec.kind
        head = prompts.topic_head(kind.agenda, topic, joined(packed.shared), (), packed.outline)
        discussion = self.count(prompts.brief(spec)) + self.count(head) + 2 * MESSAGE_TOKENS
        noted = 0
        for name in phases_held(spec, packed):
            phase = phase_named(name)
            if phase.finds:
                yield from self._close_reading(spec, topic, phase, server)
                discussion += phase.discussion_tokens
                continue
            calls = self._requests(spec, packed, name)
            own = self._own(spec, topic, packed, name) if phase.reads_documents else 0
            tail = self._tail(spec, topic, phase) + own
            tail += self.count(prompts.NOTED) + min(noted, context.notes_tokens(spec.context_tokens)) if noted else 0
            entry = min(phase.reply_tokens, packed.shortened(phase.entry_tokens)) + context.ENTRY_EXTRA
            grows = 0 if phase.at_once or not phase.is_turn else entry
            again, phase = self._asked_again(spec, topic, phase, tail)
            discussion += phase.discussion_tokens if phase.votes else 0
            if calls.expected:
                yield server.step(topic.number, phase, discussion, tail, calls, grows, again)
            if phase.apart:
                noted += phase.reply_tokens
                continue
            discussion += calls.expected * entry if phase.is_turn else 0
            discussion += 0 if phase.votes else phase.discussion_tokens
        asks, most = extractions(spec)
        tail = self.count(prompts.extract(ACTION.label, ACTION.ask)) + MESSAGE_TOKENS
        yield server.step(topic.number, SCRIBE, discussion, tail, Requests(asks, asks, most))

    def _close_reading(self, spec: MeetingSpec, topic: Topic, phase: Phase, server: _Server) -> Iterator[PlanStep]:
        """What close reading costs: as many checks as there are pairs, and the questions what to change. Its prompts
        have nothing in common, so that the server keeps nothing of them.
        """
        roles = [self.roles[name] for name in spec.speakers if name in self.roles]
        passages = passages_of(spec.documents)
        if not passages:
            return
        pairs = self._pairs_of(spec, roles, passages)
        checks = sum(self.count(prompts.check(pair.item, pair.quote)) + MESSAGE_TOKENS for pair in pairs)
        changed = min(MOST_CHANGES, len({pair.place for pair in pairs if pair.shown}))
        most = min(MOST_CHANGES, len(pairs))
        card = round(mean(self.count(role.card()) for role in roles)) if roles else 0
        around = (
            (2 * AROUND + 1)
            * sum(self.count(one.text) for one in passages)
            // sum(one.last - one.first + 1 for one in passages)
        )
        asked = card + around + self.count(prompts.change("x" * 80, "x" * 120))
        dealt = closely(passages, roles, spec.reading_turns) if spec.reads_closely else {}
        parts = [part for read in dealt.values() for part in read]
        read = sum(card + self.count(prompts.read_closely()) + self.count(render_passages(part)) for part in parts)
        sent = checks + changed * asked + read
        turns = changed + len(parts)
        calls = Requests(len(pairs) + turns, len(pairs) + len(parts), len(pairs) + most + len(parts))
        written = len(pairs) + changed * phase.reply_tokens + len(parts) * READ_REPLY
        seconds = sent / self.pace.reads + written / self.pace.writes if self.pace else None
        if calls.expected:
            server.kept = [0 for _ in server.kept]
            yield PlanStep(topic.number, phase.name, turns, *calls, sent, sent, written, seconds)

    def _pairs_of(self, spec: MeetingSpec, roles: Sequence[Role], passages: Sequence[Passage]) -> Sequence[Pair]:
        """The pairs of these roles; they are searched once, because that reads all of the documents."""
        key = (spec.documents, spec.speakers)
        if key not in self._pairs:
            self._pairs[key] = pairs_of(roles, spec.documents, passages)
        return self._pairs[key]

    def _requests(self, spec: MeetingSpec, packed: context.Packing, name: str) -> Requests:
        """The number of model calls in a phase; when parts are read, only those who have one are asked."""
        phase = phase_named(name)
        if phase.taken(spec):
            return Requests(0, 0, 0)
        if not phase.apart:
            return requests_in(spec, phase)
        readers = reading_calls(packed)[name]
        return Requests(readers, readers, readers)

    def _asked_again(self, spec: MeetingSpec, topic: Topic, phase: Phase, tail: int) -> tuple[int, Phase]:
        """Where each model is asked twice: the tokens of the tails that the server need not read, and the phase with
        the average length of both answers. Else 0, and the phase as it is.

        The server has read the tail for the first answer up to the question, and the second question is short. So is
        the first where no reasons are asked for.
        """
        if phase.again_tokens is None:
            return 0, phase
        question = phase.question(spec, topic, phase) if phase.question else ""
        short = self.count(prompts.ballot("T9", prompts.ORDERS[1], reasons=False))
        first, kept = phase.reply_tokens, tail - short
        if _only_noise(spec):
            first, kept = phase.again_tokens, kept + self.count(question) - short
        models = len(spec.seats) - bool(spec.person)
        return models * kept, replace(phase, reply_tokens=round(mean([first, phase.again_tokens])))

    def _card_of(self, name: str, about: str) -> str:
        """The card of a role; it is made once, because that reads all of the documents."""
        if (name, about) not in self._cards:
            self._cards[name, about] = card_for(self.roles[name], about)
        return self._cards[name, about]

    def _card(self, spec: MeetingSpec) -> int:
        cards = [self.count(self._card_of(name, spec.about)) for name in spec.speakers if name in self.roles]
        return round(mean(cards)) + MESSAGE_TOKENS if cards else MESSAGE_TOKENS

    def _own(self, spec: MeetingSpec, topic: Topic, packed: context.Packing, phase: str) -> int:
        """The average tokens of the passages that one role alone is shown in a phase."""
        if not spec.own_passages or self.library is None:
            return 0
        sizes = []
        for name in spec.speakers:
            if name in self.roles:
                own = packed.part_in(phase, name)
                if own is None and phase_named(phase).apart:
                    continue
                if own is None:
                    others = {*packed.shared, *packed.left}
                    own = context.own_passages(self.roles[name], topic.text, self.library, others, self.count)
                sizes.append(self.count(render_passages(joined(own))) if own else 0)
        return round(mean(sizes)) if sizes else 0

    def _tail(self, spec: MeetingSpec, topic: Topic, phase: Phase) -> int:
        question = phase.question(spec, topic, phase) if phase.question else ""
        return self._card(spec) + self.count(question)


def _with_council(plan: Plan, spec: MeetingSpec, paces: Mapping[str, Pace | None]) -> Plan:
    """A plan for several models: each reads the discussion for itself, and answers for its own seats.

    Args:
        plan: the plan for one model.
        spec: the spec of the meeting.
        paces: how fast each model is, by name.
    """
    lead = spec.council[""]
    seats: dict[str, list[str]] = {lead: []}
    for seat in spec.seats:
        if not seat.human:
            seats.setdefault(spec.council.get(seat.role, lead), []).append(seat.role)
    every, steps = sum(map(len, seats.values())) or 1, []
    rows: dict[str, list[PlanStep]] = {name: [] for name in seats}
    for step in plan.steps:
        of_lead = step.phase == SCRIBE.name or (step.phase != FOLLOW_UP.name and phase_named(step.phase).proposes)
        for name, roles in seats.items():
            share = float(name == lead) if of_lead else len(roles) / every
            rows[name].append(_share(step, share, paces.get(name)))
        mine = [own[-1] for own in rows.values()]
        seconds = [own.seconds for own in mine if own.seconds is not None]
        evaluated = sum(own.evaluated for own in mine)
        steps.append(replace(step, evaluated=evaluated, seconds=sum(seconds) if seconds else None))
    known = [pace for name in seats if (pace := paces.get(name))]
    pace = min(known, key=lambda one: one.calls, default=None)
    models = tuple(_of_model(name, seats[name], own, paces.get(name)) for name, own in rows.items())
    return replace(plan, steps=tuple(steps), pace=pace, models=models)


def _share(step: PlanStep, share: float, pace: Pace | None) -> PlanStep:
    """The part of a step that one model does."""
    requests, written = round(step.requests * share), round(step.written * share)
    evaluated = step.common + round((step.evaluated - step.common) * share) if share else 0
    seconds = evaluated / pace.reads + written / (pace.writes * max(1, min(pace.parallel, requests))) if pace else None
    return replace(step, requests=requests, evaluated=evaluated, written=written, seconds=seconds)


def _of_model(name: str, roles: Sequence[str], steps: Sequence[PlanStep], pace: Pace | None) -> ModelPlan:
    requests, evaluated, written = (
        sum(getattr(step, one) for step in steps) for one in ("requests", "evaluated", "written")
    )
    seconds = sum(step.seconds or 0.0 for step in steps) if pace else None
    return ModelPlan(name, tuple(roles), requests, evaluated, written, seconds, pace.calls if pace else 0)


def _only_noise(spec: MeetingSpec) -> bool:
    """Whether it is known before the meeting that no vote of its models counts."""
    models = {spec.council[seat.role] for seat in spec.seats if seat.role in spec.council and not seat.human}
    if models:
        return len(spec.juries) == len(models) and not any(jury.passes for jury in spec.juries)
    jury = jury_of(spec.juries, spec.model)
    return bool(jury and not jury.passes)


def expected(spec: MeetingSpec, packed: context.Packing, passages: Sequence[Passage]) -> tuple[Coverage, ...]:
    """How much of each document is shown on a topic if every participant answers.

    Args:
        spec: the spec of the meeting.
        packed: how the context of the topic is divided.
        passages: the passages of the documents.
    """
    parts = {role: tuple(one for part in read for one in part) for role, read in packed.parts.items()}
    return coverage(spec.documents, passages, parts, packed.unread, sum(not seat.human for seat in spec.seats))


def with_controls(plan: Plan, ballots: Sequence[ControlBallot], paces: Mapping[str, Pace], count: CountTokens) -> Plan:
    """A plan with the control ballots of some models.

    Args:
        plan: the plan of the meeting.
        ballots: the control ballots.
        paces: how fast each of these models is, by name; none if every model was tested.
        count: counts tokens.
    """
    if not paces:
        return plan
    read, written = tokens_of(ballots, count)
    seconds = sum(read / pace.reads + written / (pace.writes * pace.parallel) for pace in paces.values())
    calls = sum(len(ballot.prompts) for ballot in ballots)
    models = len(paces)
    due = seconds < WORTH * plan.minutes * 60
    controls = ControlsPlan(tuple(paces), calls * models, read * models, written * models, seconds, due)
    return replace(plan, controls=controls)


def extractions(spec: MeetingSpec) -> tuple[int, int]:
    """The number of sections for which the scribe is asked in a topic: the expected number and the most."""
    kind, phases = spec.kind, [phase for phase in phases_of(spec.kind) if not phase.taken(spec)]
    listing = {want.label for phase in phases if phase.only_lines for want in phase.extra_lines}
    labels = {line.label for line in kind.lines}
    labels |= {want.label for phase in phases if not phase.only_lines for want in phase.extra_lines}
    unasked = 0 if any(phase.asks_lines for phase in phases) else len(labels)
    return unasked, len(labels | listing)


def trimmed(spec: MeetingSpec, minutes: float, planner: Planner) -> tuple[MeetingSpec, list[str]]:
    """Shorten a meeting until it fits a time box: take no votes that decide nothing, let each role read fewer parts of
    long documents, then remove optional seats, then the exchange, then own passages.

    Args:
        spec: the spec of the meeting.
        minutes: the time box.
        planner: estimates the time.

    Returns:
        The spec that fits, or the shortest possible one; and one sentence about each cut.
    """
    cut: list[str] = []
    for shorter, what in _cuts(spec, planner.plan(spec).parts):
        if planner.plan(spec).minutes <= minutes:
            break
        spec = shorter(spec)
        cut.append(what)
    return spec, cut


def _cuts(spec: MeetingSpec, parts: int) -> Iterator[tuple[Callable[[MeetingSpec], MeetingSpec], str]]:
    """What may be cut, the least important first, each with a sentence for the minutes; ``parts`` is the number of
    parts of the documents that a role would read.
    """
    if _only_noise(spec) and not spec.person and any(phase.votes for phase in phases_of(spec.kind)):
        models = "these models" if len(set(spec.council.values())) > 1 else "this model"
        yield _without_votes, f"No vote is taken, because votes of {models} decide nothing."
    for fewer in range(parts - 1, 0, -1):
        read = "one part" if fewer == 1 else f"at most {fewer} parts"
        yield partial(replace, reading_turns=fewer), f"Each role reads {read} of the documents, not {fewer + 1}."
    for seat in reversed(spec.seats):
        if seat.optional and seat.role != spec.facilitator:
            yield partial(_without_seat, role=seat.role), f"{seat.title} is not invited ({seat.reason})."
    for phase in phases_of(spec.kind):
        if phase.instead:
            shorter, what = phase.instead
            yield partial(_with_shorter, shorter=shorter, phase=phase.name), what
    if spec.documents and spec.own_passages:
        yield _without_own_passages, "All speakers see the same passages, without those chosen for one role."


def _without_seat(spec: MeetingSpec, role: str) -> MeetingSpec:
    return replace(spec, seats=tuple(seat for seat in spec.seats if seat.role != role))


def _with_shorter(spec: MeetingSpec, shorter: str, phase: str) -> MeetingSpec:
    """The spec with a shorter phase in the place of a phase, or without the phase if it has the shorter one anyway."""
    kept = [name for name in spec.kind.phases if name != phase or shorter not in spec.kind.phases]
    names = tuple(shorter if name == phase else name for name in kept)
    return replace(spec, kind=replace(spec.kind, phases=names))


def _without_votes(spec: MeetingSpec) -> MeetingSpec:
    names = tuple(phase.name for phase in phases_of(spec.kind) if not (phase.votes or phase.proposes))
    return replace(spec, kind=replace(spec.kind, phases=names))


def _without_own_passages(spec: MeetingSpec) -> MeetingSpec:
    return replace(spec, own_passages=False)
