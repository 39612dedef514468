"""One connection of a client: uvicorn's protocol on h11, with limits for clients that are slow or send no HTTP."""

import asyncio
import contextlib
import json
import socket
import sys
import time
from typing import Any

import h11
from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import STATUS_PHRASES, H11Protocol
from uvicorn.server import ServerState

from agents.api.limits import BODY_SECONDS
from agents.api.request_log import new_id

MOST_CONNECTIONS = 512
"""Connections that are open at the same time. For one more, the connection is closed that has kept its request back for
the longest time.
"""

READ_SECONDS = 10.0
"""The maximum time for a client to send the whole head of its request."""

IDLE_SECONDS = 30.0
"""How long a connection stays open without a request after an answer."""

STALL_SECONDS = 60.0
"""How long a client may read nothing of an answer."""

HEAD_BYTES = 65_536
"""The most bytes of a head."""

SEND_BUFFER = 262_144
"""The most bytes that the system takes for a client that does not read, so that it is noticed."""

_NO_HTTP = "The request could not be understood."


class Clients:
    """All open connections of the service."""

    def __init__(self) -> None:
        self.open: set[Connection] = set()

    def has_place(self) -> bool:
        """Whether there is a place for one more connection; one that keeps its request back is closed for it."""
        if len(self.open) < MOST_CONNECTIONS:
            return True
        asking = [one for one in self.open if one.asks_since is not None]
        if not asking:
            return False
        self._drop(min(asking, key=lambda one: one.asks_since or 0.0))
        return True

    def sweep(self) -> None:
        """Close the connections whose time is over."""
        for one in [*self.open]:
            if one.is_late():
                self._drop(one)

    def _drop(self, one: "Connection") -> None:
        self.open.discard(one)
        one.drop()


class Connection(H11Protocol):
    """One connection.

    Args:
        config: uvicorn's, with the application.
        state: uvicorn's, of the port.
        clients: all connections of all ports.

    Attributes:
        asks_since: since when it has owed the rest of its request, or another request; None while it is the server that
            takes the time.
    """

    def __init__(self, config: Config, state: ServerState, clients: Clients) -> None:
        super().__init__(config, state, {})
        self._clients = clients
        self._limit = READ_SECONDS
        self._unread: tuple[float, int] | None = None
        self.asks_since: float | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Serve the connection if there is a place for it."""
        super().connection_made(transport)
        if not self._clients.has_place():
            self._answer(503, "The service has too many connections.")
            return
        self._clients.open.add(self)
        self._asks(READ_SECONDS)
        _watch_for_silence(transport.get_extra_info("socket"))

    def connection_lost(self, exc: Exception | None) -> None:
        """Give the place to others."""
        self._clients.open.discard(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take bytes of a request."""
        if self.transport.is_closing():
            return
        if self._limit == IDLE_SECONDS:
            self._asks(READ_SECONDS)
        super().data_received(data)
        self._take_time()

    def on_response_complete(self) -> None:
        """Wait for the next request."""
        self.asks_since = None
        super().on_response_complete()
        self._take_time()

    def is_late(self) -> bool:
        """Whether the client has used up its time, to send or to read."""
        now = time.monotonic()
        if self.asks_since is not None:
            return now - self.asks_since > self._limit
        if self._unread is None:
            return False
        since, size = self._unread
        if self.transport.get_write_buffer_size() < size:
            self._unread = now, self.transport.get_write_buffer_size()
            return False
        return now - since > STALL_SECONDS

    def drop(self) -> None:
        """Close the connection without waiting for its client."""
        self.transport.abort()

    def pause_writing(self) -> None:
        """Note since when the client has taken nothing."""
        self._unread = time.monotonic(), self.transport.get_write_buffer_size()
        super().pause_writing()

    def resume_writing(self) -> None:
        """The client has read."""
        self._unread = None
        super().resume_writing()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP, with the status that fits best."""
        del msg
        error = sys.exception()
        self._answer(getattr(error, "error_status_hint", 400), _NO_HTTP)

    def shutdown(self) -> None:
        """End after the answer that is being sent."""
        with contextlib.suppress(h11.LocalProtocolError):
            super().shutdown()

    def _asks(self, limit: float) -> None:
        self.asks_since, self._limit = time.monotonic(), limit

    def _take_time(self) -> None:
        """Find out whether the client or the server has to do the next step."""
        if self.conn.their_state is h11.SEND_BODY:
            if self._limit != BODY_SECONDS:
                self._asks(BODY_SECONDS)
        elif self.cycle is not None and not self.cycle.response_complete:
            self.asks_since, self._limit = None, 0.0
        elif self.asks_since is None:
            self._asks(READ_SECONDS if self.conn.trailing_data[0] else IDLE_SECONDS)

    def _answer(self, status: int, cause: str) -> None:
        """Answer without the application, and close the connection."""
        if self.cycle is not None and not self.cycle.response_complete:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        body = json.dumps({"error": cause}, indent=2).encode() + b"\n"
        headers = {
            "Content-Type": "application/json",
            "Content-Length": str(len(body)),
            "X-Request-Id": new_id(),
            "Connection": "close",
        }
        with contextlib.suppress(h11.LocalProtocolError):  # an answer has begun: there is nothing more to say
            start = h11.Response(status_code=status, headers=[*headers.items()], reason=STATUS_PHRASES[status])
            events = (start, h11.Data(data=body), h11.EndOfMessage())
            self.transport.write(b"".join(self.conn.send(event) or b"" for event in events))
        self.transport.close()


def config_of(app: Any) -> Config:
    """Uvicorn's configuration for an application: no log of its own, and no header is believed that names a client."""
    config = Config(
        app,
        loop="asyncio",
        http=Connection,
        ws="none",
        lifespan="off",
        interface="asgi3",
        log_config=None,
        log_level="critical",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=int(IDLE_SECONDS),
        h11_max_incomplete_event_size=HEAD_BYTES,
    )
    config.load()
    return config


def _watch_for_silence(connection: Any) -> None:
    """Let the system find a client that reads nothing, or has vanished without a word."""
    with contextlib.suppress(OSError, AttributeError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(STALL_SECONDS * 1000))
