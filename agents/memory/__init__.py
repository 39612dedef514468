"""What an agent remembers, and what of it fits the context."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from agents.clock import utc_now

LEAST_MESSAGES = 20
"""Messages that must have fallen out of the talk, and are in no summary, before they are summed up: and"""

LEAST_TOKENS = 1500
"""tokens that they must have together."""

MOST_READ = 400
"""Messages that one summary reads at most, the newest of them."""

SUMMARY_SHARE = 0.5
"""Part of the budget that a summary may take; a longer one is left out."""

_LEAST_WORDS = 40
"""Tokens below which no message is cut for a summary; where that is too much for the model, the oldest are left out."""

RECENT_SHARE = 0.6
"""Part of the budget for the newest messages; the rest goes to older ones that share words with the question."""

_LOOKED_AT = (24, 200)
"""Newest messages that are read to see what fits: few at first, more when those all do."""


class Remembered(NamedTuple):
    """Something an agent's history holds; a tuple, because histories are read by the hundred.

    Attributes:
        number: its place in the whole history, growing.
        agent: whose memory it is (role id).
        session: the conversation it belongs to.
        author: "user" or "assistant" for talk; "note" for a pinned note or a commitment from a meeting.
        text: the words.
        at: when, ISO 8601 in UTC.
        tokens: about how many tokens it has.
        pinned: whether it is kept in every prompt and spared by pruning.
    """

    number: int
    agent: str
    session: str
    author: str
    text: str
    at: str
    tokens: int = 0
    pinned: bool = False


@dataclass(frozen=True, slots=True)
class Summary:
    """What an old stretch of a session came to, with what there was before it.

    Attributes:
        agent: whose memory it is (role id).
        session: the conversation it belongs to.
        first: number of the first message it covers; 0 when that is unknown here, as after an import.
        last: number of the last one; 0 likewise.
        since: when the first one was said, ISO 8601 in UTC.
        until: when the last one was.
        text: the words.
        model: label of the model that wrote it.
        at: when it was written, ISO 8601 in UTC.
    """

    agent: str
    session: str
    first: int
    last: int
    since: str
    until: str
    text: str
    model: str
    at: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """Messages that have fallen out of the talk and are in no summary yet.

    Attributes:
        messages: those to sum up, oldest first, their texts cut to what one call can read.
        before: the summary in force, which the next one takes in; None when there is none, or it is far too long.
        gap: whether messages between the two were left out, for want of room.
    """

    messages: tuple[Remembered, ...]
    before: Summary | None = None
    gap: bool = False


@dataclass(frozen=True, slots=True)
class HistoryLimits:
    """How much one agent may remember.

    Attributes:
        messages: how many messages, pinned ones included.
        text_bytes: bytes of their texts.
    """

    messages: int
    text_bytes: int


NO_LIMITS = HistoryLimits(2**62, 2**62)


class History(Protocol):
    """Where memories are kept; the store implements it."""

    def add(self, agent: str, session: str, author: str, text: str, *, tokens: int = 0, pinned: bool = False) -> int:
        """Keep one message durably; returns its number."""

    def recent(
        self, agent: str, session: str | None = None, *, limit: int = 200, after: int = 0, before: int = 2**62
    ) -> list[Remembered]:
        """The newest messages of an agent between two numbers, oldest first; of one session, or of all."""

    def search(self, terms: str, agent: str | None = None, *, limit: int = 20) -> list[Remembered]:
        """The messages that match any of the words, best first. Any text is a valid search."""

    def pinned(self, agent: str) -> list[Remembered]:
        """The agent's pinned notes and open commitments, oldest first."""


class Summaries(Protocol):
    """Where summaries are kept; the store implements it."""

    def add(self, summary: Summary) -> bool:
        """Keep a summary durably; returns whether its messages were still there."""

    def latest(self, agent: str, session: str) -> Summary | None:
        """The summary of a session that is in force."""


@dataclass(frozen=True, slots=True)
class Recollection:
    """What goes into one prompt.

    Attributes:
        notes: pinned notes, the summary of older talk and recalled older messages, one line each, for the last message.
        talk: the newest messages of the session, oldest first, for the transcript.
    """

    notes: tuple[str, ...] = ()
    talk: tuple[Remembered, ...] = ()


