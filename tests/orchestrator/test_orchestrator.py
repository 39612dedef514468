"""The library: what a program can do with AgentOrchestrator."""

import asyncio
from datetime import date, datetime
from pathlib import Path

import pytest

from agents.documents import Document
from agents.errors import DocumentError, ModelUnavailable, UnknownName, UsageError
from agents.meeting.record import Status
from agents.orchestrator import AgentOrchestrator
from agents.role.file import read_roles
from agents.settings import Settings
from tests.inputs import PLAN, PROPOSAL, ROOT
from tests.ollama_double import OllamaDouble


def rehearsing() -> AgentOrchestrator:
    """An orchestrator that needs no server."""
    return AgentOrchestrator(model="rehearsal")


def test_agents_are_listed_and_described() -> None:
    """29 ids in order, each with a role behind it."""
    with rehearsing() as orchestrator:
        ids = orchestrator.list_agents()
        assert ids == sorted(ids)
        assert len(ids) == 29
        assert orchestrator.get_agent_info("cto").title == "Chief Technology Officer"
        with pytest.raises(UnknownName, match="Did you mean cto"):
            orchestrator.get_agent_info("cot")


def test_a_chat_is_remembered_until_it_is_cleared() -> None:
    """What was said is in the memory of that agent, survives the orchestrator, and goes when it is cleared."""
    with rehearsing() as orchestrator:
        orchestrator.chat_with_agent("cto", "Our release train leaves on Tuesdays.")
    with rehearsing() as orchestrator:
        assert "Tuesdays" in orchestrator.chat_with_agent("cto", "When does the release train leave?")
        assert orchestrator.clear_agent_memory("cto") == 4
        assert orchestrator.clear_agent_memory("cto") == 0
        assert "Tuesdays" not in orchestrator.chat_with_agent("cto", "When does the release train leave?")
        orchestrator.chat_with_agent("qa_engineer", "And the tests?")
        assert orchestrator.clear_all_memories() == 4


def test_a_consultation_gives_one_answer_for_each_agent() -> None:
    """Answers come in the order asked, each under its own role."""
    with rehearsing() as orchestrator:
        heard: list[str] = []
        answers = orchestrator.multi_agent_consultation(
            "Is the rollback fine?", ["qa_engineer", "cto"], on_answer=lambda answer: heard.append(answer.agent)
        )
        assert [answer.agent for answer in answers] == ["qa_engineer", "cto"]
        assert sorted(heard) == ["cto", "qa_engineer"]
        assert all(answer.text.startswith("Rehearsal, no model") for answer in answers)


def test_a_task_is_worked_on_step_by_step() -> None:
    """Each step's result is there in order; an unknown skill is refused before anybody is asked."""
    with rehearsing() as orchestrator:
        results = orchestrator.collaborative_task(
            "Plan it", ["product_manager/write_user_stories:Stories", "qa_engineer"], attach=[PROPOSAL]
        )
        assert [result.step.agent for result in results] == ["product_manager", "qa_engineer"]
        assert all(result.text for result in results)
        with pytest.raises(UnknownName):
            orchestrator.collaborative_task("Plan it", ["qa_engineer/fly"])


@pytest.mark.usefixtures("ollama")
def test_a_meeting_from_call_to_minutes() -> None:
    """Types, participants, call, hold, list, summary: the whole life of a meeting."""
    with AgentOrchestrator() as orchestrator:
        assert "architecture_review" in orchestrator.get_available_meeting_types()
        assert "security_engineer" in orchestrator.get_meeting_participants_for_type("architecture_review")
        meeting = orchestrator.create_meeting("architecture_review", "Shall we?", attach=[Document("plan.md", PLAN)])
        minutes = orchestrator.conduct_meeting(meeting)
        assert minutes.status == "closed"
        assert minutes.topics[0].decision.status is not Status.NONE
        assert [row.id for row in orchestrator.list_meetings()] == [meeting]
        summary = orchestrator.get_meeting_summary(meeting)
        assert "ollama:llama3.2" in summary
        assert "plan.md" in summary
        assert orchestrator.conduct_meeting(meeting) == minutes


@pytest.mark.parametrize(
    ("type_id", "topic", "options", "error"),
    [
        ("architecture_revue", "x", {}, UnknownName),
        ("architecture_review", " ", {}, UsageError),
        ("architecture_review", "x", {"agents": ["nobody"]}, UnknownName),
        ("architecture_review", "x", {"attach": ["gone.md"]}, DocumentError),
        ("architecture_review", "x", {"agents": ["cto"], "without": ["cto"]}, UsageError),
    ],
)
def test_a_meeting_that_cannot_be_called_leaves_nothing(
    type_id: str, topic: str, options: dict[str, list[str]], error: type[Exception]
) -> None:
    """A wrong type, topic, name or file is refused, and no meeting is stored for it."""
    with rehearsing() as orchestrator:
        with pytest.raises(error):
            orchestrator.create_meeting(type_id, topic, **options)  # type: ignore[arg-type]
        assert orchestrator.list_meetings() == []


