"""Settings of the stack: each arrives in the container, secrets without being shown, and a wrong one is said once."""

import json
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.containers.stack import Stack, composes, docker
from tests.inputs import ROOT

VALUES = {
    "MODEL_NAME": "rehearsal", "MODEL_FOR": "cto=rehearsal", "OLLAMA_BASE_URL": "http://box:1", "TEMPERATURE": "0.1",
    "SEED": "7", "NUM_CTX": "4096", "NUM_PREDICT": "512", "READING_TURNS": "4", "CONTROL_BALLOTS": "never",
    "PARALLEL": "3", "KEEP_ALIVE": "5m", "CONNECT_TIMEOUT": "6.0", "FIRST_TOKEN_TIMEOUT": "1800.0",
    "STALL_TIMEOUT": "240.0", "TURN_TIMEOUT": "2400.0", "LLM_BASE_URL": "http://box:2/v1", "LLM_API_KEY": "a-key",
    "API_TOKEN": "a-token", "API_TOKENS": "ada:hers,bob:his", "API_ORIGINS": "https://chat.example.com", "API_QUEUE": "3",
    "API_RATE": "60", "API_BODY_MB": "8", "OLLAMA_API_PORT": "11435", "MEMORY_MESSAGES": "100", "MEMORY_BYTES": "100000", "LOG_LEVEL": "DEBUG",
    "ORCHESTRATOR_PLAIN": "1", "LOG_CONTENT": "1",
}  # fmt: skip
FOLDERS = {
    "AGENTS_DATA_FOLDER": "/app/agent_memories", "AGENTS_LOG_FOLDER": "/app/logs",
    "AGENTS_USER_FOLDER": "/app/agent_memories/own", "AGENTS_ROLE_FOLDER": "", "AGENTS_TYPES_FOLDER": "",
}  # fmt: skip
SECRETS = {"LLM_API_KEY": "sk-of-the-tests", "API_TOKEN": "token-of-the-tests", "API_TOKENS": "ada:token-of-ada"}
SOURCE = ".env or docker-compose.yml"

FETCH = "from agents.api.healthcheck import fetch; print(fetch('/status'))"
READ = """
import sys
from agents.settings import Settings
found = getattr(Settings.load(), sys.argv[1])
print(found if isinstance(found, str) else ",".join(":".join(pair) for pair in found.items()))
"""
"""Print a setting as it is written."""

BARE = "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/status')"


