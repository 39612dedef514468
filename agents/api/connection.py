"""One connection of a client: uvicorn's protocol on h11, with limits for clients that are slow or send no HTTP."""

import asyncio
import contextlib
import json
import socket
import sys
import time
from enum import Enum
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


class Owed(Enum):
    """What a client has to send next."""

    NOTHING = "nothing: it is the server that takes the time"
    HEAD = "the rest of a head"
    BODY = "the rest of a body"
    REQUEST = "another request, if it wants to"


class Clients:
    """All open connections of the service."""

    def __init__(self) -> None:
        self.open: set[Connection] = set()

    def has_place(self) -> bool:
        """Whether there is a place for one more connection; one that keeps its request back is closed for it."""
        if len(self.open) < MOST_CONNECTIONS:
            return True
        owing = [one for one in self.open if one.owed is not Owed.NOTHING and not one.transport.get_write_buffer_size()]
        if not owing:
            return False
        self._drop(min(owing, key=lambda one: one.since))
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
        owed: what its client has to send next.
        since: since when, in seconds of ``time.monotonic``.
    """

    def __init__(self, config: Config, state: ServerState, clients: Clients) -> None:
        super().__init__(config, state, {})
        self._clients = clients
        self._unread: tuple[float, int] | None = None
        self.owed = Owed.HEAD
        self.since = time.monotonic()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Serve the connection if there is a place for it."""
        super().connection_made(transport)
        if not self._clients.has_place():
            self._answer(503, "The service has too many connections.")
            return
        self._clients.open.add(self)
        _watch_for_silence(transport.get_extra_info("socket"))

    def connection_lost(self, exc: Exception | None) -> None:
        """Give the place to others."""
        self._clients.open.discard(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take bytes of a request."""
        if self.transport.is_closing():
            return
        if self.owed is Owed.REQUEST:
            self._owes(Owed.HEAD)
        super().data_received(data)
        self._take_time()

    def on_response_complete(self) -> None:
        """Wait for the next request."""
        self.owed = Owed.NOTHING
        super().on_response_complete()
        self._take_time()

    def is_late(self) -> bool:
        """Whether the client has used up its time, to read or to send. To be asked now and then."""
        now, size = time.monotonic(), self.transport.get_write_buffer_size()
        if size:
            since, before = self._unread or (now, size)
            self._unread = now if size < before else since, size
            return now - self._unread[0] > STALL_SECONDS
        self._unread = None
        limits = {Owed.HEAD: READ_SECONDS, Owed.BODY: BODY_SECONDS, Owed.REQUEST: IDLE_SECONDS}
        return self.owed is not Owed.NOTHING and now - self.since > limits[self.owed]

    def drop(self) -> None:
        """Close the connection without waiting for its client."""
        self.transport.abort()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP, with the status that fits best."""
        del msg
        error = sys.exception()
        self._answer(getattr(error, "error_status_hint", 400), _NO_HTTP)

    def shutdown(self) -> None:
        """End after the answer that is being sent."""
        with contextlib.suppress(h11.LocalProtocolError):
            super().shutdown()

    def _owes(self, owed: Owed) -> None:
        if owed is not self.owed:
            self.owed, self.since = owed, time.monotonic()

    def _take_time(self) -> None:
        """Find out whether the client or the server has to do the next step."""
        if self.conn.their_state is h11.SEND_BODY:
            self._owes(Owed.BODY)
        elif self.cycle is not None and not self.cycle.response_complete:
            self._owes(Owed.NOTHING)
        elif self.owed is not Owed.HEAD or self.cycle is None:
            self._owes(Owed.HEAD if self.conn.trailing_data[0] or self.cycle is None else Owed.REQUEST)

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
        timeout_keep_alive=int(IDLE_SECONDS) + 5,  # ours counts
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
