"""What answers contain: JSON objects, as the command line prints them with ``--json`` where it has such a command."""

from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, Field

from agents.model.ollama.server import Installed

SkillT = TypeVar("SkillT")


class AgentFacts(BaseModel, Generic[SkillT]):
    """What a list of agents and the page of one have in common; they show skills differently."""

    id: str
    title: str
    aliases: list[str]
    department: str
    extra: bool
    level: str
    reports_to: str
    skills: list[SkillT]
    expertise: list[str]


class AgentLine(AgentFacts[str]):
    """An agent in a list."""


class Skill(BaseModel):
    """One thing that a role can be asked to do."""

    name: str
    summary: str
    input: str
    answer: str


class AgentPage(AgentFacts[Skill]):
    """An agent in full."""

    decides: list[str]
    consulted_on: list[str]
    mission: str
    thinking: str
    questions: list[str]
    red_flags: list[str]
    done: list[str]
    card: str
    prompt: str


class Said(BaseModel):
    """The answer of one agent."""

    agent: str
    title: str
    text: str
    model: str
    notes: list[str] = Field(description="Remarks, such as which lines of a document the agent was not shown.")


class PanelAnswer(BaseModel):
    """The answer of one agent of a panel, or the reason why there is none."""

    agent: str
    title: str
    text: str
    error: str = ""
    why: list[str] = Field(description="The words of the question that chose this agent.")
    notes: list[str]
    unread: dict[str, Any] = Field(description="The lines of the documents that it was not shown.")


class Panel(BaseModel):
    """The answers of a panel."""

    answers: list[PanelAnswer]
    notes: list[str]


class StepTaken(BaseModel):
    """A step of a workflow, as it was understood."""

    name: str
    agent: str
    task: str
    skill: str


class StepDone(BaseModel):
    """The result of a step."""

    step: StepTaken
    text: str
    error: str = ""
    notes: list[str]
    unread: dict[str, Any]


class WorkDone(BaseModel):
    """The results of a workflow; the last one has the error where a step failed."""

    steps: list[StepDone]
    notes: list[str]


class TypeLine(BaseModel):
    """A labelled line that speakers are asked for."""

    label: str
    heading: str
    ask: str
    draws_on: str
    many: bool
    fields: dict[str, list[str]]


class TypeChoice(BaseModel):
    """One of the outcomes that a meeting may decide for."""

    name: str
    sentence: str
    course: str
    picks: str
    takes: list[str]


class TypePage(BaseModel):
    """A meeting type."""

    id: str
    title: str
    purpose: str
    facilitator: str
    participants: list[str]
    optional: list[str]
    people: list[str]
    minutes: int
    topic: str
    needs: str
    material: str
    example: str
    agenda: list[str]
    phases: list[str]
    proposal: str
    rule: str
    veto: list[str]
    artefact: str
    lines: list[TypeLine]
    choices: list[TypeChoice]


class SeatLine(BaseModel):
    """A participant, and why it takes part."""

    role: str
    title: str
    reason: str


class TopicLine(BaseModel):
    """A topic of the agenda."""

    number: int
    text: str


class PlanPage(BaseModel):
    """What a meeting would cost; seconds and minutes are null for a model that takes no time worth planning."""

    type: str
    title: str
    facilitator: str
    topics: list[TopicLine]
    seats: list[SeatLine]
    people: list[str]
    council: dict[str, str]
    models: list[dict[str, Any]]
    steps: list[dict[str, Any]]
    totals: dict[str, float | None]
    minutes: float | None
    measured_calls: int
    controls: dict[str, Any] | None
    notes: list[str]
    documents: list[dict[str, Any]]
    unread: list[dict[str, Any]]


State = Annotated[str, Field(description="created, queued, running, elsewhere, interrupted, closed or abandoned.")]


class MeetingLine(BaseModel):
    """A meeting in a list."""

    id: str
    type: str
    title: str
    status: str = Field(description="As stored: called, running, closed or abandoned.")
    created: str
    turns: int
    held_now: bool = Field(description="Whether a process holds it, or it waits for the model.")
    state: State


