"""Whether words stand in a meeting or in a text word for word, and where; compared as the minutes compare them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from agents.documents import Document
from agents.meeting.minutes.places import material_of, said_in
from agents.meeting.record import Turn
from agents.meeting.spec import MeetingSpec


@dataclass(frozen=True, slots=True)
class Stand:
    """A place where words stand.

    Attributes:
        place: a turn, such as "T3", or lines of a document, such as "plan.md:4".
        speaker: the title of who said them; "" for a document.
        rest: why the rest of their sentence can change what they mean, or "".
    """

    place: str
    speaker: str = ""
    rest: str = ""


def in_meeting(spec: MeetingSpec, turns: Sequence[Turn], words: str) -> list[Stand]:
    """Where words stand in the turns of a meeting and in its documents, in this order."""
    titles = {seat.role: seat.title for seat in spec.seats}
    found = [
        Stand(turn.id, titles.get(turn.speaker, turn.speaker), hit.rest)
        for turn in turns
        if (hit := said_in(turn.text).find(words))
    ]
    return [*found, *(stand for document in spec.documents for stand in in_document(document, words))]


def in_document(document: Document, words: str) -> Iterator[Stand]:
    """Where words stand in a document; nowhere yields nothing."""
    hit = material_of(document).find(words)
    if hit:
        yield Stand(document.place_of(hit.first, hit.last), "", hit.rest)
