"""Which meeting the words of the command line mean."""

import pytest

from agents.cli.type_and_topic import type_and_topics
from agents.errors import OrchestratorError, UnknownName, UsageError
from agents.meeting.types.file import read_types
from tests.cli.conftest import Run

TYPES = read_types(None)


@pytest.mark.parametrize(
    ("words", "topics", "kind", "found"),
    [
        (["Buy or build?"], [], "decision", ["Buy or build?"]),
        (["Should", "we", "buy?"], [], "decision", ["Should we buy?"]),
        (["decision", "Buy or build?"], [], "decision", ["Buy or build?"]),
        (["decision", "Buy", "or", "build?"], [], "decision", ["Buy or build?"]),
        (["architecture review", "Redis?"], [], "architecture_review", ["Redis?"]),
        (["Architecture-Review"], ["Redis?"], "architecture_review", ["Redis?"]),
        (["decision", "One?"], ["Two?", "Three?"], "decision", ["One?", "Two?", "Three?"]),
        (["One of two, then?"], ["Two?"], "decision", ["One of two, then?", "Two?"]),
        (["Redis?"], [], "decision", ["Redis?"]),
        ([], ["Redis"], "decision", ["Redis"]),
        (["Security of the shop: is a review due?"], [], "decision", ["Security of the shop: is a review due?"]),
    ],
)
def test_a_type_and_topics_are_told_apart(words: list[str], topics: list[str], kind: str, found: list[str]) -> None:
    """The first word is a type if it is the name of one; otherwise all words are the topic of a decision."""
    first, *more = words or [None]  # type: ignore[list-item]
    assert type_and_topics(TYPES, first, more, topics) == (kind, found)


@pytest.mark.parametrize(
    ("words", "topics", "cause", "remedy"),
    [
        (["decison", "Buy?"], [], "no meeting type 'decison'", "decision"),
        (["architecure review", "Buy?"], [], "no meeting type", "architecture_review"),
        (["archtecture_review"], ["Buy?"], "no meeting type", "architecture_review"),
        (["vendor_check", "Buy?"], [], "no meeting type 'vendor_check'", ""),
        (["vendor"], ["Buy?"], "no meeting type 'vendor'", ""),
        (["Redis"], [], "no meeting type 'Redis'", '--topic "Redis"'),
        (["decision"], [], "There is no topic for decision.", "about"),
        (["decision", " "], [""], "There is no topic for decision.", "about"),
        ([], [], "There is no topic.", "about"),
        ([" "], ["  "], "There is no topic.", "about"),
    ],
)
def test_what_cannot_be_meant_is_refused(words: list[str], topics: list[str], cause: str, remedy: str) -> None:
    """A type with a mistake in it is no topic: the error names the type that is meant; a missing topic is asked for."""
    first, *more = words or [None]  # type: ignore[list-item]
    with pytest.raises((UnknownName, UsageError)) as failed:
        type_and_topics(TYPES, first, more, topics)
    error = failed.value
    assert isinstance(error, OrchestratorError)
    assert cause in error.cause
    assert remedy in (error.hint if isinstance(error, UnknownName) else error.remedy)


def test_without_a_type_the_decision_is_said(rehearse: Run) -> None:
    """Away from a terminal nothing is asked: the type that is taken stands on stderr, with the list of the others."""
    ran = rehearse("meeting", "run", "Buy or build?", "-q")
    assert ran.status == 0
    assert ran.out.startswith("# Buy or build?\n\nDecision, ")
    assert "orchestrator types list" in ran.err
