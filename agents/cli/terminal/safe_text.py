"""Makes texts safe for a terminal: models, documents, minutes and file names are not trusted."""

import json
import re
from typing import Any

from agents.text import harmless, is_text, one_line

__all__ = ["harmless", "json_text", "one_line"]

_BEYOND_ASCII = re.compile(r"[^\x20-\x7e\n]")


def json_text(value: Any, indent: int | None = 2) -> str:
    """JSON in which characters that control a terminal are escaped; the data is the same."""
    text = json.dumps(value, indent=indent, ensure_ascii=False)
    return _BEYOND_ASCII.sub(lambda found: found[0] if is_text(found[0]) else json.dumps(found[0])[1:-1], text)
