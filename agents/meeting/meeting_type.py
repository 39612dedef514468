"""A meeting type is data: who takes part, what is asked, in which phases, and how a decision is made.

``types/file.py`` reads and checks the files; docs/meeting-types.md describes every field.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from agents.errors import UnknownName
from agents.file_problem import Problem

RULES = ("majority", "consent", "chair", "none")
DRAWS_ON = ("questions", "red_flags", "done", "position", "proposal", "fact", "document")
NEEDS = ("document",)
TAKEN_LABELS = (
    "Fact", "Position", "Proposal", "Action", "Question", "Event", "Idea", "Challenge", "Pass", "Rebut", "Revise",
)  # fmt: skip
"""Labels with a meaning in every meeting, which a type cannot use for its own lines."""
FIELDS = (
    "id", "title", "purpose", "facilitator", "participants", "optional", "people", "minutes", "topic", "needs",
    "material", "example", "agenda", "phases", "proposal", "rule", "veto", "artefact", "lines", "choices",
)  # fmt: skip
"""The fields of a type file, in the order in which the files of the program have them."""


@dataclass(frozen=True, slots=True)
class Line:
    """One kind of labelled line: speakers write it, and the minutes have a section for it.

    Attributes:
        label: the word before the colon ("Risk").
        heading: the heading of the section ("Risk register").
        ask: what a speaker is told to write after the label.
        draws_on: "fact" for a line that takes the place of the usual facts, "document" for one that reports in the
            words of the documents; other words make no difference.
        many: whether a speaker may write more than one.
        fields: the further values of an entry, such as severity: the allowed words by name, the most urgent first.
    """

    label: str
    heading: str
    ask: str
    draws_on: str = "red_flags"
    many: bool = False
    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def from_dict(cls, table: Mapping[str, Any]) -> "Line":
        """Read what ``MeetingType.as_dict`` wrote."""
        return cls(**{**table, "fields": {name: tuple(words) for name, words in table.get("fields", {}).items()}})


class Course(StrEnum):
    """What follows when a choice is accepted."""

    GO = "go"
    WAIT = "wait"
    STOP = "stop"


CONDITION = "Condition"
"""The label of the line that speakers are asked for where a choice takes conditions and the type has no such line."""
MOST_PICKED = 4
"""The most findings that one proposal names."""


class Picks(StrEnum):
    """How many findings a choice names."""

    NONE = "none"
    ONE = "one"
    SOME = "some"
    ANY = "any"

    @property
    def bounds(self) -> tuple[int, int]:
        """The fewest and the most findings."""
        return {"none": (0, 0), "one": (1, 1), "some": (1, MOST_PICKED), "any": (0, MOST_PICKED)}[self.value]


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the outcomes that a meeting of a type may decide for.

    Attributes:
        name: how the minutes name it ("build on conditions").
        sentence: what is put to the vote, without the findings and the full stop ("Build it on these conditions").
        course: whether to accept it means to go ahead, to wait, or not to go ahead.
        picks: how many findings it names.
        takes: the labels of the lines that its findings come from, the most important first.
    """

    name: str
    sentence: str
    course: Course = Course.GO
    picks: Picks = Picks.NONE
    takes: tuple[str, ...] = ()

    @classmethod
    def from_dict(cls, table: Mapping[str, Any]) -> "Choice":
        """Read what ``as_dict`` wrote."""
        course, picks = Course(table.get("course", "go")), Picks(table.get("picks", "none"))
        return cls(table["name"], table["sentence"], course, picks, tuple(table.get("takes", ())))

    def as_dict(self) -> dict[str, Any]:
        """The choice as plain values."""
        plain: dict[str, Any] = {"name": self.name, "sentence": self.sentence, "course": self.course.value}
        return plain | {"picks": self.picks.value, "takes": list(self.takes)}


