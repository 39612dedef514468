"""How each artefact is arranged from the minutes: one short function each, named in ``LAYOUTS``."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from agents.meeting.meeting_type import Line
from agents.meeting.minutes import verify
from agents.meeting.minutes.ballot import Course, course, record_status
from agents.meeting.minutes.event_times import moment_in, without_moment
from agents.meeting.prompts import EVENT, FACT, IDEA
from agents.meeting.record import Artefact, Block, Item, Minutes, Outcome, Row, TopicMinutes, Vote

NOT_SAID = "not said"

Build = Callable[[Minutes, TopicMinutes], list[Block]]


def artefact_of(minutes: Minutes, topic: TopicMinutes) -> Artefact:
    """What a topic of these minutes leaves behind, by the meeting type's ``artefact``; a follow-up leaves nothing."""
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
    """Where an item stands: fields are given the most urgent word first; what was not said comes last."""
    return tuple(
        words.index(item.fields[name]) if name in item.fields else len(words) for name, words in line.fields.items()
    )


def _section(topic: TopicMinutes, line: Line) -> Block:
    """A line's entries: a table sorted by its fields where it has any, else a list."""
    items = _items(topic, line.label)
    if not line.fields:
        return Block(line.heading, tuple(_row(item) for item in items))
    items.sort(key=lambda item: _rank(line, item))
    rows = [_row(item, item.text, *(item.fields.get(name, NOT_SAID) for name in line.fields)) for item in items]
    return Block(line.heading, tuple(rows), (line.label.lower(), *line.fields))


def _sections(minutes: Minutes, topic: TopicMinutes, without: Sequence[str] = ()) -> list[Block]:
    return [_section(topic, line) for line in minutes.lines if line.label not in without]


def _first_with_fields(minutes: Minutes) -> Line:
    """The line an artefact is about: the first with fields, else the first."""
    return next((line for line in minutes.lines if line.fields), minutes.lines[0])


def _decided(topic: TopicMinutes, heading: str, words: Mapping[Outcome, str]) -> Block:
    """The proposal under what became of it, in an artefact's own words."""
    decision = topic.decision
    said = words.get(decision.outcome, decision.outcome.value)
    evidence = (decision.evidence,) if decision.evidence else ()
    rows = (Row((f"{said}: {decision.text}",), evidence),) if decision.text else ()
    return Block(heading, rows, empty=f"{said}. {decision.why}")


AGREED = {
    Outcome.ACCEPTED: "Agreed",
    Outcome.REJECTED: "Rejected, so not in force",
    Outcome.DEFERRED: "Deferred, so not in force",
    Outcome.NONE: "Not agreed",
}


def _adr(minutes: Minutes, topic: TopicMinutes) -> list[Block]:
    """An architecture decision record: status, context, decision, options, consequences."""
    decision = topic.decision
    status = record_status(decision) if decision.text else "none"
    facts = [_row(item) for item in _items(topic, FACT.label)]
    options = [line for line in minutes.lines if line.label == "Option"]
    consequences = [
        _row(item, line.label.lower(), item.text, "; ".join(f"{name}: {word}" for name, word in item.fields.items()))
        for line in minutes.lines
        if line not in options
        for item in sorted(_items(topic, line.label), key=lambda one, of=line: _rank(of, one))  # type: ignore[misc]
    ]
    return [
        Block("Status", (Row((f"{status.capitalize()}, {minutes.held.isoformat()}. {decision.why}",)),)),
        Block("Context", (Row((topic.topic.text,)), *facts)),
        _decided(topic, "Decision", AGREED),
        *(_section(topic, line) for line in options),
        Block("Consequences", tuple(consequences), ("kind", "what", "weight")),
    ]


def _timeline(minutes: Minutes, topic: TopicMinutes) -> list[Block]:
    """What happened when, then the type's sections; it names no culprit because nobody is asked for one."""
    rows = [
        _row(item, moment_in(item.text) or NOT_SAID, without_moment(item.text)) for item in _items(topic, EVENT.label)
    ]
    events = Block("Timeline", tuple(rows), ("when", "what happened"), "Nobody named a time.")
    return [events, *_sections(minutes, topic)]


def _register(minutes: Minutes, topic: TopicMinutes) -> list[Block]:
    """A risk register: numbered, the gravest by all its fields together first."""
    line = _first_with_fields(minutes)
    items = sorted(_items(topic, line.label), key=lambda item: (sum(_rank(line, item)), _rank(line, item)))
    rows = [
        _row(item, f"R{number}", item.text, *(item.fields.get(name, NOT_SAID) for name in line.fields))
        for number, item in enumerate(items, 1)
    ]
    table = Block(line.heading, tuple(rows), ("no.", "risk", *line.fields))
    return [table, *_sections(minutes, topic, [line.label])]


def _triage(minutes: Minutes, topic: TopicMinutes) -> list[Block]:
    """Defects by severity and priority, each with the owner that its own sentence names."""
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
    """The participant whom an entry's own sentence names as owner; the brackets of its fields name nobody."""
    if not item.evidence.verified:
        return None
    names = "|".join(map(re.escape, line.fields)) or r"\Z."
    return verify.owner_in(re.sub(rf"\([^()]*\b(?:{names})\b[^()]*\)", "", item.evidence.quote), minutes.titles, "")


