"""``doctor`` and ``status``: problems with their remedies, and the facts."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from agents.cli.checks import Finding, Subject, examine
from agents.cli.checks.program import shadowing
from agents.cli.commands.doctor import CHECKS
from agents.settings import Settings
from tests.cli.conftest import Run
from tests.inputs import PROPOSAL
from tests.ollama_double import OllamaDouble


def checks(run: Run, *arguments: str) -> tuple[int, dict[str, dict[str, Any]]]:
    """Exit status and the checks by name."""
    ran = run(*arguments, "doctor", "--json")
    return ran.status, {check["name"]: check for check in json.loads(ran.out)["checks"]}


def test_a_sound_place_has_no_fault(rehearse: Run) -> None:
    """With the rehearsal model nothing can be missing: status 0, every check with its number, in order."""
    ran = rehearse("doctor")
    assert ran.status == 0, ran.out
    lines = [line for line in ran.out.splitlines() if not line.startswith("         ")]
    assert [line[:2].strip() for line in lines[:-1]] == [str(number) for number in range(1, len(CHECKS) + 1)]
    assert lines[-1].startswith(f"{len(CHECKS)} checks, 0 failed")


def test_a_doctor_changes_nothing(rehearse: Run, tmp_path: Path) -> None:
    """Where nothing is stored yet, nothing is made by looking."""
    status, found = checks(rehearse)
    assert status == 0
    assert not (tmp_path / "data").exists()
    assert "Nothing is stored yet" in found["store"]["words"]


def test_ollama_is_looked_at_from_all_sides(run: Run, ollama: OllamaDouble) -> None:
    """A server with the model passes: version, model, context, where prompts go."""
    assert ollama.url
    status, found = checks(run)
    assert status == 0, found
    for name in ("ollama", "ollama version", "model", "model loaded", "context", "egress"):
        assert found[name]["verdict"] == "ok", found[name]
    assert "Not loaded" in found["model loaded"]["words"]
    assert ollama.url in found["egress"]["words"]
    run("ask", "cto", "Is it sound?", "--forget")
    _, found = checks(run)
    assert found["model loaded"]["words"].startswith("Loaded, ")
    assert "8192 in force" in found["context"]["words"]


def test_a_server_built_from_source_is_not_taken_for_an_old_one(run: Run, ollama: OllamaDouble) -> None:
    """Version 0.0.0 says nothing about what the server can do."""
    ollama.version = "0.0.0"
    found = checks(run)[1]["ollama version"]
    assert (found["verdict"], found["words"]) == ("ok", "Ollama of an unknown version (built from source)")


def test_a_role_whose_model_is_elsewhere_is_named(
    run: Run, ollama: OllamaDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Prompts of one role can leave the machine although those of all others stay."""
    assert ollama.url
    monkeypatch.setenv("MODEL_FOR", "qa_engineer=llama3.2:1b,cto=gpt-oss:120b-cloud")
    found = checks(run)[1]["egress"]
    assert found["verdict"] == "warn"
    assert "cto" in found["words"]


def test_deep_measures_the_speed_now(run: Run, ollama: OllamaDouble) -> None:
    """With --deep the model says a few words, and they are counted."""
    assert ollama.url
    found = {check["name"]: check for check in json.loads(run("doctor", "--deep", "--json").out)["checks"]}
    assert "(just now)" in found["speed"]["words"]


def test_a_model_that_is_not_there_fails_with_the_command_that_fetches_it(run: Run, ollama: OllamaDouble) -> None:
    """Status 1; the remedy can be typed."""
    assert ollama.url
    status, found = checks(run, "--model", "mistral-nemo")
    assert status == 1
    assert found["model"]["verdict"] == "fail"
    assert "pull mistral-nemo" in found["model"]["remedy"]


