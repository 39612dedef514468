"""What a user typed while nothing read the keyboard, such as during a meeting: it is handed back, not lost."""

import os
import re
import sys

MOST_BYTES = 4096
"""The most bytes that are taken; a terminal keeps no more."""

_ESCAPES = re.compile(r"\x1b(?:\[[0-9;?]*[ -/]*[@-~]|O.|.)?")


def typed_ahead() -> str:
    """The text that waits at the keyboard, on one line, without keys such as arrows; "" where there is no terminal."""
    try:
        import termios
    except ImportError:
        return ""
    try:
        keyboard = sys.stdin.fileno()
        before = termios.tcgetattr(keyboard)
    except (termios.error, OSError, ValueError, AttributeError):  # not a terminal, or no standard input
        return ""
    at_once = [*before[:3], before[3] & ~(termios.ICANON | termios.ECHO), *before[4:6], list(before[6])]
    at_once[6][termios.VMIN] = at_once[6][termios.VTIME] = 0
    try:
        termios.tcsetattr(keyboard, termios.TCSANOW, at_once)
        raw = os.read(keyboard, MOST_BYTES)
    except OSError:
        return ""
    finally:
        termios.tcsetattr(keyboard, termios.TCSANOW, before)
    return as_line(raw.decode("utf-8", "replace"))


def as_line(keys: str) -> str:
    """Keys as the line of text that they would have been: backspace takes a letter back, a line end is a blank."""
    out: list[str] = []
    for char in _ESCAPES.sub("", keys):
        if char in "\b\x7f":
            del out[-1:]
        elif char.isprintable():
            out.append(char)
        elif char.isspace():
            out.append(" ")
    return " ".join("".join(out).split())
