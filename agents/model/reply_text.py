"""What is taken out of a model's words: its thoughts, and JSON."""

import json
import re
from typing import Any

_TAGS = ("<think>", "<thinking>", "<thought>")
_CLOSING = re.compile(r"</(?:think|thinking|thought)>")


class Thoughts:
    """Separates the thoughts with which an answer may begin from the answer, while both arrive in pieces.

    Only thoughts at the very start count: an answer may speak about tags.
    """

    def __init__(self) -> None:
        self._state = "start"
        self._held = ""

    def answer(self, piece: str) -> str:
        """The part of a piece that belongs to the answer, as far as that can be told yet."""
        if self._state == "answer":
            return piece
        self._held += piece
        if self._state == "start":
            self._state = self._begins()
            if self._state == "answer":
                return self._release(0)
        if self._state == "thoughts" and (closing := _CLOSING.search(self._held)):
            return self._release(closing.end())
        return ""

    def rest(self) -> str:
        """What was held back and turned out to be answer, at the end of the pieces."""
        return self._release(0) if self._state == "start" else ""

    def _begins(self) -> str:
        seen = self._held.lstrip()
        if any(seen.startswith(tag) for tag in _TAGS):
            return "thoughts"
        if any(tag.startswith(seen) for tag in _TAGS):
            return "start"
        return "answer"

    def _release(self, start: int) -> str:
        text, self._held = self._held[start:].lstrip(), ""
        # White space before the first word is held back too: it belongs to no answer.
        self._state = "answer" if text else "start"
        return text


def without_thoughts(text: str) -> str:
    """An answer without thoughts whose opening tag never came, as some templates give them."""
    head, closing, answer = text.partition("</think>")
    return answer.strip() if closing and "<think>" not in head else text.strip()


def read_json(text: str) -> Any:
    """The JSON in an answer: all of it, or the first object in it; None when there is none or it is cut off."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        pass
    # Only the first brace counts: in an answer that was cut off, a later one may open a whole object within it.
    start = text.find("{")
    if start < 0:
        return None
    try:
        return json.JSONDecoder().raw_decode(text, start)[0]
    except (ValueError, RecursionError):  # so deep that it is no answer
        return None
