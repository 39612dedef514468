"""How much of a response is read: more than any answer needs, and never more than memory and time allow.

Nothing compressed is asked for, and none is read: a few kilobytes of it can be gigabytes of text.
"""

from collections.abc import Mapping
from http.client import HTTPException

MOST_LINE = 2**20
"""The most bytes of a line of a streamed answer."""

MOST_EVENT = 2**18
"""The most bytes of an event or line for a client that puts it together in quadratic time."""

MOST_ANSWER = 2**26
"""The most bytes of a whole streamed answer: those of the longest one, with everything around each token."""

MOST_BODY = 2**21
"""The most bytes of an answer that is read as a whole, such as a list of models."""

MOST_REFUSAL = 2**14
"""The bytes of an answer with an error that are read; the rest is left."""


class Unreadable(HTTPException):
    """A response that is not read: it is too long, or compressed. The text says which."""


def too_long(what: str, most: int) -> Unreadable:
    """The error for a response that is too long.

    Args:
        what: the part that is too long, such as "a line".
        most: the bytes that it may have.
    """
    size = f"{most >> 20} MB" if most >> 20 else f"{most >> 10} kB"
    return Unreadable(f"{what} has more than {size}")


def refuse_compressed(headers: Mapping[str, str]) -> None:
    """Check that a response is not compressed.

    Args:
        headers: its headers; the names are compared as they are, in lower case.

    Raises:
        Unreadable: it is.
    """
    coding = headers.get("content-encoding", "").strip().lower()
    if coding not in {"", "identity"}:
        raise Unreadable(f"it is compressed ({coding[:20]}), which nobody asked for")
