"""``help``, ``--help`` and ``version``: what the program says of itself, and whether it is true."""

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from agents import __version__
from agents.cli.app import app
from agents.cli.checkout import commit
from agents.cli.commands.help import TOPICS, laid_out
from agents.settings.table import SETTINGS
from tests.cli.conftest import Run
from tests.cli.place import prepare
from tests.inputs import PROPOSAL
from tests.ollama_double import OllamaDouble

SHAPE = re.compile(r"^  (?P<command>\w[\w -]+?)  +(?P<kind>array of|object): (?P<fields>.*)$")
HASH = "0123456789abcdef0123456789abcdef01234567"
ARGUMENTS = {
    "actions show": "A1",
    "agents show": "cto",
    "consult": "'Is the rollback sound?' --agents cto",
    "workflow": "'A page' --step cto:Plan",
    "meeting map": "last",
    "meeting run --plan": "decision -t 'Now or later?'",
    "meeting show": "last",
    "types show": "decision",
    "meeting transcript": "last",
    "meeting repeat": "last --runs 1",
    "minutes verify": "{here}/meeting.jsonl",
    "memory show": "cto",
    "memory search": "budget",
    "models rm": "llama3.2 --yes",
    "backup list": "{here}/kept",
}
OTHERWISE = {"types show"}
"""Commands whose fields are described by another's."""

EVENTS = {"meeting run", "meeting resume"}
"""Commands that print events as JSON lines."""


def test_every_topic_has_a_text(run: Run) -> None:
    """Each topic is listed and explained on stdout."""
    listed = run("help").out
    for topic in TOPICS:
        ran = run("help", topic)
        assert ran.status == 0
        assert len(ran.out) > 300
        assert topic in listed


def test_the_settings_are_all_explained(run: Run) -> None:
    """Each setting is there with its range and its default."""
    text = " ".join(run("help", "environment").out.split())
    for setting in SETTINGS:
        assert f" {setting.name} {setting.about}" in text
        assert setting.allowed in text


def test_files_are_those_in_force(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The places shown are the places used."""
    monkeypatch.setenv("COLUMNS", "400")
    text = run("--data-folder", tmp_path / "elsewhere", "help", "files").out
    assert "elsewhere" in text
    assert "orchestrator.db" in text


def test_a_command_s_help_can_be_asked_for(run: Run) -> None:
    """`help meeting run` is `meeting run --help`."""
    assert run("help", "meeting", "run").out == run("meeting", "run", "--help").out
    assert run("help", "ask").out == run("ask", "--help").out


def test_exit_statuses_are_those_of_the_errors(run: Run) -> None:
    """Every status an error has is explained."""
    from agents.cli.commands.error_catalogue import kinds

    text = run("help", "exit-codes").out
    explained = {int(line.split()[0]) for line in text.splitlines() if re.match(r"  \d", line)}
    assert {kind.exit_code for kind in kinds().values()} <= explained


@pytest.mark.parametrize("width", [20, 40, 60, 80, 200])
@pytest.mark.parametrize("topic", ["exit-codes", "environment", "json", "models", "meetings", "errors"])
def test_a_text_fits_the_terminal(topic: str, width: int) -> None:
    """Lines are as long as the terminal is wide, but for words and commands that cannot be broken."""
    for line in laid_out(TOPICS[topic][1](), width).splitlines():
        assert len(line) <= max(width, 40) or line.startswith("  ") or max(map(len, line.split())) > width // 2


def documented() -> dict[str, tuple[str, set[str]]]:
    """Every command of `help json`: what it prints, and the names of its fields."""
    found = [match for line in TOPICS["json"][1]().splitlines() if (match := SHAPE.match(line))]
    return {one["command"]: (one["kind"], set(one["fields"].split(", "))) for one in found}


def test_every_json_has_the_fields_it_is_said_to_have(
    run: Run, ollama: OllamaDouble, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What --json prints is an array or an object with exactly the documented fields."""
    assert ollama.url
    prepare(tmp_path)
    monkeypatch.setenv("AGENTS_DATA_FOLDER", str(tmp_path / "data"))
    run("backup", "create", "--to", tmp_path / "kept")
    run("meeting", "run", "architecture_review", "-t", "Move?", "-a", PROPOSAL, "-q")
    run("meeting", "export", "last", "-f", "chained", "-o", tmp_path / "meeting.jsonl")
    run("ask", "cto", "Is it sound?")
    wrong = {}
    shapes = documented()
    for command, (kind, fields) in sorted(shapes.items(), key=lambda one: one[0] == "models rm"):
        words = shlex.split(ARGUMENTS.get(command, "").replace("{here}", str(tmp_path)))
        ran = run(*command.split(), *words, "--json")
        assert ran.status == 0, (command, ran.err)
        found = json.loads(ran.out)
        wanted = shapes["types list"][1] if command in OTHERWISE else fields
        assert isinstance(found, list) == (kind == "array of"), command
        keys = set(found[0] if isinstance(found, list) else found) if found else set()
        if keys != wanted:
            wrong[command] = keys ^ wanted
    assert not wrong, wrong


def test_every_command_with_json_is_documented() -> None:
    """A command that takes --json has its line in the topic."""

    def with_json(command: Any, path: tuple[str, ...] = ()) -> Iterator[str]:
        if any("--json" in one.opts for one in command.params):
            yield " ".join(path)
        for name, below in getattr(command, "commands", {}).items():
            if below.hidden:
                continue
            yield from with_json(below, (*path, name))

    assert set(with_json(typer.main.get_command(app))) == {*(name.split(" --")[0] for name in documented()), *EVENTS}


def test_the_help_lists_the_service_and_fits_a_terminal(run: Run) -> None:
    """Its last commands are the service's, and it has at most 24 rows."""
    shown = run("--help").out
    assert "serve" in shown.partition("More: ")[2].partition("Options")[0]
    assert len(shown.splitlines()) <= 24


def test_the_version_names_the_commit_of_a_checkout(run: Run, tmp_path: Path) -> None:
    """The commit is found for a branch, a packed branch, a bare commit and a worktree; elsewhere there is none."""
    git = tmp_path / "a" / ".git"
    (git / "refs" / "heads").mkdir(parents=True)
    (git / "HEAD").write_text("ref: refs/heads/main\n")
    (git / "refs" / "heads" / "main").write_text(f"{HASH}\n")
    assert commit(tmp_path / "a") == HASH[:12]
    (git / "refs" / "heads" / "main").unlink()
    (git / "packed-refs").write_text(f"# pack-refs with: peeled\n{HASH} refs/heads/main\n")
    assert commit(tmp_path / "a") == HASH[:12]
    own = git / "worktrees" / "b"
    own.mkdir(parents=True)
    (own / "HEAD").write_text("ref: refs/heads/main\n")
    (own / "commondir").write_text("../..\n")
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / ".git").write_text(f"gitdir: {own}\n")
    assert commit(tmp_path / "b") == HASH[:12]
    (git / "HEAD").write_text(f"{HASH}\n")
    assert commit(tmp_path / "a") == HASH[:12]
    assert commit(tmp_path) == ""
    assert run("--version").out.startswith(f"orchestrator {__version__}")
    facts = json.loads(run("version", "--json").out)
    assert facts["version"] == __version__
    assert facts["commit"] == commit()