USUAL_CHOICES = (
    Choice("accept", "Accept it"),
    Choice("accept on conditions", "Accept it on these conditions", picks=Picks.SOME, takes=(CONDITION,)),
    Choice("do not accept", "Do not accept it", Course.STOP),
)
"""The choices of a type that takes a vote and names none."""


@dataclass(frozen=True, slots=True)
class MeetingType:
    """A kind of meeting.

    Attributes:
        id: such as ``architecture_review``.
        title: as printed.
        purpose: what it is for, in one or two sentences.
        facilitator: role id of the participant who leads and words the proposal.
        participants: role ids that are always invited, in speaking order.
        optional: role ids that are invited when their expertise matches the topics.
        minutes: how long such a meeting takes among people.
        agenda: the questions about each topic.
        phases: the names of the phases of each topic, in order.
        rule: how the ballot decides: majority, consent, chair or none.
        veto: role ids whose objection alone rejects a proposal.
        artefact: the kind of document that the meeting produces.
        lines: the labelled lines that speakers are asked for, each a section of the minutes.
        topic: the topic when the caller gives none, or "".
        needs: "document" where the participants would invent what happened or what is proposed without one, or "".
        material: what is attached to such a meeting, as a user would call it, or "".
        example: a file of that kind, or a command followed by "|" that prints it, or "".
        proposal: what the vote is about, as the facilitator is told, or "".
        choices: what the meeting may decide for; empty for a type without a vote.
        people: people of the real team who may own tasks, as written.
        source: the file; None for a type that was not read from a file.
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
    needs: str = ""
    material: str = ""
    example: str = ""
    proposal: str = ""
    choices: tuple[Choice, ...] = ()
    people: tuple[str, ...] = ()
    source: Path | None = None

    def as_dict(self) -> dict[str, Any]:
        """The type as plain values. A meeting stores them, so later changes of the file do not affect it."""
        table = {name: getattr(self, name) for name in FIELDS if name not in {"lines", "choices"}}
        table = {name: list(value) if isinstance(value, tuple) else value for name, value in table.items()}
        table["lines"] = [
            {
                "label": line.label, "heading": line.heading, "ask": line.ask,
                "draws_on": line.draws_on, "many": line.many,
                "fields": {name: list(words) for name, words in line.fields.items()},
            }
            for line in self.lines
        ]  # fmt: skip
        table["choices"] = [choice.as_dict() for choice in self.choices]
        return table

    def choice(self, name: str) -> Choice | None:
        """The choice with this name; None if there is none."""
        return next((choice for choice in self.choices if choice.name == name), None)

    @classmethod
    def from_dict(cls, table: Mapping[str, Any]) -> "MeetingType":
        """Read what ``as_dict`` wrote, also in a version without choices; nothing is checked again."""
        values: dict[str, Any] = {n: tuple(v) if isinstance(v, list) else v for n, v in table.items()}
        values["lines"] = tuple(Line.from_dict(line) for line in table["lines"])
        usual = USUAL_CHOICES if table["rule"] != "none" else ()
        values["choices"] = tuple(map(Choice.from_dict, table["choices"])) if "choices" in table else usual
        return cls(**values)


class MeetingTypes(Mapping[str, MeetingType]):
    """The meeting types by id.

    Attributes:
        problems: the problem of each file that was left out.
    """

    def __init__(self, types: dict[str, MeetingType], problems: list[Problem]) -> None:
        self.problems = problems
        self._types = types

    def __getitem__(self, name: str) -> MeetingType:
        """The type with this id, which may be written in capitals or with other separators, such as "Code review".

        Raises:
            UnknownName: there is no such type; the remedy names similar ones.
        """
        wanted = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
        if wanted in self._types:
            return self._types[wanted]
        raise UnknownName("meeting type", name, list(self._types), "get_available_meeting_types()")

    def __iter__(self) -> Iterator[str]:
        return iter(self._types)

    def __len__(self) -> int:
        return len(self._types)
