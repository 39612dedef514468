"""The Ollama-compatible interface with the ``ollama`` client."""

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import httpx
import ollama as client_package
import pytest

from tests.api.openai.served import Place, served


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


SECOND = _free_port()
TITLE = (
    "### Task:\nGenerate a concise title summarizing the chat history.\n### Chat History:\n<chat_history>\n"
    "USER: Shall we move the sessions?\nASSISTANT: Yes.\n</chat_history>"
)
TOPIC = {"role": "user", "content": "Shall we move the sessions to Redis?"}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """One service for all tests of this file."""
    with served(tmp_path_factory.mktemp("ollama"), OLLAMA_API_PORT=str(SECOND)) as one:
        yield one


def test_the_ollama_client_asks_agents_and_holds_a_meeting(place: Place) -> None:
    """The client finds what there is, asks an agent, holds a meeting in a stream, and gets the same one when it asks
    again; a title costs no call of a model.
    """
    with client_package.Client(f"{place.url}/ollama") as client:
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
        calls = place.calls()
        title = client.chat("meeting:decision", [{"role": "user", "content": TITLE}])
        assert json.loads(title.message.content or "") == {"title": "Shall we move the sessions"}
        assert client.generate("cto").done_reason == "load"
        assert place.calls() == calls
        held = list(client.chat("meeting:decision", [TOPIC], stream=True))
        assert held[-1].done
        assert any(one.message.thinking for one in held)
        calls = place.calls()
        again = client.chat("meeting:decision", [TOPIC])
        assert again.message.content == "".join(one.message.content or "" for one in held)
        assert place.calls() == calls


def test_errors_are_said_as_ollama_says_them(place: Place) -> None:
    """An unknown model, a form that is not written, images and a body that is none are refused with one text."""
    calls, url = place.calls(), f"{place.url}/ollama"
    with client_package.Client(url) as client:
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
            found = httpx.post(f"{url}/api/chat", json=wrong, timeout=60)
            assert (found.status_code, list(found.json())) == (400, ["error"])
            assert isinstance(found.json()["error"], str)
        assert httpx.post(f"{url}/api/generate", json={"model": "nobody"}, timeout=60).status_code == 404
        assert place.calls() == calls
        place.double.down()
        try:
            with pytest.raises(client_package.ResponseError):
                list(client.chat("cto", [{"role": "user", "content": "Shall we fail?"}], stream=True))
        finally:
            place.double.up()


def test_the_interface_can_have_a_port_of_its_own(place: Place) -> None:
    """On a second port, the paths are those of Ollama itself, for programs that cannot be told a path."""
    calls, root = place.calls(), f"http://127.0.0.1:{SECOND}"
    assert httpx.get(root, timeout=60).text == "Ollama is running"
    assert httpx.head(root, timeout=60).status_code == 200
    assert httpx.get(f"{root}/api/version", timeout=60).json()["version"]
    with client_package.Client(root) as client:
        assert client.chat("cto", [{"role": "user", "content": "Which port?"}]).message.content
        assert place.calls() == calls + 1
        found = client.chat("meeting:decision", [{"role": "user", "content": "Which link?"}]).message.content or ""
        assert f"{place.url}/meetings/" in found
        assert str(SECOND) not in found
        with pytest.raises(client_package.ResponseError, match="GET /api/tags lists them all"):
            client.chat("nobody", [TOPIC])


def test_importing_the_interface_is_cheap() -> None:
    """The module that the service imports first does not import the engine."""
    code = "import sys, agents.api.ollama; sys.exit('agents.orchestrator' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
