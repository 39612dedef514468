"""One TCP connection: reads requests, finds their endpoint, and records them."""

import ipaddress
import json
import socket
import time
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from tests.ollama_double import chat, models, pull
from tests.ollama_double.exchange import TEXT, ClientGone, Ended, Exchange
from tests.ollama_double.wire import Refusal

if TYPE_CHECKING:
    from tests.ollama_double.server import Listener, OllamaDouble

Endpoint = Callable[["OllamaDouble", Exchange], None]


def running(_double: "OllamaDouble", exchange: Exchange) -> None:
    """GET /: says that the server is running."""
    exchange.whole(200, TEXT, b"Ollama is running")


ROUTES: Mapping[str, Mapping[str, Endpoint]] = {
    "/": {"GET": running, "HEAD": running},
    "/api/version": {"GET": models.version, "HEAD": models.version},
    "/api/tags": {"GET": models.tags, "HEAD": models.tags},
    "/api/ps": {"GET": models.ps},
    "/api/show": {"POST": models.show},
    "/api/delete": {"DELETE": models.delete},
    "/api/pull": {"POST": pull.pull},
    "/api/chat": {"POST": chat.chat},
    "/api/generate": {"POST": models.generate_text},
    "/api/embed": {"POST": models.embed},
    "/api/embeddings": {"POST": models.embeddings},
}


class Handler(BaseHTTPRequestHandler):
    """Serves one connection, with keep-alive."""

    protocol_version = "HTTP/1.1"
    server: "Listener"
    connection: socket.socket

    def setup(self) -> None:
        """Send small pieces at once."""
        super().setup()
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.double = self.server.double
        self.number = self.server.opened(self.connection)

    def finish(self) -> None:
        """Forget the connection."""
        self.server.closed(self.connection)
        super().finish()

    def handle(self) -> None:
        """Serve until the client disconnects."""
        try:
            super().handle()
        except (OSError, ValueError):
            self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Write nothing to the terminal; all requests are recorded."""

    def _serve(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        record = self.double.requests.add(self.number, self.command, urlsplit(self.path).path, headers)
        record.raw = self._body(headers)
        record.body = _json_or_none(record.raw)
        exchange = Exchange(self.connection, record, self.double.faults.chosen(record))
        exchange.close = self.close_connection or headers.get("connection", "").lower() == "close"
        try:
            with self.double.in_flight():
                self._answer(exchange, headers)
        except ClientGone:
            record.cancelled = not self.double.stopping.is_set()
            exchange.close = True
        except Ended:
            pass
        finally:
            record.finished = time.time()
            self.double.requests.note()
        self.close_connection = exchange.close

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = do_OPTIONS = do_PATCH = _serve  # noqa: N815

    def _body(self, headers: Mapping[str, str]) -> bytes:
        if headers.get("transfer-encoding", "").lower() != "chunked":
            return self.rfile.read(int(headers.get("content-length") or 0))
        body = b""
        while size := int(self.rfile.readline().split(b";")[0].strip() or b"0", 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        while self.rfile.readline().strip():
            pass
        return body

    def _answer(self, exchange: Exchange, headers: Mapping[str, str]) -> None:
        record = exchange.record
        if self._shut_out(exchange, headers):
            return
        endpoints = ROUTES.get(record.path)
        if endpoints is None:
            exchange.whole(404, TEXT.partition(";")[0], b"404 page not found")
        elif record.method not in endpoints:
            exchange.whole(405, TEXT.partition(";")[0], b"405 method not allowed")
        else:
            try:
                self._faults_at_the_door(exchange)
                endpoints[record.method](self.double, exchange)
            except Refusal as refusal:
                exchange.error(refusal.status, refusal.text)

    def _faults_at_the_door(self, exchange: Exchange) -> None:
        if fault := exchange.fault("status"):
            missing = f"model '{exchange.record.get('model', '')}' not found"
            raise Refusal(fault.status, fault.text or missing)
        if exchange.record.path not in {"/api/chat", "/api/generate"} and (slow := exchange.fault("slow")):
            exchange.wait(slow.seconds, slow)

    def _shut_out(self, exchange: Exchange, headers: Mapping[str, str]) -> bool:
        """Refuse other hosts and origins, and answer the preflight request of a browser."""
        if self.server.local_only and not _own_host(headers.get("host", "")):
            exchange.whole(403, "", b"")
            return True
        origin = headers.get("origin")
        if origin is None:
            return False
        if not _own_origin(origin):
            exchange.whole(403, "", b"")
            return True
        exchange.extra["Access-Control-Allow-Origin"] = origin
        if exchange.record.method == "OPTIONS":
            exchange.extra["Access-Control-Allow-Methods"] = "GET,POST,PUT,PATCH,DELETE,HEAD,OPTIONS"
            exchange.extra["Access-Control-Allow-Headers"] = "Authorization,Content-Type,User-Agent,Accept"
            exchange.whole(204, "", b"")
            return True
        return False


def _json_or_none(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except ValueError:
        return None


def _own_host(host: str) -> bool:
    name = urlsplit(f"//{host}").hostname or ""
    if name in {"", "localhost", socket.gethostname().lower()} or name.endswith((".localhost", ".local", ".internal")):
        return True
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    return address.is_loopback or address.is_private or address.is_unspecified


def _own_origin(origin: str) -> bool:
    parts = urlsplit(origin)
    own = {"localhost", "127.0.0.1", "0.0.0.0"}  # noqa: S104 - a browser's name for this machine, nothing is bound
    return parts.scheme in {"app", "file", "tauri", "vscode-webview"} or parts.hostname in own
