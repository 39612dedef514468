"""The Ollama-compatible door with the ``ollama`` client."""

import json
import socket
import subprocess
import sys
from typing import Any

import httpx
import ollama as client_package
import pytest

from tests.api.serving import serving
from tests.ollama_double import OllamaDouble

TITLE = (
    "### Task:\nGenerate a concise title summarizing the chat history.\n### Chat History:\n<chat_history>\n"
    "USER: Shall we move the sessions?\nASSISTANT: Yes.\n</chat_history>"
)
TOPIC = {"role": "user", "content": "Shall we move the sessions to Redis?"}


def test_the_ollama_client_asks_agents_and_holds_a_meeting(ollama: OllamaDouble) -> None:
    """The client finds what there is, asks an agent, holds a meeting in a stream, and gets the same one when it asks
    again; a title costs no call of a model.
    """
    with serving() as (_, port), client_package.Client(f"http://127.0.0.1:{port}/ollama") as client:
        names = [one.model for one in client.list().models]
        assert {"cto:latest", "panel:auto", "meeting:decision"} <= set(names)
        shown = client.show("meeting:decision")
        assert shown.capabilities == ["completion"]
        assert client.show("cto").modelinfo
        assert client.ps().models == []
        said = client.chat("cto:latest", [TOPIC])
        assert said.done
        assert said.message.content
        assert said.eval_count
        assert said.model == "cto:latest"
        assert client.generate("cto", "And the costs?", system="Be brief.").response
        calls = len(ollama.requests.chats())
        title = client.chat("meeting:decision", [{"role": "user", "content": TITLE}])
        assert json.loads(title.message.content or "") == {"title": "Shall we move the sessions"}
        assert client.generate("cto").done_reason == "load"
        assert len(ollama.requests.chats()) == calls
        held = list(client.chat("meeting:decision", [TOPIC], stream=True))
        assert held[-1].done
        assert any(one.message.thinking for one in held)
        calls = len(ollama.requests.chats())
        again = client.chat("meeting:decision", [TOPIC])
        assert again.message.content == "".join(one.message.content or "" for one in held)
        assert len(ollama.requests.chats()) == calls


def test_errors_are_said_as_ollama_says_them(ollama: OllamaDouble) -> None:
    """An unknown model, a form that is not written, images and a body that is none are refused with one text."""
    with serving() as (_, port), client_package.Client(f"http://127.0.0.1:{port}/ollama") as client:
        url = f"http://127.0.0.1:{port}/ollama"
        with pytest.raises(client_package.ResponseError, match="no model 'nobody'") as caught:
            client.chat("nobody", [TOPIC])
        assert caught.value.status_code == 404
        with pytest.raises(client_package.ResponseError) as caught:
            client.show("nobody")
        assert caught.value.status_code == 404
        refused: list[Any] = [
            {"model": "cto", "messages": [TOPIC], "format": "json"},
            {"model": "cto", "messages": [{**TOPIC, "images": ["aGk="]}]},
            {"model": "cto", "messages": "hello"},
            {"model": "cto", "messages": [{"role": "assistant", "content": "x"}]},
            {"messages": [TOPIC]},
            [],
        ]
        for wrong in refused:
            found = httpx.post(f"{url}/api/chat", json=wrong)
            assert (found.status_code, list(found.json())) == (400, ["error"])
            assert isinstance(found.json()["error"], str)
        assert httpx.post(f"{url}/api/generate", json={"model": "nobody"}).status_code == 404
        assert not ollama.requests.chats()
        ollama.down()
        with pytest.raises(client_package.ResponseError):
            list(client.chat("cto", [TOPIC], stream=True))


def test_the_door_can_have_a_port_of_its_own(ollama: OllamaDouble) -> None:
    """On a second port, the paths are those of Ollama itself, for programs that cannot be told a path."""
    with serving(OLLAMA_API_PORT=str(free_port := _free_port())):
        root = f"http://127.0.0.1:{free_port}"
        assert httpx.get(root).text == "Ollama is running"
        assert httpx.head(root).status_code == 200
        assert httpx.get(f"{root}/api/version").json()["version"]
        with client_package.Client(root) as client:
            assert client.chat("cto", [TOPIC]).message.content
    assert len(ollama.requests.chats()) == 1


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def test_importing_the_door_is_cheap() -> None:
    """The module that the service imports first does not import the engine."""
    code = "import sys, agents.api.ollama; sys.exit('agents.orchestrator' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
