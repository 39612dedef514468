"""Reads a model's raw answer: takes off the thoughts at its start, and reads its JSON."""

import json
import re
from collections.abc import Mapping
from typing import Any

from agents.text import introduces

_OPENING = {f"<{name}>": f"</{name}>" for name in ("think", "thinking", "thought")}
"""The closing tag of each opening tag of thoughts."""
_LONGEST = max(map(len, _OPENING.values()))
_FENCE = re.compile(r"`{3,}[^\S\n]*(?:\w+[^\S\n]*)?\n")

BEGUN = ("deepseek-r1", "r1-distill", "qwq", "-thinking")
"""Parts of the names of models whose chat template begins the thoughts, so that their answers only end them."""
MOST_INTRODUCTION = 80
"""The letters of words that may stand before JSON."""


def begins_thinking(name: str) -> bool:
    """Whether the answers of the model with this name have thoughts at their start without an opening tag."""
    return any(part in name.lower() for part in BEGUN)


class Thoughts:
    """Takes off the thoughts at the very start of an answer while the answer arrives in pieces.

    Nothing else is taken off: an answer may be about tags. Thoughts that a model does not end, although it came to an
    end itself, are its answer.

    Args:
        begun: whether the answer has thoughts at its start without an opening tag; without a closing tag, it has none.

    Attributes:
        unended: whether the answer was stopped within the thoughts, so that there is no answer.
    """

    def __init__(self, *, begun: bool = False) -> None:
        self.unended = False
        self._begun = begun
        self._closing = "</think>" if begun else ""
        self._state = "thoughts" if begun else "start"
        self._held = ""
        self._sought = 0

    def answer(self, piece: str) -> str:
        """The part of a piece that certainly belongs to the answer."""
        if self._state == "answer":
            return piece
        if self._state == "space":
            piece = piece.lstrip()
            self._state = "answer" if piece else "space"
            return piece
        self._held += piece
        if self._state == "start":
            self._state = self._begins()
            if self._state == "answer":
                return self._release(0)
        if self._state == "thoughts":
            found = self._held.find(self._closing, self._sought)
            self._sought = max(0, len(self._held) - _LONGEST)
            if found >= 0:
                return self._release(found + len(self._closing))
        return ""

    def rest(self, ended: str = "stop") -> str:
        """Text that was held back and belongs to the answer; call it after the last piece.

        Args:
            ended: how the answer ended, as in ``Reply.ended``.
        """
        if self._state == "thoughts" and ended != "stop" and not self._begun:
            self.unended = True
            return ""
        return self._release(0) if self._state in {"start", "thoughts"} else ""

    def _begins(self) -> str:
        seen = self._held.lstrip()[:_LONGEST]
        for opening, closing in _OPENING.items():
            if seen.startswith(opening):
                self._closing = closing
                return "thoughts"
        return "start" if any(opening.startswith(seen) for opening in _OPENING) else "answer"

    def _release(self, start: int) -> str:
        text, self._held = self._held[start:].lstrip(), ""
        # White space before the first word is dropped too; a second thought is a part of the answer.
        self._state = "answer" if text else "space" if start else "start"
        return text


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
    """The JSON value that an answer is; None if it is none, was cut off, has other words, or gives a name two values.

    A fence around it does not matter, and words that only introduce it may stand before it ("Here is my answer:").
    """
    whole = _unfenced(_unintroduced(text.strip()))
    try:
        return json.loads(whole, object_pairs_hook=_table, parse_constant=_no_number)
    except (ValueError, RecursionError):  # RecursionError: nested too deep to be an answer
        return None


def _unintroduced(text: str) -> str:
    """A text without words at its start that only introduce JSON."""
    places = [place for place in (text.find("{"), text.find("```")) if place >= 0]
    start = min(places, default=0)
    if not 0 < start <= MOST_INTRODUCTION:
        return text
    before = text[:start].rstrip()
    return text[start:] if before.endswith(":") and introduces(before) else text


def _unfenced(text: str) -> str:
    """A text without the fence around all of it; its end may be missing."""
    fence = _FENCE.match(text)
    return text[fence.end() :].rstrip().removesuffix("```") if fence else text


def _table(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object in which each name stands once; two values of one name contradict each other."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name twice")
    return found


def _no_number(word: str) -> Any:
    raise ValueError(word)
