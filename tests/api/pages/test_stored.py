"""What is kept of meetings for the next page, and what of a meeting that goes on nobody may see yet."""

import asyncio
import gc
import weakref
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, cast

import pytest

from agents.api.pages import stored as module
from agents.api.pages.decided import outcomes_of
from agents.api.pages.documents.page import _described
from agents.api.pages.reading.layout import whole
from agents.api.pages.stored import MOST_KEPT, Stored, stored
from agents.api.pages.visit import Visit
from agents.meeting.journal import Event, Kind
from agents.meeting.phases import phase_named
from agents.orchestrator import AgentOrchestrator
from tests.api.pages.site import Shown, keep, site
from tests.export.meetings import rich_journal
from tests.meeting.rooms import hold, sensible, spec_for


@pytest.fixture(name="owner")
def opened() -> Iterator[AgentOrchestrator]:
    """The histories of an owner."""
    with AgentOrchestrator() as orchestrator:
        yield orchestrator


def visit_of(orchestrator: AgentOrchestrator) -> Visit:
    """A request of an owner."""
    return cast("Visit", SimpleNamespace(owner=SimpleNamespace(orchestrator=orchestrator)))


def read(orchestrator: AgentOrchestrator, meeting: str) -> Stored:
    """A meeting as pages get it."""
    return asyncio.run(stored(visit_of(orchestrator), meeting))


def test_what_is_not_kept_leaves_the_memory(owner: AgentOrchestrator) -> None:
    """Of many meetings of an owner the last ones are kept; the others go, with everything that was computed of them."""
    names, seen = [keep(owner, rich_journal().events(), f"20261123-rich-{n:04}") for n in range(MOST_KEPT + 3)], []
    for name in names:
        found = read(owner, name)
        whole(found)
        asyncio.run(_described(visit_of(owner), name))
        seen.append(weakref.ref(found))
        del found
    gc.collect()
    assert [one() is not None for one in seen] == [False] * 3 + [True] * MOST_KEPT
    assert read(owner, names[-1]) is seen[-1]()


def test_a_meeting_that_grows_is_kept_once(owner: AgentOrchestrator) -> None:
    """Each time that the minutes of a meeting are read as far as it got, the earlier minutes leave the memory."""
    events = rich_journal().events()
    name, seen = keep(owner, events[:-5], status="running"), []
    for event in events[-5:]:
        found = read(owner, name)
        whole(found)
        seen.append(weakref.ref(found))
        del found
        owner.meetings.journal(name).append(event.kind, event.key, event.data)
    gc.collect()
    assert sum(one() is not None for one in seen) <= 1


def test_big_meetings_leave_room_for_each_other(
    owner: AgentOrchestrator, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    """Of all owners together only so many letters are kept, and always the meeting that was asked for last."""
    names = [keep(owner, rich_journal().events(), f"20261123-rich-{n:04}") for n in range(4)]
    one = read(owner, names[0]).letters
    monkeypatch.setattr(module, "MOST_LETTERS", 2 * one)
    with AgentOrchestrator(data_folder=str(tmp_path / "other")) as other:
        foreign = keep(other, rich_journal().events(), "20261123-rich-0009")
        kept = [weakref.ref(read(owner, name)) for name in names] + [weakref.ref(read(other, foreign))]
        gc.collect()
        assert [ref() is not None for ref in kept][-2:] == [True, True]
        assert sum(ref() is not None for ref in kept) == 3
        monkeypatch.setattr(module, "MOST_LETTERS", 0)
        assert read(other, foreign).letters == one
        gc.collect()
        assert sum(ref() is not None for ref in kept) == 1


def voting() -> list[Event]:
    """The events of a meeting up to its last vote but one."""
    events, _ = hold(spec_for(), sensible)
    cast_votes = [at for at, event in enumerate(events) if event.kind == Kind.BALLOT]
    assert phase_named(events[cast_votes[0]].phase).votes
    return events[: cast_votes[-1]]


@pytest.mark.parametrize("status", ["running", "closed"])
def test_votes_are_sealed_until_all_have_voted(status: str) -> None:
    """While votes are missing, no page and no file of the meeting has one of those that were cast; a meeting that ended
    without them has those that there are.
    """
    events = voting()
    cast_votes = [event for event in events if event.kind == Kind.BALLOT]
    assert cast_votes
    with AgentOrchestrator() as orchestrator:
        name = keep(orchestrator, events, status=status)
        found = read(orchestrator, name)
        shown = sum(len(topic.ballots) for topic in found.minutes.topics)
        assert shown == (0 if status == "running" else len(cast_votes))
        outcome = asyncio.run(outcomes_of(orchestrator, [name]))[name].get(1)
        assert (outcome is None or outcome.status == "none") == (status == "running")
    reasons = {str(event.data["reason"]) for event in cast_votes} - {""}
    assert reasons
    with site() as pages:
        paths = ["", "/minutes", "/entries", "/file?form=json", "/file?form=transcript", "/file?form=chained"]
        texts = [pages.client.get(f"/meetings/{name}{path}").text for path in paths]
        told = any(reason in text or reason in Shown(text).text for text in texts[:2] for reason in reasons)
        assert told == (status == "closed")
        if status == "running":
            assert not [reason for reason in reasons for text in texts if reason in text]


def test_a_cancelled_meeting_opens_its_votes_in_the_search() -> None:
    """What was decided is known as soon as a meeting with an open ballot is cancelled, though nothing more is said."""
    with AgentOrchestrator() as orchestrator:
        name = keep(orchestrator, voting(), status="running")
        before = asyncio.run(outcomes_of(orchestrator, [name]))[name].get(1)
        assert before is None or before.status == "none"
        orchestrator.meetings.set_status(name, "abandoned")
        after = asyncio.run(outcomes_of(orchestrator, [name]))[name].get(1)
        assert after is not None
        assert after.status != "none"
