"""Search in what all meetings left: what was said, what was put to the vote and what was decided, and the actions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from agents.clock import iso_utc
from agents.meeting.journal import Kind
from agents.store.search import IGNORED, Within
from agents.text import stem, words_of

if TYPE_CHECKING:
    from agents.orchestrator import AgentOrchestrator
    from agents.store.actions import ActionRow
    from agents.store.meetings import Found, MeetingRow
    from agents.store.search import Piece

MOST_DECISIONS = 30
"""The most decisions that are found by the words that were voted on."""
MOST_TITLES = 20
"""The most decisions that are found besides by the topic of their meeting."""
ALIKE = 0.6
"""The share of words that two topics, or two sentences that were voted on, must have in common to be alike."""
TOPIC_WORDS, SENTENCE_WORDS = 2, 3
"""The least words that topics, and sentences that were voted on, must have in common: fewer say little."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for.

    Attributes:
        words: any text.
        type_id: only meetings of this type; "" for any.
        speaker: only turns of this role; "" for any.
        since, until: only meetings that were created on these days or between them; None for any.
    """

    words: str
    type_id: str = ""
    speaker: str = ""
    since: date | None = None
    until: date | None = None

    @property
    def within(self) -> Within:
        """The meetings that are meant."""
        last = self.until + timedelta(days=1) if self.until and self.until < date.max else None
        return Within(self.type_id, _moment(self.since), _moment(last))


@dataclass(frozen=True, slots=True)
class FoundDecision:
    """A decision that a search found.

    Attributes:
        meeting: its meeting.
        topic: the number of its topic.
        turn: id of the turn that proposed what was put to the vote.
        text: the sentence that was voted on.
        pieces: a short part of it, around what was looked for; empty if only the topic has these words.
    """

    meeting: "MeetingRow"
    topic: int
    turn: str
    text: str
    pieces: "tuple[Piece, ...]"


def find_turns(orchestrator: "AgentOrchestrator", wanted: Wanted, limit: int, skip: int = 0) -> "list[Found]":
    """The turns that contain any of the words, best first.

    Args:
        orchestrator: has the histories.
        wanted: what is looked for.
        limit: the maximum number.
        skip: how many of the best ones are left out.

    Example:
        print([found.event.data["id"] for found in find_turns(orchestrator, Wanted("budget"), 10)])
    """
    meetings = orchestrator.meetings
    return meetings.search(wanted.words, limit, skip=skip, kind=Kind.TURN, speaker=wanted.speaker, within=wanted.within)


def find_noted_actions(
    orchestrator: "AgentOrchestrator", wanted: Wanted, limit: int, skip: int = 0
) -> "list[ActionRow]":
    """The actions whose task or evidence contains any of the words. Arguments are those of ``find_turns``.

    Example:
        print([row.task for row in find_noted_actions(orchestrator, Wanted("budget"), 10)])
    """
    return orchestrator.actions.search(wanted.words, limit, skip=skip, within=wanted.within)


def find_decisions(orchestrator: "AgentOrchestrator", wanted: Wanted) -> list[FoundDecision]:
    """What was put to the vote in any of the words, best first; then on topics that contain all of them, newest first.

    In meetings of earlier versions, which did not store what was put to the vote, only topics and turns are found.

    Example:
        print([found.text for found in find_decisions(orchestrator, Wanted("budget"))])
    """
    meetings, within = orchestrator.meetings, wanted.within
    rows: dict[str, MeetingRow] = {}
    found: dict[tuple[str, int], FoundDecision] = {}
    for one in meetings.search(wanted.words, MOST_DECISIONS, kind=Kind.PUT_TO_VOTE, within=within):
        row = rows.setdefault(one.meeting, meetings.row(one.meeting))
        data = one.event.data
        hit = FoundDecision(row, one.event.topic, str(data["turn"]), str(data["text"]), one.pieces)
        found.setdefault((row.id, hit.topic), hit)
    known = {meeting for meeting, topic in found if topic == 1}
    titled = [row for row in meetings.titled(wanted.words, MOST_TITLES, within=within) if row.id not in known]
    for row in titled:
        for event in meetings.journal(row.id).events():
            if event.kind == Kind.PUT_TO_VOTE and event.topic == 1 and event.text:  # a title is that of the first topic
                hit = FoundDecision(row, 1, str(event.data["turn"]), event.text, ())
                found.setdefault((row.id, 1), hit)
    return list(found.values())


def alike(one: FoundDecision, others: Sequence[FoundDecision]) -> list[FoundDecision]:
    """Those of other meetings that are about nearly the same by their words: their topics, or the sentences voted on.

    Args:
        one: a decision.
        others: decisions, also the same one.

    Example:
        print([other.meeting.id for other in alike(found[0], found)])
    """
    title, text = _telling(one.meeting.title), _telling(one.text)
    return [
        other
        for other in others
        if other.meeting.id != one.meeting.id
        and (
            _same(title, _telling(other.meeting.title), TOPIC_WORDS)
            or _same(text, _telling(other.text), SENTENCE_WORDS)
        )
    ]


def _telling(text: str) -> set[str]:
    return {stem(word) for word in words_of(text) if word not in IGNORED}


def _same(one: set[str], other: set[str], least: int) -> bool:
    both = len(one & other)
    return both >= least and both >= ALIKE * max(len(one), len(other))


def _moment(day: date | None) -> str:
    """The beginning of a day, where the program runs; "" for none."""
    return iso_utc(datetime.combine(day, time()).astimezone()) if day else ""
