"""Both Composes read a ``.env`` as the program does, except where the table names a difference."""

import json
import os
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.containers.stack import V2, composes
from tests.dot_env_cases import CASES, CASES_OF_THE_PROGRAM, DIFFERENT, REFUSES

ALL = [*CASES, *CASES_OF_THE_PROGRAM]
BASE = 'version: "3.8"\nservices:\n  one:\n    image: none\n    environment:\n'


def read(compose: str, folder: Path, names: list[str], text: str) -> dict[str, str | None]:
    """What this Compose gives to variables whose values it takes from a ``.env``."""
    (folder / "docker-compose.yml").write_text(BASE + "".join(f"      {name}:\n" for name in names))
    (folder / ".env").write_bytes(text.encode())
    command = [*compose.split(), "config", *(["--format", "json"] if compose == V2 else [])]
    plain = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    done = subprocess.run(command, cwd=folder, env=plain, capture_output=True, check=False)
    if done.returncode:
        return dict.fromkeys(names, REFUSES)
    said = json.loads(done.stdout) if compose == V2 else yaml.safe_load(done.stdout)
    found = said["services"]["one"].get("environment") or {}
    return {name: found[name].replace("$$", "$") if found.get(name) is not None else None for name in names}


@pytest.mark.parametrize("compose", ["docker compose", "docker-compose"])
def test_compose_reads_what_the_program_reads(compose: str, tmp_path: Path) -> None:
    """Every way to write a line gives Compose the value of the table."""
    if compose not in composes():
        pytest.skip(f"NOT CHECKED how it reads .env: {compose} is not installed")
    version = "v2" if compose == V2 else "v1"
    wanted = {text: DIFFERENT.get(text, {}).get(version, value) for text, value in ALL}
    # What breaks a whole file, or counts at its start only, gets a file of its own; the others share one.
    apart = [text for text in wanted if "\ufeff" in text or REFUSES in DIFFERENT.get(text, {}).values()]
    shared = {text: number for number, text in enumerate(wanted) if text not in apart}
    lines = [
        text.replace("PROBE", f"PROBE{number}x").replace("OTHER", f"OTHER{number}") for text, number in shared.items()
    ]
    values = read(compose, tmp_path, [f"PROBE{number}x" for number in shared.values()], "\n".join(lines))
    found = {text: values[f"PROBE{number}x"] for text, number in shared.items()}
    found |= {text: read(compose, tmp_path, ["PROBE"], text)["PROBE"] for text in apart}
    assert found == wanted
