"""Standard input when it is a pipe or a file."""

import sys

from agents.cli.terminal.output import tell


def piped() -> str:
    """The text on standard input; "" if nothing is piped in.

    If a pipe, such as a scheduler's, gives nothing for ten seconds, the user is told and the result is "".
    """
    kind = _stdin_kind()
    if kind == "none" or (kind == "pipe" and not _pipe_is_ready()):
        return ""
    raw = sys.stdin.buffer.read()
    if not raw.strip():
        return ""
    from agents.documents import document_from_bytes

    return document_from_bytes("standard input", raw).text


def _stdin_kind() -> str:
    """The kind of standard input: "file", "pipe", or "none" (a terminal, /dev/null, a closed stream)."""
    import os
    import stat

    try:
        mode = os.fstat(sys.stdin.fileno()).st_mode
    except (OSError, ValueError, AttributeError):
        return "none"
    if stat.S_ISREG(mode):
        return "file"
    return "pipe" if stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode) else "none"


def _pipe_is_ready() -> bool:
    """Whether a pipe has data or has ended, after waiting up to ten seconds."""
    if sys.platform == "win32":
        return True
    import select

    for seconds in (1, 9):
        if select.select([sys.stdin], [], [], seconds)[0]:
            return True
        if seconds == 1:
            tell("Waiting for standard input ...")
    tell("Nothing came from standard input; continuing without it.")
    return False
