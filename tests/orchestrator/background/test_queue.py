"""The queue of meetings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.errors import Busy
from agents.orchestrator.background.queue import MeetingQueue, Ticket

OWNERS = "abc"


def test_the_owner_with_fewer_meetings_is_next() -> None:
    """One owner with many waiting meetings does not keep another owner waiting."""
    queue = MeetingQueue(1, 10)
    first = [queue.join("ada") for _ in range(4)]
    late = queue.join("ben")
    assert [queue.position(ticket) for ticket in (*first, late)] == [0, 2, 3, 4, 1]
    queue.leave(first[0])
    assert late.called.is_set()
    assert not first[1].called.is_set()


def test_a_full_queue_refuses() -> None:
    """As many as may wait do; one more is refused with the time after which it is worth to try again."""
    queue = MeetingQueue(2, 1)
    tickets = [queue.join("ada") for _ in range(3)]
    with pytest.raises(Busy) as refused:
        queue.join("ben")
    assert refused.value.cause.startswith("1 meeting waits")
    assert refused.value.retry_after > 120
    queue.leave(tickets[0])
    assert not queue.join("ben").called.is_set()


@given(st.lists(st.tuples(st.sampled_from(OWNERS), st.integers(0, 5)), max_size=40), st.integers(1, 3))
def test_slots_are_never_exceeded_and_never_idle(moves: list[tuple[str, int]], slots: int) -> None:
    """Whatever joins and leaves, at most so many are called, none waits beside a free slot, and positions are 1, 2, 3."""
    queue, alive = MeetingQueue(slots, 100), list[Ticket]()
    for owner, gone in moves:
        alive.append(queue.join(owner))
        if gone < len(alive):
            queue.leave(alive.pop(gone))
        called = [ticket for ticket in alive if ticket.called.is_set()]
        assert len(called) == queue.holding == min(slots, len(alive))
        waiting = [queue.position(ticket) for ticket in alive if ticket not in called]
        assert sorted(waiting) == list(range(1, len(waiting) + 1))


@given(st.lists(st.sampled_from(OWNERS), min_size=1, max_size=30))
def test_the_positions_are_the_order_of_being_called(owners: list[str]) -> None:
    """Meetings are called in the order that their positions said."""
    queue = MeetingQueue(1, 100)
    running = queue.join("z")
    tickets = [queue.join(owner) for owner in owners]
    said = sorted(tickets, key=queue.position)
    called = list[Ticket]()
    while len(called) < len(tickets):
        queue.leave(running)
        [running] = [ticket for ticket in tickets if ticket.called.is_set() and ticket not in called]
        called.append(running)
    assert called == said
