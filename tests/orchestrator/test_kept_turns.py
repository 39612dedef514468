"""Which turns a fork keeps, in words: they are stored in the order in which they were finished."""

from dataclasses import replace

import pytest

from agents.meeting.journal import Kind
from agents.orchestrator.forks import forked, turns_said
from tests.export.meetings import rich_journal


@pytest.mark.parametrize(
    ("ids", "words"),
    [
        ("T1", "T1"),
        ("T1 T2 T3", "T1 to T3"),
        ("T7 T1 T2 T3 T4 T5", "T1 to T5 and T7"),
        ("T1 T3 T9 T8", "T1, T3 and T8 to T9"),
        ("", "no turn"),
    ],
)
def test_turns_are_named_by_their_numbers(ids: str, words: str) -> None:
    """Numbers without a gap are a range; the others are listed."""
    assert turns_said(ids.split()) == words


def test_a_fork_names_the_turns_that_it_keeps_where_numbers_are_missing() -> None:
    """A turn that was finished before one with a lower number is kept without it, and the note says so."""
    events = rich_journal().events()
    spoken = [n for n, event in enumerate(events) if event.kind == Kind.TURN][:5]
    order = [*events]
    one, two = spoken[3:]
    order[one], order[two] = replace(events[two], seq=events[one].seq), replace(events[one], seq=events[two].seq)
    note = forked(order, "T5", "20261123-other-0002", "another", 8192)[0].data["notes"][-1]
    assert "after T5. It keeps T1 to T3 and T5." in note
    assert "It keeps" not in forked(events, "T5", "20261123-other-0002", "another", 8192)[0].data["notes"][-1]
