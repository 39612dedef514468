"""Reads requests to ``/api/chat`` and ``/api/generate`` as requests of a chat."""

from collections.abc import Mapping
from typing import Any

from agents.api.ollama.names import canonical
from agents.api.openai.fields import ApiProblem, Field, typed
from agents.api.openai.requests import ChatMessage, ChatRequest, chat_of, role_of

_ONLY_TEXT = "asks for a form that minutes and answers in role do not have; only text is written"
_NO_ODDS = "asks for the odds of single tokens, and an answer has none"


def _false(value: object) -> bool:
    return value is False or value == 0


_BOTH: Mapping[str, Field] = {
    "model": Field((str,), ignored=False),
    "stream": Field((bool,), ignored=False),
    "think": Field((bool, str), ignored=False),
    "format": Field((str, dict), accepts=lambda value: not value, refusal=_ONLY_TEXT),
    "logprobs": Field((bool,), accepts=_false, refusal=_NO_ODDS),
    "top_logprobs": Field((int,), accepts=_false, refusal=_NO_ODDS),
    "options": Field((dict,)),
    "keep_alive": Field((str, int, float)),
    "truncate": Field((bool,)),
    "shift": Field((bool,)),
}
CHAT: Mapping[str, Field] = {**_BOTH, "messages": Field((list,), ignored=False), "tools": Field((list,))}
"""The fields of ``/api/chat``."""
GENERATE: Mapping[str, Field] = {
    **_BOTH,
    "prompt": Field((str,), ignored=False),
    "system": Field((str,), ignored=False),
    "images": Field(
        (list,), ignored=False, accepts=lambda value: not value, refusal="has images, and only text is read"
    ),
    "suffix": Field((str,)),
    "template": Field((str,)),
    "context": Field((list,)),
    "raw": Field((bool,)),
}
"""The fields of ``/api/generate``."""


def read_chat(given: Mapping[str, Any], headers: Mapping[str, str]) -> ChatRequest | None:
    """A request to ``/api/chat``; None for one without messages, which only asks to load the model.

    Args:
        given: the fields of the body.
        headers: the headers of the request.

    Raises:
        ApiProblem: 400, with the name of the field that is wrong.
    """
    messages = given.get("messages") or []
    typed("messages", messages, (list,))
    return _asked(given, [_message(one, f"messages[{number}]") for number, one in enumerate(messages)], headers, CHAT)


def read_generate(given: Mapping[str, Any], headers: Mapping[str, str]) -> ChatRequest | None:
    """A request to ``/api/generate``; None for one without a prompt, which only asks to load the model.

    Args:
        given: the fields of the body.
        headers: the headers of the request.

    Raises:
        ApiProblem: 400, with the name of the field that is wrong.
    """
    messages = []
    for name, role in (("system", "system"), ("prompt", "user")):
        text = given.get(name) or ""
        typed(name, text, (str,))
        if text.strip():
            messages.append(ChatMessage(role, text))
    only_system = all(one.role == "system" for one in messages)
    return _asked(given, [] if only_system else messages, headers, GENERATE)


def model_of(given: Mapping[str, Any]) -> str:
    """The model of a request, as it is written there.

    Raises:
        ApiProblem: 400, it names none.
    """
    name = given.get("model")
    if not isinstance(name, str) or not name.strip():
        raise ApiProblem(400, "model is required", param="model")
    return name


def _asked(
    given: Mapping[str, Any], messages: list[ChatMessage], headers: Mapping[str, str], table: Mapping[str, Field]
) -> ChatRequest | None:
    if not messages:
        return None
    if not any(one.role == "user" and one.text.strip() for one in messages):
        raise ApiProblem(400, "There is no message of the user.", "Send one with text.", param="messages")
    stream = given.get("stream")
    fields = {**given, "model": canonical(model_of(given)), "stream": True if stream is None else stream}
    return chat_of(fields, messages, headers, table, most_tokens=_most_tokens(given))


def _message(one: Any, where: str) -> ChatMessage:
    typed(where, one, (dict,))
    if one.get("images"):
        raise ApiProblem(400, f"{where} has images, and only text is read.", param=f"{where}.images")
    text = one.get("content") or ""
    typed(f"{where}.content", text, (str,))
    return ChatMessage(role_of(one.get("role"), f"{where}.role"), text)


def _most_tokens(given: Mapping[str, Any]) -> int | None:
    options = given.get("options")
    most = options.get("num_predict") if isinstance(options, dict) else None
    return most if isinstance(most, int) and not isinstance(most, bool) and most > 0 else None
