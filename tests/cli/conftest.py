"""The command line, run in this process as a person would run it."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from agents.cli.app import run_app
from tests.ollama_double import OllamaDouble


@dataclass(frozen=True)
class Ran:
    """What a command left: its exit status and what it printed."""

    status: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs one command, as ``orchestrator ARGUMENTS`` would."""

    def command(*arguments: object) -> Ran:
        capsys.readouterr()
        status = run_app([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Ran(status, captured.out, captured.err)

    return command


@pytest.fixture
def rehearse(run: Run) -> Run:
    """The same with ``--model rehearsal`` in front."""
    return lambda *arguments: run("--model", "rehearsal", *arguments)


@pytest.fixture
def serve(run: Run, ollama: OllamaDouble) -> Run:
    """The same where an Ollama server answers: for whole meetings, with positions, votes and actions."""
    assert ollama.url
    return run
