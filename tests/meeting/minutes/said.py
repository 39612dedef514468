"""Minutes of meetings in which each turn is chosen by hand, built from the events of a journal."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from agents.documents import Document
from agents.meeting.journal import MemoryJournal
from agents.meeting.minutes import build
from agents.meeting.record import Minutes, Seat
from agents.meeting.spec import MeetingSpec, topics_from
from agents.meeting.types.file import read_types

TYPES = read_types()
TITLES = {
    "qa_engineer": "QA Engineer", "security_engineer": "Security Engineer", "cto": "Chief Technology Officer",
    "backend_developer": "Backend Developer",
}  # fmt: skip
HELD = date(2026, 11, 24)

Turned = tuple[str, str, str] | tuple[str, str, str, str]
"""The phase, the speaker, the text, and perhaps the position."""


def minutes_of(
    type_id: str,
    turns: Sequence[Turned],
    documents: Sequence[Document] = (),
    pointed: Mapping[str, Sequence[tuple[str, str]]] | None = None,
    ballots: Mapping[str, tuple[str, str, str]] | None = None,
    put: Mapping[str, Any] | None = None,
    entries: Mapping[str, Sequence[Mapping[str, Any]]] | None = None,
    person: str = "",
) -> Minutes:
    """The minutes of a meeting with these turns, which are called T1, T2 ...

    Args:
        type_id: the meeting type.
        turns: the turns.
        documents: what is attached.
        pointed: what the scribe points at: for each label, turns and quotes.
        ballots: for each voter, the vote, its reason, and what would change it.
        put: what is put to the vote; None for nothing.
        entries: the fields of turns that were given in fields, by the id of the turn.
        person: the role whose seat a person has.
    """
    journal = MemoryJournal()
    seats = tuple(Seat(role, title, "belongs here", human=role == person) for role, title in TITLES.items())
    spec = MeetingSpec(
        "20261124-test-0001", TYPES[type_id], topics_from(["Shall we?"]), seats, "cto", HELD, "scripted",
        documents=tuple(documents),
    )  # fmt: skip
    journal.append("called", "called", spec.as_dict())
    journal.append("head", "1.head", {"shared": [], "scale": 1.0, "total": 0})
    for number, (phase, speaker, text, *position) in enumerate(turns, 1):
        key = f"1.{phase}.{speaker}.{number}"
        data = {"id": f"T{number}", "key": key, "topic": 1, "phase": phase, "speaker": speaker, "text": text}
        given = (entries or {}).get(f"T{number}")
        data |= {"position": position[0] if position else None, "entries": given}
        journal.append("turn", key, data)
    if put:
        journal.append("put", "1.put", {"topic": 1, **put})
    for speaker, (vote, reason, change) in (ballots or {}).items():
        key = f"1.ballot.{speaker}"
        data = {"topic": 1, "speaker": speaker, "vote": vote, "reason": reason, "would_change": change, "key": key}
        journal.append("ballot", key, data)
    for label, items in (pointed or {}).items():
        name = f"extract.{label.lower()}"
        answer = {"items": [{"turn": turn, "quote": quote} for turn, quote in items]}
        journal.append("answer", f"1.{name}", {"topic": 1, "name": name, "answer": answer})
    journal.append("closed", "closed", {})
    return build(journal.events())
