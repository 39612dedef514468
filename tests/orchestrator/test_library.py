"""What a program meets that uses AgentOrchestrator: its keywords, its end, its threads, its listeners, its minutes."""

import asyncio
import inspect
import json
import threading
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_type_hints

import pytest

from agents.documents import Document
from agents.errors import DocumentError, SettingError, StopMeeting, UsageError
from agents.meeting.journal import Event, Kind
from agents.meeting.record import Minutes
from agents.model import Message
from agents.orchestrator import AgentOrchestrator
from agents.orchestrator.request import MeetingRequest
from agents.settings import Settings
from agents.settings.keywords import SHORT, Keywords
from agents.settings.table import SETTINGS

PUBLIC = [name for name, _ in inspect.getmembers(AgentOrchestrator, inspect.isfunction) if name[0] != "_"]
GIVEN: dict[str, Any] = {
    "agent_id": "cto", "message": "Buy?", "question": "Buy?", "task": "Buy", "steps": ["cto"], "type_id": "decision",
    "topics": "Buy?", "meeting_id": "last", "at": "T1", "name": "rehearsal", "text": "Buy?", "agents": ["cto"],
    "request": MeetingRequest("decision", "Buy?"), "messages": [Message("user", "Buy?")],
}  # fmt: skip
"""What the parameters of the public methods are given."""


def rehearsing(**keywords: Any) -> AgentOrchestrator:
    """An orchestrator that needs no server."""
    return AgentOrchestrator(model="rehearsal", **keywords)


def called(orchestrator: AgentOrchestrator, name: str) -> object:
    """The result of a public method, also of one that has to be awaited."""
    method = getattr(orchestrator, name)
    needed = [each.name for each in inspect.signature(method).parameters.values() if each.default is each.empty]
    arguments = [{**GIVEN, "spec": vars(orchestrator).get("spec")}[each] for each in needed]
    return asyncio.run(method(*arguments)) if inspect.iscoroutinefunction(method) else method(*arguments)


def test_keywords_are_settings() -> None:
    """Each setting can be given by its key, the model and the address by a short name too; None leaves it as it is."""
    with rehearsing(url="box", temperature=0, data_folder="here", seed=None) as orchestrator:
        settings = orchestrator.settings
        assert (settings.model_name, settings.ollama_base_url, settings.temperature) == (
            "rehearsal",
            "http://box:11434",
            0,
        )
        assert settings.data_folder == Path("here")
        assert settings.values["temperature"].source == "flag"
    with AgentOrchestrator(settings, temperature=1) as orchestrator:
        assert (orchestrator.settings.temperature, orchestrator.settings.seed) == (1, None)
        assert orchestrator.settings.model_name == "rehearsal"


def test_a_type_checker_knows_every_keyword() -> None:
    """The keywords that are declared are the keys of the settings and the short names."""
    assert set(get_type_hints(Keywords)) == {setting.key for setting in SETTINGS} | set(SHORT)


def test_an_unknown_keyword_is_refused_with_the_known_ones() -> None:
    """The error names the class, the word, one that is like it, and all of them."""
    with pytest.raises(UsageError) as caught:
        AgentOrchestrator(temprature=0)  # type: ignore[call-arg]
    assert caught.value.cause == "AgentOrchestrator has no keyword 'temprature'."
    assert caught.value.remedy.startswith("Did you mean temperature")
    assert "Its keywords are settings, notice, model, url, " in caught.value.remedy
    with pytest.raises(SettingError, match="TEMPERATURE must be a number from 0 to 2"):
        AgentOrchestrator(temperature=9)


@pytest.mark.parametrize("name", [name for name in PUBLIC if name != "close"])
def test_closed_means_closed(name: str) -> None:
    """After close, every public method raises a UsageError that says so, and nothing opens again."""
    with rehearsing() as orchestrator:
        meeting = orchestrator.create_meeting("decision", "Buy?")
        vars(orchestrator)["spec"] = orchestrator.get_meeting(meeting)
    with pytest.raises(UsageError, match="This orchestrator is closed"):
        called(orchestrator, name)
    orchestrator.close()


def test_a_closed_one_cannot_be_entered_again() -> None:
    """Neither ``with`` nor ``async with``; its stores are closed for those who ask for them."""
    with rehearsing() as orchestrator:
        orchestrator.list_agents()
    with pytest.raises(UsageError, match="closed"), orchestrator:
        pass

    async def enter() -> None:
        async with orchestrator:
            pass

    with pytest.raises(UsageError, match="closed"):
        asyncio.run(enter())
    for part in ("memories", "meetings", "actions", "speeds", "summaries", "roles", "types"):
        with pytest.raises(UsageError, match="closed"):
            getattr(orchestrator, part)


@pytest.mark.parametrize("name", ["chat_with_agent", "list_agents", "create_meeting", "achat_with_agent", "close"])
def test_another_thread_is_refused_at_the_door(name: str) -> None:
    """The thread that uses an instance first has it; another gets a UsageError, and the first goes on."""
    raised: list[BaseException] = []

    def use(work: Callable[[], object]) -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - it is looked at below
            raised.append(error)

    with rehearsing() as orchestrator:
        orchestrator.chat_with_agent("cto", "Buy or build?")
        thread = threading.Thread(target=use, args=(lambda: called(orchestrator, name),))
        thread.start()
        thread.join()
        assert orchestrator.chat_with_agent("cto", "And why?")
    [error] = raised
    assert isinstance(error, UsageError)
    assert error.cause == "This orchestrator is used by another thread already."


