"""What to cut from a meeting, before it starts, so that it fits the time there is."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

from agents.meeting.call import MeetingCall
from agents.meeting.plan import Planner


def trimmed(call: MeetingCall, minutes: float, planner: Planner) -> tuple[MeetingCall, list[str]]:
    """Cut a meeting until it is expected to fit a time box: optional seats, then the exchange, then own passages.

    Args:
        call: the meeting.
        minutes: the time box.
        planner: says how long it takes.

    Returns:
        The call as it fits, or as short as it gets; and what was cut, a sentence each.
    """
    cut: list[str] = []
    for shorter, what in _cuts(call):
        if planner.plan(call).minutes <= minutes:
            break
        call = shorter(call)
        cut.append(what)
    return call, cut


def _cuts(call: MeetingCall) -> Iterator[tuple[Callable[[MeetingCall], MeetingCall], str]]:
    """What may be cut, the least loss first."""
    for seat in reversed(call.seats):
        if seat.role in call.kind.optional and seat.reason.startswith("knows about") and seat.role != call.facilitator:
            yield partial(_without_seat, gone=seat.role), f"{seat.title} is not invited ({seat.reason})."
    if "exchange" in call.kind.phases:
        yield _without_exchange, "There is no exchange: nobody answers a statement that differs."
    if call.documents and call.own_passages:
        yield _without_own, "Nobody sees passages of its own; all see the same part of the documents."


def _without_seat(call: MeetingCall, gone: str) -> MeetingCall:
    return replace(call, seats=tuple(seat for seat in call.seats if seat.role != gone))


def _without_exchange(call: MeetingCall) -> MeetingCall:
    """Positions are still asked for and counted, which is what a digest does."""
    kept = call.kind.phases if "digest" not in call.kind.phases else [p for p in call.kind.phases if p != "exchange"]
    names = tuple("digest" if name == "exchange" else name for name in kept)
    return replace(call, kind=replace(call.kind, phases=names))


def _without_own(call: MeetingCall) -> MeetingCall:
    return replace(call, own_passages=False)
