"""A terminal to run the program in: a real pseudo-terminal, with an emulator's screen to look at."""

import fcntl
import os
import re
import signal
import struct
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pyte

PROGRAM = [sys.executable, "-m", "agents", "--model", "rehearsal"]
SERVED = [sys.executable, "-m", "agents"]
"""The program on an Ollama server; take the fixture ``ollama`` with it."""
PATIENCE = 60.0
"""Seconds after which something that should be seen is taken to be missing."""

ENTER, TAB, ESCAPE, UP, BACKSPACE = "\r", "\t", "\x1b", "\x1b[A", "\x7f"
CTRL_C, CTRL_D, CTRL_R, CTRL_Z = "\x03", "\x04", "\x12", "\x1a"

BECOME_FOREGROUND = """
import fcntl, os, signal, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
# A shell that runs the tests in the background has had these ignored.
for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGTSTP):
    signal.signal(number, signal.SIG_DFL)
os.execv(sys.argv[1], sys.argv[1:])
"""
"""A program that makes its standard input its terminal, and becomes the program that its arguments name."""


class AnsweringScreen(pyte.HistoryScreen):
    """A screen that answers when it is asked where its cursor is, as terminals do."""

    def __init__(self, columns: int, rows: int, answer: Callable[[str], None]) -> None:
        super().__init__(columns, rows, history=10_000, ratio=0.5)
        self._answer = answer

    def write_process_input(self, data: str) -> None:
        """Answer the program."""
        self._answer(data)

    def report_device_status(self, mode: int, **_private: Any) -> None:
        """Answer; private requests, such as those for colors, are not for this terminal."""
        super().report_device_status(mode)


class Terminal:
    """A program in a terminal; use it as a context manager.

    Args:
        command: the program and its arguments.
        columns, rows: the terminal's size.
        env: variables besides this process's own; None takes one away.
        cwd: the working folder.

    Attributes:
        raw: every byte the program has written.
    """

    def __init__(
        self,
        command: Sequence[str],
        columns: int = 80,
        rows: int = 24,
        env: Mapping[str, str | None] | None = None,
        cwd: Path | None = None,
    ) -> None:
        self.raw = b""
        self._master, slave = os.openpty()
        self._lock = threading.Lock()
        self.screen = AnsweringScreen(columns, rows, self.send)
        self._stream = pyte.ByteStream(self.screen)
        self._set_size(slave, columns, rows)
        self.before = termios.tcgetattr(slave)
        given = {**os.environ, "TERM": "xterm-256color", "PAGER": "cat", **(env or {})}
        for name in ("COLUMNS", "LINES", "NO_COLOR"):
            if name not in (env or {}):
                given.pop(name, None)
        wrapped = [sys.executable, "-S", "-c", BECOME_FOREGROUND, *command]
        self.process = subprocess.Popen(
            wrapped,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
            cwd=cwd,
            env={name: value for name, value in given.items() if value is not None},
        )
        self._slave = slave
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        os.close(self._slave)
        self._reader.join()
        os.close(self._master)

    def send(self, keys: str) -> None:
        """Type."""
        os.write(self._master, keys.encode())

    def line(self, text: str) -> None:
        """Type a line."""
        self.send(text + ENTER)

    def paste(self, text: str) -> None:
        """Paste, as a terminal does for a program that has asked to be told."""
        assert b"\x1b[?2004h" in self.raw, "the program does not want to know what is pasted"
        self.send(f"\x1b[200~{text}\x1b[201~")

    def resize(self, columns: int, rows: int) -> None:
        """Change the size of the window."""
        with self._lock:
            self.screen.resize(rows, columns)
        self._set_size(self._slave, columns, rows)

    def display(self) -> list[str]:
        """The lines on the screen, without blanks at their ends."""
        with self._lock:
            return [line.rstrip() for line in self.screen.display]

    def shown(self) -> str:
        """The screen as one text."""
        return "\n".join(self.display())

    def everything(self) -> str:
        """The screen, and what has scrolled out of it."""
        with self._lock:
            gone = ["".join(line[x].data for x in range(self.screen.columns)) for line in self.screen.history.top]
            return "\n".join(line.rstrip() for line in [*gone, *self.screen.display])

    def wait(self, seen: str | Callable[[], Any], where: Callable[[], str] | None = None) -> None:
        """Wait until a pattern is on the screen, or until a condition is true."""
        look = where or self.shown
        met = seen if callable(seen) else lambda: re.search(seen, look())
        until = time.monotonic() + PATIENCE
        while not met():
            assert time.monotonic() < until, f"not seen: {seen}\n{self.everything()}"
            if self.process.poll() is not None:
                last = time.monotonic() + 5  # what it wrote is still being read
                while not met() and time.monotonic() < last:
                    self._reader.join(0.05)
                assert met(), f"the program has ended, not seen: {seen}\n{self.everything()}"
                return
            time.sleep(0.01)

    def status(self) -> int:
        """Wait for the program's end; its exit status."""
        found = self.process.wait(PATIENCE)
        time.sleep(0.1)
        return found

    def mode(self) -> list[Any]:
        """The terminal's settings now."""
        return termios.tcgetattr(self._slave)

    def _read(self) -> None:
        while True:
            try:
                data = os.read(self._master, 65536)
            except OSError:
                return
            if not data:
                return
            with self._lock:
                self.raw += data
                self._stream.feed(data)

    def _set_size(self, slave: int, columns: int, rows: int) -> None:
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
