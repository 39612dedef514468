"""Reads a request to ``/v1/chat/completions``: who is asked what, with which documents, and whether a person asks."""

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from agents.api.openai.documents import Cut, of_instructions, take_out, together
from agents.api.openai.fields import CHAT, ApiProblem, Field, check, typed
from agents.api.openai.helper_tasks import Asked, HelperTask, helper_task
from agents.documents import Document
from agents.errors import DocumentError

AGENT, PANEL, MEETING = "agent", "panel", "meeting"
"""What a model can be: a role that answers, several that are consulted, or a meeting of a type."""

_ROLES = {
    "system": "system",
    "developer": "system",
    "user": "user",
    "assistant": "assistant",
    "tool": "tool",
    "function": "tool",
}
_HEADINGS = {"user": "User", "assistant": "Assistant", "tool": "Result of a tool"}
_TEXT_PARTS = ("text", "input_text", "output_text", "refusal")
_CHAT_IDS = ("x-openwebui-chat-id", "x-conversation-id", "x-chat-id")
_MESSAGE_IDS = ("x-openwebui-user-message-id", "x-openwebui-message-id", "x-message-id")
_WHOLE = ("x-documents", "whole")
_LONGEST_ID = 200
_HALVES = re.compile(r"[\ud800-\udfff]")
_CARRIERS = ("I have *added these files to the chat*", "Here are some READ ONLY files, provided for your reference.")
"""How the messages begin in which aider sends nothing but files."""
_SHORTEST_REMINDER = 12
_THANKS = 200
"""The most letters of the answer that aider itself writes after such a message."""


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """A message of a chat.

    Attributes:
        role: "system", "user", "assistant" or "tool".
        text: its text, with the documents that are in it.
    """

    role: str
    text: str


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """A request for an answer in a chat.

    Attributes:
        model: the model as it was named.
        kind, name: "agent" and its id, "panel" and its words, or "meeting" and its type.
        messages: the messages in order.
        stream: whether the answer is sent as it comes.
        include_usage: whether a stream ends with a chunk of the tokens that were used.
        max_tokens: the most tokens of the answer, or None.
        ignored: the fields of the request that have no effect, in order.
        user_text: the last message of the user, without its documents.
        documents: the documents that are in the messages.
        excerpts: whether one of them is only a part of its file.
        helper: the helper task that it is, with its answer; None for what a person asks.
        webui: whether it comes from Open WebUI.
        chat_id, message_id: the chat and the message of the user that it belongs to, where the program says them.
        idempotency_key: the key that makes two requests one, where there is one.
        is_retry: whether the program says that it sends the request again.
    """

    model: str
    kind: str
    name: str
    messages: tuple[ChatMessage, ...]
    stream: bool = False
    include_usage: bool = False
    max_tokens: int | None = None
    ignored: tuple[str, ...] = ()
    user_text: str = ""
    documents: tuple[Document, ...] = ()
    excerpts: bool = False
    helper: HelperTask | None = None
    webui: bool = False
    chat_id: str = ""
    message_id: str = ""
    idempotency_key: str = ""
    is_retry: bool = False

    def earlier_text(self) -> str:
        """The conversation before the last message of the user as Markdown, without instructions; "" for none."""
        last = max((at for at, one in enumerate(self.messages) if one.role == "user"), default=0)
        carried, out = False, []
        for one in self.messages[:last]:
            carries = one.role == "user" and one.text.startswith(_CARRIERS)
            thanks = carried and one.role == "assistant" and len(one.text) <= _THANKS
            if one.role in _HEADINGS and one.text.strip() and not carries and not thanks:
                out.append(f"**{_HEADINGS[one.role]}:** {_without_documents(one)}")
            carried = carries
        return "\n\n".join(out)


def read_chat(body: bytes, headers: Mapping[str, str]) -> ChatRequest:
    """Read the body of a request to ``/v1/chat/completions``.

    Args:
        body: the bytes of the body.
        headers: the headers of the request.

    Raises:
        ApiProblem: 400, with the name of the field that is wrong.
    """
    given = read_object(body)
    messages = _messages(given)
    return chat_of(given, messages, headers, CHAT)


