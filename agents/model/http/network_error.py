"""Why a server could not be reached, for errors of any HTTP library."""

from collections.abc import Iterator
from dataclasses import dataclass

from agents.model.http.bounds import Unreadable


def causes(error: BaseException) -> Iterator[BaseException]:
    """An error, then every error that led to it, also in exception groups."""
    waiting, seen = [error], set()
    while waiting:
        current = waiting.pop(0)
        if id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        if isinstance(current, BaseExceptionGroup):
            waiting.extend(current.exceptions)
        waiting.extend(linked for linked in (current.__cause__, current.__context__) if linked is not None)


class UnusableProxy(OSError):
    """The proxy before the server cannot be used."""


class NameTimeout(OSError):
    """The host name of the server was not found in time."""


@dataclass(frozen=True, slots=True)
class NetworkProblem:
    """Why a server could not be reached.

    Attributes:
        kind: "refused", "name", "route", "timeout", "tls", "proxy", "broken" (the connection broke), "unreadable" (what
            arrived is too long, or compressed) or "" (not a network error).
        words: the reason in words, for the end of a sentence, such as "connection refused".
    """

    kind: str
    words: str


def network_problem(error: BaseException) -> NetworkProblem:
    """The meaning of an error from http.client, httpx or a library that uses them."""
    chain = list(causes(error))
    names = {kind.__name__ for linked in chain for kind in type(linked).__mro__}
    text = next((str(linked) for linked in reversed(chain) if str(linked)), type(error).__name__)
    if "Unreadable" in names:
        return NetworkProblem("unreadable", next(str(linked) for linked in chain if isinstance(linked, Unreadable)))
    if (
        any(isinstance(linked, UnusableProxy) for linked in chain)
        or "ProxyError" in names
        or "Tunnel connection failed" in text
    ):
        return NetworkProblem("proxy", f"the proxy refuses the connection ({one_line(text)})")
    if "SSLError" in names:
        return NetworkProblem("tls", f"its TLS certificate or handshake failed ({one_line(text)})")
    if names & {"NameTimeout", "gaierror"}:
        return NetworkProblem("name", "its host name was not found")
    if "ConnectionRefusedError" in names:
        return NetworkProblem("refused", "connection refused")
    if names & {"ConnectTimeout", "TimeoutError", "ReadTimeout", "WriteTimeout", "PoolTimeout"}:
        return NetworkProblem("timeout", "no answer in time")
    if names & {"RemoteProtocolError", "ReadError", "WriteError", "ConnectionResetError", "IncompleteRead"}:
        return NetworkProblem("broken", "the connection broke")
    if names & {"ConnectError", "APIConnectionError"}:
        return NetworkProblem("route", one_line(text))
    if names & {"HTTPException", "TransportError", "ConnectionError", "IncompleteRead"}:
        return NetworkProblem("broken", "the connection broke")
    if isinstance(error, OSError):
        return NetworkProblem("route", one_line(text))
    return NetworkProblem("", one_line(text))


def one_line(text: str) -> str:
    """A text that can be stored, as one line of at most 200 characters, without a full stop."""
    line = " ".join(text.encode("utf-8", "replace").decode("utf-8").split()).rstrip(".")
    return line if len(line) <= 200 else f"{line[:199]}…"
