"""What a watcher is told while a meeting is held."""

from collections.abc import Callable
from dataclasses import dataclass

from agents.meeting.record import Turn


@dataclass(frozen=True, slots=True)
class Happening:
    """Something a watcher may show while it happens.

    Attributes:
        kind: "topic", "phase", "floor", "text", "turn", "ballot", "absent", "dropped" or "note".
        topic: number of the topic.
        phase: name of the phase.
        speaker: role id, or "".
        text: a piece of an answer, a note, a cause.
        turn: the finished turn, for "turn".
    """

    kind: str
    topic: int = 0
    phase: str = ""
    speaker: str = ""
    text: str = ""
    turn: Turn | None = None


Listener = Callable[[Happening], None]
