"""How the minutes of a meeting and what they rest on are divided into parts; worked out once for each meeting."""

from collections.abc import Iterable
from dataclasses import dataclass

from agents.api.pages.reading.cited_lines import CitedLines
from agents.api.pages.reading.entry_filter import Worths, worths_of
from agents.api.pages.reading.minutes_parts import Element, Part, parted, single
from agents.api.pages.reading.page_writer import At, Layout, PageLinks, PageWriter
from agents.api.pages.reading.timeline import ROW, rows_in
from agents.api.pages.reading.transcript import cut_titles, transcript
from agents.api.pages.stored import Stored
from agents.export.page import Block, Break
from agents.export.page.whole import minutes_page
from agents.export.quote_marks import QuoteMarks

MOST_MINUTES, MOST_SPOKEN, MOST_CITED = 75_000, 66_000, 28_000
"""About the most bytes of a part of the minutes, of the transcript, and of the lines of documents beside them."""

HEAD = 2
"""The blocks of minutes before which nothing stands: the title, and what the meeting was."""


@dataclass(frozen=True, slots=True)
class Whole:
    """Everything that the pages of a meeting are made of.

    Attributes:
        stored: the meeting.
        head: the title of the minutes, and what the meeting was.
        minutes, transcript: the parts.
        layout: which part has which place.
        worths: what the entries are worth.
        cited: the documents.
        marks: the words of turns that the minutes quote.
    """

    stored: Stored
    head: tuple[Block, ...]
    minutes: tuple[Part, ...]
    transcript: tuple[Part, ...]
    layout: Layout
    worths: Worths
    cited: CitedLines
    marks: QuoteMarks

    def writer(self, at: At, *, transcript: bool = False) -> PageWriter:
        """Writes the parts that are shown: those of the minutes, or of the transcript."""
        parts, number = (self.transcript, at.turns) if transcript else (self.minutes, at.minutes)
        elsewhere = {name for n, part in enumerate(parts, 1) if n != number for name in part.ids}
        return PageWriter(self.stored, self.links(at), self.worths.classes, self.marks, elsewhere)

    def links(self, at: At) -> PageLinks:
        """Where links lead from the parts that are shown."""
        return PageLinks(self.stored, self.layout, at)


def whole(stored: Stored) -> Whole:
    """Everything that the pages of a meeting are made of; it is computed once."""
    return stored.once(_made)


def _made(stored: Stored) -> Whole:
    worths, cited = worths_of(stored), CitedLines(stored)
    marks = QuoteMarks(stored.minutes, stored.named)

    def divided(elements: Iterable[Element], most: int) -> tuple[Part, ...]:
        writer = PageWriter(stored, PageLinks(stored), worths.classes, marks)
        return tuple(parted([*elements], writer, most, lambda one: ROW * rows_in(one)))

    blocks = cut_titles(minutes_page(stored.minutes, beside=True))
    minutes = divided(single(block for block in blocks[HEAD:] if not isinstance(block, Break)), MOST_MINUTES)
    said = transcript(stored, marks) if any_said(stored) else ()
    spoken = divided(said, MOST_SPOKEN)
    beside = MOST_CITED if any_said(stored) else MOST_CITED + MOST_SPOKEN  # without a transcript there is more space
    layout = Layout(
        {name: number for number, part in enumerate(minutes, 1) for name in part.ids},
        {name: number for number, part in enumerate(spoken, 1) for name in part.ids},
        {number: cited.within(part.places, beside) for number, part in enumerate(minutes, 1)},
    )
    return Whole(
        stored, tuple(blocks[:HEAD]), minutes, spoken, layout, worths, cited, QuoteMarks(stored.minutes, stored.named)
    )


def any_said(stored: Stored) -> bool:
    """Whether anybody was asked: nobody is for a checklist without a model."""
    minutes = stored.minutes
    return bool(minutes.turns or minutes.absent or any(topic.ballots for topic in minutes.topics))
