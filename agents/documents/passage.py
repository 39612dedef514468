"""Some consecutive lines of a document, as they are shown to a model and cited."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Passage:
    """Some consecutive lines of one document.

    Attributes:
        document: the document's name: its file name.
        first: number of its first line, counted from 1.
        last: number of its last line.
        heading: the nearest heading above its text, or the page or cell that it stands on, or "".
        text: the lines as they are in the document.
        piece: the number of the piece, counted from 0, if its only line is too long for one passage.
        titles: how many of its first lines are headings of the text below them in this passage, with the blank lines
            below those.
    """

    document: str
    first: int
    last: int
    heading: str
    text: str
    piece: int = 0
    titles: int = 0

    @property
    def where(self) -> str:
        """The place as it is cited: ``design.md:12-18``."""
        span = str(self.first) if self.first == self.last else f"{self.first}-{self.last}"
        return f"{self.document}:{span}"
