"""Who may use the service: those with a token, or without one, those who ask this machine by a name of its own; and no
script of a web page that the settings do not name.
"""

import base64
import hashlib
import hmac
import secrets
import socket
from collections.abc import MutableMapping
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from agents.api.problems import Refusal
from agents.errors import SettingError
from agents.settings import Settings

REMEDY = "Send the header Authorization: Bearer TOKEN, with the value of API_TOKEN or one of API_TOKENS."
REMEDY_OF_PAGES = "The name may be anything; the password is the token."

FOREIGN_PAGE = Refusal(
    403, "A web page of another host asks for this.", "Add the address of the page to API_ORIGINS, if you trust it."
)
"""Why a request is refused that a browser sends for a page that nobody has allowed."""


class Tokens:
    """The tokens of the settings, each with its owner.

    Args:
        settings: has API_TOKEN, the token of the main histories, and API_TOKENS, those of named owners.

    Raises:
        SettingError: both have the same token.
    """

    def __init__(self, settings: Settings) -> None:
        self._key = secrets.token_bytes(32)
        if settings.api_token in settings.api_tokens.values():
            raise SettingError("API_TOKEN is also one of API_TOKENS.", "Give every owner a token that no one else has.")
        known = {**({"": settings.api_token} if settings.api_token else {}), **settings.api_tokens}
        self._digests = {name: self._digest(token) for name, token in known.items()}

    def __bool__(self) -> bool:
        return bool(self._digests)

    def owner(self, token: str) -> str | None:
        """The owner of a token, or None; the time of the answer says nothing about the tokens."""
        given, found = self._digest(token), None
        for name, digest in self._digests.items():
            if hmac.compare_digest(given, digest):
                found = name
        return found

    def _digest(self, token: str) -> bytes:
        return hashlib.blake2b(token.encode("utf-8", "surrogatepass"), key=self._key).digest()


def owner_of(scope: MutableMapping[str, Any]) -> str:
    """The owner for whom a request that was let in is answered; "" for the main histories."""
    owner: str = scope["state"]["owner"]
    return owner


def token_in(authorization: str, api_key: str = "", *, password: bool = False) -> str:
    """The token that a request has, or "".

    Args:
        authorization: its header Authorization, or "".
        api_key: its header X-API-Key, or "".
        password: whether the password that a browser asks for counts too.
    """
    scheme, _, given = authorization.strip().partition(" ")
    if scheme.lower() == "bearer":
        return given.strip()
    if password and scheme.lower() == "basic":
        try:
            return base64.b64decode(given.strip(), validate=True).decode().partition(":")[2]
        except ValueError:  # it is not base64, or no text
            return ""
    return api_key.strip()


def no_token(*, given: bool = False, password: bool = False) -> Refusal:
    """Why a request without a right token is refused.

    Args:
        given: whether it has one, which is not known.
        password: whether a browser may ask its user for it.
    """
    scheme, remedy = ("Basic", REMEDY_OF_PAGES) if password else ("Bearer", REMEDY)
    headers = {"WWW-Authenticate": f'{scheme} realm="orchestrator"'}
    return Refusal(401, "This token is not known." if given else "This needs a token.", remedy, headers)


def foreign(settings: Settings, host: str, origin: str, *, has_token: bool) -> Refusal | None:
    """Why a request is refused for where it comes from; None where it is not.

    Args:
        settings: has API_ORIGINS.
        host: its header Host, or "".
        origin: its header Origin, or "".
        has_token: whether it must have a token; then every name of this machine is good.
    """
    if not has_token and not is_own(host):
        # A page on the internet can give its name the address of this machine, and would then read the answer.
        remedy = "Use localhost or the address, or set API_TOKEN, which allows every name."
        return Refusal(403, "The service is not known by the name in this request.", remedy)
    if not origin or allowed(settings, origin) or _is_same(origin, host) or (not has_token and is_here(origin)):
        return None
    return FOREIGN_PAGE


def allowed(settings: Settings, origin: str) -> bool:
    """Whether the settings allow the scripts of this web page."""
    return origin.lower() in settings.api_origins


def is_own(host: str) -> bool:
    """Whether a Host header names this machine: an address, or a name that no name server on the internet has. Programs
    may leave it out; browsers cannot.
    """
    name = _name(f"//{host}")
    if name is None:
        return False
    try:
        ip_address(name)
    except ValueError:
        return "." not in name or name.endswith(".localhost") or name == socket.gethostname().lower()
    return True


def is_here(origin: str) -> bool:
    """Whether a web page comes from this machine itself. Other addresses do not count: anyone has one."""
    if not origin.startswith(("http://", "https://")):
        return False
    name = _name(origin)
    try:
        return bool(name) and ip_address(name or "").is_loopback
    except ValueError:
        return name == "localhost" or (name or "").endswith(".localhost") or name == socket.gethostname().lower()


def _is_same(origin: str, host: str) -> bool:
    """Whether a web page comes from the host that is asked."""
    name = _name(origin) if origin.startswith(("http://", "https://")) else None
    return bool(name) and name == _name(f"//{host}")


def _name(address: str) -> str | None:
    """The name or number of the host in an address, "" for none; None where it cannot be read."""
    try:
        return (urlsplit(address).hostname or "").rstrip(".")
    except ValueError:
        return None
