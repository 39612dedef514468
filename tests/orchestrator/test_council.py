"""Several models in one meeting: they are dealt over the seats, and the minutes say who spoke with which."""

from dataclasses import replace
from pathlib import Path

import pytest

from agents.errors import ModelMissing, ModelUnavailable, UsageError
from agents.meeting.jury import Jury
from agents.meeting.minutes import build
from agents.meeting.minutes.who_answered import spoken_by
from agents.meeting.record import Minutes, Seat
from agents.meeting.spec import spec_from
from agents.orchestrator import AgentOrchestrator
from agents.orchestrator.council import dealt, named
from agents.orchestrator.request import MeetingRequest
from agents.settings import Settings
from tests.ollama_double import OllamaDouble
from tests.orchestrator.test_quality import opened

MODELS = ("llama3.2", "qwen3:4b", "gemma3:4b")
SEATS = ("cto", "product_manager", "backend_developer", "qa_engineer", "security_engineer")
QUESTION = "Buy or build?"


def seats(*roles: str, human: str = "") -> tuple[Seat, ...]:
    """Seats of these roles."""
    return tuple(Seat(role, role, "asked", role == human) for role in roles)


@pytest.fixture
def server(ollama: OllamaDouble) -> OllamaDouble:
    """An Ollama server with three models."""
    for name in MODELS[1:]:
        ollama.add(name)
    return ollama


def spoke(minutes: Minutes) -> dict[str, str]:
    """The model of each role that spoke or voted, as its turns and ballots have it."""
    turns = {turn.speaker: turn.model for turn in minutes.turns}
    return turns | {one.speaker: one.model for topic in minutes.topics for one in topic.ballots}


def test_models_are_dealt_so_that_neighbours_differ_and_the_leader_has_the_first() -> None:
    """Round robin in the order of the seats; a person gets none; a model that is given for a seat wins."""
    models = dealt(["a", "b", "c"], seats("r1", "r2", "r3", "r4", "r5"), "r2", {"r4": "x", "other": "y"})
    assert models == {"": "a", "r1": "c", "r2": "a", "r3": "b", "r4": "x", "r5": "a"}
    assert dealt(["a", "b"], seats("r1", "r2", "r3", human="r2"), "r1", {}) == {"": "a", "r1": "a", "r3": "b"}
    assert dealt([], seats("r1"), "r1", {}) == {}


def test_names_of_models_are_read_with_commas_and_without() -> None:
    """Each name counts once; a name with a blank, no name, and what answers by rule are refused."""
    assert named("a, b,a") == named(["a", "b"]) == ["a", "b"]
    for wrong, said in (([" "], "names no model"), (["a b"], "not the name"), (["rehearsal"], "by rule")):
        with pytest.raises(UsageError, match=said):
            named(wrong)


def test_the_minutes_say_who_spoke_with_which_model(server: OllamaDouble, tmp_path: Path) -> None:
    """Each seat is asked with its own model, and minutes and caveat name all of them."""
    with opened(server, tmp_path, control_ballots="never", model_name="missing") as orchestrator:
        meeting = orchestrator.create_meeting("decision", QUESTION, agents=SEATS, chair="cto", council=MODELS)
        council = orchestrator.get_meeting(meeting).council
        minutes = orchestrator.conduct_meeting(meeting)
    expected = {role: f"ollama:{model}" for role, model in council.items() if role}
    assert [council[role] for role in ("", *SEATS)] == ["llama3.2", *MODELS, *MODELS[:2]]
    assert minutes.spoke_with == expected
    assert spoke(minutes) == expected
    assert spoken_by(minutes).startswith("3 models spoke: ollama:llama3.2 for ")
    assert not [note for note in minutes.notes if "with which the meeting began" in note]


def test_one_model_for_all_roles_is_named_as_a_caveat(server: OllamaDouble, tmp_path: Path) -> None:
    """Without a council, the sentence says that one model spoke for all roles, also in a council of one."""
    for more in ((), ("llama3.2",)):
        with opened(server, tmp_path, control_ballots="never") as orchestrator:
            meeting = orchestrator.create_meeting("decision", QUESTION, agents=SEATS, council=more)
            minutes = orchestrator.conduct_meeting(meeting)
        assert spoken_by(minutes) == "One model spoke for all roles."
        seat = replace(minutes.present[0], human=True)
        assert "for all other roles" in spoken_by(replace(minutes, present=(seat, *minutes.present[1:])))


