"""What is piped into standard input."""

import sys

from agents.cli.terminal.output import tell


def piped() -> str:
    """What is piped into standard input, or "" where nothing is.

    A pipe that nobody writes to (a scheduler's, say) is given up after ten seconds, and it is said.
    """
    kind = _stdin_kind()
    if kind == "none" or (kind == "pipe" and not _pipe_speaks()):
        return ""
    raw = sys.stdin.buffer.read()
    if not raw.strip():
        return ""
    from agents.documents import document_from_bytes

    return document_from_bytes("standard input", raw).text


def _stdin_kind() -> str:
    """What standard input is: a "file", a "pipe", or "none" (a terminal, /dev/null, a closed stream)."""
    import os
    import stat

    try:
        mode = os.fstat(sys.stdin.fileno()).st_mode
    except (OSError, ValueError, AttributeError):
        return "none"
    if stat.S_ISREG(mode):
        return "file"
    return "pipe" if stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode) else "none"


def _pipe_speaks() -> bool:
    """Whether a pipe has data or an end, waiting up to ten seconds for either."""
    if sys.platform == "win32":
        return True
    import select

    for seconds in (1, 9):
        if select.select([sys.stdin], [], [], seconds)[0]:
            return True
        if seconds == 1:
            tell("Waiting for standard input ...")
    tell("Nothing came from standard input; going on without it.")
    return False
