"""Why a server could not be spoken to, whichever library says so."""

from collections.abc import Iterator
from dataclasses import dataclass


def causes(error: BaseException) -> Iterator[BaseException]:
    """An error, then whatever led to it, groups included."""
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
    """The proxy on the way cannot be used."""


@dataclass(frozen=True, slots=True)
class NetworkProblem:
    """Why a server could not be spoken to.

    Attributes:
        kind: "refused", "name", "route", "timeout", "tls", "proxy", "broken" (it was reached, then lost) or "" (not a
            matter of the network).
        words: the same as the rest of a sentence, such as "connection refused".
    """

    kind: str
    words: str


def network_problem(error: BaseException) -> NetworkProblem:
    """What an error from http.client, httpx or the like means, whichever library wrapped it."""
    chain = list(causes(error))
    names = {kind.__name__ for linked in chain for kind in type(linked).__mro__}
    text = next((str(linked) for linked in reversed(chain) if str(linked)), type(error).__name__)
    if (
        any(isinstance(linked, UnusableProxy) for linked in chain)
        or "ProxyError" in names
        or "Tunnel connection failed" in text
    ):
        return NetworkProblem("proxy", f"the proxy does not let us through ({one_line(text)})")
    if "SSLError" in names:
        return NetworkProblem("tls", f"its TLS certificate or handshake fails ({one_line(text)})")
    if "gaierror" in names:
        return NetworkProblem("name", "its name is not known")
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
    """One line of at most 200 characters, without the full stop."""
    line = " ".join(text.split()).rstrip(".")
    return line if len(line) <= 200 else f"{line[:199]}…"
