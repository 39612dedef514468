"""Words of others as they may reach a terminal: models, documents, minutes and file names are not trusted with it."""

import json
import re
from typing import Any

_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # control characters, ESC and the 8-bit ones included; \n and \t may stay
    "\u2028\u2029\u202a-\u202e\u2066-\u2069"  # what ends lines unseen or turns the order of letters around
    "\ud800-\udfff]"  # halves of characters, which no terminal's encoding can write
)


def harmless(text: str) -> str:
    """Text without anything a terminal would obey; of an escape sequence, its letters stay, to be seen."""
    return _UNSAFE.sub("", text)


def one_line(text: str) -> str:
    """Harmless text on one line."""
    return " ".join(harmless(text.replace("\r", "\n")).split())


def json_text(value: Any, indent: int | None = 2) -> str:
    """JSON in which what a terminal would obey is written as an escape: the same data, and nothing happens."""
    text = json.dumps(value, indent=indent, ensure_ascii=False)
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
