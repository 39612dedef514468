"""What answers a prompt: one protocol, ``Model``, and a table of providers that are imported only when one is opened.

Import from here: ``open_model``, ``Model``, ``Prompt``, ``Reply``, ``PROVIDERS``; ``prompt``, ``logged``, ``state``;
for the administration of a server, ``ollama`` and ``http``.
Never knows: ``agents.memory``, ``agents.agent``, ``agents.meeting``, ``agents.store``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Protocol

from agents.errors import UsageError
from agents.model.prompt import (
    RESERVE_TOKENS,
    Asked,
    Message,
    Offer,
    Prompt,
    Reply,
    Task,
    Wanted,
    render_passages,
    rough_tokens,
)
from agents.settings import Settings

__all__ = [
    "PROVIDERS",
    "RESERVE_TOKENS",
    "Asked",
    "Message",
    "Model",
    "Notice",
    "Offer",
    "OnText",
    "Prompt",
    "Provider",
    "Reply",
    "Task",
    "Wanted",
    "address_of",
    "answers_by_rule",
    "imported",
    "open_model",
    "provider_of",
    "render_passages",
    "rough_tokens",
    "split_name",
]

OnText = Callable[[str], None]
"""Receives each piece of an answer as it arrives."""

Notice = Callable[[str], None]
"""Receives a few words that say what the program waits for."""


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider of models: what is known before a model is opened.

    Attributes:
        model: "module:class", imported when a model is opened; the class takes a name and the settings.
        label: the label of its only model, which needs no name after the colon; "" where there are several.
        by_rule: whether it answers by rules, without a language model.
        takes_time: whether its answers take enough time to measure and plan it.
        address: the setting with the address that prompts are sent to; "" if they stay in this process.
        state: "module:function" that finds out whether a model could answer now, without loading it; "" if there is
            none. The function takes the model's name and the settings.
        check: "module:function" that raises an error if the model could not answer now, without loading it; "" if
            finding out would load it or cost money. It takes the same.
        seeded: whether a seed changes its answers.
    """

    model: str
    label: str = ""
    by_rule: bool = False
    takes_time: bool = True
    address: str = ""
    state: str = ""
    check: str = ""
    seeded: bool = True


PROVIDERS = {
    "ollama": Provider(
        "agents.model.ollama:OllamaModel",
        address="ollama_base_url",
        state="agents.model.ollama.state:model_state",
        check="agents.model.ollama.state:check_model",
    ),
    "rehearsal": Provider(
        "agents.model.rehearsal:RehearsalModel",
        label="rehearsal, no model",
        by_rule=True,
        takes_time=False,
        seeded=False,
    ),
    "scripted": Provider("agents.model.scripted:ScriptedModel", takes_time=False, seeded=False),
    "recorded": Provider("agents.model.recorded:RecordedModel", takes_time=False, seeded=False),
    "langchain": Provider("agents.model.langchain:LangChainModel", address="llm_base_url"),
    "llamacpp": Provider("agents.model.langchain:LlamaCppModel"),
}
"""Every provider, by the word before the colon in a model's name."""


class Model(Protocol):
    """Something that answers prompts. Start, use and close it in the same event loop.

    Attributes:
        label: its name in outputs and minutes, such as "ollama:llama3.2" or "rehearsal, no model".
        context_tokens: the most tokens that a prompt and its answer may have together.
        parallel: how many calls it can work on at the same time.
    """

    label: str
    context_tokens: int
    parallel: int

    async def start(self, *, notice: Notice | None = None) -> None:
        """Check that the model can answer, and load it.

        Args:
            notice: receives a few words that say what the start waits for, such as "loading llama3.2, 2.0 GB".

        Raises:
            ModelUnavailable: no server, or no such model; the remedy says what to do.
        """

    async def reply(self, prompt: Prompt, *, on_text: OnText | None = None) -> Reply:
        """Answer ``prompt``; ``on_text`` receives each piece of the answer as it arrives.

        Raises:
            ModelUnavailable: the server or the model no longer answers.
            ContextOverflow: the prompt does not fit.
            ModelError: the call failed after the retries that are safe.
        """

    def count_tokens(self, text: str) -> int:
        """About how many tokens ``text`` has for this model; rather too many than too few."""

    async def close(self) -> None:
        """Close connections; a second call does nothing."""


