"""The smallest value that follows a JSON schema."""

from typing import Any


def example(schema: dict[str, Any]) -> Any:
    """A value of the schema's shape: first words of enumerations, empty lists, short texts."""
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema.get("type", "object")
    kind = next((one for one in kind if one != "null"), "null") if isinstance(kind, list) else kind
    if kind == "object":
        return {name: example(inner) for name, inner in schema.get("properties", {}).items()}
    plain: dict[str, Any] = {"array": [], "string": "some words", "integer": 1, "number": 1.0, "boolean": True}
    return plain.get(kind)
