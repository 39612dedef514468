"""The names of phases in plain words."""

import pytest

from agents.meeting.phases import PHASES, phase_name
from tests.inputs import ROOT


def test_every_phase_has_a_name_of_its_own() -> None:
    """Each phase has a name in plain words, and no two have the same."""
    names = [phase_name(phase) for phase in PHASES]
    assert len(set(names)) == len(names)
    assert not any("_" in name for name in names)


@pytest.mark.parametrize(
    ("phase", "name"),
    [
        ("silent_round", "independent views"),
        ("digest", "tally"),
        ("exchange", "replies"),
        ("ballot", "vote"),
        ("close_reading", "close reading"),
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
    named = {phase: one.shown for phase, one in PHASES.items() if one.shown}
    assert named
    assert all(f"`{phase}` *{name}*" in page for phase, name in named.items())
