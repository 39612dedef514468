"""HTTP in the event loop, for answers that arrive piece by piece: connections of the standard library that are kept for
the next request. What a large client would import takes longer than a server needs to begin its answer.
"""

import asyncio
import contextlib
import re
import select
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from http.client import HTTPException
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from agents.model.http.bounds import MOST_ANSWER, MOST_LINE, MOST_REFUSAL, refuse_compressed, too_long
from agents.model.http.network_error import UnusableProxy
from agents.model.http.stdlib import Address, Route, in_thread, tls_context

_MOST_HEAD = 2**16
"""The most bytes of the head of a response."""

_PIECE = 2**16
"""The most bytes that are read at once."""

_STATUS_LINE = re.compile(r"HTTP/1\.([0-9]) ([0-9]{3})")
_LENGTH = re.compile(r"[0-9]{1,18}")
_CHUNK_SIZE = re.compile(rb"[0-9A-Fa-f]{1,15}")


class Response:
    """The response to one request, while it arrives.

    Attributes:
        status: its status.
        complete: whether the whole body was read.
        keeps: whether the connection may be used again afterwards.
    """

    def __init__(self, reader: asyncio.StreamReader, status: int, keeps: bool, headers: Mapping[str, str]) -> None:
        self.status = status
        self.complete = False
        self._reader = reader
        self._chunked = "chunked" in headers.get("transfer-encoding", "").lower()
        length = headers.get("content-length", "")
        self._left = 0 if self._chunked else int(length) if _LENGTH.fullmatch(length) else None
        self._read = 0
        ends = self._chunked or self._left is not None
        self.keeps = keeps and ends and headers.get("connection", "").lower() != "close"
        self._unread = bytearray()

    async def line(self) -> bytes:
        """The next line of the body, with its end; empty after the last one.

        Raises:
            ConnectionError: the connection broke before the end of the body.
            Unreadable: the line, or all of the body, is too long.
            HTTPException: the body is not as HTTP says.
        """
        seen = 0
        while (end := self._unread.find(b"\n", seen)) < 0:
            seen = len(self._unread)
            if seen > MOST_LINE:
                raise too_long("a line", MOST_LINE)
            piece = await self._piece()
            if not piece:
                end = len(self._unread) - 1
                break
            self._unread += piece
        line = bytes(self._unread[: end + 1])
        del self._unread[: end + 1]
        return line

    async def refusal(self) -> bytes:
        """The beginning of the body of an error; errors as for ``line``."""
        while len(self._unread) < MOST_REFUSAL and (piece := await self._piece()):
            self._unread += piece
        return bytes(self._unread[:MOST_REFUSAL])

    async def _piece(self) -> bytes:
        """The next bytes of the body; empty at its end."""
        if self.complete:
            return b""
        if self._chunked and self._left == 0:
            self._left = await self._chunk_size()
            if self._left == 0:
                while (await self._reader.readline()).strip():
                    pass
                self.complete = True
                return b""
        if self._left == 0:
            self.complete = True
            return b""
        piece = await self._reader.read(_PIECE if self._left is None else min(_PIECE, self._left))
        self._read += len(piece)
        if self._read > MOST_ANSWER:
            raise too_long("it", MOST_ANSWER)
        if self._left is None:
            self.complete = not piece
        elif not piece:
            raise ConnectionResetError("the answer stopped before its end")
        else:
            self._left -= len(piece)
            if self._chunked and self._left == 0:
                await self._reader.readline()
        return piece

    async def _chunk_size(self) -> int:
        line = await self._reader.readline()
        if not line.endswith(b"\n"):
            raise ConnectionResetError("the answer stopped before its end")
        size = line.partition(b";")[0].strip()
        if not _CHUNK_SIZE.fullmatch(size):
            raise HTTPException(f"this is not the size of a chunk: {line[:40]!r}")
        return int(size, 16)


