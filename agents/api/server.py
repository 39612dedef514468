"""The HTTP server: one thread per request, GET and HEAD only; it ends within a second when told to."""

import contextlib
import json
import socket
import threading
import time
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from agents.api import access, routes
from agents.errors import OrchestratorError, UsageError
from agents.log import Log
from agents.settings import Settings

PATHS: dict[str, Callable[[Settings, float], routes.HttpReply]] = {
    "/health": routes.health,
    "/ready": routes.ready,
    "/status": routes.status,
}
"""Every path, and the function that answers it."""

OPEN = ("/health", "/ready")
"""The paths that need no token, for health checks: they say whether the service works, and nothing that is in it."""

MOST_CONNECTIONS = 32
"""Connections served at the same time, so that a flood cannot use up the threads. For one more, the connection is
closed that has kept its request back for the longest time.
"""

READ_SECONDS = 10
"""The maximum time for a client to send its whole request."""

SLOT_SECONDS = 0.5
"""The maximum wait for the thread of a connection that was closed for another one."""

POLL_SECONDS = 0.1
"""How often the listening thread checks whether it should end."""


class StatusServer(ThreadingHTTPServer):
    """The listening socket.

    Args:
        settings: what the answers are about.
        host: the address to listen on.
        port: the port, 0 for any free one.

    Raises:
        UsageError: it is not possible to listen there; the cause says why.
    """

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64

    def __init__(self, settings: Settings, host: str, port: int) -> None:
        self.settings = settings
        self.log = Log(settings.log_folder, settings.log_level)
        self.began = time.monotonic()
        self._free_slots = threading.BoundedSemaphore(MOST_CONNECTIONS)
        self._asking: dict[socket.socket, float] = {}
        self._lock = threading.Lock()
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        try:
            super().__init__((host, port), Handler)
        except (OSError, OverflowError) as error:
            why = getattr(error, "strerror", None) or str(error)
            raise UsageError(
                f"Cannot listen on {host} port {port}: {why}.", "Choose another port.", about="port"
            ) from None

    @property
    def url(self) -> str:
        """The URL on which it listens."""
        host, port = str(self.server_address[0]), int(self.server_address[1])
        return f"http://{f'[{host}]' if ':' in host else host}:{port}"

    def server_bind(self) -> None:
        """Bind without looking up the machine's name, which can take seconds where there is no name server."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()

    def process_request(self, request: Any, client_address: Any) -> None:
        """Serve a connection in a thread of its own, in place of the one that has asked nothing for the longest time if
        there are too many.
        """
        if not self._free_slots.acquire(blocking=False):
            self._drop_asking(most=1)
            if not self._free_slots.acquire(timeout=SLOT_SECONDS):
                self.log.line("WARNING", "connection refused", most=MOST_CONNECTIONS)
                self.shutdown_request(request)
                return
        with self._lock:
            self._asking[request] = time.monotonic()
        super().process_request(request, client_address)

    def has_asked(self, request: socket.socket) -> None:
        """A connection has sent its request: from now on it is the server that takes the time."""
        with self._lock:
            self._asking.pop(request, None)

    def service_actions(self) -> None:
        """Close the connections whose time to ask is over, however they used it."""
        self._drop_asking(since=time.monotonic() - READ_SECONDS)

    def _drop_asking(self, *, most: int = MOST_CONNECTIONS, since: float = float("inf")) -> None:
        """Close the oldest connections that have not sent their request, at most so many, and only older ones."""
        with self._lock:
            late = [request for request, began in self._asking.items() if began < since][:most]
            for request in late:
                del self._asking[request]
                with contextlib.suppress(OSError):
                    request.shutdown(socket.SHUT_RDWR)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Serve one connection, then let the next one in."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self.has_asked(request)
            self._free_slots.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Log what went wrong while a connection was served; in most cases the client closed it."""
        import sys

        del request, client_address
        self.log.line("WARNING", "request failed", error=type(sys.exception()).__name__)


class Handler(BaseHTTPRequestHandler):
    """One request."""

    server: StatusServer
    timeout = READ_SECONDS
    server_version = "orchestrator"
    sys_version = ""

    def do_GET(self) -> None:
        """Answer a known path with its JSON, and any other with the list of paths."""
        self.server.has_asked(self.connection)
        try:
            path = urlsplit(self.path).path.rstrip("/") or "/"
        except ValueError:
            self._answer(400, {"error": "The request names no path."})
            return
        answer = PATHS.get(path)
        if answer is None:
            self._answer(404, {"error": "There is no such path.", "paths": list(PATHS)})
            return
        token, said = self.server.settings.api_token, self.headers
        if path not in OPEN and (refusal := access.refusal(token, said.get("Authorization", ""), said.get("Host", ""))):
            self._answer(*refusal)
            return
        try:
            code, body = answer(self.server.settings, time.monotonic() - self.server.began)
        except OrchestratorError as error:
            code, body = routes.UNAVAILABLE, routes.told(error, self.server.settings)
        self._answer(code, body)

    do_HEAD = do_GET  # noqa: N815 - the name the library looks for

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Refuse a request that is not GET or HEAD, or not HTTP, with a JSON body."""
        del explain
        if code == 501:  # what the library says to POST, PUT, DELETE ...
            self._answer(405, {"error": "The service is read only.", "paths": list(PATHS)}, {"Allow": "GET, HEAD"})
        else:
            self._answer(code, {"error": message or "The request could not be understood."})

    def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002 - the library's name for it
        """Write requests to the log instead of the terminal, at level DEBUG."""
        self.server.log.line("DEBUG", "request", request=(format % arguments)[:200])

    def _answer(self, code: int, body: dict[str, Any], more: Mapping[str, str] | None = None) -> None:
        data = json.dumps(body, indent=2).encode() + b"\n"
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Cache-Control", "no-store")
        for name, value in (more or {}).items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)


def serve(settings: Settings, host: str, port: int, *, stop: threading.Event, listening: Callable[[str], None]) -> None:
    """Listen until ``stop`` is set; ends within a second of it.

    Args:
        settings: what the answers are about.
        host: the address to listen on.
        port: the port, 0 for any free one.
        stop: set it to end the service, from any thread or signal handler.
        listening: called with the URL as soon as connections are accepted.

    Raises:
        UsageError: it is not possible to listen there.
    """
    with StatusServer(settings, host, port) as server:
        thread = threading.Thread(target=server.serve_forever, args=(POLL_SECONDS,), daemon=True)
        thread.start()
        server.log.line("INFO", "service started", url=server.url)
        listening(server.url)
        try:
            # On Windows, Ctrl-C does not interrupt a wait without a timeout.
            while not stop.wait(POLL_SECONDS):
                pass
        finally:
            server.shutdown()
            thread.join()
            server.log.line("INFO", "service stopped", uptime_seconds=round(time.monotonic() - server.began, 1))
