"""``meeting map`` and ``actions board``: positions and actions as pictures made of letters."""

import json
import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from agents.cli.terminal.action_board import board, columns_of
from agents.cli.terminal.position_map import STOPS, drawn
from agents.orchestrator import AgentOrchestrator
from agents.store.actions import ActionRow
from tests.cli.conftest import Run
from tests.inputs import PROPOSAL
from tests.ollama_double import OllamaDouble

TODAY = date(2026, 11, 23)
BLANK = ActionRow(
    id="A1",
    meeting="m",
    key="k",
    series="",
    topic="Move it?",
    task="Try the restore.",
    owner="cto",
    due=None,
    due_text="",
    turn="T1",
    quote="Try it",
    verified=True,
    status="open",
    created="1",
    updated="1",
)


def tracks(picture: str) -> dict[str, str]:
    """The line of each participant, by title."""
    found = {}
    for line in picture.splitlines():
        name, _, rest = line.partition("  ")
        if "*" in rest and not line.startswith(("o ", " ")):
            found[name] = rest
    return found


def test_a_map_shows_where_everybody_stood_and_how_they_voted(serve: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each participant has one line whose star is under its last position, and its vote beside it."""
    monkeypatch.setenv("COLUMNS", "100")
    serve("meeting", "run", "architecture_review", "-t", "Shall we do it?", "-a", PROPOSAL, "-q")
    picture = serve("meeting", "map", "last").out
    [topic] = json.loads(serve("meeting", "map", "last", "--json").out)
    taken = {one[moment] for one in topic["positions"] for moment in ("first", "last")}
    stops = [name for name in STOPS if name in taken]
    head = next(line for line in picture.splitlines() if line.split() == [name.split()[-1] for name in stops])
    places = {name: head.rindex("for") if name == "for" else head.index(name.split()[-1]) for name in stops}
    lines = [line for line in picture.splitlines() if "*" in line and not line.startswith("o first")]
    assert len(lines) == len(topic["positions"]) == 8
    assert len({one["last"] for one in topic["positions"]}) > 1
    stars = sorted(line.index("*") for line in lines)
    assert stars == sorted(places[one["last"]] for one in topic["positions"])
    moved = [one for one in topic["positions"] if one["first"] != one["last"]]
    assert sum("<" in line or ">" in line for line in lines) == len(moved) > 0
    assert sum("supports" in line for line in lines) > 1


@pytest.mark.parametrize("width", [20, 40, 60, 80, 200])
def test_a_map_fits_the_terminal(ollama: OllamaDouble, width: int) -> None:
    """At any width nothing is wider than the terminal, and everyone is named."""
    assert ollama.url
    with AgentOrchestrator() as orchestrator:
        meeting = orchestrator.create_meeting("decision", "Shall we buy it instead of building it ourselves?")
        orchestrator.conduct_meeting(meeting)
        minutes = orchestrator.get_minutes(meeting)
    picture = drawn(minutes, width)
    assert max(len(line) for line in picture.splitlines()) <= max(width, 40)
    assert all(minutes.title_of(who) in picture for who in minutes.topics[0].positions)


def test_a_meeting_without_positions_says_so(serve: Run) -> None:
    """Where nobody takes a position there is nothing to draw, and the user is told."""
    serve("meeting", "run", "knowledge_sharing", "-t", "Where are we?", "-q")
    assert "Nobody took a position." in serve("meeting", "map", "last").out


def test_cards_stand_in_the_column_of_their_day() -> None:
    """Overdue, within a week, later, without a date and done: each action is in one, the most urgent first."""
    rows = [
        replace(BLANK, id="A1"),
        replace(BLANK, id="A2", due=TODAY + timedelta(days=7)),
        replace(BLANK, id="A3", due=TODAY),
        replace(BLANK, id="A4", due=TODAY - timedelta(days=1)),
        replace(BLANK, id="A5", due=TODAY + timedelta(days=8)),
        *(replace(BLANK, id=f"A{n}", status="done", updated=f"{n:02}") for n in range(6, 13)),
    ]
    found = {column.heading: [row.id for row in column.cards] for column in columns_of(rows, TODAY)}
    assert found == {
        "Overdue (1)": ["A4"],
        "Within a week (2)": ["A3", "A2"],
        "Later (1)": ["A5"],
        "No date (1)": ["A1"],
        "Done (7)": ["A12", "A11", "A10", "A9", "A8"],
    }


@pytest.mark.parametrize("width", [20, 40, 60, 80, 120, 200])
def test_a_board_fits_the_terminal_and_keeps_every_word(width: int) -> None:
    """Side by side or one below the other, no line is too long and no word of a task is lost."""
    task = "Show that a zone was drained under load and the errors users saw are written down."
    rows = [
        replace(BLANK, id="A1", task=task, verified=False),
        replace(BLANK, id="A2", task=task, due=TODAY),
        replace(BLANK, id="A3", task=task, due=TODAY - timedelta(days=3)),
    ]
    picture = board(columns_of(rows, TODAY), lambda row: row.owner or "unassigned", lambda row: row.due_text, width)
    assert max(len(line) for line in picture.splitlines()) <= max(width, 24)
    assert all(picture.count(word) >= 3 for word in task.split())
    assert " ".join(picture.split()).count("as said)") == 1
    side_by_side = "Overdue (1)" in picture.splitlines()[0] and "Within a week (1)" in picture.splitlines()[0]
    assert side_by_side == (width >= 60)
    assert picture.index("A3") < picture.index("A2") < picture.index("No date (1)") < picture.index("A1")


def test_the_board_of_a_meeting(serve: Run) -> None:
    """The command draws what the meeting left to do; where there is nothing, it says so."""
    assert "No actions." in serve("actions", "board").err
    serve("meeting", "run", "daily_standup", "-t", "Where are we?", "-a", PROPOSAL, "-q")
    assert re.search(r"(No date|Within a week|Later|Overdue) \(\d", serve("actions", "board").out)
    assert re.search(r"(\+-|\n ) A1", serve("actions", "board", "--meeting", "last").out)
