"""The seats of a meeting while it is held: who is asked, speaks, has spoken or is absent, and what arrives."""

from collections.abc import Iterable
from dataclasses import dataclass

from agents.export.html_tags import Html, join, lines, tag
from agents.export.text import plain_lines
from agents.meeting.minutes.ballot import voted
from agents.meeting.progress import TAIL, SeatRow, position_taken
from agents.meeting.record import Absence, Ballot, Seat, Turn
from agents.meeting.spec import MeetingSpec
from agents.text import harmless, one_line

MOST_WORDS = 4_000
"""The most characters of an answer that are shown while it arrives."""
MORE = " \u2026 more when the turn is done"
SEALED = "Shown when you have answered."
"""What stands in the place of words that a person must not see before its own answer."""
KEPT_WORDS = 600
"""The characters of a finished turn that stay in the card of its seat."""
MEASURE_SECONDS = 1.0
"""How often the pace of an answer that arrives is measured."""
LETTERS = 4
"""About the characters of a token."""
NAMED = 3
"""The most participants that a sentence names."""

STATES = {
    "": "",
    "asked": "is asked",
    "speaks": "speaks",
    "spoke": "has spoken",
    "voted": "has voted",
    "absent": "absent",
}
"""What each state of a seat is called."""


@dataclass(slots=True)
class Words:
    """Words of one answer.

    Attributes:
        number: counts the answers of the seat.
        text: the words; they are only appended to while the number stays.
    """

    number: int = 0
    text: str = ""


class SeatNow:
    """One participant now.

    Args:
        seat: the seat.
        spec: the meeting.

    Attributes:
        title: as shown.
        place: the name of the place on the page of its card's head.
        words_place: that of its words.
        words: what it says, or said last.
        awaited: whether a question waits for the answer of the person in it.
    """

    def __init__(self, seat: Seat, spec: MeetingSpec) -> None:
        self.title = one_line(seat.title)
        self.place, self.words_place = f"seat-{seat.role}", f"words-{seat.role}"
        self.words = Words()
        self._marks = [
            *(["leads"] if seat.role == spec.facilitator else []),
            *(["a person"] if seat.human else []),
            *(["veto"] if seat.role in spec.kind.veto else []),
        ]
        self.state = ""
        self.awaited = False
        self._first = self._last = self._vote = self._turn = ""
        self._began = self._measured = self._pace = 0.0
        self._heard = 0

    @property
    def shown_state(self) -> str:
        """What it does now; a person who is asked does nothing else."""
        return "asked" if self.awaited else self.state

    def begin_topic(self) -> None:
        """A topic begins: nobody has a position on it."""
        self.state = self._first = self._last = self._vote = self._turn = ""

    def begin_phase(self) -> None:
        """A phase begins: nobody has spoken in it."""
        self.state = "absent" if self.state == "absent" else ""
        self._turn, self._pace = "", 0.0

    def ask(self) -> None:
        """It is asked."""
        self.state, self._pace, self._heard = "asked", 0.0, 0
        self.words = Words(self.words.number + 1)

    def hear(self, text: str, now: float) -> bool:
        """Take in words of its answer; True for the first of them."""
        first = self.state != "speaks"
        if first:
            self.state, self._began, self._measured, self._pace, self._heard = "speaks", now, now, 0.0, 0
            self.words = Words(self.words.number + 1)
        self._heard += len(text)
        room = MOST_WORDS - len(self.words.text)
        if room >= 0:
            self.words.text += text if len(text) <= room else text[:room] + MORE
        return first

    def look_at(self, row: SeatRow, now: float) -> None:
        """Take over what it does now, and the end of its words, after a time in which none were heard."""
        words = harmless(row.words)
        if row.state == "asked" and self.state != "asked":
            self.ask()
        elif row.state == "speaks" and not (self.state == "speaks" and self.words.text.endswith(words)):
            self.state = "asked"
            self.hear(f"\u2026 {words}" if len(words) >= TAIL else words, now)

    def measure(self, now: float) -> bool:
        """Measure the pace of an answer that arrives; True if it was due."""
        if self.state != "speaks" or now - self._measured < MEASURE_SECONDS:
            return False
        self._measured, self._pace = now, self._heard / LETTERS / (now - self._began)
        return True

    def answered(self, value: Turn | Ballot | Absence, votes: bool) -> None:
        """It has answered, or gave no answer.

        Args:
            value: the answer.
            votes: whether it was asked for a vote.
        """
        seconds = value.numbers.get("reply_seconds", 0)
        self._pace = value.numbers.get("reply_tokens", 0) / seconds if seconds else 0.0
        self.state = "absent" if isinstance(value, Absence) else "voted" if votes else "spoke"
        if isinstance(value, Turn):
            self._turn = value.id
            position = position_taken(value)
            self._first, self._last = self._first or position, position or self._last
            self.words = Words(self.words.number + 1, _beginning(value.text))
        else:
            self.words = Words(self.words.number + 1)

    def spoke_sealed(self) -> None:
        """It has spoken, and nobody may see yet what it said."""
        self.state, self._pace = "spoke", 0.0
        self.words = Words(self.words.number + 1, SEALED)

    def open_vote(self, ballot: Ballot) -> None:
        """Its vote may be seen."""
        self._vote = voted(ballot)

    def markup(self) -> Html:
        """The head of its card."""
        now = self.shown_state
        state = tag("span", STATES[now], class_=f"state {now}") if now else None
        marks = tag("span", ", ".join(self._marks), class_="soft") if self._marks else None
        return lines(
            tag("p", tag("strong", self.title), " ", marks, class_="name"),
            tag("p", state, *self._facts(), class_="facts"),
        )

    def _facts(self) -> Iterable[Html]:
        if self._last and self._last != self._first:
            yield join(" ", tag("span", tag("s", self._first), " ", tag("strong", self._last), " moved"))
        elif self._last:
            yield join(" ", tag("span", self._last))
        if self._vote:
            yield join(" ", tag("span", f"vote: {self._vote}"))
        if self._turn:
            yield join(" ", tag("a", self._turn, href=f"#{self._turn}"))
        if self._pace:
            yield join(" ", tag("span", f"{self._pace:.0f} tokens/s", class_="soft"))


def _beginning(text: str) -> str:
    """The beginning of a finished turn."""
    said = "\n".join(plain_lines(text))
    return said if len(said) <= KEPT_WORDS else f"{said[:KEPT_WORDS]} \u2026"


def who_has_it(seats: Iterable[SeatNow], otherwise: str) -> str:
    """Who has the floor, in a sentence; ``otherwise`` where nobody has."""
    every = list(seats)
    speak = [seat.title for seat in every if seat.shown_state == "speaks"]
    asked = [seat.title for seat in every if seat.shown_state == "asked"]
    sentences = []
    if speak:
        sentences.append(f"{_listed(speak)} {'has' if len(speak) == 1 else 'have'} the floor.")
    if asked:
        who = asked[0] if len(asked) == 1 else f"{len(asked)} {'others' if speak else 'participants'}"
        sentences.append(f"{who} {'is' if len(asked) == 1 else 'are'} asked.")
    return " ".join(sentences) or otherwise


def _listed(names: list[str]) -> str:
    shown = names[:NAMED]
    if rest := len(names) - len(shown):
        return f"{', '.join(shown)} and {rest} more"
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"
