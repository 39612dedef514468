"""Every kind of error, provoked as a person would: a cause, a remedy, the right status, and never a traceback."""

import json
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from agents.cli.commands.error_catalogue import VARIES, as_markdown, entries, kinds
from agents.store.locks import acquired, lock_path
from tests.cli.conftest import Run
from tests.cli.place import ORCHESTRATOR
from tests.inputs import ROOT
from tests.ollama_double import OllamaDouble

PAGE = ROOT / "docs" / "errors.md"

Given = Callable[[Run, Path], None]


def held(run: Run, _here: Path) -> None:
    """A meeting was held."""
    assert run("--model", "rehearsal", "meeting", "run", "decision", "-t", "Now?", "-q").status == 0


def damaged(run: Run, here: Path) -> None:
    """The first page of the histories is rubbish."""
    held(run, here)
    file = here / "data" / "orchestrator.db"
    file.write_bytes(b"rubbish " * 512 + file.read_bytes()[4096:])


def newer(run: Run, here: Path) -> None:
    """The histories were written by a version to come."""
    held(run, here)
    with sqlite3.connect(here / "data" / "orchestrator.db") as connection:
        connection.execute("PRAGMA user_version = 9999")
    connection.close()


def no_folder(_run: Run, here: Path) -> None:
    """A file lies where the data folder should be."""
    (here / "data").write_text("not a folder")


def spoiled(run: Run, here: Path) -> None:
    """A backup lost a byte."""
    held(run, here)
    assert run("backup", "create", "--to", here / "kept").status == 0
    [made] = (here / "kept").iterdir()
    largest = max((file for file in made.rglob("*") if file.is_file()), key=lambda file: file.stat().st_size)
    largest.write_bytes(largest.read_bytes()[:-1])
    made.rename(here / "spoiled")


def files(_run: Run, here: Path) -> None:
    """Files that are not what they should be."""
    (here / "empty.json").write_text("[]")
    (here / "list.json").write_text("{")
    (here / "picture.md").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20)
    (here / "flow.toml").write_text("steps = 3")
    (here / "config.toml").write_text("[profile.fast]\nnum_ctx = 4096\n")


def nothing(_run: Run, _here: Path) -> None:
    """Everything is as it should be."""


PROVOKED: list[tuple[str, int, Given, str]] = [
    ("UsageError", 2, nothing, "ask cto"),
    ("UsageError", 2, nothing, "--model rehearsal meeting run architecture_review"),
    ("MaterialMissing", 2, nothing, "--model rehearsal meeting run daily_standup"),
    ("UsageError", 2, nothing, "meeting delete last"),
    ("UsageError", 2, nothing, "workflow x"),
    ("UsageError", 2, nothing, "agents new Nobody!"),
    ("UsageError", 2, nothing, "memory clear"),
    ("UsageError", 2, nothing, "memory prune"),
    ("UsageError", 2, nothing, "--model langchain:openai ask cto x"),
    ("SettingError", 2, nothing, "--num-ctx many config show"),
    ("SettingError", 2, nothing, "--temperature 9 status"),
    ("SettingError", 2, nothing, "--profile none config show"),
    ("UnknownName", 2, nothing, "ask security_enginer x"),
    ("UnknownName", 2, nothing, "types show architecture_revue"),
    ("UnknownName", 2, nothing, "meeting minutes 2026"),
    ("UnknownName", 2, nothing, "actions done A999"),
    ("UnknownName", 2, nothing, "examples show nothing"),
    ("UnknownName", 2, nothing, "help nothing"),
    ("UnknownName", 2, nothing, "--model rehearsal ask cto x --skill review_cod"),
    ("RoleFileError", 2, nothing, "--role-folder {here}/none agents list"),
    ("RoleFileError", 2, files, "--role-folder {here}/config.toml/roles agents new trainer"),
    ("TypeFileError", 2, nothing, "--types-dir {here}/none types list"),
    ("DocumentError", 2, nothing, "--model rehearsal ask cto x -a {here}/none.md"),
    ("DocumentError", 2, nothing, "--model rehearsal ask cto x -a {here}"),
    ("DocumentError", 2, files, "--model rehearsal ask cto x -a {here}/picture.md"),
    ("ModelUnavailable", 3, nothing, "ask cto x"),
    ("ModelUnavailable", 3, files, "--model scripted:{here}/list.json ask cto x"),
    ("ModelUnavailable", 3, files, "--model scripted:{here}/none.json ask cto x"),
    ("ModelError", 3, files, "--model scripted:{here}/empty.json ask cto x"),
    ("StoreError", 1, damaged, "memory stats"),
    ("StoreError", 1, newer, "meeting list"),
    ("SpaceError", 6, no_folder, "memory stats"),
    ("SpaceError", 6, held, "meeting minutes last -o {here}/none/minutes.md"),
    ("SpaceError", 6, held, "meeting export last -o {here}/none/minutes.md"),
    ("BackupInvalid", 5, spoiled, "backup verify {here}/spoiled"),
    ("BackupInvalid", 5, spoiled, "restore {here}/spoiled --yes"),
    ("MeetingError", 1, held, "meeting cancel last"),
    ("BrokenChain", 1, files, "minutes verify {here}/list.json"),
]


