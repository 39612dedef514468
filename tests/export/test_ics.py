"""The calendar files: strict RFC 5545, an entry for each action that belongs there, and no text that becomes a property."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given

from agents.export.ics import folded, to_ics, to_ics_all, to_ics_todo
from agents.meeting.minutes.dates import task_said
from agents.meeting.record import ActionItem, Minutes
from agents.text import one_line
from tests.export.calendar_reader import Component, read_calendar, read_text
from tests.export.hostile import hostile_lists, hostile_words, minutes_of, patient
from tests.export.meetings import rich_minutes

EVENT = ["UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "DESCRIPTION", "CATEGORIES", "TRANSP"]
TODO = ["UID", "DTSTAMP", "DUE", "SUMMARY", "DESCRIPTION", "CATEGORIES", "STATUS"]


def read(minutes: Minutes, write: Callable[[Minutes], str] = to_ics_all) -> Component:
    """The calendar of these minutes."""
    return read_calendar(write(minutes).encode())


def with_due_date(minutes: Minutes) -> list[ActionItem]:
    """The actions with a due date."""
    return [action for topic in minutes.topics for action in topic.actions if action.due]


@patient
@given(hostile_lists)
def test_no_words_become_a_property_or_component(words: list[str]) -> None:
    """With any text, the calendar contains its events with their properties and nothing else, and the text is unchanged."""
    minutes = minutes_of(words)
    calendar = read(minutes)
    names = [name for name, _, _ in calendar.properties]
    assert names == ["VERSION", "PRODID", "X-WR-CALNAME", "X-WR-CALDESC"]
    assert [todo.name for todo in calendar.components] == ["VEVENT", "VEVENT"]
    for todo, action in zip(calendar.components, with_due_date(minutes), strict=True):
        assert not todo.components
        assert [name for name, _, _ in todo.properties] == EVENT
        assert todo.text("SUMMARY").endswith(one_line(task_said(action.task, action.due, action.due_text)))
        assert one_line(action.evidence.quote) in todo.text("DESCRIPTION")


@patient
@given(hostile_words)
def test_folding_is_undone_by_reading(words: str) -> None:
    """A folded line of any length is read back completely, and no piece of it is over 75 bytes."""
    line = f"SUMMARY:{one_line(words * 20)}"
    pieces = folded(line).split("\r\n")
    assert all(len(piece.encode()) <= 75 for piece in pieces)
    assert pieces[0] + "".join(piece[1:] for piece in pieces[1:]) == line


def test_only_what_was_agreed_is_in_a_calendar() -> None:
    """A calendar has the agreed actions with an owner and a due date whose words were found, as events of the whole day
    that leave it free; the other format has the same as to-dos.
    """
    minutes = rich_minutes()
    agreed = [one for one in with_due_date(minutes) if one.agreed and one.owner and one.evidence.verified]
    assert 0 < len(agreed) < len(with_due_date(minutes))
    events, todos = read(minutes, to_ics).components, read(minutes, to_ics_todo).components
    assert {event.name for event in events} == {"VEVENT"}
    assert {todo.name for todo in todos} == {"VTODO"}
    assert [todo.value("DUE") for todo in todos] == [f"{one.due:%Y%m%d}" for one in agreed]
    assert [event.value("DTSTART") for event in events] == [f"{one.due:%Y%m%d}" for one in agreed]
    ends = [f"{one.due + timedelta(days=1):%Y%m%d}" for one in agreed if one.due]
    assert [event.value("DTEND") for event in events] == ends
    assert {event.value("TRANSP") for event in events} == {"TRANSPARENT"}
    assert [name for name, _, _ in todos[0].properties] == TODO
    assert [event.text("UID") for event in events] == [todo.text("UID") for todo in todos]
    days = [(name, given) for event in events for name, given, _ in event.properties if name in {"DTSTART", "DTEND"}]
    assert all(given == {"VALUE": "DATE"} for _, given in days)
    assert "BEGIN:VALARM" not in to_ics(minutes)


def test_every_action_with_a_due_date_is_there_when_asked_for() -> None:
    """The third format has an event for each action with a due date, in order, and no others."""
    minutes = rich_minutes()
    events = read(minutes, to_ics_all).components
    assert [event.value("DTSTART") for event in events] == [f"{one.due:%Y%m%d}" for one in with_due_date(minutes)]


def test_the_last_day_of_the_calendar_has_no_end() -> None:
    """An event on 9999-12-31 has no day after it, and is one day long without an end."""
    minutes = rich_minutes()
    topic = minutes.topics[0]
    late = replace(topic, actions=tuple(replace(one, due=date.max) for one in topic.actions))
    [event, *_] = read(replace(minutes, topics=(late,)), to_ics_all).components
    assert event.value("DTSTART") == "99991231"
    assert "DTEND" not in [name for name, _, _ in event.properties]


def test_suggested_and_unverified_actions_are_marked() -> None:
    """A suggested action is marked as such, and the description of the calendar counts unverified entries."""
    minutes = rich_minutes()
    calendar = read(minutes)
    for todo, action in zip(calendar.components, with_due_date(minutes), strict=True):
        assert (todo.value("CATEGORIES"), todo.text("SUMMARY").startswith("Proposed, not adopted: ")) == (
            ("agreed", False) if action.agreed else ("suggested", True)
        )
    assert "9 are shown as said" in calendar.text("X-WR-CALDESC")
    doubtful = read(minutes_of(["word"])).components[1]
    assert doubtful.value("CATEGORIES") == "as said"
    assert doubtful.text("SUMMARY") == "As said: word"


def test_uids_are_stable_and_stamps_are_the_day_of_the_meeting() -> None:
    """The file is the same each time, so importing it again changes nothing; every to-do has a UID of its own."""
    minutes = rich_minutes()
    assert to_ics(minutes) == to_ics(rich_minutes())
    todos = read(minutes).components
    uids = [todo.text("UID") for todo in todos]
    assert len(set(uids)) == len(uids)
    assert all(uid.startswith("20261123-design_board-0a1b/") for uid in uids)
    assert {todo.value("DTSTAMP") for todo in todos} == {"20261123T000000Z"}


def test_a_meeting_without_dates_gives_an_empty_calendar() -> None:
    """Without due dates the calendar is empty and says how many actions there are."""
    minutes = rich_minutes()
    calendar = read(replace(minutes, topics=minutes.topics[2:]))
    assert not calendar.components
    assert calendar.text("X-WR-CALDESC").startswith("0 of 0 actions are in this calendar")


@pytest.mark.parametrize(
    "broken",
    [
        b"BEGIN:VCALENDAR\nEND:VCALENDAR\n",
        b"BEGIN:VCALENDAR\r\nVERSION 2.0\r\nEND:VCALENDAR\r\n",
        b"BEGIN:VCALENDAR\r\nBEGIN:VTODO\r\nEND:VCALENDAR\r\n",
        b"BEGIN:VCALENDAR\r\nX-A:" + b"a" * 80 + b"\r\nEND:VCALENDAR\r\n",
        b"BEGIN:VCALENDAR\r\nX-A:\x07\r\nEND:VCALENDAR\r\n",
        "BEGIN:VCALENDAR\r\nX-A:\u00fc\r\nEND:VCALENDAR\r\n".encode().replace(b"\xc3\xbc", b"\xc3\r\n \xbc"),
    ],
)
def test_the_reader_is_strict(broken: bytes) -> None:
    """The reader in these tests refuses what RFC 5545 does not allow."""
    with pytest.raises(ValueError, match=r"."):
        read_calendar(broken)
    with pytest.raises(ValueError, match=re.escape("not a TEXT value")):
        read_text("a,b")
