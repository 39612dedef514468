"""The connections of streamed answers, against small servers that say byte for byte what a test wants."""

import asyncio
import ssl
import subprocess
from collections.abc import Awaitable, Callable, Sequence
from http.client import HTTPException
from pathlib import Path

import pytest

from agents.model.http.connections import Connections
from agents.model.http.network_error import network_problem
from agents.model.http.stdlib import Address
from tests.required import require

OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"

Use = Callable[[Connections], Awaitable[None]]


class Says:
    """A server that gives one prepared answer to each request.

    Attributes:
        heads: the heads of the requests, in order, each with the number of its connection.
    """

    def __init__(self, answers: Sequence[bytes], *, hang_up: bool = False, tls: ssl.SSLContext | None = None) -> None:
        self.heads: list[tuple[int, str]] = []
        self._answers = list(answers)
        self._hang_up = hang_up
        self._tls = tls
        self._connections = 0

    async def talk(self, use: Use, host: str = "127.0.0.1", proxied: str = "") -> None:
        """Let a test use connections to it."""
        server = await asyncio.start_server(self._connected, "127.0.0.1", 0, ssl=self._tls)
        async with server:
            port = server.sockets[0].getsockname()[1]
            scheme = "https" if self._tls else "http"
            url = proxied or f"{scheme}://{host}:{port}"
            connections = Connections(Address(url, proxy=f"http://127.0.0.1:{port}" if proxied else ""), 5.0)
            await use(connections)
            await connections.close()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._connections += 1
        number = self._connections
        try:
            while self._answers:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                self.heads.append((number, head))
                sizes = [line for line in head.split("\r\n") if line.startswith("Content-Length: ")]
                await reader.readexactly(int(sizes[0].split()[1]) if sizes else 0)
                writer.write(self._answers.pop(0))
                await writer.drain()
                if self._hang_up:
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


async def lines(connections: Connections, path: str = "/api/chat") -> list[bytes]:
    """The lines of the answer to a request."""
    found = []
    async with connections.post(path, b"{}") as response:
        while line := await response.line():
            found.append(line)
    return found


def heard(answer: bytes, *, hang_up: bool = False) -> list[bytes]:
    """The lines that are read of one answer."""
    found: list[bytes] = []

    async def use(connections: Connections) -> None:
        found.extend(await lines(connections))

    asyncio.run(Says([answer], hang_up=hang_up).talk(use))
    return found


@pytest.mark.parametrize(
    "answer",
    [
        CHUNKED + b"2\r\non\r\n7\r\ne\ntwo\nr\r\n4;x=y\r\nest\n\r\n0\r\nTrailer: 1\r\n\r\n",
        OK + b"content-length: 13\r\n\r\none\ntwo\nrest\n",
        b"HTTP/1.1 100 Continue\r\n\r\n" + OK + b"Content-Length: 13\r\n\r\none\ntwo\nrest\n",
    ],
    ids=["chunks that cut lines", "a length", "after a 100"],
)
def test_lines_are_whole_however_they_arrive(answer: bytes) -> None:
    """Lines are put together from chunks or read by length."""
    assert heard(answer) == [b"one\n", b"two\n", b"rest\n"]


def test_an_answer_may_end_with_its_connection() -> None:
    """Without a length and chunks, the body ends when the server hangs up, also without a last line feed."""
    assert heard(OK + b"\r\none\nrest", hang_up=True) == [b"one\n", b"rest"]


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (CHUNKED + b"4\r\non", "broken"),
        (CHUNKED + b"4\r\none\n\r\n", "broken"),
        (OK + b"Content-Length: 9\r\n\r\none\n", "broken"),
        (OK + b"Content-Le", "broken"),
        (b"", "broken"),
        (CHUNKED + b"zz\r\none\n\r\n", "broken"),
        (b"SSH-2.0-OpenSSH_9.6\r\n\r\n", "broken"),
    ],
)
def test_a_broken_answer_is_an_error(answer: bytes, kind: str) -> None:
    """A body that stops early, and an answer that is not HTTP, are known as network problems."""
    with pytest.raises((OSError, HTTPException)) as raised:
        heard(answer, hang_up=True)
    assert network_problem(raised.value).kind == kind


