"""In a container: what it was started with, and what a call adds."""

from pathlib import Path

import pytest

from agents.errors import SettingError
from agents.settings import Settings, stack

STACK = ".env or docker-compose.yml"


def load(folder: Path, **environment: str) -> Settings:
    """Settings from these variables in a container of the stack."""
    return Settings.load({"HOME": str(folder), "ORCHESTRATOR_STACK": STACK, **environment}, folder)


@pytest.fixture
def first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The environment of the first process."""
    file = tmp_path / "environ"
    file.write_bytes(b"NUM_CTX=4096\0ORCHESTRATOR_SEED=7\0TEMPERATURE=0.3\0")
    monkeypatch.setattr(stack, "FIRST_PROCESS", file)
    return file


def test_what_the_container_was_started_with_is_told_from_what_a_call_adds(first: Path, tmp_path: Path) -> None:
    """The source of the first is what filled it; the second is the environment, and counts more."""
    assert first.exists()
    settings = load(tmp_path, NUM_CTX="4096", TEMPERATURE="0.1", ORCHESTRATOR_SEED="7", SEED="8")
    sources = {key: settings.values[key].source for key in ("num_ctx", "temperature", "seed", "model_name")}
    assert sources == {
        "num_ctx": STACK, "temperature": "environment", "seed": "environment", "model_name": "default",
    }  # fmt: skip
    assert (settings.num_ctx, settings.temperature, settings.seed) == (4096, 0.1, 8)


def test_a_wrong_value_names_what_filled_the_container(first: Path, tmp_path: Path) -> None:
    """The user corrects it there, not in an environment that he never saw."""
    first.write_bytes(b"TEMPERATURE=hot\0")
    with pytest.raises(SettingError, match=r"got 'hot', from \.env or docker-compose\.yml"):
        load(tmp_path, TEMPERATURE="hot")
    with pytest.raises(SettingError, match="got 'hotter', from the environment"):
        load(tmp_path, TEMPERATURE="hotter")


def test_without_the_first_process_all_is_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it cannot be read, nothing is claimed about it; outside the stack it is not read."""
    monkeypatch.setattr(stack, "FIRST_PROCESS", tmp_path / "none")
    assert load(tmp_path, NUM_CTX="4096").values["num_ctx"].source == "environment"
    assert Settings.load({"HOME": str(tmp_path), "SEED": "1"}, tmp_path).values["seed"].source == "environment"
