"""Tables, and pages of roles and meeting types."""

import re
import textwrap
from collections.abc import Callable, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING

from agents.cli.terminal.caller import as_called
from agents.cli.terminal.safe_text import harmless
from agents.cli.terminal.size import terminal_width
from agents.cli.terminal.styles import Style
from agents.cli.terminal.styles import paint as in_style
from agents.role import EXTRA

if TYPE_CHECKING:
    from agents.meeting.meeting_type import MeetingType
    from agents.role import Role

DEPARTMENTS = ("development", "operations", "data", "management", "support")


GAP = 2
"""Number of blanks between two columns."""

PROSE = 16
"""A column of longer cells is not made narrower than this: a word per line cannot be read as text."""


Painter = Callable[[int, int], Style | None]
"""Returns the style of a cell, from the numbers of its row and its column; None for none."""


def table(
    headings: Sequence[str], rows: Sequence[Sequence[object]], *, width: int = 0, paint: Painter | None = None
) -> str:
    """A table within the terminal's width; words are never broken, and ``file:line`` only after its colon.

    The widest columns are wrapped until all fit. A row that still does not fit becomes a block: its first cell, and
    the others indented below it, each after its heading. If most rows are like that, all of them become blocks.

    Args:
        headings: the heading of each column.
        rows: the cells of each row.
        width: the width to fit into; 0 takes the terminal's.
        paint: the styles of cells, for a table that ``say_painted`` prints.
    """
    cells = [[harmless(str(cell)) for cell in row] for row in rows]
    width = width or terminal_width()
    widths, odd = _fitting(headings, cells, width - GAP * (len(headings) - 1))
    styles = [[paint(n, column) if paint else None for column in range(len(headings))] for n in range(len(cells))]
    plain: list[Style | None] = [None] * len(headings)
    if not widths:
        blocks = (_block(headings, row, width, styles[n]) for n, row in enumerate(cells))
        return "\n".join(blocks) or wrapped(" ".join(headings))
    out = [_columns(headings, widths, plain)]
    for n, row in enumerate(cells):
        out.append(_block(headings, row, width, styles[n]) if n in odd else _columns(row, widths, styles[n]))
    return "\n".join(out)


def _fitting(headings: Sequence[str], cells: list[list[str]], room: int) -> tuple[list[int], set[int]]:
    """Widths of columns that fit, and the numbers of the rows that do not fit; no widths if most rows do not fit."""
    kept = dict(enumerate(cells))
    while True:
        columns = list(zip(headings, *kept.values(), strict=True))
        widths = [min(room, max(map(len, column))) for column in columns]
        words = [max(map(_longest_word, column)) for column in columns]
        least = [max(word, min(PROSE, width)) for word, width in zip(words, widths, strict=True)]
        if sum(least) <= room:
            break
        if len(kept) <= 1 + 2 * len(cells) // 3:
            return [], set()
        most = len(cells) // 3  # the gain from leaving out a third of the rows
        worst = max(range(len(columns)), key=lambda n: words[n] - sorted(map(_longest_word, columns[n]))[-1 - most])
        del kept[max(kept, key=lambda n: _longest_word(kept[n][worst]))]
    while sum(widths) > room:
        widest = max((n for n in range(len(widths)) if widths[n] > least[n]), key=lambda n: widths[n])
        widths[widest] -= 1
    return widths, set(range(len(cells))) - set(kept)


def _columns(row: Sequence[str], widths: Sequence[int], styles: Sequence[Style | None]) -> str:
    """One row, with as many lines as its highest cell needs."""
    parts = [_lines(cell, width) for cell, width in zip(row, widths, strict=True)]
    lines = zip_longest(*parts, fillvalue="")
    return "\n".join(
        (" " * GAP)
        .join(in_style(part.ljust(width), style) for part, width, style in zip(line, widths, styles, strict=True))
        .rstrip()
        for line in lines
    )


def _block(headings: Sequence[str], row: Sequence[str], width: int, styles: Sequence[Style | None]) -> str:
    """One row for a narrow terminal."""
    out = [in_style(line, styles[0]) for line in _lines(row[0], width)]
    for heading, cell, style in zip(headings[1:], row[1:], styles[1:], strict=True):
        if cell.strip():
            lines = _wrapped(f"{heading}: {cell}" if heading else cell, width, "  ", "    " if heading else "  ")
            out += [in_style(line, style) for line in lines]
    return "\n".join(out)


def _lines(cell: str, width: int) -> list[str]:
    """The lines of a cell; a cell that fits is not changed."""
    if len(cell) <= width and "\n" not in cell:
        return [cell]
    return _wrapped(cell, max(1, width)) or [""]


class _Wrapper(textwrap.TextWrapper):
    """Breaks lines between words, and a place in a file after its colon."""

    def _split(self, text: str) -> list[str]:
        chunks = (_PLACE.split(chunk) for chunk in super()._split(text))
        return [part for parts in chunks for part in parts if part]


_PLACE = re.compile(r"(?:(?<=\.\w:)|(?<=\.\w\w:)|(?<=\.\w\w\w:)|(?<=\.\w\w\w\w:))(?=\d+(?:-\d+)?[.,;)]*\Z)")
"""Where the name of a file ends and the number of a line begins."""


def _wrapped(text: str, width: int, indent: str = "", rest: str = "") -> list[str]:
    wrapper = _Wrapper(
        width, initial_indent=indent, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False
    )
    return wrapper.wrap(text)


