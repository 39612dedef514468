"""``meeting export`` and ``meeting transcript``, and the table of formats behind them."""

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


@pytest.fixture
def meeting() -> str:
    """The id of a rehearsed meeting on record."""
    with AgentOrchestrator(model="rehearsal") as orchestrator:
        found = orchestrator.create_meeting("daily_standup", "What blocks us?", agents=["qa_engineer", "scrum_master"])
        orchestrator.conduct_meeting(found)
    return found


@pytest.mark.parametrize("name", FORMATS)
def test_a_file_holds_what_the_library_writes(name: str, meeting: str, tmp_path: Path) -> None:
    """Each format goes to a file byte for byte, whatever the system's line ends are."""
    file = tmp_path / "out"
    assert run_app(["meeting", "export", "last", "--format", name, "-o", str(file)]) == 0
    with AgentOrchestrator(model="rehearsal") as orchestrator:
        assert file.read_bytes() == export(orchestrator.get_minutes(meeting), name).encode()


def test_stdout_gets_the_same_bytes(meeting: str, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    """The calendar on stdout ends its lines in CRLF; nothing else is printed there."""
    assert run_app(["meeting", "export", meeting, "-f", "ics"]) == 0
    assert read_calendar(capsysbinary.readouterr().out).name == "VCALENDAR"


def test_a_transcript_is_printed_as_text_and_as_json(meeting: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Both say the same words in the same order."""
    assert run_app(["meeting", "transcript", meeting]) == 0
    text = capsys.readouterr().out
    assert run_app(["meeting", "transcript", meeting, "--json"]) == 0
    value = json.loads(capsys.readouterr().out)
    assert value["meeting"]["id"] == meeting
    assert text.startswith("# Transcript: ")
    places = [text.index(f"**{turn['id']}** ") for turn in value["turns"]]
    assert places == sorted(places)
    assert places


def test_an_unknown_format_is_refused_with_the_nearest(meeting: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A wrong format is a usage error that offers a right one."""
    assert run_app(["meeting", "export", meeting, "--format", "htm"]) == 2
    assert "Did you mean html?" in capsys.readouterr().err


def test_a_file_that_cannot_be_written_says_how_to_go_on(
    meeting: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The meeting is not lost: the error names the command that writes it elsewhere."""
    assert run_app(["meeting", "export", "last", "-f", "csv", "-o", str(tmp_path / "none" / "a.csv")]) == 6
    assert f"orchestrator meeting export {meeting} --format csv" in capsys.readouterr().err


def test_formats_are_loaded_when_they_are_asked_for() -> None:
    """The table alone loads no format and no meeting; asking for one format loads that one."""
    program = (
        "import sys, agents.export as e; names = lambda: {n for n in sys.modules if n.startswith('agents.')};"
        "assert not [n for n in names() if n.startswith(('agents.export.', 'agents.meeting'))], names();"
        "import agents.export.csv; assert 'agents.export.html' not in names()"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_the_table_is_closed_and_whole() -> None:
    """Every name in the table writes something, and any other is an UnknownName that lists near ones."""
    minutes = rich_minutes()
    assert all(export(minutes, name).strip() for name in FORMATS)
    with pytest.raises(UnknownName, match="markdown"):
        export(minutes, "markdwn")
