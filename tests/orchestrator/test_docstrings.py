"""The example of every public method runs as it is written."""

import ast
import asyncio
import inspect
import shutil
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from agents.orchestrator import AgentOrchestrator
from agents.orchestrator.request import MeetingRequest
from agents.settings import Settings
from tests.inputs import PLAN
from tests.ollama_double import OllamaDouble

PUBLIC = [name for name, _ in inspect.getmembers(AgentOrchestrator, inspect.isfunction) if name[0] != "_"]


def example_of(name: str) -> str:
    """The lines below ``Example:`` in a method's docstring."""
    text = inspect.getdoc(AgentOrchestrator if name == "AgentOrchestrator" else getattr(AgentOrchestrator, name))
    _, _, code = (text or "").partition("Example:\n")
    return textwrap.dedent(code)


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder in which a meeting was held and an agent was asked."""
    folder = tmp_path_factory.mktemp("held")
    with OllamaDouble() as server:
        settings = Settings.load(
            {}, folder, data_folder=folder / "data", ollama_base_url=server.url, control_ballots="never"
        )
        with AgentOrchestrator(settings) as orchestrator:
            orchestrator.chat_with_agent("cto", "Our release train leaves on Tuesdays.")
            orchestrator.conduct_meeting(orchestrator.create_meeting("decision", "Buy or build?"))
    return folder / "data"


@pytest.fixture
def orchestrator(
    held: Path, tmp_path: Path, ollama: OllamaDouble, monkeypatch: pytest.MonkeyPatch
) -> Iterator[AgentOrchestrator]:
    """An orchestrator on a server, with a copy of that folder, beside a document."""
    shutil.copytree(held, tmp_path / "copy")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "design.md").write_text(PLAN)
    settings = Settings.load(
        {}, tmp_path, data_folder=tmp_path / "copy", ollama_base_url=ollama.url, control_ballots="never"
    )
    with AgentOrchestrator(settings) as opened:
        yield opened


@pytest.mark.parametrize("name", ["AgentOrchestrator", *PUBLIC])
def test_an_example_runs(name: str, orchestrator: AgentOrchestrator) -> None:
    """Every public method has an example, and it does what it says."""
    example = example_of(name)
    assert example.strip(), f"{name} has no example"
    code = compile(example, name, "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    names = {"orchestrator": orchestrator, "AgentOrchestrator": AgentOrchestrator, "MeetingRequest": MeetingRequest}
    if code.co_flags & inspect.CO_COROUTINE:
        asyncio.run(in_a_loop(orchestrator, eval(code, names)))  # noqa: S307 - our own docstring
    else:
        exec(code, names)  # noqa: S102 - our own docstring


async def in_a_loop(orchestrator: AgentOrchestrator, example: object) -> None:
    """Run an example that awaits, and close its models in the same loop."""
    assert inspect.isawaitable(example)
    async with orchestrator:
        await example
