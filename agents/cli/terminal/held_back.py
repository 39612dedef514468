"""What the others say while a person is asked, or before the person gave a view of its own: it is shown afterwards."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from agents.meeting.journal import Event, Listener

Paused = Callable[[], AbstractContextManager[None]]
"""Returns a context in which nothing is repainted, and the keyboard is as usual."""


class HeldBack:
    """Stands between a meeting and what shows it, and holds events back while a person is asked.

    What colleagues say about lines and parts of the documents before the first round are views of their own, too. It
    waits until the person has spoken on the topic.
    """

    def __init__(self) -> None:
        self._show: Listener | None = None
        self._paused: Paused = nullcontext
        self._events: list[Event] = []
        self._asked = False
        self._spoke = 0
        self._topic = 0

    def before(self, show: "Listener", paused: Paused = nullcontext) -> "Listener":
        """The listener for the meeting.

        Args:
            show: what shows the events.
            paused: pauses it.
        """
        self._show, self._paused = show, paused
        return self._take

    @contextmanager
    def while_asked(self) -> Iterator[None]:
        """Hold all events back, and show them at the end. Where the meeting is stopped meanwhile, they stay unshown:
        the person is asked again when it is resumed.
        """
        with self._paused():
            self._asked = True
            yield
        self._asked, self._spoke = False, self._topic
        self.show_all()

    def aside(self) -> AbstractContextManager[None]:
        """A context in which something else can be shown."""
        return self._paused()

    def show_all(self) -> None:
        """Show what is held back."""
        events, self._events = self._events, []
        for event in events:
            if self._show:
                self._show(event)

    def _take(self, event: "Event") -> None:
        from agents.meeting.journal import Kind

        if event.kind == Kind.TOPIC:
            self._topic = event.topic
        if self._asked or self._waits(event):
            self._events.append(event)
        elif self._show:
            self._show(event)

    def _waits(self, event: "Event") -> bool:
        """Whether an event tells what a colleague sees in the documents before the person has spoken."""
        from agents.meeting.journal import Kind
        from agents.meeting.phases import phase_named

        phase = phase_named(event.phase)
        views = {Kind.TURN, Kind.TEXT, Kind.DROP, Kind.LEFT_OUT}
        return phase.apart and event.kind in views and self._spoke != event.topic
