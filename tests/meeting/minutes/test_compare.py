"""Quotations that are looked up in a text."""

from agents.meeting.minutes.compare import LONG, NEAR, Material
from tests.growth import seconds


def test_a_quotation_in_a_very_long_sentence_is_not_plain() -> None:
    """What limits it may stand too far away to be read, so it is shown as said; in a shorter one it is plain."""
    words = "the team moves the data and " * (NEAR // 20)
    found = Material([f"We start, and {words} so we delete the archive."]).find("we delete the archive")
    assert found is not None
    assert found.rest == LONG
    near = Material(["The week was good. We delete the archive. " + "It is quiet here. " * 500]).find(
        "We delete the archive"
    )
    assert near is not None
    assert near.rest == ""


def test_a_long_line_costs_no_more_than_a_short_one_for_each_place() -> None:
    """A quotation that stands in a line very often takes about the same time in a line of ten times the length."""

    def looked_up(sentences: int) -> float:
        material = Material(["If it rains we wait. " * sentences], prose=True)
        return min(seconds(lambda: material.find("we wait")) for _ in range(3))

    assert looked_up(20_000) < 4 * looked_up(2_000) + 0.002
