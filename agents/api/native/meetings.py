"""``/api/meetings``: meetings are created, listed, held, stopped, forked and deleted."""

import json
from hashlib import sha256
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Header, Query, Response
from fastapi.exceptions import RequestValidationError

from agents.api.native.bodies import read, taking
from agents.api.native.faults import documented
from agents.api.native.forms import Fork, NewMeeting
from agents.api.native.owned import Limit, Mine, Offset
from agents.api.native.remedies import not_held
from agents.api.native.shapes import MeetingLine, MeetingNow, MeetingPage
from agents.api.native.told import meeting_line, meeting_now, meeting_page
from agents.api.native.wishes import request_of
from agents.documents import Document
from agents.errors import Busy, MeetingError, UsageError
from agents.orchestrator.background.owners import Owner

router = APIRouter(tags=["meetings"])

Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key", min_length=1, max_length=200, description="A second request with it begins no meeting."
    ),
]
Stored = Literal["called", "running", "closed", "abandoned"]
Busied = documented(409)


@router.get("/meetings", response_model=list[MeetingLine])
async def list_meetings(
    mine: Mine,
    limit: Limit = 50,
    offset: Offset = 0,
    kind: Annotated[str | None, Query(alias="type", max_length=200, description="Only of this meeting type.")] = None,
    status: Annotated[Stored | None, Query(description="Only with this stored status.")] = None,
) -> Any:
    """The stored meetings, newest first."""
    kind = mine.orchestrator.types[kind].id if kind else None
    rows = mine.orchestrator.meetings.list(offset + limit, kind, status)
    return [meeting_line(mine, row) for row in rows[offset:]]


@router.post(
    "/meetings",
    response_model=MeetingNow,
    status_code=201,
    responses={200: {"model": MeetingNow, "description": "The meeting that this key began."}, **Busied},
    openapi_extra=taking(NewMeeting),
)
async def create_meeting(
    mine: Mine,
    response: Response,
    key: Key = None,
    sent: tuple[NewMeeting, list[Document]] = Depends(read(NewMeeting)),
) -> Any:
    """Create a meeting, and hold it as soon as the model is free."""
    wish, documents = sent
    if wish.words and not (wish.me or wish.decide):
        raise UsageError("Prepared words need a seat.", "Give me, or decide.")
    body = _body(key or "", wish, documents)
    known = _begun(mine, key, body)
    drafted = None if known else await mine.meetings.draft(request_of(wish, documents))
    known = known or _begun(mine, key, body)  # nothing is awaited from here on, so that two requests cannot both pass
    if known or drafted is None:
        response.status_code = 200
        return meeting_now(mine.meetings.state(known))
    with mine.orchestrator.resources.store.database.write():  # a kill leaves the meeting and its key, or neither
        made = mine.meetings.create(drafted)
        if key:
            mine.orchestrator.requests.remember(f"native {key}", made)
            mine.orchestrator.requests.remember(body, made)
    if wish.start:
        _start_new(mine, made)
    return meeting_now(mine.meetings.state(made))


def _begun(mine: Owner, key: str | None, body: str) -> str:
    """The meeting that this key began, if it is still stored; else "". With another request than before it is refused,
    as a request that is not as described.
    """
    known = mine.orchestrator.requests.meeting(f"native {key}") if key else ""
    if known and mine.orchestrator.requests.meeting(body) != known:
        words = "idempotency_key_reused, it came with another request before"
        raise RequestValidationError([{"loc": ("Idempotency-Key",), "msg": words, "type": "idempotency_key_reused"}])
    return known


def _body(key: str, wish: NewMeeting, documents: list[Document]) -> str:
    """The name of a key with the request that it came with."""
    given = [key, wish.model_dump_json(exclude={"documents"}), *((one.name, one.text) for one in documents)]
    return f"native body {sha256(json.dumps(given).encode()).hexdigest()}"


def _start_new(mine: Owner, meeting_id: str) -> None:
    """Start a new meeting; one for which there is no place is not kept, since the client asks again."""
    try:
        mine.meetings.start(meeting_id)
    except Busy:
        mine.orchestrator.meetings.delete(meeting_id)
        raise


@router.get("/meetings/{meeting}", response_model=MeetingPage)
async def show_meeting(mine: Mine, meeting: str) -> Any:
    """A meeting: what it started from, its turns, and how far it is."""
    return meeting_page(mine, mine.orchestrator.meetings.find(meeting))


@router.get("/meetings/{meeting}/state", response_model=MeetingNow)
async def state_of_meeting(mine: Mine, meeting: str) -> Any:
    """How far a meeting is."""
    return meeting_now(mine.meetings.state(meeting))


@router.delete("/meetings/{meeting}", status_code=204, responses=Busied)
async def delete_meeting(mine: Mine, meeting: str) -> None:
    """Delete a meeting and everything said in it; its actions stay in the register. It may not be held now."""
    found = mine.orchestrator.meetings.find(meeting)
    if mine.meetings.held(found):
        raise MeetingError(f"The meeting {found} is held now.", f"Stop it first: POST /api/meetings/{found}/stop.")
    _not_elsewhere(mine, found)
    mine.orchestrator.meetings.delete(found)


def _not_elsewhere(mine: Owner, found: str) -> None:
    """Check that no other process holds a meeting.

    Raises:
        MeetingError: one does.
    """
    state = mine.meetings.state(found)
    if state.status == "elsewhere":
        raise not_held(state)


@router.post("/meetings/{meeting}/start", response_model=MeetingNow, responses=Busied)
async def start_meeting(mine: Mine, meeting: str) -> Any:
    """Hold a meeting that was only created, as soon as the model is free."""
    return meeting_now(mine.meetings.state(mine.meetings.start(meeting).meeting_id))


@router.post("/meetings/{meeting}/resume", response_model=MeetingNow, responses=Busied)
async def resume_meeting(mine: Mine, meeting: str) -> Any:
    """Continue a meeting that was stopped or interrupted; finished turns are not asked again."""
    return meeting_now(mine.meetings.state(mine.meetings.start(meeting).meeting_id))


@router.post("/meetings/{meeting}/stop", response_model=MeetingNow, responses=Busied)
async def stop_meeting(mine: Mine, meeting: str) -> Any:
    """Let the turn that is spoken end, and park the meeting; it can be resumed."""
    found = mine.orchestrator.meetings.find(meeting)
    if mine.meetings.held(found) is None:
        raise not_held(mine.meetings.state(found), "nothing to stop")
    await mine.meetings.stop(found)
    return meeting_now(mine.meetings.state(found))


@router.post("/meetings/{meeting}/cancel", response_model=MeetingNow, responses=Busied)
async def cancel_meeting(mine: Mine, meeting: str) -> Any:
    """Cancel a meeting: it cannot be resumed; its turns stay stored."""
    found = mine.orchestrator.meetings.find(meeting)
    if mine.meetings.held(found):
        await mine.meetings.stop(found)
    _not_elsewhere(mine, found)
    mine.orchestrator.abandon_meeting(found)
    return meeting_now(mine.meetings.state(found))


@router.post(
    "/meetings/{meeting}/fork", response_model=MeetingNow, status_code=201, responses={**Busied, **documented(502)}
)
async def fork_meeting(mine: Mine, meeting: str, asked: Fork) -> Any:
    """A new meeting that keeps the turns up to one and asks the rest again."""
    made = await mine.orchestrator.afork_meeting(meeting, asked.at)
    if asked.start:
        _start_new(mine, made)
    return meeting_now(mine.meetings.state(made))
