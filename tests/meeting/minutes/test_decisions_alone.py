"""The decisions of a meeting without its other minutes."""

from dataclasses import replace

from agents.meeting.minutes import build, decisions
from tests.export.meetings import rich_journal


def test_decisions_alone_are_those_of_the_minutes() -> None:
    """Outcome, sentence, votes and reasons are the same; only what they rest on is left out."""
    events = rich_journal().events()
    whole = {topic.topic.number: replace(topic.decision, evidence=None) for topic in build(events).topics}
    assert decisions(events) == whole
    assert len(whole) == 3
