"""The shipped examples run as they are."""

import os
import subprocess
import sys

import pytest

from tests.inputs import ROOT

FOLDER = ROOT / "examples"
SHOWS = {
    "ask_one_agent": ["session_store_proposal.md:", "I remember:"],
    "bring_your_own_role": ["One offer was looked at."],
    "consult_a_panel": ["because of:", "Database Administrator"],
    "hold_a_meeting": ["May we build this", "Checklist", "session_store_proposal.md:"],
    "watch_the_service": ["29 agents, version "],
    "work_in_steps": ["1. product_manager", "3. qa_engineer"],
}


def test_every_example_is_known_here() -> None:
    """A new example gets its test."""
    assert {file.stem for file in FOLDER.glob("*.py")} == set(SHOWS)


@pytest.mark.parametrize("name", sorted(SHOWS))
def test_an_example_runs_and_shows_what_it_promises(name: str) -> None:
    """As a program of its own, with the rehearsal model, it ends well and prints what it is about."""
    environment = {**os.environ, "MODEL_NAME": "rehearsal"}
    ran = subprocess.run([sys.executable, FOLDER / f"{name}.py"], env=environment, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    for words in SHOWS[name]:
        assert words in ran.stdout


def test_the_example_document_is_worth_a_meeting() -> None:
    """Four to eight pages: 1,400 to 3,200 words."""
    assert 1400 <= len((FOLDER / "session_store_proposal.md").read_text().split()) <= 3200
