"""The ``.env`` of a folder: whole in our own folders, our own names in others."""

from pathlib import Path

import pytest

from agents.errors import SettingError
from agents.settings import Settings
from agents.settings.dot_env import read_dotenv
from tests.dot_env_cases import CASES, CASES_OF_THE_PROGRAM

OTHERS = "LOG_LEVEL=verbose\nPARALLEL=true\nMODEL_NAME=gpt-4o\nSEED=abc\nDATABASE_URL=x\n"


def load(folder: Path, **environment: str) -> Settings:
    """Settings from these variables and the ``.env`` of a folder."""
    return Settings.load({"HOME": str(folder / "home"), **environment}, folder)


def test_another_programs_dot_env_changes_nothing(tmp_path: Path) -> None:
    """Names that other programs use too are not read from a folder that is not ours, and they are known as ignored."""
    (tmp_path / ".env").write_text(OTHERS)
    settings = load(tmp_path)
    assert (settings.model_name, settings.log_level, settings.parallel) == ("llama3.2", "INFO", 1)
    assert {value.source for value in settings.values.values()} == {"default"}
    assert settings.ignored == ["MODEL_NAME", "SEED", "PARALLEL", "LOG_LEVEL"]
    assert settings.with_flags(model_name="rehearsal").ignored == settings.ignored


def test_our_own_names_count_everywhere(tmp_path: Path) -> None:
    """ORCHESTRATOR_*, AGENTS_* and OLLAMA_* are read from any folder."""
    ours = "ORCHESTRATOR_MODEL_NAME=qwen3:4b\nAGENTS_LOG_FOLDER=logs\nOLLAMA_BASE_URL=http://box:1\n"
    (tmp_path / ".env").write_text(OTHERS + ours, encoding="utf-8-sig")
    settings = load(tmp_path)
    assert (settings.model_name, settings.log_folder, settings.ollama_base_url) == (
        "qwen3:4b", Path("logs"), "http://box:1",
    )  # fmt: skip
    assert settings.values["model_name"].source == f"{tmp_path / '.env'}, ORCHESTRATOR_MODEL_NAME"


def test_every_name_counts_in_the_folder_of_the_settings_file(tmp_path: Path) -> None:
    """Beside our own settings file, and in a checkout of this program, a ``.env`` is ours."""
    (tmp_path / ".env").write_text("MODEL_NAME=qwen3:4b\n")
    assert load(tmp_path, AGENTS_CONFIG=str(tmp_path / "config.toml")).model_name == "qwen3:4b"
    assert load(tmp_path).model_name == "llama3.2"


def test_the_checkout_is_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the program runs from a checkout, the names in the checkout's ``.env`` count."""
    package = tmp_path / "agents"
    (package / "settings").mkdir(parents=True)
    monkeypatch.setattr("agents.settings.folders.__file__", str(package / "settings" / "folders.py"))
    (tmp_path / ".env").write_text("MODEL_NAME=qwen3:4b\n")
    assert load(tmp_path).model_name == "qwen3:4b"
    (package / "_roles").mkdir()  # an installed package is no checkout
    assert load(tmp_path).model_name == "llama3.2"


def test_a_dot_env_that_cannot_be_read_stops_nothing_elsewhere(tmp_path: Path) -> None:
    """Another program's file may be in any encoding; our own is refused by name."""
    (tmp_path / ".env").write_bytes(b"NAME=\xff\xfe\xe4\n")
    assert load(tmp_path).model_name == "llama3.2"
    with pytest.raises(SettingError, match=r"\.env cannot be read"):
        load(tmp_path, AGENTS_CONFIG=str(tmp_path / "config.toml"))


def test_the_name_with_our_prefix_goes_first(tmp_path: Path) -> None:
    """In one source ORCHESTRATOR_SEED beats SEED, and an error names the variable that is wrong."""
    assert load(tmp_path, SEED="1", ORCHESTRATOR_SEED="2").seed == 2
    with pytest.raises(SettingError, match="ORCHESTRATOR_PARALLEL"):
        load(tmp_path, ORCHESTRATOR_PARALLEL="many")


@pytest.mark.parametrize(("text", "value"), [*CASES, *CASES_OF_THE_PROGRAM])
def test_each_way_to_write_a_line_gives_its_value(text: str, value: str | None, tmp_path: Path) -> None:
    """The program reads every way to write a line as the table says."""
    (tmp_path / ".env").write_bytes(text.encode())
    assert read_dotenv(tmp_path, [tmp_path]).values.get("PROBE") == value
