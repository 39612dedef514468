"""The phases of a topic. Each is one value in ``PHASES``: what happens in it, what its speakers are asked, and all that
the estimate, the division of the context, the checks of type files and the minutes need to know about it.

Code decides the course of a phase: no model chooses the next speaker, ends a round, or decides whether all agree.
"""

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from agents.documents import passages_of
from agents.meeting import checklist as looks
from agents.meeting import fields, prompts, proposals, reading
from agents.meeting.close_reading.phase import CLOSE_READING, MOST_CHANGES, close_reading
from agents.meeting.context import (
    BALLOT_TOKENS,
    PROPOSAL_TOKENS,
    SHORT_TOKENS,
    STATEMENT_ENTRY,
    STATEMENT_TOKENS,
    VOTE_TOKENS,
    Packing,
)
from agents.meeting.ideas import by_dots, count_dots, ideas_of, most_dots
from agents.meeting.journal_values import PutToVote, StoredPacking
from agents.meeting.jury import jury_of
from agents.meeting.meeting_type import MeetingType
from agents.meeting.prompts import (
    ACTION,
    CHALLENGE,
    CONDITION,
    EVENT,
    FACT,
    IDEA,
    MOVE,
    POSITION,
    PROPOSAL,
    QUESTION,
    Ask,
    Instruction,
)
from agents.meeting.record import Entry, Item, Position, Topic, Turn, Vote
from agents.meeting.sections import READING, phase_of_part
from agents.meeting.spec import MeetingSpec
from agents.meeting.timeline import MOST_EVENTS, happened_in
from agents.model import Asked, Task, Wanted
from agents.text import one_line

if TYPE_CHECKING:
    from agents.meeting.room.room import Room

STATEMENT_REPLY = 180
"""The expected tokens of a statement."""
LINE_TOKENS = 50
"""The expected tokens of one labelled line, such as the proposal that is voted on."""


class Requests(NamedTuple):
    """The number of model calls in a phase: the expected number, and the fewest and the most when no call fails."""

    expected: int
    least: int
    most: int


_NO_REPEAT = "What do you add to what the colleagues above said?"
_REPORT = Instruction("You have the floor for your report.", "What do you report?")


def each_seat(_kind: MeetingType, seats: int) -> Requests:
    """One call for each seat."""
    return Requests(seats, seats, seats)


@dataclass(frozen=True, slots=True)
class Phase:
    """A step of the process for one topic.

    Attributes:
        name: its name in type files.
        run: the function that runs it, given the room and the phase.
        question: returns its question as far as it is known before the meeting; None if nobody is asked.
        instruction: what a speaker is told around the fields that it is asked for.
        task: the kind of its model calls.
        asks_lines: whether it asks for the lines of the meeting type.
        asks_facts: whether it asks for a fact when there are documents.
        extra_lines: the other lines that it asks for.
        only_lines: whether it asks for one kind of line only, so that a plain list counts as such lines.
        states_position: whether it asks for a first position, in a type where positions are compared.
        weighs_positions: whether it compares the first positions.
        changes_position: whether a speaker may change its position.
        challenges: whether one participant argues against what all agree on.
        proposes: whether its turn is put to the vote.
        votes: whether the participants vote on a proposal.
        anonymous: whether later speakers see its turns without names and in shuffled order.
        at_once: whether all participants are asked at the same time; else each sees the answers before its own.
        reads_documents: whether each speaker also sees passages chosen for its role alone.
        is_turn: whether its answers are turns.
        apart: whether its turns stay out of the discussion, so that later speakers do not see them.
        finds: whether its turns are about lines of the documents; what several say about a line is one finding.
        taken: whether code takes from the documents what the phase would ask for, so that nobody is asked.
        left_out: whether a meeting goes without the phase, because there is nothing for it to work on.
        without: what the minutes say where it is left out, or "".
        requests: returns its number of model calls, from the type and the number of seats.
        entries: returns its number of contributions to the discussion, from the number of seats.
        entry_tokens: the most tokens of a contribution that later speakers see.
        reply_tokens: the expected tokens of an answer.
        discussion_tokens: the tokens that code adds to the discussion; where all vote, before they are asked.
        again_tokens: the expected tokens of the second answer, where each participant is asked twice; else None.
        needs: the phase that must come before it, and the reason; None for none.
        shown: its name as readers see it; "" for the words of ``name``.
        instead: the shorter phase that replaces it in a time box, and the note for the minutes; None for none.
    """

    name: str
    run: "Callable[[Room, Phase], Awaitable[None]]"
    question: Callable[[MeetingSpec, Topic, "Phase"], str] | None = None
    instruction: Instruction = _REPORT
    task: Task = Task.STATUS
    asks_lines: bool = False
    asks_facts: bool = False
    extra_lines: tuple[Wanted, ...] = ()
    only_lines: bool = False
    states_position: bool = False
    weighs_positions: bool = False
    changes_position: bool = False
    challenges: bool = False
    proposes: bool = False
    votes: bool = False
    anonymous: bool = False
    at_once: bool = True
    reads_documents: bool = True
    is_turn: bool = True
    apart: bool = False
    finds: bool = False
    taken: Callable[[MeetingSpec], bool] = lambda _spec: False
    left_out: Callable[[MeetingSpec], bool] = lambda _spec: False
    without: str = ""
    requests: Callable[[MeetingType, int], Requests] = each_seat
    entries: Callable[[int], int] = int
    entry_tokens: int = STATEMENT_ENTRY
    reply_tokens: int = STATEMENT_REPLY
    discussion_tokens: int = 0
    again_tokens: int | None = None
    needs: tuple[str, str] | None = None
    shown: str = ""
    instead: tuple[str, str] | None = None


