"""Clients that are slow, or that send no HTTP, at the server alone."""

import asyncio
import contextlib
import json
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from starlette.types import Receive, Scope, Send

from agents.api import connection
from tests.api.serving import answered, answering


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Reads the body and answers; /endless sends until the client has gone, /deaf does not read the body."""
    if scope["path"] == "/endless":
        await endless(receive, send)
        return
    size, more = 0, scope["path"] != "/deaf"
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        size, more = size + len(message["body"]), message.get("more_body", False)
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": json.dumps({"bytes": size, "path": scope["path"]}).encode()})


async def endless(receive: Receive, send: Send) -> None:
    """Sends until the client has gone."""
    await receive()
    gone = asyncio.create_task(asyncio.wait_for(receive(), 60))
    await send({"type": "http.response.start", "status": 200, "headers": []})
    while not gone.done():
        await send({"type": "http.response.body", "body": b"x" * 65_536, "more_body": True})
        await asyncio.sleep(0)


@contextmanager
def connected(port: int) -> Iterator[socket.socket]:
    """A connection to the server."""
    with socket.create_connection(("127.0.0.1", port), 10) as one:
        yield one


def ends_within(one: socket.socket, seconds: float, each: bytes = b"") -> bool:
    """Whether the server closes a connection in this time, on which bytes are sent now and then."""
    one.settimeout(0.05)
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        try:
            one.sendall(each)
            if one.recv(65_536) == b"":
                return True
        except TimeoutError:
            continue
        except OSError:
            return True
    return False


@pytest.mark.parametrize(
    ("name", "start", "each"),
    [
        ("READ_SECONDS", b"", b""),
        ("READ_SECONDS", b"GET /", b"x"),
        ("READ_SECONDS", b"GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /", b"x"),
        ("BODY_SECONDS", b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999\r\n\r\n", b"x"),
        ("BODY_SECONDS", b"POST /deaf HTTP/1.1\r\nHost: a\r\nContent-Length: 99999\r\n\r\n", b"x"),
        ("IDLE_SECONDS", b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", b""),
    ],
    ids=["silent", "a head byte by byte", "a second head", "a body byte by byte", "a body that no one reads", "idle"],
)
def test_a_client_has_its_time(monkeypatch: pytest.MonkeyPatch, name: str, start: bytes, each: bytes) -> None:
    """The time is that of a whole head, a whole body or a pause, however the bytes come; then the connection ends."""
    monkeypatch.setattr(connection, name, 0.5)
    with answering(echo) as own, connected(own.ports[0]) as one:
        one.sendall(start)
        assert not ends_within(one, 0.3, each)
        assert ends_within(one, 3, each)


def test_a_reader_who_takes_nothing_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    """One who takes a little now and then is not."""
    monkeypatch.setattr(connection, "STALL_SECONDS", 1.0)
    ask = b"GET /endless HTTP/1.1\r\nHost: a\r\n\r\n"
    with answering(echo) as own, connected(own.ports[0]) as deaf, connected(own.ports[0]) as slow:
        deaf.sendall(ask)
        slow.sendall(ask)
        for _ in range(8):
            time.sleep(0.3)
            assert len(slow.recv(1_000_000)) > 0
        deaf.settimeout(5)
        with contextlib.suppress(ConnectionResetError):
            while deaf.recv(1_000_000):
                pass


def test_one_more_client_takes_the_place_of_the_slowest(monkeypatch: pytest.MonkeyPatch) -> None:
    """The connection is closed that has kept its request back for the longest time, and never one that is answered."""
    monkeypatch.setattr(connection, "MOST_CONNECTIONS", 3)
    with answering(echo) as own, contextlib.ExitStack() as open_ones:
        port = own.ports[0]
        reader, first, second = (open_ones.enter_context(connected(port)) for _ in range(3))
        reader.sendall(b"GET /endless HTTP/1.1\r\nHost: a\r\n\r\n")
        assert reader.recv(10)
        first.sendall(b"GET /")
        for _ in range(3):
            assert answered(port, "/x")[0] == 200
        assert ends_within(first, 2)
        assert not ends_within(second, 0.3)
        assert reader.recv(1_000_000)


def test_without_a_place_a_client_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where all connections are being answered, the next one gets 503."""
    monkeypatch.setattr(connection, "MOST_CONNECTIONS", 1)
    with answering(echo) as own, connected(own.ports[0]) as reader:
        reader.sendall(b"GET /endless HTTP/1.1\r\nHost: a\r\n\r\n")
        assert reader.recv(10)
        code, body, headers = answered(own.ports[0], "/x")
        assert (code, bool(body["error"]), headers["Connection"]) == (503, True, "close")


@pytest.mark.parametrize(
    "nonsense",
    [
        b"\x00\xff\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nbad name: x\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: odd\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nno number\r\n\r\n",
        b"G" * 70_000,
    ],
)
def test_bytes_that_are_not_http_are_refused(nonsense: bytes) -> None:
    """They get an answer of 4xx or 5xx in JSON, with an id, and the connection is closed."""
    with answering(echo) as own, connected(own.ports[0]) as one:
        one.sendall(nonsense)
        head, _, body = one.makefile("rb").read().partition(b"\r\n\r\n")
        assert head.split()[1][:1] in {b"4", b"5"}
        assert b"x-request-id" in head.lower()
        assert json.loads(body)["error"]
        assert answered(own.ports[0], "/x")[0] == 200


def test_what_follows_a_good_request_is_not_taken_for_one() -> None:
    """Requests that are sent at once are answered one after the other; nonsense after them ends the connection."""
    ask = b"GET /%d HTTP/1.1\r\nHost: a\r\n\r\n"
    with answering(echo) as own, connected(own.ports[0]) as one:
        one.sendall(ask % 1 + ask % 2 + b"nonsense\r\n\r\n")
        said = one.makefile("rb").read()
        assert said.index(b'"/1"') < said.index(b'"/2"') < said.index(b" 400 ")
