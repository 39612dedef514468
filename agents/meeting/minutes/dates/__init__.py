"""Reads by when something is due from what was said, against the day of the meeting.

Import from here: ``due_in``, ``Due``, ``find_when``, ``without_when``, ``resolve``, ``resolve_whole``, ``WEEKDAYS``;
``due_said``, ``due_note``, ``task_said`` and their words, ``NOT_SAID``, ``NO_DAY``, ``PAST``.
Never knows: ``agents.meeting.record``, ``agents.meeting.reading``, ``agents.documents``.
"""

from datetime import date

from agents.meeting.minutes.dates.due import Due, bound_end, due_in
from agents.meeting.minutes.dates.expression import expression
from agents.meeting.minutes.dates.phrase import Text
from agents.meeting.minutes.dates.said import NO_DAY, NOT_SAID, PAST, due_note, due_said, task_said
from agents.meeting.minutes.dates.words import WEEKDAYS

__all__ = [
    "NOT_SAID",
    "NO_DAY",
    "PAST",
    "WEEKDAYS",
    "Due",
    "due_in",
    "due_note",
    "due_said",
    "find_when",
    "resolve",
    "resolve_whole",
    "task_said",
    "without_when",
]

_ANY_DAY = date(1, 1, 8)
"""Words are looked for as if said on a day on which no date was past."""


def find_when(text: str) -> str:
    """The words in ``text`` that say by when something is due, such as "by Friday"; "" if none do."""
    return due_in(text, _ANY_DAY).words


def without_when(text: str) -> str:
    """The text without the words that say by when something is due."""
    when = find_when(text)
    return text.replace(when, "") if when else text


def resolve(words: str, held: date) -> date | None:
    """The day that ``words`` mean when said on the day ``held``; None when they give no single day ("next sprint")."""
    return due_in(words, held).day


def resolve_whole(words: str, held: date) -> date | None:
    """Like ``resolve``, but the words must name a day and nothing else."""
    text = Text(words)
    if not text.words:
        return None
    at = bound_end(text, 0)
    named = expression(text, at, held)
    return named.day if named and named.end == len(text.words) and (at or not named.weak) else None