def test_a_meeting_is_resumed_and_forked_with_its_council(server: OllamaDouble, tmp_path: Path) -> None:
    """The dealing is kept in the spec: other settings do not change it, but a model given by flag for a seat does."""
    with opened(server, tmp_path, control_ballots="never") as orchestrator:
        meeting = orchestrator.create_meeting("decision", QUESTION, agents=SEATS, council=MODELS)
    with opened(server, tmp_path, control_ballots="never", model_name="qwen3:4b") as orchestrator:
        minutes = orchestrator.conduct_meeting(meeting)
        fork = orchestrator.fork_meeting(meeting, "T2")
        assert orchestrator.get_meeting(fork).council == orchestrator.get_meeting(meeting).council
        assert orchestrator.conduct_meeting(fork).spoke_with == minutes.spoke_with
    assert set(minutes.spoke_with.values()) == {f"ollama:{name}" for name in MODELS}
    with opened(server, tmp_path, control_ballots="never", model_for={"cto": "gemma3:4b"}) as orchestrator:
        again = orchestrator.conduct_meeting(orchestrator.fork_meeting(meeting, "0"))
    assert again.spoke_with == {**minutes.spoke_with, "cto": "ollama:gemma3:4b"}


def test_a_model_given_for_a_seat_wins_over_the_council(server: OllamaDouble, tmp_path: Path) -> None:
    """It is dealt to that seat, and the others stay as they are."""
    with opened(server, tmp_path, model_for={"qa_engineer": "gemma3:4b"}) as orchestrator:
        request = MeetingRequest("decision", QUESTION, agents=SEATS, chair="cto", council=MODELS[:2])
        council = orchestrator.plan_meeting(request)[0].council
    a, b = MODELS[:2]
    assert [council[role] for role in SEATS] == [a, b, a, "gemma3:4b", a]


def test_a_model_that_is_missing_stops_before_anything_is_stored(server: OllamaDouble, tmp_path: Path) -> None:
    """Cause and remedy name the model; a server that does not answer does so too."""
    with opened(server, tmp_path) as orchestrator:
        with pytest.raises(ModelMissing, match="mistral") as error:
            orchestrator.create_meeting("decision", QUESTION, council=("llama3.2", "mistral"))
        assert "ollama pull mistral" in error.value.remedy
        server.down()
        with pytest.raises(ModelUnavailable, match="not reachable"):
            orchestrator.create_meeting("decision", QUESTION, council=("llama3.2",))
        assert orchestrator.list_meetings() == []


def test_the_plan_divides_the_cost_among_the_models(server: OllamaDouble, tmp_path: Path) -> None:
    """The parts add up to the whole, no model is asked, and each reads the discussion for itself."""
    with opened(server, tmp_path, control_ballots="never") as orchestrator:
        request = MeetingRequest("decision", QUESTION, agents=SEATS, council=MODELS)
        _, plan = orchestrator.plan_meeting(request)
        _, alone = orchestrator.plan_meeting(replace(request, council=()))
    assert not [one for one in server.requests if one.path == "/api/chat"]
    assert [one.model for one in plan.models] == list(MODELS)
    assert sum(len(one.roles) for one in plan.models) == len(SEATS)
    assert abs(sum(one.requests for one in plan.models) - alone.total("requests")) <= len(plan.steps)
    assert sum(one.evaluated for one in plan.models) == plan.total("evaluated") > alone.total("evaluated")
    assert plan.minutes == pytest.approx(sum(one.seconds or 0 for one in plan.models) / 60)
    assert alone.models == ()


def test_votes_count_by_model(server: OllamaDouble, tmp_path: Path) -> None:
    """Of a mixed council only the votes of the model that failed its test are not counted; an untested one is named."""
    with opened(server, tmp_path, control_ballots="never") as orchestrator:
        meeting = orchestrator.create_meeting("decision", QUESTION, agents=SEATS, council=MODELS)
        orchestrator.conduct_meeting(meeting)
        events = orchestrator.meetings.journal(meeting).events()
    juries = (Jury("ollama:llama3.2", 8, 8, 8), Jury("ollama:qwen3:4b", 0, 8, 0))
    spec = replace(spec_from(events[0].data), juries=juries)
    minutes = build([replace(events[0], data=spec.as_dict()), *events[1:]])
    steady = [one for one in minutes.topics[0].ballots if one.steady]
    assert {one.model: one.counted for one in steady} == {one.model: one.model != "ollama:qwen3:4b" for one in steady}
    assert [jury.passes for jury in minutes.juries].count(False) == 1
    assert [note for note in minutes.notes if note.startswith("The votes of the model ollama:gemma3:4b were never")]


def test_a_council_is_made_of_models_also_where_the_settings_have_none(server: OllamaDouble, tmp_path: Path) -> None:
    """With the rehearsal in the settings, a council still holds a meeting and no checklist."""
    settings = Settings.load({}, tmp_path, ollama_base_url=server.url, data_folder=tmp_path / "data")
    with AgentOrchestrator(settings, model="rehearsal") as orchestrator:
        meeting = orchestrator.create_meeting("decision", QUESTION, council=MODELS[:1])
        assert orchestrator.conduct_meeting(meeting).turns