def _longest_word(text: str) -> int:
    return max((len(part) for word in text.split() for part in _PLACE.split(word)), default=0)


def wrapped(text: str, indent: str = "", rest: str | None = None) -> str:
    """A paragraph at the terminal's width, without broken words; ``rest`` indents all lines but the first."""
    width = max(20, min(terminal_width(), 110))
    return "\n".join(_wrapped(text, width, indent, indent if rest is None else rest))


def underlined(title: str) -> str:
    """The title of a page, with a line below it."""
    lines = wrapped(title)
    return f"{lines}\n{'=' * max(map(len, lines.splitlines()))}"


def within(text: str, width: int) -> str:
    """A text whose lines are broken between words to fit; what goes on is as far in as its line, and two more."""
    return "\n".join(_broken(line, max(20, width)) for line in text.split("\n"))


def _broken(line: str, width: int) -> str:
    if len(line) <= width:
        return line
    indent = " " * min(width // 2, len(line) - len(line.lstrip()) + 2)
    return textwrap.fill(line, width, subsequent_indent=indent, break_on_hyphens=False, drop_whitespace=True)


def counted(number: int, noun: str) -> str:
    """A number with its noun, such as "1 minute" and "15 minutes"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def clock(seconds: float) -> str:
    """A length of time such as 4:05 or 1:04:05."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def role_list(roles: "Sequence[Role]") -> str:
    """The agents by department, those that are extra last."""
    group = {role.id: EXTRA if role.extra else role.department for role in roles}
    known = [*DEPARTMENTS, *sorted(set(group.values()) - {*DEPARTMENTS, EXTRA}), EXTRA]
    ordered = sorted(roles, key=lambda role: known.index(group[role.id]))
    rows = [[group[role.id], role.id, role.title, ", ".join(role.skills)] for role in ordered]
    extra = sum(role.extra for role in roles)
    count = f"{counted(len(roles) - extra, 'agent')}."
    count += "\n" + wrapped(f"{extra} extra, asked by name.") if extra else ""
    headings = ["department", "agent", "title", "skills"]
    widths, odd = _fitting(headings, rows, terminal_width() - GAP * (len(headings) - 1))
    if widths and not odd:
        return f"{table(headings, rows)}\n{count}"
    parts = [
        "\n".join([name, table(headings[1:], [row[1:] for row in rows if row[0] == name])])
        for name in dict.fromkeys(row[0] for row in rows)
    ]
    return "\n\n".join([*parts, count])


def role_page(role: "Role") -> str:
    """One agent in full."""
    lines = [underlined(f"{role.title} ({role.id})"), "", wrapped(role.mission), ""]
    facts = [("also called", ", ".join(role.aliases))]
    facts += [
        ("department", f"{role.department}, extra" if role.extra else role.department),
        ("level", role.level),
        ("reports to", role.reports_to),
    ]
    facts += [("decides", "; ".join(role.decides)), ("consulted on", "; ".join(role.consulted_on))]
    facts += [("expertise", ", ".join(role.expertise)), ("file", str(role.source or ""))]
    lines += [table(["", ""], [[name, value] for name, value in facts if value]).strip("\n ")]
    if role.thinking:
        lines += ["", wrapped(role.thinking)]
    for heading, items in (
        ("Questions I ask", role.questions),
        ("Red flags", role.red_flags),
        ("Definition of done", role.done),
    ):
        if items:
            lines += ["", heading, *(wrapped(item.text, "  - ", "    ") for item in items)]
    if role.skills:
        lines += ["", wrapped(as_called(f'Skills (orchestrator ask {role.id} --skill NAME "..." --attach FILE)'))]
        lines += [wrapped(f"{skill.name}: {skill.summary}", "  ", "    ") for skill in role.skills.values()]
    return "\n".join(lines)


def type_list(types: "Sequence[MeetingType]") -> str:
    """The meeting types, one line each."""
    rows = [[kind.id, kind.minutes, len(kind.participants), kind.rule, kind.purpose] for kind in types]
    return table(["type", "minutes", "seats", "rule", "purpose"], rows) + f"\n{counted(len(types), 'meeting type')}."


def type_page(kind: "MeetingType") -> str:
    """One meeting type in full."""
    from agents.meeting.phases import phase_name

    facts = [
        ("facilitator", kind.facilitator),
        ("participants", ", ".join(kind.participants)),
        ("when it matters", ", ".join(kind.optional)),
        ("minutes", str(kind.minutes)),
        ("needs", f"a {kind.needs}: {kind.material}".rstrip(": ") if kind.needs else ""),
        ("phases", ", ".join(map(phase_name, kind.phases))),
        ("decision", kind.rule + (f"; veto: {', '.join(kind.veto)}" if kind.veto else "")),
        ("choices", ", ".join(choice.name for choice in kind.choices)),
        ("leaves behind", kind.artefact.replace("_", " ")),
        ("sections", ", ".join(line.heading for line in kind.lines)),
        ("file", str(kind.source or "")),
    ]
    body = table(["", ""], [[name, value] for name, value in facts if value]).strip("\n ")
    agenda = "\n".join(wrapped(f"- {question}", "  ") for question in kind.agenda)
    head = underlined(f"{kind.title} ({kind.id})")
    return "\n".join([head, "", wrapped(kind.purpose), "", body, "", "Agenda questions", agenda])
