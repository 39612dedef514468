"""The width of the terminal."""

import shutil


def terminal_width(default: int = 100) -> int:
    """Number of columns, from ``COLUMNS`` or from the terminal.

    Args:
        default: the number of columns if neither gives it.
    """
    return shutil.get_terminal_size((default, 24)).columns