class Connections:
    """The connections to one server, of one event loop.

    Args:
        address: the server.
        connect_timeout: longest wait for a connection, in seconds.
    """

    def __init__(self, address: Address, connect_timeout: float) -> None:
        self._address = address
        self._connect_timeout = connect_timeout
        self._idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []
        self._tls: Any = None

    @asynccontextmanager
    async def post(self, path: str, body: bytes) -> AsyncIterator[Response]:
        """Send JSON, and give the response. A connection whose response was not read to the end is closed.

        Raises:
            OSError: there is no connection, or it broke.
            HTTPException: the response is not HTTP.
        """
        reader, writer = self._kept() or await self._connect()
        response = None
        try:
            writer.write(self._head(path, len(body)) + body)
            await writer.drain()
            response = await _response(reader)
            yield response
        finally:
            if response and response.complete and response.keeps:
                self._idle.append((reader, writer))
            else:
                writer.transport.abort()
                await asyncio.sleep(0)  # the loop closes the socket, and the server sees that nobody listens any more

    async def close(self) -> None:
        """Close the connections that are kept."""
        idle, self._idle = self._idle, []
        for _, writer in idle:
            writer.close()
        await asyncio.sleep(0)  # so that the loop closes their sockets, if it is closed next

    def _kept(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        """A kept connection that the server has not closed; its socket is asked, because the loop may not have run."""
        while self._idle:
            reader, writer = self._idle.pop()
            if not writer.is_closing() and not reader.at_eof() and not _readable(writer):
                return reader, writer
            writer.transport.abort()
        return None

    def _head(self, path: str, length: int) -> bytes:
        parts = urlsplit(self._address.url)
        route = Route.to(self._address)
        lines = [
            f"POST {route.target}{path} HTTP/1.1",
            f"Host: {parts.netloc}",
            "Accept: application/json",
            "Accept-Encoding: identity",
            "Content-Type: application/json",
            f"Content-Length: {length}",
            *(f"{name}: {value}" for name, value in route.headers.items()),
        ]
        if self._address.authorization:
            lines.append(f"Authorization: {self._address.authorization}")
        return "\r\n".join([*lines, "", ""]).encode("latin-1")

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        route = Route.to(self._address)
        if self._address.secure and self._tls is None:
            self._tls = tls_context()
        tls = self._tls if route.secure else None
        async with asyncio.timeout(self._connect_timeout):
            reader, writer = await _open(route.host, route.port, tls)
            if route.tunnel:
                try:
                    await self._tunnel(reader, writer, route)
                except BaseException:
                    writer.transport.abort()
                    raise
        return reader, writer

    async def _tunnel(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, route: Route) -> None:
        """Have the proxy connect to the server, and begin TLS through it."""
        lines = [f"CONNECT {route.tunnel} HTTP/1.1", f"Host: {route.tunnel}"]
        lines += [f"{name}: {value}" for name, value in route.tunnel_headers.items()]
        writer.write("\r\n".join([*lines, "", ""]).encode("latin-1"))
        answer = await _response(reader)
        if answer.status != 200:
            raise UnusableProxy(f"it answered {answer.status} to a tunnel")
        await writer.start_tls(self._tls, server_hostname=self._address.host)


async def _open(host: str, port: int, tls: Any) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Connect to the first address of a host that answers; the error is that of the last one."""
    failed: OSError = OSError(f"{host} has no address")
    for address in await _addresses(host, port):
        try:
            return await asyncio.open_connection(
                address, port, limit=_MOST_HEAD, ssl=tls, server_hostname=host if tls else None
            )
        except OSError as error:
            failed = error
    raise failed


async def _addresses(host: str, port: int) -> list[str]:
    with contextlib.suppress(ValueError):
        return [str(ip_address(host))]
    found = await in_thread(lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def _readable(writer: asyncio.StreamWriter) -> bool:
    """Whether something arrived although nothing was asked: the end of the connection, mostly."""
    with contextlib.suppress(ValueError, OSError):
        return bool(select.select([writer.get_extra_info("socket")], [], [], 0)[0])
    return False


async def _response(reader: asyncio.StreamReader) -> Response:
    """The response that arrives, with its head read.

    Raises:
        ConnectionError: the connection was closed before.
        HTTPException: this is not HTTP, or compressed.
    """
    while True:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        except asyncio.IncompleteReadError as error:
            raise ConnectionResetError("the connection was closed without an answer") from error
        except asyncio.LimitOverrunError as error:
            raise HTTPException("the head of the answer is too long") from error
        first, *lines = head.split("\r\n")
        status_line = _STATUS_LINE.match(first)
        if not status_line:
            raise HTTPException(f"the answer is not HTTP: {first[:40]!r}")
        minor, status = status_line.groups()
        if status.startswith("1"):
            continue  # says only that an answer will follow
        headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        refuse_compressed(headers)
        return Response(reader, int(status), minor != "0", headers)
