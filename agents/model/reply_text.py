"""Reads a model's raw answer: removes its thoughts, and finds JSON in it."""

import json
import re
from collections.abc import Mapping
from typing import Any

_TAGS = ("<think>", "<thinking>", "<thought>")
_CLOSING = re.compile(r"</(?:think|thinking|thought)>")


class Thoughts:
    """Removes the thoughts at the start of an answer while the answer arrives in pieces.

    Tags later in the answer stay: an answer may be about tags.
    """

    def __init__(self) -> None:
        self._state = "start"
        self._held = ""

    def answer(self, piece: str) -> str:
        """The part of a piece that certainly belongs to the answer."""
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
        """Text that was held back and belongs to the answer; call it after the last piece."""
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
        # White space before the first word is dropped too.
        self._state = "answer" if text else "start"
        return text


def without_thoughts(text: str) -> str:
    """An answer without thoughts that have no opening tag; some chat templates leave it out."""
    head, closing, answer = text.partition("</think>")
    return answer.strip() if closing and "<think>" not in head else text.strip()


def read_answer(text: str, schema: Mapping[str, Any] | None) -> Any:
    """The JSON in an answer to a prompt with a schema; None if it is of quite another kind, or there is no schema.

    An object needs one field of the schema at least: servers that do not enforce a schema may answer with other fields,
    and small models with the schema itself. What the fields contain is judged by who asked for them.
    """
    found = read_json(text) if schema else None
    wanted = schema.get("properties") if schema else None
    if wanted and not (isinstance(found, dict) and found.keys() & wanted.keys()):
        return None
    return found


def read_json(text: str) -> Any:
    """The JSON in an answer: the whole answer, or the first object in it; None if there is none or it was cut off."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        pass
    # Only the first brace counts: in an answer that was cut off, a later one may open a complete inner object.
    start = text.find("{")
    if start < 0:
        return None
    try:
        return json.JSONDecoder().raw_decode(text, start)[0]
    except (ValueError, RecursionError):  # nested too deep to be an answer
        return None
