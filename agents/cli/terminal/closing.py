"""What stands on the terminal when a meeting has ended: the outcome, the actions, who disagrees, what nobody was shown,
and what to type next. It fits on one screen of any size, so that the answer is what one sees.
"""

import textwrap
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from agents.cli.terminal.minutes_text import words
from agents.cli.terminal.safe_text import harmless
from agents.cli.terminal.styles import outcome_style, paint
from agents.text import one_line

if TYPE_CHECKING:
    from agents.meeting.record import Minutes, TopicMinutes

DECISION = "Decision: "
MOST_ACTIONS = 4
"""The most actions of a topic that are listed; the others are counted."""
PROMPT = 2
"""Rows that are left for the shell's prompt."""
LONGEST = 3
"""The most rows of one sentence; a longer one is shortened, and the minutes have all of it."""
WIDEST = 110
"""Columns of the longest line: longer ones are hard to read."""


def closing(minutes: "Minutes", width: int, height: int, read: str) -> list[str]:
    """The rows that are printed at the end by ``output.say_painted``, at most ``height`` less those of the prompt.

    Args:
        minutes: the minutes of the meeting.
        width: columns of the terminal.
        height: rows of the terminal.
        read: the command that prints the minutes.
    """
    room = max(4, height - PROMPT)
    width = max(20, min(width, WIDEST))
    ends = list(_next(width, read))
    for most in (LONGEST, 2, 1):  # shorter sentences where the screen is small
        rows = [row for topic in minutes.topics for row in _topic(minutes, topic, width, most)]
        if len(rows) + len(ends) <= room:
            break
    return _painted(minutes, [harmless(row) for row in (*rows[: room - len(ends)], *ends)])


def _painted(minutes: "Minutes", rows: list[str]) -> list[str]:
    """The rows with each topic's outcome in its colour."""
    for topic in minutes.topics:
        outcome = one_line(topic.decision.outcome)
        for number, row in enumerate(rows):
            if row.startswith(f"{DECISION}{outcome}."):
                rows[number] = row.replace(outcome, paint(outcome, outcome_style(topic.decision)), 1)
                break
    return rows


def _topic(minutes: "Minutes", topic: "TopicMinutes", width: int, most: int) -> Iterator[str]:
    from agents.export.page import first
    from agents.meeting.record import Status

    decision = topic.decision
    if len(minutes.topics) > 1:
        yield from _rows(f"{topic.topic.number}. {one_line(topic.topic.text)}", width, most)
    if first.decides(topic):
        yield from _rows(f"{DECISION}{one_line(decision.outcome)}. {one_line(decision.why)}", width, most)
    if decision.text and decision.status is not Status.NONE:
        yield from _rows(one_line(decision.text), width, most, "  ")
    yield from _actions(minutes, topic, width, most)
    disagree = [words(point.line) for point in first.contested(minutes, topic)]
    if disagree:
        rest = f" And {len(disagree) - 1} more." if len(disagree) > 1 else ""
        name = "Contested: " if topic.dissent else ""
        yield from _rows(f"{name}{disagree[0]}{rest}", width, most)
    if places := first.look_first(minutes, topic):
        yield from _rows(words(places), width, most)
    if unread := first.unread(minutes, topic):
        yield from _rows(unread, width, most)


def _actions(minutes: "Minutes", topic: "TopicMinutes", width: int, most: int) -> Iterator[str]:
    from agents.export.text import owner_line
    from agents.meeting.minutes.dates import due_said, task_said

    agreed = [one for one in topic.actions if one.agreed]
    for one in agreed[:MOST_ACTIONS]:
        due = f" by {due_said(one.due, one.due_text, past=one.past)}" if one.due else ""
        yield from _rows(
            f"{owner_line(minutes, one)}{due}: {one_line(task_said(one.task, one.due, one.due_text))}",
            width,
            min(most, 2),
            "  ",
        )
    if len(agreed) > MOST_ACTIONS:
        yield f"  and {len(agreed) - MOST_ACTIONS} more actions"
    if not agreed and topic.actions:
        yield f"No action was agreed; {len(topic.actions)} proposed."


def _next(width: int, read: str) -> Iterator[str]:
    """The commands that show the rest."""
    commands = (
        ("Minutes:", read),
        ("To send:", "orchestrator meeting export -o x.html"),
    )
    for name, command in commands:
        row = f"{name} {command}"
        yield from [row] if len(row) < width else [name, f"  {command}"]


def _rows(text: str, width: int, most: int, indent: str = "") -> list[str]:
    """A sentence on at most so many rows; the end of a longer one is left out."""
    return textwrap.wrap(
        text,
        width - 1,
        initial_indent=indent,
        subsequent_indent=indent + "  ",
        max_lines=most,
        placeholder=" ...",
        break_long_words=False,
        break_on_hyphens=False,
    )


def told(rows: Sequence[str]) -> str:
    """The rows, below an empty one."""
    return "\n".join(["", *rows])
