"""Stacks of their own for the tests: other names, volumes and ports than a user's, and the model server's stand-in."""

import fcntl
import hashlib
import json
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from tests.inputs import ROOT

SECONDS = 600
"""A command that takes longer has failed."""

TAG = os.environ.get("CONTAINER_TESTS_TAG", "tests")
"""The tag of their image, and a part of all their names: two test runs on one machine need two."""

IMAGE = f"llm/multi_agent_orchestrator:{TAG}"
"""The image of all stacks of the tests."""

BASE = "python:3.11-slim"
"""What it is built from: the image of this machine, which may be unable to fetch the fixed one."""

V1 = "docker-compose"
V2 = "docker compose"


def engine_missing() -> str:
    """Why container tests cannot run here; "" when they can."""
    if shutil.which("docker") is None:
        return "no container engine: docker is not installed"
    asked = subprocess.run(["docker", "info"], capture_output=True, text=True, check=False)
    if asked.returncode:
        return "no container engine answers"
    image = subprocess.run(["docker", "image", "inspect", BASE], capture_output=True, check=False)
    if image.returncode and subprocess.run(["docker", "pull", "-q", BASE], check=False).returncode:
        return f"no container tests: {BASE} is missing and cannot be fetched"
    return ""


@cache
def composes() -> list[str]:
    """The versions of Compose on this machine."""
    known = (
        [V2]
        if subprocess.run(["docker", "compose", "version"], capture_output=True, check=False).returncode == 0
        else []
    )
    return [*known, V1] if shutil.which(V1) else known


def free_port() -> int:
    """A free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def subnet(name: str) -> str:
    """The first three numbers of a stack's network, from its name: two stacks that run side by side need two."""
    number = hashlib.sha256(name.encode()).digest()
    return f"10.{200 + number[0] % 50}.{number[1]}"


class Stack:
    """A stack that the script manages, with names that only tests use.

    Attributes:
        container: the service's container.
        data_volume: where its histories are.
        image: the image of the tests.
        backups: where its backups go.
        port: the port of the service.
    """

    def __init__(self, backups: Path, name: str) -> None:
        self.name = name if TAG == "tests" else f"{name}_{TAG}"
        name = self.name
        self.container = f"{name}_service"
        self.data_volume = f"{name}-data"
        self.image = IMAGE
        self.backups = backups
        self.port = free_port()
        self.shell = "sh"
        self.settings = {
            "COMPOSE_FILE": "docker-compose.yml:tests/containers/docker-compose.test.yml",
            "COMPOSE_PROJECT_NAME": name,
            "ORCHESTRATOR_CONTAINER": self.container,
            "ORCHESTRATOR_TAG": TAG,
            "ORCHESTRATOR_DATA_VOLUME": self.data_volume,
            "ORCHESTRATOR_LOGS_VOLUME": f"{name}-logs",
            "OLLAMA_MODELS_VOLUME": f"{name}-models",
            "WEBUI_DATA_VOLUME": f"{name}-webui",
            "ORCHESTRATOR_PORT": str(self.port),
            "ORCHESTRATOR_SUBNET": subnet(name),
            "ORCHESTRATOR_BACKUPS": str(backups),
            "PYTHON_IMAGE": BASE,
        }

    def run(self, *words: str, **settings: str) -> "subprocess.CompletedProcess[str]":
        """Run the script with these words and settings, without a terminal."""
        environment = {**os.environ, **self.settings, **settings}
        done = subprocess.run(
            [*self.shell.split(), str(ROOT / "orchestrator.sh"), *words],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env=environment,
            cwd="/",
            timeout=SECONDS,
            check=False,
        )
        return subprocess.CompletedProcess(
            done.args, done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")
        )

    def must(self, *words: str, **settings: str) -> str:
        """Run the script; gives its standard output, and fails the test where it fails."""
        done = self.run(*words, **settings)
        assert done.returncode == 0, f"{words} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def is_running(self) -> bool:
        """Whether the container of the service runs; the script waits for its health."""
        command = ["docker", "inspect", "--format", "{{.State.Running}}", self.container]
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip() == "true"

    def inside(self, *command: str) -> str:
        """Run a command in the service's container; gives its standard output."""
        return docker("exec", self.container, *command)

    def open_webui(self, compose: str) -> tuple[str, int]:
        """Start the stand-in of Open WebUI beside the running service, with this Compose; gives its container and port."""
        port = free_port()
        environment = {**os.environ, **self.settings, "WEBUI_PORT": str(port)}
        words = ("--profile", "webui", "up", "--detach", "--no-deps", "open-webui")
        command = [*compose.split(), *words]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, timeout=SECONDS, check=False)
        assert done.returncode == 0, done.stderr.decode(errors="replace")
        return service_of(self, "open-webui"), port

    def digest(self) -> str:
        """The digest of all conversations, meetings and actions."""
        return self.inside("orchestrator", "backup", "digest").strip()

    def fill(self) -> str:
        """Store an answer and a meeting; gives the digest."""
        self.inside("orchestrator", "--model", "rehearsal", "ask", "cto", "Is the plan sound?")
        self.inside(
            "orchestrator", "meeting", "run", "brainstorm", "--topic", "The first release", "--model", "rehearsal"
        )
        return self.digest()

    def made(self) -> list[str]:
        """The names in the backups folder, hidden ones too."""
        return sorted(path.name for path in self.backups.iterdir()) if self.backups.is_dir() else []

    def sweep(self) -> None:
        """Remove everything that this stack left."""
        self.run("cleanup", "--volumes", "--models", "--yes")