def test_a_connection_is_kept_and_a_closed_one_is_not_used() -> None:
    """Requests follow each other on one connection; when the server has closed it meanwhile, on a new one."""
    answer = OK + b"Content-Length: 4\r\n\r\none\n"
    server = Says([answer, answer, OK + b"Content-Length: 4\r\nConnection: close\r\n\r\none\n", answer])

    async def use(connections: Connections) -> None:
        for _ in range(4):
            assert await lines(connections) == [b"one\n"]

    asyncio.run(server.talk(use))
    assert [number for number, _ in server.heads] == [1, 1, 1, 2]
    hangs_up = Says([answer, answer], hang_up=True)

    async def wait(connections: Connections) -> None:
        await lines(connections)
        await asyncio.sleep(0.05)
        await lines(connections)

    asyncio.run(hangs_up.talk(wait))
    assert [number for number, _ in hangs_up.heads] == [1, 2]


def test_an_answer_that_is_not_read_closes_its_connection() -> None:
    """Its rest must not become the beginning of the next answer."""
    answer = OK + b"Content-Length: 8\r\n\r\none\ntwo\n"
    server = Says([answer, answer])

    async def use(connections: Connections) -> None:
        async with connections.post("/api/chat", b"{}") as response:
            assert await response.line() == b"one\n"
        assert await lines(connections) == [b"one\n", b"two\n"]

    asyncio.run(server.talk(use))
    assert [number for number, _ in server.heads] == [1, 2]


def test_every_address_of_a_host_is_tried() -> None:
    """A host with several addresses, such as localhost, is reached at the one that answers; a refusal stays one."""

    async def use(connections: Connections) -> None:
        assert await lines(connections) == [b"one\n"]

    asyncio.run(Says([OK + b"Content-Length: 4\r\n\r\none\n"]).talk(use, host="localhost"))
    with pytest.raises(ConnectionRefusedError) as raised:
        asyncio.run(lines(Connections(Address("http://localhost:9"), 5.0)))
    assert network_problem(raised.value).kind == "refused"


def test_a_silent_host_is_given_up() -> None:
    """A connection has a limit of its own, also for the start of TLS."""

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.read()
        finally:
            writer.close()

    async def use() -> None:
        async with await asyncio.start_server(silent, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            await lines(Connections(Address(f"https://127.0.0.1:{port}"), 0.05))

    with pytest.raises(TimeoutError) as raised:
        asyncio.run(use())
    assert network_problem(raised.value).kind == "timeout"


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """The certificate of a server called localhost, which the program trusts."""
    require("openssl")
    key, cert = tmp_path / "key.pem", tmp_path / "cert.pem"
    made = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=localhost",
    ]
    names = ["-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(cert)]
    subprocess.run([*made, *names], check=True, capture_output=True)
    monkeypatch.setenv("SSL_CERT_FILE", str(cert))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(cert, key)
    return context


def test_tls_checks_the_name(certificate: ssl.SSLContext) -> None:
    """A server with a trusted certificate for its name is used; for another name it is not."""
    server = Says([OK + b"Content-Length: 4\r\n\r\none\n"], tls=certificate)

    async def use(connections: Connections) -> None:
        assert await lines(connections) == [b"one\n"]

    asyncio.run(server.talk(use, host="localhost"))
    with pytest.raises(ssl.SSLError) as raised:
        asyncio.run(Says([b""], tls=certificate).talk(use, host="127.0.0.1"))
    assert network_problem(raised.value).kind == "tls"


def test_a_proxy_may_refuse_a_tunnel() -> None:
    """A server with TLS is reached through a tunnel of the proxy; a refusal is told as the proxy's."""
    server = Says([b"HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n"])

    async def use(connections: Connections) -> None:
        await lines(connections)

    with pytest.raises(OSError, match="407") as raised:
        asyncio.run(server.talk(use, proxied="https://models.example:8443/ollama"))
    assert network_problem(raised.value).kind == "proxy"
    assert server.heads[0][1].startswith("CONNECT models.example:8443 HTTP/1.1\r\n")
