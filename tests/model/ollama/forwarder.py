"""A small HTTP proxy on a real socket, for tests with a proxy before a server."""

import contextlib
import json
import threading
from collections.abc import Callable
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import urlsplit

Edit = Callable[[dict[str, Any]], dict[str, Any]]


class Forwarder:
    """Passes requests on to one server, whatever host they name.

    Attributes:
        targets: what each request asked for, as it stood on its first line.
        credentials: the Proxy-Authorization of each request, or "".
    """

    def __init__(self, to: str, edit: Edit | None = None) -> None:
        self.targets: list[str] = []
        self.credentials: list[str] = []
        self.edit = edit
        self.host = urlsplit(to).netloc
        self._server = _Server(self)

    @property
    def netloc(self) -> str:
        """Its host and port."""
        return f"127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, forwarder: Forwarder) -> None:
        self.forwarder = forwarder
        super().__init__(("127.0.0.1", 0), _Handler)


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        self._pass_on()

    def do_POST(self) -> None:
        self._pass_on()

    def _pass_on(self) -> None:
        forwarder = self.server.forwarder
        forwarder.targets.append(self.path)
        forwarder.credentials.append(self.headers.get("Proxy-Authorization", ""))
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if forwarder.edit and body:
            body = json.dumps(forwarder.edit(json.loads(body))).encode()
        connection = HTTPConnection(forwarder.host)
        with contextlib.closing(connection):
            connection.request(self.command, urlsplit(self.path).path, body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.getheader("Content-Type", ""))
            self.end_headers()
            while piece := answer.read1():
                self.wfile.write(piece)
