"""The service as a process, through its socket."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from agents.api.connection import MOST_CONNECTIONS
from agents.api.healthcheck import check, fetch
from tests.api.serving import answered, serving
from tests.ollama_double import OllamaDouble, faults


def test_health_needs_nothing() -> None:
    """/health is 200 without a model server and without a history."""
    with serving() as (_process, port):
        code, body, headers = answered(port, "/health")
        assert (code, body["status"]) == (200, "ok")
        assert headers["Content-Type"] == "application/json"
        check(port)


def test_ready_names_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """/ready is 200 with roles and a store, and 503 with the cause when the role folder cannot be read."""
    with serving() as (_process, port):
        assert answered(port, "/ready")[0] == 200
    monkeypatch.setenv("AGENTS_ROLE_FOLDER", str(tmp_path / "no roles"))
    with serving() as (_process, port):
        code, body, _headers = answered(port, "/ready")
        assert (code, body["status"], body["checks"]["agents"]["ok"]) == (503, "not ready", False)


@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="a disk of its own needs root")
def test_ready_names_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """/ready is 503 with cause and remedy while the disk of the histories is full, and 200 when it has space again."""
    from tests.containers.stack import small_disk

    disk = tmp_path / "disk"
    with small_disk(disk, "4m"):
        monkeypatch.setenv("AGENTS_DATA_FOLDER", str(disk / "data"))
        with serving() as (_process, port):
            assert answered(port, "/ready")[0] == 200
            room = os.statvfs(disk)
            (disk / "ballast").write_bytes(b"\0" * (room.f_bavail * room.f_frsize))
            code, body, _headers = answered(port, "/ready")
            assert (code, body["checks"]["store"]["ok"]) == (503, False)
            assert body["checks"]["store"]["what"].startswith("There is no space left in data")
            assert answered(port, "/health")[0] == 200
            (disk / "ballast").unlink()
            assert answered(port, "/ready")[0] == 200


def test_status_has_counts_and_the_model(ollama: OllamaDouble) -> None:
    """/status has the numbers of agents and meetings, and whether the model is available, missing or unreachable."""
    with serving() as (_process, port):
        code, body, _headers = answered(port, "/status")
        assert (code, body["model"]["state"], body["meetings"]) == (200, "available", 0)
        assert body["agents"] >= 29
        ollama.remove("llama3.2")
        assert answered(port, "/status")[1]["model"]["state"] == "missing"
        ollama.down()
        assert answered(port, "/status")[1]["model"]["state"] == "unreachable"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_nothing_can_be_changed(method: str) -> None:
    """Every method except GET and HEAD is refused with 405 and the allowed methods."""
    with serving() as (_process, port):
        code, _body, headers = answered(port, "/status", method)
        assert (code, headers["Allow"]) == (405, "GET, HEAD")


def test_an_unknown_path_lists_the_paths() -> None:
    """An unknown path is 404 with the list of paths; a query and a final slash are ignored; HEAD has no body."""
    with serving() as (_process, port):
        code, body, _headers = answered(port, "/nowhere")
        health = ["/health", "/ready", "/status", "/metrics"]
        assert (code, body["paths"]) == (404, [*health, "/v1", "/ollama", "/api", "/mcp", "/", "/meetings/{id}"])
        assert answered(port, "/health/?x=1")[0] == 200
        code, body, headers = answered(port, "/health", "HEAD")
        assert (code, body) == (200, {})
        assert int(headers["Content-Length"]) > 0


def test_a_flood_does_not_stop_it() -> None:
    """Clients that connect and send nothing neither block other clients for long nor use up the threads."""
    with serving() as (process, port):
        silent = [socket.create_connection(("127.0.0.1", port), 10) for _ in range(MOST_CONNECTIONS + 100)]
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


@pytest.mark.parametrize("each", [b"", b"G"], ids=["silent", "a byte now and then"])
def test_slow_clients_do_not_keep_others_waiting(each: bytes) -> None:
    """While more clients than are served at once keep their requests back, every other request is answered at once."""
    with serving() as (_process, port):
        slow = [socket.create_connection(("127.0.0.1", port), 10) for _ in range(MOST_CONNECTIONS + 20)]
        for connection in slow[:MOST_CONNECTIONS]:
            with contextlib.suppress(OSError):
                connection.sendall(each)
        began = time.monotonic()
        for _ in range(3):
            assert answered(port, "/health")[0] == 200
            for connection in slow:
                with contextlib.suppress(OSError):
                    connection.sendall(each)
        assert time.monotonic() - began < 5
        for connection in slow:
            connection.close()


def test_a_target_that_is_no_address_is_refused() -> None:
    """It gets 400, as other bytes that are not HTTP."""
    with serving() as (_process, port), socket.create_connection(("127.0.0.1", port), 10) as connection:
        connection.sendall(b"GET http://[::1/health HTTP/1.0\r\n\r\n")
        assert b" 400 " in connection.makefile("rb").readline()


def test_errors_tell_no_folder() -> None:
    """What is wrong with a damaged history is said with the name of its file alone."""
    with serving() as (_process, port):
        assert answered(port, "/status")[0] == 200
        [database] = Path(os.environ["AGENTS_DATA_FOLDER"]).rglob("*.db")
        database.write_bytes(b"no database" * 999)
        for path in ("/status", "/ready"):
            code, body, _headers = answered(port, path)
            assert code == 503
            assert str(database.parent) not in json.dumps(body)
            assert database.name in json.dumps(body)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not have SIGTERM")
def test_it_ends_with_143_after_sigterm() -> None:
    """SIGTERM ends it with 143, also during a request, and Ctrl-C with 130."""
    with serving() as (process, port), socket.create_connection(("127.0.0.1", port), 10) as slow:
        slow.sendall(b"GET /health HTT")
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 143
    with serving() as (process, _port):
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 130


def test_beyond_this_machine_it_wants_a_token() -> None:
    """Without one it ends with 2 and a remedy, unless it is told that something else keeps others out."""
    command = [sys.executable, "-m", "agents", "serve", "--port", "0", "--host", "0.0.0.0"]  # noqa: S104
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert "there is no token" in done.stderr
    assert "--without-token" in done.stderr
    for words, variables in ((("--without-token",), {}), ((), {"API_TOKENS": "ada:a-token"})):
        with serving("--host", "0.0.0.0", *words, **variables) as (_process, port):  # noqa: S104
            check(port)


def test_an_address_of_another_machine_is_an_error() -> None:
    """The remedy is another address, not another port, and nobody is said to reach it."""
    command = [sys.executable, "-m", "agents", "serve", "--port", "0", "--host", "192.0.2.99", "--without-token"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert "Choose another address with --host." in done.stderr
    assert "can use it" not in done.stderr


def test_loopback_is_the_default() -> None:
    """By default it listens on 127.0.0.1 only."""
    with serving() as (process, port):
        if sys.platform == "linux":
            listening = Path(f"/proc/{process.pid}/net/tcp").read_text(encoding="ascii")
            assert f"0100007F:{port:04X}" in listening
            assert f"00000000:{port:04X}" not in listening
        check(port)


@pytest.mark.parametrize("option", ["--port", "--ollama-port"])
def test_a_port_in_use_is_an_error(option: str) -> None:
    """A port in use is refused with 2, the reason and the option to choose another."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        command = [sys.executable, "-m", "agents", "serve", "--port", "0", option, str(port)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert str(port) in done.stderr
    assert f"Choose another with {option}." in done.stderr


