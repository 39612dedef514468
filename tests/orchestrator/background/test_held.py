"""Meetings in the background."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from agents.errors import Busy, MeetingError, ModelUnavailable
from agents.orchestrator import AgentOrchestrator
from agents.orchestrator.background.held import Background
from agents.orchestrator.background.owners import Owners
from agents.orchestrator.request import MeetingRequest
from agents.settings import Settings
from tests.ollama_double import OllamaDouble, faults

AGENTS = ("cto", "qa_engineer")


def request(topic: str = "Buy or build?") -> MeetingRequest:
    """A small meeting."""
    return MeetingRequest("decision", topic, agents=AGENTS)


async def until(holds: Callable[[], object]) -> None:
    """Wait until something holds."""
    for _ in range(3000):
        if holds():
            return
        await asyncio.sleep(0.01)
    pytest.fail("it never happened")


def play(scene: Callable[[Owners], Awaitable[None]]) -> None:
    """Run a scene with owners, which are closed after it."""

    async def run() -> None:
        owners = Owners(Settings.load(), most_waiting=2)
        try:
            await scene(owners)
        finally:
            await owners.close(1.0)

    asyncio.run(run())


def test_a_meeting_is_held_and_followed(ollama: OllamaDouble) -> None:
    """A meeting that is started twice is held once; who follows it gets exactly the events of its journal."""
    del ollama

    async def scene(owners: Owners) -> None:
        owner = owners.get()
        meeting = owner.orchestrator.convene(request())
        assert owner.meetings.state(meeting).status == "created"
        held = owner.meetings.start(meeting)
        assert owner.meetings.start(meeting) is held
        got = [event async for event in owner.meetings.feed(meeting).follow()]
        assert await held.wait(0)
        assert got == owner.orchestrator.meetings.journal(meeting).events()
        state = owner.meetings.state(meeting)
        assert (state.status, state.turns) == ("closed", len(owner.orchestrator.get_minutes(meeting).turns))
        assert [event async for event in owner.meetings.feed(meeting).follow(after=3)] == got[3:]
        with pytest.raises(MeetingError, match="closed already"):
            owner.meetings.start(meeting)

    play(scene)


def test_a_stopped_meeting_is_parked_after_its_turn(ollama: OllamaDouble) -> None:
    """The turn that is spoken is kept; the meeting is interrupted, and is resumed with all that was said."""
    del ollama

    async def scene(owners: Owners) -> None:
        owner = owners.get()
        meeting = owner.orchestrator.convene(request())
        held = owner.meetings.start(meeting)
        await until(lambda: owner.meetings.state(meeting).turns)
        await owner.meetings.stop(meeting)
        assert held.error is None
        assert owner.meetings.state(meeting).status == "interrupted"
        assert [row.id for row in owner.meetings.interrupted()] == [meeting]
        kept = owner.orchestrator.meetings.journal(meeting).events()
        assert await owner.meetings.start(meeting).wait(30)
        assert owner.orchestrator.meetings.journal(meeting).events()[: len(kept)] == kept
        assert owner.meetings.state(meeting).status == "closed"

    play(scene)


def test_one_meeting_is_held_for_each_slot(ollama: OllamaDouble) -> None:
    """Others wait, say their place, may leave the queue, and one more than may wait is refused."""
    gate = ollama.inject(faults.slow_first_token(times=None))

    async def scene(owners: Owners) -> None:
        meetings = owners.get().meetings
        ids = [owners.get().orchestrator.convene(request(f"Question {number}?")) for number in range(4)]
        for meeting in ids[:3]:
            meetings.start(meeting)
        await asyncio.sleep(0.05)
        assert [meetings.state(meeting).status for meeting in ids] == ["running", "queued", "queued", "created"]
        assert [meetings.state(meeting).position for meeting in ids] == [0, 1, 2, 0]
        with pytest.raises(Busy):
            meetings.start(ids[3])
        await meetings.stop(ids[1])
        assert (meetings.state(ids[1]).status, meetings.state(ids[2]).position) == ("created", 1)
        gate.release()

    play(scene)


def test_a_person_elsewhere_takes_part(ollama: OllamaDouble) -> None:
    """A command that is given from elsewhere is carried out at the next pause."""
    del ollama

    async def scene(owners: Owners) -> None:
        owner = owners.get()
        meeting = owner.orchestrator.convene(request())
        held = owner.meetings.start(meeting)
        held.seat.say("/vote")
        assert await held.wait(30)
        notes = owner.orchestrator.get_minutes(meeting).to_markdown()
        assert "straight to the vote because a person asked for it" in notes

    play(scene)


def test_a_model_that_is_away_fails_the_meeting(ollama: OllamaDouble) -> None:
    """The state says why; when the model is back, the same meeting can be held."""

    async def scene(owners: Owners) -> None:
        owner = owners.get()
        meeting = owner.orchestrator.convene(request())
        ollama.down()
        held = owner.meetings.start(meeting)
        assert await held.wait(30)
        assert held.error is not None
        assert owner.meetings.state(meeting).error == held.error.cause
        ollama.up()
        assert await owner.meetings.start(meeting).wait(30)
        assert owner.meetings.state(meeting).status == "closed"

    play(scene)


def test_a_model_that_went_away_ends_no_meeting(ollama: OllamaDouble) -> None:
    """Where the model of earlier meetings does not answer any more, a meeting does not begin, and one that is parked
    stays so, each with the reason; both go on when the model is back.
    """

    async def scene(owners: Owners) -> None:
        owner = owners.get()
        parked, planned = (owner.orchestrator.convene(request(topic)) for topic in ("Buy?", "Build?"))
        owner.meetings.start(parked)
        await until(lambda: owner.meetings.state(parked).turns)
        await owner.meetings.stop(parked)
        kept = owner.orchestrator.meetings.journal(parked).events()
        ollama.down()
        for meeting, status in ((parked, "interrupted"), (planned, "created")):
            held = owner.meetings.start(meeting)
            assert await held.wait(30)
            assert isinstance(held.error, ModelUnavailable)
            state = owner.meetings.state(meeting)
            assert (state.status, state.error) == (status, held.error.cause)
        assert owner.orchestrator.meetings.journal(parked).events() == kept
        ollama.up()
        for meeting in (parked, planned):
            assert await owner.meetings.start(meeting).wait(30)
            assert owner.meetings.state(meeting).status == "closed"
            assert owner.orchestrator.get_minutes(meeting).turns

    play(scene)


def test_owners_do_not_see_each_other(ollama: OllamaDouble) -> None:
    """Meetings and memories of one owner are in no list of another; the model is opened once for all."""
    del ollama

    async def scene(owners: Owners) -> None:
        ada, ben = owners.get("ada"), owners.get("ben")
        meeting = ada.orchestrator.convene(request())
        await ada.orchestrator.achat_with_agent("cto", "A secret of Ada's?")
        assert await ada.meetings.start(meeting).wait(30)
        for other in (ben, owners.get()):
            assert other.orchestrator.list_meetings() == []
            assert other.orchestrator.memories.stats() == []
        assert ada.orchestrator.resources._models is ben.orchestrator.resources._models

    play(scene)


def test_a_meeting_of_another_process_is_followed(ollama: OllamaDouble, tmp_path: Path) -> None:
    """Its events arrive while that process holds it; when the process is killed, the feed ends and it can be resumed."""
    ollama.inject(faults.slow_first_token(seconds=0.3))
    command = [
        sys.executable,
        "-m",
        "agents",
        "meeting",
        "run",
        "decision",
        "Buy or build?",
        "--agents",
        "cto,qa_engineer",
    ]
    with (
        (tmp_path / "log").open("wb") as log,
        subprocess.Popen(command, stdout=log, stderr=log, env=os.environ) as other,
    ):

        async def scene(owners: Owners) -> None:
            orchestrator, meetings = owners.get().orchestrator, owners.get().meetings
            await until(lambda: [row for row in orchestrator.list_meetings() if row.turns])
            [row] = orchestrator.list_meetings()
            assert meetings.state(row.id).status == "elsewhere"
            got = []
            async for event in meetings.feed(row.id).follow():
                got.append(event)
                if event.kind == "turn" and other.poll() is None:
                    other.send_signal(signal.SIGKILL)
                    other.wait()
            assert got == orchestrator.meetings.journal(row.id).events()
            assert [each.id for each in meetings.interrupted()] == [row.id]

        play(scene)


def test_closing_takes_no_longer_than_it_may(ollama: OllamaDouble) -> None:
    """A turn that does not end in time is given up, and the meeting is interrupted."""
    ollama.inject(faults.slow_first_token(seconds=20))

    async def scene(owners: Owners) -> None:
        owner = owners.get()
        held = owner.meetings.start(owner.orchestrator.convene(request()))
        await until(lambda: held.board.phase)
        began = time.monotonic()
        await owners.close(0.5)
        assert time.monotonic() - began < 5
        assert await held.wait(0)

    play(scene)
    with AgentOrchestrator() as orchestrator:
        background = Background(orchestrator, Owners(Settings.load()).queue)
        assert len(background.interrupted()) == 1


def test_a_model_is_started_once(ollama: OllamaDouble) -> None:
    """Many agents that are asked at the same moment, before the model was used, share one model."""

    async def scene(owners: Owners) -> None:
        orchestrator = owners.get().orchestrator
        asks = (orchestrator.achat_with_agent("cto", f"Question {number}?", remember=False) for number in range(8))
        await asyncio.gather(*asks)
        assert len(orchestrator.resources._models) == 1

    play(scene)
    loads = [request.path for request in ollama.requests if request.path == "/api/generate"]
    assert len(loads) == 1  # on a slow machine, what the server has loaded is looked at twice
