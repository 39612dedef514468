"""A container's health check: whether the service in this machine answers. Loads the standard library only."""

import socket

SECONDS = 5.0
"""How long the answer may take; the check as a whole is given ten seconds."""


def check(port: int = 8000) -> None:
    """Ask this machine's service for its health.

    Args:
        port: where it listens.

    Raises:
        SystemExit: it does not answer, or not well; the text says which.
    """
    try:
        with socket.create_connection(("127.0.0.1", port), SECONDS) as connection:
            connection.sendall(b"GET /health HTTP/1.0\r\n\r\n")
            first = connection.makefile("rb").readline(200).decode("ascii", "replace").strip()
    except OSError as error:
        raise SystemExit(f"The service does not answer on port {port}: {error}") from None
    if " 200 " not in f"{first} ":
        raise SystemExit(f"The service is not well: {first or 'it says nothing'}")


def fetch(path: str, port: int = 8000) -> str:
    """What this machine's service answers to ``path``, whatever its HTTP status.

    Raises:
        OSError: it does not answer.
    """
    with socket.create_connection(("127.0.0.1", port), SECONDS) as connection:
        connection.sendall(f"GET {path} HTTP/1.0\r\n\r\n".encode())
        answer = connection.makefile("rb").read().decode()
    return answer.partition("\r\n\r\n")[2].strip()
