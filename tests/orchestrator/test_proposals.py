"""Proposed actions that a person takes on after the meeting, which did not agree on them."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from agents.cli.commands.actions import as_calendar
from agents.errors import Locked, MeetingError, UnknownName, UsageError
from agents.meeting.entry_names import entry_names
from agents.meeting.record import ActionItem
from agents.orchestrator import AgentOrchestrator
from agents.orchestrator.action_values import action_values
from agents.orchestrator.hold import _agree_again
from agents.orchestrator.proposals import atake_on, entered, may_be_taken, take_on
from tests.api.pages.site import keep
from tests.export.meetings import rich_journal

RICH, PROPOSED, UNVERIFIED, AGREED = "20261123-rich-0001", "2.AC1", "1.AC3", "1.AC1"
"""A closed meeting, and actions of it: one that was not agreed, one that is only as said, and one that was agreed."""


@pytest.fixture
def orchestrator(tmp_path: Path) -> Iterator[AgentOrchestrator]:
    """One with a closed meeting of which nothing is in the register."""
    with AgentOrchestrator(model="rehearsal", data_folder=tmp_path / "data") as opened:
        keep(opened, rich_journal().events(), RICH)
        yield opened


def item(orchestrator: AgentOrchestrator, name: str) -> ActionItem:
    """An action of the minutes."""
    found = entry_names(orchestrator.get_minutes(RICH))[name].value
    assert isinstance(found, ActionItem)
    return found


def history(orchestrator: AgentOrchestrator, action: str) -> list[tuple[str, str]]:
    """Who did what with an action."""
    return [(one.who, one.what) for one in orchestrator.actions.changes(action)]


def test_a_proposed_action_is_in_the_register_as_the_minutes_have_it(orchestrator: AgentOrchestrator) -> None:
    """Task, owner, day and evidence are those of the minutes; the history says who took it on, and that the meeting did
    not agree; journal and minutes stay as they were.
    """
    before, minutes = orchestrator.meetings.journal(RICH).events(), orchestrator.get_minutes(RICH).to_json()
    taken = take_on(orchestrator, RICH, PROPOSED.lower(), by=" Ada ")
    row, action = taken.row, item(orchestrator, PROPOSED)
    assert (taken.new, taken.entry, row.id, row.open) == (True, PROPOSED, "A1", True)
    assert (row.task, row.owner, row.due, row.due_text) == (action.task, action.owner, action.due, action.due_text)
    assert (row.meeting, row.key, row.turn, row.verified) == (RICH, action.key, action.evidence.turn, True)
    assert row.due == date(2026, 11, 30)
    assert (row.taken, row.agreed) == ("taken on by Ada", False)
    assert history(orchestrator, "A1") == [("Ada", "taken on after the meeting, which did not agree on it")]
    assert orchestrator.meetings.journal(RICH).events() == before
    assert orchestrator.get_minutes(RICH).to_json() == minutes


def test_what_is_only_as_said_gets_no_owner_and_no_day(orchestrator: AgentOrchestrator) -> None:
    """An action that no check confirms is taken on without owner and day, and is not called verified."""
    row = take_on(orchestrator, RICH, "1.AC4").row
    assert (row.owner, row.due, row.verified, row.taken) == (None, None, False, "taken on")


def test_the_same_action_is_taken_on_once(orchestrator: AgentOrchestrator) -> None:
    """Sent twice, also at once in an event loop, it is one action, which stays as it is."""

    async def both() -> list[Any]:
        return await asyncio.gather(*(atake_on(orchestrator, RICH, PROPOSED, by=name) for name in ("Ada", "Ben")))

    made = asyncio.run(both())
    assert sorted(one.new for one in made) == [False, True]
    again = take_on(orchestrator, RICH, PROPOSED, owner="cto", due="2027-01-01", by="Cy")
    assert (again.row.id, again.new, again.row.owner) == ("A1", False, made[0].row.owner)
    assert len(orchestrator.actions.list()) == 1
    assert len(history(orchestrator, "A1")) == 1


def test_owner_and_day_of_the_person_win(orchestrator: AgentOrchestrator) -> None:
    """They take the place of those of the minutes, and the history shows both; "nobody" and "none" count, too."""
    row = take_on(orchestrator, RICH, PROPOSED, owner="CTO, Ada", due="2027-01-15", by="Ada").row
    assert (row.owner, row.due) == ("cto, Ada", date(2027, 1, 15))
    assert history(orchestrator, row.id)[1:] == [
        ("Ada", "owner: unassigned -> cto, Ada"),
        ("Ada", "due: 2026-11-30 -> 2027-01-15"),
    ]
    other = take_on(orchestrator, RICH, "1.AC2", owner="nobody", due="none").row
    assert (other.owner, other.due) == (None, None)
    with pytest.raises(UsageError, match="as a date"):
        take_on(orchestrator, RICH, UNVERIFIED, due="when pigs fly")
    assert len(orchestrator.actions.list()) == 2


def test_the_words_of_a_correction_are_not_called_those_of_the_meeting(orchestrator: AgentOrchestrator) -> None:
    """An action that was corrected before is taken on in the words of the person, marked as corrected."""
    orchestrator.verdicts.correct(
        RICH, PROPOSED, "Backend Developer will check the sum by 18 December 2026", by="Grace"
    )
    row = take_on(orchestrator, RICH, PROPOSED, by="Ada").row
    assert (row.task, row.owner, row.due) == (
        item(orchestrator, PROPOSED).task,
        "backend_developer",
        date(2026, 12, 18),
    )
    assert (row.verified, row.corrected, row.taken) == (False, "corrected by Grace", "taken on by Ada")


def test_a_verdict_afterwards_counts_as_for_an_agreed_action(orchestrator: AgentOrchestrator) -> None:
    """Rejecting the entry closes the action, confirming opens it again, and a correction changes its words and leaves
    the owner that the person gave it.
    """
    row = take_on(orchestrator, RICH, PROPOSED, owner="cto").row
    orchestrator.verdicts.reject(RICH, PROPOSED, by="Ada")
    assert orchestrator.actions.get(row.id).status == "rejected"
    orchestrator.verdicts.confirm(RICH, PROPOSED, by="Ada")
    assert orchestrator.actions.get(row.id).open
    orchestrator.verdicts.correct(RICH, PROPOSED, "Check the sum by 18 December 2026", by="Ada")
    changed = orchestrator.actions.get(row.id)
    assert (changed.task, changed.owner) == (item(orchestrator, PROPOSED).task, "cto")
    assert (changed.due, changed.corrected) == (date(2026, 12, 18), "corrected by Ada")


def test_an_agreed_action_is_the_one_in_the_register(orchestrator: AgentOrchestrator) -> None:
    """It is told by its id and stays as it is; where it is not there, it is entered as one that was agreed."""
    row = take_on(orchestrator, RICH, AGREED, by="Ada").row
    assert (row.agreed, history(orchestrator, row.id)) == (True, [("Ada", "entered")])
    orchestrator.actions.done(row.id)
    again = take_on(orchestrator, RICH, AGREED)
    assert (again.row.id, again.row.status, again.new) == (row.id, "done", False)


@pytest.mark.parametrize(
    ("entry", "cause", "remedy"),
    [
        ("1.R1", "1.R1 of the minutes is not an action.", "Its actions: 1.AC1-1.AC6, 2.AC1."),
        ("AC9", "The minutes have no entry 'AC9'.", "Their entries: "),
    ],
)
def test_what_is_no_action_is_refused(orchestrator: AgentOrchestrator, entry: str, cause: str, remedy: str) -> None:
    """Another entry, and a name that the minutes do not have, are refused with the names that can be meant."""
    with pytest.raises(UsageError) as caught:
        take_on(orchestrator, RICH, entry)
    assert caught.value.cause == cause
    assert caught.value.remedy.startswith(remedy)
    assert orchestrator.actions.list() == []


def test_a_rejected_action_is_refused_until_it_is_confirmed(orchestrator: AgentOrchestrator) -> None:
    """Who rejected it is said; a later confirmation takes that back."""
    orchestrator.verdicts.reject(RICH, PROPOSED, by="Ada")
    with pytest.raises(UsageError, match=r"2\.AC1 was rejected by Ada, "):
        take_on(orchestrator, RICH, PROPOSED)
    orchestrator.verdicts.confirm(RICH, PROPOSED, by="Ada")
    assert take_on(orchestrator, RICH, PROPOSED).new


def test_only_a_meeting_that_is_over_has_actions_to_take_on(orchestrator: AgentOrchestrator) -> None:
    """One that is parked may still agree, one that is held refuses everybody, and one that is gone is unknown."""
    with orchestrator.meetings.locked(RICH), pytest.raises(Locked):
        take_on(orchestrator, RICH, PROPOSED)
    for status, cause in (("running", "is not closed"), ("abandoned", "was cancelled")):
        orchestrator.meetings.set_status(RICH, status)
        with pytest.raises(MeetingError, match=cause):
            take_on(orchestrator, RICH, PROPOSED)
        with pytest.raises(MeetingError, match=cause):
            asyncio.run(atake_on(orchestrator, RICH, PROPOSED))
        minutes, spec = orchestrator.get_minutes(RICH), orchestrator.get_meeting(RICH)
        assert not may_be_taken(orchestrator, spec, minutes, entry_names(minutes)[PROPOSED])
    with pytest.raises(UnknownName):
        take_on(orchestrator, "nothing", PROPOSED)


def test_an_action_of_a_fork_is_the_one_of_its_origin(orchestrator: AgentOrchestrator) -> None:
    """What was taken on in the meeting that a fork comes from is not entered a second time; a repeat enters nothing."""
    taken = take_on(orchestrator, RICH, PROPOSED)
    first, *rest = rich_journal().events()
    for name, more in (("forked", {"forked_from": RICH, "ancestors": [RICH]}), ("again", {"repeats": RICH})):
        keep(orchestrator, [replace(first, data={**first.data, **more}), *rest], f"20261123-rich-{name}")
    assert take_on(orchestrator, "20261123-rich-forked", PROPOSED).row == taken.row
    with pytest.raises(UsageError, match="only repeats another one"):
        take_on(orchestrator, "20261123-rich-again", PROPOSED)
    spec = orchestrator.get_meeting("20261123-rich-again")
    assert entered(orchestrator, spec, item(orchestrator, PROPOSED)) is None


def test_no_place_says_that_it_was_agreed(orchestrator: AgentOrchestrator) -> None:
    """Values, a calendar, the decision behind actions and a later meeting that agrees on it tell what happened."""
    orchestrator.report_outcome(RICH, "It went well.", entry="1.D1")
    row = take_on(orchestrator, RICH, "1.AC6", owner="cto", due="2027-01-15", by="Ada").row
    agreed = take_on(orchestrator, RICH, AGREED).row
    values = action_values(orchestrator.meetings, orchestrator.actions.list())
    assert [(one["agreed"], one["outcome"] is None) for one in values] == [(False, True), (True, False)]
    orchestrator.actions.reword(row.id, "Ask for a price", who="Ada")
    text = as_calendar(orchestrator.actions.list(), lambda _: "CTO", frozenset(), todo=False).replace("\r\n ", "")
    assert text.count("CATEGORIES:agreed") == text.count("CATEGORIES:taken on") == 1
    assert "Taken on by Ada after the meeting\\, which did not agree on it." in text
    for one, what in ((row, "agreed"), (agreed, "agreed again")):
        _agree_again(orchestrator.resources, one, item(orchestrator, AGREED), "m2")
        assert ("m2", what) in history(orchestrator, one.id)
        assert orchestrator.actions.changed_by("m2")


def test_a_note_with_the_same_words_takes_nothing_on(orchestrator: AgentOrchestrator) -> None:
    """Only the first line of a history says how an action came into the register."""
    row = take_on(orchestrator, RICH, AGREED).row
    orchestrator.actions.note(row.id, "taken on after the meeting, which did not agree on it", who="Eve")
    assert orchestrator.actions.get(row.id).agreed
