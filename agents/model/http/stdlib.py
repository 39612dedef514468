"""HTTP with the standard library, for requests that do not use the client of a model.

A request runs in its own thread and can be cancelled from the event loop at any time. Loopback addresses never use a
proxy, even if the environment names one.
"""

import base64
import contextlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection, IncompleteRead
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import unquote, urlsplit

from agents.model.http.bounds import MOST_BODY, MOST_LINE, MOST_REFUSAL, refuse_compressed, too_long
from agents.model.http.names import find_name
from agents.model.http.network_error import UnusableProxy

if TYPE_CHECKING:
    import socket
    import ssl

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Address:
    """The address of a server, and how to reach it.

    Attributes:
        url: scheme, host, port and path, without user name and password.
        authorization: the HTTP header with user name and password, or "".
        proxy: the address of the proxy, or "".
    """

    url: str
    authorization: str = ""
    proxy: str = ""

    @classmethod
    def of(cls, url: str) -> "Address":
        """Read an address; the proxy for its host comes from the environment or the system."""
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
        """Whether the server or its proxy uses TLS."""
        return self.url.startswith("https:") or self.proxy.startswith("https:")


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this machine."""
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
    """Checks servers by the certificates of the system, of SSL_CERT_FILE, and of certifi if it is installed."""
    import ssl

    context = ssl.create_default_context()
    with contextlib.suppress(ImportError):
        import certifi

        context.load_verify_locations(certifi.where())
    return context


@dataclass(frozen=True, slots=True)
class Route:
    """How a request gets to a server.

    Attributes:
        host, port: what to connect to: the server, or its proxy.
        secure: whether that connection begins with TLS.
        target: the start of the target in a request, before the path.
        headers: what the proxy wants to see in each request.
        tunnel: host and port that the proxy has to connect to, or "".
        tunnel_headers: what the proxy wants to see before it does.
    """

    host: str
    port: int
    secure: bool
    target: str
    headers: dict[str, str]
    tunnel: str
    tunnel_headers: dict[str, str]

    @classmethod
    def to(cls, address: Address) -> "Route":
        """The route to a server.

        Raises:
            UnusableProxy: its proxy speaks another protocol.
        """
        parts, proxy = urlsplit(address.url), urlsplit(address.proxy)
        if not address.proxy:
            secure = parts.scheme == "https"
            return cls(parts.hostname or "", parts.port or (443 if secure else 80), secure, parts.path, {}, "", {})
        if proxy.scheme not in {"http", "https"} or not proxy.hostname:
            raise UnusableProxy(f"{proxy.scheme}: proxies are not supported")
        secure = proxy.scheme == "https"
        port = proxy.port or (443 if secure else 80)
        pass_ = {"Proxy-Authorization": auth} if (auth := _basic(proxy.username, proxy.password)) else {}
        if parts.scheme == "https":
            return cls(proxy.hostname, port, secure, parts.path, {}, f"{parts.hostname}:{parts.port or 443}", pass_)
        return cls(proxy.hostname, port, secure, address.url, pass_, "", {})


class HttpRequest:
    """One HTTP request and its response.

    Args:
        address: the server.
        connect_timeout: longest wait for the connection, in seconds.
        read_timeout: longest wait for a whole response (``ask``) or for more of one (``lines``), in seconds; None waits
            without limit.
        bearer: a key to send, or "".
        sent: called, in the thread of the request, when the request has been sent.
    """

    def __init__(
        self,
        address: Address,
        *,
        connect_timeout: float = 5.0,
        read_timeout: float | None = 30.0,
        bearer: str = "",
        sent: Callable[[], None] | None = None,
    ) -> None:
        self._address = address
        self._connect_timeout = connect_timeout
        self._read_timeout = read_timeout
        self._bearer = bearer
        self._sent = sent
        self._connection: HTTPConnection | None = None
        self._socket: socket.socket | None = None
        self._cancelled = False
        self._expired = False

    def ask(self, method: str, path: str, body: Any = None) -> tuple[int, bytes]:
        """Send the request and read the whole response; of an error, only the beginning.

        Returns:
            The status and the body.

        Raises:
            OSError: there is no connection, it broke, or the response was not complete in time.
            Unreadable: the response is too long, or compressed.
            HTTPException: the response is not HTTP.
        """
        try:
            with self._in_time(), contextlib.closing(self._send(method, path, body)) as response:
                found = response.status, _body(response)
        except (OSError, HTTPException) as error:
            if self._expired:
                raise TimeoutError("no answer in time") from error
            raise
        if self._expired:  # what ended then looks like the end of the response
            raise TimeoutError("no answer in time")
        return found

    def lines(self, method: str, path: str, body: Any = None) -> Iterator[tuple[int, bytes]]:
        """Send the request and yield the lines of the response as they arrive, each with the status.

        Raises:
            OSError: there is no connection, or it broke.
            Unreadable: a line is too long, or the response is compressed.
            HTTPException: the response is not HTTP.
        """
        with contextlib.closing(self._send(method, path, body)) as response:
            while line := response.readline(MOST_LINE + 1):
                if len(line) > MOST_LINE:
                    raise too_long("a line", MOST_LINE)
                yield response.status, line

    def cancel(self) -> None:
        """End the request immediately; may be called from any thread."""
        self._cancelled = True
        if self._socket is not None:
            import socket

            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Close the connection; a second call does nothing."""
        if self._connection is not None:
            self._connection.close()

    @contextlib.contextmanager
    def _in_time(self) -> Iterator[None]:
        """End the request when its time is over: a server that sends a byte now and then would never let it end."""
        if self._read_timeout is None:
            yield
            return
        from threading import Timer

        clock = Timer(self._connect_timeout + self._read_timeout, self._expire)
        clock.daemon = True
        clock.start()
        try:
            yield
        finally:
            clock.cancel()

    def _expire(self) -> None:
        self._expired = True
        self.cancel()

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
        if self._cancelled:
            raise ConnectionAbortedError("cancelled")
        connection.request(method, f"{target}{path}", data, headers)
        if self._sent:
            self._sent()
        response = connection.getresponse()
        refuse_compressed({"content-encoding": response.getheader("Content-Encoding", "")})
        return response

    def _connect(self, headers: dict[str, str]) -> tuple[HTTPConnection, str]:
        """Open the connection, through the proxy if there is one.

        Returns:
            The connection, and the start of the request's target, before the path.
        """
        route = Route.to(self._address)
        find_name(route.host, self._connect_timeout)
        connection: HTTPConnection
        if self._address.secure:
            connection = HTTPSConnection(route.host, route.port, timeout=self._connect_timeout, context=tls_context())
        else:
            connection = HTTPConnection(route.host, route.port, timeout=self._connect_timeout)
        if route.tunnel:
            parts = urlsplit(self._address.url)
            connection.set_tunnel(parts.hostname or "", parts.port or 443, route.tunnel_headers)
        headers.update(route.headers)
        self._connection = connection
        connection.connect()
        connection.sock.settimeout(self._read_timeout)
        self._socket = connection.sock  # the connection forgets it when the server says that it will close
        return connection, route.target


def _body(response: HTTPResponse) -> bytes:
    """The whole body of a response; of an error, the beginning."""
    if response.status >= 300:
        return response.read(MOST_REFUSAL)
    body = response.read(MOST_BODY + 1)
    if len(body) > MOST_BODY:
        raise too_long("it", MOST_BODY)
    if response.length:
        raise IncompleteRead(body, response.length)
    return body


async def in_thread(work: Callable[[], T], cancel: Callable[[], None] | None = None) -> T:
    """Do blocking work in a thread that does not keep the program from ending.

    Args:
        work: the work; its error is raised here.
        cancel: called when the waiting task is cancelled, to stop the work.
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
        except BaseException as raised:  # noqa: BLE001 - the waiting task gets any error
            error = raised
        with contextlib.suppress(RuntimeError):  # the loop has been closed meanwhile
            loop.call_soon_threadsafe(settle, result, error)

    Thread(target=run, name="agents-wire", daemon=True).start()
    try:
        return await future
    except asyncio.CancelledError:
        if cancel:
            cancel()
        raise
