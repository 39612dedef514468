"""Meetings and forks that die at any commit: what follows from them is the same as without."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from agents.model import Prompt, Task
from agents.orchestrator import AgentOrchestrator
from tests.drill import DRILL
from tests.inputs import NOTES
from tests.meeting.rooms import sensible
from tests.orchestrator.stage import Commits, staged

AGENTS = ["backend_developer", "solutions_architect", "data_engineer"]
TOPIC = "Shall we move the sessions?"
NEWEST = 4
"""How many of the last commits a test run dies at; in these all is stored that follows from the end of a meeting."""


def agreeing(prompt: Prompt) -> str:
    """Speakers who agree, one of whom takes on an action; another one names no position until it is asked."""
    who = prompt.role.id if prompt.role else "scribe"
    if prompt.task is Task.POSITION:
        return '{"position": "for"}'
    if prompt.task is Task.STATEMENT and who == "data_engineer":
        return "Risk: the data of the sessions are larger than the memory of the machine"
    said = sensible(prompt)
    return "\n".join(line for line in said.split("\n") if "on action" not in line.lower())


def undecided_owner(prompt: Prompt) -> str:
    """The same speakers, with an action that nobody takes on yet."""
    return agreeing(prompt).replace("Backend Developer will write it by Friday", "Write it")


def state(orchestrator: AgentOrchestrator) -> dict[str, Any]:
    """All that is stored but ids and times."""
    names = {row.id: f"meeting {number}" for number, row in enumerate(reversed(orchestrator.list_meetings()))}

    def plain(text: str) -> str:
        for name, other in names.items():
            text = text.replace(name, other)
        return text

    actions = orchestrator.actions
    return {
        "register": [
            (row.id, plain(row.meeting), row.task, row.owner, row.due, row.status,
             [(plain(one.who), one.what) for one in actions.changes(row.id)])
            for row in actions.list()
        ],
        "keepsakes": sorted((one.agent, plain(one.session), one.text) for one in orchestrator.memories.export()),
        "journals": {
            plain(row.id): (row.status, sorted((event.key, plain(str({**event.data, "numbers": 0, "closed": 0, "at": 0}))) for event in orchestrator.meetings.journal(row.id).events()))
            for row in orchestrator.list_meetings()
        },
    }  # fmt: skip


def meeting(orchestrator: AgentOrchestrator) -> None:
    """Hold a meeting, or the rest of it."""
    hold(orchestrator, "")


def series(orchestrator: AgentOrchestrator) -> None:
    """Hold the next meeting of a series, or the rest of it."""
    hold(orchestrator, "sessions")


def hold(orchestrator: AgentOrchestrator, name: str) -> None:
    """Hold the second meeting, which is created if it is not there."""
    rows = orchestrator.list_meetings()
    if len(rows) < 2:
        topic = TOPIC if name else "Shall we move the queue?"
        orchestrator.create_meeting("architecture_review", topic, agents=AGENTS, attach=[NOTES], series=name)
    orchestrator.conduct_meeting("last")


def fork(orchestrator: AgentOrchestrator) -> None:
    """Fork the first meeting, unless that is done, and hold the rest of the fork."""
    if len(orchestrator.list_meetings()) < 2:
        orchestrator.fork_meeting(orchestrator.list_meetings()[-1].id, "T2")
    orchestrator.conduct_meeting("last")


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Histories with the first meeting of a series, which left an action without an owner."""
    folder = tmp_path_factory.mktemp("before") / "data"
    with staged(folder, undecided_owner) as orchestrator:
        first = orchestrator.create_meeting(
            "architecture_review", TOPIC, agents=AGENTS, attach=[NOTES], series="sessions"
        )
        orchestrator.conduct_meeting(first)
        assert [(row.task, row.owner) for row in orchestrator.actions.list()] == [("Write it", None)]
    return folder


