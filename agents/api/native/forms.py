"""What requests contain: each form is the JSON object of one kind of request."""

from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from agents.text import harmless

MOST_DOCUMENTS = 64
LONGEST_NAME = 200

Name = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]
Names = Annotated[list[Name], Field(max_length=100)]
By = Annotated[str, Field(max_length=LONGEST_NAME, description="The name of the person who says so.")]


class Form(BaseModel):
    """A JSON object without fields that nobody reads; its texts are kept without characters that are not text."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)

    @field_validator("*", mode="after")
    @classmethod
    def _without_controls(cls, value: Any) -> Any:
        if isinstance(value, list):
            return [_text(one) for one in value]
        return _text(value)


def _text(value: Any) -> Any:
    """A value of a field, as text that may be shown if it is text."""
    if not isinstance(value, str):
        return value
    shown = harmless(value)
    if value and not shown:
        raise ValueError("it has only characters that are not text")
    return shown


class SentDocument(Form):
    """A document in a request: its name, and its text or its bytes in base64. Files of the server are not read."""

    name: Name = Field(description="Such as design.md; the ending tells how it is read.", examples=["design.md"])
    text: str | None = Field(None, examples=["# Design\\n\\nMove the sessions to Redis."])
    base64: str | None = Field(None, description="The bytes of a file, for formats such as PDF or DOCX.")

    @model_validator(mode="after")
    def _has_content(self) -> Self:
        if (self.text is None) == (self.base64 is None):
            raise ValueError("give either text or base64")
        return self


class WithDocuments(Form):
    """A form that may bring documents. Files of a multipart request are added to them."""

    documents: list[SentDocument] = Field([], max_length=MOST_DOCUMENTS)


class Upload(WithDocuments):
    """Documents alone."""


class Question(WithDocuments):
    """A question to one agent."""

    question: str = Field("", examples=["What breaks first?"])
    skill: str | None = Field(None, max_length=LONGEST_NAME, description="A skill of the agent, such as review_code.")
    session: Name = Field("default", description="The conversation this belongs to.")
    remember: bool = Field(True, description="Whether the agent reads its memory and keeps question and answer.")
    stream: bool = Field(False, description="Answer with server-sent events: text, note, done.")


class Consultation(WithDocuments):
    """A question to several agents, each on its own."""

    question: str = Field(min_length=1, examples=["What breaks first at ten times the load?"])
    agents: Names = Field(["auto"], description='Their ids; ["all"]; or ["auto"]: those whose field it is.')
    remember: bool = True
    stream: bool = Field(False, description="Answer with server-sent events: text, answer, note, done.")


class NewStep(Form):
    """One step of a workflow."""

    agent: Name
    task: str = ""
    skill: str = Field("", max_length=LONGEST_NAME)
    name: str = Field("", max_length=LONGEST_NAME, description="Its name; without one, its number and agent.")


class Work(WithDocuments):
    """A task for agents who work one after the other."""

    task: str = Field("", examples=["Move the sessions to Redis."])
    steps: Annotated[list[NewStep | str], Field(min_length=1, max_length=50)] = Field(
        description="Steps as objects, or as AGENT, AGENT:TASK, AGENT/SKILL or NAME=AGENT/SKILL:TASK.",
        examples=[["product_manager/write_user_stories", "qa_engineer:Plan the tests"]],
    )
    stream: bool = Field(False, description="Answer with server-sent events: text, step, note, done.")


class Wish(WithDocuments):
    """What a meeting should be, with the options of the command line."""

    type: Name = Field("decision", description="A meeting type.", examples=["architecture_review"])
    topics: list[str] = Field([], max_length=20, description="The agenda; empty takes the topic of the type.")
    agents: Names = Field([], description='Exactly these take part; ["all"] for all.')
    invite: Names = Field([], description="These take part too.")
    without: Names = Field([], description="These do not take part.")
    chair: str = Field("", max_length=LONGEST_NAME)
    me: str = Field("", max_length=LONGEST_NAME, description="The role whose seat a person takes.")
    decide: bool = Field(False, description="The person decides, and the votes are advice.")
    baseline: bool = Field(False, description="Compare with a single agent.")
    series: str = Field("", max_length=LONGEST_NAME)
    held: date | None = Field(None, description="The day from which relative dates are counted; today if left out.")
    time_box: float | None = Field(None, gt=0, le=24 * 60, description="Minutes it should fit into.")
    people: Names = Field([], description="People of the team who can own tasks.")
    words: str = Field("", description="What the person will say, one paragraph for each question.")
    council: Names = Field([], description="Models that are dealt over the seats.")


class NewMeeting(Wish):
    """A meeting to create."""

    start: bool = Field(True, description="Hold it now, or as soon as the model is free; false only creates it.")


class Fork(Form):
    """A meeting that begins like another one."""

    at: str = Field(max_length=12, description="The last turn to keep, such as T5; 0 keeps no turn.", examples=["T5"])
    start: bool = True


class Words(Form):
    """What a person says between two phases: words, or one of the commands of the meeting."""

    words: str = Field(
        min_length=1,
        max_length=20_000,
        description="Words to all, or /skip, /vote, /park WORDS, /ask ROLE WORDS, /extend [WORDS], /end.",
        examples=["/ask qa_engineer Which test is missing?"],
    )


class Reply(Form):
    """What a person answers who has a seat and is asked."""

    text: str = Field(
        max_length=20_000,
        description="One of the choices in the state, or own words; empty leaves the question out, /skip the turn.",
        examples=["for"],
    )
    question: str | None = Field(None, max_length=20_000, description="Refuse the answer if another question is asked.")


class Judged(Form):
    """A person's verdict on an entry of minutes."""

    entry: Name = Field(description="The name of the entry in the minutes, such as D1 or AC1.", examples=["D1"])
    verdict: Literal["confirm", "correct", "reject"]
    text: str = Field("", max_length=20_000, description="The words that take the place of a corrected entry.")
    by: By = ""


class Outcome(Form):
    """What became of a decision."""

    text: str = Field(min_length=1, max_length=20_000, examples=["No cart was lost in the sale."])
    entry: str = Field("", max_length=20, description="The decision, such as D1; empty for the only one.")
    how: Literal["good", "bad", "mixed", ""] = ""
    on: str = Field("", max_length=60, description="The day on which it was seen: 2026-12-01, today or yesterday.")
    by: By = ""


class Proposed(Form):
    """An action of minutes that a person takes on."""

    meeting: Name = Field(description="The meeting: its id, a unique beginning of it, or last.", examples=["last"])
    entry: Name = Field(description="The name of the action in the minutes.", examples=["AC2"])
    owner: str = Field("", max_length=LONGEST_NAME, description="Agents or people, nobody; empty: as in the minutes.")
    due: str = Field("", max_length=60, description="2026-12-01, friday ... or none; empty: as in the minutes.")
    by: By = ""


class Done(Form):
    """How an action was done."""

    note: str = Field("", max_length=20_000)
    by: By = ""


class Signed(Form):
    """Who changes something."""

    by: By = ""


class Assigned(Form):
    """The new owner of an action."""

    owner: str = Field(max_length=LONGEST_NAME, description="Agents or people, with commas; empty for nobody.")
    by: By = ""


class Due(Form):
    """The new date of an action."""

    due: str = Field(max_length=60, description="2026-12-01, friday, in two weeks ...; none for no date.")
    by: By = ""


class Pin(Form):
    """A note that is in every prompt of an agent."""

    text: str = Field(min_length=1, max_length=20_000)
