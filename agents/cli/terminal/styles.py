"""The colours: green, red and yellow, only for an outcome, a fault and what is late. The words always say it too.

The shades are those of 256 colours that are readable on black and on white; a terminal with few colours uses its own.
"""

import sys
from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from agents.cli.terminal.manner import has_colour, has_many_colours

if TYPE_CHECKING:
    from agents.meeting.record import Decision


class Style(StrEnum):
    """What a colour means."""

    GOOD = "good"
    BAD = "bad"
    OPEN = "open"
    STRONG = "strong"


SHADES: Mapping[Style, int] = {Style.GOOD: 28, Style.BAD: 196, Style.OPEN: 130}
"""The number of each shade among 256 colours."""

_CODES: Mapping[Style, tuple[str, str]] = {
    Style.GOOD: ("1;32", f"1;38;5;{SHADES[Style.GOOD]}"),
    Style.BAD: ("1;31", f"1;38;5;{SHADES[Style.BAD]}"),
    Style.OPEN: ("1;33", f"1;38;5;{SHADES[Style.OPEN]}"),
    Style.STRONG: ("1", "1"),
}
"""The parameters of each style: with few colours, and with many."""

STATES: Mapping[str, Style] = {
    "accepted": Style.GOOD,
    "rejected": Style.BAD,
    "deferred": Style.OPEN,
    "proposed": Style.OPEN,
    "no decision": Style.OPEN,
    "stopped": Style.OPEN,
    "FAIL": Style.BAD,
    "warn": Style.OPEN,
    "overdue": Style.BAD,
}
"""The style of each word that names an outcome, a fault or a state that needs somebody; other words have none."""


def paint(text: str, style: Style | None, stream: Any = None) -> str:
    """A text in a style, where its stream shows colours; elsewhere the text as it is.

    The text must be harmless already: of what is said by ``output.say_painted``, only colours are kept.

    Args:
        text: some words on one line.
        style: None changes nothing.
        stream: where it will be printed; None for stdout.
    """
    if style is None or not text.strip() or not has_colour(stream or sys.stdout):
        return text
    lead = len(text) - len(text.lstrip())
    body = text.strip()
    return f"{text[:lead]}\x1b[{_CODES[style][has_many_colours()]}m{body}\x1b[0m{text[lead + len(body) :]}"


def outcome_style(decision: "Decision") -> Style:
    """The style of a topic's outcome: green for what goes ahead, red for what does not, yellow for what is open."""
    from agents.meeting.minutes.ballot import record_status

    return STATES[record_status(decision)]
