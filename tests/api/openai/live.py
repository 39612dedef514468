"""The OpenAI-compatible interface on a real socket, in a thread of this process, so that a test can shorten its times."""

import asyncio
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.types import Receive, Scope, Send

from agents.api.openai import routes
from agents.api.service import Service
from agents.orchestrator.background.owners import Owners
from agents.settings import Settings

HEADERS = {"Authorization": "Bearer local"}


TYPE = """
id = "small"
title = "Small decision"
purpose = "Answer one question quickly."
facilitator = "engineering_manager"
participants = ["engineering_manager", "backend_developer"]
minutes = 5
agenda = ["Which options are there?"]
phases = ["silent_round", "proposal", "ballot"]
rule = "majority"
artefact = "decision"

[[lines]]
label = "Choice"
heading = "Options"
ask = "one option"
draws_on = "proposal"
"""
"""A meeting of few calls."""


class Live:
    """The interface while it is served.

    Attributes:
        url: its address, with ``/v1``.
        service: what it is given.
    """

    def __init__(self, settings: Settings, most_waiting: int) -> None:
        self._settings, self._most = settings, most_waiting
        self._ready, self._done = threading.Event(), asyncio.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)
        self._thread.start()
        assert self._ready.wait(20)

    async def _serve(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.service = Service(self._settings, Owners(self._settings, most_waiting=self._most))
        app = Starlette(routes=[Mount("/v1", routes=routes(self.service))])
        app.state.service = self.service

        async def owned(scope: Scope, receive: Receive, send: Send) -> None:
            scope.setdefault("state", {})["owner"] = ""
            await app(scope, receive, send)

        config = uvicorn.Config(owned, "127.0.0.1", 0, log_level="warning", lifespan="off", ws="none")
        listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{listening.getsockname()[1]}/v1"
        server = uvicorn.Server(config)
        task = asyncio.create_task(server.serve(sockets=[listening]))
        self._ready.set()
        await self._done.wait()
        self.service.stopping.set()
        server.should_exit = True
        await task
        await self.service.owners.close(2)

    def do(self, function: Any) -> Any:
        """Call something in the thread of the service, and give what it returns."""

        async def call() -> Any:
            return function()

        return asyncio.run_coroutine_threadsafe(call(), self.loop).result(20)

    @property
    def meetings(self) -> list[Any]:
        """The stored meetings."""
        return list(self.do(lambda: self.service.owners.get().orchestrator.list_meetings()))

    def stop(self) -> None:
        """End it."""
        self.loop.call_soon_threadsafe(self._done.set)
        self._thread.join(20)

    def post(self, body: dict[str, Any], headers: dict[str, str] | None = None, seconds: float = 60) -> httpx.Response:
        """A whole answer."""
        return httpx.post(
            f"{self.url}/chat/completions", json=body, headers={**HEADERS, **(headers or {})}, timeout=seconds
        )

    def stream(self, body: dict[str, Any], headers: dict[str, str] | None = None) -> "Streamed":
        """A whole stream."""
        with self.opened(body, headers) as response:
            return Streamed(response.status_code, [line for line in response.iter_lines() if line])

    @contextmanager
    def opened(self, body: dict[str, Any], headers: dict[str, str] | None = None) -> Iterator[httpx.Response]:
        """A stream that the test reads itself."""
        given = {**HEADERS, **(headers or {})}
        with httpx.stream(
            "POST", f"{self.url}/chat/completions", json={**body, "stream": True}, headers=given, timeout=60
        ) as response:
            yield response


class Streamed:
    """The lines of a stream, read."""

    def __init__(self, status: int, lines: list[str]) -> None:
        self.status = status
        self.comments = [line for line in lines if line.startswith(":")]
        data = [line.removeprefix("data: ") for line in lines if line.startswith("data: ")]
        self.done = bool(data) and data[-1] == "[DONE]"
        self.chunks: list[dict[str, Any]] = [json.loads(line) for line in data if line != "[DONE]"]
        deltas = [choice["delta"] for chunk in self.chunks for choice in chunk.get("choices", ())]
        self.content = "".join(delta.get("content") or "" for delta in deltas)
        self.reasoning = "".join(delta.get("reasoning_content") or "" for delta in deltas)
        self.annotations = [one for delta in deltas for one in delta.get("annotations", ())]
        self.events = [chunk["event"] for chunk in self.chunks if "event" in chunk]
        self.finish = [
            c["finish_reason"] for chunk in self.chunks for c in chunk.get("choices", ()) if c["finish_reason"]
        ]
        self.usage = next((chunk["usage"] for chunk in self.chunks if chunk.get("usage")), None)
        self.error = next((chunk["error"] for chunk in self.chunks if "error" in chunk), None)


@contextmanager
def live(data: Path, most_waiting: int = 8, **flags: Any) -> Iterator[Live]:
    """The interface with its histories in ``data``."""
    (data.parent / "types").mkdir()
    (data.parent / "types" / "small.toml").write_text(TYPE, encoding="utf-8")
    settings = Settings.load(
        None, data.parent, data_folder=data, types_folder=data.parent / "types", control_ballots="never", **flags
    )
    interface = Live(settings, most_waiting)
    try:
        yield interface
    finally:
        interface.stop()


def asked(model: str, *texts: str, **more: Any) -> dict[str, Any]:
    """The body of a request: the texts are those of user and assistant in turn."""
    roles = ("user", "assistant")
    return {
        "model": model,
        "messages": [{"role": roles[n % 2], "content": text} for n, text in enumerate(texts)],
        **more,
    }
