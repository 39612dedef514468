"""Whole meetings of every shipped type, and their artefacts."""

import os
from pathlib import Path

import pytest

from agents.export.markdown import to_markdown
from agents.meeting.artefact import Artefact
from agents.meeting.minutes.artefacts import artefact_of
from agents.meeting.record import Minutes, Status
from agents.meeting.types.file import read_types
from agents.orchestrator import AgentOrchestrator
from agents.settings import Settings
from tests.inputs import PROPOSAL, ROOT
from tests.ollama_double import OllamaDouble

PAGE = ROOT / "docs" / "what-each-type-leaves.md"
TYPES = read_types()
each_type = pytest.mark.parametrize("type_id", list(TYPES))
TOPIC = "Moving the sessions to Redis before the winter sale"


Held = dict[str, Minutes]


@pytest.fixture(scope="module")
def rehearsed(tmp_path_factory: pytest.TempPathFactory) -> Held:
    """The checklist of every type, without a language model."""
    folder = tmp_path_factory.mktemp("rehearsed")
    with AgentOrchestrator(Settings.load({}, folder, model_name="rehearsal", data_folder=folder)) as orchestrator:
        return {type_id: held(orchestrator, type_id, PROPOSAL) for type_id in TYPES}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Held:
    """A meeting of every type on one Ollama server, with three speakers."""
    folder = tmp_path_factory.mktemp("served")
    with OllamaDouble() as double:
        settings = Settings.load({}, folder, ollama_base_url=double.url, data_folder=folder, control_ballots="never")
        with AgentOrchestrator(settings) as orchestrator:
            return {
                type_id: held(orchestrator, type_id, PROPOSAL, agents=list(kind.participants)[:3])
                for type_id, kind in TYPES.items()
            }


def held(orchestrator: AgentOrchestrator, type_id: str, document: Path, **options: list[str]) -> Minutes:
    """The minutes of the meeting of this type."""
    meeting = orchestrator.create_meeting(type_id, TOPIC, attach=[document], **options)  # type: ignore[arg-type]
    return orchestrator.conduct_meeting(meeting)


def filled(artefact: Artefact) -> int:
    """The number of rows of an artefact."""
    return sum(len(block.rows) for block in artefact.blocks)


@each_type
def test_without_a_model_each_type_is_a_checklist(rehearsed: Held, type_id: str) -> None:
    """Without a language model each type ends closed, with places and questions, and without a word that was said."""
    minutes = rehearsed[type_id]
    assert minutes.status == "closed"
    assert (minutes.absent, minutes.turns, minutes.checks.as_said) == ((), (), 0)
    [topic] = minutes.topics
    assert (topic.decision.status, topic.ballots, topic.actions) == (Status.NONE, (), ())
    assert filled(artefact_of(minutes, topic)) >= 2
    assert "## About this checklist\n" in to_markdown(minutes)


@each_type
def test_a_meeting_on_a_server_fills_the_artefact_of_its_type(served: Held, type_id: str) -> None:
    """Over the Ollama API each type ends closed, with nobody absent and its artefact filled."""
    minutes = served[type_id]
    assert minutes.status == "closed"
    assert minutes.absent == ()
    assert filled(artefact_of(minutes, minutes.topics[0])) >= 1


def test_the_table_of_artefacts_is_true(served: Held) -> None:
    """The page lists what each type produced on the example document; ``REWRITE_GOLDEN=1`` writes it again."""
    lines = [
        "# What each meeting type leaves",
        "",
        "The tests hold a meeting of each type on `examples/session_store_proposal.md`, over HTTP, with three speakers and the double of Ollama.",
        "The numbers are rows of the artefact's sections, in their order. Without a model each type leaves a checklist instead.",
        "",
        "| type | artefact | sections | turns, rows |",
        "|---|---|---|---|",
    ]
    for type_id in TYPES:
        minutes = served[type_id]
        left = artefact_of(minutes, minutes.topics[0])
        sections = ", ".join(block.heading for block in left.blocks)
        lines.append(f"| {type_id} | {left.title} | {sections} | {_counted(minutes)} |")
    text = "\n".join(lines) + "\n"
    if os.environ.get("REWRITE_GOLDEN"):
        PAGE.write_text(text)
    assert PAGE.read_text() == text
    titles = [artefact_of(one, one.topics[0]).title for one in served.values()]
    assert len(set(titles)) >= 20


def _counted(minutes: Minutes) -> str:
    rows = "+".join(str(len(block.rows)) for block in artefact_of(minutes, minutes.topics[0]).blocks)
    return f"{len(minutes.turns)}, {rows}"
