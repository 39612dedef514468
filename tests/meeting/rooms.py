"""Meetings for tests: four roles, a type, and speakers who say what a test wants."""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date

from agents.agent import Agent
from agents.documents import Document
from agents.meeting.journal import Event, Journal, MemoryJournal
from agents.meeting.record import Seat
from agents.meeting.room import agenda
from agents.meeting.room.room import Room
from agents.meeting.spec import MeetingSpec, topics_from
from agents.meeting.types.file import read_types
from agents.model import Prompt, Reply, Task
from agents.model.scripted import ScriptedModel
from agents.role import Role
from agents.store.document_index import PassageIndex

ROLES = {
    name: Role(name, name.replace("_", " ").title(), mission="You keep one thing in view.")
    for name in ("solutions_architect", "backend_developer", "data_engineer", "security_engineer")
}
POSITIONS = {"security_engineer": "against", "backend_developer": "for"}

Say = Callable[[Prompt], str | Reply]


def put(prompt: Prompt, choice: str = "") -> str:
    """A facilitator's answer: this choice, or the first that names a finding, with its first finding and all actions."""
    choices = prompt.asked.choices
    name = choice or next((name for name, numbers in choices.items() if numbers), next(iter(choices)))
    actions = (prompt.schema or {})["properties"].get("actions", {}).get("items", {}).get("enum", [])
    return json.dumps({"choice": name, "findings": choices[name][:1], "actions": actions[:4]})


def sensible(prompt: Prompt) -> str:
    """Well-behaved speakers: labelled lines, a position each, one who changes position, one who objects."""
    who = prompt.role.id if prompt.role else "scribe"
    if prompt.task is Task.BALLOT:
        vote = "object" if who == "security_engineer" else "support"
        return json.dumps({"vote": vote, "reason": f"{who} has reasons", "would_change": "a rollback plan"})
    if prompt.task is Task.EXTRACT:
        return '{"items": []}'
    if prompt.task is Task.PROPOSAL:
        return put(prompt)
    if prompt.task is Task.EXCHANGE:
        return (
            "PASS"
            if who != "backend_developer"
            else 'REVISE: T1 says "it may break" and I had not seen that at all.\nPosition: against'
        )
    said = {"Action": "Backend Developer will write it by Friday" if who == "backend_developer" else "none"}
    lines = [
        f"{want.label}: {said.get(want.label) or who + ' on ' + want.label.lower()}"
        for want in prompt.wants
        if want.label != "Position"
    ]
    return "\n".join([*lines, f"Position: {POSITIONS.get(who, 'for with conditions')}"])


def spec_for(
    type_id: str = "architecture_review",
    topics: Sequence[str] = ("Shall we?",),
    documents: Sequence[Document] = (),
    context: int = 8192,
) -> MeetingSpec:
    """The spec of a meeting of the four roles."""
    kind = read_types()[type_id]
    seats = tuple(Seat(name, role.title, "asked for by name") for name, role in ROLES.items())
    return MeetingSpec(
        id="20261123-test-0001",
        kind=kind,
        topics=topics_from(topics),
        seats=seats,
        facilitator="solutions_architect",
        held=date(2026, 11, 23),
        model="scripted",
        documents=tuple(documents),
        context_tokens=context,
    )


def hold(
    spec: MeetingSpec, say: Say = sensible, journal: Journal | None = None, roles: Mapping[str, Role] = ROLES
) -> tuple[list[Event], list[Prompt]]:
    """Hold a meeting; the events of its journal and the prompts that were sent."""
    journal = journal or MemoryJournal()
    if not journal.events():
        journal.append("called", "called", spec.as_dict())
    model = ScriptedModel.of(say)
    passages = [passage for document in spec.documents for passage in document.passages()]
    with PassageIndex(passages) as index:
        agents = {name: Agent(role, model) for name, role in roles.items()}
        room = Room(spec, agents, model, journal, index if passages else None)
        asyncio.run(agenda.hold(room))
    journal.append("closed", "closed", {})
    return list(journal.events()), model.prompts
