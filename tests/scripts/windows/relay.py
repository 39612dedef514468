"""The server for ``relay.c``: runs the real program for a program under Wine, and records its arguments."""

import socketserver
import struct
import subprocess
import threading
from pathlib import PureWindowsPath
from typing import Any

KNOWN = ("docker", "docker-compose", "tar")


def here(word: str, disk: str = "") -> str:
    """An argument with a path of this system instead of Wine's path; Z: is the root, and C: is the folder disk."""
    drive = word[:2].upper()
    if word[2:3] not in ("\\", "/") or not word[2:3] or drive not in (("Z:", "C:") if disk else ("Z:",)):
        return word
    return (disk if drive == "C:" else "") + word[2:].replace("\\", "/")


class Relay(socketserver.ThreadingTCPServer):
    """Listens on a free port of this machine.

    Args:
        environment: the variables of the programs.
        disk: the folder that is C: under Wine, for the temporary files of a script.

    Attributes:
        asked: the arguments of each call, in order.
        passed: the variables that "-e NAME" passed on, with their last values.
    """

    daemon_threads = True

    def __init__(self, environment: dict[str, str], disk: str = "") -> None:
        super().__init__(("127.0.0.1", 0), Call)
        self.environment = environment
        self.disk = disk
        self.asked: list[list[str]] = []
        self.passed: dict[str, str] = {}
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self.server_address[1])


class Call(socketserver.StreamRequestHandler):
    """One call of a program."""

    server: Relay

    def handle(self) -> None:
        """Read the arguments and the input, run the program, send its output and status."""
        folder, words, given = "/", [], b""
        passed: dict[str, str] = {}
        for kind, piece in self._frames():
            if kind == b"d":
                folder = here(piece.decode(), self.server.disk)
            elif kind == b"w":
                words.append(piece.decode(errors="surrogateescape"))
            elif kind == b"v":
                name, _, value = piece.decode(errors="surrogateescape").partition("=")
                passed[name] = value
            elif kind == b"i":
                given += piece
            elif kind == b"e":
                break
        tool = PureWindowsPath(words[0]).stem.lower()
        if tool not in KNOWN:
            self._give(b"x", b"127\0")
            return
        command = [tool, *(here(word, self.server.disk) for word in words[1:])]
        self.server.asked.append(command)
        self.server.passed |= passed
        environment = {**self.server.environment, **passed}
        done: subprocess.CompletedProcess[bytes] = subprocess.run(
            command, input=given, capture_output=True, cwd=folder, env=environment, check=False
        )
        for kind, text in ((b"1", done.stdout), (b"2", done.stderr)):
            for start in range(0, len(text), 60_000):
                self._give(kind, text[start : start + 60_000])
        self._give(b"x", b"%d\0" % done.returncode)

    def _frames(self) -> Any:
        while head := self.rfile.read(5):
            yield head[:1], self.rfile.read(struct.unpack(">I", head[1:])[0])

    def _give(self, kind: bytes, piece: bytes) -> None:
        self.wfile.write(kind + struct.pack(">I", len(piece)) + piece)
