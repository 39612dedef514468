"""A prompt that does not fit the context: Ollama drops messages, cuts it or refuses it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.ollama_double.tokens import render, tokenize
from tests.ollama_double.wire import Refusal, encode

TOO_LONG = (
    "the prompt is longer than the context length currently available to the model; shorten the prompt, adjust the "
    "context length in settings, or use a model with a longer context length"
)


@dataclass(frozen=True, slots=True)
class Fitted:
    """A prompt that fits.

    Attributes:
        tokens: the prompt.
        dropped: how many messages were left out, silently.
    """

    tokens: list[str]
    dropped: int = 0


def fit_chat(messages: Sequence[Mapping[str, Any]], body: Mapping[str, Any], num_ctx: int) -> Fitted:
    """The prompt of a chat.

    With ``truncate`` (the default) whole messages are dropped from the oldest until the rest fits; system messages and
    the last message are always kept. No space is left for the answer.

    Raises:
        Refusal: 400, when it may not be cut and does not fit.
    """
    tools = body.get("tools") or ()
    if body.get("truncate") is False:
        return Fitted(refused_if_long(tokenize(render(messages, tools)), num_ctx))
    tokens: list[str] = []
    start = 0
    for start in range(len(messages)):
        system = [m for m in messages[:start] if str(m.get("role", "")).lower() == "system"]
        tokens = tokenize(render([*system, *messages[start:]], tools))
        if len(tokens) <= num_ctx:
            break
    dropped = sum(str(m.get("role", "")).lower() != "system" for m in messages[:start])
    return Fitted(fit_text(tokens, body, num_ctx), dropped)


def fit_text(tokens: list[str], body: Mapping[str, Any], num_ctx: int) -> list[str]:
    """One text that may still be too long: its first few tokens and its newest, about half a context in all.

    Raises:
        Refusal: 400, when it may not be cut and does not fit.
    """
    if body.get("truncate") is False:
        return refused_if_long(tokens, num_ctx)
    if len(tokens) <= num_ctx:
        return tokens
    if body.get("shift") is False:
        raise Refusal(400, TOO_LONG)
    options = body.get("options") or {}
    keep = min(int(options.get("num_keep", 4)) + 1, num_ctx - 1)
    left = num_ctx - max((num_ctx - keep) // 2, 1)
    return [*tokens[:keep], *tokens[len(tokens) - (left - keep) :]]


def refused_if_long(tokens: list[str], num_ctx: int) -> list[str]:
    """``tokens``, if there is space for at least one more.

    Raises:
        Refusal: 400, with the answer of llama-server as text.
    """
    if len(tokens) < num_ctx:
        return tokens
    text = f"request ({len(tokens)} tokens) exceeds the available context size ({num_ctx} tokens), try increasing it"
    error = {"code": 400, "message": text, "type": "exceed_context_size_error", "n_prompt_tokens": len(tokens)}
    raise Refusal(400, encode({"error": {**error, "n_ctx": num_ctx}}).decode())