class Memory:
    """One agent's memory.

    Args:
        agent: role id.
        history: where it is kept.
        summaries: where the summaries of old talk are kept; None for a memory without them.
    """

    def __init__(self, agent: str, history: History, summaries: Summaries | None = None) -> None:
        self.agent = agent
        self.history = history
        self.summaries = summaries

    def choose(self, question: str, session: str, budget: int, count: Callable[[str], int]) -> Recollection:
        """What to put into a prompt: pinned notes, the summary of what fell out of the talk, the newest talk, then
        older messages that share words with the question.

        Args:
            question: what is asked now.
            session: the conversation going on.
            budget: tokens that all of it may take together.
            count: counts a text's tokens.
        """
        notes, left = self._standing(session, budget, count)
        talk = self._talk(session, int(left * RECENT_SHARE), count)
        left -= sum(count(message.text) + 4 for message in talk)
        known = {message.number for message in talk}
        for message in self.history.search(question, self.agent):
            line = _dated(message)
            cost = count(line) + 4
            if message.number not in known and not message.pinned and cost <= left:
                notes.append(line)
                left -= cost
        return Recollection(tuple(notes), tuple(talk))

    def stretch(self, session: str, budget: int, room: int, count: Callable[[str], int]) -> Stretch | None:
        """The messages of a session that are due to be summed up; None when there are too few of them.

        Args:
            session: the conversation.
            budget: tokens that all memory in a prompt may take; what does not fit into its talk is due.
            room: tokens that they, and the summary before them, may have in the call that sums them up.
            count: counts a text's tokens.
        """
        if not self.summaries:
            return None
        _, left = self._standing(session, budget, count)
        talk = self._talk(session, int(left * RECENT_SHARE), count)
        before = self.summaries.latest(self.agent, session)
        after, upto = before.last if before else 0, talk[0].number if talk else 2**62
        fallen = self.history.recent(self.agent, session, limit=MOST_READ, after=after, before=upto)
        if len(fallen) < LEAST_MESSAGES or sum(count(message.text) for message in fallen) < LEAST_TOKENS:
            return None
        if before and count(before.text) > room * SUMMARY_SHARE:
            before = None
        read = _cut(fallen, room - count(before.text) if before else room, count)
        return Stretch(read, before, gap=len(read) < len(fallen) or len(fallen) == MOST_READ) if read else None

    def sum_up(self, stretch: Stretch, text: str, model: str) -> bool:
        """Keep what a stretch came to; returns False when its messages are gone by now.

        Args:
            stretch: what was summed up.
            text: the summary, which takes in the one before.
            model: label of the model that wrote it.
        """
        first, last, before = stretch.messages[0], stretch.messages[-1], stretch.before
        number, since = (before.first, before.since) if before and not stretch.gap else (first.number, first.at)
        summary = Summary(self.agent, last.session, number, last.number, since, last.at, text, model, utc_now())
        return bool(self.summaries and self.summaries.add(summary))

    def _standing(self, session: str, budget: int, count: Callable[[str], int]) -> tuple[list[str], int]:
        """What goes before all talk, pinned notes and the summary, and the tokens left after it."""
        left = budget
        notes: list[str] = []
        for note in self.history.pinned(self.agent):
            cost = count(note.text) + 4
            if cost <= left:
                notes.append(note.text)
                left -= cost
        summary = self.summaries.latest(self.agent, session) if self.summaries else None
        if summary:
            line = f"({summary.since[:10]} to {summary.until[:10]}, in short) {' '.join(summary.text.split())}"
            cost = count(line) + 4
            if cost <= left * SUMMARY_SHARE:
                notes.append(line)
                left -= cost
        return notes, left

    def _talk(self, session: str, budget: int, count: Callable[[str], int]) -> list[Remembered]:
        """The newest messages of a session that fit, oldest first."""
        for limit in _LOOKED_AT:
            newest = self.history.recent(self.agent, session, limit=limit)
            talk: list[Remembered] = []
            left = budget
            for message in reversed(newest):
                # Counted anew: the number that was stored is another model's, or an imported file's.
                left -= count(message.text) + 4
                if left < 0:
                    break
                talk.insert(0, message)
            if len(talk) < limit:
                break
        if talk and talk[0].author == "assistant":
            talk.pop(0)  # an answer without its question misleads a small model
        return talk

    def keep(self, session: str, question: str, answer: str, count: Callable[[str], int]) -> None:
        """Remember a question and its answer."""
        self.history.add(self.agent, session, "user", question, tokens=count(question))
        self.history.add(self.agent, session, "assistant", answer, tokens=count(answer))


def _cut(messages: Sequence[Remembered], room: int, count: Callable[[str], int]) -> tuple[Remembered, ...]:
    """The newest messages, each cut to its share of the room where together they are too long for it."""
    short = sum(count(message.text) + 4 for message in messages) <= room
    most = room if short else max(_LEAST_WORDS, room // len(messages) - 4)
    read: list[Remembered] = []
    for message in reversed(messages):
        text = message.text
        while (size := count(text)) > most:
            text = f"{text[: max(0, min(len(text) - 8, len(text) * most // size))].rstrip()} ..."
        room -= count(text) + 4
        if room < 0:
            break
        read.insert(0, message._replace(text=text))
    return tuple(read)


def _dated(message: Remembered) -> str:
    """An older message as a line of memory: when, whose words, what."""
    whose = {"assistant": "you said", "user": "you were told"}.get(message.author, "note")
    return f"({message.at[:10]}, {whose}) {message.text}"