def _goal(minutes: Minutes, topic: TopicMinutes) -> list[Block]:
    """A goal that was voted on, then what it is made of."""
    heading = {"sprint_goal": "Sprint goal", "objectives": "What we choose"}.get(minutes.artefact, "The change we try")
    return [_decided(topic, heading, AGREED), *_sections(minutes, topic)]


def _by_person(minutes: Minutes, topic: TopicMinutes) -> list[Block]:
    """Who is blocked, then everybody's report in one row."""
    last = minutes.lines[-1]
    blocked = [_row(item, minutes.title_of(item.evidence.speaker), item.text) for item in _items(topic, last.label)]
    rows = []
    for seat in minutes.present:
        said = [
            [one for one in _items(topic, line.label) if one.evidence.speaker == seat.role] for line in minutes.lines
        ]
        if any(said):
            cells = ("; ".join(item.text for item in items) or "none" for items in said)
            rows.append(Row((seat.title, *cells), tuple(item.evidence for items in said for item in items)))
    columns = ("who", *(line.label.lower() for line in minutes.lines))
    return [
        Block(last.heading, tuple(blocked), ("who", "what"), "Nobody named a blocker."),
        Block("By person", tuple(rows), columns, "Nobody reported."),
    ]


def _grouped(minutes: Minutes, topic: TopicMinutes) -> list[Block]:
    """The entries of the first line with fields under the words of its first field, in their order."""
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
    """How many stand where, then the sections, the most urgent entries first."""
    line = _first_with_fields(minutes)
    name = next(iter(line.fields), "")
    counts = Counter(item.fields.get(name, NOT_SAID) for item in _items(topic, line.label))
    said = ", ".join(f"{counts[word]} {word}" for word in (*line.fields.get(name, ()), NOT_SAID) if counts[word])
    return [Block("At a glance", (Row((said,)),) if said else (), empty="Nobody reported."), *_sections(minutes, topic)]


def _roadmap(minutes: Minutes, topic: TopicMinutes) -> list[Block]:
    return [_decided(topic, "What we choose", AGREED), *_grouped(minutes, topic), *_ideas(topic)]


def _go_no_go(minutes: Minutes, topic: TopicMinutes) -> list[Block]:
    """The verdict, what the ballots make it depend on, and the way back before all else."""
    verdicts = {Outcome.ACCEPTED: "GO", Outcome.REJECTED: "NO-GO"}
    ahead = course(topic.decision.text) is Course.GO
    verdict = verdicts.get(topic.decision.outcome, "NO-GO until it is decided") if ahead else "NO-GO"
    text, proof = topic.decision.text, topic.decision.evidence
    if verdict == "GO" and "condition" in text.lower():
        verdict = "GO on conditions"
    said = f'{verdict}, on the proposal "{text}"' if text else f"{verdict}. {topic.decision.why}"
    named = {Vote.OBJECT: "objection", Vote.CONCERN: "concern"}
    held = [Row((named[one.vote], one.reason, minutes.title_of(one.speaker))) for one in topic.dissent]
    back = [line for line in minutes.lines if line.label == "Rollback"]
    ways = [_section(topic, line) for line in back]
    warn = "Nobody named a way back. Do not start without one."
    return [
        Block("Verdict", (Row((said,), (proof,) if proof else ()),)),
        Block("Objections and concerns", tuple(held), ("kind", "why", "who"), "None in the ballots."),
        *(Block(block.heading, block.rows, block.columns, warn) for block in ways),
        *_sections(minutes, topic, [line.label for line in back]),
    ]


def _answer(minutes: Minutes, topic: TopicMinutes) -> list[Block]:
    """A decision record: the answer, the options, what it rests on, and what would change it."""
    doubts = [Row((minutes.title_of(one.speaker), one.would_change)) for one in topic.ballots if one.would_change]
    return [
        _decided(topic, "Answer", AGREED),
        *_sections(minutes, topic),
        Block("What would change it", tuple(doubts), ("who", "what"), "Nobody said."),
    ]


def _ideas(topic: TopicMinutes) -> list[Block]:
    rows = [_row(item, item.fields.get("dots", NOT_SAID), item.text) for item in _items(topic, IDEA.label)]
    return [Block("Ideas by their dots", tuple(rows), ("dots", "idea"), "Nobody named an idea.")]


def _ranked(minutes: Minutes, topic: TopicMinutes) -> list[Block]:
    return [*_ideas(topic), *_sections(minutes, topic)]


def _plain(minutes: Minutes, topic: TopicMinutes) -> list[Block]:
    return _sections(minutes, topic)


@dataclass(frozen=True, slots=True)
class Layout:
    """How an artefact is arranged.

    Attributes:
        title: as printed.
        build: makes its blocks.
        also: labels it holds besides the type's own lines.
        phases: phases without which it stays empty.
    """

    title: str
    build: Build
    also: tuple[str, ...] = ()
    phases: tuple[str, ...] = ()


LAYOUTS: Mapping[str, Layout] = {
    "adr": Layout("Architecture decision record", _adr, (FACT.label,), ("ballot",)),
    "timeline": Layout("Postmortem", _timeline, (EVENT.label,), ("timeline",)),
    "risk_register": Layout("Risk register", _register),
    "sprint_goal": Layout("Sprint goal and commitment", _goal, phases=("ballot",)),
    "retrospective": Layout("Start, stop, continue", _goal, phases=("ballot",)),
    "triage": Layout("Triage list", _triage),
    "blockers": Layout("Blockers by person", _by_person),
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
}
