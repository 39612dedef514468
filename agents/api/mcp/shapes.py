"""The arguments and the results of the tools. Their descriptions are read by small models, so they are short.

A result is given twice: as values, and as text, which ``str`` writes.
"""

import json
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, BeforeValidator, Field, WithJsonSchema, model_validator

MOST_WAIT = 50
"""The most seconds that a call waits without progress: many clients give up after 60."""

AUTO = "auto"
"""The agents that a question needs."""


def _as_list(value: Any) -> Any:
    """A list that a model wrote as a text: as JSON, or as names between commas."""
    if not isinstance(value, str):
        return [] if value is None else value
    try:
        read = json.loads(value)
    except ValueError:
        return [part.strip() for part in value.split(",") if part.strip()]
    return read if isinstance(read, list) else value


class Given(BaseModel, extra="forbid"):
    """Arguments; those that no tool has are an error, because a misspelt one would silently do nothing. None is the
    same as to leave an argument out. Their types are simple, since not every client knows all of a schema.
    """

    @model_validator(mode="before")
    @classmethod
    def _left_out(cls, given: Any) -> Any:
        return {name: value for name, value in given.items() if value is not None} if isinstance(given, dict) else given


class GivenDocument(Given):
    """A document as text."""

    name: str = Field(description="file name, such as plan.md")
    text: str = Field(description="the whole text")


Documents = Annotated[list[GivenDocument], BeforeValidator(_as_list)]
Names = Annotated[list[str], BeforeValidator(_as_list)]
MeetingId = Annotated[str, Field(min_length=1, description="id of the meeting")]


class Wanted(Given):
    """What a meeting is to be."""

    type: str = Field(min_length=1, description="from list_meeting_types, such as decision")
    topic: str = Field(description="the question to decide")
    documents: Documents = Field(default_factory=list, description="documents as text")
    agents: Names = Field(default_factory=list, description="ids of exactly these agents; empty: chosen by topic")
    time_box_minutes: float = Field(default=0, ge=0, le=10_000, description="fit into these minutes; 0: any")


class WantedOrKnown(Wanted):
    """What a meeting is to be, or the id of one that exists."""

    type: str = Field(default="", description="from list_meeting_types, such as decision")
    topic: str = Field(default="", description="the question to decide")
    id: str = Field(default="", description="instead of all others: a meeting to go on with")


class StatusOf(Given):
    """Which meeting, and how long to wait for news."""

    id: MeetingId
    wait_s: float = Field(
        default=0, ge=0, description="seconds to wait for news", json_schema_extra={"maximum": MOST_WAIT}
    )
    after: int = Field(default=-1, ge=-1, description="the number `after` of the last answer; -1: only what comes")


class MinutesOf(Given):
    """Which minutes, and how they are written."""

    id: MeetingId
    format: Literal["markdown", "json", "text"] = "markdown"


class Limit(Given):
    """How many."""

    limit: int = Field(default=20, ge=1, le=200, description="at most so many")


class Nothing(Given):
    """No arguments."""


class Question(Given):
    """A question to one agent."""

    agent: str = Field(min_length=1, description="from list_agents, such as qa_engineer")
    question: str = Field(min_length=1)
    documents: Documents = Field(default_factory=list, description="documents as text")


class QuestionToSeveral(Given):
    """A question to several agents."""

    question: str = Field(min_length=1)
    agents: Annotated[Names, WithJsonSchema({"type": "string", "default": AUTO})] = Field(
        default_factory=lambda: [AUTO], description="auto, all, or ids with commas"
    )
    documents: Documents = Field(default_factory=list, description="documents as text")


class WhichActions(Given):
    """Filters."""

    status: Literal["open", "all"] = "open"
    owner: str = Field(default="", description="agent or person; unassigned for none")
    meeting: str = Field(default="", description="id of a meeting")
    series: str = ""
    overdue: bool = False


class ActionChange(Given):
    """A change of an action."""

    id: str = Field(min_length=1, description="such as A12")
    change: Literal["done", "reopen", "assign", "due", "note"]
    value: str = Field(
        default="", description="assign: owner or nobody; due: 2026-12-01, friday or none; note, done: words"
    )
    by: str = Field(default="", description="name of the person")


class Words(Given):
    """Words to search for."""

    words: str = Field(min_length=1)
    limit: int = Field(default=10, ge=1, le=100)


class Quote(Given):
    """Words, and where they should stand."""

    quote: str = Field(min_length=1, description="the exact words")
    meeting: str = Field(default="", description="id of a meeting: its turns and documents")
    text: str = Field(default="", description="or a text")


class Listing(BaseModel):
    """A result that is one list; as text, a line for each thing in it."""

    none_said: ClassVar[str] = ""

    def __str__(self) -> str:
        things = (thing for name in type(self).model_fields for thing in getattr(self, name))
        return "\n".join(map(str, things)) or self.none_said


