"""``config``: what is in force, and why."""

import json
from pathlib import Path

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


def test_config_show_and_doctor_say_what_another_programs_dot_env_does_not_set(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They name the file and the names; other commands say nothing, and nothing fails."""
    (tmp_path / ".env").write_text("LOG_LEVEL=verbose\nMODEL_NAME=gpt-4o\nKEY=1\n")
    monkeypatch.chdir(tmp_path)
    shown = run("config", "show")
    assert shown.status == 0
    assert "MODEL_NAME, LOG_LEVEL in it does not count here" in shown.err
    assert "ORCHESTRATOR_MODEL_NAME" in shown.err
    assert "Not read from" in run("--model", "rehearsal", "doctor").out
    assert run("agents", "list").err == ""


def test_config_show_has_no_password(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """An address is shown without its user name and password, as a table and as JSON."""
    monkeypatch.setenv("OLLAMA_BASE_URL", "http://ada:hunter2@box")
    for shown in (run("config", "show"), run("config", "show", "--json")):
        assert "http://box:11434" in shown.out
        assert "hunter2" not in shown.out + shown.err


def test_a_setting_is_written_and_taken_out(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`set` and `unset` change the file; where another source counts more, that is said."""
    monkeypatch.setenv("AGENTS_CONFIG", str(tmp_path / "config.toml"))
    assert run("config", "set", "num_ctx", "4096").status == 0
    assert "NUM_CTX" in run("config", "show").out
    assert json.loads(run("config", "show", "--json").out)[5] == {
        "name": "NUM_CTX", "value": "4096", "source": str(tmp_path / "config.toml"),
        "about": "the context of every call to the model, in tokens",
    }  # fmt: skip
    monkeypatch.setenv("NUM_CTX", "2048")
    assert "In force is 2048, from: environment." in run("config", "set", "NUM_CTX", "8192").err
    monkeypatch.delenv("NUM_CTX")
    assert run("config", "unset", "num-ctx").status == 0
    assert (tmp_path / "config.toml").read_text() == ""
