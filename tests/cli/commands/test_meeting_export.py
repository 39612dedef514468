"""``meeting export`` and ``meeting transcript``, and the table of formats."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from agents.cli.app import run_app
from agents.cli.terminal.minutes_file import ENDINGS
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
        found = orchestrator.create_meeting(
            "knowledge_sharing", "What blocks us?", agents=["qa_engineer", "scrum_master"]
        )
        orchestrator.conduct_meeting(found)
    return found


@pytest.mark.parametrize("name", FORMATS)
def test_a_file_contains_what_the_library_writes(name: str, meeting: str, tmp_path: Path) -> None:
    """Each format is written to a file byte for byte, on systems with any line ends."""
    file = tmp_path / "out.x"  # a name without an ending is a folder of decision records
    assert run_app(["meeting", "export", "last", "--format", name, "-o", str(file)]) == 0
    with AgentOrchestrator() as orchestrator:
        assert file.read_bytes() == export(orchestrator.get_minutes(meeting), name).encode()


def test_decision_records_go_to_a_folder_one_file_each(tmp_path: Path) -> None:
    """A new folder is made; the file is numbered after those that are there, and named and titled by the decision."""
    folder = tmp_path / "decisions"
    assert run_app(["demo", "--quiet"]) == 0
    for number in ("0001", "0002"):
        assert run_app(["meeting", "export", "last", "-f", "adr", "-o", str(folder)]) == 0
        [file] = folder.glob(f"{number}-*.md")
        title = file.read_text().split("\n")[0]
        assert title.startswith(f"# {int(number)}. ")
        words = re.findall("[a-z0-9]+", title.lower())[1:4]
        assert file.name.startswith("-".join([number, *words]))


@pytest.mark.parametrize(("ending", "form"), ENDINGS.items())
@pytest.mark.parametrize("command", ["export", "minutes"])
def test_the_ending_of_a_file_chooses_the_format(
    ending: str, form: str, command: str, meeting: str, tmp_path: Path
) -> None:
    """-o alone is enough; the ending may be in capitals, and a format that is named counts more."""
    file = tmp_path / f"out{ending.upper()}"
    assert run_app(["meeting", command, "-o", str(file)]) == 0
    with AgentOrchestrator() as orchestrator:
        minutes = orchestrator.get_minutes(meeting)
    assert file.read_bytes() == export(minutes, form).encode()
    assert run_app(["meeting", command, "-f", "json", "-o", str(file)]) == 0
    assert file.read_bytes() == export(minutes, "json").encode()


def test_a_wrong_ending_is_said_before_the_meeting(capsys: pytest.CaptureFixture[str]) -> None:
    """`run` and `resume` list the endings, and nothing is stored."""
    for command in (["run", "decision", "Buy or build?"], ["resume"]):
        assert run_app(["meeting", *command, "-o", "minutes.docx"]) == 2
        said = capsys.readouterr().err
        assert "No format of minutes has the ending .docx." in said
        assert all(ending in said for ending in ENDINGS)
    with AgentOrchestrator() as orchestrator:
        assert orchestrator.list_meetings() == []


def test_a_meeting_can_be_written_in_a_format_at_once(ollama: OllamaDouble, tmp_path: Path) -> None:
    """`run -o x.html` writes HTML, and `run -f json` prints JSON; the newest meeting is the one that is meant."""
    assert ollama.url
    assert (
        run_app(["meeting", "run", "Buy or build?", "--agents", "cto,qa_engineer", "-q", "-o", f"{tmp_path}/x.html"])
        == 0
    )
    assert (tmp_path / "x.html").read_text().startswith("<!DOCTYPE html>")


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
    """The error for an unknown format offers the nearest one, and lists all."""
    assert run_app(["meeting", "export", meeting, "--format", "htlm"]) == 2
    assert "Did you mean html?" in capsys.readouterr().err
    assert run_app(["meeting", "export", meeting, "--format", "pdf"]) == 2
    assert ", ".join(FORMATS) in capsys.readouterr().err


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
