"""Secrets in files: NAME_FILE for every setting that is a secret."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.errors import SettingError
from agents.settings import Settings
from agents.settings.table import SETTINGS

SECRET = "sk-very-secret"  # noqa: S105 - the tests' own
SECRETS = [setting for setting in SETTINGS if setting.secret]


def load(folder: Path, **environment: str) -> Settings:
    """Settings from these variables and the ``.env`` of a folder that is this program's own."""
    own = {"HOME": str(folder), "AGENTS_CONFIG": str(folder / "config.toml")}
    return Settings.load({**own, **environment}, folder)


def refused(folder: Path, **environment: str) -> str:
    """The cause and remedy of the error for these variables."""
    with pytest.raises(SettingError) as caught:
        load(folder, **environment)
    assert SECRET not in str(caught.value)
    assert caught.value.remedy
    return f"{caught.value.cause} {caught.value.remedy}"


def test_the_secrets_are_known() -> None:
    """They are the key of the model's server and the tokens of the service."""
    assert [setting.name for setting in SECRETS] == ["LLM_API_KEY", "API_TOKEN", "API_TOKENS"]


@pytest.mark.parametrize("setting", SECRETS, ids=lambda setting: setting.name)
@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_a_secret_is_read_from_a_file(tmp_path: Path, setting: object, end: str) -> None:
    """NAME_FILE names it, with ORCHESTRATOR_ in front too; one end of a line is no part of it, and it is not shown."""
    key, name = getattr(setting, "key"), getattr(setting, "name")  # noqa: B009 - an object for pytest
    file = tmp_path / "a secret"
    text = f"ada:{SECRET}" if name == "API_TOKENS" else SECRET
    file.write_bytes(f"{text}{end}".encode())
    for variable in (f"{name}_FILE", f"ORCHESTRATOR_{name}_FILE"):
        settings = load(tmp_path, **{variable: str(file)})
        assert getattr(settings, key) == ({"ada": SECRET} if name == "API_TOKENS" else SECRET)
        assert settings.values[key].shown == "********"
        assert settings.values[key].source == f"environment, {variable}"


def test_the_file_may_be_named_in_dot_env(tmp_path: Path) -> None:
    """A variable of the environment counts more, and an empty one counts nothing."""
    (tmp_path / "key").write_text(SECRET)
    (tmp_path / ".env").write_text(f"LLM_API_KEY_FILE={tmp_path / 'key'}\nLLM_API_KEY=\n")
    assert load(tmp_path).llm_api_key == SECRET
    assert load(tmp_path, LLM_API_KEY="another").llm_api_key == "another"
    assert load(tmp_path, LLM_API_KEY_FILE="").llm_api_key == SECRET


def test_what_is_wrong_with_the_file_is_said(tmp_path: Path) -> None:
    """A file that is missing, a folder, empty, no text, or too long is named with its variable; no value is shown."""
    file = tmp_path / "key"
    assert f"LLM_API_KEY_FILE names '{file}', and there is no such file." in refused(
        tmp_path, LLM_API_KEY_FILE=str(file)
    )
    assert "cannot be read: Is a directory." in refused(tmp_path, LLM_API_KEY_FILE=str(tmp_path))
    for nothing in ("", "\n", "  \n"):
        file.write_text(nothing)
        assert "which is empty. Write the value into the file." in refused(tmp_path, LLM_API_KEY_FILE=str(file))
    for data in (b"\xff\xfe\x00", b"x" * 70_000):
        file.write_bytes(data)
        assert "which is not a short text." in refused(tmp_path, LLM_API_KEY_FILE=str(file))
    file.write_text(f"{SECRET} and more")
    assert "(got ********, from the environment, LLM_API_KEY_FILE)" in refused(tmp_path, LLM_API_KEY_FILE=str(file))
    assert "cannot be read" in refused(tmp_path, LLM_API_KEY_FILE="a\0b")


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root can read everything")
def test_a_file_of_another_user_is_refused(tmp_path: Path) -> None:
    """The remedy is to let the user of the program read it."""
    file = tmp_path / "key"
    file.write_text(SECRET)
    file.chmod(0)
    assert "which this user may not read. Give the user" in refused(tmp_path, LLM_API_KEY_FILE=str(file))


def test_a_value_and_a_file_at_once_are_refused(tmp_path: Path) -> None:
    """It is not guessed which of them counts."""
    (tmp_path / "key").write_text("another")
    said = refused(tmp_path, LLM_API_KEY=SECRET, LLM_API_KEY_FILE=str(tmp_path / "key"))
    assert said == "LLM_API_KEY and LLM_API_KEY_FILE are both set, in the environment. Remove one of the two there."


def test_other_settings_have_no_file(tmp_path: Path) -> None:
    """MODEL_NAME_FILE means nothing to this program."""
    assert load(tmp_path, MODEL_NAME_FILE=str(tmp_path / "none")).model_name == "llama3.2"


@pytest.mark.parametrize("token", ["two words", "grün", "a\x01b"])
def test_a_token_can_be_sent_in_a_header(tmp_path: Path, token: str) -> None:
    """Words that HTTP cannot carry are refused, without being shown."""
    assert "API_TOKEN must be a word of letters" in refused(tmp_path, API_TOKEN=token)


_NAMES = st.from_regex(r"[a-z][a-z0-9_-]{0,31}", fullmatch=True)
_TOKENS = st.text(st.characters(min_codepoint=33, max_codepoint=126, exclude_characters=","), min_size=1)


@given(st.dictionaries(_NAMES, _TOKENS, max_size=4), st.sampled_from([",", ", ", "\n", ",\n"]))
def test_every_list_of_owners_is_read(owners: dict[str, str], between: str) -> None:
    """Whatever the tokens contain but commas; with two equal tokens it is refused."""
    [setting] = [setting for setting in SETTINGS if setting.name == "API_TOKENS"]
    text = between.join(f"{name}:{token}" for name, token in owners.items())
    if len(set(owners.values())) < len(owners):
        with pytest.raises(ValueError, match=r"."):
            setting.parse(text)
    else:
        assert setting.parse(text) == owners


@pytest.mark.parametrize(
    "tokens", ["ada", "ada:", ":word", "Ada:word", f"a{'d' * 32}:word", "ada:a,ada:b", "ada:same,ben:same", "ada:a b"]
)
def test_a_wrong_list_of_owners_is_refused(tmp_path: Path, tokens: str) -> None:
    """Each owner has a name of small letters and a token, and no two have the same; nothing of it is shown."""
    said = refused(tmp_path, API_TOKENS=tokens)
    assert "API_TOKENS must be NAME:TOKEN, NAME in lower case, commas between; no name and no token twice" in said
    assert tokens not in said
