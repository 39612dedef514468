"""The formats of Ollama: JSON as Go encodes it, times, durations, and the errors of all endpoints."""

import json
import re
import time
from datetime import datetime
from typing import Any

FOREVER_NS = 2**63 - 1
"""The value of a negative ``keep_alive``: the largest Go duration, 292 years."""

_UNITS = {"ns": 1, "us": 10**3, "µs": 10**3, "ms": 10**6, "s": 10**9, "m": 60 * 10**9, "h": 3600 * 10**9}
_PART = re.compile(r"(\d+\.?\d*|\.\d+)([a-zµ]*)")


class Refusal(Exception):
    """An answer with an HTTP status and ``{"error": text}`` instead of an answer."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status
        self.text = text


def encode(value: Any) -> bytes:
    """``value`` as Go's ``encoding/json`` writes it: no blanks, keys in the order given, <, > and & escaped."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text.encode("utf-8", "replace")


def utc_now() -> str:
    """Now in UTC, as in ``created_at``: up to nine decimals, then Z."""
    nanoseconds = time.time_ns()
    seconds = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(nanoseconds // 10**9))
    return f"{seconds}{_fraction(nanoseconds % 10**9)}Z"


def local(moment: datetime) -> str:
    """A moment with the local offset, as in ``modified_at`` and ``expires_at``."""
    moment = moment.astimezone()
    offset = moment.strftime("%z")
    return f"{moment:%Y-%m-%dT%H:%M:%S}{_fraction(moment.microsecond * 1000)}{offset[:3]}:{offset[3:5]}"


def _fraction(nanoseconds: int) -> str:
    return f".{nanoseconds:09d}".rstrip("0").rstrip(".")


def without_zeros(pairs: dict[str, Any]) -> dict[str, Any]:
    """``pairs`` without the values that Go's ``omitempty`` leaves out."""
    return {name: value for name, value in pairs.items() if value not in (0, "", None, [])}


def duration(value: Any) -> int | None:
    """A ``keep_alive`` in nanoseconds; None when it was not given, ``FOREVER_NS`` when it is negative.

    Raises:
        Refusal: 400, as Go refuses a duration without a unit.
    """
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise Refusal(400, f"Unsupported type: '{_go_kind(value)}'")
    nanoseconds = _go_duration(value) if isinstance(value, str) else int(value * 10**9)
    return FOREVER_NS if nanoseconds < 0 else nanoseconds


def _go_kind(value: Any) -> str:
    return {bool: "bool", list: "[]interface {}", dict: "map[string]interface {}"}.get(type(value), "string")


def _go_duration(text: str) -> int:
    sign, rest = (-1, text[1:]) if text.startswith("-") else (1, text.removeprefix("+"))
    if rest == "0":
        return 0
    total, at = 0.0, 0
    while at < len(rest):
        part = _PART.match(rest, at)
        if not part:
            raise Refusal(400, f"time: invalid duration {json.dumps(text)}")
        if not part[2]:
            raise Refusal(400, f"time: missing unit in duration {json.dumps(text)}")
        if part[2] not in _UNITS:
            raise Refusal(400, f"time: unknown unit {json.dumps(part[2])} in duration {json.dumps(text)}")
        total += float(part[1]) * _UNITS[part[2]]
        at = part.end()
    if not rest:
        raise Refusal(400, f"time: invalid duration {json.dumps(text)}")
    return sign * int(total)


def decode(body: bytes, kind: str, fields: dict[str, tuple[str, type | tuple[type, ...]]]) -> dict[str, Any]:
    """A request's JSON body.

    Args:
        body: the bytes received.
        kind: the Go type that Ollama decodes into, such as "ChatRequest".
        fields: per field the Go name of its type and the Python types that fit.

    Raises:
        Refusal: 400, for no body, for what is not JSON, and for a field of another type.
    """
    if not body.strip():
        raise Refusal(400, "missing request body")
    try:
        value = json.loads(body)
    except UnicodeDecodeError:
        raise Refusal(400, "invalid character '\\ufffd' looking for beginning of value") from None
    except json.JSONDecodeError as error:
        raise Refusal(400, _go_syntax(error)) from None
    if not isinstance(value, dict):
        raise Refusal(400, f"json: cannot unmarshal {_json_kind(value)} into Go value of type api.{kind}")
    for name, (go_type, fitting) in fields.items():
        given = value.get(name)
        wrong_switch = isinstance(given, bool) and fitting is not bool
        if given is not None and (wrong_switch or not isinstance(given, fitting)):
            found = f"cannot unmarshal {_json_kind(given)} into Go struct field {kind}.{name} of type {go_type}"
            raise Refusal(400, f"json: {found}")
    return value


def _go_syntax(error: json.JSONDecodeError) -> str:
    if error.pos >= len(error.doc.rstrip()):
        return "unexpected EOF"
    return f"invalid character '{error.doc[error.pos]}' looking for beginning of value"


def _json_kind(value: Any) -> str:
    if isinstance(value, bool):
        return "bool"
    names = {str: "string", int: "number", float: "number", list: "array", dict: "object"}
    return names.get(type(value), "null")