def inspected(container: str) -> dict[str, Any]:
    """A container as the engine describes it."""
    found: dict[str, Any] = json.loads(docker("inspect", container))[0]
    return found


def ollama_of(stack: Stack) -> str:
    """The model server's container."""
    return service_of(stack, "ollama")


def service_of(stack: Stack, service: str) -> str:
    """The running container of a service of the stack; "" if there is none."""
    words = ("ps", "--quiet", "--filter", f"label=com.docker.compose.project={stack.name}")
    return docker(*words, "--filter", f"label=com.docker.compose.service={service}").strip()


def docker(*words: str, data: bytes | None = None) -> str:
    """Run docker; gives its standard output, and fails the test where it fails."""
    done = subprocess.run(["docker", *words], input=data, capture_output=True, timeout=SECONDS, check=False)
    assert done.returncode == 0, f"docker {words}: {done.stderr.decode(errors='replace')}"
    return done.stdout.decode(errors="replace")


def docker_fails(*words: str) -> int:
    """Run docker, which has to fail; gives its status."""
    done = subprocess.run(["docker", *words], capture_output=True, timeout=SECONDS, check=False)
    assert done.returncode != 0, f"docker {words} was expected to fail"
    return done.returncode


@contextmanager
def built_image(folder: Path) -> Iterator[str]:
    """The tests' image: the first of several processes builds it, and the last removes it.

    Args:
        folder: a folder that these processes share.
    """
    users = folder / "users of the image"
    with _alone(folder):
        if _count(users, 1) == 1:
            Stack(folder / "backups", "orchestrator_test_build").must("build", "--quiet")
            file = ROOT / "tests" / "containers" / "ollama_double.Dockerfile"
            docker("build", "--quiet", "--tag", "llm/ollama_double:latest", "--file", str(file), str(ROOT / "tests"))
    try:
        yield IMAGE
    finally:
        with _alone(folder):
            if _count(users, -1) == 0:
                docker("image", "rm", "-f", IMAGE)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Wait until no other process is in this block."""
    with (folder / "image.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _count(file: Path, more: int) -> int:
    """Add to the number in a file; gives the new number."""
    number = (int(file.read_text()) if file.exists() else 0) + more
    file.write_text(str(number))
    return number


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[None]:
    """A folder on a new disk of this size; needs root."""
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)