def chat_of(
    given: Mapping[str, Any],
    messages: Sequence[ChatMessage],
    headers: Mapping[str, str],
    table: Mapping[str, Field],
    most_tokens: int | None = None,
) -> ChatRequest:
    """A request of these fields and messages.

    Args:
        given: the fields of the body.
        messages: the messages, read already.
        headers: the headers of the request.
        table: what is done with each field.
        most_tokens: the most tokens of the answer, where no field of the table says it.

    Raises:
        ApiProblem: 400, with the name of the field that is wrong.
    """
    named = {name.lower(): value for name, value in headers.items()}
    model = _model(given)
    kind, name = kind_and_name(model)
    stream, most = given.get("stream"), _most_tokens(given, table) or most_tokens
    asked = Asked([(one.role, one.text) for one in messages], stream is True, most, of_meeting=kind != AGENT)
    helper = helper_task(asked, named)
    ignored = check(given, table, leave=frozenset({"response_format"} if helper else ()))
    cut, documents, excerpts = _cut(
        messages, whole=named.get(_WHOLE[0], "").strip().lower() == _WHOLE[1], helper=helper
    )
    return ChatRequest(
        model=model,
        kind=kind,
        name=name,
        messages=tuple(messages),
        stream=stream is True,
        include_usage=_include_usage(given),
        max_tokens=most,
        ignored=ignored,
        user_text=cut.text,
        documents=documents,
        excerpts=excerpts,
        helper=helper,
        webui=any(one.startswith("x-openwebui-") for one in named),
        chat_id=_first(named, _CHAT_IDS),
        message_id=_first(named, _MESSAGE_IDS),
        idempotency_key=_first(named, ("idempotency-key",)),
        is_retry=_number(named.get("x-stainless-retry-count", "")) > 0,
    )


def kind_and_name(model: str) -> tuple[str, str]:
    """What a model is: "panel:auto" is a panel, "meeting:retrospective" a meeting, any other name an agent."""
    prefix, colon, name = model.partition(":")
    kind = prefix.strip().lower()
    return (kind, name.strip()) if colon and kind in (PANEL, MEETING) else (AGENT, model.strip())


def read_object(body: bytes) -> dict[str, Any]:
    """The object of JSON that a body is; a half of a character in it becomes U+FFFD.

    Raises:
        ApiProblem: 400, it is none, or has a number that is none.
    """
    try:
        given = json.loads(body, parse_float=_finite, parse_constant=_finite)
        if b"\\u" in body or b"\0" in body or not body.isascii():
            text = json.dumps(given, ensure_ascii=False)
            given = json.loads(_HALVES.sub("\ufffd", text)) if _HALVES.search(text) else given
    except (ValueError, RecursionError):
        raise ApiProblem(400, "The body is not JSON.", "Send an object of JSON.", code="invalid_json") from None
    if not isinstance(given, dict):
        raise ApiProblem(400, "The body is not an object of JSON.", code="invalid_json")
    return given


def _finite(written: str) -> float:
    number = float(written)
    if not math.isfinite(number):
        raise ValueError(written)
    return number


def text_of(content: Any, param: str) -> str:
    """The text of the content of a message: text, or parts that are texts.

    Args:
        content: the content.
        param: its name in the request, for errors.

    Raises:
        ApiProblem: 400, it has a part that is no text, such as an image.
    """
    if content is None or isinstance(content, str):
        return content or ""
    typed(param, content, (str, list))
    texts = []
    for number, part in enumerate(content):
        where = f"{param}[{number}]"
        typed(where, part, (str, dict))
        if isinstance(part, str):
            texts.append(part)
            continue
        kind = part.get("type", "text")
        if kind not in _TEXT_PARTS:
            raise ApiProblem(
                400,
                f"{where} is of type {str(kind)[:40]!r}, and only text is read.",
                "Send its text, or attach the file with POST /api/meetings.",
                param=where,
                code="unsupported_value",
            )
        text = part.get("refusal" if kind == "refusal" else "text")
        typed(f"{where}.text", text, (str,))
        texts.append(text)
    return "\n\n".join(text for text in texts if text)


