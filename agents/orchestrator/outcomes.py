"""How decisions turned out: records what a person says about one later, and finds what was said about earlier ones."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from textwrap import shorten

from agents.clock import today
from agents.errors import UsageError
from agents.meeting.afterwards import HOW, OutcomeReport
from agents.meeting.codec import keep, value_of
from agents.meeting.journal import Kind
from agents.meeting.minutes import build
from agents.meeting.record import Minutes, TopicMinutes
from agents.store.actions import ActionRow
from agents.store.meetings import Meetings
from agents.text import one_line

ENTRY = re.compile(r"(?:(\d{1,4})\.)?D(\d{1,4})", re.I)
"""The name of a decision: D1 is that of the first topic, and 2.D1 or D2 that of the second."""
MOST_EARLIER = 5
"""The most decisions whose outcome the next meeting of a series is told."""
LETTERS = 160
"""The most letters of each report that it is told."""


def report(
    meetings: Meetings, meeting_id: str, text: str, entry: str, how: str, on: date | None, by: str
) -> OutcomeReport:
    """Record how a decision turned out; see ``AgentOrchestrator.report_outcome`` for arguments and errors."""
    said, name = one_line(text), one_line(by)
    if not said:
        raise UsageError("It is not said how the decision turned out.", "Say it in a sentence.")
    if how and how not in HOW:
        raise UsageError(f"A decision cannot turn out {how!r}.", f"Choose one of: {', '.join(HOW)}.")
    day = on.date() if isinstance(on, datetime) else on or today()
    if day > today():
        raise UsageError(f"{day} has not come yet.", "Give the day on which it was seen how the decision turned out.")
    found = meetings.find(meeting_id)
    journal = meetings.journal(found)
    topic = decided_topic(build(journal.events()), entry)
    made = OutcomeReport(topic.topic.number, said, how, day.isoformat(), name)
    keep(journal, "", made)
    return made


def decided_topic(minutes: Minutes, entry: str) -> TopicMinutes:
    """The topic whose decision has this name.

    Args:
        minutes: those of the meeting.
        entry: such as "D1" or "2.D1"; "" for the only decision.

    Raises:
        UsageError: there is no decision of this name, or several where none is named.
    """
    decided = {topic.topic.number: topic for topic in minutes.topics if topic.decision.rule != "none"}
    names = [name_of(topic) for topic in decided.values()]
    if not decided:
        cause = f"The meeting {minutes.meeting} was not asked for a decision."
        raise UsageError(cause, "Name a meeting whose type takes votes.")
    if not entry:
        if len(decided) > 1:
            cause = f"The meeting {minutes.meeting} has {len(decided)} decisions."
            raise UsageError(cause, f"Name one of them: {', '.join(names)}.")
        return next(iter(decided.values()))
    match = ENTRY.fullmatch(entry.strip())
    number, place = (int(match[1] or match[2]), int(match[2])) if match else (0, 0)
    if number not in decided or (match and match[1] and place != 1):
        raise UsageError(f"The meeting {minutes.meeting} has no decision {entry!r}.", f"It has: {', '.join(names)}.")
    return decided[number]


def name_of(topic: TopicMinutes) -> str:
    """The name of the decision on a topic, such as "D1"; from the second topic on, "2.D1"."""
    number = topic.topic.number
    return "D1" if number == 1 else f"{number}.D1"


def reports(meetings: Meetings) -> dict[str, list[OutcomeReport]]:
    """What was reported of the decisions of all meetings, by the meeting's id, in the order of recording."""
    found: dict[str, list[OutcomeReport]] = {}
    for meeting, event in meetings.of_kind(Kind.OUTCOME):
        value = value_of(event)
        if isinstance(value, OutcomeReport):
            found.setdefault(meeting, []).append(value)
    return found


def of_actions(meetings: Meetings, rows: Sequence[ActionRow]) -> Mapping[str, OutcomeReport]:
    """The newest report on the decision that each action comes from, by the action's id; none where there is none.

    An action that was not agreed, and that a person took on, comes from no decision.
    """
    every = reports(meetings)
    found = {}
    for row in rows:
        topic = row.key.partition(".")[0]  # the key of an action begins with the number of its topic
        mine = [one for one in every.get(row.meeting, ()) if str(one.topic) == topic]
        if mine and row.agreed:
            found[row.id] = mine[-1]
    return found


def earlier(meetings: Meetings, series: str) -> list[str]:
    """What became of the decisions of a series, one line each, the newest last."""
    lines = []
    for meeting, told in reports(meetings).items():
        spec = meetings.spec(meeting)
        if spec["series"] != series:
            continue
        minutes = build(meetings.journal(meeting).events())
        for topic in minutes.topics:
            mine = [one for one in told if one.topic == topic.topic.number]
            if mine:
                lines.append((mine[-1].on, _line(minutes, topic, mine[-1])))
    return [line for _, line in sorted(lines)][-MOST_EARLIER:]


def _line(minutes: Minutes, topic: TopicMinutes, told: OutcomeReport) -> str:
    """A decision and what became of it, on one short line."""
    decided = f'{minutes.held}, "{shorten(topic.topic.text, 80, placeholder=" ...")}": {topic.decision.outcome}'
    text = shorten(told.text, LETTERS, placeholder=" ...")
    return f"{decided}. Reported on {told.on}{f' as {told.how}' if told.how else ''}: {text}"
