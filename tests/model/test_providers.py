"""The table of providers: what is known of a model from its name alone."""

from pathlib import Path
from typing import Any

import pytest

from agents.errors import UsageError
from agents.model import PROVIDERS, address_of, answers_by_rule, imported, open_model, provider_of, split_name
from agents.model.state import model_state
from agents.settings import Settings
from tests.ollama_double import OllamaDouble

OLLAMA, SERVER = "http://box:11434", "http://gpu:8000/v1"


def settings(folder: Path, **flags: Any) -> Settings:
    """Settings of these flags alone."""
    return Settings.load({"HOME": str(folder)}, folder, ollama_base_url=OLLAMA, **flags)


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("llama3.2", ("ollama", "llama3.2")),
        ("qwen3:4b", ("ollama", "qwen3:4b")),
        ("ollama:qwen3:4b", ("ollama", "qwen3:4b")),
        ("registry.example/team/model:1b", ("ollama", "registry.example/team/model:1b")),
        ("rehearsal", ("rehearsal", "")),
        ("rehearsals", ("ollama", "rehearsals")),
        ("scripted", ("ollama", "scripted")),
        ("scripted:a.json", ("scripted", "a.json")),
        ("langchain:openai:gpt-5", ("langchain", "openai:gpt-5")),
    ],
)
def test_only_a_provider_of_the_table_counts_before_the_colon(name: str, parts: tuple[str, str]) -> None:
    """Any other word before a colon is part of the name of an Ollama model."""
    assert split_name(name) == parts
    assert provider_of(name) is PROVIDERS[parts[0]]


@pytest.mark.parametrize("name", ["", "  ", "scripted:", "ollama:", "langchain:openai:"])
def test_a_name_that_is_incomplete_is_refused(name: str, tmp_path: Path) -> None:
    """The remedy shows a complete name."""
    with pytest.raises(UsageError, match="incomplete") as raised:
        open_model(name, settings(tmp_path))
    assert raised.value.remedy


@pytest.mark.parametrize("row", PROVIDERS.values(), ids=PROVIDERS)
def test_what_a_row_names_is_there(row: object) -> None:
    """Every module and name in the table can be imported without the provider's own packages."""
    assert callable(imported(getattr(row, "model")))  # noqa: B009 - rows are looked at as any value
    state = getattr(row, "state")  # noqa: B009
    assert not state or callable(imported(state))


@pytest.mark.parametrize(
    ("label", "by_rule"),
    [
        ("rehearsal, no model", True),
        ("rehearsal", True),
        ("ollama:llama3.2", False),
        ("ollama:rehearsal, no model", False),
        ("rehearsal, no model; cto: ollama:qwen3:8b", False),
    ],
)
def test_a_label_tells_whether_a_language_model_spoke(label: str, by_rule: bool) -> None:
    """Only the label or name of a model by rules counts, not a text that contains it."""
    assert answers_by_rule(label) == by_rule


@pytest.mark.parametrize(
    ("name", "server", "address"),
    [
        ("llama3.2", None, OLLAMA),
        ("rehearsal", None, ""),
        ("llamacpp:a.gguf", None, ""),
        ("langchain:openai:gpt-5", None, None),
        ("langchain:openai:qwen3", SERVER, SERVER),
        ("langchain:ollama:llama3.2", None, OLLAMA),
        ("langchain:ollama:llama3.2", SERVER, OLLAMA),
    ],
)
def test_where_prompts_go_follows_from_name_and_settings(
    name: str, server: str | None, address: str | None, tmp_path: Path
) -> None:
    """An address, nowhere, or the provider's own address."""
    assert address_of(name, settings(tmp_path, llm_base_url=server)) == address


def test_the_state_of_a_model_is_found_without_loading_it(ollama: OllamaDouble, tmp_path: Path) -> None:
    """Ollama is asked for what it has; a model by rules is available, and others are not checked."""

    def state(name: str) -> str:
        found = model_state(Settings.load(folder=tmp_path, model_name=name))
        assert found["name"] == name
        return str(found["state"])

    assert [state(name) for name in ("llama3.2", "nothing-like-it")] == ["available", "missing"]
    assert [state(name) for name in ("rehearsal", "langchain:openai:gpt-5")] == ["available", "not checked"]
    assert not ollama.engine.loads
    ollama.down()
    assert state("llama3.2") == "unreachable"