def test_no_server_is_one_fault_and_the_rest_is_not_checked(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be known without the server is not a problem of its own."""
    monkeypatch.setenv("OLLAMA_BASE_URL", "http://127.0.0.1:9")
    status, found = checks(run)
    assert status == 1
    assert [name for name, check in found.items() if check["verdict"] == "fail"] == ["ollama"]
    assert "ollama serve" in found["ollama"]["remedy"]
    assert "Not checked" in found["model"]["words"]


@pytest.fixture
def silent_server() -> Iterator[str]:
    """The address of a server that takes connections and never says anything."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(16)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


def test_a_server_that_never_answers_does_not_hold_the_doctor(
    run: Run, silent_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A check is given up after seconds, and said to be unanswered or unreachable."""
    monkeypatch.setenv("OLLAMA_BASE_URL", silent_server)
    status, found = checks(run)
    assert found["ollama"]["verdict"] in {"fail", "warn"}
    assert "Not checked" in found["model"]["words"]
    assert status in {0, 1}


def test_a_check_has_only_so_many_seconds() -> None:
    """What does not come back in time is a warning, and what breaks does not hide the others."""
    subject = Subject(Settings.load())

    def slow(_subject: Subject) -> Finding:
        time.sleep(60)
        return Finding("ok", "late")

    def broken(_subject: Subject) -> Finding:
        raise ZeroDivisionError

    assert examine(1, "slow", slow, subject, 0.05).verdict == "warn"
    assert "ZeroDivisionError" in examine(2, "broken", broken, subject).words


def test_a_wrong_setting_is_a_fault_with_its_range(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A setting out of range is reported as check 3, with status 1."""
    monkeypatch.setenv("NUM_CTX", "many")
    status, found = checks(run)
    assert status == 1
    assert found["settings"]["number"] == 3
    assert (
        "NUM_CTX must be a whole number from 2048 to 1048576 (got 'many', from the environment)"
        in found["settings"]["words"]
    )


def test_damaged_histories_are_a_fault(rehearse: Run, tmp_path: Path) -> None:
    """A byte that flipped in what was said fails the store's check, and names the way back."""
    rehearse("ask", "cto", "Where is the quillfeather?")
    file = tmp_path / "data" / "orchestrator.db"
    assert checks(rehearse)[1]["store"]["verdict"] == "ok"
    kept = file.read_bytes()
    assert b"quillfeather" in kept
    file.write_bytes(kept.replace(b"quillfeather", b"quillfeathex"))
    for left in ("orchestrator.db-wal", "orchestrator.db-shm"):
        (tmp_path / "data" / left).unlink(missing_ok=True)
    status, found = checks(rehearse)
    assert status == 1
    assert found["store"]["verdict"] == "fail"
    assert "orchestrator restore DIR" in found["store"]["remedy"]


def test_role_and_type_files_that_were_left_out_are_named(
    rehearse: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bad file is a warning with the command that shows more; no agent at all is a problem."""
    types = tmp_path / "types"
    types.mkdir()
    (types / "mine.toml").write_text("id = 3")
    status, found = checks(rehearse, "--types-dir", str(types))
    assert status == 0
    assert found["meeting types"]["verdict"] == "warn"
    assert "mine.toml" in found["meeting types"]["words"]
    empty = tmp_path / "empty"
    empty.mkdir()
    monkeypatch.setattr("agents.settings.folders._shipped", lambda *_names: empty)
    status, found = checks(rehearse)
    assert (status, found["roles"]["verdict"]) == (1, "fail")


def test_a_clock_behind_the_histories_is_noticed(rehearse: Run, tmp_path: Path) -> None:
    """Histories from the future mean that the clock was set back, or is wrong now."""
    rehearse("memory", "pin", "cto", "x")
    later = time.time() + 7200
    os.utime(tmp_path / "data" / "orchestrator.db", (later, later))
    assert checks(rehearse)[1]["clock"]["verdict"] == "warn"


def test_a_file_that_hides_a_module_is_a_fault(tmp_path: Path) -> None:
    """A json.py in the working folder would be taken for Python's own."""
    (tmp_path / "json.py").write_text("raise SystemExit('hidden')")
    assert shadowing([tmp_path, *map(Path, sys.path)]) == [tmp_path.resolve() / "json.py"]
    (tmp_path / "json.py").rename(tmp_path / "requests.py")
    command = [sys.executable, "-m", "agents", "--model", "rehearsal", "doctor"]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert ran.returncode == 1
    assert "FAIL  packages:" in ran.stdout
    assert "requests.py hides the module of the same name" in " ".join(ran.stdout.split())


@pytest.mark.parametrize(
    ("variable", "value", "verdict", "words"),
    [
        ("OLLAMA_BASE_URL", "http://127.0.0.1:9", "ok", "on this machine"),
        ("OLLAMA_BASE_URL", "http://ollama:11434", "ok", "on this network"),
        ("OLLAMA_BASE_URL", "http://10.1.2.3:11434", "ok", "on this network"),
        ("OLLAMA_BASE_URL", "https://llm.example.com", "warn", "outside this network"),
        ("MODEL_NAME", "gpt-oss:120b-cloud", "warn", "ollama.com"),
        ("MODEL_NAME", "langchain:openai:gpt-5", "warn", "go to openai"),
        ("MODEL_NAME", "langchain:ollama:llama3.2", "ok", "on this machine"),
        ("MODEL_NAME", "rehearsal", "ok", "Nothing leaves this machine"),
    ],
)
def test_egress_says_what_leaves_the_machine(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, verdict: str, words: str
) -> None:
    """Where prompts go follows from the model and its address; only what is near needs no warning."""
    monkeypatch.setenv(variable, value)
    look = dict(CHECKS)["egress"]
    finding = look(Subject(Settings.load()))
    assert (finding.verdict, words in finding.words) == (verdict, True), finding


def test_a_proxy_on_the_way_is_said_without_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    """Prompts that go through a proxy leave by it."""
    monkeypatch.setenv("OLLAMA_BASE_URL", "http://ollama.lan:11434")
    monkeypatch.setenv("HTTP_PROXY", "http://me:hush@proxy.example.com:3128")
    finding = dict(CHECKS)["egress"](Subject(Settings.load()))
    assert finding.verdict == "warn"
    assert "proxy.example.com" in finding.words
    assert "hush" not in finding.words
    assert "NO_PROXY=ollama.lan" in finding.remedy


def test_a_stray_tracing_variable_changes_no_verdict(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable that would send every prompt to a cloud has no effect on this program's models."""
    monkeypatch.setenv("LANGSMITH_TRACING", "true")
    assert checks(run, "--model", "rehearsal")[1]["egress"]["verdict"] == "ok"


def test_status_counts_what_there_is(serve: Run) -> None:
    """After a meeting and a question, status has them, and the machine as this process may use it."""
    serve("ask", "cto", "Is it sound?")
    serve("meeting", "run", "daily_standup", "-t", "Where are we?", "-a", PROPOSAL, "--quiet")
    facts = json.loads(serve("status", "--json").out)
    assert (facts["agents"], facts["meetings"], facts["unfinished_meetings"]) == (29, 1, 0)
    assert facts["open_actions"] == len(json.loads(serve("actions", "list", "--json").out)) > 0
    assert facts["remembered_messages"] >= 2
    assert (facts["model"], facts["model_state"]) == ("llama3.2", "available")
    assert 0 < facts["machine_memory_free_mb"] <= facts["machine_memory_mb"]
    assert facts["cpus"] > 0
    text = serve("status").out
    assert "open actions" in text


def test_status_says_what_the_server_has(run: Run, ollama: OllamaDouble) -> None:
    """The model is available, and loaded only after someone asked it."""
    assert ollama.url
    assert json.loads(run("status", "--json").out)["model_state"] == "available"
    assert json.loads(run("--model", "nothing-like-it", "status", "--json").out)["model_state"] == "missing"


def test_status_names_what_is_missing(run: Run, ollama: OllamaDouble) -> None:
    """A model that is not there, and a server that does not answer, are said with what to do; neither is an error."""
    missing = json.loads(run("--model", "nothing-like-it", "status", "--json").out)
    assert missing["model_problem"] == "The model nothing-like-it is not on this Ollama."
    assert "ollama pull nothing-like-it" in missing["model_remedy"]
    ollama.down()
    shown = run("status")
    assert shown.status == 0
    assert "Ollama is not reachable at" in shown.out
    assert "Start Ollama" in shown.out
