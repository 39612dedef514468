"""What was fixed before a meeting: words that a person prepared, and roles; a resumed meeting goes on with both."""

import asyncio
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from agents.errors import MaterialMissing
from agents.meeting.record import Minutes
from agents.meeting.room.person import PreparedPerson
from agents.model import Prompt
from agents.orchestrator import AgentOrchestrator
from agents.orchestrator.prepare import draft, draft_aside
from agents.orchestrator.request import MeetingRequest
from tests.inputs import NOTES, ROOT
from tests.orchestrator.stage import Commits, staged
from tests.orchestrator.test_killed import agreeing

ME = "data_engineer"
AGENTS = ["backend_developer", "solutions_architect", ME]
WORDS = """Risk: the first words
Position: for

! everybody, listen

PASS

support: the last words

/park a thing for later

What nobody asks for"""
POINTS = (3, 6, 8, 9, 10, 11, 12, 13, 14, 15, 16, 18)


def held(orchestrator: AgentOrchestrator) -> Minutes:
    """The minutes of the meeting with a prepared person, which is created if it is not there."""
    if not orchestrator.list_meetings():
        request = MeetingRequest("architecture_review", "Shall we move?", [NOTES], AGENTS, me=ME, words=WORDS)
        orchestrator.convene(request)
    return orchestrator.conduct_meeting("last")


@pytest.mark.parametrize("box", [None, 8.0])
def test_a_meeting_that_is_prepared_aside_is_the_same(tmp_path: Path, box: float | None) -> None:
    """Inside an event loop it has the same seats, documents, cuts and notes as elsewhere."""
    request = MeetingRequest("architecture_review", "Shall we move?", [NOTES], AGENTS, time_box=box)
    with staged(tmp_path / "data", agreeing) as orchestrator:
        plainly = draft(orchestrator.resources, request)
        aside = asyncio.run(draft_aside(orchestrator.resources, request))
    assert replace(aside.spec, id=plainly.spec.id) == plainly.spec
    assert (aside.texts, aside.merges) == (plainly.texts, plainly.merges)
    assert bool(aside.spec.notes) is (box is not None)


def mine(minutes: Minutes) -> list[str]:
    """What the person said, and how it voted; and the notes."""
    votes = [f"{one.vote}: {one.reason}" for topic in minutes.topics for one in topic.ballots if one.speaker == ME]
    said = [turn.text for turn in minutes.turns if turn.speaker == ME]
    absent = [f"{one.phase}: {one.cause}" for one in minutes.absent]
    return [*said, *votes, *absent, *(note for note in minutes.notes if "Prepared" in note)]


def test_prepared_words_go_on_after_a_resume(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever the meeting died, the person says the same as without; what is left at the end is in the minutes."""
    commits = Commits(monkeypatch)
    with staged(tmp_path / "whole", agreeing) as orchestrator:
        expected = mine(held(orchestrator))
        made = commits.done
    assert any("the first words" in one for one in expected)
    assert any("everybody, listen" in one for one in expected)
    assert "support: support: the last words" in expected
    assert "Prepared, but not said, because nobody asked for it: " in expected[-1]
    assert "What nobody asks for" in expected[-1]
    for point in [one for one in POINTS if one < made]:
        data = tmp_path / str(point)
        with commits.dying_after(point), staged(data, agreeing) as orchestrator:
            held(orchestrator)
        with staged(data, agreeing) as orchestrator:
            assert mine(held(orchestrator)) == expected, f"after {point} of {made} commits"


def test_words_for_pauses_and_answers_are_used_up_each_by_itself() -> None:
    """After two answers and one word between phases, exactly the others are left."""
    parts = ["one", "/skip", "two", "!to all", "three"]
    person = PreparedPerson("cto", "\n\n".join(parts), answered=2, typed=1)
    assert person.left == ["!to all", "three"]
    assert person.words() == ["to all"]
    assert person.left == ["three"]


def test_a_role_file_that_was_removed_does_not_stop_a_meeting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A resumed meeting has the roles with which it was created, changed or removed as their files may be since."""
    folder = tmp_path / "roles"
    shutil.copytree(ROOT / "Role", folder)
    monkeypatch.setenv("AGENTS_ROLE_FOLDER", str(folder))
    heard: dict[str, list[str]] = {}

    def say(prompt: Prompt) -> str:
        if prompt.role:
            heard.setdefault(prompt.role.id, []).append(prompt.role.mission)
        return agreeing(prompt)

    commits = Commits(monkeypatch)
    settings: dict[str, Any] = {"role_folder": folder}
    with commits.dying_after(9), staged(tmp_path / "data", say, **settings) as orchestrator:
        meeting = orchestrator.create_meeting("architecture_review", "Shall we move?", agents=AGENTS, attach=[NOTES])
        orchestrator.conduct_meeting(meeting)
    (folder / "data_engineer.md").unlink()
    changed = folder / "backend_developer.md"
    changed.write_text(changed.read_text().replace("## Mission\n", "## Mission\n\nYou do something else now. "))
    with staged(tmp_path / "data", say, **settings) as orchestrator:
        minutes = orchestrator.conduct_meeting("last")
    assert {seat.role for seat in minutes.present} == set(AGENTS)
    assert all(len(set(missions)) == 1 for missions in heard.values())
    assert set(heard) >= set(AGENTS)


@pytest.mark.parametrize("about", [{"topics": "Where are we?"}, {"topics": ()}])
def test_a_type_about_a_document_does_not_begin_without_one(tmp_path: Path, about: dict[str, Any]) -> None:
    """A stand-up without notes is refused before anything is stored, planned or not; with notes it is held."""
    with staged(tmp_path / "data", agreeing) as orchestrator:
        request = MeetingRequest("daily_standup", **about)
        for refused in (orchestrator.convene, orchestrator.plan_meeting):
            with pytest.raises(MaterialMissing, match="Attach the board or your notes") as error:
                refused(request)
            assert error.value.exit_code == 2
        assert orchestrator.list_meetings() == []
        assert orchestrator.convene(replace(request, attach=[NOTES]))


def test_open_actions_are_material_for_the_topic_about_them_alone(tmp_path: Path) -> None:
    """Without notes the next stand-up of a series has the topic about its open actions, and no other."""
    with staged(tmp_path / "data", agreeing) as orchestrator:
        first = MeetingRequest("daily_standup", attach=[NOTES], agents=AGENTS, series="team")
        orchestrator.conduct_meeting(orchestrator.convene(first))
        assert orchestrator.actions.list(series="team", open_only=True)
        again = replace(first, attach=())
        with pytest.raises(MaterialMissing):
            orchestrator.convene(replace(again, topics="Where are we?"))
        minutes = orchestrator.conduct_meeting(orchestrator.convene(again))
    assert [topic.topic.text for topic in minutes.topics] == ["Open actions of the series team"]
    assert minutes.topics[0].follow_up
