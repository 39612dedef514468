"""A meeting type is data: who comes, what is asked, in which phases, and how it is decided.

``types/file.py`` reads and checks the files; docs/meeting-types.md describes every field.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from agents.errors import UnknownName
from agents.file_problem import Problem

RULES = ("majority", "consent", "chair", "none")
DRAWS_ON = ("questions", "red_flags", "done", "position", "proposal", "fact")
TAKEN_LABELS = (
    "Fact", "Position", "Proposal", "Action", "Question", "Event", "Idea", "Challenge", "Pass", "Rebut", "Revise",
)  # fmt: skip
"""Words before a colon that mean something in every meeting already."""
FIELDS = (
    "id", "title", "purpose", "facilitator", "participants", "optional", "minutes", "topic", "agenda", "phases",
    "proposal", "rule", "veto", "artefact", "lines",
)  # fmt: skip
"""What a type file may hold, in the order in which ours hold it."""


@dataclass(frozen=True, slots=True)
class Line:
    """One kind of labelled line that turns bring up and that becomes a section of the minutes.

    Attributes:
        label: the word before the colon ("Risk").
        heading: the section's heading in the minutes ("Risk register").
        ask: what to write after the label, told to the speaker.
        draws_on: which of a role's lists holds the like; used by the rehearsal model.
        many: whether a speaker may write more than one.
        fields: values each entry has besides its text, such as severity: name to allowed words, the most urgent first.
    """

    label: str
    heading: str
    ask: str
    draws_on: str = "red_flags"
    many: bool = False
    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def from_dict(cls, table: Mapping[str, Any]) -> "Line":
        """Read back what ``MeetingType.as_dict`` wrote."""
        return cls(**{**table, "fields": {name: tuple(words) for name, words in table.get("fields", {}).items()}})


@dataclass(frozen=True, slots=True)
class MeetingType:
    """A kind of meeting.

    Attributes:
        id: such as ``architecture_review``.
        title: as printed.
        purpose: what it is for, in one or two sentences.
        facilitator: role id of whoever runs the process and words the proposal.
        participants: role ids invited by default, in the order in which they speak.
        optional: role ids that may be invited when their expertise matches.
        minutes: how long such a meeting takes among people; a time box to plan by.
        agenda: the questions asked about each topic.
        phases: names of the phases each topic goes through, in order.
        rule: how the ballot decides: majority, consent, chair or none.
        veto: role ids whose objection alone rejects.
        artefact: what the meeting leaves behind.
        lines: the labelled lines asked for; each is a section of the minutes. "Action" and "Question" are always there.
        topic: the topic when the caller gives none.
        proposal: what the proposal must say, told to whoever words it; "" leaves it open.
        source: the file.
    """

    id: str
    title: str
    purpose: str
    facilitator: str
    participants: tuple[str, ...]
    optional: tuple[str, ...]
    minutes: int
    agenda: tuple[str, ...]
    phases: tuple[str, ...]
    rule: str
    veto: tuple[str, ...]
    artefact: str
    lines: tuple[Line, ...]
    topic: str = ""
    proposal: str = ""
    source: Path | None = None

    def as_dict(self) -> dict[str, Any]:
        """The type as plain values; a meeting keeps it, so that an edited file never changes a meeting that was
        called.
        """
        table = {name: getattr(self, name) for name in FIELDS if name != "lines"}
        table = {name: list(value) if isinstance(value, tuple) else value for name, value in table.items()}
        table["lines"] = [
            {
                "label": line.label, "heading": line.heading, "ask": line.ask,
                "draws_on": line.draws_on, "many": line.many,
                "fields": {name: list(words) for name, words in line.fields.items()},
            }
            for line in self.lines
        ]  # fmt: skip
        return table

    @classmethod
    def from_dict(cls, table: Mapping[str, Any]) -> "MeetingType":
        """Read back what ``as_dict`` wrote; nothing is checked again."""
        values: dict[str, Any] = {n: tuple(v) if isinstance(v, list) else v for n, v in table.items()}
        values["lines"] = tuple(Line.from_dict(line) for line in table["lines"])
        return cls(**values)


class MeetingTypes(Mapping[str, MeetingType]):
    """The meeting types by id, and what was wrong with the files that are not among them.

    Attributes:
        problems: one for each file left out.
    """

    def __init__(self, types: dict[str, MeetingType], problems: list[Problem]) -> None:
        self.problems = problems
        self._types = types

    def __getitem__(self, name: str) -> MeetingType:
        """The type called ``name``, by id or by the id's words.

        Raises:
            UnknownName: there is none; the remedy offers near ones.
        """
        wanted = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
        if wanted in self._types:
            return self._types[wanted]
        raise UnknownName("meeting type", name, list(self._types), "get_available_meeting_types()")

    def __iter__(self) -> Iterator[str]:
        return iter(self._types)

    def __len__(self) -> int:
        return len(self._types)
