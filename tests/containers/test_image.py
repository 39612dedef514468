"""The image: small, without tools, and complete in itself."""

import json
import os
import subprocess
from pathlib import Path

from tests.containers.stack import BASE, TAG, Stack, docker
from tests.inputs import ROOT

MOST_MEGABYTES = 130
IMPORT_ALL = """
import importlib, importlib.metadata, zstandard
from pygments.lexers import get_lexer_by_name
names = [name for name in importlib.metadata.packages_distributions() if name[0] != "_" and name.isidentifier()]
for name in names:
    importlib.import_module(name)
assert zstandard.decompress(zstandard.compress(b"text")) == b"text"
assert get_lexer_by_name("python").name == "Python"
print(len(names))
"""
TOOLS = ("pip", "pip3", "gcc", "cc", "git", "curl", "wget", "uv", "make")


def inspected(name: str) -> dict[str, object]:
    """An image as the engine describes it."""
    found: dict[str, object] = json.loads(docker("image", "inspect", name))[0]
    return found


def test_it_adds_little_to_its_base(image: str) -> None:
    """The image is at most 130 MB larger than its Python image."""
    sizes = [int(str(inspected(name)["Size"])) for name in (image, BASE)]
    assert (sizes[0] - sizes[1]) / 1e6 <= MOST_MEGABYTES


def test_it_contains_no_tools(image: str) -> None:
    """It contains no program to install, compile or download with."""
    look = "for tool in " + " ".join(TOOLS) + '; do command -v "$tool" || true; done'
    assert docker("run", "--rm", "--entrypoint", "sh", image, "-c", look) == ""


def test_it_cannot_import_pip(image: str) -> None:
    """Neither its own Python nor the system's has pip as a module."""
    look = "import importlib.util as u; print(u.find_spec('pip'))"
    for python in ("/opt/venv/bin/python", "python3"):
        assert docker("run", "--rm", "--entrypoint", python, image, "-c", look).strip() == "None"


def test_no_file_gives_rights(image: str) -> None:
    """No file or folder of it has the setuid or setgid bit."""
    assert docker("run", "--rm", "--user", "0", "--entrypoint", "find", image, "/", "-xdev", "-perm", "/6000") == ""


def test_every_package_works(image: str) -> None:
    """Each installed package can be imported, and what was cut from some of them is not missed."""
    checked = int(docker("run", "--rm", "-i", "--entrypoint", "python", image, "-", data=IMPORT_ALL.encode()))
    assert checked >= 50


def test_it_keeps_the_list_of_its_packages(image: str, tmp_path: Path) -> None:
    """The script notices whether the image's packages are those of the clone."""
    service = Path("services/multi_agent_orchestrator")
    code = f". '{ROOT / service}/sh/image.sh'; same_packages"
    (tmp_path / service).mkdir(parents=True)
    (tmp_path / service / "requirements.txt").write_text("langchain==0\n")
    for here, same in ((ROOT, 0), (tmp_path, 1)):
        command = ["sh", "-c", code]
        done = subprocess.run(command, env={**os.environ, "here": str(here), "image": image}, check=False)
        assert done.returncode == same


def test_it_says_what_it_is(image: str) -> None:
    """It runs as 10001, starts without a shell, has a health check, carries title and version, and no empty label."""
    found = inspected(image)
    config = found["Config"]
    assert isinstance(config, dict)
    assert config["User"] == "10001:10001"
    assert config["Entrypoint"] == ["orchestrator"]
    assert config["Cmd"][0] == "serve"
    assert "AgentOrchestrator" in config["Healthcheck"]["Test"][-1]
    labels = config["Labels"]
    assert labels["org.opencontainers.image.title"] == "multi_agent_orchestrator"
    assert all(labels.values())
    assert docker("run", "--rm", image, "--version").strip().endswith(labels["org.opencontainers.image.version"])


def test_it_runs_without_the_project_beside_it(image: str) -> None:
    """Without mounts and network, and with a read-only root, it has all agents and can hold a meeting."""
    hardened = ("--read-only", "--tmpfs", "/tmp", "--network", "none", "--cap-drop", "ALL")  # noqa: S108
    listed = json.loads(docker("run", "--rm", *hardened, image, "agents", "list", "--json"))
    assert len(listed) >= 29
    held = docker(
        "run", "--rm", *hardened, "--tmpfs", "/app/agent_memories:uid=10001,gid=10001", image,
        "--model", "rehearsal", "meeting", "run", "brainstorm", "--topic", "The first release",
    )  # fmt: skip
    assert "The first release" in held


def test_its_build_context_is_small(image: str) -> None:
    """The build context is agents, Role, examples and the locked packages: no secret, backup, test or history."""
    dockerfile = f"FROM {BASE}\nCOPY . /context\n".encode()
    seen = f"{image}-context"
    docker("build", "--quiet", "--tag", seen, "--file", "-", str(ROOT), data=dockerfile)
    try:
        found = docker("run", "--rm", seen, "find", "/context", "-maxdepth", "1", "-mindepth", "1").split()
    finally:
        docker("image", "rm", "-f", seen)
    assert sorted(path.removeprefix("/context/") for path in found) == ["Role", "agents", "examples", "services"]


def test_it_builds_without_buildkit(tmp_path: Path) -> None:
    """The script builds the image also without BuildKit."""
    stack = Stack(tmp_path, "orchestrator_test_classic")
    stack.must("build", "--quiet", DOCKER_BUILDKIT="0", ORCHESTRATOR_TAG=f"{TAG}-classic")
    image = f"llm/multi_agent_orchestrator:{TAG}-classic"
    try:
        assert docker("run", "--rm", image, "--version").startswith("orchestrator ")
    finally:
        docker("image", "rm", "-f", image)
