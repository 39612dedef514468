"""A meeting in which seven speak at once, without a model: says what share of a core its live view takes."""

import asyncio
import time

from agents.cli.terminal.live_meeting import LiveView
from agents.documents import Document
from agents.meeting.journal import Kind, live_event
from agents.meeting.progress import Board
from agents.meeting.spec import spec_from
from agents.orchestrator import AgentOrchestrator

SECONDS = 5.0
PIECES_A_SECOND = 140
"""Twenty tokens a second for each of seven speakers."""


async def talk(view: LiveView, speakers: tuple[str, ...]) -> None:
    """Everybody speaks, a word at a time."""
    view.update(live_event(Kind.TOPIC, 1, text="Move it?"))
    view.update(live_event(Kind.PHASE, 1, "silent_round"))
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        for name in speakers:
            view.update(live_event(Kind.TEXT, 1, "silent_round", name, "another word "))
        await asyncio.sleep(len(speakers) / PIECES_A_SECOND)


def main() -> None:
    """Hold it."""
    with AgentOrchestrator() as orchestrator:
        meeting = orchestrator.create_meeting(
            "architecture_review", "Move it?", attach=[Document("notes.md", "It moves.")]
        )
        call = spec_from(orchestrator.meetings.spec(meeting))
    with LiveView(Board(call, time.monotonic), {}) as view:
        worked, began = time.process_time(), time.monotonic()
        asyncio.run(talk(view, call.speakers))
        worked, seconds = time.process_time() - worked, time.monotonic() - began
    print(f"share={worked / seconds:.4f} frames={view.frames.painted} seconds={seconds:.1f}")  # noqa: T201


if __name__ == "__main__":
    main()
