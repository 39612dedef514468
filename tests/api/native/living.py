"""The native API on a real socket, in a thread with its own event loop; the header X-Owner says who asks."""

import asyncio
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from agents.api.native.app import create
from agents.api.service import Service
from agents.orchestrator.background.owners import Owners
from agents.settings import Settings


class Living:
    """A running API.

    Attributes:
        url: where it listens, with ``/api``.
        service: what it serves; its parts belong to its thread.
    """

    def __init__(self, url: str, service: Service, loop: asyncio.AbstractEventLoop) -> None:
        self.url = url
        self.service = service
        self.loop = loop

    def client(self, owner: str = "") -> httpx.Client:
        """A client of one owner."""
        return httpx.Client(base_url=self.url, headers={"X-Owner": owner} if owner else {}, timeout=30)

    def stop_streams(self) -> None:
        """Tell the service that it ends."""
        self.loop.call_soon_threadsafe(self.service.stopping.set)


@contextmanager
def living(**flags: Any) -> Iterator[Living]:
    """The API with settings of the test, and with flags on top of them."""
    started: list[Living] = []
    ready = threading.Event()
    thread = threading.Thread(target=lambda: asyncio.run(_serve(flags, started, ready)), daemon=True)
    thread.start()
    assert ready.wait(30)
    try:
        yield started[0]
    finally:
        started[0].stop_streams()
        thread.join(30)
        assert not thread.is_alive()


async def _serve(flags: dict[str, Any], started: list[Living], ready: threading.Event) -> None:
    settings = Settings.load(**flags)
    service = Service(settings, Owners(settings))
    root = _owned(create(service))
    config = uvicorn.Config(root, "127.0.0.1", 0, log_level="critical", lifespan="off", timeout_graceful_shutdown=3)
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve(), name="uvicorn")
    await asyncio.to_thread(_until_started, server)
    port = server.servers[0].sockets[0].getsockname()[1]
    started.append(Living(f"http://127.0.0.1:{port}/api", service, asyncio.get_running_loop()))
    ready.set()
    await service.stopping.wait()
    server.should_exit = True
    await serving
    await service.owners.close(1.0)


def _until_started(server: uvicorn.Server) -> None:
    while not server.started:
        time.sleep(0.01)


def _owned(app: ASGIApp) -> ASGIApp:
    async def asked(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            named = dict(scope["headers"]).get(b"x-owner", b"").decode()
            scope["state"] = {"owner": named, "request_id": "r1"}
            scope["root_path"] = "/api"
        await app(scope, receive, send)

    return asked


def events_of(text: str) -> list[dict[str, Any]]:
    """The events of a stream: id, event and data; comments are left out."""
    found = []
    for block in text.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.split("\n") if ": " in line and not line.startswith(":"))
        if "event" in fields:
            found.append({"id": fields.get("id", ""), "event": fields["event"], "data": json.loads(fields["data"])})
    return found
