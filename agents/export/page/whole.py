"""The minutes of a meeting as a page: what a reader needs first, then what the meeting found."""

from collections.abc import Iterator

from agents.export.page import (
    Block,
    Break,
    Chart,
    Grid,
    Heading,
    Paragraph,
    Point,
    Points,
    command,
    first,
    line,
    listed,
    paragraph,
    sections,
)
from agents.export.page.checked import checked
from agents.export.page.proof import Names, name, names_in, turn
from agents.export.page.spoken import spoken
from agents.export.text import cost_line, journal_line
from agents.meeting.checklist import CHECKLIST
from agents.meeting.record import Minutes, TopicMinutes
from agents.text import one_line

MISSED, MISSED_BY_LISTS = "What this meeting may have missed", "About this checklist"
CONTESTED = "Still contested"


def minutes_page(minutes: Minutes, *, full: bool = False, beside: bool = False) -> list[Block]:
    """The minutes as a page.

    Args:
        minutes: the minutes.
        full: also who was there and why, what was left out, and the transcript with the votes.
        beside: whether the transcript stands beside it, so that nobody needs to be told where it is.
    """
    names = names_in(minutes)
    single = minutes.topics[0] if len(minutes.topics) == 1 else None
    blocks: list[Block] = [Heading(1, one_line(single.topic.text if single else minutes.title), 1 if single else 0)]
    blocks.append(Paragraph(first.about(minutes)))
    if full:
        blocks.append(_facts(minutes))
    if single:
        blocks += _topic(minutes, single, 2, names, full=full, last=first.missed_in_all(minutes))
    else:
        blocks += _glance(minutes) if minutes.topics else []
        blocks += first.headed(2, MISSED, first.missed_in_all(minutes))
        for topic in minutes.topics:
            blocks.append(Heading(2, f"{topic.topic.number}. {one_line(topic.topic.text)}", topic.topic.number))
            blocks += _topic(minutes, topic, 3, names, full=full)
    blocks += checked(minutes, 2)
    if full and minutes.turns:
        blocks += [Heading(2, "Transcript"), *spoken(minutes, 3)]
    return [*blocks, *_end(minutes, beside=beside)]


def _topic(
    minutes: Minutes, topic: TopicMinutes, level: int, names: Names, *, full: bool, last: list[Point] | None = None
) -> Iterator[Block]:
    """One topic: first what a reader needs, then the rest.

    Args:
        minutes: the minutes.
        topic: the topic.
        level: the level of its headings.
        names: the names of its entries.
        full: whether nothing is left out.
        last: what the meeting as a whole may have missed, if it has no other topic.
    """
    if full:
        yield paragraph(one_line(topic.summary))
    missed = MISSED_BY_LISTS if minutes.artefact == CHECKLIST else MISSED
    yield from first.decision(minutes, topic, names)
    if unread := first.unread(minutes, topic):
        yield paragraph(unread)
    yield from first.actions(minutes, topic, names)
    yield from first.headed(level, CONTESTED, first.contested(minutes, topic))
    yield from first.headed(level, missed, [*first.missed(minutes, topic, names), *(last or ())])
    yield Chart(topic.topic.number)
    yield from sections.places(minutes, topic, level, names)
    yield from sections.entries(minutes, topic, level, names)
    yield from sections.proposed(minutes, topic, level, names)
    yield from sections.moves(minutes, topic, level)
    yield from sections.compared(minutes, topic, level, names)
    if full:
        yield from first.headed(level, "Left out", [Point(line(one_line(note))) for note in topic.left_out])


def _glance(minutes: Minutes) -> Iterator[Block]:
    """Each topic of several in a line: its outcome, and the numbers of actions and of those who disagree."""
    rows = []
    for topic in minutes.topics:
        agreed = sum(action.agreed for action in topic.actions)
        row = (
            line(f"{topic.topic.number}. {one_line(topic.topic.text)}"),
            (first.outcome(topic),) if first.decides(topic) else (),
            line(str(agreed)),
            line(str(len(topic.dissent))),
        )
        rows.append(row)
    yield Grid(("topic", "decision", "actions agreed", "still contested"), tuple(rows))


def _facts(minutes: Minutes) -> Points:
    """Who was there and why, and what kind of meeting it was."""
    facts = [f"Meeting: {minutes.meeting}", f"Purpose: {one_line(minutes.purpose)}"]
    if minutes.artefact != CHECKLIST:
        facts.append(f"Led by: {one_line(minutes.title_of(minutes.facilitator))}")
    facts += [f"Present: {one_line(seat.title)} ({one_line(seat.reason)})" for seat in minutes.present]
    return Points(tuple(Point(line(fact)) for fact in facts))


def _end(minutes: Minutes, *, beside: bool) -> Iterator[Block]:
    """Which role said which turn, what the meeting cost, and where to read more."""
    yield Break()
    said: dict[str, list[str]] = {}
    for one in minutes.turns:
        said.setdefault(one.speaker, []).append(one.id)
    if said:
        roles = (line(f"{name(minutes, who)} ", listed((turn(one),) for one in ids)) for who, ids in said.items())
        yield Paragraph(line("Who said what: ", listed(roles, "; "), "."))
    rest = line(
        " Transcript and votes: ",
        command(f"orchestrator meeting transcript {minutes.meeting}"),
        ".",
    )
    journal = f" {journal_line(minutes)}." if minutes.journal else ""
    yield Paragraph(line(cost_line(minutes), *(rest if minutes.turns and not beside else ()), journal))