def pattern(cause: str) -> re.Pattern[str]:
    """What a sentence of the catalogue looks like when it is said."""
    return re.compile(".*".join(re.escape(part) for part in re.split(r"\{[^}]*\}", cause)), re.DOTALL)


def in_catalogue(kind: str, cause: str) -> bool:
    """Whether the catalogue has this error."""
    known = [pattern(entry.cause) for entry in entries() if entry.kind == kind and entry.cause != VARIES]
    return any(one.fullmatch(cause) for one in known)


@pytest.mark.parametrize(("kind", "status", "given", "line"), PROVOKED)
def test_an_error_is_a_cause_and_a_remedy(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, status: int, given: Given, line: str
) -> None:
    """The error has its class's status, its words are in the catalogue, stdout is empty, and nothing is a traceback."""
    monkeypatch.setenv("OLLAMA_BASE_URL", "http://127.0.0.1:9")
    given(run, tmp_path)
    ran = run(*(word.replace("{here}", str(tmp_path)) for word in line.split()))
    assert ran.status == status == kinds()[kind].exit_code, ran
    assert ran.out == ""
    assert "Traceback" not in ran.err
    said = ran.err[ran.err.index("Error: ") + 7 :].rstrip("\n").split("\n")
    remedy = [part for part in said if part.startswith("  ")]
    assert len(remedy) == 1, said
    cause = "\n".join(part for part in said if not part.startswith("  "))
    # The nine classes below UsageError and StoreError share statuses: the words tell which it was.
    assert in_catalogue(kind, cause), cause


