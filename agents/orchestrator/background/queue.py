"""The queue of meetings that wait to be held, fair between their owners."""

import asyncio
from collections import deque
from dataclasses import dataclass, field

from agents.errors import Busy

GUESSED_SECONDS = 600
"""How long a meeting takes where nothing is known: what a client that is refused should wait."""


@dataclass(slots=True, eq=False)
class Ticket:
    """A place in the queue.

    Attributes:
        owner: whose meeting it is.
        called: is set when the meeting may begin.
    """

    owner: str
    called: asyncio.Event = field(default_factory=asyncio.Event)


class MeetingQueue:
    """Gives slots of the model server to meetings. The next one is that of the owner who holds the fewest, and among
    those of the owner who was served longest ago.

    Args:
        slots: how many meetings are held at the same time.
        most_waiting: how many may wait.

    Example:
        ticket = queue.join("ada")
        await ticket.called.wait()
        queue.leave(ticket)
    """

    def __init__(self, slots: int, most_waiting: int) -> None:
        self.slots = slots
        self.most_waiting = most_waiting
        self._waiting: dict[str, deque[Ticket]] = {}
        self._holding: list[Ticket] = []
        self._served: dict[str, int] = {}
        self._count = 0

    @property
    def waiting(self) -> int:
        """How many meetings wait."""
        return sum(len(tickets) for tickets in self._waiting.values())

    @property
    def holding(self) -> int:
        """How many meetings have a slot."""
        return len(self._holding)

    def join(self, owner: str) -> Ticket:
        """Take a place in the queue; ``Ticket.called`` is set when it has a slot, at once if one is free.

        Raises:
            Busy: as many meetings as may wait do so.
        """
        if self.holding >= self.slots and self.waiting >= self.most_waiting:
            raise Busy(
                f"{self.waiting} meeting{' waits' if self.waiting == 1 else 's wait'} for the model already.",
                "Try again when one has ended, or allow more with API_QUEUE.",
                retry_after=GUESSED_SECONDS,
            )
        ticket = Ticket(owner)
        self._waiting.setdefault(owner, deque()).append(ticket)
        self._call()
        return ticket

    def leave(self, ticket: Ticket) -> None:
        """Give a place or a slot back; a second call changes nothing."""
        if ticket in self._holding:
            self._holding.remove(ticket)
        elif ticket in self._waiting.get(ticket.owner, ()):
            self._waiting[ticket.owner].remove(ticket)
        self._call()

    def position(self, ticket: Ticket) -> int:
        """How many meetings are called before this one, with itself; 0 if it has been called."""
        order = self._order()
        return order.index(ticket) + 1 if ticket in order else 0

    def _call(self) -> None:
        """Call as many as there are free slots."""
        while self.holding < self.slots and self.waiting:
            ticket = self._order()[0]
            self._waiting[ticket.owner].remove(ticket)
            self._count += 1
            self._served[ticket.owner] = self._count
            self._holding.append(ticket)
            ticket.called.set()
        self._waiting = {owner: tickets for owner, tickets in self._waiting.items() if tickets}

    def _order(self) -> list[Ticket]:
        """Who waits, in the order of being called if no slot is given back in between."""
        held = {owner: sum(ticket.owner == owner for ticket in self._holding) for owner in self._waiting}
        served = {owner: self._served.get(owner, 0) for owner in self._waiting}
        left = {owner: deque(tickets) for owner, tickets in self._waiting.items() if tickets}
        order, number = list[Ticket](), self._count
        while left:
            owner = min(left, key=lambda name: (held[name], served[name]))
            order.append(left[owner].popleft())
            number += 1
            held[owner], served[owner] = held[owner] + 1, number
            if not left[owner]:
                del left[owner]
        return order
