"""Figures are looked up in documents: times of day, days and numbers, in lines that are about the same."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from agents.documents import Document
from agents.meeting.minutes.figures import Figures, figures_in
from tests.meeting.minutes.said import minutes_of

OUTAGE = Document(
    "outage.md",
    "10:11 The alarm for failed payments fires.\n"
    "10:15 Ana sees that all connections of the pool are in use,\n"
    "and tells the team.\n"
    "at 2:05 pm the shop is open again, after three minutes of tests\n"
    "Support answered 214 customers; 1,900 orders were lost by 12 November 2026.\n"
    "The limit of the pool is 30 days old.\n12 of 40 shops were shut.\n",
)


@pytest.mark.parametrize(
    ("said", "problem", "lines"),
    [
        ("The alarm fired at 10:11", "", [1]),
        ("The alarm fired at 10:15", "outage.md:2 has 10:15, but none of its other words", [2]),
        ("The team knew it at 10:15", "", [2]),
        ("10:16 a team knew it", "no document has the time 10:16", []),
        ("Nobody slept at 10:15", "", [2]),
        ("The shop was open at 14:05", "", [4]),
        ("The shop was open at 14:06", "no document has the time 14:06", []),
        ("3 minutes of tests", "", [4]),
        ("three-minute tests", "", [4]),
        ("Tests took four minutes", "no document has the number four minutes", []),
        ("1900 orders were lost", "", [5]),
        ("214 customers saw an alarm", "outage.md:5 has 214 customers, but none of its other words", [5]),
        ("orders were lost on 2026-11-12", "", [5]),
        ("orders were lost on 12 Nov", "", [5]),
        ("orders were lost on 12 November 2025", "no document has the day 12 November 2025", []),
        ("12 shops were shut", "", [7]),
        ("12 of 40 shops were shut", "", [7]),
        ("12 users were shut out", "no document has the number 12 users", []),
        ("The limit is 30 seconds", "no document has the number 30 seconds", []),
        ("The limit of 30 is old", "", [6]),
        (f"The pool has {', '.join(map(str, range(40)))}", "it has too many figures to be checked", []),
        ("It is 30.", "it does not say what 30 counts", []),
        ("\u9650\u5ea6\u306f30\u3067\u3059", "", [6]),
    ],
)
def test_a_figure_is_looked_up_with_what_it_is_about(said: str, problem: str, lines: list[int]) -> None:
    """A time, a day or a number counts where a line has it, with the word after a number, and shares another word with the
    sentence; where no line has any of its words, or words cannot be told apart, the figure alone counts.
    """
    found, written = Figures([OUTAGE]).look(said)
    assert found == problem
    assert [line.first for line in written] == lines


@example("10:1 0")
@example("2.1.2000 at 3 am")
@example("1,2,3 four")
@given(st.one_of(st.text(max_size=60), st.from_regex(r"\A(?:[a-z0-9:,. -]|two|pm|May|\d\d:\d\d){0,20}\Z")))
def test_a_line_has_its_own_figures(line: str) -> None:
    """Whatever a line of a document says, its own figures are found in it."""
    line = " ".join(line.split())
    problem, _ = Figures([Document("any.txt", line)]).look(line)
    assert problem == "" or problem.startswith("it does not say what")


def test_figures_have_one_form() -> None:
    """The same time, day or number has the same key in other words."""
    for same in (("2:05 pm", "14:05"), ("3 Nov 2026", "2026-11-03"), ("1,900 orders", "1900 order"), ("two", "2")):
        [one], [other] = map(figures_in, same)
        assert one.key == other.key


def test_times_are_looked_up_in_all_that_is_said_about_what_happened() -> None:
    """In a meeting on what happened, a wrong time is not verified in any line but those of plans; other meetings say times
    of their own.
    """
    said = [f"{label}: The alarm fired at 10:15" for label in ("Factor", "Signal", "Went well", "Prevention")]
    minutes = minutes_of("incident_postmortem", [("silent_round", "cto", "\n".join(said))], (OUTAGE,))
    verified = {item.label: item.evidence.verified for item in minutes.topics[0].items if item.evidence.turn}
    assert verified == {"Factor": False, "Signal": False, "Went well": False, "Prevention": True}
    risk = [("silent_round", "cto", "Risk: The alarm at 10:15 wakes nobody")]
    [other] = minutes_of("architecture_review", risk, (OUTAGE,)).topics[0].items
    assert other.evidence.verified


def test_a_person_may_know_more_than_the_documents() -> None:
    """What a person reports is not held against the documents, since the person may have been there."""
    said = [("silent_round", "cto", "Signal: A customer called at 10:12")]
    for person, verified in (("cto", True), ("qa_engineer", False)):
        minutes = minutes_of("incident_postmortem", said, (OUTAGE,), person=person)
        assert [one.evidence.verified for one in minutes.topics[0].items if one.evidence.turn] == [verified]
