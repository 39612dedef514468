"""Checks a JSON value with a schema that uses only a few keywords; any other keyword is an error."""

import re
from typing import Any

ANNOTATIONS = {"$schema", "$defs", "title", "description"}
TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
    "null": (type(None),),
}


def problems(value: object, schema: dict[str, Any], root: dict[str, Any], place: str = "$") -> list[str]:
    """Each difference between a value and its schema; empty when there is none."""
    found: list[str] = []
    for keyword, wanted in schema.items():
        if keyword in {"properties", "required", "additionalProperties"}:
            continue
        if keyword == "$ref":
            found += problems(value, root["$defs"][wanted.removeprefix("#/$defs/")], root, place)
        elif keyword == "anyOf":
            tried: list[list[str]] = [problems(value, one, root, place) for one in wanted]
            found += sorted(tried, key=len)[0]
        elif keyword == "items":
            elements = value if isinstance(value, list) else []
            found += [one for n, each in enumerate(elements) for one in problems(each, wanted, root, f"{place}[{n}]")]
        elif keyword not in ANNOTATIONS and not _fits(keyword, wanted, value):
            found.append(f"{place}: {value!r} is not {keyword} {wanted}")
    if isinstance(value, dict) and schema.get("type") == "object":
        found += _object(value, schema, root, place)
    return found


def _fits(keyword: str, wanted: Any, value: Any) -> bool:
    if keyword == "type":
        names = [wanted] if isinstance(wanted, str) else wanted
        return any(
            isinstance(value, TYPES[name]) and (name == "boolean" or not isinstance(value, bool)) for name in names
        )
    if keyword == "const":
        return bool(value == wanted)
    if keyword == "enum":
        return value in wanted
    if keyword == "pattern":
        return not isinstance(value, str) or bool(re.search(wanted, value))
    if keyword == "minimum":
        return not isinstance(value, int | float) or value >= wanted
    if keyword == "minItems":
        return not isinstance(value, list) or len(value) >= wanted
    raise KeyError(keyword)


def _object(value: dict[str, Any], schema: dict[str, Any], root: dict[str, Any], place: str) -> list[str]:
    known, more = schema.get("properties", {}), schema.get("additionalProperties", True)
    found = [f"{place}: {name} is missing" for name in schema.get("required", []) if name not in value]
    for name, each in value.items():
        if name in known:
            found += problems(each, known[name], root, f"{place}.{name}")
        elif more is False:
            found.append(f"{place}: {name} is not in the schema")
        elif isinstance(more, dict):
            found += problems(each, more, root, f"{place}.{name}")
    return found
