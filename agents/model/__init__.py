"""What answers: one method, and a table of providers that are imported only when opened.

A model's name is ``provider:name`` where the provider is one of ``PROVIDERS``; anything else before a colon belongs to
the name, so that ``qwen3:4b`` is Ollama's.
"""

from collections.abc import Callable
from importlib import import_module
from typing import Protocol

from agents.errors import UsageError
from agents.model.prompt import Message, Prompt, Reply, Task, Wanted, render_passages, rough_tokens
from agents.settings import Settings

__all__ = [
    "PROVIDERS",
    "Message",
    "Model",
    "OnText",
    "Prompt",
    "Reply",
    "Task",
    "Wanted",
    "open_model",
    "render_passages",
    "rough_tokens",
    "split_name",
]

OnText = Callable[[str], None]

PROVIDERS = {
    "ollama": "agents.model.ollama:OllamaModel",
    "rehearsal": "agents.model.rehearsal:RehearsalModel",
    "scripted": "agents.model.scripted:ScriptedModel",
    "recorded": "agents.model.recorded:RecordedModel",
    "langchain": "agents.model.langchain:LangChainModel",
    "llamacpp": "agents.model.langchain:LlamaCppModel",
}


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

    async def start(self) -> None:
        """Check that it can answer and load it.

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
    if provider in PROVIDERS and (colon or provider == "rehearsal"):
        return provider, rest
    return "ollama", name


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
    if not rest and provider != "rehearsal":
        raise UsageError(f"The model name {name!r} is incomplete.", "Write MODEL, or PROVIDER:MODEL, such as llama3.2.")
    module, _, attribute = PROVIDERS[provider].partition(":")
    opened: Model = getattr(import_module(module), attribute)(rest, settings)
    return opened