class MeetingNow(BaseModel):
    """How far a meeting is."""

    id: str
    type: str
    title: str
    state: State
    position: int = Field(description="Its place in the queue, from 1; 0 where it does not wait.")
    turns: int
    done: int = Field(description="Answers of the model so far; 0 where it is not held here.")
    expected: int = Field(description="Answers in the whole meeting, by estimate; 0 where it is not held here.")
    phase: str
    speaker: str = Field(description="The title of who was asked last.")
    seconds_left: float | None = Field(description="By the pace so far; null while too little is known.")
    question: str = Field(description="What a person who has a seat is asked now.")
    choices: list[str] = Field(description="The answers that may be chosen; empty for an answer in own words.")
    about: str = Field(description="What the question is about, such as the sentence that is voted on.")
    error: str = Field(description="Why it stopped.")


class TopicTurns(BaseModel):
    """A topic, and how many turns it has so far."""

    number: int
    text: str
    turns: int


class TurnLine(BaseModel):
    """A turn."""

    id: str
    topic: int
    phase: str
    speaker: str
    text: str


class OutcomeLine(BaseModel):
    """What became of a decision."""

    topic: int
    text: str
    how: str
    on: str
    by: str


class RunLine(BaseModel):
    """One more run of a meeting that was held again."""

    run: int
    meeting: str
    seed: int
    outcomes: dict[str, str]


class MeetingPage(BaseModel):
    """A meeting in full: what it started from, and how far it is."""

    id: str
    type: str
    status: str
    held_now: bool
    created: str
    updated: str
    model: str
    held: str
    facilitator: str
    series: str
    forked_from: str
    documents: list[str]
    seats: list[SeatLine]
    topics: list[TopicTurns]
    notes: list[str]
    outcomes: list[OutcomeLine]
    runs: list[RunLine]
    turns: list[TurnLine]
    now: MeetingNow


class VerdictLine(BaseModel):
    """A person's verdict on an entry of minutes."""

    entry: str
    judgement: str
    said: str
    topic: int
    turn: str
    by: str
    at: str
    text: str


class Heard(BaseModel):
    """Whether words were taken."""

    taken: bool


class ActionLine(BaseModel):
    """An action of the register."""

    id: str
    status: str
    task: str
    owner: str | None
    due: str | None
    due_text: str
    due_note: str | None
    overdue: bool
    meeting: str
    series: str
    topic: str
    turn: str
    quote: str
    verified: bool
    created: str
    updated: str
    outcome: str | None
    agreed: bool = Field(description="Whether its meeting agreed on it; a person may take on one that was proposed.")


class ChangeLine(BaseModel):
    """A change of an action."""

    at: str
    by: str
    what: str


class ActionPage(ActionLine):
    """An action with its history."""

    history: list[ChangeLine]


class MemoryLine(BaseModel):
    """How much an agent remembers."""

    agent: str
    messages: int
    tokens: int
    bytes: int
    last_used: str


class Remembrance(BaseModel):
    """A message or note that an agent remembers."""

    number: int
    agent: str
    session: str
    author: str
    at: str
    text: str
    tokens: int
    pinned: bool


class Match(Remembrance):
    """A memory that a search found; in the snippet, the words that match are in square brackets."""

    snippet: str


class Pinned(BaseModel):
    """The number of a pinned note."""

    number: int


class Forgotten(BaseModel):
    """How many messages were forgotten."""

    forgotten: int


class DocumentLine(BaseModel):
    """How a document is read."""

    name: str
    lines: int
    letters: int
    note: str
    parts: list[str] = Field(description="Its pages, cells or sheets, where it has them.")


@dataclass(frozen=True, slots=True)
class ModelLine(Installed):
    """A model on the server's disk."""

    in_settings: bool


class ModelState(BaseModel):
    """Whether the model of the settings could answer now."""

    name: str
    provider: str
    state: str = Field(description="available, missing, unreachable or not checked.")
    why: str = ""
    remedy: str = ""


class Facts(BaseModel):
    """The service in numbers."""

    version: str
    uptime_seconds: float
    model: str
    agents: int
    meeting_types: int
    held: int
    waiting: int
    slots: int = Field(description="How many meetings are held at the same time.")
    most_waiting: int
