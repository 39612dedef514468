"""A checklist: the lines of the documents that each role would look at, and the questions that it would ask.

What is asked, the form of the answer, and how an answer is read. The words of a line are never taken from an answer:
code looks them up in the document.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from agents.documents import Document
from agents.meeting.fields import object_schema
from agents.meeting.journal_values import StructuredAnswer
from agents.meeting.meeting_type import MeetingType
from agents.meeting.record import Evidence, Item

CHECKLIST = "checklist"
"""The name of the phase, of its answers in the journal, and of the artefact."""

PLACE, QUESTION = "Place", "Question"
"""The labels of the entries."""

LISTS = {"questions": "asks", "red_flags": "red flag", "done": "done when"}
"""The lists of a role, and what is written before an item of each."""

WHOLE_CONTEXT = 1 << 24
"""The tokens of context of a checklist that is made by rule: a rule reads every document to its end."""

MOST_PLACES = 8
MOST_QUESTIONS = 3
LINE_CHARACTERS = 240
"""The most characters of a line that are shown."""

ASKED = f"""You have the floor. You only say where to look and what to ask; you judge nothing.
places: up to {MOST_PLACES} lines of the documents that your job must look at. For each: the name of the document, the number of the line, and in item why, in one sentence.
questions: up to {MOST_QUESTIONS} questions that somebody must answer first.
Answer in JSON."""  # noqa: E501 - sentences said to a model stand on the lines they are said on

_PLACE = object_schema(
    {
        "document": {"type": "string"},
        "line": {"type": "integer", "minimum": 1},
        "list": {"type": "string", "enum": list(LISTS)},
        "item": {"type": "string", "maxLength": 200},
    }
)
SCHEMA = object_schema(
    {
        "places": {"type": "array", "maxItems": MOST_PLACES, "items": _PLACE},
        "questions": {"type": "array", "maxItems": MOST_QUESTIONS, "items": {"type": "string", "maxLength": 200}},
    }
)


def checklist_of(kind: MeetingType) -> MeetingType:
    """A meeting type as a checklist: the same seats, one phase, no lines, no vote."""
    return replace(
        kind, phases=(CHECKLIST,), artefact=CHECKLIST, lines=(), agenda=(), rule="none", veto=(), proposal="",
        choices=(),
    )  # fmt: skip


def problem_in(answer: Any) -> str:
    """What is wrong with the form of an answer, in words for the next attempt; "" when nothing is."""
    for name in ("places", "questions"):
        if not isinstance(answer, Mapping) or not isinstance(answer.get(name), list):
            return f'"{name}" must be a list.'
    return ""


def items_of(answers: Sequence[StructuredAnswer], documents: Sequence[Document]) -> list[Item]:
    """The entries of all answers: the places by document and line, then the questions.

    A place that no document has is left out. What an entry rests on is a line, or the list of a role, and no turn.
    """
    order = {document.name: number for number, document in enumerate(documents)}
    places = [item for answer in answers for item in _places(answer, documents)]
    places.sort(key=lambda item: (order[item.fields["document"]], int(item.fields["line"])))
    return places + [item for answer in answers for item in _questions(answer)]


def _places(answer: StructuredAnswer, documents: Sequence[Document]) -> Iterator[Item]:
    for got in _listed(answer, "places"):
        if not isinstance(got, Mapping):
            continue
        document, line, item = got.get("document"), got.get("line"), got.get("item")
        words = next((words_at(one, line) for one in documents if one.name == document), "")
        if words and isinstance(item, str):
            kind = str(got.get("list"))
            fields = {"document": str(document), "line": str(line), "list": kind if kind in LISTS else "questions"}
            yield Item(PLACE, item, Evidence("", answer.speaker, words, verified=True), fields)


def _questions(answer: StructuredAnswer) -> Iterator[Item]:
    for text in _listed(answer, "questions")[:MOST_QUESTIONS]:
        if isinstance(text, str) and text.strip():
            yield Item(QUESTION, text, Evidence("", answer.speaker, text, verified=True))


def _listed(answer: StructuredAnswer, name: str) -> list[Any]:
    found = answer.answer.get(name) if isinstance(answer.answer, Mapping) else None
    return found if isinstance(found, list) else []


def words_at(document: Document, line: Any) -> str:
    """The words of a line, cut after ``LINE_CHARACTERS``; "" where the document has no such line."""
    lines = document.lines
    if not isinstance(line, int) or not 1 <= line <= len(lines):
        return ""
    text = lines[line - 1].strip()
    return text if len(text) <= LINE_CHARACTERS else f"{text[:LINE_CHARACTERS].rsplit(' ', 1)[0]} ..."


@dataclass(frozen=True, slots=True)
class Spot:
    """One line, and everybody who would look at it.

    Attributes:
        document, line: its place.
        words: the line.
        reasons: for each role that looks there, its id, the name of the list, and the item.
    """

    document: str
    line: int
    words: str
    reasons: tuple[tuple[str, str, str], ...]

    @property
    def where(self) -> str:
        """The place, as it is cited."""
        return f"{self.document}:{self.line}"


def spots(items: Sequence[Item]) -> list[Spot]:
    """The places, each once, in the order of the items."""
    found: dict[tuple[str, str], list[Item]] = {}
    for item in items:
        if item.label == PLACE:
            found.setdefault((item.fields["document"], item.fields["line"]), []).append(item)
    return [
        Spot(
            document,
            int(line),
            same[0].evidence.quote,
            tuple((one.evidence.speaker, one.fields["list"], one.text) for one in same),
        )
        for (document, line), same in found.items()
    ]
