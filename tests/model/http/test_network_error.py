"""Network errors: what they mean, whichever library raised them."""

import socket
import ssl
from http.client import HTTPException, IncompleteRead

import httpx
import pytest

from agents.model.http.network_error import UnusableProxy, causes, network_problem, one_line


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (ConnectionRefusedError(111, "Connection refused"), "refused"),
        (socket.gaierror(-2, "Name or service not known"), "name"),
        (TimeoutError("timed out"), "timeout"),
        (ssl.SSLError(1, "certificate verify failed"), "tls"),
        (UnusableProxy("socks: proxies are not supported"), "proxy"),
        (OSError("Tunnel connection failed: 403 Forbidden"), "proxy"),
        (IncompleteRead(b""), "broken"),
        (ConnectionResetError(104, "Connection reset by peer"), "broken"),
        (OSError(101, "Network is unreachable"), "route"),
        (HTTPException("bad status line"), "broken"),
        (httpx.ConnectTimeout("no"), "timeout"),
        (httpx.ProxyError("no"), "proxy"),
        (httpx.RemoteProtocolError("gone"), "broken"),
        (ValueError("not JSON"), ""),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_an_error_has_one_kind(error: Exception, kind: str) -> None:
    """The kind follows from the error's class, or from the words of a tunnel that failed."""
    assert network_problem(error).kind == kind


def test_what_led_to_an_error_counts() -> None:
    """A library's own error is explained by the error below it, also inside a group."""
    refused = ConnectionRefusedError(111, "Connection refused")
    outer = httpx.ConnectError("All connection attempts failed")
    outer.__cause__ = ExceptionGroup("attempts", [OSError("first"), refused])
    assert refused in list(causes(outer))
    assert network_problem(outer).kind == "refused"


def test_a_ring_of_causes_ends() -> None:
    """Errors that name each other as their cause are each seen once."""
    one, other = OSError("one"), OSError("other")
    one.__cause__, other.__context__ = other, one
    assert list(causes(one)) == [one, other]


def test_a_long_text_becomes_one_short_line() -> None:
    """Line ends become blanks, the full stop goes, and the line has at most 200 characters."""
    assert one_line(" It\nfailed. ") == "It failed"
    assert len(one_line("word " * 100)) == 200