def test_a_prompt_too_long_for_the_model_is_refused_not_cut(
    run: Run, ollama: OllamaDouble, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A question that does not fit the context ends with 3 and says how to make it fit."""
    assert ollama.url
    monkeypatch.setenv("NUM_CTX", "2048")
    (tmp_path / "question.txt").write_text("rollback " * 20_000)
    ran = run("ask", "cto", (tmp_path / "question.txt").read_text())
    assert ran.status == kinds()["ContextOverflow"].exit_code == 3
    assert in_catalogue("ContextOverflow", ran.err.split("Error: ")[1].split("\n")[0])
    assert "NUM_CTX" in ran.err


def test_a_model_that_the_server_does_not_have_is_named(run: Run, ollama: OllamaDouble) -> None:
    """A model that is not on the server ends with 3 and says how to get it."""
    assert ollama.url
    ran = run("--model", "nothing-like-it", "ask", "cto", "x")
    assert ran.status == kinds()["ModelMissing"].exit_code == 3
    assert in_catalogue("ModelMissing", ran.err.split("Error: ")[1].split("\n")[0])
    assert "orchestrator models pull nothing-like-it" in ran.err


def test_a_meeting_that_somebody_holds_is_locked(rehearse: Run, tmp_path: Path) -> None:
    """A meeting that another process holds ends with 75 and names that process."""
    rehearse("meeting", "run", "decision", "-t", "Now?", "-q")
    [row] = json.loads(rehearse("meeting", "list", "--json").out)
    with acquired(lock_path(tmp_path / "data", row["id"]), "x"):
        command = [*ORCHESTRATOR, "--model", "rehearsal", "meeting", "delete", "last", "--yes"]
        ran = subprocess.run(command, capture_output=True, text=True)
    assert ran.returncode == kinds()["Locked"].exit_code == 75, ran
    assert "is locked by" in ran.stderr
    assert rehearse("meeting", "delete", "last", "--yes").status == 0


def test_every_kind_of_error_is_provoked_here() -> None:
    """Each class that commands raise has a case above; Busy is raised only where many share a service."""
    raised = {entry.kind for entry in entries()} - {"OrchestratorError"}
    assert raised == {kind for kind, *_ in PROVOKED} | {"Busy", "ContextOverflow", "Locked", "ModelMissing"}


def test_the_page_of_errors_is_the_program_s() -> None:
    """docs/errors.md is what `orchestrator help errors --markdown` prints; after a change, print it again."""
    assert PAGE.read_text(encoding="utf-8") == as_markdown()


def test_help_errors_prints_the_catalogue(run: Run) -> None:
    """Every remedy of the catalogue can be read in the terminal."""
    text = " ".join(run("help", "errors").out.split())
    for entry in entries():
        assert " ".join(entry.remedy.split()) in text


def test_nearly_every_error_says_what_to_do() -> None:
    """Of the errors whose words are the program's own, at most one in twenty has no remedy."""
    known = [entry for entry in entries() if entry.cause != VARIES]
    assert len(known) > 100
    assert len([entry for entry in known if not entry.remedy]) <= len(known) // 20


CRASHING = """
import sys
from agents.cli import run
import agents.cli.commands.status as status
def health() -> None:
    \"\"\"Break.\"\"\"
    secret = "the budget is 4711"
    raise ZeroDivisionError(f"{secret} in a message")
status.health = health
sys.exit(run(sys.argv[1:]))
"""


def crash(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a program in which one command has a mistake."""
    return subprocess.run([sys.executable, "-c", CRASHING, *arguments], capture_output=True, text=True)


def test_what_nobody_foresaw_is_one_line_and_a_report_without_contents(tmp_path: Path) -> None:
    """A mistake of ours ends with 1, no traceback, and a report that names places and contains no message or value."""
    ran = crash("health")
    assert ran.returncode == 1
    assert ran.stderr.startswith("Error: Unexpected error: ZeroDivisionError in ")
    assert "Traceback" not in ran.stderr
    [report] = (tmp_path / "home").rglob("crash-*.txt")
    assert str(report) in ran.stderr
    text = report.read_text(encoding="utf-8")
    assert "builtins.ZeroDivisionError" in text
    assert "agents/cli/app.py:" in text
    assert "4711" not in text + ran.stderr
    assert report.stat().st_mode & 0o077 == 0


def test_debug_shows_where_it_comes_from(run: Run) -> None:
    """With --debug the traceback is shown, for mistakes of ours and for errors alike; the status stays."""
    ran = crash("--debug", "health")
    assert ran.returncode == 1
    assert "Traceback (most recent call last)" in ran.stderr
    assert "4711" in ran.stderr
    known = run("--debug", "ask", "nobody", "x")
    assert known.status == 2
    assert "UnknownName" in known.err
    assert "Error: There is no agent 'nobody'." in known.err
    assert "Traceback" not in run("ask", "nobody", "x").err


def test_reports_do_not_pile_up(tmp_path: Path) -> None:
    """Only the newest ten are kept."""
    logs = tmp_path / "home" / ".local" / "state" / "multi_agent_orchestrator" / "logs"
    logs.mkdir(parents=True)
    for number in range(15):
        (logs / f"crash-20200101T0000{number:02}-1.txt").write_text("old")
    crash("health")
    assert len(list(logs.glob("crash-*.txt"))) == 10


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["asc"], "Did you mean `orchestrator ask`"),
        (["meeting", "rum"], "Did you mean `orchestrator meeting run`"),
        (["--modle", "x"], "--model"),
        (["actions", "show"], "Missing argument"),
        (["memory", "show", "cto", "--limit", "many"], "not a valid"),
        (["--temperature"], "requires an argument"),
    ],
)
def test_wrong_words_are_status_2_with_the_way_to_the_right_ones(run: Run, arguments: list[str], said: str) -> None:
    """A wrong command or option says what was wrong and where the right ones are."""
    ran = run(*arguments)
    assert (ran.status, ran.out) == (2, "")
    assert said in ran.err
    assert "--help` shows all commands and options." in ran.err or said.startswith("Did you mean `orchestrator")
