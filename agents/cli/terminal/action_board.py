"""``orchestrator actions board``: the actions with a date as cards in columns, the others as lists."""

import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from agents.cli.terminal.safe_text import one_line
from agents.cli.terminal.styles import STATES, paint

if TYPE_CHECKING:
    from agents.store.actions import ActionRow

OVERDUE = "Overdue"
DATED = (OVERDUE, "Within a week", "Later")
DONE, REJECTED = "Done", "Rejected"
COLUMNS = (*DATED, "No date", DONE, REJECTED)
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
        if name in {DONE, REJECTED}:
            latest = sorted(cards, key=lambda row: row.updated, reverse=True)
            out.append(Column(name, tuple(latest[:RECENT]), max(0, len(latest) - RECENT)))
        else:
            out.append(Column(name, tuple(sorted(cards, key=lambda row: (row.due or date.max, int(row.id[1:]))))))
    return [column for column in out if column.cards]


def board(
    columns: Sequence[Column],
    owner: "Callable[[ActionRow], str]",
    note: "Callable[[ActionRow], str]",
    width: int,
    *,
    plain: bool = False,
) -> str:
    """The board: columns of dated actions side by side if each has enough space, otherwise one below the other; below
    them, as lists, those without a date and those that are done.

    Args:
        columns: the columns to draw.
        owner: returns the printed name of an action's owner.
        note: returns what must be said beside its due date, or "".
        width: the width of the terminal.
        plain: write lists only, and draw nothing.
    """
    width = max(NARROWEST, width)
    texts = {row.id: (owner(row), note(row)) for column in columns for row in column.cards}
    dated = [column for column in columns if column.name in DATED and not plain]
    listed = [column for column in columns if column not in dated]
    lists = ["\n".join(_list(column, texts, width)) for column in listed]
    return "\n\n".join([*([_drawn(dated, texts, width)] if dated else []), *lists])


def _drawn(columns: Sequence[Column], texts: Mapping[str, tuple[str, str]], width: int) -> str:
    """The columns, with a frame around each action."""
    each = (width - GAP * (len(columns) - 1)) // len(columns)
    if each < LEAST:
        each = width
    each = min(each, 48)
    drawn = [list(_column_lines(column, texts, each)) for column in columns]
    if each * len(columns) + GAP * (len(columns) - 1) > width:
        return "\n\n".join("\n".join([_heading(column), *lines]) for column, lines in zip(columns, drawn, strict=True))
    height = max(map(len, drawn))
    padded = [lines + [""] * (height - len(lines)) for lines in drawn]
    heads = (" " * GAP).join(_heading(column, each) for column in columns).rstrip()
    rows = ((" " * GAP).join(cell.ljust(each) for cell in row).rstrip() for row in zip(*padded, strict=True))
    return "\n".join([heads, *rows])


def _heading(column: Column, width: int = 0) -> str:
    return paint(column.heading.ljust(width), STATES["overdue"] if column.name == OVERDUE else None)


def _column(row: "ActionRow", today: date) -> str:
    if not row.open:
        return REJECTED if row.status == "rejected" else DONE
    if row.due is None:
        return "No date"
    if row.due < today:
        return OVERDUE
    return "Within a week" if row.due <= today + timedelta(days=7) else "Later"


def _column_lines(column: Column, texts: Mapping[str, tuple[str, str]], width: int) -> Iterator[str]:
    yield "=" * width
    for row in column.cards:
        yield from _card(row, *texts[row.id], width)


def _card(row: "ActionRow", owner: str, note: str, width: int) -> Iterator[str]:
    """A card: a frame with the id and the due date in its upper edge, the task, what is said of the date, the owner."""
    room = width - 4
    title = f" {row.id}{f', {row.due:%Y-%m-%d}' if row.due else ''} "
    yield f"+-{title}".ljust(width - 1, "-") + "+"
    doubt = [
        *_wrapped(f"({note})" if note else "", room),
        *([] if row.verified else _wrapped(f"({row.corrected or 'as said'})", room)),
    ]
    for line in [*_wrapped(one_line(row.task), room), *doubt, *_wrapped(f"> {one_line(owner)}", room)]:
        yield f"| {line.ljust(room)} |"
    yield f"+{'-' * (width - 2)}+"


def _list(column: Column, texts: Mapping[str, tuple[str, str]], width: int) -> Iterator[str]:
    """The actions of a column as lines."""
    yield _heading(column)
    for row in column.cards:
        owner, note = texts[row.id]
        doubts = (f"{row.due:%Y-%m-%d}" if row.due else "", note, "" if row.verified else row.corrected or "as said")
        doubt = ", ".join(filter(None, doubts))
        text = f"{row.id} {one_line(row.task)}{f' ({doubt})' if doubt else ''} > {one_line(owner)}"
        yield from _wrapped(text, min(width, 110), "  ", "    ")
    if column.more:
        yield f"  and {column.more} more"


def _wrapped(text: str, width: int, indent: str = "", rest: str = "") -> list[str]:
    """Lines without broken words, as far as words fit."""
    return textwrap.wrap(text, width, initial_indent=indent, subsequent_indent=rest, break_on_hyphens=False)
