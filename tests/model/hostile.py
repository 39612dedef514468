"""A server that answers against the protocol: with the bytes that a test chooses."""

import contextlib
import json
import socket
import threading
import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Self

Body = Callable[[], Iterable[bytes]]
"""Makes the whole answer to a request, its head included, in pieces."""

OLLAMA: dict[str, Any] = {
    "/api/version": {"version": "0.32.15"},
    "/api/tags": {"models": [{"name": "llama3.2:latest", "size": 2_000_000_000, "details": {}}]},
    "/api/ps": {"models": [{"name": "llama3.2:latest", "size": 1, "size_vram": 0, "context_length": 8192}]},
    "/api/generate": {"done": True},
    "/v1/models": {"data": [{"id": "qwen3"}]},
}
"""What a sound server says to all that is not a chat."""

MEGABYTE = b"x" * 2**20


class Hostile:
    """A server on a real socket that closes each connection after its answer.

    Args:
        answers: the answers, by the path of the request; other paths are answered as by a sound Ollama.

    Attributes:
        url: its address.
        asked: the paths of all requests.
    """

    def __init__(self, answers: dict[str, Body]) -> None:
        self.answers = answers
        self.asked: list[str] = []
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._socket.accept()
                threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError), connection.makefile("rb") as read:
            if not (first := read.readline()):
                return  # a connection that was closed before anything was asked
            path, length = first.split()[1].decode(), 0
            while (line := read.readline()).strip():
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            read.read(length)
            self.asked.append(path)
            for piece in self.answers.get(path, says(OLLAMA.get(path, {})))():
                connection.sendall(piece)


def head(*lines: str, status: int = 200) -> bytes:
    """The head of an answer that ends with its connection."""
    return "\r\n".join([f"HTTP/1.1 {status} X", "Connection: close", *lines, "", ""]).encode("latin-1")


def says(value: Any) -> Body:
    """An answer in JSON; texts are sent as they are, as JSON that Python could not write."""
    text = value if isinstance(value, str) else json.dumps(value)
    return lambda: [head("Content-Type: application/json"), text.encode()]


def events(*values: Any) -> Body:
    """An answer in the events of OpenAI's protocol."""
    lines = [f"data: {value if isinstance(value, str) else json.dumps(value)}\n\n".encode() for value in values]
    return lambda: [head("Content-Type: text/event-stream"), *lines, b"data: [DONE]\n\n"]


def one_line(megabytes: int, *head_lines: str, status: int = 200, before: bytes = b"") -> Body:
    """An answer of one line of this length, without an end."""
    return lambda: [head(*head_lines, status=status), before, *[MEGABYTE] * megabytes]


def bomb(megabytes: int, kind: str = "gzip") -> Body:
    """An answer that is this long when it is unpacked."""

    def pieces() -> Iterator[bytes]:
        packed = zlib.compressobj(9, zlib.DEFLATED, 31 if kind == "gzip" else 15)
        yield head(f"Content-Encoding: {kind}")
        for _ in range(megabytes):
            yield packed.compress(MEGABYTE)
        yield packed.flush()

    return pieces
