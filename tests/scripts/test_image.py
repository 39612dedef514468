"""What the image is built from: fixed versions, each in one place, and what the script decides before a build."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from agents import __version__
from tests.inputs import ROOT
from tests.scripts.test_words import SHELLS

DOCKERFILE = (ROOT / "services/multi_agent_orchestrator/orchestrator.Dockerfile").read_text(encoding="utf-8")
COMPOSE = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
DIGEST = r"@sha256:[0-9a-f]{64}"

# docker as each engine answers: 20.10 with its own image store, 29 with containerd's.
OLD = """
case "$1 $2" in
  "build --help") echo "--provenance string" ;;
  "info --format") echo "[[Backing Filesystem extfs] [Supports d_type true]]" ;;
  *) exit 1 ;;
esac
"""
NEW = """
case "$1 $2 $3" in
  "build --help ") echo "--provenance string" ;;
  "info --format "*) echo "[[driver-type io.containerd.snapshotter.v1]]" ;;
  "image inspect docker/buildkit-syft-scanner:"*) [ -n "$SCANNER" ] ;;
  "image inspect python:3.11-slim") [ -n "$LOCAL" ] ;;
  "pull python:3.11-slim@sha256:"*) [ -n "$REGISTRY" ] && echo "pulling" ;;
  *) exit 1 ;;
esac
"""


def pinned(text: str, name: str) -> list[str]:
    """The images of this name in a file, with their digests."""
    return re.findall(rf"{re.escape(name)}:[\w.-]+{DIGEST}", text)


def decided(tmp_path: Path, docker: str, call: str, shell: str = "dash", **settings: str) -> tuple[str, str]:
    """What a function of image.sh prints, with this docker, on standard output and standard error."""
    program = tmp_path / "docker"
    program.write_text(f"#!/bin/sh\n{docker}", encoding="utf-8")
    program.chmod(0o755)
    parts = "services/multi_agent_orchestrator"
    code = f"""set -eu
say() {{ printf '%s\\n' "$*" >&2; }}
setting() {{ eval "found=\\${{$1:-}}"; printf '%s' "${{found:-$2}}"; }}
here='{ROOT}' image_file={parts}/orchestrator.Dockerfile
. '{ROOT}/{parts}/sh/image.sh'
{call}"""
    environment = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "SCANNER": "", "LOCAL": "", "REGISTRY": "", **settings}
    done = subprocess.run([*shell.split(), "-c", code], capture_output=True, text=True, env=environment, check=True)
    return done.stdout.strip(), done.stderr.strip()


def test_images_are_fixed() -> None:
    """The base image and Ollama each stand in one file, with a tag to read and a digest that fixes the content."""
    assert len(pinned(DOCKERFILE, "python")) == DOCKERFILE.count("python:3") == 1
    assert len(pinned(COMPOSE, "ollama/ollama")) == COMPOSE.count("ollama/ollama:") == 1


def test_the_examples_name_the_same_ollama() -> None:
    """.env.example shows the Ollama of the Compose file, and the override for AMD has the same version."""
    (ollama,) = pinned(COMPOSE, "ollama/ollama")
    assert f"#OLLAMA_IMAGE={ollama}\n" in (ROOT / ".env.example").read_text(encoding="utf-8")
    amd = (ROOT / "services/overrides/gpu-amd.yml").read_text(encoding="utf-8")
    assert f"{ollama.split('@')[0]}-rocm" in amd


def test_the_label_has_the_version() -> None:
    """An image that plain Compose builds is labelled with the version of the program."""
    assert f"ARG VERSION={__version__}\n" in DOCKERFILE


def test_no_attestations_where_they_cannot_be_kept(tmp_path: Path) -> None:
    """With an engine's own image store, or without BuildKit, no list of packages and no provenance is asked for."""
    assert decided(tmp_path, OLD, "attestations") == ("", "")
    assert decided(tmp_path, NEW, "attestations", DOCKER_BUILDKIT="0") == ("", "")


@pytest.mark.parametrize("shell", SHELLS)
def test_attestations_where_they_can(tmp_path: Path, shell: str) -> None:
    """With containerd's image store both are asked for; the list only if its scanner is there or can be fetched."""
    assert decided(tmp_path, NEW, "attestations", shell)[0] == "--provenance=mode=max"
    both = decided(tmp_path, NEW, "attestations", shell, SCANNER="yes")[0]
    assert both == "--provenance=mode=max\n--sbom=generator=docker/buildkit-syft-scanner:stable-1"


@pytest.mark.parametrize("shell", SHELLS)
def test_the_base_is_the_fixed_one(tmp_path: Path, shell: str) -> None:
    """The base is the fixed image; if only its tag is on this machine, that one with a warning, or the user's own."""
    (fixed,) = pinned(DOCKERFILE, "python")
    assert decided(tmp_path, NEW, "base_image", shell, REGISTRY="yes")[0] == fixed
    assert decided(tmp_path, NEW, "base_image", shell)[0] == fixed
    printed, warned = decided(tmp_path, NEW, "base_image", shell, LOCAL="yes")
    assert printed == "python:3.11-slim"
    assert "The fixed version of python:3.11-slim cannot be fetched" in warned
    assert decided(tmp_path, NEW, "base_image", shell, PYTHON_IMAGE="mirror/python:3")[0] == "mirror/python:3"


def test_git_knows_the_revision(tmp_path: Path) -> None:
    """The labels name the revision and its date, and nothing where the files are no clone."""
    labels = decided(tmp_path, OLD, "revision_labels")[0].splitlines()
    if labels:
        assert re.fullmatch(r"--label=org\.opencontainers\.image\.revision=[0-9a-f]{7,}", labels[0])
        assert re.fullmatch(r"--label=org\.opencontainers\.image\.created=\d{4}-\d\d-\d\dT\S+", labels[1])
    assert decided(tmp_path, OLD, f"here='{tmp_path}' && revision_labels")[0] == ""
