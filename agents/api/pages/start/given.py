"""What a person gave for a meeting in a form, as it was typed; and the request, the documents and the errors of it."""

import asyncio
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING, Any, BinaryIO

from agents.api.pages.amounts import shortened
from agents.api.pages.remedies import refusal_of
from agents.api.pages.visit import Visit
from agents.clock import today
from agents.documents import Document, document_from_bytes, read_limited
from agents.errors import DocumentError, MaterialMissing, OrchestratorError, UnknownName, UsageError
from agents.orchestrator.request import MeetingRequest
from agents.orchestrator.request_again import request_of
from agents.text import harmless

if TYPE_CHECKING:
    from agents.meeting.spec import MeetingSpec

MOST_DOCUMENTS = 64
MOST_TOPICS = 20
LONGEST_NAME = 200
LONGEST_LIST = 2_000
"""The most characters of names with commas between them: each name is compared with those of all roles."""
PASTED = "pasted.md"
"""The name of a pasted text that was given none."""

TEXTS = (
    "type", "topics", "paste", "paste_name", "me", "words", "chair", "series", "time_box", "people", "council", "held",
    "from", "once",
)  # fmt: skip
"""The fields with one text."""
TICKS = ("decide", "baseline", "only")
"""The fields that are ticked or not."""
LISTS = ("invite", "without", "keep")
"""The fields that may be ticked several times."""


@dataclass(frozen=True, slots=True)
class Given:
    """The fields of the form that begins a meeting.

    Attributes:
        texts: what was typed or chosen, by the name of the field.
        lists: what was ticked, by the name of the field.
        files: the names of the files that were sent.
    """

    texts: Mapping[str, str] = field(default_factory=dict)
    lists: Mapping[str, Sequence[str]] = field(default_factory=dict)
    files: Sequence[str] = ()

    def text(self, name: str) -> str:
        """A field, or ""."""
        return self.texts.get(name, "")

    def line(self, name: str) -> str:
        """A field on one line, without characters that are not text.

        Raises:
            UsageError: it is too long.
        """
        text = harmless(" ".join(self.text(name).split()))
        if len(text) > LONGEST_NAME:
            raise UsageError(f"This has more than {LONGEST_NAME} characters.", "Give less.", about=name)
        return text

    def names(self, name: str) -> str:
        """A field of names, with commas between them.

        Raises:
            UsageError: it is too long.
        """
        text = harmless(self.text(name)).replace("\n", ",")
        if len(text) > LONGEST_LIST:
            raise UsageError(f"These names have more than {LONGEST_LIST:,} characters.", "Give fewer.", about=name)
        return text

    def ticked(self, name: str, value: str = "yes") -> bool:
        """Whether something was ticked."""
        return value in self.lists.get(name, ())


def sent(visit: Visit) -> Given:
    """What was sent with the form."""
    lists = {name: visit.texts(name) for name in (*TICKS, *LISTS)}
    return Given({name: visit.text(name) for name in TEXTS}, lists, [str(one.filename) for one in visit.files("files")])


def like(spec: "MeetingSpec") -> Given:
    """What to type for a meeting like one that is stored."""
    asked = request_of(spec)
    texts = {
        "type": asked.type_id,
        "topics": "\n".join(asked.topics),
        "me": asked.me,
        "words": asked.words,
        "chair": asked.chair,
        "series": asked.series,
        "time_box": "" if asked.time_box is None else f"{asked.time_box:g}",
        "people": ", ".join(asked.people),
        "council": ", ".join(asked.council),
        "held": "" if spec.held == today() else spec.held.isoformat(),
        "from": spec.id,
    }
    ticks = {"decide": asked.decide, "baseline": asked.control, "only": bool(asked.agents)}
    lists = {
        **{name: ["yes"] for name, is_so in ticks.items() if is_so},
        "invite": [*asked.agents, *asked.invited],
        "without": [*asked.without],
        "keep": [str(number) for number in range(1, len(spec.documents) + 1)],
    }
    return Given(texts, lists)


