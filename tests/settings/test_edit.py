"""One setting is changed in the settings file; everything else stays as the user wrote it."""

import stat
import sys
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.errors import SettingError, SpaceError
from agents.settings import Settings
from agents.settings.edit import put, remove, setting_named

FILE = """# my settings
model_name = "llama3.2" # for now
temperature=0.2

[profile.fast]
model_name = "llama3.2:1b" # stays
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A settings file with remarks and a profile."""
    path = tmp_path / "config.toml"
    path.write_text(FILE)
    return path


def test_a_value_is_replaced_in_its_line(file: Path) -> None:
    """The remark behind it, the other lines and the profile stay."""
    put(file, setting_named("MODEL_NAME"), "qwen3:4b")
    assert file.read_text() == FILE.replace('"llama3.2" # for', '"qwen3:4b" # for')


def test_a_new_value_stands_before_the_first_table(file: Path) -> None:
    """Below a table it would belong to that table."""
    put(file, setting_named("num-ctx"), "4096")
    assert file.read_text() == FILE.replace("0.2\n", "0.2\nnum_ctx = 4096\n")
    assert remove(file, setting_named("num_ctx"))
    assert file.read_text() == FILE
    assert not remove(file, setting_named("num_ctx"))


@given(text=st.text().map(lambda text: "".join(text.split())).filter(bool))
def test_any_value_is_read_back(text: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Quotes, number signs, brackets and signs of any script in a value are the value, also with a remark behind."""
    path = tmp_path_factory.mktemp("any") / "config.toml"
    path.write_text(FILE)
    put(path, setting_named("model_name"), text)
    put(path, setting_named("model_name"), text)
    found = tomllib.loads(path.read_text(encoding="utf-8"))
    assert found["model_name"] == text
    assert found["temperature"] == 0.2
    assert path.read_text(encoding="utf-8").count("# for now") == 1


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("temperature", "0.5", 0.5),
        ("log_content", "yes", True),
        ("parallel", "4", 4),
        ("model_for", "cto=qwen3:8b, qa_engineer=llama3.2", {"cto": "qwen3:8b", "qa_engineer": "llama3.2"}),
        ("AGENTS_DATA_FOLDER", "~/here", "~/here"),
        ("ORCHESTRATOR_SEED", "7", 7),
    ],
)
def test_a_value_has_its_kind(file: Path, name: str, text: str, value: object) -> None:
    """Numbers, switches, tables and folders are written as what they are, and the settings accept them."""
    put(file, setting_named(name), text)
    assert tomllib.loads(file.read_text())[setting_named(name).key] == value
    Settings.load({"AGENTS_CONFIG": str(file)})


def test_a_new_file_is_private_and_its_folder_is_made(tmp_path: Path) -> None:
    """It may contain a key."""
    path = tmp_path / "new" / "config.toml"
    put(path, setting_named("llm_api_key"), "sk-1")
    assert path.read_text() == 'llm_api_key = "sk-1"\n'
    if sys.platform != "win32":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("text", "name", "value", "cause"),
    [
        (FILE, "num_ctx", "many", "NUM_CTX must be a whole number from 2048 to 1048576 (got 'many')."),
        (FILE, "seed", "", "SEED cannot be empty"),
        (FILE, "llm_api_key", "a b", "LLM_API_KEY must be a key (got ********)."),
        ("[model_for]\ncto = 'x'\n", "model_for", "cto=y", "in a form that cannot be changed"),
        ('model_name = """\nllama3.2"""\n', "model_name", "y", "in a form that cannot be changed"),
        ('"model_name" = "x"\n', "model_name", "y", "in a form that cannot be changed"),
        ("model_name = \n", "model_name", "y", "cannot be read"),
    ],
)
def test_what_cannot_be_written_changes_nothing(tmp_path: Path, text: str, name: str, value: str, cause: str) -> None:
    """A value out of range, and a file in a form that this cannot change, are refused, and the file stays."""
    path = tmp_path / "config.toml"
    path.write_text(text)
    with pytest.raises(SettingError) as failed:
        put(path, setting_named(name), value)
    assert cause in failed.value.cause
    assert path.read_text() == text


def test_a_name_with_a_mistake_gets_a_suggestion() -> None:
    """The nearest names, and those with the word in them."""
    with pytest.raises(SettingError, match="model_name"):
        setting_named("model")
    with pytest.raises(SettingError, match="num_ctx"):
        setting_named("numctx")


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    """A file where the folder should be."""
    (tmp_path / "file").write_text("")
    with pytest.raises(SpaceError):
        put(tmp_path / "file" / "config.toml", setting_named("seed"), "1")
