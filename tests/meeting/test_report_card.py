"""Report cards: which control votes count as told apart, and how findings compare with chance."""

import pytest

from agents.meeting.jury import Jury
from agents.meeting.report_card import ControlVotes, Found, ReportCard

SIDES = {
    ("support", "support"): (True, True, False),
    ("support", "support_with_concern"): (True, True, False),
    ("object", "object"): (True, False, True),
    ("support", "object"): (False, False, False),
    ("abstain", "abstain"): (True, False, False),
    ("object", "abstain"): (False, False, False),
    ("support", ""): (False, False, False),
    ("", ""): (False, False, False),
}
"""The two votes on a proposal: whether they are steady, and told apart where a sane room supports and refuses it."""


@pytest.mark.parametrize("votes", SIDES)
def test_a_proposal_is_told_apart_by_both_votes(votes: tuple[str, str]) -> None:
    """Both votes must be on the side of a sane room; support with a concern is support, and abstaining is no side."""
    supported, refused = (ControlVotes("x", supports, "cto", votes) for supports in (True, False))
    steady, told, told_refused = SIDES[votes]
    assert (supported.steady, supported.told, refused.told) == (steady, told, told_refused)
    assert refused.steady is steady


def test_the_jury_of_a_report_card_counts_its_votes() -> None:
    """The jury has the counts of the control votes and the day of the report card; without votes there is none."""
    votes = [("support", "support"), ("support", "object"), ("object", "object")]
    controls = tuple(ControlVotes("x", True, "cto", two) for two in votes)
    card = ReportCard("ollama:x", "http://here", "2026-05-04", controls)
    assert card.jury == Jury("ollama:x", 1, 3, 2, "2026-05-04")
    assert ReportCard("ollama:x", "http://here", "2026-05-04").jury is None


@pytest.mark.parametrize(("right", "beats"), [(0, False), (7, False), (9, False), (10, True), (12, True)])
def test_few_right_findings_may_be_chance(right: int, beats: bool) -> None:
    """Of twelve findings in a document with flaws in 56 lines of 100, ten right ones are more than chance, nine not."""
    assert Found("a.md", 100, 56, 36, 12, right, 10, 0, 0).beats_chance is beats
    assert not Found("a.md", 100, 56, 36, 0, 0, 0, 0, 0).beats_chance


def test_chance_is_the_share_of_flawed_lines() -> None:
    """A document with a flaw in a quarter of its lines makes a random line right in a quarter of the cases."""
    found = Found("a.md", lines=40, flawed=10, flaws=8, findings=12, right=7, first=10, first_right=6, flaws_found=5)
    assert (found.chance, found.precision) == (0.25, 0.6)
    assert Found("a.md", 0, 0, 0, 0, 0, 0, 0, 0).precision == 0.0
