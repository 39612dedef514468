"""The names of phases in plain words."""

import pytest

from agents.meeting.phase_names import PHASE_NAMES, phase_name
from agents.meeting.phases import PHASES
from tests.inputs import ROOT


def test_every_phase_has_a_name_of_its_own() -> None:
    """Each phase of a type file has a name in plain words, and no two have the same."""
    assert set(PHASES) <= set(PHASE_NAMES)
    assert len(set(PHASE_NAMES.values())) == len(PHASE_NAMES)
    assert not any("_" in name for name in PHASE_NAMES.values())


@pytest.mark.parametrize(
    ("phase", "name"),
    [
        ("silent_round", "independent views"),
        ("digest", "tally"),
        ("reading_2", "reading 2"),
        ("of_a_later_version", "of a later version"),
        ("an\x1b[31m_old\none", "an[31m old one"),
    ],
)
def test_a_phase_is_named_in_plain_words(phase: str, name: str) -> None:
    """A known phase has its name, a numbered one keeps its number, and another one has the words of its id."""
    assert phase_name(phase) == name


def test_the_page_of_meeting_types_says_the_names() -> None:
    """Who writes a type file finds there what readers will see."""
    page = " ".join((ROOT / "docs" / "meeting-types.md").read_text(encoding="utf-8").split())
    named = {phase: name for phase, name in PHASE_NAMES.items() if phase in PHASES and name != phase.replace("_", " ")}
    assert all(f"`{phase}` *{name}*" in page for phase, name in named.items())