def lines_asked(spec: MeetingSpec, phase: Phase) -> tuple[Wanted, ...]:
    """The lines for which a phase asks each speaker."""
    own = tuple(prompts.wanted_from(line) for line in spec.kind.lines) if phase.asks_lines else ()
    own_facts = any(line.draws_on == "fact" for line in spec.kind.lines)
    # What close reading finds stands in the documents, word for word, so that nobody need copy facts from them.
    read = any(each.finds for each in phases_of(spec.kind))
    fact = (FACT,) if phase.asks_facts and spec.documents and not own_facts and not read else ()
    leading = leading_lines(spec.kind) if phase.states_position else ()
    extra = (prompts.task(spec) if want is ACTION else want for want in phase.extra_lines)
    return (*own, *fact, *leading, *extra)


def leading_lines(kind: MeetingType) -> tuple[Wanted, ...]:
    """The lines that prepare a decision: a position if a phase compares positions, a condition if a choice takes some
    and the type has no line of its own for them.
    """
    phases = phases_of(kind)
    position = (POSITION,) if any(phase.weighs_positions for phase in phases) else ()
    taken = {label for choice in kind.choices for label in choice.takes} - {line.label for line in kind.lines}
    asked = CONDITION.label in taken and any(phase.proposes for phase in phases)
    return (*position, CONDITION) if asked else position


def speakers_question(spec: MeetingSpec, topic: Topic, phase: Phase) -> str:
    """The question with which a phase asks each speaker for labelled lines."""
    return prompts.speak(topic, lines_asked(spec, phase), phase.instruction)


def _statement(room: "Room", phase: Phase, name: str) -> Ask:
    wants = lines_asked(room.spec, phase)
    question = speakers_question(room.spec, room.open_topic.topic, phase)
    return Ask(name, phase.task, question, STATEMENT_TOKENS, wants, fields.schema_of(wants), documents=True)


async def all_at_once(room: "Room", phase: Phase) -> None:
    """Ask all participants at the same time; nobody sees the others' answers."""
    asks = [_statement(room, phase, name) for name in room.speakers]
    for turn in await room.ask_all(asks, anonymous=phase.anonymous):
        if phase.states_position and turn.position:
            room.open_topic.positions[turn.speaker] = turn.position


async def read_part(room: "Room", phase: Phase) -> None:
    """Ask each participant who reads a part of the documents in this phase what matters in it."""
    readers = [name for name in room.speakers if room.part_of(name)]
    await room.ask_all([_statement(room, phase, name) for name in readers])


async def one_by_one(room: "Room", phase: Phase) -> None:
    """Ask one participant after the other; each sees the answers before, and an answer that repeats one is dropped."""
    for name in room.speakers:
        await room.ask(_statement(room, phase, name), check_repeats=True)


