"""Host names: found, unknown, and not found in time."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from agents.model.http.names import find_name
from agents.model.http.network_error import NameTimeout, network_problem

SILENT = "127.9.9.9"
"""Where a name server of the tests listens and never answers."""


def test_an_address_needs_no_search() -> None:
    """Addresses of both kinds and this machine's name are fine."""
    for host in ("127.0.0.1", "::1", "localhost"):
        find_name(host, 5)


def test_an_unknown_name_is_said() -> None:
    """A name that cannot exist, and one that is none, are not found; one sentence says so wherever it is asked for."""
    for host in ("no-such-host.invalid", "a" * 64, "a..b"):
        with pytest.raises(OSError, match=r".") as caught:
            find_name(host, 30)
        assert network_problem(caught.value).kind in {"name", "route"}
    assert network_problem(socket.gaierror("x")).words == network_problem(NameTimeout("x")).words


@pytest.fixture
def slow_names(tmp_path: Path) -> Iterator[list[str]]:
    """The start of a command in which every unknown name takes ten seconds."""
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("only root can give a process a name server of its own")
    file = tmp_path / "resolv.conf"
    file.write_text(f"nameserver {SILENT}\n")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind((SILENT, 53))
        script = 'mount --bind "$0" /etc/resolv.conf && exec "$@"'
        command = ["unshare", "--mount", "sh", "-c", script, str(file)]
        if subprocess.run([*command, "true"], capture_output=True, check=False).returncode:
            pytest.skip("this machine gives no process a name server of its own")
        yield command


def test_a_silent_name_server_is_not_waited_for(slow_names: list[str]) -> None:
    """The status names what is missing within seconds, and so do the checks and a question."""
    environment = {**os.environ, "OLLAMA_BASE_URL": "http://ollama:11434"}
    program = [*slow_names, sys.executable, "-m", "agents"]
    for words, status, seconds in ((["status"], 0, 5), (["doctor"], 1, 15), (["ask", "cto", "Why?"], 3, 9)):
        began = time.monotonic()
        done = subprocess.run(
            [*program, *words], env=environment, capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == status, done.stderr
        said = " ".join((done.stdout + done.stderr).split())
        assert "Ollama is not reachable at http://ollama:11434: its host name was not found." in said
        assert "Start Ollama's container, or check OLLAMA_BASE_URL" in said
        assert time.monotonic() - began < seconds, words
