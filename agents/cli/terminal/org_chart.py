"""The organisation chart, drawn with characters: who reports to whom, and in which department."""

import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from agents.cli.terminal.safe_text import one_line

if TYPE_CHECKING:
    from agents.role import Role

NARROWEST = 24
LINES = ("├── ", "└── ", "│   ", "    ")
PLAIN_LINES = ("|-- ", "`-- ", "|   ", "    ")
GAP = 3

Node = tuple[str, "Role"]
"""The characters before a title, and the role."""


def drawn(roles: "Sequence[Role]", width: int, *, plain: bool = False) -> str:
    """The chart: a tree by reporting line, with departments beside it if there is space, and their sizes below.

    A department is only written where it changes, so that its roles are seen as a group. A role that reports to
    nobody, or only in a circle, is at the top.

    Args:
        roles: all roles.
        width: the width of the terminal.
        plain: use only ASCII characters.
    """
    width = max(NARROWEST, width)
    nodes = list(_nodes(roles, PLAIN_LINES if plain else LINES))
    names = max((len(before) + len(role.title) for before, role in nodes), default=0)
    departments = max((len(role.department) for role in roles), default=0)
    ids = max((len(role.id) for role in roles), default=0)
    with_department = names + GAP + departments <= width
    with_id = names + 2 * GAP + departments + ids <= width
    lines, last = [], ""
    for before, role in nodes:
        line = f"{before}{one_line(role.title)}"
        if with_department:
            line = f"{line.ljust(names + GAP)}{(role.department if role.department != last else '').ljust(departments)}"
            last = role.department
        if with_id:
            line = f"{line}{' ' * GAP}{role.id}"
        lines.append(_fitted(line.rstrip(), width))
    counted = Counter(role.department for role in roles)
    sizes = ", ".join(f"{name} {number}" for name, number in counted.most_common())
    return "\n".join([*lines, "", *textwrap.wrap(f"{len(roles)} agents: {sizes}.", width)])


def _fitted(line: str, width: int) -> str:
    return line if len(line) <= width else line[: width - 3].rstrip() + "..."


def _nodes(roles: "Sequence[Role]", marks: tuple[str, str, str, str]) -> Iterator[Node]:
    """All roles in the order of the chart, each once."""
    ids = {role.id for role in roles}
    below: dict[str, list[Role]] = {}
    for role in roles:
        below.setdefault(role.reports_to if role.reports_to in ids - {role.id} else "", []).append(role)
    for staff in below.values():
        # Roles that lead others come last in their department, so that their staff follows directly below them.
        staff.sort(key=lambda role: (role.id in below, role.department, role.title.lower()))
    seen: set[str] = set()
    for top in [*below.get("", []), *roles]:  # the second part adds roles that are only in a circle
        if top.id not in seen:
            seen.add(top.id)
            yield "", top
            yield from _below(top.id, "", below, seen, marks)


def _below(
    boss: str, before: str, below: "dict[str, list[Role]]", seen: set[str], marks: tuple[str, str, str, str]
) -> Iterator[Node]:
    branch, end, line, blank = marks
    staff = [role for role in below.get(boss, []) if role.id not in seen]
    seen |= {role.id for role in staff}
    for role in staff:
        is_last = role is staff[-1]
        yield before + (end if is_last else branch), role
        yield from _below(role.id, before + (blank if is_last else line), below, seen, marks)