def wished(given: Given, documents: Sequence[Document]) -> MeetingRequest:
    """The request that was given.

    Args:
        given: what was given.
        documents: the documents that belong to it.

    Raises:
        UsageError: a field cannot be used.
    """
    topics = [harmless(line) for line in given.text("topics").split("\n") if line.strip()]
    if len(topics) > MOST_TOPICS:
        raise UsageError(
            f"There are {len(topics)} topics, one on each line.", f"Give at most {MOST_TOPICS}.", about="topics"
        )
    if given.text("words").strip() and not (given.text("me") or given.ticked("decide")):
        raise UsageError("Prepared words need a seat.", "Choose your seat, or decide.", about="words")
    named = given.lists.get("invite", ())
    return MeetingRequest(
        given.line("type") or "decision",
        topics,
        documents,
        agents=named if given.ticked("only") else (),
        invited=() if given.ticked("only") else named,
        without=given.lists.get("without", ()),
        chair=given.line("chair"),
        me=given.line("me"),
        control=given.ticked("baseline"),
        series=given.line("series"),
        held=_day(given.text("held")),
        time_box=_minutes(given.text("time_box")),
        people=given.names("people"),
        words=harmless(given.text("words")),
        council=given.names("council") if given.text("council").strip() else (),
        decide=given.ticked("decide"),
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip()) if text.strip() else None
    except ValueError:
        raise UsageError(
            f"{shortened(text, LONGEST_NAME)!r} is not a day.", "Write it like 2026-12-01.", about="held"
        ) from None


def _minutes(text: str) -> float | None:
    try:
        minutes = float(text) if text.strip() else None
    except ValueError:
        minutes = 0.0
    if minutes is not None and not 0 < minutes <= 24 * 60:
        raise UsageError(
            f"{shortened(text, LONGEST_NAME)!r} is not a number of minutes.",
            "Write a number from 1 to 1440.",
            about="time_box",
        )
    return minutes


async def read(visit: Visit, given: Given) -> list[Document]:
    """The documents that were sent with the form: the files, and a pasted text.

    Raises:
        DocumentError: one cannot be read, or there are too many.
    """
    opened: list[tuple[str, BinaryIO]] = [(str(one.filename)[:LONGEST_NAME], one.file) for one in visit.files("files")]
    if given.text("paste").strip():
        pasted = io.BytesIO(given.text("paste").encode("utf-8", "replace"))
        opened.append((given.line("paste_name") or PASTED, pasted))
    refuse_many(opened)
    return await asyncio.to_thread(_read, opened) if opened else []


def sent_key(*content: Any) -> str:
    """The name of a form with what was sent in it, so that one that is sent twice is carried out once.

    Args:
        *content: what was sent, as JSON values.
    """
    return f"page {sha256(json.dumps(content).encode()).hexdigest()}"


def refuse_many(documents: Sequence[object]) -> None:
    """Refuse more documents than a meeting may have.

    Raises:
        DocumentError: there are too many.
    """
    if len(documents) > MOST_DOCUMENTS:
        raise DocumentError(f"There are {len(documents)} documents.", f"Give at most {MOST_DOCUMENTS}.")


def kept(visit: Visit, given: Given) -> list[Document]:
    """The documents of an earlier plan that are still ticked.

    Raises:
        DocumentError: the plan was deleted.
    """
    if not given.text("from") or not given.lists.get("keep"):
        return []
    orchestrator = visit.owner.orchestrator
    try:
        before = orchestrator.get_meeting(orchestrator.meetings.find(given.text("from"))).documents
    except UnknownName:
        raise DocumentError(
            "The plan that this form came from was deleted, and its documents with it.", "Choose the files again."
        ) from None
    return [document for number, document in enumerate(before, 1) if given.ticked("keep", str(number))]


def _read(opened: Sequence[tuple[str, BinaryIO]]) -> list[Document]:
    """Documents, with the limits of the command line; a conversion may take long."""
    return [document_from_bytes(name, read_limited(file, name)) for name, file in opened]


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a form is not carried out.

    Attributes:
        place: the field that it is about, or "".
        cause: one sentence.
        remedy: what to do, or "".
        status: the HTTP status.
    """

    place: str
    cause: str
    remedy: str
    status: int


_PLACES = {
    "topics": "topics", "material": "files", "agents left": "seats", "left out": "seats", "not named": "seats",
    "names": "seats", "agent": "seats", "me": "me", "decide": "me", "words": "me", "council": "council",
    "people": "people", "meeting type": "type",
}  # fmt: skip
"""The field that an error is about."""


def problem_of(visit: Visit, error: OrchestratorError) -> Problem:
    """An error in the words of the form; a wrong name in it is a fault of the form, and no address that is missing."""
    said = refusal_of(error, visit.service.settings)
    default = "files" if isinstance(error, DocumentError | MaterialMissing) else error.about
    place = _PLACES.get(error.about, default)
    return Problem(place, said.cause, said.remedy, 400 if isinstance(error, UsageError) else said.status)
