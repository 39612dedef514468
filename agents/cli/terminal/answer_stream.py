"""Prints an answer while it arrives, and shows a waiting line until its first word."""

import sys
import time

from agents.cli.terminal.safe_text import harmless
from agents.cli.terminal.size import terminal_width
from agents.cli.terminal.stream_wrap import LineWrapper


class WaitingLine:
    """A line that is on the terminal only while the user waits.

    Args:
        repaint: whether lines can be repainted here; if not, nothing is shown.
    """

    def __init__(self, *, repaint: bool) -> None:
        self.repaint = repaint
        self._shown = False

    def show(self, text: str) -> None:
        """Show a text instead of the one before."""
        if self.repaint:
            self.hide()
            self._write(text[: max(0, terminal_width() - 1)])
            self._shown = True

    def hide(self) -> None:
        """Remove the line."""
        if self._shown:
            self._shown = False
            self._write("\r\x1b[K")

    def _write(self, text: str) -> None:
        sys.stderr.write(text)
        sys.stderr.flush()


class AnswerStream:
    """Receives an answer piece by piece, keeps it, and prints it.

    Args:
        waiting: is hidden at the first word; None if the answer is not printed.
    """

    def __init__(self, waiting: WaitingLine | None = None) -> None:
        self.waiting = waiting
        self.pieces: list[str] = []
        self._first = self._last = 0.0
        self._lines = LineWrapper(_columns)

    def __call__(self, piece: str) -> None:
        """Receive one piece."""
        self._last = time.monotonic()
        self._first = self._first or self._last
        self.pieces.append(piece)
        if self.waiting:
            self.waiting.hide()
            self._write(self._lines.take(harmless(piece)))

    def end(self) -> None:
        """Finish: no more pieces will come."""
        if self.waiting:
            self.waiting.hide()
            if self.pieces:
                self._write(self._lines.rest() + "\n")

    def _write(self, text: str) -> None:
        sys.stdout.write(text)
        sys.stdout.flush()

    @property
    def text(self) -> str:
        """The answer so far."""
        return "".join(self.pieces)

    @property
    def seconds(self) -> float:
        """Seconds from the first piece to the last."""
        return self._last - self._first


def _columns() -> int:
    """The width of stdout; 0 if it is not a terminal."""
    return terminal_width() if sys.stdout.isatty() else 0
