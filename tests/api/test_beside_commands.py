"""Commands in a terminal beside a service that has the same histories."""

import subprocess
import sys

import httpx

from tests.api.serving import answered, serving
from tests.ollama_double import OllamaDouble, faults


def orchestrator(*words: str) -> str:
    """What a command says."""
    command = [sys.executable, "-m", "agents", *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def test_a_command_stops_one_meeting_of_the_service(ollama: OllamaDouble) -> None:
    """`meeting stop` parks the meeting that it names; the service, and its other meetings, go on."""
    ollama.inject(faults.slow_first_token(seconds=1.0, times=None))
    with serving(PARALLEL="2") as (process, port):
        wish = {"type": "decision", "topics": ["Buy or build?"], "agents": ["cto", "qa_engineer"]}
        ids = [httpx.post(f"http://127.0.0.1:{port}/api/meetings", json=wish).json()["id"] for _ in range(2)]
        assert "Stopped" in orchestrator("meeting", "stop", ids[0])
        assert process.poll() is None
        states = [answered(port, f"/api/meetings/{each}/state")[1]["state"] for each in ids]
        assert states[0] == "interrupted"
        assert states[1] in {"running", "closed"}


def test_commands_and_service_see_the_same(ollama: OllamaDouble) -> None:
    """After checks of health and pages of meetings, what either of them stores is seen by the other, and survives it."""
    del ollama
    with serving() as (process, port):
        assert answered(port, "/ready")[0] == 200
        assert "No meetings yet" in orchestrator("meeting", "list")
        wish = {"type": "decision", "topics": ["Ours?"], "agents": ["cto", "qa_engineer"]}
        meeting = httpx.post(f"http://127.0.0.1:{port}/api/meetings", json=wish).json()["id"]
        events = httpx.get(f"http://127.0.0.1:{port}/api/meetings/{meeting}/events", timeout=60).text
        assert "event: end" in events
        assert httpx.get(f"http://127.0.0.1:{port}/meetings/{meeting}").status_code == 200
        assert answered(port, "/status")[0] == 200
        assert meeting in orchestrator("meeting", "list")
        orchestrator("meeting", "run", "decision", "Theirs?", "--agents", "cto,qa_engineer", "-q")
        assert answered(port, "/status")[1]["meetings"] == 2
        process.kill()
        process.wait()
    assert orchestrator("meeting", "list").count("closed") == 2
