"""``meeting export`` and ``meeting transcript``, and the table of formats."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from agents.cli.app import run_app
from agents.errors import UnknownName
from agents.export import FORMATS, export
from agents.orchestrator import AgentOrchestrator
from tests.export.calendar_reader import read_calendar
from tests.export.meetings import rich_minutes
from tests.ollama_double import OllamaDouble


@pytest.fixture
def meeting(ollama: OllamaDouble) -> str:
    """The id of a stored meeting."""
    assert ollama.url
    with AgentOrchestrator() as orchestrator:
        found = orchestrator.create_meeting("daily_standup", "What blocks us?", agents=["qa_engineer", "scrum_master"])
        orchestrator.conduct_meeting(found)
    return found


@pytest.mark.parametrize("name", FORMATS)
def test_a_file_contains_what_the_library_writes(name: str, meeting: str, tmp_path: Path) -> None:
    """Each format is written to a file byte for byte, on systems with any line ends."""
    file = tmp_path / "out"
    assert run_app(["meeting", "export", "last", "--format", name, "-o", str(file)]) == 0
    with AgentOrchestrator() as orchestrator:
        assert file.read_bytes() == export(orchestrator.get_minutes(meeting), name).encode()


def test_stdout_gets_the_same_bytes(meeting: str, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    """The lines of a calendar on stdout end in CRLF; nothing else is printed there."""
    assert run_app(["meeting", "export", meeting, "-f", "ics"]) == 0
    assert read_calendar(capsysbinary.readouterr().out).name == "VCALENDAR"


def test_a_transcript_is_printed_as_text_and_as_json(meeting: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Both have the same texts in the same order."""
    assert run_app(["meeting", "transcript", meeting]) == 0
    text = capsys.readouterr().out
    assert run_app(["meeting", "transcript", meeting, "--json"]) == 0
    value = json.loads(capsys.readouterr().out)
    assert value["meeting"]["id"] == meeting
    assert text.startswith("# Transcript: ")
    places = [text.index(f"**{turn['id']}** ") for turn in value["turns"]]
    assert places == sorted(places)
    assert places


def test_an_unknown_format_is_a_usage_error(meeting: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The error for an unknown format offers the nearest one."""
    assert run_app(["meeting", "export", meeting, "--format", "htm"]) == 2
    assert "Did you mean html?" in capsys.readouterr().err


def test_a_file_that_cannot_be_written_is_an_error(
    meeting: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The error names the command that writes the stored meeting to another file."""
    assert run_app(["meeting", "export", "last", "-f", "csv", "-o", str(tmp_path / "none" / "a.csv")]) == 6
    assert f"orchestrator meeting export {meeting} --format csv" in capsys.readouterr().err


def test_formats_are_loaded_when_they_are_used() -> None:
    """Importing the table loads no format; using a format loads only that one."""
    program = (
        "import sys, agents.export as e; names = lambda: {n for n in sys.modules if n.startswith('agents.')};"
        "assert not [n for n in names() if n.startswith(('agents.export.', 'agents.meeting'))], names();"
        "import agents.export.csv; assert 'agents.export.html' not in names()"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_the_table_of_formats_is_complete() -> None:
    """Every name in the table writes a text, and any other name is an UnknownName that offers the nearest."""
    minutes = rich_minutes()
    assert all(export(minutes, name).strip() for name in FORMATS)
    with pytest.raises(UnknownName, match="markdown"):
        export(minutes, "markdwn")
