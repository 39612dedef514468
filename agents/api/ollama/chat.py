"""``/api/chat`` and ``/api/generate``: the same answers as in the chat of OpenAI's API, in lines of JSON."""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from starlette.datastructures import URL
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from agents.api.access import owner_of
from agents.api.ollama.errors import refused
from agents.api.ollama.names import canonical
from agents.api.ollama.requests import CHAT, GENERATE, Form, model_of, read_request
from agents.api.openai.answers import answer
from agents.api.openai.chat import base_of
from agents.api.openai.deltas import Delta, End
from agents.api.openai.error_form import error_object, stopping
from agents.api.openai.models import check_model
from agents.api.openai.requests import ChatRequest, kind_and_name, read_object
from agents.api.openai.sending import Left, Sent, waited_for
from agents.api.reading import in_time
from agents.api.streaming import UNBUFFERED
from agents.errors import OrchestratorError

if TYPE_CHECKING:
    from agents.api.service import Service

_HEADERS = {"Content-Type": "application/x-ndjson", **UNBUFFERED}
_NANO = 1_000_000_000

Words = Callable[[str, str], dict[str, Any]]
"""The part of a line that has the words and the remarks of a piece."""


async def chat(request: Request) -> Response:
    """POST /api/chat."""
    return await _answered(request, CHAT, _in_message)


async def generate(request: Request) -> Response:
    """POST /api/generate."""
    return await _answered(request, GENERATE, _in_response)


def _in_message(words: str, remarks: str) -> dict[str, Any]:
    return {"message": {"role": "assistant", "content": words, **({"thinking": remarks} if remarks else {})}}


def _in_response(words: str, remarks: str) -> dict[str, Any]:
    return {"response": words, **({"thinking": remarks} if remarks else {})}


async def _answered(request: Request, expected: Form, words: Words) -> Response:
    service: Service = request.app.state.service
    began = time.monotonic_ns()
    try:
        body = await request.body()
        given = await in_time(len(body), read_object, body)
        name = model_of(given)
        asked = await in_time(len(body), read_request, given, dict(request.headers), expected)
        owner = owner_of(request.scope)
        if asked is None:
            loaded = ChatRequest(canonical(name), *kind_and_name(canonical(name)), messages=())
            check_model(service.owners.get(owner).orchestrator, loaded)
            done = "unload" if given.get("keep_alive") == 0 else "load"
            return JSONResponse(
                {"model": name, "created_at": _now(), **words("", ""), "done": True, "done_reason": done}
            )
        run = answer(service, owner, asked, _base(request))
    except OrchestratorError as error:
        return refused(error, service.settings)
    form = _Lines(name, words, service, began, thinks=given.get("think") is not False)
    if asked.stream:
        return Sent(run, form, service, _HEADERS)
    try:
        said, end = await waited_for(run, service, request.receive)
    except Left as left:
        return JSONResponse({"error": stopping()["message"]}, 503) if left.stopping else Response(status_code=499)
    if end.error is not None:
        return refused(end.error, service.settings)
    return JSONResponse(form.last(said.content, end))


def _base(request: Request) -> str:
    """The address of the service for links: a port for programs that speak to Ollama has no pages of meetings."""
    base, port = base_of(request), getattr(request.app.state, "main_port", 0)
    if not port or "x-forwarded-host" in request.headers:
        return base
    return str(URL(base).replace(port=port))


class _Lines:
    """An answer as lines of JSON.

    Args:
        model: the model, as the program wrote it.
        words: makes the part of a line that has the words.
        service: the service.
        began: when the request came, in nanoseconds of ``time.monotonic_ns``.
        thinks: whether remarks are sent beside the words.
    """

    def __init__(self, model: str, words: Words, service: "Service", began: int, *, thinks: bool) -> None:
        self._model = model
        self._words = words
        self._settings = service.settings
        self._began = began
        self._thinks = thinks

    def begin(self) -> Iterator[bytes]:
        """An empty line, so that the program knows at once that it is heard."""
        yield self.silence()

    def piece(self, delta: Delta) -> bytes:
        """A line with words, with remarks, or with what happens now."""
        remarks = delta.reasoning or (f"{delta.status}\n" if delta.status else "")
        return _line({**self._head(), **self._words(delta.content, remarks if self._thinks else ""), "done": False})

    def silence(self) -> bytes:
        """A line without words."""
        return self.piece(Delta())

    def end(self, end: End) -> Iterator[bytes]:
        """The last line, or what went wrong."""
        yield self._failed(error_object(end.error, self._settings)[1]) if end.error else _line(self.last("", end))

    def stopped(self) -> bytes:
        """The error of a service that ends."""
        return self._failed(stopping())

    def last(self, words: str, end: End) -> dict[str, Any]:
        """The line that says that the answer is complete, and its numbers of tokens."""
        took = time.monotonic_ns() - self._began
        return {
            **self._head(),
            **self._words(words, ""),
            "done": True,
            "done_reason": end.finish,
            "total_duration": took,
            "load_duration": 1,
            "prompt_eval_count": end.usage.prompt,
            "prompt_eval_duration": 1,
            "eval_count": end.usage.reply,
            "eval_duration": took,
        }

    def _head(self) -> dict[str, Any]:
        return {"model": self._model, "created_at": _now()}

    def _failed(self, error: Mapping[str, Any]) -> bytes:
        return _line({"error": error["message"]})


def _line(data: Mapping[str, Any]) -> bytes:
    return f"{json.dumps(data, ensure_ascii=False)}\n".encode("utf-8", "replace")


def _now() -> str:
    return datetime.now(UTC).isoformat().replace("+00:00", "Z")
