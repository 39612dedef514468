"""Answers that follow a JSON schema, as with a grammar for a model."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Say = Callable[[str, int], str]
"""Gives the words for a text field by its name, and by its number where a list has several."""

CARRIERS = {"text", "value", "what"}
"""Names of fields that say nothing; such a field is called by the one around it."""

DEEPEST = 12
_OPENED = re.compile(r'\s*\{\s*(?:"(?P<key>[^"]*)(?P<closed>"?))?')


def check_schema(schema: Mapping[str, Any]) -> str:
    """The error in a schema, a ``$ref`` without a target; "" for a valid schema."""
    pending: list[Any] = [schema]
    while pending:
        part = pending.pop()
        if isinstance(part, Mapping):
            reference = part.get("$ref")
            if isinstance(reference, str) and _resolved(schema, reference) is None:
                return f"JSON schema error at #: cannot resolve $ref {reference}"
            pending += part.values()
        elif isinstance(part, list):
            pending += part
    return ""


def begins(wanted: Any, text: str) -> bool:
    """Whether an answer of this format ("json" or a schema) can begin with a text; of objects, the first key counts."""
    opened = _OPENED.match(text)
    if wanted == "json" or not isinstance(wanted, Mapping):
        return bool(opened)
    first = next(iter(wanted.get("properties", ())), "")
    if not opened or not (key := opened["key"]):
        return bool(opened)
    return key == first if opened["closed"] else first.startswith(key)


def follow(
    schema: Mapping[str, Any],
    say: Say,
    choose: Callable[[int], int],
    left_out: Callable[[str], bool] = lambda _name: False,
    matched: Callable[[dict[str, Any]], dict[str, Any]] = lambda filled: filled,
) -> str:
    """A JSON text that follows ``schema``.

    Args:
        schema: objects, arrays, enums, constants, alternatives, local references, ranges and lengths are followed.
        say: gives the words of text fields.
        choose: picks one of a number of allowed values, counted from 0.
        left_out: whether a field that may be null is null.
        matched: is given each filled object, and returns it with values that fit each other.
    """
    return json.dumps(_Follower(schema, say, choose, left_out, matched).value(schema), ensure_ascii=False)


def _resolved(root: Mapping[str, Any], reference: str) -> Mapping[str, Any] | None:
    part: Any = root
    if not reference.startswith("#"):
        return None
    for step in reference.removeprefix("#").strip("/").split("/"):
        if step:
            part = part.get(step.replace("~1", "/").replace("~0", "~")) if isinstance(part, Mapping) else None
    return part if isinstance(part, Mapping) else None


@dataclass(frozen=True, slots=True)
class _Follower:
    """Fills one schema; see ``follow`` for its fields."""

    root: Mapping[str, Any]
    say: Say
    choose: Callable[[int], int]
    left_out: Callable[[str], bool]
    matched: Callable[[dict[str, Any]], dict[str, Any]]

    def value(self, part: Mapping[str, Any], name: str = "", number: int = 0, depth: int = 0) -> Any:
        """A value for a part of the schema, which is the field ``name``, the ``number``-th in a list."""
        if "$ref" in part:
            part = _resolved(self.root, part["$ref"]) or {}
        if _nullable(part) and self.left_out(name):
            return None
        if "const" in part:
            return part["const"]
        if part.get("enum"):
            return part["enum"][self.choose(len(part["enum"]))]
        for key in ("anyOf", "oneOf", "allOf"):
            if part.get(key):
                simplest = part[key][-1 if depth > DEEPEST else 0]
                return self.value(simplest, name, number, depth + 1)
        kind = part.get("type")
        kind = next((k for k in kind if k != "null"), "null") if isinstance(kind, list) else kind
        if kind == "object" or "properties" in part:
            return self._object(part, name, number, depth)
        if kind == "array":
            return self._array(part, name, depth)
        if kind in {"integer", "number"}:
            return _number(part, whole=kind == "integer")
        if kind == "boolean":
            return self.choose(2) == 0
        return None if kind == "null" else _text(part, self.say(name, number))

    def _object(self, part: Mapping[str, Any], name: str, number: int, depth: int) -> dict[str, Any]:
        wanted = part.get("properties", {})
        if depth > DEEPEST:
            wanted = {key: wanted[key] for key in part.get("required", ()) if key in wanted}
        called = {key: name if key.lower() in CARRIERS and name else key for key in wanted}
        return self.matched({key: self.value(each, called[key], number, depth + 1) for key, each in wanted.items()})

    def _array(self, part: Mapping[str, Any], name: str, depth: int) -> list[Any]:
        items = part.get("items") or {}
        least, most = int(part.get("minItems", 0)), part.get("maxItems")
        allowed = items.get("enum") if isinstance(items, Mapping) else None
        if allowed:
            size = min(len(allowed), max(least, min(3, most if most is not None else 1)))
            start = self.choose(len(allowed))
            return [allowed[(start + number) % len(allowed)] for number in range(size)]
        size = least if depth > DEEPEST else max(least, min(2, most if most is not None else 1))
        return [self.value(items, name, number, depth + 1) for number in range(size)]


def _nullable(part: Mapping[str, Any]) -> bool:
    kinds = part.get("type")
    several = [each.get("type") for key in ("anyOf", "oneOf") for each in part.get(key, ())]
    return "null" in several or (isinstance(kinds, list) and "null" in kinds)


def _number(part: Mapping[str, Any], *, whole: bool) -> int | float:
    low = part.get("minimum", part.get("exclusiveMinimum", 0) + (1 if "exclusiveMinimum" in part else 0))
    high = part.get("maximum", part.get("exclusiveMaximum"))
    value = max(low, 0) if high is None or high >= 0 else high
    return int(value) if whole else float(value)


def _text(part: Mapping[str, Any], words: str) -> str:
    least, most = int(part.get("minLength", 0)), part.get("maxLength")
    if most is not None and len(words) > most:
        words = words[:most].rpartition(" ")[0] or words[:most]
    return words.ljust(least, ".")
