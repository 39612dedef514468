"""What happens in a meeting while it is held: its events, and what a person says and answers."""

from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Response

from agents.api.event_stream import stream_of
from agents.api.native.faults import documented
from agents.api.native.forms import Reply, Words
from agents.api.native.owned import Mine, TheService
from agents.api.native.remedies import not_held
from agents.api.native.shapes import Heard
from agents.api.native.streams import STREAM
from agents.api.native.told import last_event, meeting_now
from agents.api.native.watched import watched
from agents.meeting.room.interjections import refuse_unheard
from agents.orchestrator.background.held import Held
from agents.orchestrator.background.owners import Owner

router = APIRouter(tags=["meetings"])

ENDED = ".end"
"""Ends the id of the last event of a stream: a client that has it needs nothing more."""

After = Annotated[int, Query(ge=0, le=10**9, description="The number of the last event that is known.")]
Live = Annotated[bool, Query(description="Whether pieces of answers are sent as they arrive.")]
LastEvent = Annotated[
    str | None, Header(alias="Last-Event-ID", pattern=r"^[0-9]{1,10}(\.end)?$", description="Counts before after.")
]


@router.get(
    "/meetings/{meeting}/events",
    response_class=Response,
    responses={**STREAM, 204: {"description": "The meeting has ended, and the client knows all events."}},
)
async def events_of_meeting(
    service: TheService,
    mine: Mine,
    meeting: str,
    after: After = 0,
    live: Live = False,
    last: LastEvent = None,
) -> Response:
    """The events of a meeting as server-sent events, with their numbers as ids; the last one is ``end``."""
    found = mine.orchestrator.meetings.find(meeting)
    feed = mine.meetings.feed(found)
    if last:
        after = int(last.removesuffix(ENDED))
        if last.endswith(ENDED) and feed.ended and last_event(feed.stored()) <= after:
            return Response(status_code=204)  # this tells an EventSource not to come back

    def ending() -> tuple[str, dict[str, Any]]:
        return f"{max(after, last_event(feed.stored()))}{ENDED}", meeting_now(mine.meetings.state(found))

    return stream_of(watched(feed, service.stopping, ending, after, live=live))


@router.post("/meetings/{meeting}/say", response_model=Heard, responses=documented(409))
async def say_in_meeting(mine: Mine, meeting: str, said: Words) -> Any:
    """Say something in a meeting, or give a command, at its next pause between two phases."""
    held = _held(mine, meeting)
    words = said.words.strip()
    refuse_unheard(words, held.board.spec.speakers, seated=bool(held.seat.role))
    held.seat.say(words)
    return {"taken": True}


@router.post("/meetings/{meeting}/answer", response_model=Heard, responses=documented(409))
async def answer_in_meeting(mine: Mine, meeting: str, said: Reply) -> Any:
    """Answer what the person is asked now; the state of the meeting has the question and its choices."""
    _held(mine, meeting).seat.answer_to(said.question or "", said.text)
    return {"taken": True}


def _held(mine: Owner, meeting: str) -> Held:
    """A meeting that is held or waits here.

    Raises:
        MeetingError: it does not.
    """
    found = mine.orchestrator.meetings.find(meeting)
    held = mine.meetings.held(found)
    if held is None:
        raise not_held(mine.meetings.state(found), "nobody hears this")
    return held
