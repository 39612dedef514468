"""What every test has: its own home, no settings from outside, and an Ollama server or a Windows where it asks for one.

Files run side by side on several workers (pytest-xdist), the tests of one file in order on one worker.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from agents.settings.table import NEVER, SETTINGS
from tests.inputs import HERE
from tests.ollama_double import OllamaDouble
from tests.required import missing
from tests.scripts.windows.wine import Wine, wine_missing

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
LONG = (
    "containers/test_histories",
    "containers/test_calls",
    "containers/test_project",
    "containers/test_restore_interrupted",
    "cli/pty/test_live_view",
    "cli/terminal/test_streams",
    "containers/test_service",
    "api/pages/browser",
    "cli/pty/test_words",
    "scripts/test_words",
    "containers/test_image",
    "cli/pty",
    "cli/test_errors",
    "containers/test_bat",
    "containers",
    "scripts",
    "cli",
    "meeting",
    "store",
)
"""The files and folders that take longest, in the order in which they start.

Container tests wait for their engine; others between them use the processor in the meantime.
"""

FOREIGN = ("COLUMNS", "LINES", "OLLAMA_HOST", "OLLAMA_API_KEY", "LANGSMITH_API_KEY", "LANGCHAIN_API_KEY")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Use one worker more than there are cores, because many tests wait for a program, a terminal or a container."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Start the files that take longest first, so that no worker has one of them left at the end."""
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: _place(item.path.relative_to(HERE).as_posix()))


def _place(file: str) -> int:
    return next((place for place, start in enumerate(LONG) if file.startswith(start)), len(LONG))


@pytest.fixture(autouse=True)
def own_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test has its own home, data folder and settings file, and sees no setting or proxy from outside. No meeting
    tests its model first, unless a test says so.
    """
    for name in list(os.environ):
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    for name in (*(name for setting in SETTINGS for name in setting.names), *FOREIGN):
        monkeypatch.delenv(name, raising=False)
    for name, folder in FOLDERS.items():
        place = tmp_path / folder
        place.mkdir(parents=True, exist_ok=True)
        monkeypatch.setenv(name, str(place))
    monkeypatch.setenv("AGENTS_DATA_FOLDER", str(tmp_path / "data"))
    monkeypatch.setenv("CONTROL_BALLOTS", NEVER)  # tests count what meetings ask
    monkeypatch.setenv("AGENTS_CONFIG", str(tmp_path / "home" / "config.toml"))


@pytest.fixture
def ollama(monkeypatch: pytest.MonkeyPatch) -> Iterator[OllamaDouble]:
    """An Ollama server with llama3.2 on a free port, which OLLAMA_BASE_URL points to."""
    with OllamaDouble() as double:
        monkeypatch.setenv("OLLAMA_BASE_URL", double.url)
        yield double


@pytest.fixture(scope="session")
def wine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wine]:
    """A Windows without Docker, which all tests of orchestrator.bat share."""
    if reason := wine_missing():
        missing(reason)
    made = Wine(tmp_path_factory.mktemp("wine"))
    yield made
    made.close()
