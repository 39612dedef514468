"""Who may read more than whether the service works: those with the token, or without one, those who ask this machine by
a name of its own.
"""

import hmac
import socket
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

Refusal = tuple[int, dict[str, Any], dict[str, str]]
"""An HTTP status, the JSON object of its body, and headers."""


def refusal(token: str | None, authorization: str, host: str) -> Refusal | None:
    """Why a request is refused; None where it is not.

    Args:
        token: the token of the settings, if there is one.
        authorization: the header Authorization of the request, or "".
        host: its header Host, or "".
    """
    if token:
        if _is_token(token, authorization):
            return None
        remedy = "Send the header Authorization: Bearer TOKEN, with the value of API_TOKEN."
        return (
            401,
            {"error": "This needs a token.", "remedy": remedy},
            {"WWW-Authenticate": 'Bearer realm="orchestrator"'},
        )
    if _is_own(host):
        return None
    # A page on the internet can give its name the address of this machine, and would then read the answer.
    remedy = "Use localhost or the address, or set API_TOKEN, which allows every name."
    return 403, {"error": "The service is not known by the name in this request.", "remedy": remedy}, {}


def _is_token(token: str, authorization: str) -> bool:
    """Whether a header has the token; the time of the answer says nothing about how much of it is right."""
    scheme, _, given = authorization.partition(" ")
    return scheme.lower() == "bearer" and hmac.compare_digest(given.strip().encode("utf-8", "replace"), token.encode())


def _is_own(host: str) -> bool:
    """Whether a Host header names this machine: an address, or a name that no name server on the internet has. Programs
    may leave it out; browsers cannot.
    """
    try:
        name = (urlsplit(f"//{host}").hostname or "").rstrip(".")
    except ValueError:
        return False
    try:
        ip_address(name)
    except ValueError:
        return "." not in name or name.endswith(".localhost") or name == socket.gethostname().lower()
    return True


def owner_of(scope: Any) -> str:
    """The name of the owner who sent a request; "" for the main histories."""
    return str(scope.get("state", {}).get("owner", ""))
