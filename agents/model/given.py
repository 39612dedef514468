"""Values that a server gives, checked for their type where they are read: a wrong one counts as not given.

A server may be broken, of another kind, or hostile. What it counts and names is used in sums, stored and shown, far
away from where it arrived; so nothing of it is passed on unchecked.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

_MOST = 10**15
"""The largest count that can be meant: of bytes a petabyte, of nanoseconds eleven days."""

_LONGEST_NAME = 300
"""The most characters of a name or a version."""

_NANO = 1e-9


def parsed(raw: bytes | str) -> Any:
    """The value of JSON.

    Raises:
        ValueError: it is not JSON, or is nested too deep.
    """
    try:
        return json.loads(raw)
    except RecursionError:
        raise ValueError("it is nested too deep") from None


def whole(given: Any) -> int | None:
    """A number of tokens or bytes; None if it is not a whole number from 0 that can be meant."""
    return given if isinstance(given, int) and not isinstance(given, bool) and 0 <= given <= _MOST else None


def count(given: Any) -> int:
    """A number as ``whole`` reads it, or 0."""
    return whole(given) or 0


def seconds(given: Any) -> float:
    """A duration in seconds from one in nanoseconds; 0 if it is none."""
    return count(given) * _NANO


def text(given: Any) -> str:
    """A text that can be stored, with the halves of characters replaced; "" if it is none."""
    if not isinstance(given, str):
        return ""
    return given if given.isascii() else given.encode("utf-8", "replace").decode("utf-8")


def name(given: Any) -> str:
    """A name, a version or another short word; "" if it is none, or longer than any name."""
    found = text(given)
    return found if len(found) <= _LONGEST_NAME else ""


def mapping(given: Any) -> Mapping[str, Any]:
    """A JSON object; an empty one if it is none."""
    return given if isinstance(given, dict) else {}


def entries(given: Any, most: int = 2000) -> Sequence[Mapping[str, Any]]:
    """The JSON objects of a list, at most so many; none if it is no list."""
    return [entry for entry in given if isinstance(entry, dict)][:most] if isinstance(given, list) else []
