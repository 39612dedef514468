"""Reads the tables that models write in Markdown. All functions are pure."""

from collections.abc import Iterator, Sequence

_OWNERS = frozenset(
    {"owner", "owners", "who", "responsible", "assignee", "assigned to", "by whom", "responsibility", "owned by"}
)
_DAYS = frozenset({"due", "by", "when", "deadline", "date", "due date", "until", "target date", "by when"})
_NAMES = frozenset({"", "label", "field", "line", "part", "kind", "type", "item", "section", "point", "key"})
_EMPTY = frozenset({"", "-", "--", "\u2013", "\u2014", "none", "n/a", "tbd", "?", "..."})
_MOST_VALUE = 2
"""The most words of a value in a column beside what is said."""


def is_separator(line: str) -> bool:
    """Whether a line separates the header of a table from its rows, such as "|---|:--|"."""
    stripped = line.strip()
    return "-" in stripped and "|" in stripped and not set(stripped) - set("|-: \t")


def row_cells(line: str) -> list[str]:
    """The cells of a row."""
    inner = line.strip().removeprefix("|").removesuffix("|")
    return [cell.strip() for cell in inner.replace("\\|", "\u2502").split("|")]


def table_entries(rows: Sequence[Sequence[str]]) -> Iterator[tuple[str, str]]:
    """What a table says, each with its label: the heads of its columns, or the first cells of its rows.

    The owner and the day of an action follow it, each after a dash; other short values stand in brackets.

    Args:
        rows: the cells of the rows; the first row is the header.
    """
    header, heads = rows[0], [_head(cell) for cell in rows[0]]
    for row in rows[1:]:
        cells = [*row, *([""] * (len(header) - len(row)))]
        if heads[0] in _NAMES and len(cells) > 1:
            rest = [cell for cell in cells[1:] if cell.lower() not in _EMPTY]
            yield cells[0].strip(" :\uff1a"), " - ".join(rest)
            continue
        for place, head in enumerate(heads):
            if head and head not in _OWNERS | _DAYS | {"#", "no", "nr"} and cells[place].lower() not in _EMPTY:
                yield header[place].strip(" :\uff1a"), cells[place] + _beside(place, heads, cells)


def _head(cell: str) -> str:
    return " ".join(cell.strip(" :\uff1a").lower().split())


def _beside(place: int, heads: Sequence[str], cells: Sequence[str]) -> str:
    """What the other columns say about a cell."""
    given = [(head, cell) for head, cell in zip(heads, cells, strict=False) if cell.lower() not in _EMPTY]
    if heads[place].startswith(("action", "task", "next step")):
        ordered = [cell for names in (_OWNERS, _DAYS) for head, cell in given if head in names]
        return "".join(f" - {cell}" for cell in ordered)
    taken = _OWNERS | _DAYS | {heads[place]}
    values = [f"{head}: {cell}" for head, cell in given if head not in taken and len(cell.split()) <= _MOST_VALUE]
    return f" ({', '.join(values)})" if values else ""