def points(commits: int) -> Iterator[int]:
    """The commits to die at: all in a drill, else the last ones and a few of the others."""
    yield from range(commits) if DRILL else sorted({0, 2, commits // 3, *range(commits - NEWEST, commits)})


@pytest.mark.parametrize("act", [meeting, series, fork])
def test_a_death_at_any_commit_changes_nothing_that_follows(
    act: Callable[[AgentOrchestrator], None], before: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever was stored when it died, the resumed meeting leaves the register, the memories and the journal of one
    that nothing happened to.
    """
    commits = Commits(monkeypatch)
    shutil.copytree(before, tmp_path / "whole")
    with staged(tmp_path / "whole", agreeing) as orchestrator:
        commits.done = 0
        act(orchestrator)
        made, expected = commits.done, state(orchestrator)
    assert expected["register"][0][3] == "backend_developer" if act is series else True
    assert act is fork or any("note.position" in key for key, _ in expected["journals"]["meeting 1"][1])
    for point in points(made):
        data = tmp_path / str(point)
        shutil.copytree(before, data)
        with commits.dying_after(point), staged(data, agreeing) as orchestrator:
            act(orchestrator)
        with staged(data, agreeing) as orchestrator:
            act(orchestrator)
            assert state(orchestrator) == expected, f"after {point} of {made} commits"


def test_a_fork_of_a_fork_enters_nothing_twice(tmp_path: Path) -> None:
    """Actions that a meeting entered and that are done stay done, however often it is forked and the fork is forked,
    also when the fork in between was deleted, and also by a second fork of the same meeting.
    """
    with staged(tmp_path / "data", agreeing) as orchestrator:
        first = orchestrator.create_meeting("architecture_review", TOPIC, agents=AGENTS, attach=[NOTES])
        last = orchestrator.conduct_meeting(first).turns[-1].id
        entered = orchestrator.actions.list()
        assert len(entered) == 1
        orchestrator.actions.done(entered[0].id)
        remembered = len(list(orchestrator.memories.export()))
        origin = first
        for generation in range(4):
            origin = orchestrator.fork_meeting(origin, last)
            orchestrator.conduct_meeting(origin)
            if generation == 2:
                origin = orchestrator.fork_meeting(origin, last)
                orchestrator.meetings.delete(orchestrator.get_meeting(origin).forked_from)
        assert [row.id for row in orchestrator.actions.list()] == [row.id for row in entered]
        assert len(list(orchestrator.memories.export())) == remembered


def test_two_forks_of_a_meeting_enter_what_both_heard_once(tmp_path: Path) -> None:
    """What was said before the fork is entered by the first one that agrees on it, though the meeting itself never was
    closed.
    """
    with staged(tmp_path / "data", agreeing) as orchestrator:
        whole = orchestrator.create_meeting("architecture_review", TOPIC, agents=AGENTS, attach=[NOTES])
        last = orchestrator.conduct_meeting(whole).turns[-1].id
        origin = orchestrator.fork_meeting(whole, last)
        for row in orchestrator.actions.list():
            orchestrator.actions.done(row.id)
        orchestrator.abandon_meeting(origin)
        orchestrator.meetings.delete(whole)
        before = len(orchestrator.actions.list())
        for _time in range(2):
            orchestrator.conduct_meeting(orchestrator.fork_meeting(origin, last))
        assert len(orchestrator.actions.list()) == before


def test_a_fork_is_whole_or_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fork that died while it was written leaves no meeting, so nobody resumes one without its beginning."""
    with staged(tmp_path / "data", agreeing) as orchestrator:
        first = orchestrator.create_meeting("architecture_review", TOPIC, agents=AGENTS, attach=[NOTES])
        orchestrator.conduct_meeting(first)
        kept = len(orchestrator.meetings.journal(orchestrator.fork_meeting(first, "T2")).events())
    commits, seen = Commits(monkeypatch), set[int]()
    for point in range(4):
        with commits.dying_after(point), staged(tmp_path / "data", agreeing) as orchestrator:
            orchestrator.fork_meeting(first, "T2")
        with staged(tmp_path / "data", agreeing) as orchestrator:
            rows = orchestrator.list_meetings()[:-2]
            seen.add(len(rows))
            assert {len(orchestrator.meetings.journal(row.id).events()) for row in rows} <= {kept}
            assert {row.status for row in rows} <= {"called"}
    assert seen > {0}