def composed(stack: Stack, compose: str, settings: Path, *words: str, files: tuple[str, ...] = ()) -> str:
    """Run Compose on the stack's own file, with settings from a file in place of .env; gives its standard output."""
    named = ("docker-compose.yml", *files)
    start = [*compose.split(), "--env-file", str(settings), "--project-directory", str(ROOT)]
    start += [part for name in named for part in ("-f", str(ROOT / name))]
    own = {name: value for name, value in stack.settings.items() if name != "COMPOSE_FILE"}
    done = subprocess.run(
        [*start, *words], env={**os.environ, **own}, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@contextmanager
def alone(stack: Stack, compose: str, settings: Path, *files: str) -> Iterator[str]:
    """The service without Ollama, with these settings; gives the name of its container."""
    name = f"{stack.name}-alone"
    composed(
        stack, compose, settings, "run", "-d", "--no-deps", "--name", name, "multi_agent_orchestrator", files=files
    )
    try:
        yield name
    finally:
        docker("rm", "--force", "--volumes", name)


def shown(container: str, *variables: str) -> dict[str, dict[str, str]]:
    """What ``config show`` says in a container, by name, in a call with these variables."""
    passed = [part for variable in variables for part in ("-e", variable)]
    rows = json.loads(docker("exec", *passed, container, "orchestrator", "config", "show", "--json"))
    return {row["name"]: row for row in rows}


@pytest.mark.parametrize("compose", composes())
def test_every_setting_arrives(built: Stack, compose: str, tmp_path: Path) -> None:
    """Each setting of .env has its value in the container, a folder keeps its own, and a call may have another value.
    What nobody set is a default, and the source says which is which.
    """
    file = tmp_path / "settings"
    file.write_text(
        "".join(f"{name}={value} # mine\n" for name, value in VALUES.items()) + "AGENTS_ROLE_FOLDER=/nowhere\n"
    )
    with alone(built, compose, file) as container:
        found = shown(container)
        hidden = dict.fromkeys(("LLM_API_KEY", "API_TOKEN", "API_TOKENS"), "********")
        assert {name: row["value"] for name, row in found.items()} == {**VALUES, **hidden, **FOLDERS}
        assert {found[name]["source"] for name in VALUES} == {SOURCE}
        other = shown(container, "NUM_CTX=2048")["NUM_CTX"]
        assert (other["value"], other["source"]) == ("2048", "environment")
    file.write_text("ORCHESTRATOR_SEED=9\n")
    with alone(built, compose, file) as container:
        found = shown(container)
        assert {found[name]["source"] for name in ("NUM_CTX", "STALL_TIMEOUT", "LLM_API_KEY")} == {"default"}
        assert (found["SEED"]["value"], found["SEED"]["source"]) == ("9", f"{SOURCE}, ORCHESTRATOR_SEED")
        assert (found["KEEP_ALIVE"]["value"], found["KEEP_ALIVE"]["source"]) == ("-1", f"{SOURCE}, OLLAMA_KEEP_ALIVE")


@pytest.mark.parametrize("compose", composes())
def test_a_secret_in_a_file_is_not_shown(built: Stack, compose: str, tmp_path: Path) -> None:
    """The program has it, `docker inspect` and the environment do not, and the status needs the token."""
    lines = []
    for name, value in SECRETS.items():
        file = tmp_path / name
        file.write_text(f"{value}\n")
        file.chmod(0o444)
        lines.append(f"{name}_FILE={file}\n")
    settings = tmp_path / "settings"
    settings.write_text("".join(lines))
    overrides = tuple(f"services/overrides/{name.lower().replace('_', '-')}.yml" for name in SECRETS)
    with alone(built, compose, settings, *overrides) as container:
        found = shown(container)
        for name, value in SECRETS.items():
            assert (found[name]["value"], found[name]["source"]) == ("********", f"{SOURCE}, {name}_FILE")
            assert value not in docker("inspect", container) + docker("exec", container, "env")
            assert docker("exec", container, "python", "-c", READ, name.lower()).strip() == value
        healthy(container)
        assert json.loads(docker("exec", container, "python", "-c", FETCH))["agents"] >= 29
        refused = subprocess.run(["docker", "exec", container, "python", "-c", BARE], capture_output=True, check=False)
        assert b"HTTP Error 401" in refused.stderr


def healthy(container: str) -> None:
    """Wait until the service in a container answers."""
    command = ["docker", "exec", container, "python", "-c", "from agents.api.healthcheck import check; check()"]
    for _ in range(100):
        if subprocess.run(command, capture_output=True, check=False).returncode == 0:
            return
        time.sleep(0.1)
    pytest.fail(docker("logs", container))


def test_without_ollama_the_status_says_so_in_time(built: Stack) -> None:
    """Where the name of Ollama's container is found by nobody, /status, `status` and `doctor` name that within seconds."""
    network = f"{built.name}-silent"
    docker("network", "create", "--internal", network)
    name = f"{built.name}-alone"
    try:
        docker(
            "run",
            "-d",
            "--name",
            name,
            "--network",
            network,
            "--dns",
            "192.0.2.1",
            "-e",
            "OLLAMA_BASE_URL=http://ollama:11434",
            built.image,
        )
        healthy(name)
        took, facts = timed(name, "python", "-c", FETCH)
        model: dict[str, Any] = json.loads(facts)["model"]
        assert (model["state"], took < 4) == ("unreachable", True), (model, took)
        assert model["why"].startswith("Ollama is not reachable at http://ollama:11434: its host name")
        assert "Start Ollama's container" in model["remedy"]
        for words in (("status",), ("doctor",)):
            took, said = timed(name, "orchestrator", *words)
            assert "Ollama is not reachable at http://ollama:11434" in " ".join(said.split())
            assert took < 8, (words, took)
    finally:
        docker("rm", "--force", "--volumes", name)
        docker("network", "rm", network)


def timed(container: str, *words: str) -> tuple[float, str]:
    """The seconds that a command in a container takes, and what it prints."""
    began = time.monotonic()
    done = subprocess.run(["docker", "exec", container, *words], capture_output=True, text=True, check=False)
    return time.monotonic() - began, done.stdout


def test_a_call_takes_settings_of_its_caller(stack: Stack) -> None:
    """NAME=value before the script counts for one command, and not for the next."""
    rows = {
        row["name"]: row for row in json.loads(stack.must("run", "config", "show", "--json", NUM_CTX="4096", SEED="3"))
    }
    assert (rows["NUM_CTX"]["value"], rows["NUM_CTX"]["source"]) == ("4096", "environment")
    assert (rows["SEED"]["value"], rows["MODEL_NAME"]["source"]) == ("3", SOURCE)
    rows = {row["name"]: row for row in json.loads(stack.must("run", "config", "show", "--json"))}
    assert (rows["NUM_CTX"]["value"], rows["NUM_CTX"]["source"]) == ("8192", "default")


def test_a_wrong_setting_is_said_once(built: Stack) -> None:
    """The start ends with the variable, its value and where it was set, in one line, however often the engine tries."""
    built.must("stop")  # a running service would be left as it is
    done = built.run("start", "--no-pull", TEMPERATURE="hot")
    assert done.returncode == 1
    assert done.stderr.count("TEMPERATURE must be") == 1
    assert f"(got 'hot', from {SOURCE})" in done.stderr
