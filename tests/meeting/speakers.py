"""Meetings of any type with talkative speakers, and their minutes."""

import asyncio
import hashlib
import json
from collections.abc import Callable
from datetime import date

from agents.agent import Agent
from agents.meeting.journal import MemoryJournal
from agents.meeting.minutes import build
from agents.meeting.record import Minutes, Seat
from agents.meeting.room import agenda
from agents.meeting.room.room import Room
from agents.meeting.spec import MeetingSpec, topics_from
from agents.meeting.types.file import read_types
from agents.model import Prompt, Task
from agents.model.scripted import ScriptedModel
from agents.role import Role
from tests.meeting.rooms import put

TYPES = read_types()
Say = Callable[[Prompt], str]


def who(prompt: Prompt) -> str:
    """The role that speaks."""
    return prompt.role.id if prompt.role else "scribe"


def talkative(prompt: Prompt, vote: str = "support") -> str:
    """Speakers who write every line that they are asked for, with a value for every field and in different words."""
    if prompt.task is Task.BALLOT:
        return json.dumps({"vote": vote, "reason": f"{who(prompt)} says so", "would_change": "a number"})
    if prompt.task is Task.DOTS:
        return json.dumps({"ideas": ["I2"]})
    if prompt.task is Task.EXTRACT:
        return '{"items": []}'
    if prompt.task is Task.PROPOSAL:
        return put(prompt)
    lines = []
    for number, want in enumerate(prompt.wants):
        fields = [f"{name}: {words[number % 2]}" for name, words in want.fields.items()]
        value = want.values[0] if want.values else sentence(who(prompt), prompt.task, want.label)
        lines.append(f"{want.label}: {value}" + (f" ({', '.join(fields)})" if fields else ""))
    return "\n".join(lines)


def sentence(*about: object) -> str:
    """A sentence that names these and shares no other words with a sentence about something else."""
    letters = hashlib.sha256(repr(about).encode()).hexdigest().translate(str.maketrans("0123456789", "ghijklmnop"))
    new = " ".join(letters[at : at + 6] for at in range(0, 48, 6))
    return f"{' '.join(str(one).lower() for one in about)} speaks of {new}"


def held(type_id: str, say: Say = talkative) -> Minutes:
    """The minutes of a meeting of this type on one topic."""
    return build(journal_of(type_id, say).events())


def journal_of(type_id: str, say: Say = talkative) -> MemoryJournal:
    """What happens in a meeting of this type on one topic."""
    kind = TYPES[type_id]
    roles = {
        name: Role(name, name.replace("_", " ").title(), mission="You keep one thing in view.")
        for name in kind.participants
    }
    seats = tuple(Seat(role.id, role.title, "belongs here") for role in roles.values())
    spec = MeetingSpec(
        "20261123-test-0001", kind, topics_from(["Shall we?"]), seats, kind.facilitator, date(2026, 11, 23), "scripted"
    )  # fmt: skip
    journal = MemoryJournal()
    journal.append("called", "called", spec.as_dict())
    model = ScriptedModel.of(say)
    room = Room(spec, {name: Agent(role, model) for name, role in roles.items()}, model, journal)
    asyncio.run(agenda.hold(room))
    journal.append("closed", "closed", {})
    return journal


def saying(type_id: str, words: dict[str, str]) -> Minutes:
    """The minutes of a meeting in which these roles say these words in the first round, and the others pass."""

    def say(prompt: Prompt) -> str:
        if prompt.task in {Task.STATEMENT, Task.STATUS, Task.EVENTS, Task.IDEAS}:
            return words.get(who(prompt), "PASS")
        return talkative(prompt)

    return held(type_id, say)
