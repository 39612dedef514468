"""What one client may take from the others: requests a minute, wrong tokens, and the size and time of a request."""

import asyncio
import hashlib
import time
from collections import OrderedDict
from ipaddress import IPv6Address, ip_address

from starlette.types import Message, Receive

from agents.api.streaming import GONE

MINUTE = 60.0

MOST_WRONG = 10
"""The most wrong tokens from one address in a minute; then nothing of it is looked at for the rest of the minute."""

MOST_ADDRESSES = 4096
"""The most addresses whose wrong tokens are remembered, so that many of them cannot use up the memory."""

BODY_SECONDS = 120.0
"""The maximum time for a client to send the body of a request."""

MEGABYTE = 1_000_000

ALL_BODIES_MB = 512
"""The most megabytes of bodies of all requests that are being answered."""


class Rates:
    """Requests a minute, for each owner apart. After a pause an owner may send the requests of a minute at once.

    Args:
        most: the most requests a minute.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self._left: dict[str, tuple[float, float]] = {}

    def wait(self, owner: str) -> float:
        """Count one request; 0 if it may be answered, otherwise the seconds until the next one may."""
        now = time.monotonic()
        left, since = self._left.get(owner, (float(self.most), now))
        left = min(self.most, left + (now - since) * self.most / MINUTE)
        if left < 1:
            self._left[owner] = left, now
            return (1 - left) * MINUTE / self.most
        self._left[owner] = left - 1, now
        return 0.0


class WrongTokens:
    """The wrong tokens of the last minute, by the address that sent them.

    One wrong token that is sent again and again, as by a client with an old setting, does not lock out other clients
    behind the same address; ten different ones do, because someone is guessing.
    """

    def __init__(self) -> None:
        self._tried: OrderedDict[str, tuple[float, list[bytes]]] = OrderedDict()

    def wait(self, address: str, token: str) -> float:
        """Seconds for which this address has to wait before this token is looked at; 0 if it need not."""
        began, tried = self._tried.get(network_of(address), (0.0, []))
        left = began + MINUTE - time.monotonic()
        if left <= 0 or len(tried) < MOST_WRONG:
            return 0.0
        return left if len(set(tried)) >= MOST_WRONG or _digest(token) in tried else 0.0

    def add(self, address: str, token: str) -> None:
        """Remember a wrong token of an address."""
        network, now = network_of(address), time.monotonic()
        began, tried = self._tried.pop(network, (now, []))
        if began + MINUTE <= now:
            began, tried = now, []
        digest = _digest(token)
        if len(tried) < MOST_WRONG or (digest not in tried and len(set(tried)) < MOST_WRONG):
            tried.append(digest)
        self._tried[network] = began, tried
        while len(self._tried) > MOST_ADDRESSES:
            self._tried.popitem(last=False)


class Room:
    """The memory for the bodies of all requests that are being answered.

    Args:
        most: in bytes.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self.used = 0


class Body:
    """The body of one request, which is measured while it is read.

    Args:
        receive: gives the body, piece by piece.
        most: the most bytes it may have.
        room: what all bodies have together.
        announced: the header Content-Length, or "".

    Attributes:
        too_big: whether it has more bytes than it may.
        too_slow: whether it took too long.
        too_many: whether there is no room beside the bodies of other requests.
    """

    def __init__(self, receive: Receive, most: int, room: Room, announced: str = "") -> None:
        self._receive = receive
        self._most = most
        self._room = room
        self._bytes = 0
        self._ends = time.monotonic() + BODY_SECONDS
        self._whole = False
        self.too_big = announced.isascii() and announced.isdecimal() and int(announced[:20]) > most
        self.too_slow = False
        self.too_many = False

    @property
    def refused(self) -> bool:
        """Whether it is refused; from then on the reader is told that the client has gone."""
        return self.too_big or self.too_slow or self.too_many

    async def receive(self) -> Message:
        """The next piece, or that the client has gone."""
        if self._whole or self.refused:
            return {"type": GONE} if self.refused else await self._receive()
        try:
            message = await asyncio.wait_for(self._receive(), max(0.0, self._ends - time.monotonic()))
        except TimeoutError:
            self.too_slow = True
            return {"type": GONE}
        size = len(message.get("body", b""))
        self._bytes += size
        self._room.used += size
        self._whole = not message.get("more_body", False)
        self.too_big = self._bytes > self._most
        self.too_many = self._room.used > self._room.most
        return {"type": GONE} if self.refused else message

    def close(self) -> None:
        """Give its room back."""
        self._room.used -= self._bytes
        self._bytes = 0


def network_of(address: str) -> str:
    """What stands for a client: its address, or of IPv6 the network that one customer has."""
    try:
        known = ip_address(address)
    except ValueError:
        return address
    if not isinstance(known, IPv6Address) or known.is_loopback:
        return address
    return str(known.ipv4_mapped or IPv6Address(int(known) >> 64 << 64))


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
