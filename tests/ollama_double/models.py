"""The endpoints about models: tags, show, ps, delete, version, generate and embed."""

import hashlib
import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tests.ollama_double.chat import SWITCHES, check_format, find_model, loader, thinks
from tests.ollama_double.engine import check_options
from tests.ollama_double.exchange import Exchange
from tests.ollama_double.fitting import Fitted, fit_text
from tests.ollama_double.generation import LOADED_NS, Work, context_numbers, generate
from tests.ollama_double.library import full_name
from tests.ollama_double.tokens import count, render, tokenize
from tests.ollama_double.wire import Refusal, decode, duration, local, utc_now, without_zeros

if TYPE_CHECKING:
    from tests.ollama_double.server import OllamaDouble

NO_EMBEDDINGS = "This server does not support embeddings. Start it with `--embeddings`"


def version(double: "OllamaDouble", exchange: Exchange) -> None:
    """GET /api/version."""
    exchange.json(200, {"version": double.version})


def tags(double: "OllamaDouble", exchange: Exchange) -> None:
    """GET /api/tags: the models on the disk, newest first."""
    exchange.json(200, {"models": [model.listed() for model in double.library.newest_first()]})


def show(double: "OllamaDouble", exchange: Exchange) -> None:
    """POST /api/show."""
    body = decode(exchange.record.raw, "ShowRequest", {"model": ("string", str), "name": ("string", str)})
    name = body.get("model") or body.get("name") or ""
    if not name:
        raise Refusal(400, "model is required")
    model = double.library.find(name)
    if model is None:
        raise Refusal(404, f"model '{full_name(name) or name}' not found")
    exchange.json(200, model.shown())


def ps(double: "OllamaDouble", exchange: Exchange) -> None:
    """GET /api/ps: the loaded models with their contexts."""
    listed = []
    for runner in double.engine.loaded():
        size, expires = runner.listed()
        listed.append(
            {
                "name": runner.model.name,
                "model": runner.model.name,
                "size": size,
                "digest": runner.model.digest,
                "details": runner.model.details(),
                "expires_at": local(expires),
                "size_vram": 0,
                "context_length": runner.num_ctx,
            }
        )
    exchange.json(200, {"models": listed})


def delete(double: "OllamaDouble", exchange: Exchange) -> None:
    """DELETE /api/delete: an empty 200."""
    body = decode(exchange.record.raw, "DeleteRequest", {"model": ("string", str), "name": ("string", str)})
    name = body.get("model") or body.get("name") or ""
    if not full_name(name):
        raise Refusal(400, f'name "{name}" is invalid')
    if not double.remove(name):
        raise Refusal(404, f"model '{name}' not found")
    exchange.whole(200, "", b"")


def generate_text(double: "OllamaDouble", exchange: Exchange) -> None:
    """POST /api/generate: one prompt; without one it loads or unloads the model."""
    fields = {**SWITCHES, "prompt": ("string", str), "system": ("string", str), "raw": ("bool", bool)}
    body = decode(exchange.record.raw, "GenerateRequest", fields)
    if not body.get("model"):
        raise Refusal(404, "model '' not found")
    if body.get("raw") and (body.get("template") or body.get("system") or body.get("context")):
        raise Refusal(400, "raw mode does not support template, system, or context")
    model = find_model(double, exchange, body)
    keep = duration(body.get("keep_alive"))
    prompt = body.get("prompt") or ""
    head = {"model": body["model"], "created_at": utc_now(), "response": "", "done": True}
    if not prompt and keep == 0:
        double.engine.unload(model.name)
        exchange.json(200, {**head, "done_reason": "unload"})
        return
    if not model.can("completion"):
        raise Refusal(400, f'"{body["model"]}" does not support generate')
    work = Work(body, thinks(model, body), _said)
    check_format(body)
    check_options(work.options)
    loading = loader(double, exchange, model, body)
    with double.engine.using(model, body, keep, loading, exchange.check) as (runner, fresh):
        if prompt:
            text = prompt if body.get("raw") else render(_as_messages(body))
            fitted = Fitted(fit_text(tokenize(text), body, runner.num_ctx))
            work.extra = {} if body.get("raw") else {"context": context_numbers(text)}
            finish = generate(double, exchange, runner, fitted, work, fresh=fresh)
    if prompt:
        finish()
    else:
        exchange.json(200, {**head, "created_at": utc_now(), "done_reason": "load"})


def _as_messages(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    system = [{"role": "system", "content": body["system"]}] if body.get("system") else []
    return [*system, {"role": "user", "content": body["prompt"]}]


def _said(text: str, thinking: str, _calls: tuple[Mapping[str, Any], ...]) -> dict[str, Any]:
    return {"response": text, **without_zeros({"thinking": thinking})}


def embed(double: "OllamaDouble", exchange: Exchange) -> None:
    """POST /api/embed: vectors of length one, the same for the same text."""
    body = decode(exchange.record.raw, "EmbedRequest", {"model": ("string", str), "truncate": ("bool", bool)})
    model = find_model(double, exchange, body)
    given = body.get("input") or []
    texts = [given] if isinstance(given, str) else given
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise Refusal(400, "invalid input type")
    if not texts:
        exchange.json(200, {"model": body["model"], "embeddings": []})
        return
    if not model.can("embedding"):
        raise Refusal(501, NO_EMBEDDINGS)
    if body.get("truncate") is False and any(count(text) > model.context_length for text in texts):
        raise Refusal(400, "the input length exceeds the context length")
    keep = duration(body.get("keep_alive"))
    check_options(body.get("options") or {})
    with double.engine.using(model, body, keep, loader(double, exchange, model, body), exchange.check) as (_, fresh):
        tokens = sum(min(count(text), model.context_length) for text in texts)
        vectors = [_vector(text, body.get("dimensions") or model.embedding_length) for text in texts]
    load = double.load_ns if fresh else LOADED_NS
    numbers = {"total_duration": load + tokens * double.prompt_token_ns, "load_duration": load}
    exchange.json(200, {"model": body["model"], "embeddings": vectors, **numbers, "prompt_eval_count": tokens})


def embeddings(double: "OllamaDouble", exchange: Exchange) -> None:
    """POST /api/embeddings, the deprecated form: one text, one vector, and errors that are always 500."""
    body = decode(exchange.record.raw, "EmbeddingRequest", {"model": ("string", str), "prompt": ("string", str)})
    model = find_model(double, exchange, body)
    if not model.can("embedding"):
        raise Refusal(500, NO_EMBEDDINGS)
    prompt = body.get("prompt") or ""
    exchange.json(200, {"embedding": _vector(prompt, model.embedding_length) if prompt else []})


def _vector(text: str, size: int) -> list[float]:
    """The words of a text as counts in hashed places, scaled to length one: similar texts have similar vectors."""
    places = [0.0] * size
    for word in text.lower().split():
        places[int.from_bytes(hashlib.sha256(word.encode()).digest()[:4], "big") % size] += 1.0
    length = math.sqrt(sum(value * value for value in places)) or 1.0
    return [round(value / length, 7) for value in places]
