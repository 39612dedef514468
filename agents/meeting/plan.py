"""What a meeting will cost, before anybody is asked: turns, requests, tokens, minutes.

The sizes are those of the very words that will be sent, packed as they will be packed. What nobody can know before the
meeting is assumed, and said here: speakers write as much as ``REPLY_TOKENS`` says; first positions differ, so everybody
takes part in an exchange; nobody fails, so nothing is asked twice; and speakers write the labelled lines they are asked
for, so the scribe has to look only for what nobody was asked to label. ``least`` and ``most`` say how far the number of
requests may be off while no call fails. Tokens are counted by the same rough rule that packs the context before a
server has counted any; it errs on the high side, by about a fifth for English.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from statistics import mean

from agents.meeting import context, phases, prompts
from agents.meeting.meeting_type import MeetingType
from agents.meeting.phases import ASKING_PHASES, STATING_PHASES
from agents.meeting.prompts import ACTION, CHALLENGE, EVENT, FACT, IDEA, POSITION, PROPOSAL, QUESTION
from agents.meeting.record import Topic
from agents.meeting.room import series
from agents.meeting.spec import MeetingCall
from agents.model import Wanted, render_passages
from agents.role import Role

REPLY_TOKENS = {"exchange": 110, "challenge": 110, "ballot": 60, "dot_vote": 25, "minutes": 120, "follow up": 80}
"""What an answer is taken to have in these phases; in all others ``STATEMENT_REPLY``."""
STATEMENT_REPLY = 180
LINE_TOKENS = 50
"""What one labelled line is taken to have, such as the proposal that is voted on."""
AT_ONCE = {"silent_round", "status_round", "timeline", "brainstorm", "exchange", "ballot", "follow up"}
"""Phases that ask everybody at the same moment."""
NO_TURN = {"ballot", "dot_vote", "minutes"}
"""Phases whose answers are not turns."""
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
class Step:
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

    steps: tuple[Step, ...]
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
    """What the model server has read already: for each of its slots, how much of the talk."""

    pace: Pace | None
    known: list[int]
    brief_read: bool = False

    def step(
        self, topic: int, phase: str, talk: int, tail: int, asks: int, bounds: tuple[int, int], grows: int = 0
    ) -> Step:
        """One phase: ``asks`` calls that each send the talk so far, which grows from one to the next, and a tail."""
        slots = min(len(self.known), asks) if phase in AT_ONCE else min(1, asks)
        grown = grows * max(0, asks - 1)
        evaluated = sum(max(0, talk - self.known[slot]) for slot in range(slots)) + grown + asks * tail
        for slot in range(slots):
            self.known[slot] = talk + grown
        sent = asks * (talk + tail) + grown * asks // 2
        written = asks * REPLY_TOKENS.get(phase, STATEMENT_REPLY)
        seconds = None
        if self.pace:
            seconds = evaluated / self.pace.reads + written / (self.pace.writes * max(1, slots))
        return Step(topic, phase, 0 if phase in NO_TURN else asks, asks, *bounds, sent, evaluated, written, seconds)


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
    count: context.Count
    library: context.Library | None = None
    pace: Pace | None = None

    def plan(self, call: MeetingCall) -> Plan:
        """What a meeting called like this will cost."""
        server = _Server(self.pace, [0] * (self.pace.parallel if self.pace else 1))
        steps: list[Step] = []
        for topic in call.topics:
            server.known = [self.count(prompts.brief(call)) if server.brief_read else 0 for _ in server.known]
            server.brief_read = True
            if call.open_actions and topic is call.topics[0]:
                steps += self._follow_up(call, topic, server)
            else:
                steps += self._topic(call, topic, server)
        return Plan(tuple(steps), self.pace)

    def _follow_up(self, call: MeetingCall, topic: Topic, server: _Server) -> Iterator[Step]:
        asked = {one.owner for one in call.open_actions} & set(call.speakers)
        about = replace(call, kind=replace(call.kind, agenda=series.AGENDA))
        listed = "\n".join(series.line(call, one) for one in call.open_actions)
        talk = self.count(prompts.brief(call)) + self.count(prompts.topic_head(about, topic, (), ()))
        tail = self._card(call) + self.count(series.question(topic.text, call.open_actions))
        yield server.step(topic.number, "follow up", talk + self.count(listed), tail, len(asked), (len(asked),) * 2)

    def _topic(self, call: MeetingCall, topic: Topic, server: _Server) -> Iterator[Step]:
        kind, passages = call.kind, tuple(one for document in call.documents for one in document.passages())
        brief = self.count(prompts.brief(call))
        packed = context.pack(
            call.context_tokens,
            brief + self.count(prompts.topic_head(call, topic, (), ())),
            phases.most_entries(kind, len(call.seats)),
            passages,
            self.library,
            [topic.text, " ".join(kind.agenda)],
            self.count,
        )
        talk = brief + self.count(prompts.topic_head(call, topic, packed.shared, ())) + 2 * MESSAGE_TOKENS
        own = self._own(call, topic, packed)
        for phase in kind.phases:
            asks, least, most = requests(kind, phase, len(call.seats))
            tail = self._tail(call, topic, phase) + (own if phase not in {"proposal", "ballot", "dot_vote"} else 0)
            entry = min(REPLY_TOKENS.get(phase, STATEMENT_REPLY), packed.entry_tokens(phase)) + context.ENTRY_EXTRA
            grows = entry if phase == "open_round" else 0  # one after the other, each having heard those before
            if asks:
                yield server.step(topic.number, phase, talk, tail, asks, (least, most), grows)
            talk += {"ballot": 0, "digest": 30, "dot_vote": 60}.get(phase, asks * entry)
        asks, most = looked_for(kind)
        tail = self.count(prompts.extract(ACTION.label, ACTION.ask)) + MESSAGE_TOKENS
        yield server.step(topic.number, "minutes", talk, tail, asks, (asks, most))

    def _card(self, call: MeetingCall) -> int:
        cards = [self.count(self.roles[name].card()) for name in call.speakers if name in self.roles]
        return round(mean(cards)) + MESSAGE_TOKENS if cards else MESSAGE_TOKENS

    def _own(self, call: MeetingCall, topic: Topic, packed: context.Packing) -> int:
        """The passages that one role alone sees, on the average."""
        if not call.own_passages or self.library is None:
            return 0
        sizes = []
        for name in call.speakers:
            if name in self.roles:
                own = context.own_passages(self.roles[name], topic.text, self.library, packed.shared, self.count)
                sizes.append(self.count(render_passages(own)) if own else 0)
        return round(mean(sizes)) if sizes else 0

    def _tail(self, call: MeetingCall, topic: Topic, phase: str) -> int:
        return self._card(call) + self.count(_question(call, topic, phase))


def requests(kind: MeetingType, phase: str, seats: int) -> tuple[int, int, int]:
    """How many calls a phase takes with so many seats: expected, the fewest, the most."""
    if phase == "digest":
        return 0, 0, 0
    if phase == "challenge":
        return 1, 1, 1
    if phase == "proposal":  # asked for again where it does not say which words are to be voted on
        return 1, 1, 2
    if phase in STATING_PHASES and any(want.label == POSITION.label for want in phases.leading_lines(kind)):
        return seats, seats, 2 * seats  # a position that was left out is asked for by itself
    if phase == "exchange":  # where first positions are all the same, one challenger speaks instead
        return seats, min(1, seats), seats
    if phase == "dot_vote" or (phase == "ballot" and "proposal" not in kind.phases):
        return seats, 0, seats
    return seats, seats, seats


def looked_for(kind: MeetingType) -> tuple[int, int]:
    """How many sections of the minutes the scribe has to look for in a topic: expected, and at the most."""
    asked = set(ASKING_PHASES) & set(kind.phases)
    own = {line.label for line in kind.lines}
    labels = own | ({ACTION.label} if asked or "proposal" in kind.phases else set())
    labels |= {QUESTION.label} if {"silent_round", "open_round"} & asked else set()
    unasked = 0 if asked else len(labels)
    other = {EVENT.label: "timeline", IDEA.label: "brainstorm"}
    return unasked, len(labels | {label for label, phase in other.items() if phase in kind.phases})


def _question(call: MeetingCall, topic: Topic, phase: str) -> str:
    """The words of a phase's question, as near as they can be known before anybody has spoken."""
    kind = call.kind
    lines = tuple(prompts.wanted_from(each) for each in kind.lines)
    leading = phases.leading_lines(kind)
    fact: tuple[Wanted, ...] = (FACT,) if call.documents else ()
    said = "x" * 3 * LINE_TOKENS
    words: Mapping[str, Callable[[], str]] = {
        "silent_round": lambda: prompts.statement(topic, (*fact, *lines, *leading, ACTION, QUESTION)),
        "status_round": lambda: prompts.report(topic, (*lines, *leading, ACTION)),
        "open_round": lambda: prompts.follow_up(topic, (*lines, ACTION, QUESTION)),
        "timeline": lambda: prompts.report(topic, (EVENT,)),
        "brainstorm": lambda: prompts.report(topic, (IDEA,)),
        "dot_vote": lambda: prompts.dots({f"I{n}": said[:90] for n in range(2 * len(call.seats))}, 3),
        "exchange": lambda: prompts.exchange(topic, "T1", "against", [f"T{n}" for n in range(len(call.seats) // 2)]),
        "challenge": lambda: prompts.challenge(topic),
        "proposal": lambda: prompts.proposal(topic, {}, kind.proposal),
        "ballot": lambda: prompts.ballot("T9", said),
    }
    return words[phase]() if phase in words else prompts.report(topic, (PROPOSAL, CHALLENGE))


def trimmed(call: MeetingCall, minutes: float, planner: Planner) -> tuple[MeetingCall, list[str]]:
    """Cut a meeting until it is expected to fit a time box: optional seats, then the exchange, then own passages.

    Args:
        call: the meeting.
        minutes: the time box.
        planner: says how long it takes.

    Returns:
        The call as it fits, or as short as it gets; and what was cut, a sentence each.
    """
    cut: list[str] = []
    for shorter, what in _cuts(call):
        if planner.plan(call).minutes <= minutes:
            break
        call = shorter(call)
        cut.append(what)
    return call, cut


def _cuts(call: MeetingCall) -> Iterator[tuple[Callable[[MeetingCall], MeetingCall], str]]:
    """What may be cut, the least loss first."""
    for seat in reversed(call.seats):
        if seat.role in call.kind.optional and seat.reason.startswith("knows about") and seat.role != call.facilitator:
            yield partial(_without_seat, gone=seat.role), f"{seat.title} is not invited ({seat.reason})."
    if "exchange" in call.kind.phases:
        yield _without_exchange, "There is no exchange: nobody answers a statement that differs."
    if call.documents and call.own_passages:
        yield _without_own, "Nobody sees passages of its own; all see the same part of the documents."


def _without_seat(call: MeetingCall, gone: str) -> MeetingCall:
    return replace(call, seats=tuple(seat for seat in call.seats if seat.role != gone))


def _without_exchange(call: MeetingCall) -> MeetingCall:
    """Positions are still asked for and counted, which is what a digest does."""
    kept = call.kind.phases if "digest" not in call.kind.phases else [p for p in call.kind.phases if p != "exchange"]
    names = tuple("digest" if name == "exchange" else name for name in kept)
    return replace(call, kind=replace(call.kind, phases=names))


def _without_own(call: MeetingCall) -> MeetingCall:
    return replace(call, own_passages=False)
