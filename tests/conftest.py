"""What every test stands on: a home of its own, no settings from outside, an Ollama server where it asks for one."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from agents.settings.table import SETTINGS
from tests.ollama_double import OllamaDouble

FOLDERS = {
    "HOME": "home",
    "USERPROFILE": "home",
    "XDG_CONFIG_HOME": "home/.config",
    "XDG_DATA_HOME": "home/.local/share",
    "XDG_STATE_HOME": "home/.local/state",
    "XDG_CACHE_HOME": "home/.cache",
    "APPDATA": "home/AppData/Roaming",
    "LOCALAPPDATA": "home/AppData/Local",
}
FOREIGN = ("COLUMNS", "LINES", "OLLAMA_HOST", "OLLAMA_API_KEY", "LANGSMITH_API_KEY", "LANGCHAIN_API_KEY")


@pytest.fixture(autouse=True)
def own_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test has its own home, data folder and settings file, and sees no setting or proxy from outside."""
    for name in list(os.environ):
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    for name in (*(setting.name for setting in SETTINGS), *FOREIGN):
        monkeypatch.delenv(name, raising=False)
    for name, folder in FOLDERS.items():
        place = tmp_path / folder
        place.mkdir(parents=True, exist_ok=True)
        monkeypatch.setenv(name, str(place))
    monkeypatch.setenv("AGENTS_DATA_FOLDER", str(tmp_path / "data"))
    monkeypatch.setenv("AGENTS_CONFIG", str(tmp_path / "home" / "config.toml"))


@pytest.fixture
def ollama(monkeypatch: pytest.MonkeyPatch) -> Iterator[OllamaDouble]:
    """An Ollama server with llama3.2 on a free port, which OLLAMA_BASE_URL points to."""
    with OllamaDouble() as double:
        monkeypatch.setenv("OLLAMA_BASE_URL", double.url)
        yield double
