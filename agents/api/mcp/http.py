"""The tools over HTTP (streamable HTTP): an ASGI application without sessions, for both generations of the protocol."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.server.transport_security import TransportSecuritySettings
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from agents.api.mcp.protocol import Context, Protocol
from agents.api.service import Service

LARGEST_BODY = 1 << 30
"""Bytes; the service has a smaller limit, and refuses larger requests before they come here."""


BAD = 400
"""The status of an answer to what is no message."""


class Interface:
    """The application; it answers inside its ``lifespan``.

    Args:
        service: the running service.
    """

    def __init__(self, service: Service) -> None:
        self._protocol = Protocol(service, _owner_of)
        self._sessions = StreamableHTTPSessionManager(
            self._protocol.server,
            # Each request is on its own, so a client goes on after a restart, and nothing is kept for one that is gone.
            stateless=True,
            # Names and origins were checked before a request comes here.
            security_settings=TransportSecuritySettings(enable_dns_rebinding_protection=False),
            max_request_body_size=LARGEST_BODY,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request. Only POST has a meaning without sessions."""
        if scope["method"] != "POST":
            await Response(status_code=405, headers={"Allow": "POST"})(scope, receive, send)
        else:
            await self._sessions.handle_request(scope, receive, _Plain(send).send)

    @asynccontextmanager
    async def lifespan(self) -> AsyncIterator[None]:
        """Answer during the block, and end the calls that go on after it."""
        try:
            async with self._sessions.run():
                yield
        finally:
            await self._protocol.close()


class _Plain:
    """Sends an answer on, but of one that refuses a message only a short sentence: the SDK's has many lines.

    Args:
        send: sends to the client.
    """

    def __init__(self, send: Send) -> None:
        self._send = send
        self._start: Message | None = None
        self._body = b""

    async def send(self, message: Message) -> None:
        """Send the next part of the answer."""
        if message["type"] == "http.response.start" and message["status"] == BAD:
            self._start = message
        elif self._start is None:
            await self._send(message)
        else:
            self._body += message.get("body", b"")
            if not message.get("more_body", False):
                await self._refuse(self._start)

    async def _refuse(self, start: Message) -> None:
        body = _in_short(self._body)
        headers = [(name, value) for name, value in start["headers"] if name.lower() != b"content-length"]
        await self._send({**start, "headers": [*headers, (b"content-length", str(len(body)).encode())]})
        await self._send({"type": "http.response.body", "body": body})


def _in_short(body: bytes) -> bytes:
    """A refusal whose text has one line, without the addresses of manuals."""
    try:
        said = json.loads(body)
        text = said["error"]["message"]
    except (ValueError, KeyError, TypeError):
        return body
    if "\n" not in text:
        return body
    said["error"]["message"] = f"{text.partition(':')[0]}: this is no message of JSON-RPC 2.0."
    return json.dumps(said).encode()


def create(service: Service) -> Interface:
    """The application for a service."""
    return Interface(service)


def _owner_of(context: Context) -> str:
    """Whose request it is, as the service found when it checked the token."""
    request: Any = context.request
    owner: str = request.scope["state"]["owner"]
    return owner
