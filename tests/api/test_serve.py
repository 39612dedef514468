"""The service as a process and over its socket."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from agents.api.healthcheck import check, fetch
from tests.ollama_double import OllamaDouble


@contextmanager
def serving(*words: str) -> Iterator[tuple["subprocess.Popen[str]", int]]:
    """The command ``serve`` on a free port; gives the process and the port."""
    command = [sys.executable, "-m", "agents", "serve", "--port", "0", *words]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr is not None
            for line in process.stderr:
                if found := re.search(r"Listening on http://\S+?:(\d+)[:,\s]", line):
                    break
            else:
                pytest.fail(f"it ended with {process.wait()} instead of listening")
            yield process, int(found[1])
        finally:
            process.kill()


def asked(port: int, path: str, method: str = "GET") -> tuple[int, dict[str, Any], Any]:
    """What a path answers: status, body, headers."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", method=method)
    try:
        with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310
            raw = response.read()
            return response.status, json.loads(raw) if raw else {}, response.headers
    except urllib.error.HTTPError as error:
        return error.code, json.load(error), error.headers


def test_health_needs_nothing() -> None:
    """/health is 200 without a model server and without a history."""
    with serving() as (_process, port):
        code, body, headers = asked(port, "/health")
        assert (code, body["status"]) == (200, "ok")
        assert headers["Content-Type"] == "application/json"
        check(port)


def test_ready_names_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """/ready is 200 with roles and a store, and 503 with the cause where the role folder is empty."""
    with serving() as (_process, port):
        assert asked(port, "/ready")[0] == 200
    empty = tmp_path / "no roles"
    empty.mkdir()
    monkeypatch.setenv("AGENTS_ROLE_FOLDER", str(empty))
    with serving() as (_process, port):
        code, body, _headers = asked(port, "/ready")
        assert (code, body["status"], body["checks"]["agents"]["ok"]) == (503, "not ready", False)


def test_status_counts_and_knows_the_model(ollama: OllamaDouble) -> None:
    """/status tells agents, meetings and whether the model could answer: available, missing, unreachable."""
    with serving() as (_process, port):
        code, body, _headers = asked(port, "/status")
        assert (code, body["model"]["state"], body["meetings"]) == (200, "available", 0)
        assert body["agents"] >= 29
        ollama.remove("llama3.2")
        assert asked(port, "/status")[1]["model"]["state"] == "missing"
        ollama.down()
        assert asked(port, "/status")[1]["model"]["state"] == "unreachable"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_nothing_can_be_changed(method: str) -> None:
    """Every method but GET and HEAD is refused with 405 and what is allowed."""
    with serving() as (_process, port):
        code, _body, headers = asked(port, "/status", method)
        assert (code, headers["Allow"]) == (405, "GET, HEAD")


def test_other_paths_are_told_where_to_go() -> None:
    """An unknown path is 404 with the list of paths; a query and a last slash do not matter; HEAD has no body."""
    with serving() as (_process, port):
        code, body, _headers = asked(port, "/metrics")
        assert (code, body["paths"]) == (404, ["/health", "/ready", "/status"])
        assert asked(port, "/health/?x=1")[0] == 200
        code, body, headers = asked(port, "/health", "HEAD")
        assert (code, body) == (200, {})
        assert int(headers["Content-Length"]) > 0


def test_nonsense_is_refused_and_survived() -> None:
    """Bytes that are no HTTP get an answer of 4xx, and the next request is answered as before."""
    with serving() as (_process, port):
        for nonsense in (b"\x00\xff\r\n\r\n", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"G" * 70_000 + b"\r\n\r\n"):
            with socket.create_connection(("127.0.0.1", port), 10) as connection:
                connection.sendall(nonsense)
                connection.shutdown(socket.SHUT_WR)
                said = connection.makefile("rb").read()
            assert said == b"" or b'"error"' in said
        check(port)


def test_a_flood_does_not_stop_it() -> None:
    """Clients that connect and say nothing cannot keep the others out for good, nor use up the threads."""
    with serving() as (process, port):
        silent = [socket.create_connection(("127.0.0.1", port), 10) for _ in range(100)]
        for connection in silent:
            connection.close()
        threads = len(list(Path(f"/proc/{process.pid}/task").iterdir())) if sys.platform == "linux" else 0
        assert threads <= 40
        for _ in range(200):
            try:
                check(port)
                break
            except SystemExit:
                continue
        else:
            pytest.fail("it never answered again")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no SIGTERM")
def test_it_ends_with_143_when_told() -> None:
    """SIGTERM ends it with 143, also while a request is under way, and Ctrl-C with 130."""
    with serving() as (process, port), socket.create_connection(("127.0.0.1", port), 10) as slow:
        slow.sendall(b"GET /health HTT")
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 143
    with serving() as (process, _port):
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 130


def test_loopback_is_the_default() -> None:
    """Unless told otherwise it listens on 127.0.0.1 only."""
    with serving() as (process, port):
        if sys.platform == "linux":
            listening = Path(f"/proc/{process.pid}/net/tcp").read_text(encoding="ascii")
            assert f"0100007F:{port:04X}" in listening
            assert f"00000000:{port:04X}" not in listening
        check(port)


def test_a_taken_port_is_said() -> None:
    """A port that somebody has is refused with 2, the reason and the option to choose another."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        command = [sys.executable, "-m", "agents", "serve", "--port", str(port)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert str(port) in done.stderr
    assert "--port" in done.stderr


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_ends_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where histories cannot be kept, it ends at its start with 6."""
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o500)
    monkeypatch.setenv("AGENTS_DATA_FOLDER", str(locked / "data"))
    command = [sys.executable, "-m", "agents", "serve", "--port", "0"]
    assert subprocess.run(command, capture_output=True, timeout=60, check=False).returncode == 6


def test_a_probe_of_nothing_fails() -> None:
    """The health check ends with a sentence where nobody listens, and where somebody else does."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
    with pytest.raises(SystemExit, match="does not answer"):
        check(port)


def test_the_probe_reads_any_answer() -> None:
    """What the service says is read whole, whatever its status."""
    with serving() as (_process, port):
        assert json.loads(fetch("/nowhere", port))["error"]