def test_it_listens_before_it_loads_the_rest() -> None:
    """Until then it has neither loaded the orchestrator nor an interface; commands load no part of the server."""
    code = (
        "import sys; from agents.api import server; "
        "print([name for name in ('agents.orchestrator', 'agents.store', 'fastapi', 'pydantic', 'prometheus_client', "
        "'psutil') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "[]"
    code = "import sys; from agents.cli import run; run(['ask', '--help']); print('starlette' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.splitlines()[-1] == "False"


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root can write everywhere")
def test_a_folder_that_cannot_be_written_ends_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the histories cannot be stored, it ends at its start with 6."""
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o500)
    monkeypatch.setenv("AGENTS_DATA_FOLDER", str(locked / "data"))
    command = [sys.executable, "-m", "agents", "serve", "--port", "0"]
    assert subprocess.run(command, capture_output=True, timeout=60, check=False).returncode == 6


def test_the_health_check_fails_without_the_service() -> None:
    """The health check ends with an error message when the service does not answer."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
    with pytest.raises(SystemExit, match="does not answer"):
        check(port)


def test_the_health_check_reads_any_answer() -> None:
    """The answer is read completely, with any status."""
    with serving() as (_process, port):
        assert json.loads(fetch("/nowhere", port))["error"]


def test_a_silent_model_server_holds_up_no_status() -> None:
    """/status says within seconds that the server takes connections and does not answer, and what to do."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with serving(OLLAMA_BASE_URL=url) as (_process, port):
            began = time.monotonic()
            code, body, _headers = answered(port, "/status")
            assert time.monotonic() - began < 5
    assert (code, body["meetings"], body["model"]["state"]) == (200, 0, "unreachable")
    assert body["model"]["why"] == f"Ollama does not answer at {url} within 1.2 s."
    assert body["model"]["remedy"].startswith("Restart Ollama")


def test_a_server_that_answers_a_part_is_named_with_its_version(ollama: OllamaDouble) -> None:
    """Where the version arrives and the list of models does not, both are said."""
    ollama.inject(faults.slow_first_token(seconds=20, path="/api/tags"))
    with serving() as (_process, port):
        model = answered(port, "/status")[1]["model"]
    assert (model["state"], model["server"]) == ("unreachable", "0.32.15")
    assert "does not answer" in model["why"]
