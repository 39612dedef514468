"""Numbers of a whole meeting: what was checked, and tokens, seconds and calls."""

from collections.abc import Sequence

from agents.meeting.checks import Checks
from agents.meeting.journal import Event, Kind
from agents.meeting.record import TopicMinutes


def sums_of(events: Sequence[Event]) -> dict[str, float]:
    """Token counts and seconds of all calls of a meeting, summed; a count that some calls lack is left out."""
    said = [event for event in events if event.kind in {Kind.TURN, Kind.BALLOT, Kind.STRUCTURED}]
    counted = [event.numbers for event in said if event.numbers]
    # The turn of a proposal is written by code, from an answer that is counted itself.
    asked = [event for event in said if event.numbers or event.kind != Kind.TURN]
    numbers = {"calls": float(sum(event.data.get("orders", 1) for event in asked))}
    for name in dict.fromkeys(name for each in counted for name in each):
        if name != "evaluated_tokens" or all(name in each for each in counted):
            numbers[name] = sum(each.get(name, 0) for each in counted)
    return numbers


def checks_of(topics: Sequence[TopicMinutes]) -> Checks:
    """What was checked in these topics, in numbers."""
    entries = [item.evidence for topic in topics for item in topic.items]
    entries += [action.evidence for topic in topics for action in topic.actions]
    entries += [topic.decision.evidence for topic in topics if topic.decision.evidence]
    entries += [one.evidence for topic in topics for one in topic.dissent if one.evidence]
    lines = sum(bool(one.document) for one in entries if one.verified)
    as_said = sum(not one.verified for one in entries)
    return Checks(
        entries=len(entries),
        words=len(entries) - lines - as_said,
        lines=lines,
        as_said=as_said,
        compared=sum(one.compared for one in entries),
        found=sum(one.found for one in entries),
    )
