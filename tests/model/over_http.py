"""Asking the double in plain HTTP, without any client of Ollama's."""

import http.client
import json
from typing import Any

from tests.ollama_double import OllamaDouble


def call(
    double: OllamaDouble, method: str, path: str, body: Any = None, **headers: str
) -> tuple[int, dict[str, str], bytes]:
    """One request on a connection of its own: status, headers in lower case, body."""
    connection = http.client.HTTPConnection("127.0.0.1", double.port, timeout=30)
    try:
        raw = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        connection.request(method, path, raw, headers)
        response = connection.getresponse()
        return response.status, {name.lower(): value for name, value in response.getheaders()}, response.read()
    finally:
        connection.close()


def ask(double: OllamaDouble, path: str = "/api/chat", **fields: Any) -> tuple[int, Any]:
    """A request without streaming to a model: status and the decoded body."""
    messages = {"messages": [{"role": "user", "content": "Shall we?"}]} if path == "/api/chat" else {}
    status, _, raw = call(double, "POST", path, {"model": "llama3.2", "stream": False, **messages, **fields})
    return status, json.loads(raw)


def lines(double: OllamaDouble, path: str = "/api/chat", **fields: Any) -> list[dict[str, Any]]:
    """The lines of a streamed answer."""
    _, _, raw = call(double, "POST", path, {"model": "llama3.2", **fields})
    return [json.loads(line) for line in raw.splitlines()]


def user(text: str) -> list[dict[str, str]]:
    """A chat of one message."""
    return [{"role": "user", "content": text}]
