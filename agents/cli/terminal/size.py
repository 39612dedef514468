"""The size of the terminal."""

import os
import shutil
import sys
from contextlib import suppress


def terminal_width(default: int = 100) -> int:
    """Number of columns, from ``COLUMNS`` or from the terminal.

    Args:
        default: the number of columns if neither gives it.
    """
    return shutil.get_terminal_size((default, 24)).columns


def terminal_size() -> tuple[int, int]:
    """Number of columns and rows, from ``COLUMNS`` and ``LINES`` or from the terminal."""
    size = shutil.get_terminal_size((100, 24))
    return size.columns, size.lines


def message_width() -> int:
    """Number of columns for messages: those of stderr, if it is a terminal; else 0, so that they are not wrapped."""
    if sys.stderr is None or sys.stderr.closed or not sys.stderr.isatty():
        return 0
    with suppress(ValueError, OSError):
        if not os.environ.get("COLUMNS"):
            return os.get_terminal_size(sys.stderr.fileno()).columns or terminal_width()
    return terminal_width()