def test_the_twins_work_inside_a_loop_and_the_blocking_ones_say_so() -> None:
    """Within a running loop a program awaits the a-methods; a blocking method names its twin instead of hanging."""

    async def inside() -> str:
        async with rehearsing() as orchestrator:
            with pytest.raises(UsageError, match="starts with 'a'"):
                orchestrator.chat_with_agent("cto", "hello")
            return await orchestrator.achat_with_agent("cto", "What would break at ten times the traffic?")

    assert asyncio.run(inside()).startswith("Rehearsal, no model")


def test_an_unreachable_server_is_an_error_not_a_rehearsal(monkeypatch: pytest.MonkeyPatch) -> None:
    """With Ollama down every method raises ModelUnavailable and names both remedies."""
    monkeypatch.setenv("OLLAMA_BASE_URL", "http://127.0.0.1:9")
    with AgentOrchestrator() as orchestrator, pytest.raises(ModelUnavailable, match="rehearsal"):
        orchestrator.chat_with_agent("cto", "hello")


def test_a_meeting_needs_only_the_roles_that_are_there(tmp_path: Path) -> None:
    """With two roles in the folder, a type that names more is held by those two."""
    for name in ("cto", "security_engineer"):
        (tmp_path / f"{name}.md").write_text((ROOT / "Role" / f"{name}.md").read_text())
    with rehearsing() as orchestrator:
        orchestrator.resources._shared.roles = read_roles(tmp_path)
        meeting = orchestrator.create_meeting("architecture_review", "Shall we?", invited=["cto"])
        assert {seat.role for seat in orchestrator.conduct_meeting(meeting).present} <= {"cto", "security_engineer"}


def test_a_person_streams_what_is_said() -> None:
    """The pieces handed out while an agent answers are together the answer."""
    pieces: list[str] = []
    with rehearsing() as orchestrator:
        answer = orchestrator.chat_with_agent("cto", "Build or buy?", on_text=pieces.append)
    assert "".join(pieces) == answer
    assert len(pieces) > 1


def test_what_is_agreed_again_is_one_action(ollama: OllamaDouble, tmp_path: Path) -> None:
    """The same topic held twice, or a series that continues, leaves each open action once, with a note of the meeting
    that agreed on it again; once it is done, agreeing on it again is a new action.
    """
    settings = Settings.load({}, tmp_path, data_folder=tmp_path, ollama_base_url=ollama.url, control_ballots="never")
    with AgentOrchestrator(settings) as orchestrator:

        def hold() -> str:
            meeting = orchestrator.create_meeting("architecture_review", "Move it?", attach=[PROPOSAL])
            orchestrator.conduct_meeting(meeting)
            return meeting

        hold()
        actions = orchestrator.actions
        first = actions.list()
        again = hold()
        assert actions.list() == first
        assert [one.what for one in actions.changes(first[0].id) if one.who == again] == ["agreed again"]
        actions.done(first[0].id)
        hold()
        assert len(actions.list()) == len(first) + 1


def test_one_name_is_a_list_of_it() -> None:
    """One agent's name, or one file, may be given without a list around it; a mistyped name is refused."""
    with rehearsing() as orchestrator:
        [answer] = orchestrator.multi_agent_consultation("One shared password?", "cto")
        assert answer.agent == "cto"
        with pytest.raises(UnknownName):
            orchestrator.multi_agent_consultation("One shared password?", "atuo")
        meeting = orchestrator.create_meeting("decision", "Buy?", agents="cto", attach=str(PROPOSAL))
        call = orchestrator.get_meeting(meeting)
        assert ([seat.role for seat in call.seats], len(call.documents)) == (["cto"], 1)


@pytest.mark.parametrize(
    "wrong", [{"time_box": 0}, {"time_box": float("nan")}, {"held": "2024-01-01"}, {"attach": ["a\0b"]}]
)
def test_a_meeting_that_could_not_be_held_is_not_created(wrong: dict[str, object]) -> None:
    """Wrong values that only a program can give are refused before anything is stored."""
    with rehearsing() as orchestrator:
        with pytest.raises(UsageError):
            orchestrator.create_meeting("decision", "Buy?", **wrong)  # type: ignore[arg-type]
        assert orchestrator.list_meetings() == []


def test_a_moment_is_held_on_its_day() -> None:
    """A datetime is a date, too: the meeting is held on its day."""
    with rehearsing() as orchestrator:
        meeting = orchestrator.create_meeting("decision", "Buy?", agents=["cto"], held=datetime(2026, 11, 24, 15, 30))  # noqa: DTZ001
        assert orchestrator.conduct_meeting(meeting).held == date(2026, 11, 24)


def test_closing_inside_a_loop_says_so_and_lets_the_database_go() -> None:
    """``close`` blocks: in a running loop it is refused in words, and nothing is left half open."""
    orchestrator = AgentOrchestrator(model="rehearsal")
    orchestrator.chat_with_agent("cto", "hi")

    async def inside() -> None:
        with pytest.raises(UsageError, match="This method blocks"):
            orchestrator.close()

    asyncio.run(inside())
    orchestrator.close()