def test_an_instance_may_be_made_in_one_thread_and_used_in_another() -> None:
    """What counts is who uses it first."""
    orchestrator = rehearsing()
    answers: list[str] = []

    def use() -> None:
        with orchestrator:
            answers.append(orchestrator.chat_with_agent("cto", "Buy or build?"))

    thread = threading.Thread(target=use)
    thread.start()
    thread.join()
    assert len(answers) == 1


def test_names_in_one_text_are_names() -> None:
    """Where a list of names is taken, a text with commas is taken, too."""
    with rehearsing() as orchestrator:
        answers = orchestrator.consult("Buy or build?", "cto, qa_engineer")
        assert [answer.agent for answer in answers] == ["cto", "qa_engineer"]
        meeting = orchestrator.create_meeting(
            "decision", "Buy?", agents="cto,qa_engineer", without="scrum_master,data_analyst", people="Ada, Herr M."
        )
        spec = orchestrator.get_meeting(meeting)
        assert [seat.role for seat in spec.seats] == ["cto", "qa_engineer"]
        assert spec.names.people == ("Ada", "Herr M.")
        more = orchestrator.create_meeting("decision", "Buy?", invited="data_analyst,scrum_master")
        assert {"data_analyst", "scrum_master"} <= {seat.role for seat in orchestrator.get_meeting(more).seats}


def test_the_short_names_are_the_same_methods() -> None:
    """consult, aconsult and participants."""
    assert AgentOrchestrator.consult is AgentOrchestrator.multi_agent_consultation
    assert AgentOrchestrator.aconsult is AgentOrchestrator.amulti_agent_consultation
    assert AgentOrchestrator.participants is AgentOrchestrator.get_meeting_participants_for_type


def test_minutes_can_be_written() -> None:
    """Minutes that were held and minutes that are read again have the same texts in every form."""
    with rehearsing() as orchestrator:
        held = orchestrator.conduct_meeting(orchestrator.create_meeting("decision", "Buy or build?"))
        again = orchestrator.get_minutes("last")
        assert held == again
        assert isinstance(held, Minutes)
        assert held.to_markdown() == held._repr_markdown_() == orchestrator.get_meeting_summary("last")
        assert held.to_html().startswith("<!")
        assert json.loads(json.dumps(held.to_dict())) == json.loads(held.to_json())
        assert held.to_dict()["meeting"]["id"] == held.meeting


def test_a_listener_that_fails_does_not_end_a_meeting(ollama: object, tmp_path: Path) -> None:
    """Its first error is a warning and a line of the log, its later ones are not said, and the minutes are whole."""
    assert ollama
    heard: list[Event] = []

    def fail(event: Event) -> None:
        heard.append(event)
        raise ZeroDivisionError("a secret of the program")

    with AgentOrchestrator(log_folder=tmp_path / "logs") as orchestrator:
        meeting = orchestrator.create_meeting("decision", "Buy or build?", agents="cto,qa_engineer")
        with pytest.warns(RuntimeWarning, match="ZeroDivisionError") as caught:
            minutes = orchestrator.conduct_meeting(meeting, listen=fail)
    assert len(caught) == 1
    assert len(heard) > 5
    assert (minutes.status, len(minutes.turns) > 3) == ("closed", True)
    log = "".join(file.read_text() for file in (tmp_path / "logs").iterdir())
    assert log.count("listener failed") == 1
    assert "a secret of the program" not in log


def test_a_listener_can_end_a_meeting(ollama: object) -> None:
    """StopMeeting ends it at once; held again, it goes on where it was."""
    assert ollama

    def stop(event: Event) -> None:
        if event.kind == Kind.TURN:
            raise StopMeeting

    with AgentOrchestrator(settings=Settings.load()) as orchestrator, warnings.catch_warnings():
        meeting = orchestrator.create_meeting("decision", "Buy or build?", agents="cto,qa_engineer")
        with pytest.raises(StopMeeting):
            orchestrator.conduct_meeting(meeting, listen=stop)
        assert orchestrator.get_minutes(meeting).status == "not finished"
        assert orchestrator.conduct_meeting(meeting).status == "closed"


@pytest.mark.parametrize("text", ["# Plan\n\nWe move the sessions.", "We move the sessions to Redis."])
def test_a_text_as_attachment_says_how_to_attach_it(text: str) -> None:
    """A text where a path belongs is refused with the way to pass a text, and that way works."""
    with rehearsing() as orchestrator:
        with pytest.raises(DocumentError) as caught:
            orchestrator.chat_with_agent("cto", "Is it sound?", attach=[text])
        assert 'agents.documents.Document("name.md", text)' in caught.value.remedy
        assert "\n" not in caught.value.cause
        assert orchestrator.chat_with_agent("cto", "Is it sound?", attach=[Document("name.md", text)])
