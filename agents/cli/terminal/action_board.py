"""``orchestrator actions board``: the actions as cards in columns, drawn with characters."""

import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from agents.cli.terminal.safe_text import one_line

if TYPE_CHECKING:
    from agents.store.actions import ActionRow

COLUMNS = ("Overdue", "Within a week", "Later", "No date", "Done")
NARROWEST = 24
LEAST = 20
"""Width that a column needs; if there is less for each, the columns are drawn one below the other."""
GAP = 2
RECENT = 5
"""Number of done actions that are shown; the others are only counted."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the board.

    Attributes:
        name: its heading.
        cards: its actions, the most urgent first.
        more: number of actions that are not shown.
    """

    name: str
    cards: "tuple[ActionRow, ...]"
    more: int = 0

    @property
    def heading(self) -> str:
        """The name and the number of actions."""
        return f"{self.name} ({len(self.cards) + self.more})"


def columns_of(rows: "Sequence[ActionRow]", today: date) -> list[Column]:
    """The columns that are not empty, from left to right."""
    found = {name: [row for row in rows if _column(row, today) == name] for name in COLUMNS}
    out = []
    for name, cards in found.items():
        if name == "Done":
            latest = sorted(cards, key=lambda row: row.updated, reverse=True)
            out.append(Column(name, tuple(latest[:RECENT]), max(0, len(latest) - RECENT)))
        else:
            out.append(Column(name, tuple(sorted(cards, key=lambda row: (row.due or date.max, int(row.id[1:]))))))
    return [column for column in out if column.cards]


def board(
    columns: Sequence[Column], owner: "Callable[[ActionRow], str]", note: "Callable[[ActionRow], str]", width: int
) -> str:
    """The board: columns side by side if each has enough space, otherwise one below the other.

    Args:
        columns: the columns to draw.
        owner: returns the printed name of an action's owner.
        note: returns what must be said beside its due date, or "".
        width: the width of the terminal.
    """
    width = max(NARROWEST, width)
    each = (width - GAP * (len(columns) - 1)) // max(1, len(columns))
    if each < LEAST:
        each = width
    each = min(each, 48)
    texts = {row.id: (owner(row), note(row)) for column in columns for row in column.cards}
    drawn = [list(_column_lines(column, texts, each)) for column in columns]
    if each * len(columns) + GAP * (len(columns) - 1) > width:
        return "\n".join("\n".join([*lines, ""]) for lines in drawn).rstrip()
    height = max((len(lines) for lines in drawn), default=0)
    padded = [lines + [""] * (height - len(lines)) for lines in drawn]
    return "\n".join((" " * GAP).join(cell.ljust(each) for cell in row).rstrip() for row in zip(*padded, strict=True))


def _column(row: "ActionRow", today: date) -> str:
    if not row.open:
        return "Done"
    if row.due is None:
        return "No date"
    if row.due < today:
        return "Overdue"
    return "Within a week" if row.due <= today + timedelta(days=7) else "Later"


def _column_lines(column: Column, texts: Mapping[str, tuple[str, str]], width: int) -> Iterator[str]:
    yield column.heading[:width]
    yield "=" * width
    for row in column.cards:
        yield from _card(row, *texts[row.id], width)
    if column.more:
        yield f"and {column.more} more"


def _card(row: "ActionRow", owner: str, note: str, width: int) -> Iterator[str]:
    """A card: a frame with the id and the due date in its upper edge, the task, what is said of the date, the owner."""
    room = width - 4
    title = f" {row.id}{f', {row.due:%Y-%m-%d}' if row.due else ''} "
    yield f"+-{title}".ljust(width - 1, "-") + "+"
    doubt = [*textwrap.wrap(f"({note})" if note else "", room), *([] if row.verified else ["(as said)"])]
    for line in [*textwrap.wrap(one_line(row.task), room), *doubt, *textwrap.wrap(f"> {one_line(owner)}", room)]:
        yield f"| {line.ljust(room)} |"
    yield f"+{'-' * (width - 2)}+"
