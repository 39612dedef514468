"""The running service: what it may do, what it answers, and how it ends."""

import json
import re
import subprocess
import time
import urllib.error
import urllib.request
from typing import Any

import pytest

from tests.containers.stack import Stack, composes, docker, docker_fails, inspected, ollama_of, service_of

KILL = """
import os, pathlib
for place in pathlib.Path("/proc").glob("[0-9]*"):
    words = (place / "cmdline").read_bytes().split(bytes(1))
    if words[1:3] == [b"/opt/venv/bin/orchestrator", b"serve"]:
        os.kill(int(place.name), 9)
"""


BEGIN = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-11-25",
        "capabilities": {},
        "clientInfo": {"name": "assistant", "version": "1"},
    },
}
"""The first message of a coding assistant."""


def answer(stack: Stack, path: str, method: str = "GET") -> tuple[int, dict[str, Any]]:
    """What the published port answers."""
    request = urllib.request.Request(f"http://127.0.0.1:{stack.port}{path}", method=method)
    try:
        with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def test_limits_are_in_force(stack: Stack) -> None:
    """The engine limits it to four CPUs, 4 GB, 2 GB reserved and 256 processes, also on a smaller machine."""
    host = inspected(stack.container)["HostConfig"]
    total = int(docker("info", "--format", "{{.MemTotal}}"))
    assert host["CpuQuota"] == 400_000
    assert host["Memory"] == min(4 << 30, max(512 << 20, (total // (1 << 20) - 1024) << 20))
    assert host["MemoryReservation"] == host["Memory"] // 2
    assert host["PidsLimit"] == 256


def test_it_has_no_rights(stack: Stack) -> None:
    """It is user 10001 without capabilities, cannot gain any, and can write only to its volumes and /tmp."""
    assert stack.inside("id", "-u").strip() == "10001"
    status = dict(line.split(":\t") for line in stack.inside("cat", "/proc/1/status").splitlines() if ":\t" in line)
    assert int(status["CapEff"], 16) == int(status["CapBnd"], 16) == 0
    assert status["NoNewPrivs"] == "1"
    for folder in ("/", "/app", "/app/agents", "/app/Role", "/app/examples", "/opt/venv"):
        docker_fails("exec", stack.container, "touch", f"{folder}/probe")
    for folder in ("/app/agent_memories", "/app/logs", "/tmp"):  # noqa: S108
        stack.inside("sh", "-c", f"touch {folder}/.probe && rm {folder}/.probe")


def test_its_names_are_as_documented(stack: Stack) -> None:
    """The host name, the domain and the two networks have the documented names."""
    found = inspected(stack.container)
    assert found["Config"]["Hostname"] == "multi_agent_orchestrator"
    assert found["Config"]["Domainname"] == "orchestrator.local"
    assert set(found["NetworkSettings"]["Networks"]) == {f"{stack.name}_front-tier", f"{stack.name}_back-tier"}


def test_nothing_listens_beyond_loopback(stack: Stack) -> None:
    """The service's port is published on 127.0.0.1, and the model server publishes none."""
    bound = inspected(stack.container)["NetworkSettings"]["Ports"]
    assert [entry["HostIp"] for entry in bound["8000/tcp"]] == ["127.0.0.1"]
    assert not any(inspected(ollama_of(stack))["NetworkSettings"]["Ports"].values())


def test_it_answers_on_its_port(stack: Stack) -> None:
    """/health, /ready and /status answer from outside of the container, and nothing can be changed through them."""
    assert answer(stack, "/health")[0] == 200
    code, ready = answer(stack, "/ready")
    assert (code, ready["status"]) == (200, "ready")
    code, status = answer(stack, "/status")
    assert (code, status["model"]["state"]) == (200, "available")
    assert status["agents"] >= 29
    assert answer(stack, "/status", "POST")[0] == 405


def test_programs_reach_it(stack: Stack) -> None:
    """Through the published port, programs see the agents, panels and meetings as models, and the API itself."""
    code, models = answer(stack, "/v1/models")
    assert code == 200
    assert {"cto", "panel:auto", "meeting:architecture_review"} <= {model["id"] for model in models["data"]}
    assert answer(stack, "/api/agents/cto")[1]["id"] == "cto"


def test_a_browser_finds_the_pages(stack: Stack) -> None:
    """Through the published port, a browser gets the pages with their style and script."""
    with urllib.request.urlopen(f"http://127.0.0.1:{stack.port}/", timeout=30) as page:
        named = re.findall(r'(?:src|href)="(/assets/[^"]+)"', page.read().decode())
    assert len(named) == 3
    for address in named:
        with urllib.request.urlopen(f"http://127.0.0.1:{stack.port}{address}", timeout=30) as file:
            assert file.status == 200


def test_a_coding_assistant_reaches_it(stack: Stack) -> None:
    """A coding assistant starts `orchestrator mcp` in the container and is answered."""
    command = ["docker", "exec", "-i", stack.container, "orchestrator", "mcp"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as program:
        assert program.stdin is not None
        assert program.stdout is not None
        program.stdin.write(json.dumps(BEGIN).encode() + b"\n")
        program.stdin.flush()
        assert "tools" in json.loads(program.stdout.readline())["result"]["capabilities"]
        program.stdin.close()
        assert program.wait(30) == 0


@pytest.mark.parametrize("compose", composes())
def test_open_webui_reaches_it(stack: Stack, compose: str) -> None:
    """The script does not start Open WebUI; with its profile it starts, on loopback, and asks the service by its name."""
    assert service_of(stack, "open-webui") == ""
    container, port = stack.open_webui(compose)
    try:
        assert inspected(container)["HostConfig"]["PortBindings"]["8080/tcp"][0]["HostIp"] == "127.0.0.1"
        assert "cto" in asked(port, "/models")
    finally:
        docker("rm", "--force", "--volumes", container)


def asked(port: int, path: str) -> str:
    """What a page answers, which may just have been started."""
    for _ in range(100):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as response:
                return str(response.read().decode())
        except (ConnectionError, urllib.error.URLError):
            time.sleep(0.1)
    raise AssertionError("it does not answer")


def test_commands_share_the_store(stack: Stack) -> None:
    """A meeting held with docker exec is in the status of the service, and in the list of the next command."""
    before = answer(stack, "/status")[1]["meetings"]
    held = ("meeting", "run", "brainstorm", "--topic", "Shared histories", "--model", "rehearsal")
    stack.inside("orchestrator", *held)
    assert answer(stack, "/status")[1]["meetings"] == before + 1
    assert "brainstorm" in stack.must("run", "meeting", "list")


def test_the_model_server_answers_questions(stack: Stack) -> None:
    """A question in the container is answered by the model server, not by a rehearsal."""
    assert "Rehearsal" not in stack.must("run", "ask", "cto", "Is the plan sound?")


def test_the_start_fetches_the_model(stack: Stack) -> None:
    """If the model is missing, the start fetches it and shows the progress; then it is available."""
    started = stack.run("start", DOUBLE_MODELS="")
    assert started.returncode == 0, started.stderr
    assert "100%" in started.stderr
    assert answer(stack, "/status")[1]["model"]["state"] == "available"


def test_its_health_check_is_true(stack: Stack) -> None:
    """The health check passes if the service answers, and fails in a container without the service."""
    check = inspected(stack.container)["Config"]["Healthcheck"]
    assert (check["Interval"], check["Timeout"], check["Retries"]) == (30 * 10**9, 10 * 10**9, 3)
    command = check["Test"][1:]
    stack.inside(*command)
    docker_fails("run", "--rm", "--entrypoint", command[0], stack.image, *command[1:])


def test_it_starts_again_after_a_crash(stack: Stack) -> None:
    """When its process is killed, the engine starts it again, with its histories."""
    before = stack.fill()
    began = inspected(stack.container)["State"]["StartedAt"]
    # The end of the container ends this command, too.
    subprocess.run(["docker", "exec", stack.container, "python", "-c", KILL], capture_output=True, check=False)
    for _ in range(120):
        state = inspected(stack.container)["State"]
        if state["Running"] and state["StartedAt"] != began:
            break
        time.sleep(0.5)
    assert inspected(stack.container)["RestartCount"] >= 1
    assert stack.run("start", "--no-pull").returncode == 0  # waits for its health
    assert stack.digest() == before


def test_commands_of_docker_work(stack: Stack) -> None:
    """The documented commands of docker work on the container, and nobody in it can take over its files."""
    assert stack.container in docker("ps", "--format", "{{.Names}}").split()
    assert docker("inspect", "--format", "{{.State.Health.Status}}", stack.container).strip() in {"starting", "healthy"}
    assert "%" in docker("stats", "--no-stream", stack.container)
    numbers = stack.inside(
        "python", "-c", "import psutil; print(psutil.cpu_percent(), psutil.virtual_memory().percent)"
    )
    assert len([float(number) for number in numbers.split()]) == 2
    stack.inside("chmod", "700", "/app/agent_memories")
    for user in ("10001", "0"):
        docker_fails("exec", "--user", user, stack.container, "chown", "-R", "root:root", "/app/agent_memories")


def test_it_ends_on_sigterm(stack: Stack) -> None:
    """On a stop, the service ends by itself with 143 and is not killed."""
    stack.must("stop")
    state = inspected(stack.container)["State"]
    assert (state["ExitCode"], state["OOMKilled"]) == (143, False)


def test_the_script_stops_open_webui(stack: Stack) -> None:
    """On a stop, Open WebUI is stopped with the service, and a clean-up deletes its conversations with the histories."""
    stack.open_webui(composes()[0])
    stack.must("stop")
    assert service_of(stack, "open-webui") == ""
    stack.must("cleanup", "--volumes", "--yes")
    docker_fails("volume", "inspect", stack.settings["WEBUI_DATA_VOLUME"])


@pytest.mark.parametrize("compose", composes())
def test_every_compose_starts_it(built: Stack, compose: str) -> None:
    """Compose v2 and docker-compose 1.29 start the same healthy service from the same file."""
    built.must("cleanup", "--yes", ORCHESTRATOR_COMPOSE=compose)
    built.must("start", "--no-pull", ORCHESTRATOR_COMPOSE=compose)
    facts = json.loads(built.must("status", "--json", ORCHESTRATOR_COMPOSE=compose))
    assert (facts["state"], facts["health"], facts["service"]["agents"] >= 29) == ("running", "healthy", True)
    assert re.fullmatch(r"[\d.]+% CPU, \d+ MB of \d+ MB, \d+ processes", facts["use"])
