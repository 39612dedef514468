"""Finds the host of a server by its name, within a time. The system's resolver cannot be interrupted, and with a name
server that is silent it takes ten seconds or more.
"""

import socket
from ipaddress import ip_address
from threading import Thread

from agents.model.http.network_error import NameTimeout


def find_name(host: str, seconds: float) -> None:
    """Check that a host name can be found in time; an address needs no search.

    Args:
        host: the name or address.
        seconds: the longest wait. A search that takes longer is left behind, in a thread that ends with the program.

    Raises:
        NameTimeout: it was not found in time.
        OSError: there is no such name.
    """
    try:
        ip_address(host)
    except ValueError:
        pass
    else:
        return
    failed: list[OSError] = []

    def search() -> None:
        try:
            socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
        except UnicodeError as error:
            failed.append(OSError(str(error)))
        except OSError as error:
            failed.append(error)

    thread = Thread(target=search, name="agents-name", daemon=True)
    thread.start()
    thread.join(seconds)
    if thread.is_alive():
        raise NameTimeout(f"{host} was not found within {seconds:g} s")
    if failed:
        raise failed[0]
