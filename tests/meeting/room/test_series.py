"""Meetings of a series: the open actions of the earlier meetings come first."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.agent import Agent
from agents.meeting.journal import Event, Journal, MemoryJournal
from agents.meeting.minutes import build
from agents.meeting.record import Minutes
from agents.meeting.room import agenda, series
from agents.meeting.room.room import Room
from agents.meeting.spec import MeetingSpec, OpenAction, spec_from, topics_from
from agents.model import Prompt, Task
from agents.model.scripted import ScriptedModel
from tests.meeting.rooms import ROLES, Say, sensible, spec_for


def action(number: int, task: str, owner: str | None = None, due: date | None = None) -> OpenAction:
    """An open action."""
    return OpenAction(f"A{number}", task, owner, due, "20261101-weekly-0001")


LEFT = (
    action(3, "Write the runbook.", "backend_developer", date(2026, 11, 20)),
    action(5, "Rotate the keys", "security_engineer", date(2026, 12, 24)),
    action(6, "Ask legal about the export", "Anna"),
    action(7, "Clean the old bucket"),
)


def following(left: Sequence[OpenAction] = LEFT) -> MeetingSpec:
    """A meeting with open actions."""
    topics = topics_from([series.topic_text("weekly"), "Shall we?"])
    return replace(spec_for(), topics=topics, open_actions=tuple(left), series="weekly")


def reporting(prompt: Prompt) -> str:
    """Speakers who report on their actions; the security engineer reports nothing."""
    if prompt.task is not Task.STATUS:
        return sensible(prompt)
    who = prompt.role.id if prompt.role else ""
    return "Report: A3 done, it is on the wiki" if who == "backend_developer" else "Report: I looked at other things"


def held(
    spec: MeetingSpec, say: Say = reporting, journal: Journal | None = None
) -> tuple[Minutes, list[Prompt], list[Event]]:
    """Hold a meeting: its minutes, prompts and events."""
    journal = journal or MemoryJournal()
    if not journal.events():
        journal.append("called", "called", spec.as_dict())
    model = ScriptedModel.of(say)
    room = Room(spec, {name: Agent(role, model) for name, role in ROLES.items()}, model, journal)
    asyncio.run(agenda.hold(room))
    return build(journal.events()), model.prompts, journal.events()


def test_the_first_topic_asks_exactly_the_owners_who_are_present() -> None:
    """Only owners who are present are asked, each about its own actions; the question ends with the topic."""
    _, prompts, _ = held(following())
    asked = {prompt.role.id: prompt.question for prompt in prompts if prompt.task is Task.STATUS and prompt.role}
    assert set(asked) == {"backend_developer", "security_engineer"}
    assert "A3: Write the runbook." in asked["backend_developer"]
    assert "A5" not in asked["backend_developer"]
    assert all(question.endswith("The topic is: Open actions of the series weekly") for question in asked.values())


def test_each_action_is_in_the_minutes_with_its_report() -> None:
    """The notes name every open action with owner and due date, quote the report, and say who was not asked and why."""
    minutes, _, _ = held(following())
    turn = next(turn for turn in minutes.turns if turn.speaker == "backend_developer")
    assert minutes.topics[0].topic.text == "Open actions of the series weekly"
    assert list(minutes.topics[0].notes) == [
        f'A3: Write the runbook (Backend Developer, due 2026-11-20, overdue). {turn.id} says: "A3 done, it is on the wiki" In the register it is open.',
        "A5: Rotate the keys (Security Engineer, due 2026-12-24). Its owner did not report on it.",
        "A6: Ask legal about the export (Anna). Its owner does not take part.",
        "A7: Clean the old bucket (unassigned). It has no owner, so nobody was asked.",
    ]


def test_the_other_topics_are_not_affected() -> None:
    """The second topic has its decision; it is told that the first was about open actions, and asks its own questions."""
    minutes, prompts, _ = held(following())
    assert [topic.topic.number for topic in minutes.topics] == [1, 2]
    assert minutes.topics[1].decision.vetoed_by == ("security_engineer",)
    heads = list(dict.fromkeys(prompt.transcript[0].text for prompt in prompts))
    assert len(heads) == 2
    assert series.AGENDA[0] in heads[0]
    assert series.AGENDA[0] not in heads[1]
    assert "Open actions of the series weekly: 4 still in the register." in heads[1]


def test_documents_are_not_part_of_the_follow_up() -> None:
    """The passages of the documents are in the second topic's first message and not in the first topic's."""
    from agents.documents import Document

    spec = replace(following(), documents=(Document("design.md", "# Plan\n\nSessions move to the new store soon."),))
    _, prompts, _ = held(spec)
    heads = list(dict.fromkeys(prompt.transcript[0].text for prompt in prompts))
    assert ["Sessions move" in head for head in heads] == [False, True]


@pytest.mark.parametrize("kept", range(1, 14))
def test_a_killed_follow_up_is_resumed_like_any_topic(kept: int) -> None:
    """After any prefix of the journal, the rest is asked and the minutes are those of the whole meeting."""
    whole, prompts, events = held(following())
    again, rest, _ = held(following(), journal=MemoryJournal(events[:kept]))
    assert again == whole
    answered = sum(event.kind in {"turn", "ballot", "answer"} for event in events[:kept])
    assert len(rest) == len(prompts) - answered


def test_a_meeting_without_open_actions_has_no_such_topic() -> None:
    """Without open actions, the meeting is the same as without a series."""
    minutes, prompts, _ = held(spec_for())
    assert [topic.topic.text for topic in minutes.topics] == ["Shall we?"]
    assert not any(prompt.task is Task.STATUS for prompt in prompts)


def test_a_spec_is_read_back_as_it_was_stored() -> None:
    """Open actions, notes and cuts are read back; a spec that was stored before these fields existed is read too."""
    spec = replace(following(), notes=("one",), own_passages=False, forked_from="x")
    table = json.loads(json.dumps(spec.as_dict()))
    back = spec_from(table)
    assert (back.open_actions, back.notes, back.own_passages, back.forked_from) == (LEFT, ("one",), False, "x")
    for name in ("open_actions", "notes", "own_passages", "forked_from"):
        del table[name]
    old = spec_from(table)
    assert (old.open_actions, old.notes, old.own_passages, old.forked_from) == ((), (), True, "")


def test_the_same_action_twice_becomes_one() -> None:
    """Nearly the same words with the same owner, or with one owner, are one action: first id, its owner, latest due date."""
    kept, joined = series.merged(
        [
            action(1, "Write the runbook for the new session store", None, date(2026, 12, 1)),
            action(2, "Rotate the keys", "security_engineer"),
            action(4, "write the runbook for the session store", "backend_developer", date(2026, 12, 8)),
            action(9, "Rotate the keys", "data_engineer"),
        ]
    )
    assert [(one.id, one.owner, one.due) for one in kept] == [
        ("A1", "backend_developer", date(2026, 12, 8)),
        ("A2", "security_engineer", None),
        ("A9", "data_engineer", None),
    ]
    assert [str(one) for one in joined] == ["A4 has the same task as A1 and was merged into it."]
    assert joined[0].kept == kept[0]


TASKS = st.sampled_from(["Write the runbook", "Rotate all the keys", "Ask legal about exports", "Write a runbook now"])
OWNERS = st.sampled_from([None, "cto", "Anna"])


@given(st.lists(st.tuples(TASKS, OWNERS), max_size=12))
def test_merging_loses_no_action_and_no_owner(given_: list[tuple[str, str | None]]) -> None:
    """For any open actions: each id is kept or merged into one that is kept, and merging again changes nothing."""
    actions = [action(number, task, owner) for number, (task, owner) in enumerate(given_, 1)]
    kept, joined = series.merged(actions)
    assert sorted([one.id for one in kept] + [one.closed for one in joined]) == sorted(one.id for one in actions)
    assert {one.kept.id for one in joined} <= {one.id for one in kept}
    assert {one.owner for one in actions} - {None} == {one.owner for one in kept} - {None}
    assert series.merged(kept) == (kept, [])
    for one in joined:
        gone = next(each for each in actions if each.id == one.closed)
        assert gone.owner in {None, one.kept.owner}


@pytest.mark.parametrize(
    ("said", "alone", "found"),
    [
        ("Report: A3 blocked, nobody answers", False, True),
        ("Report: done, it is on the wiki", True, True),
        ("Report: done, it is on the wiki", False, False),
        ("Report: I looked at other things", True, False),
        ("Report: A33 done", False, False),
        ("A3 is done", False, False),
    ],
)
def test_a_report_counts_only_for_the_action_it_names(said: str, alone: bool, found: bool) -> None:
    """A line names its action, or begins with its state if the owner has only one action."""
    turn = held(following())[0].turns[0]
    text = series.report_on(LEFT[0], replace(turn, text=said), alone=alone)
    assert bool(text) is found


def test_owners_without_a_seat_get_one() -> None:
    """Each owner that is a role without a seat gets one, with the ids of its actions as the reason."""
    more = (*LEFT, action(8, "Close the port", "security_engineer"))
    seats = series.owner_seats(
        more, {"security_engineer": "Security Engineer", "backend_developer": "x"}, ["backend_developer"]
    )
    assert [(seat.role, seat.reason) for seat in seats] == [("security_engineer", "owns the open actions A5, A8")]
