"""The README's picture of real output is real."""

import re

import pytest

from tests.cli.conftest import Run
from tests.inputs import PROPOSAL, ROOT

README = ROOT / "README.md"


@pytest.fixture
def shown() -> list[str]:
    """The blocks of text that the README shows."""
    return re.findall(r"```text\n(.*?)```", README.read_text(), re.DOTALL)


def flat(text: str) -> str:
    """One line without the marks that wrapping needs."""
    return " ".join(re.sub(r"(?m)^>", " ", text).split())


def test_the_minutes_shown_are_those_of_the_command_shown(
    rehearse: Run, shown: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each part of the shortened minutes, and of the map, is in what the command prints today."""
    monkeypatch.setenv("COLUMNS", "100")
    printed = rehearse(
        "meeting", "run", "architecture_review", "--topic", "May we build this?", "-a", PROPOSAL, "-q"
    ).out
    minutes, drawn = (block for block in shown if "Solutions Architect" in block)
    parts = [part for part in re.split(r"\n\.\.\.\n|\n\n", minutes) if not part.startswith(("# ", "- Model"))]
    assert len(parts) > 8
    for part in parts:
        for line in re.split(r"\n(?=[-|] )", part):
            assert flat(line) in flat(printed), line
    picture = rehearse("meeting", "map", "last").out
    assert all(line in picture for line in drawn.splitlines() if line != "...")


def test_every_link_leads_somewhere() -> None:
    """Each file that a page links to is there."""
    root = README.parent
    for page in [README, root / "CONTRIBUTING.md", *(root / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#\s]+)", page.read_text()):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{page.name}: {target}"
