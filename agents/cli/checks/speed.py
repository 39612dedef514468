"""Measures the speed of a model with one short question."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from agents.settings import Settings
_QUESTION = "Count from one to twenty in words."


def speeds_now(settings: "Settings", name: str) -> tuple[float, float]:
    """Ask an Ollama model a short question; returns tokens read and tokens written per second.

    Args:
        settings: where the server is.
        name: the model's name there.

    Raises:
        ModelUnavailable: the server or the model is not available.
        ModelError: the call failed.
    """
    import asyncio

    from agents.model import Prompt, open_model

    async def asked() -> tuple[float, float]:
        model = open_model(f"ollama:{name}", settings)
        try:
            await model.start()
            reply = await model.reply(Prompt(brief="You are brief.", question=_QUESTION, max_tokens=64))
        finally:
            await model.close()
        read = reply.prompt_tokens if reply.evaluated_tokens is None else reply.evaluated_tokens
        return _each_second(read, reply.prompt_seconds), _each_second(reply.reply_tokens, reply.reply_seconds)

    return asyncio.run(asked())


def _each_second(tokens: int, seconds: float) -> float:
    return tokens / seconds if seconds > 0 else 0.0
