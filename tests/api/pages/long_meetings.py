"""Meetings of any size: many turns, long turns, many entries, long lines, words without end."""

from datetime import date

from agents.documents import Document
from agents.meeting.journal import Event, MemoryJournal
from agents.meeting.record import Topic
from agents.meeting.spec import MeetingSpec
from tests.export.meetings import KIND, SEATS
from tests.meeting.speakers import sentence

MEETING = "20261125-long-0001"


def long_events(
    turns: int = 40,
    risks: int = 3,
    filler: str = "",
    topics: int = 1,
    lines: int = 60,
    title: str = "Shall we?",
    meeting: str = MEETING,
) -> list[Event]:
    """The journal of a meeting.

    Args:
        turns: the number of turns on each topic.
        risks: the entries of each turn, each of which cites a line of the document.
        filler: more words of each turn.
        topics: the number of topics.
        lines: those of the document.
        title: the words of each topic.
        meeting: the id.
    """
    text = "\n".join(f"Line {n} of the plan says {sentence('line', n)}." for n in range(1, lines + 1))
    spec = MeetingSpec(
        id=meeting,
        kind=KIND,
        topics=tuple(Topic(n, f"{title} {n}") for n in range(1, topics + 1)),
        seats=SEATS,
        facilitator="solutions_architect",
        held=date(2026, 11, 25),
        model="scripted",
        documents=(Document("plan.md", text),),
    )
    journal = MemoryJournal()
    journal.append("called", "called", spec.as_dict())
    count = 0
    for topic in range(1, topics + 1):
        journal.append("head", f"{topic}.head", {"shared": [["plan.md", 1]], "scale": 1.0, "total": 1})
        for turn in range(turns):
            count += 1
            speaker = SEATS[turn % len(SEATS)].role
            said = [
                f"Risk: plan.md:{1 + (count * risks + n) % lines} {sentence('risk', count, n)} (impact: high)"
                for n in range(risks)
            ]
            phase = "silent_round" if turn < len(SEATS) else "exchange"
            key = f"{topic}.{phase}.{turn}"
            data = {"id": f"T{count}", "key": key, "topic": topic, "phase": phase, "speaker": speaker}
            words = "\n".join([*said, *([filler] if filler else [])])
            journal.append("turn", key, {**data, "text": words, "position": None, "numbers": {}})
        for seat in SEATS:
            key = f"{topic}.ballot.{seat.role}"
            cast = {"topic": topic, "speaker": seat.role, "vote": "support", "reason": filler[:3_000]}
            journal.append("ballot", key, {**cast, "would_change": "", "key": key, "numbers": {}})
    return journal.events()
