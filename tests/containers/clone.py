"""A clone of the project in a folder of its own, whose stack is found as a user's is: by its folder and its .env."""

import os
import shutil
import subprocess
from pathlib import Path

import yaml

from tests.containers.stack import SECONDS, Stack
from tests.inputs import ROOT

CARRIED = ("orchestrator.sh", "docker-compose.yml", "pyproject.toml", "agents", "Role", "examples", "services")
OURS = ("ORCHESTRATOR_", "OLLAMA_", "COMPOSE_")


class Clone(Stack):
    """The scripts and the program in a folder, with the names of its stack in .env.

    Args:
        folder: where it is put.
        name: the beginning of its container's and volumes' names.
        **more: more lines of .env.

    Attributes:
        folder: the folder of the clone.
    """

    def __init__(self, folder: Path, name: str, **more: str) -> None:
        super().__init__(folder.parent / "backups", name)
        self.folder = folder
        folder.mkdir(parents=True)
        for each in CARRIED:
            copy = shutil.copytree if (ROOT / each).is_dir() else shutil.copy2
            copy(ROOT / each, folder / each)
        double = yaml.safe_load((ROOT / "tests" / "containers" / "docker-compose.test.yml").read_text(encoding="utf-8"))
        del double["services"]["ollama"]["build"]  # its folder is not in the clone, and it is built already
        (folder / "docker-compose.override.yml").write_text(yaml.safe_dump(double), encoding="utf-8")
        left_out = ("COMPOSE_PROJECT_NAME", "COMPOSE_FILE")
        self.settings = {key: value for key, value in self.settings.items() if key not in left_out} | more
        self.write()

    def write(self, **more: str) -> None:
        """Write .env anew, with these settings too."""
        self.settings |= more
        lines = (f'{name}="{value}"' for name, value in self.settings.items())
        (self.folder / ".env").write_text("\n".join(lines) + "\n", encoding="utf-8")

    def run(self, *words: str, **settings: str) -> "subprocess.CompletedProcess[str]":
        """Run the script of this clone with these words, in this folder and without a terminal."""
        return self._run([*self.shell.split(), str(self.folder / "orchestrator.sh"), *words], settings)

    def compose(self, version: str, *words: str, **settings: str) -> str:
        """Run Compose as a user types it in the folder; gives all its output, and fails the test where it fails."""
        done = self._run([*version.split(), *words], settings)
        assert done.returncode == 0, f"{version} {words} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}"
        return done.stdout + done.stderr

    def _run(self, command: list[str], settings: dict[str, str]) -> "subprocess.CompletedProcess[str]":
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env={**inherited, **settings},
            cwd=self.folder,
            timeout=SECONDS,
            check=False,
        )
        out, err = (text.decode(errors="replace") for text in (done.stdout, done.stderr))
        return subprocess.CompletedProcess(done.args, done.returncode, out, err)

    def running(self) -> list[str]:
        """The Compose services that run with this clone's names: those of the project of its container."""
        return sorted(self.compose_names("com.docker.compose.service"))

    def compose_names(self, label: str) -> list[str]:
        """The values of a label of all running containers that were started from this folder."""
        command = ["docker", "ps", "--filter", f"label=com.docker.compose.project.working_dir={self.folder}"]
        done = subprocess.run([*command, "--format", f'{{{{.Label "{label}"}}}}'], capture_output=True, check=True)
        return done.stdout.decode().split()

    def sweep(self) -> None:
        """Remove everything that this clone left, in all projects."""
        self.run("cleanup", "--volumes", "--models", "--yes")
        for kind in ("container", "network"):
            words = ["docker", kind, "ls", "--quiet", *(["--all"] if kind == "container" else [])]
            for project in {self.folder.name.lower().replace(" ", ""), f"{self.name}_old"}:
                found = subprocess.run(
                    [*words, "--filter", f"label=com.docker.compose.project={project}"],
                    capture_output=True,
                    check=False,
                )
                for each in found.stdout.decode().split():
                    force = ["--force"] if kind == "container" else []
                    subprocess.run(["docker", kind, "rm", *force, each], capture_output=True, check=False)
