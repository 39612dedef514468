"""What leaves this machine: the system calls of commands, of which only the model's server may be an address."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.drill import DRILL
from tests.inputs import PROPOSAL
from tests.ollama_double import OllamaDouble

COMMANDS = (
    ("ask", "cto", "Buy or build?"),
    ("meeting", "run", "decision", "-t", "Buy or build?", "--agents", "cto,qa_engineer", "-a", str(PROPOSAL), "-q"),
    ("doctor",),
    ("backup", "--to", "copies"),
    ("consult", "Buy or build?", "--agents", "cto,qa_engineer"),
    ("workflow", "Plan it", "-s", "Plan=cto:Write", "-s", "Tests=qa_engineer:Plan the tests"),
    ("meeting", "list"),
    ("meeting", "minutes", "last"),
    ("meeting", "export", "last", "--format", "html"),
    ("meeting", "replay", "last"),
    ("meeting", "fork", "last", "--at", "0", "-q"),
    ("actions", "list"),
    ("actions", "export"),
    ("memory", "stats"),
    ("memory", "export"),
    ("models", "list"),
    ("models", "show", "llama3.2"),
    ("agents", "list"),
    ("config", "show"),
    ("status",),
    ("demo", "--help"),
)
"""What a user does; a test run takes the first ones, a drill all."""

CONNECT = re.compile(r"connect\(\d+, \{sa_family=(AF_INET6?), (.*?)\}, \d+\)")
PORT = re.compile(r"port=htons\((\d+)\)")

REPORTING = {
    "LANGSMITH_TRACING": "true",
    "LANGCHAIN_TRACING_V2": "true",
    "LANGSMITH_API_KEY": "none",
    "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.3:4317",
}
"""Settings of other programs that would report what is asked."""


@pytest.mark.skipif(not shutil.which("strace"), reason="strace is not installed")
@pytest.mark.timeout(300)
def test_commands_connect_to_the_models_server_only(tmp_path: Path, ollama: OllamaDouble) -> None:
    """No command opens a connection to any other address or port, nor asks a name server."""
    trace = tmp_path / "trace"
    probe = subprocess.run(["strace", "-o", str(trace), "true"], capture_output=True, check=False)
    if probe.returncode:
        pytest.skip(f"strace may not trace here: {probe.stderr.decode().strip()}")
    environment = {**os.environ, **REPORTING, "OLLAMA_BASE_URL": ollama.url, "CONTROL_BALLOTS": "never"}
    connected = set()
    for command in COMMANDS if DRILL else COMMANDS[:4]:
        traced = ["strace", "-f", "-qq", "-e", "trace=connect,sendto", "-s", "100", "-o", str(trace)]
        ran = subprocess.run(
            [*traced, sys.executable, "-m", "agents", *command],
            env=environment, cwd=tmp_path, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert ran.returncode in {0, 1}, ran.stderr
        calls = trace.read_text(errors="replace")
        for family, where in CONNECT.findall(calls):
            port = PORT.search(where)
            connected.add((family, port[1] if port else "", "127.0.0.1" in where))
        assert "port=htons(53)" not in calls
    assert connected == {("AF_INET", str(urlsplit(ollama.url).port), True)}
