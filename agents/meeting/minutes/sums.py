"""Tokens, seconds and calls of a whole meeting."""

from collections.abc import Sequence

from agents.meeting.journal import Event, Kind


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
