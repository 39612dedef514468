"""How the terminal may be used for this command: repainted, in colour, and with a pager, or plain.

Besides the setting, habits of the terminal count: ``NO_COLOR``, ``TERM=dumb``, and output that is not a terminal.
"""

import os
import sys
from collections.abc import Callable
from typing import Any

_DUMB = ("dumb", "unknown")
_CHOSEN: dict[str, Callable[[], bool]] = {}


def choose(plain: Callable[[], bool]) -> None:
    """Say how it is known whether the user wants plain output; it is asked at most once, and only on a terminal."""
    found: list[bool] = []

    def once() -> bool:
        if not found:
            found.append(plain())
        return found[0]

    _CHOSEN["plain"] = once


def use_plain(wanted: bool) -> bool:
    """The callback of a command's own --plain, which counts for all that it prints."""
    if wanted:
        choose(lambda: True)
    return wanted


def is_plain() -> bool:
    """Whether the user wants lines only: no repainting, pager, colour and drawn characters."""
    return _CHOSEN["plain"]() if "plain" in _CHOSEN else False


def is_capable(stream: Any) -> bool:
    """Whether a stream is a terminal that can do more than print lines, and may."""
    if stream is None or stream.closed or not stream.isatty():
        return False
    return os.environ.get("TERM", "").lower() not in _DUMB and not is_plain()


def can_repaint() -> bool:
    """Whether lines of stderr can be repainted."""
    return is_capable(sys.stderr)


def has_colour(stream: Any) -> bool:
    """Whether a stream shows colours."""
    return not os.environ.get("NO_COLOR") and is_capable(stream)


def has_many_colours() -> bool:
    """Whether the terminal knows 256 colours, so that they can be chosen to be readable on any background."""
    return "256" in os.environ.get("TERM", "") or bool(os.environ.get("COLORTERM")) or sys.platform == "win32"
