"""Settings: where each value comes from, and what a wrong one says."""

import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.errors import SettingError
from agents.settings import Settings
from agents.settings.table import SETTINGS


def load(folder: Path, environment: dict[str, str], **flags: Any) -> Settings:
    """Settings from these sources alone."""
    return Settings.load({"HOME": str(folder), **environment}, folder, **flags)


def test_the_nearer_source_wins(tmp_path: Path) -> None:
    """Flag beats environment beats .env beats file beats default."""
    file = tmp_path / "settings.toml"
    file.write_text('model_name = "from-file"\n')
    environment = {"AGENTS_CONFIG": str(file)}
    assert load(tmp_path, {}).model_name == "llama3.2"
    assert load(tmp_path, environment).model_name == "from-file"
    (tmp_path / ".env").write_text("MODEL_NAME=from-dotenv\n")
    assert load(tmp_path, environment).model_name == "from-dotenv"
    environment["MODEL_NAME"] = "from-environment"
    assert load(tmp_path, environment).model_name == "from-environment"
    assert load(tmp_path, environment, model_name="from-flag").model_name == "from-flag"


def test_the_three_well_known_variables_work_as_named(tmp_path: Path) -> None:
    """OLLAMA_BASE_URL, MODEL_NAME and TEMPERATURE are read under exactly these names."""
    settings = load(tmp_path, {"OLLAMA_BASE_URL": "http://box:1234", "MODEL_NAME": "qwen3:4b", "TEMPERATURE": "0.1"})
    assert (settings.ollama_base_url, settings.model_name, settings.temperature) == ("http://box:1234", "qwen3:4b", 0.1)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TEMPERATURE", "warm"),
        ("TEMPERATURE", "3"),
        ("TEMPERATURE", "nan"),
        ("NUM_CTX", "8k"),
        ("NUM_CTX", "100"),
        ("PARALLEL", "0"),
        ("OLLAMA_BASE_URL", "box:1234:5"),
        ("LOG_LEVEL", "loud"),
        ("LOG_CONTENT", "maybe"),
    ],
)
def test_a_wrong_value_names_variable_value_and_range(tmp_path: Path, name: str, value: str) -> None:
    """The error says which variable, which value, from where, and what it may be."""
    with pytest.raises(SettingError) as caught:
        load(tmp_path, {name: value})
    assert name in caught.value.cause
    assert repr(value) in caught.value.cause
    assert "environment" in caught.value.cause
    assert next(setting.allowed for setting in SETTINGS if setting.name == name) in caught.value.cause


def test_a_wrong_value_is_answered_like_a_question(tmp_path: Path) -> None:
    """What it must be, what it is and where that stands; then what happens without it. Switches are 0 and 1."""
    with pytest.raises(SettingError) as caught:
        load(tmp_path, {"LOG_LEVEL": "verbose"})
    assert (
        caught.value.cause == "LOG_LEVEL must be DEBUG, INFO, WARNING or ERROR (got 'verbose', from the environment)."
    )
    assert caught.value.remedy == "Correct it there, or leave it out: the default is INFO."
    with pytest.raises(SettingError) as caught:
        load(tmp_path, {}, log_content="maybe")
    assert caught.value.cause == "LOG_CONTENT must be 0 or 1 (got 'maybe', from the flag)."
    assert caught.value.remedy == "Correct it there, or leave it out: the default is 0."
    assert load(tmp_path, {"LOG_CONTENT": "yes"}).values["log_content"].shown == "1"


def test_a_secret_is_not_printed_even_when_it_is_wrong(tmp_path: Path) -> None:
    """An error about a key shows stars, not the key."""
    with pytest.raises(SettingError) as caught:
        load(tmp_path, {"LLM_API_KEY": "two words"})
    assert "two words" not in str(caught.value)


def test_a_settings_file_with_an_unknown_name_is_refused(tmp_path: Path) -> None:
    """A misspelt setting in the file is named together with the file."""
    file = tmp_path / "settings.toml"
    file.write_text('modelname = "x"\n')
    with pytest.raises(SettingError, match="modelname") as caught:
        load(tmp_path, {"AGENTS_CONFIG": str(file)})
    assert caught.value.remedy.startswith("Did you mean model_name")


def test_loading_changes_no_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The process's environment is the same before and after settings are loaded, its keys and switches included."""
    for name in ("LANGSMITH_TRACING", "LANGCHAIN_TRACING_V2", "LANGSMITH_API_KEY", "LANGCHAIN_ENDPOINT", "NUM_CTX"):
        monkeypatch.setenv(name, "4096")
    before = dict(os.environ)
    assert Settings.load(folder=tmp_path, model_name="rehearsal").num_ctx == 4096
    assert dict(os.environ) == before


@given(st.sampled_from([s.name for s in SETTINGS]), st.text(max_size=30).filter(lambda text: "\x00" not in text))
def test_any_value_is_taken_or_refused_with_words(
    tmp_path_factory: pytest.TempPathFactory, name: str, value: str
) -> None:
    """No value of any variable raises anything but a SettingError with a remedy."""
    folder = tmp_path_factory.getbasetemp()
    try:
        load(folder, {name: value})
    except SettingError as error:
        assert error.remedy  # noqa: PT017 - either way is right


def test_an_empty_value_is_no_value(tmp_path: Path) -> None:
    """As for Compose, NAME= in the environment or in .env gives the next source its turn; a seed may be empty."""
    (tmp_path / ".env").write_text("MODEL_NAME=\nNUM_CTX=4096\nSEED=7\nAGENTS_DATA_FOLDER=\n")
    settings = load(tmp_path, {"AGENTS_CONFIG": str(tmp_path / "config.toml"), "NUM_CTX": "", "SEED": ""})
    assert (settings.model_name, settings.num_ctx, settings.seed) == ("llama3.2", 4096, None)
    assert settings.values["data_folder"].source == "default"


def test_ollamas_own_variable_says_how_long_a_model_stays_loaded(tmp_path: Path) -> None:
    """OLLAMA_KEEP_ALIVE counts for the requests of this program too, unless KEEP_ALIVE says something else."""
    found = load(tmp_path, {"OLLAMA_KEEP_ALIVE": "-1"}).values["keep_alive"]
    assert (found.value, found.source) == ("-1", "environment, OLLAMA_KEEP_ALIVE")
    assert load(tmp_path, {"OLLAMA_KEEP_ALIVE": "-1", "KEEP_ALIVE": "5m"}).keep_alive == "5m"
