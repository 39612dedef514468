"""``agents chart``: the organisation as a picture."""

import dataclasses

import pytest

from agents.cli.terminal.org_chart import drawn
from agents.role import standing
from agents.role.file import read_roles
from tests.cli.conftest import Run
from tests.inputs import ROOT

ROLES = list(standing(read_roles(ROOT / "Role")).values())


def boss_in(chart: str, title: str) -> str:
    """The role above a line in a drawn tree: the nearest line before it that begins further to the left."""
    lines = chart.split("\n\n")[0].split("\n")
    names = [line.lstrip("├─└│ ").split("   ")[0] for line in lines]
    depth = [len(line) - len(line.lstrip("├─└│ ")) for line in lines]
    at = names.index(title)
    return next((names[n] for n in range(at - 1, -1, -1) if depth[n] < depth[at]), "")


@pytest.mark.parametrize("width", [20, 40, 60, 80, 120, 200])
def test_everybody_is_drawn_once_within_the_width(width: int) -> None:
    """At any width each of the 29 has one line, and no line is longer than the terminal."""
    chart = drawn(ROLES, width)
    assert max(len(line) for line in chart.splitlines()) <= max(width, 24)
    tree = chart.split("\n\n")[0].splitlines()
    assert len(tree) == 29
    if width >= 40:
        assert all(sum(role.title in line for line in tree) >= 1 for role in ROLES)


def test_the_lines_are_those_of_the_role_files() -> None:
    """The line above a role in the tree is the role it reports to."""
    chart = drawn(ROLES, 40)
    titles = {role.id: role.title for role in ROLES}
    for role in ROLES:
        assert boss_in(chart, role.title) == titles.get(role.reports_to, "")


def test_departments_stand_together() -> None:
    """Below one boss nobody's department is interrupted by another, leaders apart; below the tree they are counted."""
    wide = drawn(ROLES, 200)
    assert "29 agents: development 9, operations 7, management 6, data 4, support 3." in wide
    staff = [line for line in wide.splitlines() if line.startswith(("│   ├", "│   └"))]
    assert sum("development" in line for line in staff) == 1


def test_without_unicode_it_is_drawn_in_ascii(run: Run) -> None:
    """--plain uses letters that every terminal has."""
    plain = run("agents", "chart", "--plain").out
    assert plain.isascii()
    assert "|-- Security Engineer" in plain


def test_circles_and_strangers_are_drawn_too() -> None:
    """A role that reports to an unknown role, or in a circle, still has a line."""
    one, two, three = (
        dataclasses.replace(role, reports_to=boss)
        for role, boss in zip(ROLES[:3], (ROLES[1].id, ROLES[0].id, "the_moon"), strict=True)
    )
    tree = drawn([one, two, three], 80).split("\n\n")[0].splitlines()
    assert sorted(line.lstrip("├─└│ ").split("   ")[0] for line in tree) == sorted(
        role.title for role in (one, two, three)
    )


def test_nobody_is_a_chart_too() -> None:
    """An empty room has no lines."""
    assert drawn([], 80).strip().startswith("0 agents")
