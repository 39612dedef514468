"""When an event happened, read from its words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.meeting.event_times import in_order, time_in, when_said, without_time
from agents.meeting.record import Evidence, Item


def event(text: str) -> Item:
    """A timeline entry with these words."""
    return Item("Event", text, Evidence("T1", "qa_engineer", text, verified=True))


@pytest.mark.parametrize(
    ("text", "when", "rest"),
    [
        ("14:05 the deploy began", "14:05", "the deploy began"),
        ("- 14:05:30: it fell over", "14:05:30", "it fell over"),
        ("2 pm the pager rang", "14:00", "the pager rang"),
        ("12:05am, a restart", "00:05", "a restart"),
        ("2026-11-03 14:05 UTC, a restart", "2026-11-03 14:05", "a restart"),
        ("2026-11-03T14:05:30Z it began", "2026-11-03 14:05:30", "it began"),
        ("2026-11-03: it broke", "2026-11-03", "it broke"),
        ("at 14:05 it broke", "14:05", "at 14:05 it broke"),
        ("14:05", "14:05", "14:05"),
        ("12 users lost 3 carts", "", "12 users lost 3 carts"),
        ("incident.md:14 says so", "", "incident.md:14 says so"),
        ("25:00 is no time", "", "25:00 is no time"),
        ("nobody knows", "", "nobody knows"),
    ],
)
def test_day_and_time_are_read_where_they_are_said(text: str, when: str, rest: str) -> None:
    """Days and times of day are read in their usual forms; counts and line numbers are not times."""
    assert time_in(text) == when
    assert without_time(text) == rest


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("11:58 PM | deploy", "11:58 PM"),
        ("9:54 PM January 14, 2026: deploy by hand", "9:54 PM January 14, 2026"),
        ("21.11.2026 00:04 Uhr: rollback", "21.11.2026 00:04 Uhr"),
        ("the deploy of 14:02 broke it", "14:02"),
        ("it broke", ""),
    ],
)
def test_a_time_at_the_start_keeps_its_words(text: str, when: str) -> None:
    """A timeline prints the time as it was written, with its zone."""
    assert when_said(text) == when


def test_a_time_without_a_day_is_on_the_first_day_named() -> None:
    """Events that name only a time belong to the first day that any event names; those without a time come last."""
    texts = ["later on", "00:10 b", "2026-11-04 00:05 d", "2026-11-03 23:50 c", "at last"]
    assert [one.text for one in in_order([event(text) for text in texts])] == [
        "00:10 b", "2026-11-03 23:50 c", "2026-11-04 00:05 d", "later on", "at last",
    ]  # fmt: skip


def test_times_without_days_go_on_over_midnight() -> None:
    """Where no event names a day, the evening comes before the night after it, but not after a day of work."""
    night = ["00:20 rollback", "23:40 merge", "00:45 fixed", "23:55 no alert"]
    assert [one.text[:5] for one in in_order([event(text) for text in night])] == ["23:40", "23:55", "00:20", "00:45"]
    work = ["18:30 alarm", "11:00 deploy"]
    assert [one.text[:5] for one in in_order([event(text) for text in work])] == ["11:00", "18:30"]


@given(st.lists(st.text(max_size=30) | st.from_regex(r"[0-2][0-9]:[0-5][0-9] \w+", fullmatch=True), max_size=8))
def test_sorting_loses_nothing(texts: list[str]) -> None:
    """Whatever the words, the sorted events are the same events, and sorting them again changes nothing."""
    events = [event(text) for text in texts]
    ordered = in_order(events)
    assert sorted(one.text for one in ordered) == sorted(texts)
    assert in_order(ordered) == ordered
    assert all(without_time(text) for text in texts if text)
