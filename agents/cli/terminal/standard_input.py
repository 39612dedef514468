"""Standard input when it is a pipe or a file."""

import sys
from typing import TYPE_CHECKING

from agents.cli.terminal.output import tell

if TYPE_CHECKING:
    from agents.documents import Document


def piped() -> str:
    """The text on standard input; "" if nothing is piped in.

    If a pipe, such as a scheduler's, gives nothing for ten seconds, the user is told and the result is "".

    Raises:
        DocumentError: it is too large, or not text.
    """
    document = piped_document(wanted=True)
    return document.text if document else ""


def piped_document(*, wanted: bool) -> "Document | None":
    """What is on standard input, as a document; None if nothing is piped in.

    Args:
        wanted: whether the user asked for it. If not, a file from which another program has read already is left to
            that program, as in ``while read q; do ...; done < questions.txt``.

    Raises:
        DocumentError: it is too large, or not text.
    """
    kind = _stdin_kind()
    if kind == "none" or (kind == "pipe" and not _pipe_is_ready()):
        return None
    if kind == "file" and not wanted and _begun():
        tell("Standard input was left to the program that reads it. To attach the rest of it, add --attach -.")
        return None
    from agents.documents import PIPED, document_from_bytes, read_limited

    raw = read_limited(sys.stdin.buffer, "standard input")
    return document_from_bytes(PIPED, raw) if raw.strip() else None


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


def _begun() -> bool:
    """Whether somebody has read a part of the file that is standard input, and not all of it."""
    import os

    try:
        file = sys.stdin.fileno()
        return 0 < os.lseek(file, 0, os.SEEK_CUR) < os.fstat(file).st_size
    except OSError:
        return False


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
