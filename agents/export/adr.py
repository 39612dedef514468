"""Decision records as Markdown, one for each topic whose proposal was put to the vote, accepted or not."""

import re
from collections.abc import Iterator, Sequence

from agents.export.markdown import in_markdown
from agents.export.page import Block, Break, Heading, Line, Point, Points, Quotation, line, listed, paragraph
from agents.export.page.checked import checked
from agents.export.page.first import dissenting
from agents.export.page.proof import entry_words, in_brackets, name, turn, written
from agents.export.text import VERBS, afterwards, cost_line, owner_line, phase_name, verified_line
from agents.meeting.minutes.ballot import record_status
from agents.meeting.minutes.dates import due_said
from agents.meeting.prompts import CHALLENGE, EVENT, FACT, IDEA, QUESTION
from agents.meeting.record import ActionItem, Decision, Item, Minutes, TopicMinutes
from agents.text import capital, one_line

CONTEXT = (FACT.label, EVENT.label)
OPTIONS = ("Option", "Choice", IDEA.label)
APART = (*CONTEXT, *OPTIONS, CHALLENGE.label, QUESTION.label)
"""Labels with a section of their own; all other labels of a meeting type are in the section of consequences."""

LONGEST_NAME = 60
"""The most letters of the part of a file's name that says what was decided."""


def to_adr(minutes: Minutes) -> str:
    """Write the decision records as Markdown (CommonMark), separated by rules."""
    blocks: list[Block] = []
    for topic in decided(minutes):
        blocks += [*_record(minutes, topic), Break()]
    if not blocks:
        blocks.append(paragraph(f"No proposal was put to the vote in the meeting {minutes.meeting}."))
    return in_markdown([*blocks, *_end(minutes)])


def one_adr(minutes: Minutes, topic: TopicMinutes, number: int) -> tuple[str, str]:
    """The decision record of one topic as a file of its own: its name, such as ``0007-build-it-move-to-redis.md``, and
    its text.

    Args:
        minutes: the minutes.
        topic: one of ``decided``.
        number: the number of the record among those of a project.
    """
    words = "-".join(re.findall("[a-z0-9]+", adr_title(topic).lower()))[:LONGEST_NAME].strip("-") or "decision"
    return f"{number:04}-{words}.md", in_markdown([*_record(minutes, topic, number), Break(), *_end(minutes)])


def decided(minutes: Minutes) -> list[TopicMinutes]:
    """The topics with a proposal that was put to the vote."""
    return [topic for topic in minutes.topics if topic.decision.text]


def adr_title(topic: TopicMinutes) -> str:
    """The title of a decision record: what was decided about what, such as "Build it: Move sessions to Redis"."""
    about = one_line(topic.topic.text).rstrip("?!. ") or "the topic"
    outcome = one_line(topic.decision.outcome)
    return f"{capital(outcome)}: {about}"


def _end(minutes: Minutes) -> list[Block]:
    told = filter(None, (verified_line(minutes), cost_line(minutes)))
    return [*checked(minutes, 2), *map(paragraph, told)]


def _record(minutes: Minutes, topic: TopicMinutes, number: int = 0) -> Iterator[Block]:
    decision = topic.decision
    yield Heading(1, f"{number or topic.topic.number}. {adr_title(topic)}")
    voters = [one.speaker for one in topic.ballots if one.counted]
    deciders = [name(minutes, role) for role in ([decision.decided_by] if decision.decided_by else voters)]
    facts = [
        f"Status: {record_status(decision)}",
        f"Date: {minutes.held.isoformat()}",
        f"Deciders: {', '.join(deciders) or 'nobody'}",
        f"Meeting: {minutes.meeting}, {one_line(minutes.title)}",
        f"Model: {one_line(minutes.model)}",
        *(f"Votes: {one_line(jury.sentence)}" for jury in minutes.juries),
    ]
    yield Points(tuple(Point(line(fact)) for fact in facts))
    context = [Point(line(one_line(topic.topic.text))), *_items(minutes, topic, CONTEXT)]
    yield from _list("Context", context, "")
    yield from _decision(minutes, decision)
    asked_for = any(one.label in OPTIONS for one in minutes.lines)
    none = "Nobody named one." if asked_for else "Meetings of this type do not ask for options."
    yield from _list("Options considered", _items(minutes, topic, OPTIONS), none)
    weighed = [_item(minutes, one, named=True) for one in topic.items if one.label not in APART]
    yield from _list("Consequences", weighed, "Nobody named one.")
    agreed = [_action(minutes, one) for one in topic.actions if one.agreed]
    yield from _list("Actions", agreed, "No action was agreed.")
    yield from _list("Dissent and concerns", _dissent(minutes, topic), "Nobody objected or voted with a concern.")
    if asked := _items(minutes, topic, (QUESTION.label,)):
        yield from _list("Open questions", asked, "")
    if known := afterwards(topic):
        yield from _list("Since then", [Point(line(one_line(one))) for one in known], "")
    yield from _list("Sources", _sources(minutes, topic), "None.")


