"""docker-compose.yml alone, without the script, with each Compose."""

import os
import subprocess
from collections.abc import Callable, Iterator

import pytest

from agents import __version__
from tests.containers.stack import SECONDS, TAG, Stack, composes, docker, docker_fails, inspected, ollama_of
from tests.inputs import ROOT


@pytest.fixture(scope="module", params=composes())
def compose(built: Stack, request: pytest.FixtureRequest) -> Iterator[Callable[..., str]]:
    """Runs this Compose in the clone with the stack's names and an image of its own; gives its standard output."""
    image = f"{TAG}-plain"

    def run(*words: str) -> str:
        command = [*request.param.split(), *words]
        environment = {**os.environ, **built.settings, "ORCHESTRATOR_TAG": image}
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, timeout=SECONDS, check=False)
        assert done.returncode == 0, f"{words}: {done.stderr.decode(errors='replace')}"
        return done.stdout.decode(errors="replace")

    run("build")
    run("up", "-d")
    yield run
    run("down", "--volumes")
    docker("image", "rm", f"llm/multi_agent_orchestrator:{image}")
    docker_fails("inspect", built.container)


def test_it_builds_and_starts(compose: Callable[..., str], built: Stack) -> None:
    """build, up, ps and down work by themselves, and the image says its version."""
    assert "ollama" in compose("ps", "ollama")
    assert built.is_running()
    labels = inspected(built.container)["Config"]["Labels"]
    assert labels["org.opencontainers.image.version"] == __version__


@pytest.mark.usefixtures("compose")
def test_the_model_server_writes_only_models(built: Stack) -> None:
    """Ollama's container has a read-only root, no capabilities, and its volume and /tmp to write to."""
    ollama = ollama_of(built)
    host = inspected(ollama)["HostConfig"]
    assert host["ReadonlyRootfs"]
    assert host["CapDrop"] == ["ALL"]
    assert [mount["Destination"] for mount in inspected(ollama)["Mounts"]] == ["/root/.ollama"]
    for folder in ("/root", "/usr", "/var/tmp"):  # noqa: S108
        docker_fails("exec", "-u", "0", ollama, "touch", f"{folder}/probe")
    docker("exec", ollama, "sh", "-c", "touch /tmp/probe && rm /tmp/probe")
    docker("exec", "-u", "0", ollama, "sh", "-c", "touch /root/.ollama/probe && rm /root/.ollama/probe")


@pytest.mark.usefixtures("compose")
def test_conversations_are_not_swapped(built: Stack) -> None:
    """The orchestrator's memory limit includes the swap."""
    host = inspected(built.container)["HostConfig"]
    assert host["MemorySwap"] == host["Memory"] == 4 << 30
