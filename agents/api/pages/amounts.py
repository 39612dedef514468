"""Numbers, lengths of time, days, long texts and stored statuses as pages show them."""

from datetime import date

from agents.export.page.first import day_said
from agents.text import one_line

STATUSES = {"called": "not begun", "running": "held or parked", "closed": "closed", "abandoned": "cancelled"}
"""What the stored status of a meeting is called in lists to choose from."""
LONGEST_TITLE = 300
"""The most characters of what a meeting is about that a page shows in a heading, a link or its own title; a topic may
have many more.
"""


def counted(number: int, noun: str) -> str:
    """A number with its noun, such as "1 seat" and "8 seats"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def duration(seconds: float) -> str:
    """A length of time in words, such as "40 seconds", "12 minutes" or "1 h 50 min"."""
    if seconds < 90:
        return counted(round(seconds), "second")
    minutes = round(seconds / 60)
    return f"{minutes} minutes" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min"


def shortened(text: str, most: int) -> str:
    """A text on one line, of which at most so many characters are shown."""
    line = " ".join(text[: 4 * most].split())
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}\u2026"


def headline(text: str) -> str:
    """What a meeting is about, as a heading shows it: on one line, and not longer than that."""
    return shortened(one_line(text[: 8 * LONGEST_TITLE]), LONGEST_TITLE)


def day_of(moment: str) -> str:
    """The day of a moment in ISO 8601, such as "Tue 1 Dec 2026"; the moment itself where it cannot be read."""
    try:
        return day_said(date.fromisoformat(moment[:10]))
    except ValueError:
        return moment
