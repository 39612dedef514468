"""What a meeting leaves behind besides its minutes: an ADR, a timeline, a risk register, a sprint goal ...

An artefact is an arrangement of what the minutes hold, made by code (``layouts.py``): nothing in it was worded by a
model without being said, and every row leads back to the turn it rests on. The formats draw it.
"""

from dataclasses import dataclass

from agents.meeting.evidence import Evidence

BY_PERSON = {"blockers"}
"""Artefacts in which two people who say the same are two entries."""


@dataclass(frozen=True, slots=True)
class Row:
    """One entry.

    Attributes:
        cells: its texts, one a column.
        evidence: what it rests on; empty for what code counted or a ballot said.
    """

    cells: tuple[str, ...]
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """One part of an artefact.

    Attributes:
        heading: its name.
        rows: its entries.
        columns: names of the columns; a plain list has none, and one cell a row.
        empty: what is said where it has no rows.
    """

    heading: str
    rows: tuple[Row, ...] = ()
    columns: tuple[str, ...] = ()
    empty: str = "Nobody named one."


@dataclass(frozen=True, slots=True)
class Artefact:
    """What one topic left behind.

    Attributes:
        name: such as "adr".
        title: as printed.
        blocks: its parts, in order.
        labels: the kinds of items it holds; the minutes need not list them again.
    """

    name: str
    title: str
    blocks: tuple[Block, ...]
    labels: frozenset[str]
