"""Names that a shell offers when the user presses Tab."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from agents.settings import Settings
from tests.cli.conftest import Run
from tests.ollama_double import OllamaDouble

SHELLS = ("bash", "zsh", "fish", "powershell")


def completed(line: str, **environment: str) -> list[str]:
    """What bash would offer for a line whose last word is being typed."""
    words = line.split(" ")
    asked = {
        "_ORCHESTRATOR_COMPLETE": "complete_bash",
        "COMP_WORDS": line,
        "COMP_CWORD": str(len(words) - 1),
    }
    ran = subprocess.run(
        [sys.executable, "-m", "agents"], env={**os.environ, **asked, **environment}, capture_output=True, text=True
    )
    assert ran.returncode == 0
    assert ran.stderr == ""
    return ran.stdout.split()


def test_commands_are_completed() -> None:
    """Names of commands, on the first level and below."""
    assert completed("orchestrator co") == ["consult", "config", "completion"]
    assert "show" in completed("orchestrator types s")


def test_agents_are_completed_wherever_one_is_named() -> None:
    """As an argument, as an option, and in a list between commas."""
    assert completed("orchestrator ask sec") == ["security_engineer"]
    assert len(completed("orchestrator ask ")) == 29 + 7
    assert completed("orchestrator memory show qa") == ["qa_engineer"]
    assert completed("orchestrator meeting run decision --chair solu") == ["solutions_architect"]
    assert completed("orchestrator consult x --agents cto,qa") == ["cto,qa_engineer"]
    assert completed("orchestrator ask dba") == ["database_administrator"]
    assert completed("orchestrator meeting run decision --agents cto,sre") == ["cto,site_reliability_engineer"]


def test_meeting_types_are_completed_one_s_own_too(tmp_path: Path) -> None:
    """The built-in types, and those of the folder in the settings."""
    (tmp_path / "arch_club.toml").write_text('id = "arch_club"\ntitle = "Arch club"\n')
    assert completed("orchestrator meeting run arch") == ["architecture_review"]
    found = completed("orchestrator types show arch", AGENTS_TYPES_FOLDER=str(tmp_path))
    assert found == ["architecture_review", "arch_club"]


def test_skills_are_those_of_the_agent() -> None:
    """After an agent, its skills; the beginning of one is enough."""
    assert "review_code" in completed("orchestrator ask security_engineer x --skill r")
    assert completed("orchestrator ask cto x --skill review_cod") == []


def test_topics_and_examples_are_completed() -> None:
    """What `help` explains, and what `examples run` runs."""
    assert completed("orchestrator help exit") == ["exit-codes"]
    assert "hold_a_meeting" in completed("orchestrator examples run h")


def test_completion_never_fails(tmp_path: Path) -> None:
    """A wrong setting, a folder that is gone, a file of rubbish: less is offered, and nothing is said."""
    assert completed("orchestrator ask c", NUM_CTX="many") == []
    assert "cto" in completed("orchestrator ask c", AGENTS_ROLE_FOLDER=str(tmp_path / "none"))
    (tmp_path / "rubbish.md").write_bytes(bytes(range(256)) * 40)
    assert completed("orchestrator ask r", AGENTS_ROLE_FOLDER=str(tmp_path)) == ["rubbish"]


def test_completion_loads_nothing_heavy() -> None:
    """Pressing Tab needs no YAML, no database, no model."""
    program = (
        "import sys, agents.cli.app as a, agents.cli.shell_completion as c\n"
        "assert c.agents({}) and c.meeting_types({}) and c.skills({'agent': 'cto', 'words': []})\n"
        "print(*{name.partition('.')[0] for name in sys.modules})"
    )
    loaded = set(
        subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    )
    assert not loaded & {"yaml", "sqlite3", "pydantic", "langchain", "langchain_core", "rich", "asyncio", "psutil"}


def test_models_on_the_server_are_completed(ollama: OllamaDouble, tmp_path: Path) -> None:
    """Those that are installed, and the one that needs no server; without a server the list is shorter, and not late."""
    line = "orchestrator --model "
    assert {"llama3.2", "rehearsal"} <= set(completed(line, OLLAMA_BASE_URL=ollama.url))
    begun = time.monotonic()
    found = completed(line, OLLAMA_BASE_URL="http://127.0.0.1:9", AGENTS_DATA_FOLDER=str(tmp_path))
    assert found == ["llama3.2", "rehearsal"]
    assert time.monotonic() - begun < 20


def test_meetings_are_completed_the_newest_first(rehearse: Run) -> None:
    """With their topics; "last" comes first, and where nothing is stored, nothing is created."""
    assert completed("orchestrator meeting show ") == ["last"]
    assert not list(Settings.load().data_folder.glob("*.db"))
    ids: list[str] = []
    for topic in ("Buy?", "Build?"):
        rehearse("meeting", "run", "decision", topic, "-q")
        ids.insert(0, json.loads(rehearse("meeting", "list", "--limit", "1", "--json").out)[0]["id"])
    assert completed("orchestrator meeting minutes ") == ["last", *ids]
    assert completed(f"orchestrator meeting export {ids[0][:-2]}")[0] == ids[0]


@pytest.mark.parametrize("shell", SHELLS)
def test_the_script_is_that_of_the_shell_asked_for(run: Run, shell: str) -> None:
    """Whatever shell runs now, and it calls this program back."""
    ran = run("completion", shell)
    assert ran.status == 0
    assert "_ORCHESTRATOR_COMPLETE" in ran.out
    assert f"complete_{shell}" in ran.out
    assert run("completion", "tcsh").status == 2


@pytest.mark.parametrize("shell", SHELLS)
def test_there_is_a_script_for_every_shell(shell: str) -> None:
    """Each shell gets a script that calls us back."""
    asked = {**os.environ, "_ORCHESTRATOR_COMPLETE": f"source_{shell}"}
    ran = subprocess.run([sys.executable, "-m", "agents"], env=asked, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    assert "_ORCHESTRATOR_COMPLETE" in ran.stdout
