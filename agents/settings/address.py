"""Addresses of servers, as people and other programs write them, and as they may be shown."""

OLLAMA_PORT = 11434
"""The port on which Ollama listens unless it is told another."""
ANY_HOSTS = ("", "0.0.0.0", "::")  # noqa: S104 - what a server listens on, which a client replaces
"""The hosts of a server that listens everywhere; it is reached on this machine."""
_PORTS = {"http": 80, "https": 443}
"""The ports of schemes, where an address names none."""


def without_password(url: str) -> str:
    """An address without user name and password, to be shown or stored; also of a text that is no whole address.

    Everything up to the last @ is taken for a password, because passwords may contain any other sign.
    """
    scheme, mark, rest = url.partition("://")
    if not mark:
        scheme, rest = "", url
    return f"{scheme}{mark}{rest.rpartition('@')[2]}"


def address(text: str) -> str:
    """An address with its scheme: http where the text has none.

    Raises:
        ValueError: it is not the address of a server.
    """
    text = text.strip().rstrip("/")
    if "://" not in text:
        text = f"http://{text}"
    from urllib.parse import urlsplit

    parts = urlsplit(text)
    if parts.scheme not in _PORTS or not parts.hostname or parts.query or parts.fragment:
        raise ValueError(text)
    _ = parts.port  # raises ValueError if it is not a number below 65536
    return text


def ollama_address(text: str) -> str:
    """The address of an Ollama server, with its port: Ollama's own, unless the text names one or uses TLS.

    Raises:
        ValueError: it is not the address of a server.
    """
    from urllib.parse import urlsplit, urlunsplit

    parts = urlsplit(address(text))
    if parts.port is not None or parts.scheme == "https":
        return urlunsplit(parts)
    return urlunsplit(parts._replace(netloc=f"{parts.netloc.rstrip(':')}:{OLLAMA_PORT}"))


def ollama_host(text: str) -> str:
    """The address that a value of OLLAMA_HOST means for a client, by the rules of Ollama's own client.

    Without a scheme the port is 11434; with one it is that of the scheme. A port that is no number counts as none. A
    server that listens on all interfaces is reached on this machine.

    Raises:
        ValueError: it is not the address of a server.
    """
    scheme, mark, rest = text.strip().strip("\"'").partition("://")
    scheme, rest = (scheme.lower(), rest) if mark else ("http", scheme)
    place, slash, path = rest.partition("/")
    user, at, place = place.rpartition("@")
    host, port = _host_and_port(place)
    port = port or str(_PORTS.get(scheme, OLLAMA_PORT) if mark else OLLAMA_PORT)
    host = "127.0.0.1" if host in ANY_HOSTS else f"[{host}]" if ":" in host else host
    return address(f"{scheme}://{user}{at}{host}:{port}{slash}{path}")


def origin(text: str) -> str:
    """A web page as browsers name it in the header Origin: scheme, host and port, in small letters, without a path.

    Raises:
        ValueError: it is no origin.
    """
    from urllib.parse import urlsplit

    text = text.strip().removesuffix("/").lower()
    parts = urlsplit(text)
    named = parts.scheme and parts.hostname and f"{parts.scheme}://{parts.netloc}" == text
    if not named or "@" in text or not text.isascii() or any(sign.isspace() for sign in text):
        raise ValueError(text)
    _ = parts.port  # raises ValueError if it is not a number below 65536
    return text


def _host_and_port(place: str) -> tuple[str, str]:
    """The host without brackets, and the port; "" for a port that is missing or not a number below 65536."""
    if place.startswith("["):
        host, _, rest = place[1:].partition("]")
        port = rest.removeprefix(":")
    elif place.count(":") > 1:  # an address of IPv6 without brackets
        host, port = place, ""
    else:
        host, _, port = place.partition(":")
    return host, port if port.isascii() and port.isdecimal() and int(port[:9]) < 65536 else ""
