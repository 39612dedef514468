"""Actions with a due date for a calendar (RFC 5545); the same minutes always give the same bytes.

``to_ics`` writes events of whole days, which every calendar shows, of what the meeting agreed on. ``to_ics_todo``
writes the same as to-dos, which some calendars do not show, and ``to_ics_all`` events of every action with a due date.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from agents.export.corrections import mark as correction
from agents.export.text import afterwards, owner_line, speaker_name, verified_line
from agents.meeting.entry_names import entry_names
from agents.meeting.minutes.dates import PAST, task_said
from agents.meeting.minutes.verdicts import standing
from agents.meeting.record import ActionItem, Minutes, TopicMinutes
from agents.meeting.verdict import Judgement, Verdict
from agents.text import capital, one_line

LINE_BYTES = 75
"""The maximum length of a line in RFC 5545, in bytes and without the line end."""
AGREED, TAKEN, SUGGESTED, UNVERIFIED = "agreed", "taken on", "suggested", "as said"
"""The categories of entries."""


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """One action in a calendar.

    Attributes:
        uid: its name, the same in every file.
        stamp: the day on which it was agreed, or entered in the register.
        due: the day.
        summary: what is to be done.
        said: what else is known about it, one sentence each.
        category: AGREED, TAKEN, SUGGESTED or UNVERIFIED.
    """

    uid: str
    stamp: date
    due: date
    summary: str
    said: tuple[str, ...]
    category: str = AGREED


def to_ics(minutes: Minutes) -> str:
    """Write an event of the whole day for each agreed action with an owner and a due date.

    Its words are verified, or those of a correction, which is marked.
    """
    return _of_minutes(minutes, agreed_only=True)


def to_ics_todo(minutes: Minutes) -> str:
    """Write the same actions as to-dos."""
    return _of_minutes(minutes, agreed_only=True, todo=True)


def to_ics_all(minutes: Minutes) -> str:
    """Write an event for each action with a due date, also if it was only suggested, has no owner or is as said."""
    return _of_minutes(minutes, agreed_only=False)


def calendar(name: str, about: str, entries: Iterable[CalendarEntry], *, todo: bool = False) -> str:
    """A calendar file.

    DTSTAMP is the day of the meeting, not the present moment, so that the same actions always give the same file and
    importing it twice changes nothing.

    Args:
        name: its name.
        about: what it contains.
        entries: its entries.
        todo: whether they are to-dos and not events.
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//multi-agent-orchestrator//minutes//EN",
        f"X-WR-CALNAME:{escape(name)}",
        f"X-WR-CALDESC:{escape(about)}",
    ]
    for entry in entries:
        lines += _todo(entry) if todo else _event(entry)
    lines.append("END:VCALENDAR")
    return "".join(f"{folded(line)}\r\n" for line in lines)


def uid_of(meeting: str, key: str) -> str:
    """The name of an action in every calendar file, from its meeting and its key there."""
    return f"{escape(meeting)}/{escape(key)}@multi-agent-orchestrator"


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


def _of_minutes(minutes: Minutes, *, agreed_only: bool, todo: bool = False) -> str:
    names, verdicts = {id(one.value): name for name, one in entry_names(minutes).items()}, standing(minutes)
    actions = [(topic, action, verdicts.get(names[id(action)])) for topic in minutes.topics for action in topic.actions]
    kept_ones = [one for one in actions if not (one[2] and one[2].judgement is Judgement.REJECTED)]
    every = [_entry(minutes, topic, action, verdict) for topic, action, verdict in kept_ones]
    owned = [action.owner for _, action, _ in kept_ones]
    kept = [
        entry
        for entry, owner in zip(every, owned, strict=True)
        if entry and (not agreed_only or (owner and entry.category == AGREED))
    ]
    which = "agreed, with an owner and a due date" if agreed_only else "with a due date"
    about = (
        f"{len(kept)} of {len(actions)} actions are in this calendar: those {which}. {verified_line(minutes)}".rstrip()
    )
    name = f"{minutes.title}, {minutes.held.isoformat()}"
    return calendar(name, f"{about} Meeting {minutes.meeting}.", kept, todo=todo)


def _entry(minutes: Minutes, topic: TopicMinutes, action: ActionItem, verdict: Verdict | None) -> CalendarEntry | None:
    """An action as an entry; None without a due date."""
    if action.due is None:
        return None
    evidence, changed = action.evidence, correction(minutes, action.evidence)
    category, mark = _mark(action, changed)
    source = f'aid in {evidence.turn} by {speaker_name(minutes, evidence.speaker)}: "{evidence.quote}"'
    said = (
        f"Owner: {owner_line(minutes, action)}.",
        f'Due, as said: "{action.due_text}".' if action.due_text else "",
        f"The due day was {PAST}." if action.past else "",
        f"{capital(changed)}; before, s{source}" if changed else f"S{source}",
        f"Problem: {evidence.problem}." if evidence.problem and not changed else "",
        f"{verdict.entry} {verdict.words}." if verdict else "",
        f"Topic: {topic.topic.text}",
        *afterwards(topic),
        f"Meeting: {minutes.meeting}",
    )
    uid = uid_of(minutes.meeting, action.key)
    task = action.task if changed else task_said(action.task, action.due, action.due_text)
    return CalendarEntry(uid, minutes.held, action.due, mark + task, said, category)


def _event(entry: CalendarEntry) -> Iterator[str]:
    """An entry as an event of a whole day that leaves the day free."""
    yield "BEGIN:VEVENT"
    yield f"UID:{entry.uid}"
    yield f"DTSTAMP:{_digits(entry.stamp)}T000000Z"
    yield f"DTSTART;VALUE=DATE:{_digits(entry.due)}"
    if entry.due < date.max:  # an event without an end is one day long
        yield f"DTEND;VALUE=DATE:{_digits(entry.due + timedelta(days=1))}"
    yield from _words(entry)
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _todo(entry: CalendarEntry) -> Iterator[str]:
    yield "BEGIN:VTODO"
    yield f"UID:{entry.uid}"
    yield f"DTSTAMP:{_digits(entry.stamp)}T000000Z"
    yield f"DUE;VALUE=DATE:{_digits(entry.due)}"
    yield from _words(entry)
    yield "STATUS:NEEDS-ACTION"
    yield "END:VTODO"


def _words(entry: CalendarEntry) -> Iterator[str]:
    yield f"SUMMARY:{escape(entry.summary)}"
    yield f"DESCRIPTION:{_paragraphs(entry.said)}"
    yield f"CATEGORIES:{entry.category}"


def _paragraphs(texts: Sequence[str]) -> str:
    """Texts as the lines of one TEXT value."""
    return "\\n".join(escape(text) for text in texts if text)


def _mark(action: ActionItem, changed: str) -> tuple[str, str]:
    """The category of an action, and the beginning of its summary."""
    who = f"{capital(changed)}: " if changed else ""
    if not action.evidence.verified and not changed:
        return UNVERIFIED, "As said: "
    return (AGREED, who) if action.agreed else (SUGGESTED, f"{who}Proposed, not adopted: ")


def _digits(day: date) -> str:
    """The date as RFC 5545 writes it, also in the first thousand years."""
    return day.isoformat().replace("-", "")
