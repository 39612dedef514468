"""What agents bring to a meeting from earlier ones, and what they keep of it: commitments and decisions, as code words
them.

Nothing that an agent said or wrote comes back, neither from a chat nor from the reason of a vote: a small model repeats
what it reads about itself, in place of judging (docs/decisions/0015).
"""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from functools import cache

from agents.errors import UnknownName
from agents.meeting.minutes import build
from agents.meeting.record import DECISION_MAKER, Minutes, TopicMinutes
from agents.meeting.spec import MeetingSpec
from agents.model import rough_tokens
from agents.store import Store
from agents.store.meetings import Meetings
from agents.text import STOP_WORDS, one_line, stem, words_of

MEMORY_TOKENS = 150
"""The most tokens of memory that a participant brings to a meeting."""
MOST_LINES = 3
"""The most lines that a participant remembers of a meeting."""
MOST_MEETINGS = 3
"""The most earlier meetings whose decisions a participant brings."""

_SEARCHED = 200
"""How many matching memories are read to find those of meetings among them."""

_SESSION = "meeting:"
"""Begins the session of what is remembered of a meeting; its id follows."""


def brought(
    store: Store, spec: MeetingSpec, relatives: Collection[str] = (), before: str = ""
) -> dict[str, tuple[str, ...]]:
    """What each participant brings, as lines by role id: pinned notes, its open actions, and the decisions of earlier
    meetings that it remembers on topics with words of these.

    Args:
        store: the histories.
        spec: the meeting.
        relatives: ids of the meetings that share a beginning with it, whose decisions are not told.
        before: the time, ISO 8601 in UTC, at which a meeting began that is held again: no later decision is told, and
            no later action; "" for a meeting that is not a repeat.
    """

    @cache  # colleagues were in the same meetings
    def minutes_of(meeting_id: str) -> Minutes | None:
        return _closed(store.meetings, meeting_id, before)

    topics = " ".join(topic.text for topic in spec.topics)
    words = _stems(topics)
    lines = {}
    for role in spec.speakers:
        every = [note.text for note in store.memories.pinned(role)]
        every += _commitments(store, role, before)
        notes = [one for one in store.memories.search(topics, role, limit=_SEARCHED) if one.author == "note"]
        ids = dict.fromkeys(one.session.removeprefix(_SESSION) for one in notes if one.session.startswith(_SESSION))
        others = [name for name in ids if name not in {spec.id, *relatives}]
        for minutes in filter(None, map(minutes_of, others[:MOST_MEETINGS])):
            near = (topic for topic in minutes.topics if words & _stems(topic.topic.text))
            every += filter(None, (_decision(minutes, topic, role) for topic in near))
        lines[role] = tuple(_fitting(every))
    return lines


def keep_in_mind(store: Store, minutes: Minutes, ancestors: Sequence[str] = ()) -> None:
    """Add lines about the meeting to the memory of each participant: those that are not there yet.

    Args:
        store: the histories.
        minutes: those of the meeting.
        ancestors: ids of the meetings that it was forked from; what a participant remembers of them is not added again.
    """
    sessions = [f"{_SESSION}{name}" for name in (*ancestors, minutes.meeting)]
    for role, lines in memory_lines(minutes).items():
        known = Counter(one.text for session in sessions for one in store.memories.recent(role, session))
        for line in (Counter(lines) - known).elements():
            store.memories.add(role, sessions[-1], "note", line, tokens=rough_tokens(line))


def memory_lines(minutes: Minutes) -> dict[str, list[str]]:
    """The lines that each participant who was present remembers of a meeting, by role id."""
    return {
        seat.role: list(_lines(minutes, seat.role))[:MOST_LINES]
        for seat in minutes.present
        if seat.role != DECISION_MAKER
    }


def _lines(minutes: Minutes, role: str) -> Iterator[str]:
    for topic in minutes.topics:
        if decision := _decision(minutes, topic, role):
            yield decision
        mine = [one for one in topic.actions if one.agreed and role in one.owners]
        yield from (one_line(f"You took on, {minutes.held}: {one.task}") for one in mine)


def _decision(minutes: Minutes, topic: TopicMinutes, role: str) -> str:
    """What was decided on a topic, and how this participant voted or where it stood; "" if neither is known."""
    vote = next((one for one in topic.ballots if one.speaker == role and one.counted), None)
    position = topic.positions.get(role, "")
    view = f"you voted {vote.vote.value.replace('_', ' ')}" if vote else f"you were {position}" if position else ""
    outcome = topic.decision.outcome if topic.decision.choice else ""
    said = "; ".join(part for part in (outcome, view) if part)
    return f'{minutes.title} of {minutes.held}, on "{topic.topic.text}": {said}' if said else ""


def _commitments(store: Store, role: str, before: str) -> list[str]:
    """The open actions of a role, as it is told about them."""
    mine = [one for one in store.actions.list(open_only=True, owner=role) if not before or one.created < before]
    return [f"Your open action {one.id}{f', due {one.due}' if one.due else ''}: {one.task}" for one in mine]


def _closed(meetings: Meetings, meeting_id: str, before: str) -> Minutes | None:
    """The minutes of a meeting that is stored and closed; None for others, such as one that was deleted, or created
    later than ``before``.
    """
    try:
        row = meetings.row(meeting_id)
    except UnknownName:
        return None
    known = row.status == "closed" and (not before or row.created < before)
    return build(meetings.journal(meeting_id).events()) if known else None


def _fitting(lines: list[str]) -> Iterator[str]:
    """The lines that fit, the first ones first."""
    left = MEMORY_TOKENS
    for line in lines:
        cost = rough_tokens(line)
        if cost <= left:
            left -= cost
            yield line


def _stems(text: str) -> set[str]:
    return {stem(word) for word in words_of(text) if word not in STOP_WORDS}
