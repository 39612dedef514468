"""``/v1/chat/completions``: answers in the form of OpenAI's chat, as they come or whole."""

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from agents.api.access import owner_of
from agents.api.openai.answers import answer
from agents.api.openai.deltas import Delta, End
from agents.api.openai.error_form import error_object, refused, stopped, stopping
from agents.api.openai.requests import ChatRequest, read_chat
from agents.api.openai.runs import Run
from agents.api.openai.sending import STREAM_HEADERS, Left, Sent, waited_for
from agents.api.reading import in_time
from agents.api.streaming import NOBODY
from agents.errors import OrchestratorError

if TYPE_CHECKING:
    from agents.api.service import Service

_HOST = re.compile(r"(?:[\w.-]{1,200}|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?", re.ASCII)
_NAME = re.compile(r"[\w.-]{1,79}", re.ASCII)
_MOST_NAMES = 20


async def completions(request: Request) -> Response:
    """POST /v1/chat/completions."""
    service: Service = request.app.state.service
    try:
        body = await request.body()
        asked = await in_time(len(body), read_chat, body, dict(request.headers))
        headers = ignored(asked)
        run = answer(service, owner_of(request.scope), asked, base_of(request))
        if asked.stream:
            return Sent(run, _Form(run, asked, service), service, {**STREAM_HEADERS, **headers})
        said, end = await waited_for(run, service, request.receive)
    except OrchestratorError as error:
        return refused(error, service.settings)
    except Left as left:
        return stopped() if left.stopping else Response(status_code=NOBODY)
    return refused(end.error, service.settings) if end.error else _completion(run, asked, said, end)


def base_of(request: Request) -> str:
    """The address of the service for links. It is the one that the program wrote; or where the readers of the program
    reach the service by another one, and the header X-Forwarded-Host says so, that one.
    """
    host = request.headers.get("x-forwarded-host", "")
    if not _HOST.fullmatch(host):
        return f"{request.url.scheme}://{request.url.netloc}"
    return f"{'https' if request.headers.get('x-forwarded-proto') == 'https' else 'http'}://{host}"


def ignored(asked: ChatRequest) -> dict[str, str]:
    """The header that says which fields had no effect."""
    names = [name if _NAME.fullmatch(name) else "?" for name in asked.ignored[:_MOST_NAMES]]
    more = len(asked.ignored) - len(names)
    told = ", ".join(names) + (f" and {more} more" if more else "")
    return {"x-ignored-fields": told} if told else {}


class _Form:
    """An answer as chunks.

    Args:
        run: the answer.
        asked: the request.
        service: the service.
    """

    def __init__(self, run: Run, asked: ChatRequest, service: "Service") -> None:
        self._run = run
        self._asked = asked
        self._settings = service.settings

    def begin(self) -> Iterator[bytes]:
        """A chunk that says who speaks."""
        yield self._chunk({"role": "assistant", "content": ""})

    def piece(self, delta: Delta) -> bytes:
        """A chunk with a piece of the answer."""
        return self._chunk(_message(delta, self._asked), status=delta.status)

    def silence(self) -> bytes:
        """A comment."""
        return b": still here\n\n"

    def end(self, end: End) -> Iterator[bytes]:
        """How it ended, the usage where it is wanted, and the end of the stream."""
        if end.error is not None:
            yield _event({"error": error_object(end.error, self._settings)[1]})
        else:
            yield self._chunk({}, finish=end.finish, status="Done", done=True)
            if self._asked.include_usage:
                yield _event({**self._head(), "choices": [], "usage": _usage(end)})
        yield b"data: [DONE]\n\n"

    def stopped(self) -> bytes:
        """The error of a service that ends."""
        return _event({"error": stopping()})

    def _chunk(self, delta: dict[str, Any], *, finish: str = "", status: str = "", done: bool = False) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish or None}
        chunk = {**self._head(), "choices": [choice]}
        if status and self._asked.webui:
            chunk["event"] = {"type": "status", "data": {"description": status, "done": done}}
        return _event(chunk)

    def _head(self) -> dict[str, Any]:
        run = self._run
        return {
            "id": f"chatcmpl-{run.id}",
            "object": "chat.completion.chunk",
            "created": run.created,
            "model": self._asked.model,
        }


def _message(delta: Delta, asked: ChatRequest) -> dict[str, Any]:
    """Words, remarks and sources in a message or in a piece of one."""
    told: dict[str, Any] = {"content": delta.content}
    if delta.reasoning:
        told["reasoning_content"] = delta.reasoning
    if delta.citations and asked.webui:
        told["annotations"] = [
            {
                "type": "url_citation",
                "url_citation": {"url": one.url, "title": one.title, "start_index": 0, "end_index": 0},
            }
            for one in delta.citations
        ]
    return told


def _completion(run: Run, asked: ChatRequest, said: Delta, end: End) -> Response:
    message = {"role": "assistant", "refusal": None, **_message(said, asked)}
    body = {
        "id": f"chatcmpl-{run.id}",
        "object": "chat.completion",
        "created": run.created,
        "model": asked.model,
        "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": end.finish}],
        "usage": _usage(end),
    }
    return JSONResponse(body, headers=ignored(asked))


def _usage(end: End) -> dict[str, int]:
    read, written = end.usage.prompt, end.usage.reply
    return {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}


def _event(data: dict[str, Any]) -> bytes:
    return f"data: {json.dumps(data, ensure_ascii=False)}\n\n".encode("utf-8", "replace")
