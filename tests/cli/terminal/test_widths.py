"""Every table, list and drawing at 40, 80 and 120 columns: nothing is wider, no word is broken, no line number is lost."""

import re
from datetime import date
from pathlib import Path

import pytest

from agents.cli.terminal import report_card, tables
from agents.store import Store
from agents.store.actions import NewAction
from tests.cli.conftest import Run
from tests.cli.place import prepare
from tests.inputs import PROPOSAL
from tests.store.specimen import CARD

WIDTHS = [40, 80, 120]
PLACES = ["session_store_proposal.md:108", "session_store_proposal.md:9", "plan.md:104"]
DUE = (date(2026, 5, 4), date(2026, 12, 3), None)

FIRST_HEADINGS = {
    "action", "agent", "control", "cost", "department", "document", "measure", "meeting", "phase", "proposal", "turn", "type",
}  # fmt: skip
"""Headings of first columns; where rows become blocks, the first cell stands alone."""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A place where a meeting was held, with actions that have dates and one that has none."""
    folder = tmp_path_factory.mktemp("p")
    prepare(folder)
    with Store(folder / "data") as store:
        for number, day in enumerate(DUE):
            store.actions.add(NewAction(
                meeting="m", key=f"k{number}", series="", topic="Move?", task="Rehearse the rollback on production-like data",
                owner="site_reliability_engineer", due=day, due_text="", turn="T1", quote="Rehearse", verified=True,
            ))  # fmt: skip
    return folder


def words_in(text: str) -> set[str]:
    """The words of what was printed, without the lines and frames around them."""
    return set(re.findall(r"[A-Za-z][\w'-]*", text))


def check(narrow: str, wide: str, width: int) -> None:
    """Each line fits the terminal, unless one word alone does not; each word of the wide output is there whole."""
    for line in narrow.splitlines():
        longest = max(map(len, line.split()), default=0)
        assert len(line) <= width or longest > width - 9, line
    assert words_in(wide) - words_in(narrow) - FIRST_HEADINGS == set()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(
    "command",
    [
        "actions board",
        "actions list --all",
        "actions show A1",
        "agents list",
        "agents show database_administrator",
        "config show",
        "doctor",
        "help",
        "help environment",
        "help exit-codes",
        "meeting list",
        "meeting map last",
        "meeting run decision -t Move? --plan",
        "meeting show last",
        "meeting show-type architecture_review",
        "meeting types",
        "memory stats",
        "status",
    ],
)
def test_what_a_command_prints_fits(
    run: Run, place: Path, monkeypatch: pytest.MonkeyPatch, command: str, width: int
) -> None:
    """At any width no word is broken or left out, and no line is too long."""
    monkeypatch.setenv("AGENTS_DATA_FOLDER", str(place / "data"))
    printed = []
    for columns in (400, width):
        monkeypatch.setenv("COLUMNS", str(columns))
        printed.append(run("--model", "rehearsal", *command.split()).out)
    assert printed[0].strip()
    check(printed[1], printed[0], width)


@pytest.mark.parametrize("width", WIDTHS)
def test_a_plan_with_a_model_fits(serve: Run, monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    """All phases of a meeting with their costs, and its document."""
    plan = ("meeting", "run", "architecture_review", "-t", "Move?", "-t", "Stay?", "-a", PROPOSAL, "--plan")
    printed = []
    for columns in (400, width):
        monkeypatch.setenv("COLUMNS", str(columns))
        printed.append(serve(*plan).out)
    check(printed[1], printed[0], width)
    assert "independent views" in printed[1]


@pytest.mark.parametrize("width", WIDTHS)
def test_a_report_card_fits(monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    """The votes, measures and costs of a model."""
    printed = []
    for columns in (400, width):
        monkeypatch.setenv("COLUMNS", str(columns))
        printed.append(report_card.page(CARD, {}))
    check(printed[1], printed[0], width)


@pytest.mark.parametrize("width", WIDTHS)
def test_a_line_number_is_never_lost(width: int) -> None:
    """A place in a document is broken only after its colon, and its number is there at any width."""
    rows = [["high", "The table is dropped, so there is no way back after the switch", one] for one in PLACES]
    shown = tables.table(["impact", "risk", "source"], rows, width=width)
    assert max(map(len, shown.splitlines())) <= width
    for one in PLACES:
        document, number = one.split(":")
        assert one in shown or (f"{document}:" in shown and number in shown.split())
    assert width == 40 or all(one in shown for one in PLACES)


@pytest.mark.parametrize("width", WIDTHS)
def test_addresses_and_models_are_not_broken(width: int) -> None:
    """Only after the name of a file does a colon end a line."""
    names = ["qwen2.5-coder:1.5b", "http://localhost:11434", "10:30"]
    shown = tables.table(["name", "what"], [[one, "words " * 30] for one in names], width=width)
    assert all(name in shown for name in names)
