"""A store of many meetings with documents, actions and verdicts, made without a model; the same in every run.

    python benchmarks/stored_meetings.py FOLDER [--meetings 1000] [--turns 20000]

The events are appended to journals as a meeting appends them; a folder that has such a store already is left as it is.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from agents.documents import Document
from agents.meeting.entry_names import entry_names
from agents.meeting.journal import Kind, NewEvent
from agents.meeting.meeting_type import MeetingType
from agents.meeting.minutes import build
from agents.meeting.record import Minutes, Seat, Topic
from agents.meeting.spec import MeetingSpec
from agents.meeting.types.file import read_types
from agents.orchestrator import AgentOrchestrator
from agents.role.names import Names, RoleNames
from agents.settings import Settings
from agents.store.actions import NewAction
from benchmarks.store import Words

MARK = "stored_meetings.json"
LARGE = 10
"""The number of meetings with all roles, and about four turns of each topic and role."""
LARGE_TURNS = 80
VERDICT_EVERY, DOCUMENT_EVERY, OPEN_EVERY = 4, 3, 50
FIRST_DAY = date(2024, 1, 8)
TYPES = ("architecture_review", "decision", "technical_design", "vendor_choice", "release_planning", "premortem")
VOTES = ("support", "support", "support_with_concern", "object")
POSITIONS = ("for", "for with conditions", "against", "undecided")


@dataclass(frozen=True)
class Size:
    """How much is stored."""

    meetings: int = 1000
    turns: int = 20_000

    def each(self) -> Iterator[int]:
        """The number of turns of each meeting: of the first ones many, of the others about as many each."""
        large = LARGE if self.meetings >= 10 * LARGE else 1
        rest = self.turns - large * LARGE_TURNS
        others = self.meetings - large
        yield from [LARGE_TURNS] * large
        for number in range(others):
            yield rest * (number + 1) // others - rest * number // others


def filled(folder: Path, size: Size) -> Path:
    """The folder with the store, which is made if it is not there.

    Args:
        folder: of the store.
        size: how much is stored.

    Raises:
        SystemExit: the folder has a store of another size.
    """
    mark = folder / MARK
    wanted = {"meetings": size.meetings, "turns": size.turns}
    if mark.exists():
        if json.loads(mark.read_text()) != wanted:
            raise SystemExit(f"{folder} has a store of another size: {mark.read_text()}")
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    types, words = read_types(), Words(size=4000)
    with AgentOrchestrator(Settings.load({}, folder, data_folder=folder, model_name="rehearsal")) as orchestrator:
        roles = orchestrator.list_agents()
        for number, turns in enumerate(size.each()):
            _keep(orchestrator, _Maker(number, types[TYPES[number % len(TYPES)]], roles, turns, words))
    mark.write_text(json.dumps(wanted))
    return folder


class _Maker:
    """Makes one meeting.

    Args:
        number: of the meeting, from 0.
        kind: its type.
        roles: all roles.
        turns: how many turns it has.
        words: makes texts.
    """

    def __init__(self, number: int, kind: MeetingType, roles: Sequence[str], turns: int, words: Words) -> None:
        self.number = number
        self.turns = turns
        self.words = words
        self.kind = kind
        seats = dict.fromkeys([*kind.participants, *(roles if turns >= LARGE_TURNS else roles[: 8 - number % 4])])
        self.roles = list(seats)[: turns - 2]
        self.day = FIRST_DAY + timedelta(days=number)
        self.id = f"{self.day:%Y%m%d}-{kind.id}-{number:04}"

    def spec(self) -> MeetingSpec:
        """The spec of the meeting."""
        document = Document("design.md", self._document()) if self.number % DOCUMENT_EVERY == 0 else None
        return MeetingSpec(
            id=self.id,
            kind=self.kind,
            topics=(Topic(1, f"{self.words.text(6).capitalize()}?"),),
            seats=tuple(Seat(role, _title(role), "belongs here") for role in self.roles),
            facilitator=self.kind.facilitator,
            held=self.day,
            model="a model",
            names=Names(tuple(RoleNames(role, _title(role)) for role in self.roles)),
            documents=(document,) if document else (),
            series=f"Series {self.number % 12}" if self.number % 2 else "",
        )

    def events(self, spec: MeetingSpec) -> Iterator[NewEvent]:
        """What happened in it."""
        yield Kind.SPEC, "called", spec.as_dict()
        shared = [[one.name, 1] for one in spec.documents]
        yield Kind.PACKING, "1.head", {"topic": 1, "shared": shared, "scale": 1.0, "total": len(shared)}
        for number in range(1, self.turns + 1):
            yield self._turn(number)
        proposal = f"T{self.turns}"
        yield Kind.PUT_TO_VOTE, "1.put", {"topic": 1, "turn": proposal, "choice": "", "text": self.words.text(14)}
        for place, role in enumerate(self.roles):
            vote = VOTES[(self.number + place) % len(VOTES)]
            key = f"1.ballot.{role}"
            told = {
                "topic": 1,
                "speaker": role,
                "vote": vote,
                "reason": self.words.text(12),
                "would_change": "a number",
            }
            yield Kind.BALLOT, key, {**told, "key": key, "numbers": {}}
        if self.number % OPEN_EVERY:
            yield Kind.CLOSING, "closed", {"at": f"{self.day}T10:00:00Z"}

    def _turn(self, number: int) -> NewEvent:
        rounds, place = divmod(number - 1, len(self.roles))
        speaker, phase, text = self.roles[place], "exchange", f"PROPOSE: {self.words.text(60)}."
        position: str | None = POSITIONS[(self.number + place) % len(POSITIONS)]
        if number == self.turns:
            speaker, phase, text, position = self.kind.facilitator, "proposal", self._proposal(), None
        elif rounds == 0:
            phase, text = "silent_round", self._statement(position or "")
        elif rounds > 1:
            phase = f"exchange.{rounds}"
        key = f"1.{phase}.{speaker}"
        told = {"id": f"T{number}", "key": key, "topic": 1, "phase": phase, "speaker": speaker}
        return Kind.TURN, key, {**told, "text": text, "position": position, "numbers": {}}

    def _statement(self, position: str) -> str:
        lines = [f"{line.label}: {self.words.text(18)}{self._fields(line.fields)}" for line in self.kind.lines[:4]]
        place = f"Fact: design.md:{5 + self.number % 20} says so\n" if self.number % DOCUMENT_EVERY == 0 else ""
        return place + "\n".join([*lines, f"Question: {self.words.text(9)}?", f"Position: {position}"])

    @staticmethod
    def _fields(fields: Any) -> str:
        given = ", ".join(f"{name}: {values[0]}" for name, values in fields.items())
        return f" ({given})" if given else ""

    def _proposal(self) -> str:
        due = self.day + timedelta(days=30)
        tasks = [f"Action: {_title(role)} will measure the {self.words.text(7)} by {due}" for role in self.roles[:3]]
        return "\n".join([f"Proposal: {self.words.text(20)}.", *tasks])

    def _document(self) -> str:
        return "# Design\n\n" + "\n".join(f"{self.words.text(12).capitalize()}." for _ in range(80)) + "\n"


def _title(role: str) -> str:
    return role.replace("_", " ").title()


def _keep(orchestrator: AgentOrchestrator, made: _Maker) -> None:
    """Store a meeting, its actions and a verdict, together."""
    spec, meetings = made.spec(), orchestrator.meetings
    with orchestrator.resources.store.database.write():
        meetings.create(made.id, spec.kind.id, spec.topics[0].text, spec.as_dict())
        journal = meetings.journal(made.id)
        journal.append_all([*made.events(spec)])
        meetings.set_status(made.id, "closed" if made.number % OPEN_EVERY else "running")
    minutes = build(journal.events())
    _register(orchestrator, spec, minutes)
    if made.number % VERDICT_EVERY == 0 and made.number % OPEN_EVERY:
        orchestrator.verdicts.confirm(made.id, next(iter(entry_names(minutes))), by="Ada")


def _register(orchestrator: AgentOrchestrator, spec: MeetingSpec, minutes: Minutes) -> None:
    """Put the agreed actions of a meeting into the register, as its end does."""
    for topic in minutes.topics:
        for one in topic.actions:
            if one.agreed:
                said = one.evidence
                orchestrator.actions.add(
                    NewAction(
                        meeting=spec.id, key=one.key, series=spec.series, topic=topic.topic.text, task=one.task,
                        owner=one.owner, due=one.due, due_text=one.due_text, turn=said.turn, quote=said.quote,
                        verified=said.verified,
                    )
                )  # fmt: skip


def main() -> None:
    """Make a store."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--meetings", type=int, default=Size.meetings)
    parser.add_argument("--turns", type=int, default=Size.turns)
    given = parser.parse_args()
    print(filled(given.folder, Size(given.meetings, given.turns)))


if __name__ == "__main__":
    main()
