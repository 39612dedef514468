"""Every setting of .env reaches the container or is said not to: the table, docker-compose.yml, .env.example and the list
of what a call passes on name the same.
"""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from agents.settings import Settings, Value
from agents.settings.table import SETTINGS, Setting
from tests.inputs import ROOT

FOLDERS = {
    "AGENTS_DATA_FOLDER": "the volume of the histories",
    "AGENTS_LOG_FOLDER": "the volume of the logs",
    "AGENTS_USER_FOLDER": "a folder of the volume of the histories",
    "AGENTS_ROLE_FOLDER": "a folder of this machine is not in the container, unless an override mounts it and sets this",
    "AGENTS_TYPES_FOLDER": "the same",
}
"""Settings that .env does not set in the container, each with the reason."""

DIFFERENT = {
    "OLLAMA_BASE_URL": "http://ollama:11434",
    "KEEP_ALIVE": None,  # OLLAMA_KEEP_ALIVE gives it
}
"""Defaults that are others in the stack; None for none."""

TERMINAL = ["NO_COLOR", "COLUMNS", "COLORTERM"]
"""What a call passes on beside settings."""

PASSED = [setting for setting in SETTINGS if setting.name not in FOLDERS]


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    """docker-compose.yml."""
    found: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def example() -> dict[str, str]:
    """The names and values in .env.example."""
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    found = [line for line in lines if re.match(r"#?[A-Z][A-Z0-9_]*=", line)]
    assert all(line.startswith("#") for line in found), "a copy of it changes nothing"
    parts = [line[1:].partition("=") for line in found]
    assert len({name for name, _, _ in parts}) == len(parts)
    return {name: value for name, _, value in parts}


def default_of(setting: Setting) -> str | None:
    """The default of a setting in the stack, as it is written; None where it has none."""
    if setting.default in (None, {}, ()):
        return None
    return DIFFERENT.get(setting.name, Value(setting, setting.default, "").shown)


def test_each_setting_reaches_the_container(compose: dict[str, Any]) -> None:
    """Under all its names, or it is one of the folders that the container sets itself."""
    environment = compose["services"]["multi_agent_orchestrator"]["environment"]
    assert not [name for setting in PASSED for name in setting.names if name not in environment]
    assert not [name for name in FOLDERS if name in environment]
    for setting in PASSED:
        given = environment[setting.name]
        default = default_of(setting)
        assert given in (None, f"${{{setting.name}:-{default}}}"), (
            f"{setting.name}: its default in the stack is {default}"
        )
        assert all(environment[name] is None for name in setting.names if name != setting.name)


def test_the_container_gets_nothing_that_nobody_reads(compose: dict[str, Any]) -> None:
    """What is no setting is named here."""
    known = {name for setting in SETTINGS for name in (*setting.names, setting.fallback)}
    others = set(compose["services"]["multi_agent_orchestrator"]["environment"]) - known
    assert others == {"PYTHONUNBUFFERED", "PYTHONPATH", "TZ", "ORCHESTRATOR_STACK"}


def test_both_sides_get_the_same_defaults(compose: dict[str, Any]) -> None:
    """Ollama's context, calls at once and time of a loaded model are those of the requests, if nothing is set."""
    ollama = compose["services"]["ollama"]["environment"]
    of = {setting.name: default_of(setting) for setting in SETTINGS}
    assert ollama["OLLAMA_CONTEXT_LENGTH"] == f"${{NUM_CTX:-{of['NUM_CTX']}}}"
    assert ollama["OLLAMA_NUM_PARALLEL"] == f"${{PARALLEL:-{of['PARALLEL']}}}"
    own = compose["services"]["multi_agent_orchestrator"]["environment"]
    assert ollama["OLLAMA_KEEP_ALIVE"] == own["OLLAMA_KEEP_ALIVE"]


def test_the_example_names_every_setting(compose: dict[str, Any], example: dict[str, str]) -> None:
    """Each setting, and each variable of docker-compose.yml, is in .env.example with its default, if it has one."""
    for setting in PASSED:
        default = default_of(setting)
        assert setting.name in example
        if default is not None:
            assert setting.parse(example[setting.name]) == setting.parse(default), setting.name
        elif example[setting.name]:
            setting.parse(example[setting.name])
    assert set(FOLDERS) <= set(example)
    for name, default in re.findall(r"\$\{([A-Z_]+):-([^}]*)\}", yaml.safe_dump(compose)):
        assert example.get(name) == default or name in {setting.name for setting in SETTINGS}, name


def test_the_example_is_read_without_an_error(example: dict[str, str], tmp_path: Path) -> None:
    """With every line in force, except those that name files with secrets, it is a good .env."""
    lines = (f"{name}={value}\n" for name, value in example.items() if not name.endswith("_FILE"))
    (tmp_path / ".env").write_text("".join(lines))
    settings = Settings.load({"HOME": str(tmp_path), "AGENTS_CONFIG": str(tmp_path / "config.toml")}, tmp_path)
    assert settings.model_for == {"cto": "qwen3:8b", "qa_engineer": "llama3.2:1b"}
    assert settings.values["turn_timeout"].source == str(tmp_path / ".env")


def test_a_call_passes_every_setting_on() -> None:
    """settings.list has all names of all settings that reach the container, and what the terminal wants; no folder."""
    file = ROOT / "services" / "multi_agent_orchestrator" / "settings.list"
    lines = file.read_text(encoding="ascii").splitlines()
    names = [line for line in lines if line and not line.startswith("#")]
    assert names == [
        *(setting.name for setting in PASSED),
        *(setting.names[0] for setting in PASSED if len(setting.names) > 1),
        *TERMINAL,
    ]
