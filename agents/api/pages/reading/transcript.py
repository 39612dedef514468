"""What was said and how it was voted, as elements of a page."""

from collections.abc import Iterator

from agents.api.pages.reading.ballot_box import Box, Votes, failed, voted_on
from agents.api.pages.reading.minutes_parts import Element, Titled, single
from agents.api.pages.reading.page_writer import Piece
from agents.api.pages.reading.turn_pieces import pieces
from agents.api.pages.stored import Stored
from agents.export.page import Block, Heading, Points, Said
from agents.export.page.spoken import spoken
from agents.export.quote_marks import QuoteMarks
from agents.meeting.record import TopicMinutes

LEVEL = 3
"""The level of the headings of topics; phases are below them."""


def transcript(stored: Stored, marks: QuoteMarks) -> Iterator[Element]:
    """Every turn in order with the quotations in it, and every vote, with a place for each topic and phase."""
    minutes = stored.minutes
    topics = iter(minutes.topics)
    topic: TopicMinutes | None = None
    phases = 0
    for block in spoken(minutes, LEVEL):
        if isinstance(block, Heading) and block.level == LEVEL:
            if topic:
                yield from _unvoted(stored, topic)
            topic, phases = next(topics), 0
            yield Titled(LEVEL, _cut(block.text), f"said-{topic.topic.number}")
        elif isinstance(block, Heading) and topic:
            phases += 1
            yield Titled(block.level, block.text, f"said-{topic.topic.number}-{phases}")
        elif isinstance(block, Points) and topic:
            yield Box(topic.topic.number)
            yield from (Votes(topic.topic.number, (one,)) for one in topic.ballots)
        elif isinstance(block, Said):
            yield from _turn(block, marks)
        else:
            yield from single([block])
    if topic:
        yield from _unvoted(stored, topic)


def _unvoted(stored: Stored, topic: TopicMinutes) -> Iterator[Element]:
    """How a vote was counted in which nobody gave a vote that could be read."""
    if not topic.ballots and voted_on(stored.minutes, topic) and failed(stored.minutes, topic):
        yield Box(topic.topic.number)


def _turn(said: Said, marks: QuoteMarks) -> Iterator[Piece]:
    for number, runs in enumerate(pieces("\n".join(said.lines), marks.on(said.turn))):
        yield Piece(said, runs, number == 0)


def cut_titles(blocks: list[Block]) -> list[Block]:
    """Blocks whose headings are not longer than a heading can be; the first block, the title, stands in full."""
    return [Heading(one.level, _cut(one.text), one.topic) if isinstance(one, Heading) else one for one in blocks]


def _cut(text: str, most: int = 500) -> str:
    return text if len(text) <= most else f"{text[:most]}\u2026"
