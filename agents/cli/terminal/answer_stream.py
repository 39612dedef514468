"""Hearing an answer: printed as it comes, kept, and until its first word a sign that somebody is at work."""

import sys
import time

from agents.cli.terminal.safe_text import harmless
from agents.cli.terminal.size import terminal_width
from agents.cli.terminal.stream_wrap import Flow


class Sign:
    """A line that stands on the terminal only as long as one waits.

    Args:
        repaint: whether lines may be repainted here; else nothing is shown at all.
    """

    def __init__(self, *, repaint: bool) -> None:
        self.repaint = repaint
        self._there = False

    def put_up(self, text: str) -> None:
        """Show it."""
        if self.repaint:
            self.take_down()
            self._write(text[: max(0, terminal_width() - 1)])
            self._there = True

    def take_down(self) -> None:
        """Leave nothing of it."""
        if self._there:
            self._there = False
            self._write("\r\x1b[K")

    def _write(self, text: str) -> None:
        sys.stderr.write(text)
        sys.stderr.flush()


class Heard:
    """Prints an answer as it comes, and keeps it.

    Args:
        sign: is taken down at the first word; None when nothing of it is printed.
    """

    def __init__(self, sign: Sign | None = None) -> None:
        self.sign = sign
        self.pieces: list[str] = []
        self._first = self._last = 0.0
        self._flow = Flow(_columns)

    def __call__(self, piece: str) -> None:
        """Take one piece."""
        self._last = time.monotonic()
        self._first = self._first or self._last
        self.pieces.append(piece)
        if self.sign:
            self.sign.take_down()
            self._write(self._flow.take(harmless(piece)))

    def end(self) -> None:
        """No more will come."""
        if self.sign:
            self.sign.take_down()
            if self.pieces:
                self._write(self._flow.rest() + "\n")

    def _write(self, text: str) -> None:
        sys.stdout.write(text)
        sys.stdout.flush()

    @property
    def text(self) -> str:
        """What came so far."""
        return "".join(self.pieces)

    @property
    def seconds(self) -> float:
        """From the first piece to the last."""
        return self._last - self._first


def _columns() -> int:
    """Where a line ends: at the terminal's edge, and nowhere else."""
    return terminal_width() if sys.stdout.isatty() else 0
