"""The keyboard while the terminal is repainted: typed keys are not shown, and Ctrl-Z restores the terminal first."""

import os
import signal
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any


class Keyboard:
    """Hides typed keys until it is released; Ctrl-C works as usual. Does nothing where this is not possible.

    Args:
        leave: called before the program is suspended.
        come_back: called when the program continues.
    """

    def __init__(self, leave: Callable[[], None], come_back: Callable[[], None]) -> None:
        self._leave = leave
        self._come_back = come_back
        self._before: list[Any] | None = None
        self._handler: Any = None

    def take(self) -> None:
        """Hide typed keys from now on."""
        self._hide()
        if sys.platform != "win32":
            self._handler = signal.signal(signal.SIGTSTP, self._suspend)

    def let_go(self) -> None:
        """Restore the keyboard as it was."""
        self._show()
        if sys.platform != "win32" and self._handler is not None:
            signal.signal(signal.SIGTSTP, self._handler)
            self._handler = None

    def _suspend(self, number: int, _frame: FrameType | None) -> None:
        self._leave()
        self._show()
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)  # suspended here until the user continues the program
        signal.signal(number, self._suspend)
        self._hide()
        self._come_back()

    def _hide(self) -> None:
        try:
            import termios
        except ImportError:
            return
        try:
            before = termios.tcgetattr(sys.stdin.fileno())
            quiet = [*before[:3], before[3] & ~termios.ECHO, *before[4:]]
            termios.tcsetattr(sys.stdin.fileno(), termios.TCSANOW, quiet)
            self._before = before
        except (termios.error, OSError, ValueError, AttributeError):  # not a terminal, or no standard input
            self._before = None

    def _show(self) -> None:
        if self._before is not None:
            import termios

            termios.tcsetattr(sys.stdin.fileno(), termios.TCSANOW, self._before)
            self._before = None
