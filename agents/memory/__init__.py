"""What an agent remembers, and what of it fits a prompt. ``agents.store`` implements its protocols.

Import from here: ``Memory``, ``History``, ``Summaries``, ``HistoryLimits``; ``file`` for export and import.
Never knows: ``agents.store``, ``agents.model``, ``agents.agent``.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from agents.clock import utc_now
from agents.text import one_line

LEAST_MESSAGES = 20
"""Summarise once at least this many messages that are in no summary have dropped out of the prompt ..."""

LEAST_TOKENS = 1500
"""... and have this many tokens together."""

MOST_READ = 400
"""The most messages that one summary reads; the newest are taken."""

SUMMARY_SHARE = 0.5
"""Part of the budget that a summary may take; a longer summary is left out."""

_LEAST_TOKENS_EACH = 40
"""No message is cut below this many tokens for a summary; if that is too long, the oldest are left out."""

RECENT_SHARE = 0.6
"""Part of the budget for the newest messages; the rest is for older ones that share words with the question."""

_LOOKED_AT = (24, 200)
"""How many of the newest messages are read to see which fit: few at first, more if all of those fit."""


class Remembered(NamedTuple):
    """One message or note in an agent's history; a tuple, because hundreds of them are read at a time.

    Attributes:
        number: its place in the whole history; later ones have higher numbers.
        agent: role id of the agent that remembers it.
        session: the conversation it belongs to.
        author: "user" or "assistant" for a conversation; "note" for a pinned note or a commitment from a meeting.
        text: what was said or noted.
        at: when, ISO 8601 in UTC.
        tokens: about how many tokens it has.
        pinned: whether it is in every prompt and never pruned.
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
    """A summary of old messages of a session, which includes the summary before it.

    Attributes:
        agent: role id of the agent that remembers it.
        session: the conversation it belongs to.
        first: number of the first message that it covers; 0 if that is unknown, such as after an import.
        last: number of the last message; 0 likewise.
        since: when the first message was written, ISO 8601 in UTC.
        until: when the last message was written.
        text: the summary.
        model: label of the model that wrote it.
        at: when the summary was written, ISO 8601 in UTC.
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
    """Messages that dropped out of the prompt and are in no summary yet.

    Attributes:
        messages: the messages to summarise, oldest first, cut to the length that one call can read.
        before: the latest summary, which the next one includes; None if there is none or it is far too long.
        gap: whether messages between the two were left out because they did not fit.
    """

    messages: tuple[Remembered, ...]
    before: Summary | None = None
    gap: bool = False


@dataclass(frozen=True, slots=True)
class HistoryLimits:
    """How much one agent may remember.

    Attributes:
        messages: the number of messages, pinned ones included.
        text_bytes: bytes of their texts.
    """

    messages: int
    text_bytes: int


NO_LIMITS = HistoryLimits(2**62, 2**62)


class History(Protocol):
    """Where memories are stored; the store implements it."""

    def add(self, agent: str, session: str, author: str, text: str, *, tokens: int = 0, pinned: bool = False) -> int:
        """Store one message; returns its number."""

    def together(self) -> AbstractContextManager[object]:
        """A block whose messages are all stored at its end, or none."""

    def recent(
        self, agent: str, session: str | None = None, *, limit: int = 200, after: int = 0, before: int = 2**62
    ) -> list[Remembered]:
        """The newest messages of an agent between two numbers, oldest first; of one session, or of all."""

    def search(self, terms: str, agent: str | None = None, *, limit: int = 20) -> list[Remembered]:
        """The messages that match any of the words, best first. Any text is a valid search."""

    def pinned(self, agent: str) -> list[Remembered]:
        """The agent's pinned notes and open commitments, oldest first."""


class Summaries(Protocol):
    """Where summaries are stored; the store implements it."""

    def add(self, summary: Summary) -> bool:
        """Store a summary; returns whether its messages still existed."""

    def latest(self, agent: str, session: str) -> Summary | None:
        """The latest summary of a session."""


@dataclass(frozen=True, slots=True)
class Recollection:
    """The memory in one prompt.

    Attributes:
        notes: pinned notes, the latest summary and matching older messages, one line each, for the last message.
        talk: the newest messages of the session, oldest first, for the transcript.
    """

    notes: tuple[str, ...] = ()
    talk: tuple[Remembered, ...] = ()


class Memory:
    """One agent's memory.

    Args:
        agent: role id.
        history: where its messages are stored.
        summaries: where its summaries are stored; None for a memory without summaries.
    """

    def __init__(self, agent: str, history: History, summaries: Summaries | None = None) -> None:
        self.agent = agent
        self.history = history
        self.summaries = summaries

    def choose(self, question: str, session: str, budget: int, count: Callable[[str], int]) -> Recollection:
        """Choose what to put into a prompt: pinned notes, the latest summary, the newest messages, then older messages
        that share words with the question.

        Args:
            question: the question that is asked now.
            session: the current conversation.
            budget: the most tokens that all of it may have.
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
        """The messages of a session that should be summarised now; None if there are too few.

        Args:
            session: the conversation.
            budget: the most tokens that memory may have in a prompt; messages that do not fit should be summarised.
            room: the most tokens that they and the summary before them may have in the call that summarises them.
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
        """Store the summary of a stretch; returns False if its messages have been deleted meanwhile.

        Args:
            stretch: what was summarised.
            text: the summary, which includes the one before.
            model: label of the model that wrote it.
        """
        first, last, before = stretch.messages[0], stretch.messages[-1], stretch.before
        number, since = (before.first, before.since) if before and not stretch.gap else (first.number, first.at)
        summary = Summary(self.agent, last.session, number, last.number, since, last.at, text, model, utc_now())
        return bool(self.summaries and self.summaries.add(summary))

    def _standing(self, session: str, budget: int, count: Callable[[str], int]) -> tuple[list[str], int]:
        """Pinned notes and the latest summary, which come before all messages, and the tokens left after them."""
        left = budget
        notes: list[str] = []
        for note in self.history.pinned(self.agent):
            line = one_line(note.text)
            cost = count(line) + 4
            if cost <= left:
                notes.append(line)
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
                # Counted again: the stored number may be from another model or an imported file.
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
        sizes = count(question), count(answer)
        with self.history.together():
            self.history.add(self.agent, session, "user", question, tokens=sizes[0])
            self.history.add(self.agent, session, "assistant", answer, tokens=sizes[1])


def _cut(messages: Sequence[Remembered], room: int, count: Callable[[str], int]) -> tuple[Remembered, ...]:
    """The newest messages; if they are too long together, each is cut to its share of the room."""
    short = sum(count(message.text) + 4 for message in messages) <= room
    most = room if short else max(_LEAST_TOKENS_EACH, room // len(messages) - 4)
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
    """An older message as one line: when, who said it, what."""
    whose = {"assistant": "you said", "user": "you were told"}.get(message.author, "note")
    return f"({message.at[:10]}, {whose}) {one_line(message.text)}"
