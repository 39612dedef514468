"""``config``: what is in force, and why."""

import pytest

from agents.settings.table import SETTINGS
from tests.cli.conftest import Run


def test_config_show_prints_each_value_and_its_source(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every setting is one line with value and source; a key is never printed."""
    monkeypatch.setenv("LLM_API_KEY", "sk-very-secret")
    monkeypatch.setenv("NUM_CTX", "4096")
    out = run("--temperature", "0.3", "config", "show").out
    lines = {line.split()[0]: line for line in out.splitlines()}
    assert lines["TEMPERATURE"].split() == ["TEMPERATURE", "0.3", "flag"]
    assert lines["NUM_CTX"].split() == ["NUM_CTX", "4096", "environment"]
    assert lines["MODEL_NAME"].split() == ["MODEL_NAME", "llama3.2", "default"]
    assert {setting.name for setting in SETTINGS} <= set(lines)
    assert "sk-very-secret" not in out