def _list(title: str, points: Sequence[Point], empty: str) -> Iterator[Block]:
    yield Heading(2, title)
    yield Points(tuple(points)) if points else paragraph(empty)


def _decision(minutes: Minutes, decision: Decision) -> Iterator[Block]:
    yield Heading(2, "Decision")
    words = entry_words(minutes, [decision.evidence], one_line(decision.text))
    yield Quotation((line(words, _source(minutes, decision)),))
    if beside := written(minutes, [decision.evidence]):
        yield Points(tuple(map(Point, beside)))
    tally = ", ".join(f"{count} {vote.replace('_', ' ')}" for vote, count in decision.tally.items() if count)
    vetoes = ", ".join(name(minutes, role) for role in decision.vetoed_by)
    why = f"{one_line(decision.why)} Rule: {one_line(decision.rule)}."
    yield paragraph(why + (f" Votes: {tally}." if tally else "") + (f" Veto: {vetoes}." if vetoes else ""))


def _source(minutes: Minutes, decision: Decision) -> Line:
    return in_brackets(minutes, [decision.evidence]) if decision.evidence else ()


def _items(minutes: Minutes, topic: TopicMinutes, labels: Sequence[str]) -> list[Point]:
    return [_item(minutes, item) for item in topic.items if item.label in labels]


def _item(minutes: Minutes, item: Item, *, named: bool = False) -> Point:
    fields = "".join(f", {one_line(key)}: {one_line(value)}" for key, value in item.fields.items())
    label = f"{one_line(item.label)}{fields}: " if named else ""
    words = entry_words(minutes, [item.evidence], f'{label}"{one_line(item.text)}"')
    said = line(words, in_brackets(minutes, [item.evidence]))
    return Point(said, tuple(written(minutes, [item.evidence])))


def _action(minutes: Minutes, action: ActionItem) -> Point:
    words = f' ("{one_line(action.due_text)}")' if action.due_text else ""
    due = f"{due_said(action.due, action.due_text, past=action.past)}{words}"
    owner = f" Owner: {owner_line(minutes, action)}. Due: {due}."
    task = entry_words(minutes, [action.evidence], f"{one_line(action.task)}.{owner}")
    said = line(task, in_brackets(minutes, [action.evidence]))
    return Point(said, tuple(written(minutes, [action.evidence])))


def _dissent(minutes: Minutes, topic: TopicMinutes) -> list[Point]:
    points = [dissenting(minutes, topic.topic.number, one, VERBS[one.vote]) for one in topic.dissent]
    return [*points, *_items(minutes, topic, (CHALLENGE.label,))]


def _sources(minutes: Minutes, topic: TopicMinutes) -> list[Point]:
    """The turns that are evidence of the record, in order, the documents, and where to read everything."""
    proofs = [one.evidence for one in topic.items] + [one.evidence for one in topic.actions if one.agreed]
    cited = {proof.turn for proof in proofs} | ({topic.decision.evidence.turn} if topic.decision.evidence else set())
    turns = [one for one in minutes.turns if one.id in cited]
    lines = [line(turn(one.id), f": {name(minutes, one.speaker)}, {phase_name(one.phase)}") for one in turns]
    if minutes.documents:
        lines.append(line(listed((line(f"Document: {one_line(one)}") for one in minutes.documents), "; ")))
    lines.append(line(f"Full transcript: orchestrator meeting transcript {minutes.meeting}"))
    return list(map(Point, lines))
