"""Builds the artefact of a topic from the minutes. Each kind has one short function, listed in ``LAYOUTS``."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from agents.meeting import checklist
from agents.meeting.artefact import Artefact, Block, Row
from agents.meeting.durations import ASKED, DURATION, TIMES
from agents.meeting.event_times import when_said, without_time
from agents.meeting.meeting_type import Line
from agents.meeting.minutes.ballot import record_status
from agents.meeting.minutes.dates import NOT_SAID
from agents.meeting.minutes.owners import owners_of
from agents.meeting.prompts import EVENT, FACT, IDEA
from agents.meeting.record import Item, Minutes, Status, TopicMinutes, Vote
from agents.role.names import joined

NOT_NAMED = "not named"
"""Printed where no line of a document says it."""

BlockBuilder = Callable[[Minutes, TopicMinutes], list[Block]]
"""Builds the parts of one kind of artefact."""


def artefact_of(minutes: Minutes, topic: TopicMinutes) -> Artefact:
    """The artefact of a topic, of the kind that the meeting type names; a follow-up topic has an empty one."""
    if topic.follow_up:
        return Artefact("follow_up", "", (), frozenset())
    layout = LAYOUTS[minutes.artefact]
    labels = {line.label for line in minutes.lines} | set(layout.also)
    return Artefact(minutes.artefact, layout.title, tuple(layout.build(minutes, topic)), frozenset(labels))


def _items(topic: TopicMinutes, label: str) -> list[Item]:
    return [item for item in topic.items if item.label == label]


def _row(item: Item, *cells: str) -> Row:
    return Row(cells or (item.text,), (item.evidence,))


def _rank(line: Line, item: Item) -> tuple[int, ...]:
    """A sort key by the fields of an item: their words are listed most urgent first, and a missing value comes last."""
    return tuple(
        words.index(item.fields[name]) if name in item.fields else len(words) for name, words in line.fields.items()
    )


def _section(topic: TopicMinutes, line: Line) -> Block:
    """The entries of a line: a table sorted by its fields if it has any, else a list."""
    items = _items(topic, line.label)
    if not line.fields:
        return Block(line.heading, tuple(_row(item) for item in items))
    items.sort(key=lambda item: _rank(line, item))
    rows = [_row(item, item.text, *(item.fields.get(name, NOT_SAID) for name in line.fields)) for item in items]
    return Block(line.heading, tuple(rows), (line.label.lower(), *line.fields))


def _sections(minutes: Minutes, topic: TopicMinutes, without: Sequence[str] = ()) -> list[Block]:
    return [_section(topic, line) for line in minutes.lines if line.label not in without]


def _first_with_fields(minutes: Minutes) -> Line:
    """The main line of an artefact: the first line with fields, else the first line."""
    return next((line for line in minutes.lines if line.fields), minutes.lines[0])


def _decided(topic: TopicMinutes, heading: str, words: Mapping[Status, str]) -> Block:
    """The proposal with its outcome, in the words of the artefact."""
    decision = topic.decision
    said = words.get(decision.status, decision.status.value)
    evidence = (decision.evidence,) if decision.evidence else ()
    rows = (Row((f"{said}: {decision.text}",), evidence),) if decision.text else ()
    return Block(heading, rows, empty=f"{said}. {decision.why}", repeats=True)


AGREED = {
    Status.ACCEPTED: "Agreed",
    Status.REJECTED: "Rejected, so not in force",
    Status.DEFERRED: "Postponed, so not in force",
    Status.NONE: "Not agreed",
}


def _adr(minutes: Minutes, topic: TopicMinutes) -> list[Block]:
    """An architecture decision record: status, context, decision, then the sections of the type, such as risks, options
    and ways back.
    """
    decision = topic.decision
    status = record_status(decision) if decision.text else "none"
    facts = [_row(item) for item in _items(topic, FACT.label)]
    said = f"{status.capitalize()}, {minutes.held.isoformat()}. {decision.why}"
    return [
        Block("Status", (Row((said,)),), repeats=True),
        Block("Context", (Row((topic.topic.text,)),), repeats=True),
        _decided(topic, "Decision", AGREED),
        *_sections(minutes, topic),
        *([Block("From the documents", tuple(facts))] if facts else []),
    ]


def _timeline(minutes: Minutes, topic: TopicMinutes) -> list[Block]:
    """The events by time, then the sections of the type. It is blameless: no line asks who caused an event."""
    rows = [
        _row(
            item,
            when_said(item.text) or NOT_SAID,
            without_time(item.text),
            "the document" if item.evidence.document else "said in the meeting",
        )
        for item in _items(topic, EVENT.label)
    ]
    events = Block("Timeline", tuple(rows), ("when", "what happened", "from"), "Nobody named an event.")
    return [events, _times(topic), *_sections(minutes, topic)]


def _times(topic: TopicMinutes) -> Block:
    """How long it took to notice and to end, each from one line of a document to another."""
    found = {item.fields["what"]: item for item in _items(topic, DURATION)}
    rows = tuple(
        _row(found[what], what, found[what].text, found[what].fields["since"], found[what].evidence.quote)
        if what in found
        else Row((what, NOT_NAMED, "", ""))
        for what in ASKED
    )
    return Block(TIMES, rows, ("what", "how long", "since", "until"))


def _register(minutes: Minutes, topic: TopicMinutes) -> list[Block]:
    """A numbered risk register, sorted by all fields together, the most serious risk first."""
    line = _first_with_fields(minutes)
    items = sorted(_items(topic, line.label), key=lambda item: (sum(_rank(line, item)), _rank(line, item)))
    rows = [
        _row(item, f"R{number}", item.text, *(item.fields.get(name, NOT_SAID) for name in line.fields))
        for number, item in enumerate(items, 1)
    ]
    table = Block(line.heading, tuple(rows), ("no.", "risk", *line.fields))
    return [table, *_sections(minutes, topic, [line.label])]


def _triage(minutes: Minutes, topic: TopicMinutes) -> list[Block]:
    """The entries by their fields, such as severity and priority, each with the owner that its sentence names."""
    line = _first_with_fields(minutes)
    items = sorted(_items(topic, line.label), key=lambda item: _rank(line, item))
    rows = []
    for item in items:
        owner = _owner(minutes, item, line)
        fields = (item.fields.get(name, NOT_SAID) for name in line.fields)
        rows.append(_row(item, item.text, *fields, minutes.title_of(owner)))
    table = Block(line.heading, tuple(rows), (line.label.lower(), *line.fields, "owner"))
    return [table, *_sections(minutes, topic, [line.label])]


def _owner(minutes: Minutes, item: Item, line: Line) -> str | None:
    """The participant whom the sentence of an entry names as owner. Brackets with fields are not searched."""
    if not item.evidence.verified:
        return None
    names = "|".join(map(re.escape, line.fields)) or r"\Z."
    said = re.sub(rf"\([^()]*\b(?:{names})\b[^()]*\)", "", item.evidence.quote)
    return joined(owners_of(said, minutes.names, "").owners)


def _goal(minutes: Minutes, topic: TopicMinutes) -> list[Block]:
    """A goal that was voted on, then the sections of the type."""
    heading = {"sprint_goal": "Sprint goal", "objectives": "What we choose"}.get(minutes.artefact, "The change we try")
    return [_decided(topic, heading, AGREED), *_sections(minutes, topic)]


def _blockers(minutes: Minutes, topic: TopicMinutes) -> list[Block]:
    """What is blocked, the last line of the type, before the other sections."""
    *others, last = minutes.lines
    blocked = replace(_section(topic, last), empty="Nobody named a blocker.")
    return [blocked, *(_section(topic, line) for line in others)]


def _grouped(minutes: Minutes, topic: TopicMinutes) -> list[Block]:
    """The entries of the main line, one block for each word of its first field; then the other sections."""
    line = _first_with_fields(minutes)
    if not line.fields:
        return _sections(minutes, topic)
    name, words = next(iter(line.fields.items()))
    items = _items(topic, line.label)
    blocks = []
    for word in (*words, None):
        rows = tuple(_row(item) for item in items if item.fields.get(name) == word)
        if rows or word:
            heading = f"{line.heading}: {word or f'{name} {NOT_SAID}'}"
            blocks.append(Block(heading, rows, empty="Nothing."))
    return [*blocks, *_sections(minutes, topic, [line.label])]


def _counted(minutes: Minutes, topic: TopicMinutes) -> list[Block]:
    """The number of entries for each word of the first field, then the sections."""
    line = _first_with_fields(minutes)
    name = next(iter(line.fields), "")
    counts = Counter(item.fields.get(name, NOT_SAID) for item in _items(topic, line.label))
    said = ", ".join(f"{counts[word]} {word}" for word in (*line.fields.get(name, ()), NOT_SAID) if counts[word])
    return [Block("At a glance", (Row((said,)),) if said else (), empty="Nobody reported."), *_sections(minutes, topic)]


def _roadmap(minutes: Minutes, topic: TopicMinutes) -> list[Block]:
    return [_decided(topic, "What we choose", AGREED), *_grouped(minutes, topic), *_ideas(topic)]


def _go_no_go(minutes: Minutes, topic: TopicMinutes) -> list[Block]:
    """The verdict, the objections and concerns, and the rollback before the other sections."""
    decision, proof = topic.decision, topic.decision.evidence
    accepted = decision.status is Status.ACCEPTED
    verdict = (decision.choice or "go").upper() if accepted else "NO-GO until it is decided"
    named = {Vote.OBJECT: "objection", Vote.CONCERN: "concern"}
    doubts = [Row((named[one.vote], one.reason, minutes.title_of(one.speaker))) for one in topic.dissent]
    back = [line for line in minutes.lines if line.label == "Rollback"]
    rollbacks = [_section(topic, line) for line in back]
    warning = "Nobody named a rollback. Do not start without one."
    return [
        Block("Verdict", (Row((verdict,), (proof,) if proof else ()),)),
        Block("Objections and concerns", tuple(doubts), ("kind", "why", "who"), "No counted vote contains one.", True),
        *(Block(block.heading, block.rows, block.columns, warning) for block in rollbacks),
        *_sections(minutes, topic, [line.label for line in back]),
    ]


def _answer(minutes: Minutes, topic: TopicMinutes) -> list[Block]:
    """A decision record: the answer, the sections of the type, and what would change the votes."""
    doubts = [
        Row((minutes.title_of(one.speaker), one.would_change))
        for one in topic.ballots
        if one.counted and one.would_change
    ]
    return [
        _decided(topic, "Answer", AGREED),
        *_sections(minutes, topic),
        Block("What would change it", tuple(doubts), ("who", "what"), "Nobody said.", True),
    ]


def _ideas(topic: TopicMinutes) -> list[Block]:
    rows = [_row(item, item.fields.get("dots", NOT_SAID), item.text) for item in _items(topic, IDEA.label)]
    return [Block("Ideas by votes", tuple(rows), ("dots", "idea"), "Nobody named an idea.")]


def _ranked(minutes: Minutes, topic: TopicMinutes) -> list[Block]:
    return [*_ideas(topic), *_sections(minutes, topic)]


def _plain(minutes: Minutes, topic: TopicMinutes) -> list[Block]:
    return _sections(minutes, topic)


def _checklist(minutes: Minutes, topic: TopicMinutes) -> list[Block]:
    """Where to look, by line, each line once; what to ask; and whose lists found nothing."""
    places = []
    for spot in checklist.spots(topic.items):
        why = [f"{minutes.title_of(role)}, {checklist.LISTS[kind]}: {item}" for role, kind, item in spot.reasons]
        places.append(Row((spot.where, spot.words, "; ".join(why)), place=(spot.document, spot.line)))
    asked: dict[str, list[str]] = {}
    for item in _items(topic, checklist.QUESTION):
        asked.setdefault(item.text, []).append(minutes.title_of(item.evidence.speaker))
    questions = [Row((text, ", ".join(titles))) for text, titles in asked.items()]
    found = {item.evidence.speaker for item in topic.items}
    nothing = [Row((seat.title,)) for seat in minutes.present if seat.role not in found]
    blocks = [
        Block("Places to look at", tuple(places), ("where", "the line", "who looks there, and why"), "None."),
        Block("Questions to answer", tuple(questions), ("question", "who asks"), "None."),
    ]
    return [*blocks, Block("Whose lists found nothing", tuple(nothing))] if nothing else blocks


@dataclass(frozen=True, slots=True)
class Layout:
    """How one kind of artefact is built.

    Attributes:
        title: its title, as printed.
        build: builds its blocks.
        also: labels of the items it contains besides the lines of the type.
        phases: the phases without which it is empty.
    """

    title: str
    build: BlockBuilder
    also: tuple[str, ...] = ()
    phases: tuple[str, ...] = ()


LAYOUTS: Mapping[str, Layout] = {
    "adr": Layout("Architecture decision record", _adr, (FACT.label,), ("ballot",)),
    "timeline": Layout("Postmortem", _timeline, (EVENT.label, DURATION), ("timeline",)),
    "risk_register": Layout("Risk register", _register),
    "sprint_goal": Layout("Sprint goal and forecast", _goal, phases=("ballot",)),
    "retrospective": Layout("Start, stop, continue", _goal, phases=("ballot",)),
    "triage": Layout("Triage list", _triage),
    "blockers": Layout("Blockers, done and next", _blockers),
    "go_no_go": Layout("Go or no-go", _go_no_go, phases=("ballot",)),
    "status": Layout("Status page", _counted),
    "steering": Layout("Programme board", _counted),
    "review": Layout("Review findings", _counted),
    "performance": Layout("Performance sheet", _counted),
    "roadmap": Layout("Roadmap", _roadmap, (IDEA.label,), ("ballot",)),
    "objectives": Layout("Objectives and key results", _goal, phases=("ballot",)),
    "capacity_plan": Layout("Capacity plan", _plain),
    "backlog": Layout("Refined stories", _plain),
    "ideas": Layout("Ideas", _ranked, (IDEA.label,), ("brainstorm",)),
    "decision": Layout("Decision record", _answer, phases=("ballot",)),
    "demo_notes": Layout("Increment", _grouped),
    "onboarding_plan": Layout("Onboarding plan", _grouped),
    "guide": Layout("Guide", _plain),
    "notes": Layout("Notes", _plain),
    checklist.CHECKLIST: Layout("Checklist", _checklist, (checklist.PLACE, checklist.QUESTION), (checklist.CHECKLIST,)),
}
