"""A JSON schema in the form that a server can use: strict for OpenAI, an example for servers without schemas."""

import json
from collections.abc import Mapping
from typing import Any

_NOT_STRICT = {"minLength", "maxLength"}
"""Keywords that OpenAI refuses in strict schemas."""


def strict(schema: Mapping[str, Any]) -> dict[str, Any]:
    """A schema under the rules of OpenAI's strict mode: every value has a type, every property is required, and no
    other is allowed. A property that may be left out may be null instead.
    """
    made: dict[str, Any] = {name: value for name, value in schema.items() if name not in _NOT_STRICT}
    if "enum" in made and "type" not in made:
        kinds = list(dict.fromkeys(map(_type_of, made["enum"])))
        made["type"] = kinds[0] if len(kinds) == 1 else kinds
    if "properties" in made:
        needed = schema.get("required", ())
        parts = {name: strict(part) for name, part in schema["properties"].items()}
        made["properties"] = {name: part if name in needed else _or_null(part) for name, part in parts.items()}
        made |= {"type": "object", "required": [*parts], "additionalProperties": False}
    if isinstance(made.get("items"), Mapping):
        made["items"] = strict(made["items"])
    if "anyOf" in made:
        made["anyOf"] = [strict(part) for part in made["anyOf"]]
    return made


def example(schema: Mapping[str, Any]) -> str:
    """How an answer looks, with words where values belong; small models repeat a schema instead of following it."""
    return json.dumps(_example(schema), ensure_ascii=False)


def _example(part: Mapping[str, Any]) -> Any:
    kind = part.get("type")
    kinds = kind if isinstance(kind, list) else [kind]
    or_null = " or null" if "null" in kinds else ""
    if "enum" in part:
        return " or ".join("null" if value is None else str(value) for value in part["enum"])
    if part.get("anyOf"):
        return _example(part["anyOf"][0])
    if "properties" in part:
        return {name: _example(each) for name, each in part["properties"].items()}
    if "array" in kinds:
        return [_example(part.get("items") or {})]
    plain = next((name for name in kinds if name in {"integer", "number", "boolean"}), "")
    return {"boolean": "true or false", "": "..."}.get(plain, "a number") + or_null


def _or_null(part: dict[str, Any]) -> dict[str, Any]:
    kind = part.get("type")
    kinds = kind if isinstance(kind, list) else [kind]
    if "null" in kinds:
        return part
    if kind is None or "properties" in part:
        return {"anyOf": [part, {"type": "null"}]}
    or_null = {"enum": [*part["enum"], None]} if "enum" in part else {}
    return {**part, "type": [*kinds, "null"], **or_null}


def _type_of(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    return "integer" if isinstance(value, int) else "number" if isinstance(value, float) else "string"
