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
    "OnText",
    "Prompt",
    "Provider",
    "Reply",
    "Task",
    "Wanted",
    "answers_by_rule",
    "imported",
    "open_model",
    "provider_of",
    "render_passages",
    "rough_tokens",
    "split_name",
]

OnText = Callable[[str], None]
"""Is given each piece of an answer."""

Notice = Callable[[str], None]
"""Is told in a few words what is being waited for."""


@dataclass(frozen=True, slots=True)
class Provider:
    """Where models come from, and what is known of them before one is opened.

    Attributes:
        model: "module:class", imported when a model is opened; the class takes a name and the settings.
        label: the label of its only model, which needs no name after the colon; "" where there are several.
        by_rule: whether it answers by rule, so that no language model speaks.
        takes_time: whether answers take time that is worth measuring and planning.
        address: the setting with the address that prompts are sent to; "" where they stay in this process.
        state: "module:function" that tells whether a model could answer now without loading it; "" where that is
            not known. The function takes the model's name and the settings.
    """

    model: str
    label: str = ""
    by_rule: bool = False
    takes_time: bool = True
    address: str = ""
    state: str = ""


PROVIDERS = {
    "ollama": Provider(
        "agents.model.ollama:OllamaModel", address="ollama_base_url", state="agents.model.ollama.state:model_state"
    ),
    "rehearsal": Provider(
        "agents.model.rehearsal:RehearsalModel", label="rehearsal, no model", by_rule=True, takes_time=False
    ),
    "scripted": Provider("agents.model.scripted:ScriptedModel", takes_time=False),
    "recorded": Provider("agents.model.recorded:RecordedModel", takes_time=False),
    "langchain": Provider("agents.model.langchain:LangChainModel", address="llm_base_url"),
    "llamacpp": Provider("agents.model.langchain:LlamaCppModel"),
}
"""Every provider, by the word before the colon of a model's name."""


class Model(Protocol):
    """Something that answers prompts. Open it inside the event loop that will use it; close it in the same one.

    Attributes:
        label: how it is named in outputs and minutes, such as "ollama:llama3.2" or "rehearsal, no model".
        context_tokens: the most tokens a prompt and its answer may have together.
        parallel: how many calls it can really work on at once.
    """

    label: str
    context_tokens: int
    parallel: int

    async def start(self, *, notice: Notice | None = None) -> None:
        """Check that it can answer and load it.

        Args:
            notice: is told in a few words what the start waits for, such as "loading llama3.2, 2.0 GB".

        Raises:
            ModelUnavailable: no server, or no such model; the remedy says what to do.
        """

    async def reply(self, prompt: Prompt, *, on_text: OnText | None = None) -> Reply:
        """Answer ``prompt``, handing each piece of text to ``on_text`` as it comes.

        Raises:
            ModelUnavailable: the server or the model is gone.
            ContextOverflow: the prompt does not fit.
            ModelError: the call failed after the retries that are safe.
        """

    def count_tokens(self, text: str) -> int:
        """About how many tokens ``text`` is for this model; errs on the high side."""

    async def close(self) -> None:
        """Close connections; a second call does nothing."""


def split_name(name: str) -> tuple[str, str]:
    """Split ``provider:name``; only a known provider before the first colon counts, all else is Ollama's."""
    provider, colon, rest = name.partition(":")
    if provider in PROVIDERS and (colon or PROVIDERS[provider].label):
        return provider, rest
    return "ollama", name


def provider_of(name: str) -> Provider:
    """The provider of the model called ``name``."""
    return PROVIDERS[split_name(name.strip())[0]]


def answers_by_rule(label: str) -> bool:
    """Whether no language model speaks under this label, as minutes name it (a model's own name is accepted too)."""
    return any(provider.by_rule and label in {name, provider.label} for name, provider in PROVIDERS.items())


def imported(where: str) -> Any:
    """What a row of ``PROVIDERS`` names as "module:attribute"."""
    module, _, attribute = where.partition(":")
    return getattr(import_module(module), attribute)


def ollama_name(name: str) -> str:
    """The name as Ollama knows it.

    Raises:
        UsageError: it is another provider's.
    """
    provider, rest = split_name(name.strip())
    if provider != "ollama" or not rest:
        raise UsageError(f"{name!r} is not a model of Ollama's.", "Write a name such as llama3.2 or qwen3:8b.")
    return rest


def open_model(name: str, settings: Settings) -> Model:
    """Make the model called ``name``. Nothing is sent before its ``start``.

    Raises:
        UsageError: the name is empty, or the provider needs a package that is not installed.
    """
    provider, rest = split_name(name.strip())
    if not rest and not PROVIDERS[provider].label:
        raise UsageError(f"The model name {name!r} is incomplete.", "Write MODEL, or PROVIDER:MODEL, such as llama3.2.")
    opened: Model = imported(PROVIDERS[provider].model)(rest, settings)
    return opened
