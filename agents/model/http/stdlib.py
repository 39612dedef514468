"""HTTP with the standard library: for what is asked before, or beside, a model's own client.

A request runs in a thread of its own and can be given up at any moment from the event loop. Loopback addresses never
go through a proxy, whatever the environment says.
"""

import base64
import contextlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import unquote, urlsplit

from agents.model.http.network_error import UnusableProxy

if TYPE_CHECKING:
    import ssl

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server listens, and how it is reached.

    Attributes:
        url: scheme, host, port and path, without a user's name and password.
        authorization: the header for them, or "".
        proxy: the proxy on the way, or "".
    """

    url: str
    authorization: str = ""
    proxy: str = ""

    @classmethod
    def of(cls, url: str) -> "Address":
        """Read an address; the proxy, if any, is the environment's or the system's for this host."""
        parts = urlsplit(url)
        host = parts.hostname or ""
        shown = f"[{host}]" if ":" in host else host
        port = f":{parts.port}" if parts.port else ""
        return cls(
            f"{parts.scheme}://{shown}{port}{parts.path.rstrip('/')}",
            _basic(parts.username, parts.password),
            "" if is_loopback(host) else _proxy_for(parts.scheme, f"{host}{port}"),
        )

    @property
    def host(self) -> str:
        """The host's name, without the port."""
        return urlsplit(self.url).hostname or ""

    @property
    def secure(self) -> bool:
        """Whether it, or the proxy before it, speaks TLS."""
        return self.url.startswith("https:") or self.proxy.startswith("https:")


def is_loopback(host: str) -> bool:
    """Whether a host is this machine itself."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        address = ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _basic(user: str | None, password: str | None) -> str:
    if user is None:
        return ""
    pair = f"{unquote(user)}:{unquote(password or '')}".encode()
    return f"Basic {base64.b64encode(pair).decode()}"


def _proxy_for(scheme: str, host: str) -> str:
    from urllib.request import getproxies, proxy_bypass

    proxies = getproxies()
    proxy = proxies.get(scheme) or proxies.get("all") or ""
    if not proxy or proxy_bypass(host):
        return ""
    return proxy if "://" in proxy else f"http://{proxy}"


def tls_context() -> "ssl.SSLContext":
    """How servers are checked: by the system's certificates, those of SSL_CERT_FILE, and certifi's where installed."""
    import ssl

    context = ssl.create_default_context()
    with contextlib.suppress(ImportError):
        import certifi

        context.load_verify_locations(certifi.where())
    return context


class HttpRequest:
    """One request and its answer.

    Args:
        address: where it goes.
        connect_timeout: longest wait for the connection, in seconds.
        read_timeout: longest silence of the server, in seconds; None waits for ever.
        bearer: a key to send, or "".
    """

    def __init__(
        self, address: Address, *, connect_timeout: float = 5.0, read_timeout: float | None = 30.0, bearer: str = ""
    ) -> None:
        self._address = address
        self._connect_timeout = connect_timeout
        self._read_timeout = read_timeout
        self._bearer = bearer
        self._connection: HTTPConnection | None = None
        self._given_up = False

    def ask(self, method: str, path: str, body: Any = None) -> tuple[int, bytes]:
        """Send a request and read the whole answer.

        Returns:
            The status and the body.

        Raises:
            OSError: no connection, or it broke.
            HTTPException: the answer is not HTTP.
        """
        with contextlib.closing(self._send(method, path, body)) as response:
            return response.status, response.read()

    def lines(self, method: str, path: str, body: Any = None) -> Iterator[tuple[int, bytes]]:
        """Send a request and give the answer's lines as they come, each with the status.

        Raises:
            OSError: no connection, or it broke.
            HTTPException: the answer is not HTTP.
        """
        with contextlib.closing(self._send(method, path, body)) as response:
            for line in response:
                yield response.status, line

    def give_up(self) -> None:
        """End the request at once, from any thread."""
        self._given_up = True
        sock = getattr(self._connection, "sock", None)
        if sock is not None:
            import socket

            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Close the connection; a second call does nothing."""
        if self._connection is not None:
            self._connection.close()

    def _send(self, method: str, path: str, body: Any) -> HTTPResponse:
        headers = {"Accept": "application/json"}
        if self._address.authorization:
            headers["Authorization"] = self._address.authorization
        elif self._bearer:
            headers["Authorization"] = f"Bearer {self._bearer}"
        data = None
        if body is not None:
            headers["Content-Type"] = "application/json"
            data = json.dumps(body).encode()
        connection, target = self._connect(headers)
        if self._given_up:
            raise ConnectionAbortedError("given up")
        connection.request(method, f"{target}{path}", data, headers)
        return connection.getresponse()

    def _connect(self, headers: dict[str, str]) -> tuple[HTTPConnection, str]:
        """Open the connection, through the proxy where there is one; what stands before the path comes second."""
        parts = urlsplit(self._address.url)
        proxy = urlsplit(self._address.proxy)
        if self._address.proxy and (proxy.scheme not in {"http", "https"} or not proxy.hostname):
            raise UnusableProxy(f"{proxy.scheme}: proxies are not spoken here")
        first = proxy if self._address.proxy else parts
        secure = parts.scheme == "https" or first.scheme == "https"
        host, port = first.hostname or "", first.port or (443 if first.scheme == "https" else 80)
        connection: HTTPConnection
        if secure:
            connection = HTTPSConnection(host, port, timeout=self._connect_timeout, context=tls_context())
        else:
            connection = HTTPConnection(host, port, timeout=self._connect_timeout)
        target = parts.path
        if self._address.proxy:
            pass_ = {"Proxy-Authorization": auth} if (auth := _basic(proxy.username, proxy.password)) else {}
            if parts.scheme == "https":
                connection.set_tunnel(parts.hostname or "", parts.port or 443, pass_)
            else:
                headers.update(pass_)
                target = self._address.url
        self._connection = connection
        connection.connect()
        connection.sock.settimeout(self._read_timeout)
        return connection, target


async def in_thread(work: Callable[[], T], give_up: Callable[[], None] | None = None) -> T:
    """Do blocking work in a thread that never keeps the program from ending.

    Args:
        work: what to do; its error is raised here.
        give_up: called when the waiting task is cancelled, to make the work stop.
    """
    import asyncio
    from threading import Thread

    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()

    def settle(result: T | None, error: BaseException | None) -> None:
        if future.done():
            return
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(result)  # type: ignore[arg-type]

    def run() -> None:
        result, error = None, None
        try:
            result = work()
        except BaseException as raised:  # noqa: BLE001 - whatever it is, the waiting task gets it
            error = raised
        with contextlib.suppress(RuntimeError):  # the loop was closed meanwhile
            loop.call_soon_threadsafe(settle, result, error)

    Thread(target=run, name="agents-wire", daemon=True).start()
    try:
        return await future
    except asyncio.CancelledError:
        if give_up:
            give_up()
        raise
