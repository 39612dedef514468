"""A strict reader of iCalendar files (RFC 5545): everything that the grammar does not allow is an error."""

import re
from dataclasses import dataclass, field

_NAME = r"[A-Za-z0-9-]+"
_PARAMETER = rf';({_NAME})=((?:"[^"\x00-\x08\x0a-\x1f\x7f]*"|[^";:,\x00-\x08\x0a-\x1f\x7f]*))'
_LINE = re.compile(rf"({_NAME})((?:{_PARAMETER})*):([^\x00-\x08\x0a-\x1f\x7f]*)")
_TEXT = re.compile(r"(?:[^\\;,]|\\[\\;,nN])*")
_UNESCAPED = {"n": "\n", "N": "\n"}


@dataclass
class Component:
    """A component: its properties in order, as (name, parameters, raw value), and the components in it."""

    name: str
    properties: list[tuple[str, dict[str, str], str]] = field(default_factory=list)
    components: list["Component"] = field(default_factory=list)

    def value(self, name: str) -> str:
        """The raw value of a property that the component has once."""
        (found,) = [value for key, _, value in self.properties if key == name]
        return found

    def text(self, name: str) -> str:
        """The value of a property of type TEXT, unescaped."""
        return read_text(self.value(name))


def read_text(value: str) -> str:
    """A TEXT value unescaped; a separator or backslash that is not escaped is an error."""
    if not _TEXT.fullmatch(value):
        raise ValueError(f"not a TEXT value: {value!r}")
    return re.sub(r"\\(.)", lambda match: _UNESCAPED.get(match[1], match[1]), value)


def read_calendar(data: bytes) -> Component:
    """The calendar in a file.

    Raises:
        ValueError: a line end that is not CRLF, a line over 75 bytes, a fold inside a character, a line that is
            not a content line, or components that do not nest.
    """
    if not data.endswith(b"\r\n") or re.search(rb"\r(?!\n)|(?<!\r)\n", data):
        raise ValueError("lines end in CRLF")
    physical = data[:-2].split(b"\r\n")
    logical: list[str] = []
    for line in physical:
        if len(line) > 75:
            raise ValueError(f"{len(line)} bytes: {line!r}")
        text = line.decode("utf-8")
        if text.startswith((" ", "\t")):
            logical[-1] += text[1:]
        else:
            logical.append(text)
    return _nested(logical)


def _nested(lines: list[str]) -> Component:
    root = Component("")
    stack = [root]
    for line in lines:
        match = _LINE.fullmatch(line)
        if not match:
            raise ValueError(f"not a content line: {line!r}")
        name, value = match[1].upper(), match[match.re.groups]
        if name == "BEGIN":
            stack.append(Component(value))
            stack[-2].components.append(stack[-1])
        elif name == "END":
            if stack.pop().name != value:
                raise ValueError(f"END:{value} out of place")
        elif len(stack) == 1:
            raise ValueError(f"outside of any component: {line!r}")
        else:
            parameters = {found[1].upper(): found[2] for found in re.finditer(_PARAMETER, match[2])}
            stack[-1].properties.append((name, parameters, value))
    if len(stack) != 1 or [one.name for one in root.components] != ["VCALENDAR"]:
        raise ValueError("a file must contain one complete calendar")
    return root.components[0]
