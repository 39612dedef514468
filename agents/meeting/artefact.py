"""The values of the document that a topic produces, such as a risk register: blocks of rows, each with its evidence."""

from dataclasses import dataclass

from agents.meeting.record import Evidence


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a block.

    Attributes:
        cells: its texts, one for each column.
        evidence: the words on which it is based; empty for a count or a vote.
        place: the document and the line that the first cell names, or None.
    """

    cells: tuple[str, ...]
    evidence: tuple[Evidence, ...] = ()
    place: tuple[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """One part of an artefact.

    Attributes:
        heading: its heading.
        rows: its rows.
        columns: names of the columns; a plain list has none, and one cell in each row.
        empty: the text printed where it has no rows.
        repeats: whether it says again what stands with the decision, for a document that is read without the minutes.
    """

    heading: str
    rows: tuple[Row, ...] = ()
    columns: tuple[str, ...] = ()
    empty: str = "Nobody named one."
    repeats: bool = False


@dataclass(frozen=True, slots=True)
class Artefact:
    """The document that one topic produced, such as a risk register.

    Attributes:
        name: its kind, such as "adr".
        title: its title, as printed.
        blocks: its parts, in order.
        labels: the kinds of items it contains, which the minutes do not list again.
    """

    name: str
    title: str
    blocks: tuple[Block, ...]
    labels: frozenset[str]
