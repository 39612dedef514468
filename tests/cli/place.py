"""A place where a meeting was held and an agent was asked, for commands that look at what is there."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.inputs import ROOT
from tests.ollama_double import OllamaDouble

ORCHESTRATOR = [sys.executable, "-m", "agents"]


def prepare(folder: Path) -> None:
    """Hold a meeting, ask an agent, and leave what commands read."""
    folder.mkdir(parents=True, exist_ok=True)
    with OllamaDouble() as server:
        environment = {
            **os.environ, "AGENTS_DATA_FOLDER": str(folder / "data"), "OLLAMA_BASE_URL": server.url
        }  # fmt: skip
        for words in (
            ["memory", "pin", "cto", "The budget of this year is frozen."],
            ["ask", "cto", "Is the budget for a rollback there?"],
            ["meeting", "run", "decision", "--topic", "Rewrite the billing service now?", "--quiet"],
        ):
            subprocess.run([*ORCHESTRATOR, *words], env=environment, check=True, capture_output=True)
        kept = subprocess.run(
            [*ORCHESTRATOR, "memory", "export", "cto"], env=environment, check=True, capture_output=True, text=True
        )
    (folder / "memories.jsonl").write_text(kept.stdout, encoding="utf-8")
    (folder / "reviewer.md").write_text("---\nname: reader\n---\nYou read every diff.\n", encoding="utf-8")


def copied(prepared: Path, to: Path) -> dict[str, str]:
    """A copy of the place, so that a command may change it; returns the environment that means it."""
    shutil.copytree(prepared, to)
    shutil.copytree(ROOT / "Role", to / "Role")
    return {
        **os.environ,
        "AGENTS_DATA_FOLDER": str(to / "data"),
        "AGENTS_ROLE_FOLDER": str(to / "Role"),
        "MODEL_NAME": "rehearsal",
        "OLLAMA_BASE_URL": "http://127.0.0.1:9",
    }
