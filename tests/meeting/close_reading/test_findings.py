"""What is found is merged by line and ranked, and nothing invented is printed."""

import json

import pytest

from agents.documents import Document
from agents.meeting.close_reading.findings import findings_of
from agents.meeting.close_reading.pairs import MOST_BY_WORDS, MOST_PAIRS, Mark, Pair, pairs_of
from agents.meeting.close_reading.phase import LEAST_BY_WORDS, MOST_CHANGES, kept
from agents.meeting.finding import READ, SEARCHED
from agents.meeting.record import Entry, Turn
from agents.role import Role, RoleItem

PLAN = Document("plan.md", "# Plan\n\nBackups lie in the same rack.\nThe import runs 4 hours.\nNobody has tried it.\n")
RACK = Pair("dba", "The backup is lost together with the data.", "plan.md", 3, 3, "Backups lie in the same rack.", True)
HOURS = Pair("ops", "Nobody measured how long it takes.", "plan.md", 4, 4, "The import runs 4 hours.")


def said(turn: str, label: str, text: str, words: str = "") -> Turn:
    """A turn with one entry."""
    entry = Entry(label, text, {"words": words} if words else {})
    return Turn(turn, f"1.close_reading.dba.{turn}", 1, "close_reading", "dba", text, entries=(entry,))


def test_a_pattern_comes_first() -> None:
    """A place that matches a pattern stands before one that only words lead to, whatever the model prefers."""
    found = findings_of([PLAN], [], [Mark(HOURS, 1.5), Mark(RACK, 0.7)], {})
    assert [(one.where, one.severity) for one in found] == [("plan.md:3", "high"), ("plan.md:4", "medium")]


def test_one_place_is_one_finding() -> None:
    """Two roles at one line are two reasons of one finding, the better one first."""
    other = Pair("ops", "A second copy is missing.", "plan.md", 3, 3, RACK.quote, True)
    [found] = findings_of([PLAN], [], [Mark(RACK, 0.1), Mark(other, 0.9)], {})
    assert [reason.role for reason in found.reasons] == ["ops", "dba"]
    assert found.roles == ("ops", "dba")


def test_words_that_stand_nowhere_are_an_opinion() -> None:
    """What a role says about words that no document has is listed last, without a line."""
    turns = [
        said("T1", "Danger", "Data is lost.", "Everything is deleted on Friday"),
        said("T2", "Danger", "It is too slow.", "the import runs 4 hours"),
    ]
    found = findings_of([PLAN], turns, [], {})
    assert [(one.where, one.quote, one.severity) for one in found] == [
        ("plan.md:4", "The import runs 4 hours.", "low"),
        ("", "", "low"),
    ]
    assert [one.reasons[0].turn for one in found] == ["T2", "T1"]
    assert {one.reasons[0].how for one in found} == {READ}


@pytest.mark.parametrize(
    ("text", "kept_text"), [("Copy them to 3 sites.", ""), ("Keep 4 hours free.", "Keep 4 hours free.")]
)
def test_invented_numbers(text: str, kept_text: str) -> None:
    """A change with a number that no document has is left out, and then rests on no turn."""
    mark = Mark(RACK, 0.5, "change1")
    [found] = findings_of([PLAN], [], [mark], {"change1": said("T1", "Change", text)})
    [reason] = found.reasons
    assert (reason.change, reason.turn) == (kept_text, "T1" if kept_text else "")
    assert reason.how == SEARCHED


def test_marks_are_stored_as_they_are() -> None:
    """A mark that went through the journal is the same mark."""
    mark = Mark(RACK, 0.25, "change2")
    assert Mark.from_dict(json.loads(json.dumps(mark.as_dict()))) == mark


def test_few_words_need_a_clear_yes() -> None:
    """A pair found by words is kept only if the model clearly prefers yes; one found by a pattern, unless it prefers no."""
    marks = kept([(HOURS, LEAST_BY_WORDS - 0.1), (RACK, 0.0)])
    assert [mark.pair for mark in marks] == [RACK]
    assert kept([(RACK, -0.1)]) == []
    assert kept([(HOURS, LEAST_BY_WORDS + 0.1)])[0].pair == HOURS


def test_changes_are_asked_of_models_only() -> None:
    """At most so many places get the question what to change, each once, and no person is asked."""
    pairs = [Pair("dba", f"Item {n}", "plan.md", n, n, f"Line {n}", True) for n in range(1, 12)]
    marks = kept([(pair, 0.0) for pair in [*pairs, pairs[0]]])
    assert len({mark.part for mark in marks} - {""}) == MOST_CHANGES
    assert not any(mark.part for mark in kept([(RACK, 1.0)], {"dba"}))


def test_pairs() -> None:
    """Pairs that a pattern finds come first; there are only so many, and few by words."""
    role = Role(
        "dba", "DBA",
        red_flags=(
            RoleItem("The backup is lost together with the data.", ("backup",), ("backup + same rack",)),
            *(RoleItem(f"Flag {n}", ("import",)) for n in range(30)),
        ),
    )  # fmt: skip
    text = "\n".join(["Backups lie in the same rack.", *(f"The import number {n} runs at night." for n in range(40))])
    document = Document("plan.md", text)
    pairs = pairs_of([role], [document], document.passages())
    assert pairs[0] == Pair("dba", "The backup is lost together with the data.", "plan.md", 1, 1, RACK.quote, True)
    assert len(pairs) <= MOST_PAIRS
    assert sum(not pair.shown for pair in pairs) <= MOST_BY_WORDS


def test_two_sentences_of_a_line_are_two_findings() -> None:
    """A reason stands beside the sentence that it is about, also where a line has several sentences."""
    line = "Backups lie in the same rack. The import was never measured and runs at night."
    role = Role(
        "dba", "DBA",
        red_flags=(
            RoleItem("The backup is lost together with the data.", ("backup",), ("backup + same rack",)),
            RoleItem("Nobody measured how long it takes.", ("import",), ("import + never measured",)),
        ),
    )  # fmt: skip
    document = Document("plan.md", line)
    pairs = pairs_of([role], [document], document.passages())
    found = findings_of([document], [], kept([(pair, 0.7) for pair in pairs]), {})
    assert {one.quote: [reason.why for reason in one.reasons] for one in found} == {
        "Backups lie in the same rack.": ["The backup is lost together with the data."],
        "The import was never measured and runs at night.": ["Nobody measured how long it takes."],
    }


def test_words_lead_to_their_own_sentence() -> None:
    """A pair found by watch words has the sentence of the line that has the words, not another one of the line."""
    role = Role("dba", "DBA", red_flags=(RoleItem("Nobody measured the import.", ("import", "nightly import")),))
    document = Document("plan.md", "Colours are chosen by the shop itself. The nightly import runs for hours on end.")
    [pair] = pairs_of([role], [document], document.passages())
    assert pair.quote == "The nightly import runs for hours on end."
