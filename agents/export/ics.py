"""The actions that have a day, as to-dos for a calendar: RFC 5545, the same bytes whenever it is written."""

from collections.abc import Iterator
from datetime import date

from agents.export.text import checked, plain, speaker_name
from agents.meeting.record import ActionItem, Minutes, TopicMinutes

OCTETS = 75
"""The longest line RFC 5545 wants to see, in bytes and without its end."""


def to_ics(minutes: Minutes) -> str:
    """Write one VTODO for each action with a due day.

    DTSTAMP is the meeting's day, not now, so that the same minutes always give the same file and importing it twice
    changes nothing. What the room did not take on, and what did not check out, says so in its summary and categories.
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
    """Somebody's words as an RFC 5545 TEXT value: on one line, its separators escaped."""
    return plain(text).replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")


def folded(line: str) -> str:
    """A content line cut into pieces of at most 75 bytes, never inside a character; a piece after the first begins with
    a blank.
    """
    pieces, room = [""], OCTETS
    for char in line:
        size = len(char.encode())
        if size > room:
            pieces.append(" ")
            room = OCTETS - 1
        pieces[-1] += char
        room -= size
    return "\r\n".join(pieces)


def _due(minutes: Minutes) -> list[tuple[TopicMinutes, ActionItem]]:
    return [(topic, action) for topic in minutes.topics for action in topic.actions if action.due]


def _account(minutes: Minutes) -> str:
    total = sum(len(topic.actions) for topic in minutes.topics)
    return f"{len(_due(minutes))} of {total} actions have a day. {checked(minutes)} Meeting {minutes.meeting}."


def _todo(minutes: Minutes, topic: TopicMinutes, action: ActionItem) -> Iterator[str]:
    category, mark = _mark(action)
    evidence = action.evidence
    said = [
        f"Owner: {minutes.title_of(action.owner)}.",
        f'Due, as said: "{action.due_text}".' if action.due_text else "",
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
    """Texts on a line each, as a TEXT value writes lines."""
    return "\\n".join(escape(text) for text in texts if text)


def _mark(action: ActionItem) -> tuple[str, str]:
    """The category of a to-do, and what its summary begins with."""
    if not action.evidence.verified:
        return "unverified", "Unverified: "
    return ("agreed", "") if action.agreed else ("suggested", "Suggested, not agreed: ")


def _digits(day: date | None) -> str:
    """The day as RFC 5545 writes it, also one of the first thousand years."""
    return day.isoformat().replace("-", "") if day else ""
