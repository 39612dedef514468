"""The codec: values of a meeting as events of its journal, and back."""

import json
from dataclasses import fields
from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from agents.meeting.afterwards import HeldAgain
from agents.meeting.codec import Recorded, keep, value_of, values
from agents.meeting.journal import Kind, MemoryJournal, live_event
from agents.meeting.journal_values import (
    BaselineAnswer,
    Drop,
    Interjection,
    LeftOut,
    Note,
    PersonDecision,
    StoredPacking,
    StructuredAnswer,
)
from agents.meeting.record import Ballot, Entry, Position, Status, Turn, Vote
from agents.meeting.verdict import Judgement, Verdict

TEXT = st.text(max_size=30)
NUMBERS = st.dictionaries(st.sampled_from(["prompt_tokens", "reply_tokens"]), st.floats(0, 1e6), max_size=2)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | TEXT, lambda inner: st.lists(inner, max_size=3), max_leaves=5
)
PLACES = st.lists(st.tuples(TEXT, st.integers(1, 99), st.integers(0, 3)), max_size=3).map(tuple)
SPECIAL = {
    (Turn, "dropped"): st.just(""),
    (Turn, "position"): st.none() | st.sampled_from(Position),
    (Ballot, "vote"): st.sampled_from(Vote),
    (Ballot, "second"): st.none() | st.sampled_from(Vote),
    (Ballot, "counted"): st.just(True),
    (Drop, "position"): st.none() | st.sampled_from(Position),
    (Turn, "entries"): st.none()
    | st.lists(st.builds(Entry, TEXT, TEXT, st.dictionaries(TEXT, TEXT, max_size=2))).map(tuple),
    (Drop, "entries"): st.lists(st.integers(0, 9), max_size=3).map(tuple),
    (LeftOut, "labels"): st.lists(TEXT, max_size=3).map(tuple),
    (StoredPacking, "shared"): PLACES,
    (StoredPacking, "parts"): st.none() | st.dictionaries(TEXT, st.lists(PLACES, max_size=2).map(tuple), max_size=2),
    (StoredPacking, "enough"): st.dictionaries(TEXT, st.integers(1, 99), max_size=2),
    (Interjection, "words"): st.lists(TEXT, max_size=3).map(tuple),
    (StructuredAnswer, "answer"): JSON,
    (HeldAgain, "outcomes"): st.dictionaries(TEXT, TEXT, max_size=2),
    (PersonDecision, "status"): st.sampled_from(Status),
    (Verdict, "judgement"): st.sampled_from(Judgement),
}
TYPES = get_args(Recorded)


@st.composite
def recorded(draw: st.DrawFn) -> Recorded:
    """Any value that a journal stores."""
    cls = draw(st.sampled_from(TYPES))
    plain = {str(int): st.integers(0, 99), str(float): st.floats(0, 9), str(str): TEXT}
    given_by = {
        each.name: SPECIAL.get((cls, each.name), NUMBERS if each.name == "numbers" else plain.get(str(each.type)))
        for each in fields(cls)
    }
    value: Recorded = cls(**{name: None if one is None else draw(one) for name, one in given_by.items()})
    return value


@given(st.lists(recorded(), max_size=6))
def test_every_value_is_read_back_as_it_was_stored(kept: list[Recorded]) -> None:
    """Any value is read back equal, in order and by kind, and JSON preserves all of it."""
    journal = MemoryJournal()
    for number, value in enumerate(kept):
        keep(journal, f"k{number}", value)
    events = journal.events()
    assert [value_of(event) for event in events] == kept
    assert json.loads(json.dumps([dict(event.data) for event in events])) == [event.data for event in events]
    for cls in TYPES:
        assert values(events, cls) == [value for value in kept if isinstance(value, cls)]


def test_every_kind_has_a_value_or_is_live() -> None:
    """Each kind except the spec has a type of value, or is one of the four live events."""
    told = {Kind.TOPIC, Kind.PHASE, Kind.ASKED, Kind.TEXT}
    journal = MemoryJournal()
    for number, cls in enumerate(TYPES):
        blank = {
            each.name: 0 if each.type is int else () if each.name in {"shared", "words", "entries", "labels"} else ""
            for each in fields(cls)
        }
        if cls is Ballot:
            blank["vote"] = Vote.SUPPORT
        keep(journal, str(number), cls(**blank))
    assert {event.kind for event in journal.events()} | told | {Kind.SPEC} == set(Kind)


def test_data_of_an_earlier_version_may_lack_fields_and_have_others() -> None:
    """A ballot without its phase and a note with an unknown field are read."""
    journal = MemoryJournal()
    old = {"topic": 1, "speaker": "cto", "vote": "object", "reason": "", "would_change": "", "key": "1.ballot.cto"}
    journal.append("ballot", "1.ballot.cto", old)
    journal.append("note", "1.note.short", {"topic": 1, "text": "Shortened.", "colour": "red"})
    assert values(journal.events(), Ballot) == [Ballot(1, "cto", Vote.OBJECT, key="1.ballot.cto")]
    assert values(journal.events(), Note) == [Note(1, "Shortened.")]
    assert values(journal.events(), BaselineAnswer) == []


def test_a_live_event_has_no_number_and_no_value() -> None:
    """It has a topic, phase and speaker like other events, the number 0, and no value."""
    event = live_event(Kind.TEXT, 2, "ballot", "cto", "Yes")
    assert (event.seq, event.topic, event.phase, event.speaker) == (0, 2, "ballot", "cto")
    assert value_of(event) is None
