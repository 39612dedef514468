"""The actions with a due date as to-dos for a calendar (RFC 5545); the same minutes always give the same bytes."""

from collections.abc import Iterator
from datetime import date

from agents.export.text import speaker_name, verified_line
from agents.meeting.minutes.dates import PAST
from agents.meeting.record import ActionItem, Minutes, TopicMinutes
from agents.text import one_line

LINE_BYTES = 75
"""The maximum length of a line in RFC 5545, in bytes and without the line end."""


def to_ics(minutes: Minutes) -> str:
    """Write one VTODO for each action with a due date.

    DTSTAMP is the day of the meeting, not the present moment, so that the same minutes always give the same file and
    importing it twice changes nothing. Suggested and unverified actions are marked in their summary and categories.
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//multi-agent-orchestrator//minutes//EN",
        f"X-WR-CALNAME:{escape(f'{minutes.title}, {minutes.held.isoformat()}')}",
        f"X-WR-CALDESC:{escape(_account(minutes))}",
    ]
    for topic, action in _due(minutes):
        lines += _todo(minutes, topic, action)
    lines.append("END:VCALENDAR")
    return "".join(f"{folded(line)}\r\n" for line in lines)


def escape(text: str) -> str:
    """A text as an RFC 5545 TEXT value: on one line, its separators escaped."""
    return one_line(text).replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")


def folded(line: str) -> str:
    """A content line, cut into pieces of at most 75 bytes between characters.

    Each piece after the first begins with a blank.
    """
    pieces, left = [""], LINE_BYTES
    for char in line:
        size = len(char.encode())
        if size > left:
            pieces.append(" ")
            left = LINE_BYTES - 1
        pieces[-1] += char
        left -= size
    return "\r\n".join(pieces)


def _due(minutes: Minutes) -> list[tuple[TopicMinutes, ActionItem]]:
    return [(topic, action) for topic in minutes.topics for action in topic.actions if action.due]


def _account(minutes: Minutes) -> str:
    total = sum(len(topic.actions) for topic in minutes.topics)
    return (
        f"{len(_due(minutes))} of {total} actions have a due date. {verified_line(minutes)} Meeting {minutes.meeting}."
    )


def _todo(minutes: Minutes, topic: TopicMinutes, action: ActionItem) -> Iterator[str]:
    category, mark = _mark(action)
    evidence = action.evidence
    said = [
        f"Owner: {minutes.title_of(action.owner)}.",
        f'Due, as said: "{action.due_text}".' if action.due_text else "",
        f"The due day was {PAST}." if action.past else "",
        f'Said in {evidence.turn} by {speaker_name(minutes, evidence.speaker)}: "{evidence.quote}"',
        f"Problem: {evidence.problem}." if evidence.problem else "",
        f"Topic: {topic.topic.text}",
        f"Meeting: {minutes.meeting}",
    ]
    yield "BEGIN:VTODO"
    yield f"UID:{escape(minutes.meeting)}/{escape(action.key)}@multi-agent-orchestrator"
    yield f"DTSTAMP:{_digits(minutes.held)}T000000Z"
    yield f"DUE;VALUE=DATE:{_digits(action.due)}"
    yield f"SUMMARY:{escape(mark + action.task)}"
    yield f"DESCRIPTION:{_paragraphs(said)}"
    yield f"CATEGORIES:{category}"
    yield "STATUS:NEEDS-ACTION"
    yield "END:VTODO"


def _paragraphs(texts: list[str]) -> str:
    """Texts as the lines of one TEXT value."""
    return "\\n".join(escape(text) for text in texts if text)


def _mark(action: ActionItem) -> tuple[str, str]:
    """The category of a to-do, and the beginning of its summary."""
    if not action.evidence.verified:
        return "unverified", "Unverified: "
    return ("agreed", "") if action.agreed else ("suggested", "Suggested, not agreed: ")


def _digits(day: date | None) -> str:
    """The date as RFC 5545 writes it, also in the first thousand years."""
    return day.isoformat().replace("-", "") if day else ""
