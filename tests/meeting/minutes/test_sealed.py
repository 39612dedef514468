"""Votes that nobody may see yet: those of a ballot that is not over."""

from agents.meeting.journal import Event, Kind
from agents.meeting.minutes.sealed import open_ballot, without_votes
from tests.meeting.rooms import hold, spec_for


def upto_vote(events: list[Event], number: int) -> list[Event]:
    """The events up to a vote, by its number from 1."""
    places = [place for place, event in enumerate(events) if event.kind == Kind.BALLOT]
    return events[: places[number - 1] + 1]


def test_a_ballot_is_open_from_its_first_vote_to_its_last() -> None:
    """Of the topic on which some have voted, only the votes are left out; before the first vote and after the last one
    nothing is.
    """
    events, _ = hold(spec_for(topics=("Shall we?", "And when?")))
    votes = [event.data["topic"] for event in events if event.kind == Kind.BALLOT]
    assert votes == [1, 1, 1, 1, 2, 2, 2, 2]
    assert [open_ballot(upto_vote(events, number)) for number in range(1, 9)] == [1, 1, 1, 0, 2, 2, 2, 0]
    assert open_ballot(upto_vote(events, 1)[:-1]) == 0
    half = upto_vote(events, 6)
    shown = without_votes(half, open_ballot(half))
    assert [event for event in half if event not in shown] == half[-2:]
    assert without_votes(half, 0) is half


def test_what_happens_later_ends_a_ballot() -> None:
    """A meeting that is closed with a vote missing has its votes open; a note changes nothing."""
    events, _ = hold(spec_for())
    half = upto_vote(events, 2)
    note = Event(99, "", Kind.NOTE, "note", {"topic": 0, "text": "Another model answers from here on."})
    assert open_ballot([*half, note]) == 1
    assert open_ballot([*half, Event(99, "", Kind.CLOSING, "closed", {})]) == 0
