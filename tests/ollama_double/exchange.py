"""The answer to one request: whole or line by line over a real socket, with the faults applied."""

import contextlib
import os
import select
import socket
import struct
import time
from collections.abc import Iterable, Mapping
from email.utils import formatdate
from http import HTTPStatus
from typing import Any

from tests.ollama_double.faults import Fault
from tests.ollama_double.records import Request
from tests.ollama_double.wire import encode

GLANCE = 0.02
"""The time between two checks that the client of a waiting request is connected, in seconds."""

JSON = "application/json; charset=utf-8"
NDJSON = "application/x-ndjson"
TEXT = "text/plain; charset=utf-8"


class ClientGone(Exception):
    """The client closed its connection."""


class Ended(Exception):
    """A fault has ended the answer; nothing more is to be sent."""


class Exchange:
    """The connection to one client.

    Attributes:
        record: the record of the request.
        faults: those chosen for it.
        close: whether the connection ends with this answer.
    """

    def __init__(self, connection: socket.socket, record: Request, faults: Iterable[Fault] = ()) -> None:
        self.connection = connection
        self.record = record
        self.faults = list(faults)
        self.close = False
        self.extra: dict[str, str] = {}
        self._lines = 0
        self._streaming = False
        self._body_allowed = record.method != "HEAD"

    def fault(self, kind: str) -> Fault | None:
        """The chosen fault of a kind, recorded as applied."""
        found = next((fault for fault in self.faults if fault.kind == kind), None)
        if found and kind not in self.record.faults:
            self.record.faults.append(kind)
        return found

    def check(self) -> None:
        """Raise ClientGone when the client has closed its connection."""
        try:
            ready, _, _ = select.select([self.connection], [], [], 0)
            if ready and not self.connection.recv(1, socket.MSG_PEEK):
                raise ClientGone
        except (OSError, ValueError):
            raise ClientGone from None

    def wait(self, seconds: float | None, fault: Fault | None = None) -> None:
        """Wait while the client is connected; None waits until ``fault`` is released.

        Raises:
            ClientGone: the client disconnected, or the server was stopped, which also closes the connection.
        """
        deadline = None if seconds is None else time.monotonic() + seconds
        while not (fault and fault.released.is_set()):
            self.check()
            left = GLANCE if deadline is None else min(GLANCE, deadline - time.monotonic())
            if left <= 0:
                return
            time.sleep(left)

    def json(self, status: int, value: Any, content_type: str = JSON) -> None:
        """Send one JSON object as the whole answer."""
        body = encode(value)
        if status == HTTPStatus.OK:
            body = self._spoil_whole(body)
        self.whole(status, content_type, body)

    def error(self, status: int, text: str) -> None:
        """Send ``{"error": text}``; in a stream as its last line, where the status stays 200."""
        if self._streaming:
            self._chunk(encode({"error": text}) + b"\n")
            self.end()
        else:
            streamed = self.record.get("stream") is not False and self.record.path in {"/api/chat", "/api/generate"}
            self.whole(status, "application/json" if streamed else JSON, encode({"error": text}))

    def whole(self, status: int, content_type: str, body: bytes) -> None:
        """Send a whole answer with its length."""
        headers = {"Content-Type": content_type} if content_type else {}
        self._send(self._head(status, {**headers, "Content-Length": str(len(body))}) + self._allowed(body))

    def line(self, value: Any, *, last: bool = False) -> None:
        """Send one line of a stream, after the faults that come before it.

        Args:
            value: the object of the line.
            last: whether it is the last line; all remaining faults are applied before it.
        """
        self._spoil_line(encode(value) + b"\n", last=last)
        self._chunk(encode(value) + b"\n")
        self._lines += 1

    def end(self) -> None:
        """End a stream cleanly."""
        if not self._streaming:
            self._open()
        self._send(b"0\r\n\r\n")

    def reset(self) -> None:
        """Reset the connection.

        Raises:
            Ended: always.
        """
        with contextlib.suppress(OSError):
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            os.close(self.connection.detach())  # at once: the file objects on it would keep it open for a farewell
        self.drop()

    def drop(self) -> None:
        """End the connection here, in the middle of the answer.

        Raises:
            Ended: always.
        """
        self.close = True
        raise Ended

    def _spoil_line(self, coming: bytes, *, last: bool) -> None:
        for fault in self.faults:
            if not fault.in_stream or fault.fired_for == self.record.number or not (last or self._lines >= fault.after):
                continue
            fault.fired_for = self.record.number
            self.fault(fault.kind)
            self._break(fault, coming)

    def _break(self, fault: Fault, coming: bytes) -> None:
        half = coming[: max(1, len(coming) // 2)]
        if fault.kind == "stall":
            self.wait(fault.seconds, fault)
        elif fault.kind == "garbage":
            self._chunk(fault.text.encode() + b"\n")
        elif fault.kind == "error":
            self.error(HTTPStatus.INTERNAL_SERVER_ERROR, fault.text)
            raise Ended
        elif fault.kind == "half_line":
            self._chunk(half)
            self.end()
            raise Ended
        elif fault.kind == "no_done":
            self.end()
            raise Ended
        else:
            self._partly(f"{len(coming):x}\r\n".encode() + half)
            self._cut_off(fault)

    def _cut_off(self, fault: Fault) -> None:
        if fault.kind == "down" and fault.act:
            fault.act(fault)
        if fault.kind in {"reset", "down"}:
            self.reset()
        self.drop()

    def _spoil_whole(self, body: bytes) -> bytes:
        """An answer that is not streamed, after a fault."""
        for fault in self.faults:
            if not fault.in_stream or fault.kind == "no_done":
                continue
            self.fault(fault.kind)
            if fault.kind == "stall":
                self.wait(fault.seconds, fault)
            elif fault.kind == "garbage":
                body = fault.text.encode()
            elif fault.kind == "half_line":
                body = body[: len(body) // 2]
            elif fault.kind == "error":
                self.whole(HTTPStatus.INTERNAL_SERVER_ERROR, JSON, encode({"error": fault.text}))
                raise Ended
            else:
                head = self._head(HTTPStatus.OK, {"Content-Type": JSON, "Content-Length": str(len(body))})
                self._send(head + body[: len(body) // 2])
                self._cut_off(fault)
        return body

    def _open(self) -> None:
        self._streaming = True
        self._send(self._head(HTTPStatus.OK, {"Content-Type": NDJSON, "Transfer-Encoding": "chunked"}))

    def _partly(self, data: bytes) -> None:
        if not self._streaming:
            self._open()
        self._send(data)

    def _chunk(self, data: bytes) -> None:
        self._partly(f"{len(data):x}\r\n".encode() + data + b"\r\n")

    def _head(self, status: int, headers: Mapping[str, str]) -> bytes:
        self.record.status = status
        if self.record.answered is None:
            self.record.answered = time.time()
        rows = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase if status != 499 else ''}"]
        rows += [f"{name}: {value}" for name, value in {**self.extra, **headers}.items()]
        rows.append(f"Date: {formatdate(usegmt=True)}")
        if self.close:
            rows.append("Connection: close")
        return ("\r\n".join(rows) + "\r\n\r\n").encode("latin-1")

    def _allowed(self, body: bytes) -> bytes:
        return body if self._body_allowed else b""

    def _send(self, data: bytes) -> None:
        try:
            self.connection.sendall(data)
        except (OSError, ValueError):
            raise ClientGone from None
