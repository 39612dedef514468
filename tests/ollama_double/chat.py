"""POST /api/chat, and the parts shared with /api/generate: find the model, check the request, load."""

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from tests.ollama_double.engine import check_options
from tests.ollama_double.exchange import Exchange
from tests.ollama_double.fitting import fit_chat
from tests.ollama_double.generation import Work, generate
from tests.ollama_double.library import LocalModel, full_name, registry_name
from tests.ollama_double.schema import begins, check_schema
from tests.ollama_double.tokens import render
from tests.ollama_double.wire import Refusal, decode, duration, encode, utc_now, without_zeros

if TYPE_CHECKING:
    from tests.ollama_double.server import OllamaDouble

SWITCHES: dict[str, tuple[str, type | tuple[type, ...]]] = {
    "model": ("string", str),
    "stream": ("bool", bool),
    "options": ("map[string]interface {}", dict),
    "truncate": ("bool", bool),
    "shift": ("bool", bool),
    "logprobs": ("bool", bool),
    "top_logprobs": ("int", int),
}
_FIELDS = {**SWITCHES, "messages": ("[]api.Message", list), "tools": ("api.Tools", list)}
_LEVELS = ("high", "medium", "low", "max")
_SAY = '"high", "medium", "low", "max", true, or false'


def chat(double: "OllamaDouble", exchange: Exchange) -> None:
    """Answer a chat, or load or unload the model when there are no messages."""
    body = decode(exchange.record.raw, "ChatRequest", _FIELDS)
    messages = _messages(body)
    model = find_model(double, exchange, body)
    keep = duration(body.get("keep_alive"))
    if not messages and keep == 0:
        double.engine.unload(model.name)
        exchange.json(200, _only(body, "unload"))
        return
    if not model.can("completion"):
        raise Refusal(400, f'"{body["model"]}" does not support chat')
    if body.get("tools") and not model.can("tools"):
        raise Refusal(400, f"{registry_name(model.name)} does not support tools")
    work = Work(body, thinks(model, body), _said, begun=_begun(messages))
    check_format(body, work.begun)
    check_options(work.options)
    loading = loader(double, exchange, model, body)
    with double.engine.using(model, body, keep, loading, exchange.check) as (runner, fresh):
        finish = _work(double, exchange, messages, work, fresh=fresh, runner=runner)
    finish()


def _work(
    double: "OllamaDouble", exchange: Exchange, messages: list[dict[str, Any]], work: Work, *, fresh: bool, runner: Any
) -> Callable[[], None]:
    body = work.body
    if not messages:
        return lambda: exchange.json(200, _only(body, "load"))
    if body.get("_debug_render_only"):
        shown = {"model": body["model"], "created_at": utc_now(), "message": {"role": "", "content": ""}, "done": False}
        rendered = {"rendered_template": render(messages, body.get("tools") or ())}
        return lambda: exchange.json(200, {**shown, "_debug_info": rendered})
    fitted = fit_chat(messages, body, runner.num_ctx)
    return generate(double, exchange, runner, fitted, work, fresh=fresh)


def find_model(double: "OllamaDouble", exchange: Exchange, body: Mapping[str, Any]) -> LocalModel:
    """The model a request names.

    Raises:
        Refusal: 400 without a usable name, 404 when it is not on the disk.
    """
    if not 0 <= int(body.get("top_logprobs") or 0) <= 20:
        raise Refusal(400, "top_logprobs must be between 0 and 20")
    name = body.get("model") or ""
    if not name:
        raise Refusal(400, "model is required")
    if not full_name(name):
        raise Refusal(400, "invalid model name")
    model = double.library.find(name)
    if model is None:
        raise Refusal(404, f"model '{name}' not found")
    if exchange.fault("removed"):
        double.remove(name)
        raise Refusal(404, f'model "{name}" not found, try pulling it first')
    return model


def thinks(model: LocalModel, body: Mapping[str, Any]) -> bool:
    """Whether the model thinks: a model that is able to does, unless the request forbids it.

    Raises:
        Refusal: 400, for a ``think`` that is none, and for a model that cannot.
    """
    think = body.get("think")
    if think is not None and not isinstance(think, bool | str):
        raise Refusal(400, f"think must be a boolean or string ({_SAY})")
    if isinstance(think, str) and think not in _LEVELS:
        raise Refusal(400, f"invalid think value: {json.dumps(think)} (must be {_SAY})")
    if think and not model.can("thinking"):
        raise Refusal(400, f'"{body["model"]}" does not support thinking')
    return model.can("thinking") and think is not False


def check_format(body: Mapping[str, Any], begun: str = "") -> None:
    """Refuse a ``format`` that is neither "json" nor a usable schema, or that the answer as begun does not have.

    Raises:
        Refusal: 500 for another word, 400 for a schema that cannot be followed.
    """
    wanted = body.get("format")
    if wanted in (None, ""):
        return
    if begun and not begins(wanted, begun):
        raise Refusal(400, _of_engine("Failed to initialize samplers: std::exception"))
    if wanted == "json":
        return
    if not isinstance(wanted, dict):
        text = json.dumps(encode(wanted).decode())
        raise Refusal(500, f'invalid format: {text}; expected "json" or a valid JSON Schema object')
    if problem := check_schema(wanted):
        raise Refusal(400, _of_engine(f"JSON schema conversion failed:\n{problem}"))


def _of_engine(message: str) -> str:
    """The text of an error of the engine: JSON, which Ollama passes on as a string."""
    return encode({"error": {"code": 400, "message": message, "type": "invalid_request_error"}}).decode()


def loader(
    double: "OllamaDouble", exchange: Exchange, model: LocalModel, body: Mapping[str, Any]
) -> Callable[[], None]:
    """Load the model: it takes time, it can fail, and it stops when the client disconnects."""

    def load() -> None:
        if fault := exchange.fault("load_failed"):
            raise Refusal(500, fault.text)
        if fault := exchange.fault("slow_load"):
            exchange.wait(fault.seconds, fault)
        exchange.wait(double.pace * double.load_ns / 10**9)
        if double.library.find(model.name) is None:
            raise Refusal(404, f'model "{body["model"]}" not found, try pulling it first')

    return load


def _messages(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    messages = body.get("messages") or []
    for message in messages:
        if not isinstance(message, dict):
            kind = {str: "string", list: "array", bool: "bool"}.get(type(message), "number")
            raise Refusal(
                400, f"json: cannot unmarshal {kind} into Go struct field ChatRequest.messages of type api.Message"
            )
    return messages


def _begun(messages: list[dict[str, Any]]) -> str:
    """The message of the model at the end of a chat, which it continues; "" if the last message is another's."""
    last = messages[-1] if messages else {}
    return str(last.get("content", "")) if str(last.get("role", "")).lower() == "assistant" else ""


def _said(text: str, thinking: str, calls: tuple[Mapping[str, Any], ...]) -> dict[str, Any]:
    listed = [
        {
            "id": f"call_{number:08x}",
            "function": {"index": number, "name": call["name"], "arguments": call["arguments"]},
        }
        for number, call in enumerate(calls)
    ]
    return {
        "message": {"role": "assistant", "content": text, **without_zeros({"thinking": thinking, "tool_calls": listed})}
    }


def _only(body: Mapping[str, Any], reason: str) -> dict[str, Any]:
    """The one object that answers a request without messages, streaming or not."""
    head = {"model": body["model"], "created_at": utc_now()}
    return {**head, "message": {"role": "assistant", "content": ""}, "done": True, "done_reason": reason}