class StartedMeeting(BaseModel):
    """A meeting that was started or found."""

    id: str
    state: str
    link: str
    note: str

    def __str__(self) -> str:
        return f"Meeting {self.id} is {self.state}. {self.note}\n{self.link}"


class Said(BaseModel):
    """Something that was said."""

    number: int
    place: str
    speaker: str
    text: str

    def __str__(self) -> str:
        return f"{' '.join(filter(None, (self.place, self.speaker)))}: {self.text}"


class MeetingProgress(BaseModel):
    """How far a meeting is, and what is new."""

    id: str
    state: str
    title: str
    turns: int
    speaker: str
    minutes_left: float | None
    new: list[Said]
    after: int
    error: str
    next: str

    def __str__(self) -> str:
        facts = [f"{self.turns} turns"]
        facts += [f"{self.speaker} has the floor"] if self.speaker else []
        facts += [f"about {max(1, self.minutes_left):g} min left"] if self.minutes_left is not None else []
        head = f"{self.title}: {self.state}, {', '.join(facts)}. {self.error}".strip()
        news = map(str, self.new)
        return "\n".join([head, *news, self.next])


class WrittenMinutes(BaseModel):
    """Minutes."""

    id: str
    state: str
    format: str
    minutes: str

    def __str__(self) -> str:
        return self.minutes


class HeldMeeting(BaseModel):
    """A meeting that was held, or goes on."""

    id: str
    state: str
    minutes: str
    next: str

    def __str__(self) -> str:
        return self.minutes or f"Meeting {self.id} is {self.state}. {self.next}"


class ListedMeeting(BaseModel):
    """A meeting in a list."""

    id: str
    type: str
    title: str
    state: str
    created: str
    turns: int

    def __str__(self) -> str:
        return f"{self.id} ({self.type}, {self.state}): {self.title}"


class ListedMeetings(Listing):
    """Meetings, newest first."""

    meetings: list[ListedMeeting]

    none_said: ClassVar[str] = "There are no meetings."


class AgentAnswer(BaseModel):
    """The answer of an agent."""

    agent: str
    title: str
    state: Literal["answered", "failed", "running"]
    answer: str
    notes: list[str]

    def __str__(self) -> str:
        return "\n".join(part for part in (self.answer, *self.notes) if part)


class AgentAnswers(BaseModel):
    """The answers of several agents."""

    state: Literal["answered", "running"]
    answers: list[AgentAnswer]
    notes: list[str]

    def __str__(self) -> str:
        return "\n\n".join([*(f"{one.title}: {one}" for one in self.answers), *self.notes])


class ListedAction(BaseModel):
    """An action of the register."""

    id: str
    status: str
    task: str
    owner: str
    due: str
    overdue: bool
    meeting: str
    turn: str
    verified: bool
    agreed: bool

    def __str__(self) -> str:
        facts = [self.status, self.owner or "unassigned", *([f"due {self.due}"] if self.due else [])]
        facts += ["overdue"] if self.overdue else []
        facts += [f"from {self.turn} of {self.meeting}" + ("" if self.verified else ", as said")] if self.turn else []
        facts += [] if self.agreed else ["not agreed there, taken on by a person"]
        return f"{self.id} ({'; '.join(facts)}): {self.task}"


class ListedActions(Listing):
    """Actions, oldest first."""

    actions: list[ListedAction]

    none_said: ClassVar[str] = "There are no such actions."


class Memory(BaseModel):
    """Something that an agent remembers."""

    number: int
    at: str
    agent: str
    author: str
    text: str

    def __str__(self) -> str:
        return f"[{self.number}] {self.at[:16]} {self.agent} ({self.author}): {self.text}"


class Memories(Listing):
    """What was found; the words that match are in square brackets."""

    found: list[Memory]

    none_said: ClassVar[str] = "Nothing found."


class FoundAt(BaseModel):
    """A place where the words stand."""

    place: str
    speaker: str
    doubt: str

    def __str__(self) -> str:
        who = f", said by {self.speaker}" if self.speaker else ""
        return f"{self.place}{who}{f' (beware, its sentence goes on: {self.doubt})' if self.doubt else ''}"


class Checked(BaseModel):
    """Whether words stand somewhere word for word."""

    verified: bool
    places: list[FoundAt]

    def __str__(self) -> str:
        where = "; ".join(map(str, self.places))
        return f"Word for word in {where}." if self.verified else "These words are not there."


class ListedAgent(BaseModel):
    """An agent."""

    id: str
    title: str
    department: str
    mission: str

    def __str__(self) -> str:
        return f"{self.id} ({self.title}): {self.mission}"


class ListedAgents(Listing):
    """Agents in alphabetical order."""

    agents: list[ListedAgent]


class ListedType(BaseModel):
    """A meeting type."""

    id: str
    title: str
    purpose: str
    needs_document: bool

    def __str__(self) -> str:
        return f"{self.id} ({self.title}{'; needs a document' if self.needs_document else ''}): {self.purpose}"


class ListedTypes(Listing):
    """Meeting types."""

    types: list[ListedType]