def _messages(given: Mapping[str, Any]) -> tuple[ChatMessage, ...]:
    messages = given.get("messages")
    typed("messages", messages, (list,))
    assert isinstance(messages, list)  # noqa: S101 - the line before refuses others
    out = []
    for number, one in enumerate(messages):
        where = f"messages[{number}]"
        typed(where, one, (dict,))
        out.append(
            ChatMessage(role_of(one.get("role"), f"{where}.role"), text_of(one.get("content"), f"{where}.content"))
        )
    if not any(one.role == "user" and one.text.strip() for one in out):
        raise ApiProblem(400, "There is no message of the user.", "Send one with text.", param="messages")
    return tuple(out)


def role_of(role: Any, param: str) -> str:
    """Our word for a role: a developer speaks for the system, and the result of a function is one of a tool.

    Raises:
        ApiProblem: 400, there is no such role.
    """
    typed(param, role, (str,))
    known = _ROLES.get(role.lower())
    if known is None:
        raise ApiProblem(400, f"{param} must be one of {', '.join(_ROLES)}.", param=param, code="invalid_value")
    return known


def _model(given: Mapping[str, Any]) -> str:
    model = given.get("model")
    typed("model", model, (str,))
    if not str(model).strip():
        raise ApiProblem(400, "model is empty.", "GET /v1/models lists them.", param="model")
    return str(model).strip()


def _most_tokens(given: Mapping[str, Any], table: Mapping[str, Field]) -> int | None:
    names = [name for name in ("max_completion_tokens", "max_output_tokens", "max_tokens") if name in table]
    found = next((given[name] for name in names if given.get(name) is not None), None)
    return found if isinstance(found, int) and not isinstance(found, bool) else None


def _include_usage(given: Mapping[str, Any]) -> bool:
    options = given.get("stream_options") or {}
    wanted = options.get("include_usage")
    if wanted is not None:
        typed("stream_options.include_usage", wanted, (bool,))
    return wanted is True


def _cut(
    messages: Sequence[ChatMessage], *, whole: bool, helper: HelperTask | None
) -> tuple[Cut, tuple[Document, ...], bool]:
    """The last message of the user without documents, and the documents of the conversation."""
    last = max((at for at, one in enumerate(messages) if one.role == "user"), default=-1)
    if helper:
        return Cut(messages[last].text if last >= 0 else ""), (), False
    cuts: list[Cut] = []
    final = Cut("")
    at = 0
    try:
        for at, one in enumerate(messages[: last + 1]):
            if one.role == "user":
                text = _without_reminder(one.text, messages[0]) if at == last else one.text
                cuts.append(take_out(text, whole=whole, asked=at == last))
                final = cuts[-1]
            elif one.role == "system":
                cuts.append(of_instructions(one.text, whole=whole))
        documents = together(cuts)
    except DocumentError as error:
        raise ApiProblem(
            400, error.cause, error.remedy, param=f"messages[{at}].content", code="invalid_value"
        ) from None
    return final, documents, any(one.excerpts for one in cuts)


def _without_reminder(text: str, first: ChatMessage) -> str:
    """A message without the end of the instructions that a program repeats after it, as aider does."""
    if first.role != "system":
        return text
    said, instructions = text.rstrip(), first.text.rstrip()
    alike = zip(reversed(said), reversed(instructions), strict=False)
    same = next(
        (number for number, (one, other) in enumerate(alike) if one != other), min(len(said), len(instructions))
    )
    cut = said.find("\n\n", max(0, len(said) - same - 2))
    is_reminder = same < len(said) and 0 < cut <= len(said) - 2 - _SHORTEST_REMINDER
    return said[:cut] if is_reminder else text


def _without_documents(message: ChatMessage) -> str:
    return take_out(message.text, asked=False).text if message.role == "user" else message.text.strip()


def _first(headers: Mapping[str, str], names: Sequence[str]) -> str:
    found = (headers.get(name, "").strip() for name in names)
    return next((one for one in found if one and "{{" not in one), "")[:_LONGEST_ID]


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 6 else 0
