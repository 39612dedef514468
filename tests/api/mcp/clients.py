"""The SDK's own client at the tools, over both transports and in both generations of the protocol."""

import os
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import uvicorn
from mcp import Client
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.dispatcher import ProgressFnT
from mcp_types import CallToolResult, TextContent
from starlette.types import Receive, Scope, Send

from agents.api.mcp.http import create
from agents.api.service import Service
from agents.orchestrator.background.owners import Owners
from agents.settings import Settings
from tests.inputs import ROOT

ERAS = {"legacy": "2025-11-25", "2026-07-28": "2026-07-28"}
"""How a client begins, and the version of the protocol that it then speaks."""

OWNER = b"x-owner"
"""The header that names the owner in these tests, where the service has a token."""


@asynccontextmanager
async def over_stdio(era: str = "legacy") -> AsyncIterator[Client]:
    """A client that started ``orchestrator mcp``."""
    command = [sys.executable, "-m", "agents", "mcp"]
    params = StdioServerParameters(command=command[0], args=command[1:], env={**os.environ, "PYTHONPATH": str(ROOT)})
    with Path(os.devnull).open("w") as log:  # noqa: ASYNC230 - nothing is read
        async with Client(stdio_client(params, log), mode=era) as client:
            yield client


@asynccontextmanager
async def served() -> AsyncIterator[tuple[str, Service]]:
    """The tools over HTTP, with the owner named by a header; yields the address and the service."""
    settings = Settings.load()
    service = Service(settings, Owners(settings))
    interface = create(service)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        scope["state"] = {"owner": dict(scope["headers"]).get(OWNER, b"").decode()}
        await interface(scope, receive, send)

    server = uvicorn.Server(uvicorn.Config(app, port=0, lifespan="off", log_level="error"))
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(interface.lifespan())
        config = server.config
        config.load()
        server.lifespan = config.lifespan_class(config)
        await server.startup()
        try:
            yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/mcp", service
        finally:
            service.stopping.set()
            await server.shutdown()
            await service.owners.close(1.0)


@asynccontextmanager
async def connected(
    url: str, era: str = "legacy", seconds: float | None = None, owner: str = ""
) -> AsyncIterator[Client]:
    """A client at an address, with its limit for one call."""
    async with (
        httpx2.AsyncClient(headers={OWNER.decode(): owner}, timeout=60, trust_env=False) as http,
        Client(streamable_http_client(url, http_client=http), mode=era, read_timeout_seconds=seconds) as client,
    ):
        yield client


@asynccontextmanager
async def over_http(era: str = "legacy") -> AsyncIterator[Client]:
    """A client at a server of its own."""
    async with served() as (url, _), connected(url, era) as client:
        yield client


def words(result: CallToolResult) -> str:
    """The text of a result."""
    [content] = result.content
    assert isinstance(content, TextContent)
    return content.text


async def called(client: Client, tool: str, **arguments: Any) -> dict[str, Any]:
    """The values that a tool gives; its text has the same facts."""
    result = await client.call_tool(tool, arguments)
    assert not result.is_error, words(result)
    assert words(result)
    found: dict[str, Any] = result.structured_content
    return found


async def refused(client: Client, tool: str, **arguments: Any) -> str:
    """What a tool says that fails."""
    result = await client.call_tool(tool, arguments)
    assert result.is_error, words(result)
    return words(result)


Heard = list[tuple[float, float | None, str]]


def hearing(heard: Heard) -> ProgressFnT:
    """A listener that keeps the progress it is told."""

    async def listen(progress: float, total: float | None, message: str | None) -> None:
        heard.append((progress, total, message or ""))

    return listen
