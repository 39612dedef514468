"""Prepares standard input, output and error: they may be closed, full, or have an encoding that cannot write all."""

import io
import os
import sys
from contextlib import suppress
from typing import Any

from agents.errors import StopMeeting

READER_GONE = 141
"""The exit status when the program that read standard output has gone: 128 + SIGPIPE, as shells report it."""


class OutputLost(StopMeeting):
    """Standard output cannot be written. Not an OSError, so that it is not taken for an error of another file.

    Args:
        why: the system's reason; "" if the reader of the output has gone.
    """

    def __init__(self, why: str = "") -> None:
        super().__init__(why)
        self.why = why


class Outlet(io.FileIO):
    """Standard output that raises its own error."""

    def write(self, data: Any, /) -> int:
        """Write some bytes.

        Raises:
            OutputLost: it cannot be written.
        """
        try:
            return super().write(data)
        except BrokenPipeError:
            raise OutputLost from None
        except BlockingIOError:
            raise
        except OSError as error:
            raise OutputLost(error.strerror or type(error).__name__) from None


def prepare() -> None:
    """Replace closed streams, and replace characters that cannot be written.

    Without this, the next opened file would get the number of the closed stream, and output would be written to it.
    Writing to a closed standard output then fails, as on a full disk; messages on a closed standard error are lost.
    """
    # Opened for reading, so that writing to it fails. A new file always gets the lowest number: the closed one.
    for number, mode in ((0, os.O_RDONLY), (1, os.O_RDONLY), (2, os.O_WRONLY)):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, mode)
    made: Any
    if sys.stdin is None:
        made = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - open as long as the program
        sys.stdin = made
    if sys.stdout is None:
        made = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
        sys.stdout = made
    if sys.stderr is None:
        made = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
        sys.stderr = made
    for stream in (sys.stdout, sys.stderr):
        change = getattr(stream, "reconfigure", None)
        if change:
            change(errors="replace")
    if isinstance(sys.stdout, io.TextIOWrapper) and not sys.stdout.isatty():
        sys.stdout = _outlet(sys.stdout)


def _outlet(stdout: io.TextIOWrapper) -> io.TextIOWrapper:
    """The same standard output, through an ``Outlet``."""
    stdout.flush()
    raw = Outlet(stdout.fileno(), "w", closefd=False)
    return io.TextIOWrapper(
        io.BufferedWriter(raw), encoding=stdout.encoding, errors="replace", write_through=stdout.write_through
    )


def give_up_output() -> None:
    """Discard what could not be written; otherwise Python would fail again when it flushes at the end."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
