"""The health check of a container: does the service on this machine answer? ``check`` loads only the standard
library.
"""

import socket

SECONDS = 5.0
"""The maximum time for an answer; the container engine allows ten seconds for the whole check."""


def check(port: int = 8000) -> None:
    """Ask the service on this machine for its health.

    Args:
        port: the port on which it listens.

    Raises:
        SystemExit: it does not answer, or is unhealthy; the text says which.
    """
    try:
        with socket.create_connection(("127.0.0.1", port), SECONDS) as connection:
            connection.sendall(b"GET /health HTTP/1.0\r\n\r\n")
            first = connection.makefile("rb").readline(200).decode("ascii", "replace").strip()
    except OSError as error:
        raise SystemExit(f"The service does not answer on port {port}: {error}") from None
    if " 200 " not in f"{first} ":
        raise SystemExit(f"The service is unhealthy: {first or 'its answer is empty'}")


def fetch(path: str, port: int = 8000) -> str:
    """The answer of the service on this machine to ``path``, with any HTTP status. The token of the settings is sent,
    or that of the first owner where only owners have tokens.

    Raises:
        OSError: it does not answer.
        SettingError: a setting is wrong, so that the token is not known.
    """
    from agents.settings import Settings

    settings = Settings.load()
    token = settings.api_token or next(iter(settings.api_tokens.values()), None)
    header = f"Authorization: Bearer {token}\r\n" if token else ""
    with socket.create_connection(("127.0.0.1", port), SECONDS) as connection:
        connection.sendall(f"GET {path} HTTP/1.0\r\n{header}\r\n".encode())
        answer = connection.makefile("rb").read().decode()
    return answer.partition("\r\n\r\n")[2].strip()
