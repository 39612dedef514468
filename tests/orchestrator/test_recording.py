"""Meetings in files: written, read elsewhere, kept once, and played as they were held."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from agents.errors import DocumentError, MeetingError, SpaceError
from agents.meeting.journal import Event, Kind
from agents.meeting.minutes import build
from agents.orchestrator import AgentOrchestrator
from agents.orchestrator.recording import keep_recording, played, read_recording, write_recording
from agents.settings import Settings
from agents.settings.folders import example_folder
from tests.ollama_double import OllamaDouble

SHIPPED = example_folder() / "recorded_meeting.jsonl"


def heard(orchestrator: AgentOrchestrator) -> list[Event]:
    """What a listener is told while a meeting is held."""
    events: list[Event] = []
    meeting = orchestrator.create_meeting("decision", "Buy or build?", agents=["cto", "qa_engineer", "data_engineer"])
    orchestrator.conduct_meeting(meeting, listen=events.append)
    return events


def test_a_recording_is_the_same_meeting_elsewhere(ollama: OllamaDouble, tmp_path: Path) -> None:
    """Its minutes are those of the meeting but for the marks; kept twice it is stored once; nothing else is stored."""
    file, elsewhere = tmp_path / "meeting.jsonl", tmp_path / "elsewhere"
    assert ollama.url
    with AgentOrchestrator() as orchestrator:
        heard(orchestrator)
        original = orchestrator.get_minutes("last")
        write_recording(orchestrator.meetings, "last", file)
    events = read_recording(file)
    with AgentOrchestrator(Settings.load({}, tmp_path, data_folder=elsewhere), model="rehearsal") as other:
        assert keep_recording(other.meetings, events) == keep_recording(other.meetings, events) == original.meeting
        kept = other.get_minutes("last")
        [row] = other.list_meetings()
        assert other.actions.list() == []
        assert not any(other.memories.recent(role) for role in kept.titles)
    assert kept.title == f"{original.title} (recorded)"
    assert kept.notes[0].startswith(f"Recorded with {original.model} on {original.held}, and read from a file")
    assert row.title.startswith(f"Recorded with {original.model} on ")
    assert row.status == "closed"
    assert replace(kept, title=original.title, notes=kept.notes[1:]) == original


def test_it_is_played_as_it_was_held(ollama: OllamaDouble, tmp_path: Path) -> None:
    """Topics, phases, statements and votes come in the order in which a listener was told them, with words before."""
    file = tmp_path / "meeting.jsonl"
    assert ollama.url
    with AgentOrchestrator() as orchestrator:
        told = [event for event in heard(orchestrator) if event.kind in {Kind.TURN, Kind.BALLOT}]
        write_recording(orchestrator.meetings, "last", file)
    shown = list(played(read_recording(file)))
    events = [event for _, event in shown]
    assert [event.key for event in events if event.kind in {Kind.TURN, Kind.BALLOT}] == [event.key for event in told]
    assert [event.kind for event in events[:3]] == [Kind.TOPIC, Kind.PHASE, Kind.ASKED]
    first = next(event for event in events if event.kind == Kind.TURN)
    words = "".join(event.text for event in events[: events.index(first)] if event.kind == Kind.TEXT)
    assert words.strip() == first.data["text"]
    assert 3 < sum(seconds for seconds, _ in shown) < 120


def test_the_shipped_meeting_can_be_read() -> None:
    """The recorded meeting of the demo is about its document, closed, with votes, and says what it was held with."""
    minutes = build(read_recording(SHIPPED))
    assert minutes.status == "closed"
    assert minutes.documents == ("session_store_proposal.md",)
    assert minutes.topics[0].ballots
    assert minutes.model


@pytest.mark.parametrize("text", ["", "{}\n", '"recording 1"\n', '"recording 1"\n{"seq": 1}\n', "# Minutes\n"])
def test_what_is_no_recording_is_refused(tmp_path: Path, text: str) -> None:
    """A missing file, another file, or half of one is named, with what to give instead."""
    file = tmp_path / "x.jsonl"
    with pytest.raises(DocumentError, match="cannot be read"):
        read_recording(file)
    file.write_text(text)
    with pytest.raises(DocumentError, match="is not a recorded meeting"):
        read_recording(file)


def test_only_a_closed_meeting_is_recorded(ollama: OllamaDouble, tmp_path: Path) -> None:
    """A meeting that was not held to its end is refused, and so is a place that cannot be written."""
    assert ollama.url
    with AgentOrchestrator() as orchestrator:
        orchestrator.create_meeting("decision", "Buy or build?")
        with pytest.raises(MeetingError, match="not closed"):
            write_recording(orchestrator.meetings, "last", tmp_path / "x.jsonl")
        orchestrator.conduct_meeting("last")
        with pytest.raises(SpaceError):
            write_recording(orchestrator.meetings, "last", tmp_path / "none" / "x.jsonl")
        write_recording(orchestrator.meetings, "last", tmp_path / "x.jsonl")
    assert json.loads((tmp_path / "x.jsonl").read_text().splitlines()[0]) == "recording 1"
