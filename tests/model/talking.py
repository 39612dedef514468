"""Short ways to talk with a model in a test."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from agents.model import Message, Model, OnText, Prompt, Reply, imported, open_model, provider_of, split_name
from agents.model.streaming import Pauses
from agents.settings import Settings

T = TypeVar("T")

VOTE = {
    "type": "object",
    "properties": {"vote": {"type": "string", "enum": ["support", "object"]}},
    "required": ["vote"],
    "additionalProperties": False,
}


def settings_for(**flags: Any) -> Settings:
    """Settings of the test's own environment, with clocks short enough for a test."""
    clocks = {"connect_timeout": 2, "first_token_timeout": 10, "stall_timeout": 10, "turn_timeout": 30}
    return Settings.load(folder=Path.home(), **{**clocks, **flags})


def opened(name: str, settings: Settings, pauses: Pauses | None) -> Model:
    """A model, with pauses of its own between repeated calls if wanted."""
    if pauses is None:
        return open_model(name, settings)
    made: Model = imported(provider_of(name).model)(split_name(name)[1], settings, pauses)
    return made


QUICK = Pauses(busy=(0.01, 0.01, 0.01), failed=0.01)
"""For tests in which a call is repeated."""


def with_model(
    use: Callable[[Model], Awaitable[T]], name: str = "llama3.2", *, pauses: Pauses | None = None, **flags: Any
) -> T:
    """Open a model, use it in a loop of its own, close it."""

    async def run() -> T:
        model = opened(name, settings_for(**flags), pauses)
        try:
            await model.start()
            return await use(model)
        finally:
            await model.close()

    return asyncio.run(run())


def ask(
    prompt: Prompt | Sequence[Prompt], name: str = "llama3.2", on_text: OnText | None = None, **flags: Any
) -> list[Reply]:
    """Ask one model one prompt after the other."""
    prompts = [prompt] if isinstance(prompt, Prompt) else prompt

    async def use(model: Model) -> list[Reply]:
        return [await model.reply(one, on_text=on_text) for one in prompts]

    return with_model(use, name, **flags)


def spoken(*turns: str, question: str = "What do you say?", **more: Any) -> Prompt:
    """A prompt of a meeting in which this much has been said."""
    talk = tuple(Message("user", f"[T{number}] a colleague: {turn}") for number, turn in enumerate(turns, 1))
    return Prompt(question, brief="You sit in a meeting about caching.", transcript=talk, card="You are X.", **more)
