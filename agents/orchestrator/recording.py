"""A whole meeting in a file: its journal as JSON lines, to be read and played where the model is not.

A recorded meeting becomes a closed meeting of this place, marked in its title, its minutes and the list. It enters no
action in the register, and no agent remembers it.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from itertools import groupby
from pathlib import Path

from agents.errors import DocumentError, MeetingError, SpaceError
from agents.meeting.codec import entry_of, value_of
from agents.meeting.journal import Event, Kind, live_event
from agents.meeting.journal_values import Note
from agents.meeting.record import Absence, Ballot, Turn
from agents.store.meetings import Meetings
from agents.text import json_text

FORMAT = "recording 1"
"""The first line of every recording."""
WORD_SECONDS = 0.045
"""Seconds for which one word is shown before the next: faster than it was written, slow enough to follow."""
PAUSE_SECONDS = 0.5
"""Seconds between two statements or votes."""


def write_recording(meetings: Meetings, meeting_id: str, file: Path) -> None:
    """Write the journal of a closed meeting to a file.

    Args:
        meetings: the stored meetings.
        meeting_id: its id, the unique start of one, or "last".
        file: what to write; an existing file is replaced.

    Raises:
        UnknownName: there is no such meeting.
        MeetingError: it is not closed.
        SpaceError: the file cannot be written.
    """
    found = meetings.find(meeting_id)
    if meetings.row(found).status != "closed":
        raise MeetingError(f"The meeting {found} is not closed.", "Hold it to its end first.")
    rows = [json_text(asdict(event), None) for event in meetings.journal(found).events()]
    try:
        file.write_text("\n".join([json.dumps(FORMAT), *rows]) + "\n", encoding="utf-8")
    except OSError as error:
        raise SpaceError(f"{file} cannot be written: {error.strerror}.", "Give a file in an existing folder.") from None


def read_recording(file: Path) -> list[Event]:
    """The events of a recorded meeting, which say in title and notes with which model and on which day it was held.

    Raises:
        DocumentError: the file cannot be read, or is no recording.
    """
    try:
        first, *rows = file.read_text(encoding="utf-8").splitlines()
        events = [Event(**json.loads(row)) for row in rows]
        spec, *others = events if json.loads(first) == FORMAT else []
    except OSError as error:
        raise DocumentError(f"{file} cannot be read: {error.strerror}.", "Give the file of a recording.") from None
    except (ValueError, TypeError):
        raise DocumentError(f"{file} is not a recorded meeting.", "Record a closed meeting.") from None
    return [*_marked(spec), *others]


def _marked(spec: Event) -> list[Event]:
    """The spec of a recorded meeting with a mark in its title, and a note; a reader sees both."""
    kind = {**spec.data["type"], "title": f"{spec.data['type']['title']} (recorded)"}
    note = f"{recorded_with(spec)}, and read from a file: no model was asked here, and no action is in the register."
    noted, data = entry_of(Note(0, note))
    marked = replace(spec, data={**spec.data, "type": kind})
    return [marked, Event(spec.seq, spec.at, noted, "0.note.recorded", data)]


def recorded_with(spec: Event) -> str:
    """The model and the day of a recording, in words."""
    return f"Recorded with {spec.data['model']} on {spec.data['held']}"


def keep_recording(meetings: Meetings, events: Sequence[Event]) -> str:
    """Store a recorded meeting as a closed one, once; returns its id."""
    spec, meeting_id = events[0], str(events[0].data["id"])
    if any(row.id == meeting_id for row in meetings.list()):
        return meeting_id
    title = f"{recorded_with(spec)}: {'; '.join(spec.data['topics'])}"
    with meetings.database.write():  # a recording that was stored half way would not be read again
        meetings.create(meeting_id, str(spec.data["type"]["id"]), title, spec.data)
        meetings.journal(meeting_id).append_all([(event.kind, event.key, event.data) for event in events])
        meetings.set_status(meeting_id, "closed")
    return meeting_id


def played(events: Sequence[Event]) -> Iterator[tuple[float, Event]]:
    """What a listener was told while the meeting was held, each with the seconds to wait before it.

    Live events are made again from the stored ones: who was asked, and the words as they arrived.
    """
    topic = 0
    shown = [event for event in events if event.topic and (event.phase or event.kind == Kind.NOTE)]
    for (number, phase), group in groupby(shown, lambda event: (event.topic, event.phase)):
        said = list(group)
        if number != topic:
            topic = number
            yield 0.0, live_event(Kind.TOPIC, number, text=_topic(events[0], number))
        if phase:
            yield PAUSE_SECONDS, live_event(Kind.PHASE, number, phase)
        asked = (event.speaker for event in said if isinstance(value_of(event), Turn | Ballot | Absence))
        for name in dict.fromkeys(asked):
            yield 0.0, live_event(Kind.ASKED, number, phase, name)
        for event in said:
            if event.kind == Kind.TURN:
                for word in str(event.data.get("text", "")).split(" "):
                    yield WORD_SECONDS, live_event(Kind.TEXT, number, phase, event.speaker, f"{word} ")
            yield PAUSE_SECONDS, event


def _topic(spec: Event, number: int) -> str:
    topics: Sequence[str] = spec.data["topics"]
    return topics[number - 1] if 0 < number <= len(topics) else ""
