"""The lines that a reader sees of a running meeting: who said what in a few words, votes, absences and notes."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from agents.cli.terminal.line_wrap import cut, hung
from agents.cli.terminal.safe_text import one_line
from agents.cli.terminal.stream_wrap import cells
from agents.meeting import reading
from agents.meeting.codec import value_of
from agents.meeting.journal import Event, Kind
from agents.meeting.journal_values import Drop, LeftOut, Note, PersonDecision
from agents.meeting.minutes.ballot import voted
from agents.meeting.phases import PHASES, phase_name, phase_named
from agents.meeting.prompts import ACTION, CONDITION, FACT, POSITION, QUESTION
from agents.meeting.record import Absence, Ballot, Entry, Turn

if TYPE_CHECKING:
    from agents.meeting.spec import MeetingSpec

WORRIES = frozenset(
    {
        "risk", "concern", "threat", "failure", "danger", "challenge", "obstacle", "blocker", "bottleneck", "pitfall",
        "trap", "defect", "finding", "slip", "suspect", "cause", "unknown", "limit", "stake", "revise", "rebut",
    }
)  # fmt: skip
"""The labels of entries that say what can go wrong: of a turn, the first of them is shown."""
LESS_TELLING = frozenset(one.label.lower() for one in (FACT, ACTION, QUESTION, CONDITION))
"""The labels of entries that are shown only where a turn has no other."""

SHORT = {"for with conditions": "conditions"}
"""Positions in one word, for narrow terminals."""

_TURN = re.compile(r"\bT\d+\b")


class EventLines:
    """Turns events into lines; it remembers who spoke, to say it instead of a number that was not shown.

    Args:
        titles: role titles by id.
        spec: the spec of the meeting; None if it is not known.
        width: returns the number of columns to fit into; 0 leaves each event on one line.
    """

    def __init__(
        self, titles: Mapping[str, str], spec: "MeetingSpec | None" = None, width: Callable[[], int] = lambda: 0
    ) -> None:
        self._titles = titles
        self._asks = _asks(spec)
        self._width = width
        self._unnumbered: dict[str, str] = {}

    def lines(self, event: Event) -> str:
        """What is shown of an event; "" for nothing."""
        if event.kind == Kind.TOPIC:
            return self._fitted(f"Topic {event.topic}: {one_line(event.text)}")
        if event.kind == Kind.PHASE:
            return f"  {phase_name(event.phase)}"
        value = value_of(event)
        if isinstance(value, Turn):
            return self._turn(value)
        if isinstance(value, Drop | LeftOut | Absence | Ballot | Note | PersonDecision):
            who = self._titles.get(event.speaker, "The scribe" if event.speaker == "scribe" else event.speaker)
            return self._fitted(f"    {self._said(value, who)}")
        return ""

    def _said(self, value: Drop | LeftOut | Absence | Ballot | Note | PersonDecision, who: str) -> str:
        match value:
            case Drop():
                return f"{who}, {'part of it ' if value.entries else ''}{not_passed_on(self._named(value.why))}"
            case LeftOut():
                return f"{who} {self._named(value.why)}; left out: {', '.join(value.labels).replace('_', ' ')}"
            case Absence():
                return f"{who} is absent: {value.cause}"
            case Ballot():
                return f"{who}: {voted(value)}"
            case PersonDecision():
                return f"{who} decides: {value.choice or value.status.value}"
            case Note():
                return f"Note: {value.text}"

    def _turn(self, turn: Turn) -> str:
        """A turn: its speaker and position, and what it says of most weight; in two lines where one is too narrow."""
        who = self._titles.get(turn.speaker, turn.speaker)
        number = f"{turn.id} "
        width = self._width()
        if width and phase_named(turn.phase).at_once:  # numbers were dealt before anybody spoke: they come out of order
            number = ""
            self._unnumbered[turn.id] = who
        position = turn.position.value if turn.position else ""
        head = f"    {number}{who}" + (f" [{position}]" if position else "")
        if width and cells(head) > width:
            head = f"    {number}{who}" + (f" [{SHORT.get(position, position)}]" if position else "")
        main = main_entry(turn, self._asks)
        if main is None:
            return head if turn.position else f"{head} passes"
        text = self._named(_bare(main.text))
        words = f"{main.label}: {text}" if main.label else text
        line = f"{head}: {words}"
        return line if not width or cells(line) <= width else f"{cut(head, width)}\n{cut(f'      {words}', width)}"

    def _named(self, words: str) -> str:
        """Words in which turns without a shown number are named by their speakers."""
        return _TURN.sub(lambda found: self._unnumbered.get(found[0], found[0]), words)

    def _fitted(self, line: str) -> str:
        return hung(line, self._width())


def not_passed_on(why: str) -> str:
    """That later speakers do not see a turn, and why, such as "repeats T1"."""
    return f"not passed on: {why}"


def headline(turn: Turn, width: int) -> str:
    """What a turn says of most weight, on one line of at most ``width`` columns; "" for a pass."""
    entry = main_entry(turn)
    if entry is None:
        return ""
    words = _bare(entry.text)
    return cut(f"{entry.label}: {words}" if entry.label else words, width)


def main_entry(turn: Turn, asks: Sequence[str] = ()) -> Entry | None:
    """The entry that says most about where a speaker stands: a risk or concern, else another one; None for a pass.

    Args:
        turn: the turn.
        asks: what speakers are told to write; an entry that only repeats such words is not taken.
    """
    found = [
        entry
        for entry in (turn.entries if turn.entries is not None else _entries_in(turn.text))
        if entry.label != POSITION.label and entry.text.strip() and not reading.passed(entry.text)
        if not any(reading.similar(entry.text, ask) for ask in asks)
    ]
    return min(found, key=_rank, default=None)


def _rank(entry: Entry) -> int:
    label = entry.label.lower()
    return 0 if label in WORRIES else 2 if label in LESS_TELLING else 1


def _entries_in(text: str) -> Iterator[Entry]:
    """The lines of a text, with their labels."""
    for line in text.split("\n"):
        bare = one_line(line)
        if bare:
            yield Entry(reading.label_of(bare), reading.without_label(bare))


def _bare(text: str) -> str:
    return reading.without_emphasis(one_line(text))


def _asks(spec: "MeetingSpec | None") -> tuple[str, ...]:
    lines = spec.kind.lines if spec else ()
    instructions = (phase.instruction for phase in PHASES.values())
    told = (words for one in instructions for words in (one.opening, one.question))
    return (*(line.ask for line in lines), *(one.ask for one in (FACT, ACTION, QUESTION, CONDITION)), *told)