def has_timeline(spec: MeetingSpec) -> bool:
    """Whether a document says when something happened."""
    return bool(happened_in(spec.documents))


async def timeline(room: "Room", phase: Phase) -> None:
    """Tell all the timeline that the documents contain. Where none contains one, ask each participant for events."""
    if not phase.taken(room.spec):
        await all_at_once(room, phase)
        return
    events = happened_in(room.spec.documents)
    rows = [f"{one.document}:{one.line} {proposals.short(one.text)}" for one in events]
    packing, count = room.open_topic.packing, room.scribe.count_tokens
    budget = packing.shortened(phase.entry_tokens) * phase.entries(len(room.speakers))
    shown = rows_within(rows, budget, count)
    left = len(rows) - len(shown)
    more = f"\n({left} more events stand in the documents.)" if left else ""
    room.announce("The timeline, as the documents have it:\n" + "\n".join(shown) + more)
    if left:
        if len(rows) > MOST_EVENTS:
            room.note(
                "long", f"The timeline lists {MOST_EVENTS} of the {len(rows)} events, the first and the last ones."
            )
        room.note("timeline", f"The speakers saw {len(shown)} of the {len(rows)} events of the timeline.")


def rows_within(rows: Sequence[str], budget: int, count: Callable[[str], int]) -> list[str]:
    """The rows that fit: all, or as many of the first as of the last."""
    kept = list(rows)
    while len(kept) > 2 and count("\n".join(kept)) > budget:
        middle, cut = len(kept) // 2, max(1, len(kept) // 10)
        kept = kept[: middle - cut // 2] + kept[middle - cut // 2 + cut :]
    return kept


async def dot_vote(room: "Room", _phase: Phase) -> None:
    """Ask each participant for the best ideas, one dot each; code counts the dots."""
    ideas = ideas_said(room.open_topic.turns)
    if not ideas:
        room.note("dots", "There were no ideas to vote on.")
        return
    listed, most = {name: idea.text for name, idea in ideas.items()}, most_dots(ideas)
    question, schema = prompts.dots(listed, most), prompts.dots_schema(list(ideas), most)
    answers = []
    for name in room.speakers:
        ask = Ask(name, Task.DOTS, question, BALLOT_TOKENS, schema=schema, asked=Asked(ideas=listed))
        answers.append(await room.ask_for_json(ask, "dots", lambda got: _bad_dots(got, listed)))
    ranked = by_dots(ideas, count_dots(answers, ideas))
    lines = [f"{dots} dots: {idea.text}" for idea, dots in ranked if dots]
    room.announce("The ideas by their dots:\n" + "\n".join(lines))


def _bad_dots(answer: object, ideas: Mapping[str, str]) -> str:
    """What is wrong with an answer to a dot vote, in words for the next attempt; "" when nothing is."""
    chosen = answer.get("ideas") if isinstance(answer, dict) else None
    if not isinstance(chosen, list) or not chosen or any(name not in list(ideas) for name in chosen):
        return f'"ideas" must be a list of ids out of {", ".join(ideas)}.'
    return ""


async def digest(room: "Room", _phase: Phase) -> None:
    """Count the positions, and add the counts to the discussion without names."""
    counted = positions(room)
    if sum(counted.values()):
        named = ", ".join(f"{name} {count}" for name, count in counted.items() if count)
        room.announce(f"Positions so far: {named}.")
    different = set(room.open_topic.positions.values())
    if len(room.open_topic.positions) > 2 and len(different) == 1 and different != {Position.UNDECIDED}:
        room.note(
            "unanimous",
            "All first positions were the same. One model spoke for the agents, so this agreement is weak evidence.",
        )


def positions(room: "Room") -> dict[str, int]:
    """The number of participants with each position."""
    counted = Counter(room.open_topic.positions.values())
    return {position.value: counted[position] for position in Position}


async def exchange(room: "Room", phase: Phase) -> None:
    """Where first positions differ, each participant answers one statement that differs from its own. Where all agree,
    one participant challenges the agreement.
    """
    first = dict(room.open_topic.positions)
    if len(set(first.values())) <= 1:
        await challenge(room, phase)
        return
    turns = {message.speaker: message.turn for message in room.open_topic.entries if message.turn}
    asks = []
    for name, position in first.items():
        others = [turns[other] for other, theirs in first.items() if theirs != position and other in turns]
        if name in turns and others:
            others.sort(key=lambda turn: int(turn[1:]))
            wants = moves(others)
            question = prompts.exchange(room.open_topic.topic, turns[name], position.value, wants)
            asks.append(Ask(name, Task.EXCHANGE, question, SHORT_TOKENS, wants, fields.schema_of(wants)))
    order = [name for name in room.speakers if name in first]
    asks.sort(key=lambda ask: order.index(ask.speaker))
    for turn in await room.ask_all(asks, check_repeats=True):
        if turn.position and reading.first_word(turn.text) == "REVISE":
            room.open_topic.positions[turn.speaker] = turn.position


def moves(others: Sequence[str]) -> tuple[Wanted, ...]:
    """The fields of a move in an exchange; ``others`` are the ids of the statements that may be answered."""
    return replace(MOVE, moves=tuple(others)), POSITION


async def challenge(room: "Room", _phase: Phase) -> None:
    """Ask one participant to argue against what all seem to agree on; a different one for each topic."""
    name = challenger(room)
    if name:
        question = prompts.challenge(room.open_topic.topic)
        schema = fields.schema_of([CHALLENGE])
        await room.ask(Ask(name, Task.CHALLENGE, question, SHORT_TOKENS, (CHALLENGE,), schema, documents=True))


def challenger(room: "Room") -> str:
    """The role id of the challenger: a participant with a veto if there is one, else any. The number of the topic
    chooses among several. The facilitator challenges only when nobody else is present.
    """
    others = [name for name in room.speakers if name != room.spec.facilitator] or list(room.speakers)
    veto = [name for name in others if name in room.spec.kind.veto]
    return (veto or others)[(room.open_topic.topic.number - 1) % len(veto or others)]


async def proposal(room: "Room", _phase: Phase) -> None:
    """Ask the facilitator for one of the choices of the type, and for findings and actions by number. Code writes the
    proposal from them. Where the facilitator makes no choice, nothing is put to the vote.
    """
    spec, topic = room.spec, room.open_topic.topic
    titles = {seat.role: seat.title for seat in spec.seats}
    table = proposals.table_for(spec.kind, room.open_topic.turns, titles, room.open_topic.repeated)
    if not table.choices:
        room.note("proposal", "Nobody said anything that could be put to the vote.")
        return
    person, on_table = spec.facilitator == spec.person, _listed(table)
    question = prompts.proposal(topic, positions(room), on_table, spec.kind.proposal, person=person)
    values = Asked(offers=table.offers(), findings=tuple(on_table.findings), actions=tuple(on_table.actions))
    ask = Ask(spec.facilitator, Task.PROPOSAL, question, PROPOSAL_TOKENS, schema=table.schema(), asked=values)
    answer = await room.ask_for_json(ask, "proposal.choice", table.problem_in, attempts=2, read=table.read)
    if answer is None:
        room.note("proposal", "The facilitator made none of the choices, so nothing was put to the vote.")
        return
    chosen = table.chosen(answer)
    entries = [Entry(PROPOSAL.label, chosen.sentence), *(Entry(ACTION.label, one.text) for one in chosen.actions)]
    room.put_to_vote(room.state(spec.facilitator, entries), chosen.choice.name, chosen.sentence)


def _listed(table: proposals.Table) -> prompts.OnTheTable:
    """What is on the table, as the facilitator reads it."""
    findings = [f"{one.label}: {proposals.short(one.text)} [{one.turn}]" for one in table.findings]
    actions = [f"{proposals.short(one.text)} [{one.turn}]" for one in table.actions]
    return prompts.OnTheTable(table.choices, findings, actions)


def _proposal_question(spec: MeetingSpec, topic: Topic, _phase: Phase) -> str:
    """The question of a facilitator after about as many findings and actions as are said in such a meeting."""
    counts = (min(proposals.MOST_FINDINGS, 2 * len(spec.seats)), min(proposals.MOST_FINDINGS, len(spec.seats)))
    findings, actions = (["x" * LINE_TOKENS * 2] * count for count in counts)
    return prompts.proposal(topic, {}, prompts.OnTheTable(spec.kind.choices, findings, actions), spec.kind.proposal)


async def ballot(room: "Room", _phase: Phase) -> None:
    """Ask all participants to vote on the proposal; nobody sees the others' votes.

    A model is asked in both orders of the options (docs/decisions/0017). One that does not tell control proposals apart
    is asked for no reasons, which would be worth no more than its votes.
    """
    put = room.open_topic.proposal
    if put is None:
        room.note("no proposal", "There was no proposal to vote on.")
        return
    told = prompts.put_to_vote(put.turn, put.text)
    room.announce(told)
    asked = Asked(proposal=put.text, actions=room.open_topic.said_in(put.turn, ACTION.label))
    first, second = (_vote(put, order, asked, reasons=False) for order in prompts.ORDERS)
    reasoned = _vote(put, prompts.ORDERS[0], asked, reasons=True)
    juries = {name: room.jury_of(name) for name in room.spec.voters if name != room.spec.person}
    for sentence in dict.fromkeys(jury.sentence for jury in juries.values() if jury):
        room.remark(sentence)
    voters = {}
    for name in room.spec.voters:
        if name not in juries:
            voters[name] = [replace(reasoned, question=f"{told}\n{reasoned.question}")]
        else:
            jury = juries[name]
            voters[name] = [first if jury and not jury.passes else reasoned, second]
    await room.vote_all([[replace(ask, speaker=name) for ask in asks] for name, asks in voters.items()])


def _vote(put: PutToVote, order: Sequence[Vote], asked: Asked, *, reasons: bool) -> Ask:
    """The question for a vote, still without a speaker."""
    question, schema = prompts.ballot(put.turn, order, reasons=reasons), prompts.ballot_schema(order, reasons=reasons)
    most = BALLOT_TOKENS if reasons else VOTE_TOKENS
    return Ask("", Task.BALLOT, question, most, schema=schema, asked=asked)


async def checklist(room: "Room", _phase: Phase) -> None:
    """Ask each participant which lines it would look at and what it would ask; nobody judges or decides."""
    asked = Asked(passages=passages_of(room.spec.documents))
    for name in room.speakers:
        ask = Ask(name, Task.CHECKLIST, looks.ASKED, STATEMENT_TOKENS, schema=looks.SCHEMA, documents=True, asked=asked)
        await room.ask_for_json(ask, looks.CHECKLIST, looks.problem_in)


def _stating(kind: MeetingType, seats: int) -> Requests:
    """One call for each seat, and one more for each statement that names no position where one is needed."""
    asked = any(want.label == POSITION.label for want in leading_lines(kind))
    return Requests(seats, seats, 2 * seats if asked else seats)


def _voting(kind: MeetingType, seats: int) -> Requests:
    """Two calls for each seat. Without a phase that proposes, there may be nothing to vote on, and so no call."""
    return Requests(2 * seats, 2 * seats if any(phase.proposes for phase in phases_of(kind)) else 0, 2 * seats)


_ALL = (
    Phase(
        CLOSE_READING, close_reading, task=Task.CHANGE, apart=True, finds=True, reads_documents=False,
        left_out=lambda spec: not spec.documents,
        requests=lambda _kind, _seats: Requests(MOST_CHANGES, 0, MOST_CHANGES), entries=lambda _seats: 1,
        entry_tokens=500, reply_tokens=40, discussion_tokens=450,
    ),
    Phase(
        "silent_round", all_at_once, speakers_question, Instruction(
            "You have the floor. Nobody has seen your view yet. Say what the others would miss.",
            "What does your job see in this?",
        ), Task.STATEMENT, asks_lines=True, asks_facts=True, extra_lines=(ACTION, QUESTION), states_position=True,
        anonymous=True, requests=_stating, shown="independent views",
    ),
    Phase(
        "status_round", all_at_once, speakers_question, _REPORT, asks_lines=True, extra_lines=(ACTION,),
        states_position=True, requests=_stating, shown="reports",
    ),
    Phase(
        "open_round", one_by_one, speakers_question, Instruction(
            "You have the floor. You have heard the colleagues above. Do not repeat them.", _NO_REPEAT
        ), asks_lines=True, extra_lines=(ACTION, QUESTION), at_once=False, shown="open discussion",
    ),
    Phase(
        "round_robin", one_by_one, speakers_question, Instruction(
            "You have the floor. You have heard the colleagues above. Add ONE new point that nobody has made.",
            _NO_REPEAT,
        ), asks_lines=True, extra_lines=(ACTION,), at_once=False, reply_tokens=90, entry_tokens=120,
        shown="one new point each",
    ),
    Phase(
        "timeline", timeline, speakers_question, Instruction(
            "You have the floor. Only what has a time counts.", "What happened, and when?"
        ), Task.EVENTS, extra_lines=(EVENT,), only_lines=True, taken=has_timeline,
    ),
    Phase(
        "brainstorm", all_at_once, speakers_question, Instruction(
            "You have the floor. Any idea counts; none is judged now.", "Which ideas do you have?"
        ), Task.IDEAS, extra_lines=(IDEA,), only_lines=True, anonymous=True, shown="ideas",
    ),
    Phase(
        "dot_vote", dot_vote, lambda spec, _topic, _phase: prompts.dots(
            {f"I{number}": "x" * 90 for number in range(2 * len(spec.seats))}, 3
        ), task=Task.DOTS, at_once=False, reads_documents=False, is_turn=False,
        requests=lambda _kind, seats: Requests(seats, 0, seats), entries=lambda _seats: 1, entry_tokens=160,
        reply_tokens=25, discussion_tokens=60, needs=("brainstorm", "A dot vote needs ideas."), shown="votes on ideas",
    ),
    Phase(
        "digest", digest, weighs_positions=True, is_turn=False, requests=lambda _kind, _seats: Requests(0, 0, 0),
        entries=lambda _seats: 1, entry_tokens=60, discussion_tokens=30, shown="tally",
    ),
    Phase(
        "exchange", exchange, lambda spec, topic, _phase: prompts.exchange(
            topic, "T1", Position.AGAINST.value, moves([f"T{number}" for number in range(len(spec.seats) // 2)])
        ), task=Task.EXCHANGE, weighs_positions=True, changes_position=True, challenges=True, reads_documents=False,
        requests=lambda _kind, seats: Requests(seats, min(1, seats), seats), entry_tokens=130, reply_tokens=110,
        left_out=lambda spec: bool((jury := jury_of(spec.juries, spec.model)) and not jury.passes),
        without="Nobody was asked to answer others, because this model does not tell proposals apart.",
        instead=("digest", "The replies are left out, so nobody answers a statement that differs from its own."),
        shown="replies",
    ),
    Phase(
        "challenge", challenge, lambda _spec, topic, _phase: prompts.challenge(topic), task=Task.CHALLENGE,
        challenges=True, at_once=False, requests=lambda _kind, _seats: Requests(1, 1, 1), entries=lambda _seats: 1,
        entry_tokens=130, reply_tokens=110, shown="counter-argument",
    ),
    Phase(
        "proposal", proposal, _proposal_question, task=Task.PROPOSAL, extra_lines=(ACTION,), proposes=True,
        at_once=False, reads_documents=False, requests=lambda _kind, _seats: Requests(1, 0, 2),
        entries=lambda _seats: 1, reply_tokens=30, discussion_tokens=90,
    ),
    Phase(
        "ballot", ballot, lambda _spec, _topic, _phase: prompts.ballot("T9", prompts.ORDERS[0], reasons=True),
        task=Task.BALLOT, votes=True, reads_documents=False, is_turn=False, requests=_voting,
        entries=lambda _seats: 1, entry_tokens=160, reply_tokens=60, again_tokens=10, discussion_tokens=140,
        needs=("proposal", "A ballot needs something to vote on."), shown="vote",
    ),
    Phase(
        looks.CHECKLIST, checklist, lambda _spec, _topic, _phase: looks.ASKED, task=Task.CHECKLIST, is_turn=False,
        entries=lambda _seats: 0, entry_tokens=0, reply_tokens=160,
    ),
)  # fmt: skip

PHASES: Mapping[str, Phase] = {phase.name: phase for phase in _ALL}
"""All phases, by name."""

READING_PHASE = Phase(
    READING, read_part, speakers_question, Instruction(
        "You read one part of the documents; your colleagues read the others.",
        "What in this part would go wrong, and why?",
    ), Task.STATEMENT, asks_lines=True, asks_facts=True, apart=True, entries=lambda _seats: 0, entry_tokens=0,
    reply_tokens=90,
)  # fmt: skip
"""The phase in which each participant reads a part of documents that are too long for one turn. No meeting type names
it: it comes before the first phase that asks, as often as there are parts to read.
"""
WORD, ANSWER, MORE = "word", "answer", "more"  # the names of phases for which a person asks begin so
_SHOWN_BETWEEN = {"": "", WORD: "words of a person", ANSWER: "answer to a question", MORE: "one more round"}
_BETWEEN_PHASES = {word: Phase(word, all_at_once, shown=shown) for word, shown in _SHOWN_BETWEEN.items()}


def phase_named(name: str) -> Phase:
    """The phase with this name; a phase between two phases, for a person's words, is one with the defaults."""
    first = name.partition("_")[0]
    if first == READING:
        return READING_PHASE
    return PHASES.get(name) or _BETWEEN_PHASES.get(first, _BETWEEN_PHASES[""])


def phase_name(name: str) -> str:
    """The name of a phase as readers see it, in plain words; a part of a reading keeps its number."""
    return phase_named(name).shown or one_line(name.replace("_", " "))


def phase_of(turn: Turn) -> Phase:
    """The phase of a turn."""
    return phase_named(turn.phase)


def reading_calls(packed: Packing | StoredPacking) -> dict[str, int]:
    """The phases of a topic in which parts of the documents are read, by name, each with the number of its readers."""
    counts = [len(parts) for parts in (packed.parts or {}).values()]
    most = max(counts, default=0)
    return {phase_of_part(n, most, ""): sum(count > n + 1 for count in counts) for n in range(most - 1)}


def phases_held(spec: MeetingSpec, packed: Packing | StoredPacking | None) -> list[str]:
    """The names of the phases of a topic: those of its type that are not left out, and before the first that asks,
    those that only read.

    Args:
        spec: the spec of the meeting.
        packed: how the context of the topic is divided; None while that is not known.
    """
    names = spec.kind.phases
    place = names.index(packed.phase) if packed and packed.phase in names else 0
    reads = reading_calls(packed) if packed else ()
    with_reading = [*names[:place], *reads, *names[place:]]
    return [name for name in with_reading if not phase_named(name).left_out(spec)]


def first_asking(kind: MeetingType) -> Phase | None:
    """The first phase of a type that asks every participant and shows it the documents; None if there is none."""
    return next((phase for phase in phases_of(kind) if phase.run in {all_at_once, one_by_one}), None)


def phases_of(kind: MeetingType) -> list[Phase]:
    """The phases of a meeting type, in order."""
    return [PHASES[name] for name in kind.phases]


def requests_in(spec: MeetingSpec, phase: Phase) -> Requests:
    """The number of model calls in a phase of a meeting; a person is asked for a vote only once, and one who decides
    for none.
    """
    calls = phase.requests(spec.kind, len(spec.seats))
    if phase.votes and spec.person:
        return Requests(*(max(0, count - (2 if spec.decider else 1)) for count in calls))
    return calls


def discussion_entries(kind: MeetingType, seats: int) -> list[tuple[int, int]]:
    """For each phase of a type, its number of contributions to the discussion and the most tokens of each."""
    return [(phase.entries(seats), phase.entry_tokens) for phase in phases_of(kind)]


def entries_of(turn: Turn, label: str) -> list[Entry]:
    """The entries of one kind in a turn, or its labelled lines. Where only this kind was asked for, a plain list counts
    as such lines.
    """
    phase = phase_of(turn)
    alone = phase.only_lines and any(want.label == label for want in phase.extra_lines)
    return fields.entries_with(turn, label, alone=alone)


def ideas_said(turns: Sequence[Turn]) -> dict[str, Item]:
    """The different ideas in the turns of a topic, by id."""
    return ideas_of([turn for turn in turns if any(want.label == IDEA.label for want in phase_of(turn).extra_lines)])
