"""The examples in docs/service.md work: each is run, or called as its program calls, on a running service."""

import asyncio
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from mcp import Client, StdioServerParameters
from openai import OpenAI

from tests.api.serving import serving
from tests.inputs import ROOT
from tests.ollama_double import OllamaDouble
from tests.required import require

PAGE = (ROOT / "docs" / "service.md").read_text(encoding="utf-8")
ADDRESS = "http://127.0.0.1:8000"
SHOWN = ("curl", "The `openai` package", "llm", "Open WebUI", "Continue", "Zed", "n8n", "aider", "A coding assistant")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a document, where the examples are run; `orchestrator` in its folder bin is this program."""
    folder = tmp_path_factory.mktemp("service")
    shutil.copy(ROOT / "examples" / "session_store_proposal.md", folder / "design.md")
    (folder / "bin").mkdir()
    program = folder / "bin" / "orchestrator"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m agents "$@"\n')
    program.chmod(0o755)
    return folder


@pytest.fixture(scope="module")
def variables(place: Path) -> Iterator[dict[str, str]]:
    """The environment of the service and of its clients: a model server, and folders of their own."""
    with OllamaDouble() as double:
        yield {
            **{name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")},
            "OLLAMA_BASE_URL": double.url,
            "CONTROL_BALLOTS": "never",
            "HOME": str(place),
            "LLM_USER_PATH": str(place / "llm"),
            "AGENTS_DATA_FOLDER": str(place / "data"),
            "AGENTS_CONFIG": str(place / "config.toml"),
            "PYTHONPATH": str(ROOT),
            "PATH": os.pathsep.join([str(place / "bin"), str(Path(sys.executable).parent), os.environ["PATH"]]),
        }


@pytest.fixture(scope="module")
def address(variables: dict[str, str]) -> Iterator[str]:
    """The address of a running service."""
    with serving(**variables) as (_, port):
        yield f"http://127.0.0.1:{port}"


def blocks(title: str, language: str) -> list[str]:
    """The blocks of code in this language under a heading of the page."""
    (section,) = (part for part in PAGE.split("\n### ")[1:] if part.startswith(f"{title}\n"))
    return re.findall(rf"```{language}\n(.*?)```", section.split("\n## ")[0], re.DOTALL)


def run(command: list[str], place: Path, variables: dict[str, str]) -> str:
    """What a program prints that ends well."""
    ran = subprocess.run(command, cwd=place, env=variables, capture_output=True, text=True, timeout=100)
    assert ran.returncode == 0, ran.stderr + ran.stdout
    return ran.stdout


def streamed(address: str, model: str) -> str:
    """The answer of a model, asked as editors do: in a stream, with the tokens at the end."""
    with OpenAI(base_url=address, api_key="none", max_retries=0) as client:
        chunks = client.chat.completions.create(
            model=model,
            messages=[{"role": "user", "content": "One queue, or two?"}],
            stream=True,
            stream_options={"include_usage": True},
        )
        return "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)


def here(url: str, address: str) -> str:
    """An address in an example, as that of the running service."""
    assert url.startswith(ADDRESS)
    return url.replace(ADDRESS, address)


def test_each_program_has_an_example() -> None:
    """The page has one for each of the programs."""
    examples = PAGE.split("\n## Examples\n")[1].split("\n## ")[0]
    assert tuple(re.findall(r"(?m)^### (.+)$", examples)) == SHOWN


def test_curl(address: str, place: Path, variables: dict[str, str]) -> None:
    """The commands list the models, stream an answer, and show an agent."""
    require("curl")
    (commands,) = blocks("curl", "sh")
    printed = run(["sh", "-e", "-c", here_all(commands, address)], place, variables)
    assert '"panel:auto"' in printed
    assert "chat.completion.chunk" in printed
    assert "data: [DONE]" in printed


def here_all(text: str, address: str) -> str:
    """A text with the address of the running service."""
    assert ADDRESS in text
    return text.replace(ADDRESS, address)


def test_the_openai_package(address: str, place: Path, variables: dict[str, str]) -> None:
    """A review of a file streams what is said, and ends with the minutes."""
    (program,) = blocks("The `openai` package", "python")
    printed = run([sys.executable, "-c", here_all(program, address)], place, variables)
    assert "design.md" in printed
    assert "Decision" in printed


def test_llm(address: str, place: Path, variables: dict[str, str]) -> None:
    """A panel reads a file and answers on the command line of `llm`."""
    (commands,) = blocks("llm", "sh")
    (place / "llm").mkdir()
    assert "## " in run(["sh", "-e", "-c", here_all(commands, address)], place, variables)


def test_open_webui() -> None:
    """The page and docker-compose.yml name the same headers, which Open WebUI fills in."""
    (shown,) = blocks("Open WebUI", "json")
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    given = json.loads(compose["services"]["open-webui"]["environment"]["OPENAI_API_CONFIGS"])
    headers = given["0"]["headers"]
    assert headers.pop("X-Forwarded-Host").startswith("127.0.0.1:")  # for links, where they differ from the connection
    assert json.loads(shown) == headers


def test_continue(address: str) -> None:
    """Its settings name a model that answers in a stream."""
    (settings,) = blocks("Continue", "yaml")
    (model,) = yaml.safe_load(settings)["models"]
    assert model["provider"] == "openai"
    assert streamed(here(model["apiBase"], address), model["model"])


def test_zed(address: str) -> None:
    """Its settings name a model that answers in a stream."""
    (settings,) = blocks("Zed", "json")
    (provider,) = json.loads(settings)["language_models"]["openai_compatible"].values()
    (model,) = provider["available_models"]
    assert streamed(here(provider["api_url"], address), model["name"])


def test_n8n(address: str) -> None:
    """Its node names a model that the list has, and that answers to the Responses API, which n8n uses first."""
    (workflow,) = blocks("n8n", "json")
    (node,) = json.loads(workflow)["nodes"]
    parameters = node["parameters"]
    with OpenAI(base_url=here(parameters["options"]["baseURL"], address), api_key="none", max_retries=0) as client:
        name = parameters["model"]["value"]
        assert name in {model.id for model in client.models.list()}
        assert client.responses.create(model=name, input="One queue, or two?").output_text


def test_aider(address: str) -> None:
    """Its command names a model that answers; the part before the slash is for aider."""
    (commands,) = blocks("aider", "sh")
    words = shlex.split(commands)
    base = dict(word.split("=", 1) for word in words if "=" in word)["OPENAI_API_BASE"]
    for option in ("--model", "--weak-model"):
        provider, _, model = words[words.index(option) + 1].partition("/")
        assert provider == "openai"
        assert streamed(here(base, address), model)


def test_the_paths_of_the_page_are_those_of_the_api(address: str) -> None:
    """Each path in the table of the API is in its description."""
    with urllib.request.urlopen(f"{address}/api/openapi.json", timeout=30) as answer:  # noqa: S310
        there = {path.removeprefix("/api") for path in json.load(answer)["paths"]}
    (table,) = re.findall(r"## The API under `/api`\n(.*?)\nDocuments", PAGE, re.DOTALL)
    shown = set(re.findall(r"`(/[^`]+)`", table))
    assert len(shown) > 20
    assert shown - there == set()


def servers() -> list[dict[str, Any]]:
    """The two ways in which a coding assistant is told of the service."""
    return [json.loads(block)["mcpServers"]["meeting-room"] for block in blocks("A coding assistant", "json")]


def test_a_coding_assistant_by_command(place: Path, variables: dict[str, str]) -> None:
    """The command in its settings offers the tools, and one of them answers."""
    command = servers()[0]
    program = StdioServerParameters(command=command["command"], args=command["args"], env=variables, cwd=place)
    assert "start_meeting" in asyncio.run(tools(program))


def test_a_coding_assistant_by_http(address: str) -> None:
    """The address in its settings offers the same tools."""
    assert "start_meeting" in asyncio.run(tools(here(servers()[1]["url"], address)))


async def tools(server: StdioServerParameters | str) -> set[str]:
    """The names of the tools that a server offers."""
    async with Client(server) as client:
        return {tool.name for tool in (await client.list_tools()).tools}
