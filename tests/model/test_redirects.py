"""Redirects: a prompt goes to the address of the settings, and to no other."""

import asyncio
import http.client
import threading
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from agents.errors import OrchestratorError
from agents.model import Prompt, open_model
from agents.settings import Settings
from tests.ollama_double import OllamaDouble

STATUSES = (301, 302, 303, 307, 308)
CHATS = ("/api/chat", "/chat/completions", "/api/generate", "/v1/chat/completions")
SECRET = "a document that must stay here"  # noqa: S105 - not a password


class Redirecting(BaseHTTPRequestHandler):
    """Redirects questions to another host, and hands everything else on to an Ollama server."""

    status = 307
    everything = False
    other = ""
    behind = ("", 0)

    def do_POST(self) -> None:
        """Redirect a question."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.everything or (self.path in CHATS and SECRET.encode() in body):
            self.send_response(self.status)
            self.send_header("Location", f"{self.other}{self.path}")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        onward = http.client.HTTPConnection(*self.behind)
        onward.request(self.command, self.path, body, {"Content-Type": "application/json"})
        answer = onward.getresponse()
        content = answer.read()
        onward.close()
        self.send_response(answer.status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST  # noqa: N815 - the name that the server calls

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the name that the server calls
        """Print nothing."""


class Elsewhere(BaseHTTPRequestHandler):
    """The other host, which remembers what it was sent."""

    heard: list[str]

    def do_POST(self) -> None:
        """Remember a request."""
        self.heard.append(self.path)
        self.send_error(500)

    do_GET = do_POST  # noqa: N815 - the name that the server calls

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the name that the server calls
        """Print nothing."""


@pytest.fixture
def servers(ollama: OllamaDouble) -> Iterator[tuple[type[Redirecting], str, list[str]]]:
    """A redirecting server: its class, its address, and the paths that the other host was asked for."""
    heard: list[str] = []
    there = ThreadingHTTPServer(("127.0.0.1", 0), type("Other", (Elsewhere,), {"heard": heard}))
    host, port = ollama.url.removeprefix("http://").split(":")
    other = f"http://localhost:{there.server_port}"
    handler = type("Here", (Redirecting,), {"other": other, "behind": (host, int(port))})
    here = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    for server in (here, there):
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield handler, f"http://127.0.0.1:{here.server_port}", heard
    for server in (here, there):
        server.shutdown()
        server.server_close()


async def _ask(name: str, settings: Settings) -> bool:
    """Ask a model, and whether it answered."""
    model = open_model(name, settings)
    try:
        await model.start()
        await model.reply(Prompt(question=SECRET))
    except OrchestratorError:
        return False
    finally:
        with suppress(OrchestratorError):
            await model.close()
    return True


@pytest.mark.parametrize("everything", [False, True], ids=["questions", "everything"])
@pytest.mark.parametrize(
    "name", ["ollama:llama3.2", "langchain:ollama:llama3.2", "langchain:openai:llama3.2", "langchain:openai:own"]
)
def test_no_redirect_is_followed(
    servers: tuple[type[Redirecting], str, list[str]], name: str, everything: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever kind of redirect a server answers with, nothing arrives at the other host, and the call fails."""
    handler, url, heard = servers
    handler.everything = everything
    address = None if name.endswith("own") else f"{url}/v1"
    if address is None:
        monkeypatch.setenv("OPENAI_BASE_URL", f"{url}/v1")
        monkeypatch.setenv("OPENAI_API_BASE", f"{url}/v1")
    settings = Settings.load(
        {}, ollama_base_url=url, llm_base_url=address, llm_api_key="none", connect_timeout=5.0, turn_timeout=20.0
    )
    for status in STATUSES:
        handler.status = status
        assert not asyncio.run(_ask(name, settings)), status
    assert heard == []
