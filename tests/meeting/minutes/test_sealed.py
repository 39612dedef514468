"""Votes that nobody may see yet: those of a ballot that is not over."""

from dataclasses import replace

import pytest

from agents.meeting.journal import Event, Kind
from agents.meeting.minutes.sealed import open_ballot, without_views, without_votes
from agents.meeting.spec import OpenAction
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


def seated(*events: Event, person: bool = True, **more: object) -> list[Event]:
    """Events of a meeting whose last seat is a person's."""
    spec = spec_for()
    seats = (*spec.seats[:-1], replace(spec.seats[-1], human=person))
    spec = replace(spec, seats=seats, **more)  # type: ignore[arg-type]
    return [Event(1, "", Kind.SPEC, "called", spec.as_dict()), *events]


def said(speaker: str, phase: str = "silent_round", kind: Kind = Kind.TURN, position: str | None = "for") -> Event:
    """What somebody said."""
    return Event(9, "", kind, "", {"topic": 1, "phase": phase, "speaker": speaker, "position": position})


FIRST, SECOND, *_, ME = spec_for().speakers
LATER = Event(9, "", Kind.INTERJECTION, "", {"topic": 1, "words": ["Well."]})


@pytest.mark.parametrize(
    ("events", "hidden"),
    [
        ([said(FIRST), said(SECOND, kind=Kind.LEFT_OUT)], 2),
        ([said(FIRST), said(FIRST, kind=Kind.ABSENCE)], 1),
        ([said(FIRST), said(ME)], 0),
        ([said(FIRST), said(ME, kind=Kind.ABSENCE), said(SECOND)], 0),
        ([said(FIRST), LATER], 0),
        ([said(FIRST), said(ME, position="against"), said(SECOND, "exchange")], 1),
        ([said(FIRST), said(ME), said(SECOND, "exchange")], 0),
        ([said(FIRST, "open_round")], 0),
        ([said(FIRST, "reading_1")], 0),
        ([said(FIRST, "more_1_ballot")], 1),
        ([said(FIRST, "answer_1_ballot")], 0),
    ],
)
def test_views_are_sealed_until_the_person_has_given_one(events: list[Event], hidden: int) -> None:
    """What others say in a phase in which each speaks alone is left out until the person has answered, is absent, or
    something later happens; in a meeting without a person nothing is.
    """
    every = seated(*events)
    assert len(every) - len(without_views(every)) == hidden
    alone = seated(*events, person=False)
    assert without_views(alone) is alone


def test_a_person_without_open_actions_waits_for_no_report() -> None:
    """The reports on open actions are sealed only for a person who has to give one."""
    for owner, hidden in ((FIRST, 0), (ME, 1)):
        actions = (OpenAction("A1", "Measure it", owner, None, ""),)
        every = seated(said(FIRST, "status_round"), open_actions=actions)
        assert len(every) - len(without_views(every)) == hidden
