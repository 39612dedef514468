"""How a meeting was called: everything fixed before the first word, and kept with the meeting."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from agents.documents import Document
from agents.meeting.meeting_type import MeetingType
from agents.meeting.record import Seat, Topic


@dataclass(frozen=True, slots=True)
class OpenAction:
    """Something that an earlier meeting of the series left to do.

    Attributes:
        id: its id in the register, such as "A3".
        task: what is to be done.
        owner: role id, or a person's name; None: unassigned.
        due: the day it is due; None: none was said.
        meeting: id of the meeting it comes from.
    """

    id: str
    task: str
    owner: str | None
    due: date | None
    meeting: str


@dataclass(frozen=True, slots=True)
class MeetingSpec:
    """What a meeting starts from. A later change of role or type files does not change it.

    Attributes:
        id: the meeting's id.
        kind: its type, as it was when the meeting was called.
        topics: the agenda.
        seats: who is invited, in speaking order.
        facilitator: role id of whoever leads and words the proposals.
        held: the day; relative dates are resolved against it.
        model: label of the model.
        documents: what was attached.
        context_tokens: the context of every call.
        series: the name of the series it belongs to, or "".
        open_actions: what the series left to do; where there is any, the first topic asks what became of it.
        own_passages: whether each speaker also sees passages of the documents that concern its role alone.
        notes: what a reader of the minutes must know about how it was called.
        control: whether one agent alone is asked the same, to see what the meeting was worth.
        forked_from: id of the meeting whose beginning this one shares, or "".
    """

    id: str
    kind: MeetingType
    topics: tuple[Topic, ...]
    seats: tuple[Seat, ...]
    facilitator: str
    held: date
    model: str
    documents: tuple[Document, ...] = ()
    context_tokens: int = 8192
    series: str = ""
    open_actions: tuple[OpenAction, ...] = ()
    own_passages: bool = True
    notes: tuple[str, ...] = ()
    control: bool = False
    forked_from: str = ""

    @property
    def speakers(self) -> tuple[str, ...]:
        """Role ids of everybody invited, in speaking order."""
        return tuple(seat.role for seat in self.seats)

    @property
    def person(self) -> str:
        """Role id of the seat that a person takes, or ""."""
        return next((seat.role for seat in self.seats if seat.human), "")

    def title_of(self, role: str) -> str:
        """The title of a seat."""
        return next((seat.title for seat in self.seats if seat.role == role), role)

    def as_dict(self) -> dict[str, Any]:
        """The call as plain values, for the journal."""
        return {
            "id": self.id,
            "type": self.kind.as_dict(),
            "topics": [topic.text for topic in self.topics],
            "seats": [asdict(seat) for seat in self.seats],
            "facilitator": self.facilitator,
            "held": self.held.isoformat(),
            "model": self.model,
            "documents": [asdict(document) for document in self.documents],
            "context_tokens": self.context_tokens,
            "series": self.series,
            "open_actions": [
                {**asdict(one), "due": one.due.isoformat() if one.due else None} for one in self.open_actions
            ],
            "own_passages": self.own_passages,
            "notes": list(self.notes),
            "control": self.control,
            "forked_from": self.forked_from,
        }


def spec_from(table: Mapping[str, Any]) -> MeetingSpec:
    """Read back what ``as_dict`` wrote, be it by an earlier version that knew fewer fields."""
    return MeetingSpec(
        id=table["id"],
        kind=MeetingType.from_dict(table["type"]),
        topics=tuple(Topic(number, text) for number, text in enumerate(table["topics"], 1)),
        seats=tuple(Seat(**seat) for seat in table["seats"]),
        facilitator=table["facilitator"],
        held=date.fromisoformat(table["held"]),
        model=table["model"],
        documents=tuple(Document(**document) for document in table["documents"]),
        context_tokens=table["context_tokens"],
        series=table["series"],
        open_actions=tuple(_open_action(one) for one in table.get("open_actions", ())),
        own_passages=table.get("own_passages", True),
        notes=tuple(table.get("notes", ())),
        control=table.get("control", False),
        forked_from=table.get("forked_from", ""),
    )


def _open_action(table: Mapping[str, Any]) -> OpenAction:
    return OpenAction(**{**table, "due": date.fromisoformat(table["due"]) if table["due"] else None})


def topics_from(texts: Sequence[str]) -> tuple[Topic, ...]:
    """Topics numbered from 1."""
    return tuple(Topic(number, text) for number, text in enumerate(texts, 1))
