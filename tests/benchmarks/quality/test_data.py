"""The documents, keys and judged pairs that the quality benchmark comes with."""

import pytest

from agents.role.file import read_roles
from benchmarks.quality.cases import Case, Lines, read_cases
from benchmarks.quality.locate import stands
from benchmarks.quality.pairs import FOUND, MISSED, read_pairs
from tests.inputs import ROOT

CASES = read_cases()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_document_of_the_benchmark_is_long_enough_and_marked_enough(case: Case) -> None:
    """It has 100 to 190 lines, and at least 25 flaws and 25 traps."""
    assert 100 <= len(case.document.text.rstrip("\n").split("\n")) <= 190
    assert len(case.flaws) >= 25
    assert len(case.traps) >= 25


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_key_of_the_benchmark_marks_content_and_no_line_twice(case: Case) -> None:
    """The ends of every marked place are content lines, and no flaw touches a trap."""
    places = [one.lines for one in case.flaws] + [one.lines for one in case.traps]
    assert {end for one in places for end in (one.first, one.last)} <= {*case.content}
    assert [(flaw, trap) for flaw in case.flaws for trap in case.traps if flaw.lines.touches(trap.lines)] == []
    assert all(flaw.what and flaw.fields and flaw.severity for flaw in case.flaws)
    assert all(trap.why for trap in case.traps)


def test_there_are_four_documents_with_different_fields() -> None:
    """The benchmark is not about one kind of document."""
    assert len(CASES) >= 4
    assert len({frozenset(field for flaw in case.flaws for field in flaw.fields) for case in CASES}) == len(CASES)


def test_the_key_of_pairs_is_large_and_quotes_the_documents() -> None:
    """At least 300 judged pairs, of at least 12 roles' cards, and every quote stands in its line."""
    documents = {case.document.name: case.document for case in CASES}
    pairs = [pair for pair in read_pairs([FOUND]).pairs if pair.source.startswith("card:")]
    assert len(pairs) >= 300
    assert len({pair.source.partition("/")[0] for pair in pairs}) >= 12
    assert {pair.true for pair in pairs} == {True, False}
    assert [one for one in pairs if not stands(one.quote, Lines(one.line, one.line), documents[one.document])] == []


def test_pairs_that_were_missed_are_true_and_quote_the_documents() -> None:
    """Each is an item of a card that a reader found in a line, and no other list has it."""
    documents = {case.document.name: case.document for case in CASES}
    missed, found = read_pairs([MISSED]).pairs, read_pairs([FOUND]).pairs
    assert missed
    assert all(one.true for one in missed)
    assert {one.key for one in missed} & {one.key for one in found} == set()
    assert [one for one in missed if not stands(one.quote, Lines(one.line, one.line), documents[one.document])] == []


def test_every_judged_item_is_an_item_of_its_card() -> None:
    """A card that is reworded needs its pairs reworded with it, or they are found no more."""
    roles = read_roles(ROOT / "Role")
    for pair in read_pairs().pairs:
        if pair.source.startswith("card:"):
            role, _, name = pair.source.removeprefix("card:").partition("/")
            assert pair.claim in {item.text for item in getattr(roles[role], name)}, pair
