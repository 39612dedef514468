"""The transcript as a page: every turn in order, also dropped ones, every vote, and who gave no answer."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from agents.export.page import Block, Heading, Paragraph, Point, Points, Said, line, paragraph
from agents.export.page.checked import checked
from agents.export.page.first import about, since_then
from agents.export.page.proof import name, voter
from agents.export.text import cost_line, deed, phase_name, plain_lines, reasons_said, verified_line
from agents.meeting.record import Absence, Ballot, Minutes, TopicMinutes, Turn
from agents.text import one_line


def transcript_page(minutes: Minutes) -> Iterator[Block]:
    """The transcript of a meeting with its head and its end."""
    yield Heading(1, f"Transcript: {one_line(minutes.title)}, {minutes.held.isoformat()}")
    yield Paragraph(about(minutes))
    if minutes.juries:
        yield Points(tuple(Point(line(one_line(jury.sentence))) for jury in minutes.juries))
    yield from spoken(minutes, 2)
    for topic in minutes.topics:
        if known := list(since_then(topic)):
            yield Heading(2, f"{topic.topic.number}. Since then")
            yield from known
    yield from checked(minutes, 2)
    if told := verified_line(minutes):
        yield paragraph(told)
    yield paragraph(cost_line(minutes))


def spoken(minutes: Minutes, level: int) -> Iterator[Block]:
    """What was said on each topic, phase by phase."""
    for topic in minutes.topics:
        yield Heading(level, f"{topic.topic.number}. {one_line(topic.topic.text)}")
        yield from _topic(minutes, topic, level + 1)


def _topic(minutes: Minutes, topic: TopicMinutes, level: int) -> Iterator[Block]:
    turns = [turn for turn in minutes.turns if turn.topic == topic.topic.number]
    absent = [one for one in minutes.absent if one.topic == topic.topic.number]
    done = set()
    for phase, said in groupby(turns, key=lambda turn: turn.phase):
        missing = [one for one in absent if one.phase == phase and phase not in done]
        asked = topic.asked.get(phase, "") if phase not in done else ""
        yield from _phase(minutes, phase, list(said), missing, level, asked)
        done.add(phase)
    rest = [one for one in absent if one.phase not in done]
    if topic.ballots:
        voting = topic.ballots[0].phase
        yield Heading(level, "Votes")
        yield votes(minutes, topic.ballots)
        yield from _absent(minutes, [one for one in rest if one.phase == voting])
        done.add(voting)
    for phase, missing_then in groupby((one for one in rest if one.phase not in done), key=lambda one: one.phase):
        yield from _phase(minutes, phase, [], list(missing_then), level)


def _phase(
    minutes: Minutes, phase: str, turns: Sequence[Turn], absent: Sequence[Absence], level: int, asked: str = ""
) -> Iterator[Block]:
    yield Heading(level, phase_name(phase).capitalize())
    if asked:
        yield paragraph(one_line(asked))
    for turn in turns:
        position = f", {turn.position.value}" if turn.position else ""
        dropped = f" (not passed on: {one_line(turn.dropped)})" if turn.dropped else ""
        about_it = line(f" {name(minutes, turn.speaker)}{position}{dropped}")
        yield Said(turn.id, about_it, tuple(plain_lines(turn.text)), bool(turn.dropped))
    yield from _absent(minutes, absent)


def votes(minutes: Minutes, ballots: Sequence[Ballot]) -> Points:
    """Every vote with its reasons."""
    points = []
    for one in ballots:
        said = f" {deed(one)}{reasons_said(one.reason, one.would_change)}"
        points.append(Point(line(voter(minutes, one.topic, one.speaker), said)))
    return Points(tuple(points))


def _absent(minutes: Minutes, absent: Sequence[Absence]) -> Iterator[Block]:
    for one in absent:
        yield paragraph(f"No answer from {name(minutes, one.speaker)}: {one_line(one.cause)}")
