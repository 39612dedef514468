"""A machine outside, like the internet: a network namespace that says what arrives there."""

import hashlib
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.containers.stack import TAG
from tests.required import require

PORT = 8099
"""The machine takes TCP connections here."""

WATCH = """
import socket, struct, sys, threading
address, port = sys.argv[1], int(sys.argv[2])
number = socket.inet_aton(address)

def connections():
    with socket.create_server((address, port)) as server:
        while True:
            server.accept()[0].close()

def names():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind((address, 53))
        while True:
            asked, client = server.recvfrom(512)
            end = asked.index(0, 12) + 5
            answer = struct.pack("!HHHLH", 0xC00C, 1, 1, 60, 4) + number
            known = asked[end - 4 : end - 2] == bytes((0, 1))
            head = asked[:2] + bytes((0x81, 0x80, 0, 1, 0, known, 0, 0, 0, 0))
            server.sendto(head + asked[12:end] + answer * known, client)

packets = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(0x0800))
for serve in (connections, names):
    threading.Thread(target=serve, daemon=True).start()
print("listening", flush=True)
while True:
    packet, (_, _, kind, *_) = packets.recvfrom(65535)
    if kind == socket.PACKET_OUTGOING or packet[16:20] != number:
        continue
    head = (packet[0] & 15) * 4
    sort = {1: "icmp", 6: "tcp", 17: "udp"}.get(packet[9], "other")
    print(sort, packet[head:].hex(), flush=True)
"""


class Outside:
    """A machine outside. It knows the address of this machine and of no container.

    Attributes:
        address: its address.
        here: the address of this machine, as it sees it.
        name: its namespace.
    """

    def __init__(self, number: int, watch: "subprocess.Popen[bytes]") -> None:
        self.name, self.here, self.address = _names(number)
        self._watch = watch

    def arrived(self) -> set[str]:
        """The kinds of packets that arrived since the last question: tcp, udp, icmp, other."""
        end = os.urandom(8)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(end, (self.address, 9))
        found: set[str] = set()
        assert self._watch.stdout is not None
        for line in self._watch.stdout:
            kind, content = line.decode().split()
            if content.endswith(end.hex()):
                return found
            found.add(kind)
        raise AssertionError("the machine outside has ended")

    def run(self, code: str, *words: str) -> "subprocess.CompletedProcess[str]":
        """Run Python there."""
        command = ["ip", "netns", "exec", self.name, sys.executable, "-c", code, *words]
        return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    def route(self, network: str) -> None:
        """Send what is for a network through this machine, as a neighbour can; 127.0.0.1 too."""
        for device in ("all", f"{self.name}b"):
            words = ("netns", "exec", self.name, "sysctl", "-q", f"net.ipv4.conf.{device}.route_localnet=1")
            _ip(*words)
        _ip("-n", self.name, "route", "replace", network, "via", self.here)


@contextmanager
def outside_machine() -> Iterator[Outside]:
    """Such a machine, for as long as the block lasts; needs root."""
    if os.geteuid() != 0:
        pytest.skip("only root can make a network namespace")
    require("ip")
    number = int(hashlib.sha256(f"{TAG} {os.getpid()}".encode()).hexdigest(), 16) % 64
    name, here, address = _names(number)
    near, far = f"{name}a", f"{name}b"
    _ip("netns", "add", name)
    try:
        _ip("link", "add", near, "type", "veth", "peer", "name", far, "netns", name)
        _ip("addr", "add", f"{here}/30", "dev", near)
        _ip("link", "set", near, "up")
        _ip("-n", name, "addr", "add", f"{address}/30", "dev", far)
        _ip("-n", name, "link", "set", far, "up")
        command = ["ip", "netns", "exec", name, sys.executable, "-c", WATCH, address, str(PORT)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as watch:
            try:
                assert watch.stdout is not None
                assert watch.stdout.readline() == b"listening\n"
                yield Outside(number, watch)
            finally:
                watch.terminate()
    finally:
        _ip("netns", "del", name)


def _names(number: int) -> tuple[str, str, str]:
    """The namespace with this number, the address of this machine in it, and its own."""
    return f"orchout{number}", f"203.0.113.{4 * number + 1}", f"203.0.113.{4 * number + 2}"


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)
