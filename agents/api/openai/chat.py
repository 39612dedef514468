"""``/v1/chat/completions``: answers in the form of OpenAI's chat, as they come or whole."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from agents.api.access import owner_of
from agents.api.openai.answers import answer
from agents.api.openai.deltas import Delta, End
from agents.api.openai.error_form import error_object, refused, stopped, stopping
from agents.api.openai.pacing import Ended, gone, paced
from agents.api.openai.requests import ChatRequest, read_chat
from agents.api.openai.runs import Run
from agents.errors import OrchestratorError

if TYPE_CHECKING:
    from agents.api.service import Service

HOLD_SECONDS = 540.0
"""How long a program that wants a whole answer is kept waiting for a meeting: less than the usual 600 s after which it
would send its request again.
"""
COMMENT = b": still here\n\n"
STREAM_HEADERS = {
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "no-cache",
    "X-Accel-Buffering": "no",
}
"""What proxies need to hand a stream on as it comes."""


async def completions(request: Request) -> Response:
    """POST /v1/chat/completions."""
    service: Service = request.app.state.service
    try:
        body = await request.body()
        asked = await asyncio.to_thread(read_chat, body, dict(request.headers))
        run = answer(service, owner_of(request.scope), asked, base_of(request))
    except OrchestratorError as error:
        return refused(error, service.settings)
    if asked.stream:
        return ChatStream(run, asked, service)
    return await whole(run, asked, service, request.receive)


def base_of(request: Request) -> str:
    """The address of the service, as the program wrote it."""
    return f"{request.url.scheme}://{request.url.netloc}"


async def whole(run: Run, asked: ChatRequest, service: "Service", receive: Receive) -> Response:
    """An answer in one piece. A program that has waited for a meeting as long as it can is told how to ask again."""
    finished = asyncio.create_task(_finished(run))
    with run.reader(), watched(service, receive) as (left, ends):
        limit = HOLD_SECONDS if run.meanwhile else None
        await asyncio.wait({finished, left, ends}, timeout=limit, return_when=asyncio.FIRST_COMPLETED)
        finished.cancel()
        if run.end is None and ends.done():
            return stopped()
        if run.end is None and not left.done() and run.meanwhile:
            run.goes_on()
            return _completion(run, asked, Delta(run.meanwhile()), End())
        if run.end is None:
            return Response(status_code=499)  # nobody is there to read it
        run.delivered = run.delivered or not left.done()
    if run.end.error is not None:
        return refused(run.end.error, service.settings)
    return _completion(run, asked, run.whole(), run.end)


async def _finished(run: Run) -> None:
    await run.finished()


@contextmanager
def watched(service: "Service", receive: Receive) -> "Iterator[tuple[asyncio.Task[None], asyncio.Task[None]]]":
    """Two tasks for as long as the block lasts: one ends when the program has gone, one when the service has to end."""
    left, ends = asyncio.create_task(gone(receive)), asyncio.create_task(_set(service.stopping))
    try:
        yield left, ends
    finally:
        left.cancel()
        ends.cancel()


async def _set(event: asyncio.Event) -> None:
    await event.wait()


class ChatStream(Response):
    """An answer as it comes, in server-sent events.

    Args:
        run: the answer.
        asked: the request.
        service: the service.
    """

    def __init__(self, run: Run, asked: ChatRequest, service: "Service") -> None:
        super().__init__(headers={**STREAM_HEADERS, **_ignored(asked)})
        del self.headers["content-length"]
        self._run = run
        self._asked = asked
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it until its end, or until its reader has gone."""
        del scope
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        with self._run.reader(), watched(self._service, receive) as ends:
            try:
                async for piece in self._pieces(*ends):
                    await send({"type": "http.response.body", "body": piece, "more_body": True})
                self._run.delivered = self._run.delivered or not ends[0].done()
            except Ended:
                if ends[1].done():
                    await send({"type": "http.response.body", "body": _event({"error": stopping()}), "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _pieces(self, *ends: "asyncio.Task[None]") -> AsyncIterator[bytes]:
        run, asked = self._run, self._asked
        yield self._chunk({"role": "assistant", "content": ""})
        async for delta in paced(run, *ends):
            yield COMMENT if delta is None else self._chunk(_delta(delta, asked), status=delta.status)
        end = run.end or End()
        if end.error is not None:
            yield _event({"error": error_object(end.error, self._service.settings)[1]})
        else:
            yield self._chunk({}, finish=end.finish, status="Done", done=True)
            if asked.include_usage:
                yield _event({**self._head(), "choices": [], "usage": _usage(end)})
        yield b"data: [DONE]\n\n"

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


def _delta(delta: Delta, asked: ChatRequest) -> dict[str, Any]:
    """A piece of an answer in a chunk."""
    told: dict[str, Any] = {"content": delta.content}
    if delta.reasoning:
        told["reasoning_content"] = delta.reasoning
    if delta.citations and asked.webui:
        told["annotations"] = _annotations(delta)
    return told


def _annotations(delta: Delta) -> list[dict[str, Any]]:
    return [
        {"type": "url_citation", "url_citation": {"url": one.url, "title": one.title, "start_index": 0, "end_index": 0}}
        for one in delta.citations
    ]


def _completion(run: Run, asked: ChatRequest, said: Delta, end: End) -> Response:
    message: dict[str, Any] = {"role": "assistant", "content": said.content, "refusal": None}
    if said.reasoning:
        message["reasoning_content"] = said.reasoning
    if said.citations and asked.webui:
        message["annotations"] = _annotations(said)
    body = {
        "id": f"chatcmpl-{run.id}",
        "object": "chat.completion",
        "created": run.created,
        "model": asked.model,
        "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": end.finish}],
        "usage": _usage(end),
    }
    return JSONResponse(body, headers=_ignored(asked))


def _usage(end: End) -> dict[str, int]:
    read, written = end.usage.prompt, end.usage.reply
    return {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}


def _ignored(asked: ChatRequest) -> dict[str, str]:
    """The header that says which fields had no effect."""
    names = ", ".join(name.encode("ascii", "replace").decode() for name in asked.ignored)
    return {"x-ignored-fields": names} if names else {}


def _event(data: dict[str, Any]) -> bytes:
    return f"data: {json.dumps(data, ensure_ascii=False)}\n\n".encode("utf-8", "replace")
