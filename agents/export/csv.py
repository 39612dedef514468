"""The actions as a table for spreadsheets (RFC 4180), without cells that a spreadsheet would run as a formula."""

import csv
import io

from agents.export.corrections import mark, rejection
from agents.meeting.entry_names import entry_names
from agents.meeting.minutes.dates import due_note
from agents.meeting.minutes.verdicts import standing
from agents.meeting.record import ActionItem, Minutes, TopicMinutes
from agents.text import one_line

COLUMNS = (
    "meeting", "held", "topic", "action", "task", "owner", "owner_role", "due", "due_said", "due_note", "agreed",
    "verified", "problem", "turn", "speaker", "quote", "entry", "verdict",
)  # fmt: skip
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""Characters at the beginning of a cell that make it a formula (the last four are the full-width forms)."""


def to_csv(minutes: Minutes) -> str:
    """Write every action, agreed or suggested, as one row under ``COLUMNS``; UTF-8 without a byte order mark.

    An action that is not verified has ``no`` under ``verified`` and the reason under ``problem``, as has one in
    the words of a correction, and one that a person rejected.
    """
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\r\n")
    table.writerow(COLUMNS)
    names, verdicts = {id(one.value): name for name, one in entry_names(minutes).items()}, standing(minutes)
    for topic in minutes.topics:
        for action in topic.actions:
            name = names[id(action)]
            judged = (name, verdicts[name].words if name in verdicts else "")
            table.writerow([guarded(one_line(cell)) for cell in (*_cells(minutes, topic, action), *judged)])
    return out.getvalue()


def guarded(cell: str) -> str:
    """The cell, with an apostrophe in front if a spreadsheet would run it as a formula."""
    return f"'{cell}" if cell.startswith(RISKY) else cell


def _cells(minutes: Minutes, topic: TopicMinutes, action: ActionItem) -> tuple[str, ...]:
    evidence = action.evidence
    judged = mark(minutes, evidence) or rejection(minutes, evidence)
    return (
        minutes.meeting,
        minutes.held.isoformat(),
        topic.topic.text,
        action.key,
        action.task,
        minutes.title_of(action.owner),
        ", ".join(owner for owner in action.owners if owner in minutes.titles),
        action.due.isoformat() if action.due else "",
        action.due_text,
        due_note(action.due, action.due_text, past=action.past),
        _yes(action.agreed),
        _yes(evidence.verified and not judged),
        judged or evidence.problem,
        evidence.turn,
        minutes.title_of(evidence.speaker) if evidence.speaker else "",
        evidence.quote,
    )


def _yes(value: bool) -> str:
    return "yes" if value else "no"
