"""How wide the terminal is."""

import shutil


def terminal_width(default: int = 100) -> int:
    """Columns of the terminal, as ``COLUMNS`` or the terminal itself says.

    Args:
        default: the number of columns where neither says it.
    """
    return shutil.get_terminal_size((default, 24)).columns
