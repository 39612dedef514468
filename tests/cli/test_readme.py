"""The README's picture of real output is real."""

import re

import pytest

from tests.cli.conftest import Run
from tests.inputs import ROOT

README = ROOT / "README.md"


@pytest.fixture
def shown() -> list[str]:
    """The blocks of text that the README shows."""
    return re.findall(r"```text\n(.*?)```", README.read_text(), re.DOTALL)


def flat(text: str) -> str:
    """One line without the marks that wrapping needs."""
    return " ".join(re.sub(r"(?m)^>", " ", text).split())


def parts(block: str) -> list[str]:
    """The parts of a shortened block, without its title, which names the day."""
    lines = [flat(line) for line in re.split(r"\n\.\.\.\n|\n(?=[-|#>] ?)|\n\n", block)]
    return [line.removesuffix("...").strip() for line in lines if line and not line.startswith("# ")]


def test_the_minutes_shown_are_those_of_the_recorded_meeting(run: Run, shown: list[str]) -> None:
    """Each part of the shortened minutes is in the minutes that the demo shows."""
    printed = flat(run("demo", "--quiet").out)
    [minutes] = (block for block in shown if "**Decision:**" in block)
    lines = parts(minutes)
    assert len(lines) > 8
    assert [line for line in lines if line not in printed] == []


def test_every_link_leads_somewhere() -> None:
    """Each file that a page links to is there."""
    root = README.parent
    for page in [README, root / "CONTRIBUTING.md", *(root / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#\s]+)", page.read_text()):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{page.name}: {target}"
