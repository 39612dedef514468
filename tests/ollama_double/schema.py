"""Answers that follow a JSON schema, as with a grammar for a model."""

import json
from collections.abc import Callable, Mapping
from typing import Any

Say = Callable[[str], str]
"""Gives the words for a text field by its name."""

DEEPEST = 12


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


def follow(schema: Mapping[str, Any], say: Say, choose: Callable[[int], int]) -> str:
    """A JSON text that follows ``schema``.

    Args:
        schema: objects, arrays, enums, constants, alternatives, local references, ranges and lengths are followed.
        say: gives the words of text fields.
        choose: picks one of a number of allowed values, counted from 0.
    """
    return json.dumps(_value(schema, schema, "", say, choose, 0), ensure_ascii=False)


def _resolved(root: Mapping[str, Any], reference: str) -> Mapping[str, Any] | None:
    part: Any = root
    if not reference.startswith("#"):
        return None
    for step in reference.removeprefix("#").strip("/").split("/"):
        if step:
            part = part.get(step.replace("~1", "/").replace("~0", "~")) if isinstance(part, Mapping) else None
    return part if isinstance(part, Mapping) else None


def _value(
    root: Mapping[str, Any], part: Mapping[str, Any], name: str, say: Say, choose: Callable[[int], int], depth: int
) -> Any:
    if "$ref" in part:
        part = _resolved(root, part["$ref"]) or {}
    if "const" in part:
        return part["const"]
    if part.get("enum"):
        return part["enum"][choose(len(part["enum"]))]
    for key in ("anyOf", "oneOf", "allOf"):
        if part.get(key):
            simplest = part[key][-1 if depth > DEEPEST else 0]
            return _value(root, simplest, name, say, choose, depth + 1)
    kind = part.get("type")
    kind = next((k for k in kind if k != "null"), "null") if isinstance(kind, list) else kind
    if kind == "object" or "properties" in part:
        wanted = part.get("properties", {})
        if depth > DEEPEST:
            wanted = {key: wanted[key] for key in part.get("required", ()) if key in wanted}
        return {key: _value(root, each, key, say, choose, depth + 1) for key, each in wanted.items()}
    if kind == "array":
        return _array(root, part, name, say, choose, depth)
    if kind in {"integer", "number"}:
        return _number(part, whole=kind == "integer")
    if kind == "boolean":
        return choose(2) == 0
    return None if kind == "null" else _text(part, say(name))


def _array(
    root: Mapping[str, Any], part: Mapping[str, Any], name: str, say: Say, choose: Callable[[int], int], depth: int
) -> list[Any]:
    items = part.get("items") or {}
    least, most = int(part.get("minItems", 0)), part.get("maxItems")
    allowed = items.get("enum") if isinstance(items, Mapping) else None
    if allowed:
        size = min(len(allowed), max(least, min(3, most if most is not None else 1)))
        start = choose(len(allowed))
        return [allowed[(start + number) % len(allowed)] for number in range(size)]
    size = least if depth > DEEPEST else max(least, min(1, most if most is not None else 1))
    return [_value(root, items, name, say, choose, depth + 1) for _ in range(size)]


def _number(part: Mapping[str, Any], *, whole: bool) -> int | float:
    low = part.get("minimum", part.get("exclusiveMinimum", 0) + (1 if "exclusiveMinimum" in part else 0))
    high = part.get("maximum", part.get("exclusiveMaximum"))
    value = max(low, 0) if high is None or high >= 0 else high
    return int(value) if whole else float(value)


def _text(part: Mapping[str, Any], words: str) -> str:
    least, most = int(part.get("minLength", 0)), part.get("maxLength")
    return words.ljust(least, ".")[:most]
