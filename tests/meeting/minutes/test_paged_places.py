"""A place on a page of a converted document is found, and printed as a person looks it up."""

import pytest

from agents.documents import Document, Part
from agents.meeting.minutes.places import Places

PLAN = Document(
    "plan.pdf",
    "Plan.\nWe move at once.\nThe backup was never restored.\nOne password is shared.",
    parts=(Part(1, "p. 1"), Part(3, "p. 2")),
)


@pytest.mark.parametrize(
    "said",
    ["plan.pdf p. 2 l. 1", "plan.pdf, p. 2, l. 1", "plan.pdf page 2 line 1", "plan.pdf:3"],
)
def test_a_line_is_named_by_its_page(said: str) -> None:
    """By the line of its page or by its line in the whole text: the same line, with the page beside the entry."""
    looked = Places([PLAN], {}).look(f'{said} says "The backup was never restored."')
    assert looked.problem == ""
    assert {one.place for one in looked.written} == {"plan.pdf p. 2 l. 1"}


def test_a_wrong_page_is_a_problem() -> None:
    """Words on page 2 are not on page 1."""
    looked = Places([PLAN], {}).look('plan.pdf p. 1 l. 1 says "The backup was never restored."')
    assert "not at plan.pdf p. 1 l. 1" in looked.problem
