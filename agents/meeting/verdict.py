"""What a person says, after a meeting, about an entry of its minutes: confirmed, corrected or rejected."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Judgement(StrEnum):
    """What became of an entry."""

    CONFIRMED = "confirmed"
    CORRECTED = "corrected"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A person's verdict on an entry.

    Attributes:
        entry: the name of the entry in the minutes, such as "AC1" (``entry_names``).
        judgement: the verdict.
        said: the words of the entry, as the meeting left them.
        topic: the topic's number.
        turn: id of the turn that the entry rests on, or "".
        by: who gave it, or "".
        at: when, ISO 8601 in UTC.
        text: the words of a correction; "" for other verdicts.
    """

    entry: str
    judgement: Judgement
    said: str
    topic: int = 0
    turn: str = ""
    by: str = ""
    at: str = ""
    text: str = ""

    @property
    def words(self) -> str:
        """The verdict as everything prints it, such as "confirmed by Ada, 30 Nov"."""
        day = date.fromisoformat(self.at[:10]) if self.at else None
        who = f" by {self.by}" if self.by else ""
        return f"{self.judgement.value}{who}{f', {day.day} {day:%b}' if day else ''}"
