"""Reads requests to ``/api/chat`` and ``/api/generate`` as requests of a chat."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Form:
    """What the body of a request looks like.

    Attributes:
        fields: its fields.
        messages: reads the messages of a chat in it.
    """

    fields: Mapping[str, Field]
    messages: Callable[[Mapping[str, Any]], list[ChatMessage]]


def read_request(given: Mapping[str, Any], headers: Mapping[str, str], expected: Form) -> ChatRequest | None:
    """A request; None for one without messages or prompt, which only asks to load the model.

    Args:
        given: the fields of the body.
        headers: the headers of the request.
        expected: ``CHAT`` or ``GENERATE``.

    Raises:
        ApiProblem: 400, with the name of the field that is wrong.
    """
    messages = expected.messages(given)
    if not messages:
        return None
    if not any(one.role == "user" and one.text.strip() for one in messages):
        raise ApiProblem(400, "There is no message of the user.", "Send one with text.", param="messages")
    stream = given.get("stream")
    fields = {**given, "model": canonical(model_of(given)), "stream": True if stream is None else stream}
    return chat_of(fields, messages, headers, expected.fields, most_tokens=_most_tokens(given))


def model_of(given: Mapping[str, Any]) -> str:
    """The model of a request, as it is written there.

    Raises:
        ApiProblem: 400, it names none.
    """
    name = given.get("model")
    if not isinstance(name, str) or not name.strip():
        raise ApiProblem(400, "model is required", param="model")
    return name


def _messages(given: Mapping[str, Any]) -> list[ChatMessage]:
    messages = given.get("messages") or []
    typed("messages", messages, (list,))
    return [_message(one, f"messages[{number}]") for number, one in enumerate(messages)]


def _prompt(given: Mapping[str, Any]) -> list[ChatMessage]:
    messages = []
    for name, role in (("system", "system"), ("prompt", "user")):
        text = given.get(name) or ""
        typed(name, text, (str,))
        if text.strip():
            messages.append(ChatMessage(role, text))
    return [] if all(one.role == "system" for one in messages) else messages


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


CHAT = Form(
    {**_BOTH, "messages": Field((list,), ignored=False), "tools": Field((list,))},
    _messages,
)
"""The body of ``/api/chat``."""
GENERATE = Form(
    {
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
    },
    _prompt,
)
"""The body of ``/api/generate``."""
