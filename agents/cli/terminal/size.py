"""The size of the terminal."""

import shutil


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