def split_name(name: str) -> tuple[str, str]:
    """Split ``provider:name``. Without a provider from ``PROVIDERS`` before the first colon, the name is that of
    an Ollama model, such as ``qwen3:4b``.
    """
    provider, colon, rest = name.partition(":")
    if provider in PROVIDERS and (colon or PROVIDERS[provider].label):
        return provider, rest
    return "ollama", name


def provider_of(name: str) -> Provider:
    """The provider of the model called ``name``."""
    return PROVIDERS[split_name(name.strip())[0]]


def answers_by_rule(label: str) -> bool:
    """Whether the model with this label or name answers by rules, without a language model."""
    return any(provider.by_rule and label in {name, provider.label} for name, provider in PROVIDERS.items())


def address_of(name: str, settings: Settings) -> str | None:
    """Where prompts for the model called ``name`` are sent: an address, "" for nowhere (they stay in this process), or
    None for the provider's own address on the internet.
    """
    provider, rest = split_name(name.strip())
    setting = PROVIDERS[provider].address
    if setting and rest.startswith("ollama:"):  # LangChain's own client for the Ollama server
        return settings.ollama_base_url
    address: str | None = getattr(settings, setting) if setting else ""
    return address


def imported(where: str) -> Any:
    """The object that a row of ``PROVIDERS`` names as "module:attribute"."""
    module, _, attribute = where.partition(":")
    return getattr(import_module(module), attribute)


def ollama_name(name: str) -> str:
    """The name of a model on the Ollama server.

    Raises:
        UsageError: it is a model of another provider.
    """
    provider, rest = split_name(name.strip())
    if provider != "ollama" or not rest:
        raise UsageError(f"{name!r} is not an Ollama model.", "Write a name such as llama3.2 or qwen3:8b.")
    return rest


def ollama_names(settings: Settings) -> list[str]:
    """The names of Ollama's models among those in the settings, each once."""
    named = (split_name(name) for name in (settings.model_name, *settings.model_for.values()))
    return list(dict.fromkeys(rest for provider, rest in named if provider == "ollama"))


_OTHERS = (
    "openai", "anthropic", "azure_openai", "google_genai", "google_vertexai", "mistralai", "groq", "bedrock",
    "openrouter", "fireworks", "together",
)  # fmt: skip
"""Providers of LangChain that users write without "langchain:" in front."""
_THEIRS = {"gpt-4": "openai", "gpt-5": "openai", "gpt-3.5": "openai", "claude-": "anthropic", "gemini-": "google_genai"}
"""The provider of models whose names begin with these letters."""


def meant(name: str) -> str:
    """The name that was probably meant by one that would otherwise be that of an Ollama model; "" for no other."""
    from difflib import get_close_matches

    first, colon, _ = name.partition(":")
    if colon and first in _OTHERS:
        return f"langchain:{name}"
    theirs = next((provider for letters, provider in _THEIRS.items() if name.startswith(letters)), "")
    if theirs:
        return f"langchain:{theirs}:{name}"
    alone = [one for one, provider in PROVIDERS.items() if provider.label]
    near = get_close_matches(name.lower(), alone, n=1, cutoff=0.8) if not colon else []
    return near[0] if near else ""


def open_model(name: str, settings: Settings) -> Model:
    """Create the model called ``name``. Nothing is sent before its ``start``.

    Raises:
        UsageError: the name is empty, or certainly that of another provider; or the provider needs a package that is
            not installed.
    """
    provider, rest = split_name(name.strip())
    other = meant(rest) if provider == "ollama" and not name.strip().startswith("ollama:") else ""
    if other:
        cause = f"{rest!r} is not the name of an Ollama model."
        raise UsageError(cause, f"Did you mean {other}? If Ollama does have it, write ollama:{rest}.")
    if not rest and not PROVIDERS[provider].label:
        raise UsageError(f"The model name {name!r} is incomplete.", "Write MODEL, or PROVIDER:MODEL, such as llama3.2.")
    opened: Model = imported(PROVIDERS[provider].model)(rest, settings)
    return opened
