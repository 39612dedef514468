"""What a meeting left: minutes in every format, the transcript, and what people say about them later."""

import asyncio
from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response

from agents.api.minutes_files import MEDIA, file_name
from agents.api.native.faults import Responses, documented
from agents.api.native.forms import Judged, Outcome
from agents.api.native.owned import Mine
from agents.api.native.shapes import OutcomeLine, VerdictLine
from agents.errors import UsageError
from agents.export import export
from agents.export.markdown import to_markdown
from agents.orchestrator.said_times import day_seen

router = APIRouter(tags=["minutes"])

Format = Literal[
    "json", "markdown", "html", "csv", "adr", "ics", "ics_todo", "ics_all", "transcript", "transcript_json", "chained"
]
_TEXT = {"schema": {"type": "string"}}
_OBJECT = {"schema": {"type": "object"}}
_IN_ANY: Responses = {200: {"content": {kind: _TEXT for kind, _ in MEDIA.values()} | {"application/json": _OBJECT}}}
_SPOKEN: Responses = {200: {"content": {"text/plain": _TEXT, "application/json": _OBJECT}}}


@router.get("/meetings/{meeting}/minutes", response_class=Response, responses={**_IN_ANY, **documented(409)})
async def minutes_of_meeting(
    mine: Mine,
    meeting: str,
    form: Annotated[Format, Query(alias="format")] = "json",
    full: Annotated[bool, Query(description="Add the transcript to Markdown.")] = False,
) -> Response:
    """The minutes of a meeting, as far as it got; docs/minutes.schema.json describes the JSON."""
    return await _written(mine, meeting, form, full=full)


@router.get("/meetings/{meeting}/transcript", response_class=Response, responses={**_SPOKEN, **documented(409)})
async def transcript_of_meeting(
    mine: Mine, meeting: str, form: Annotated[Literal["json", "text"], Query(alias="format")] = "json"
) -> Response:
    """All turns and ballots of a meeting in order."""
    return await _written(mine, meeting, "transcript_json" if form == "json" else "transcript")


async def _written(mine: Mine, meeting: str, form: str, *, full: bool = False) -> Response:
    minutes = await mine.meetings.minutes(meeting)
    if full and form == "markdown":
        text = await asyncio.to_thread(to_markdown, minutes, full=True)
    else:
        text = await asyncio.to_thread(export, minutes, form)
    media, ending = MEDIA[form]
    headers = {
        "Content-Disposition": f'inline; filename="{file_name(minutes.meeting, ending)}"',
        "X-Content-Type-Options": "nosniff",
    }
    return Response(text.encode("utf-8", "replace"), media_type=media, headers=headers)


@router.post("/meetings/{meeting}/verdicts", response_model=VerdictLine, status_code=201, responses=documented(409))
async def judge_entry(mine: Mine, meeting: str, judged: Judged) -> Any:
    """Confirm, correct or reject an entry of the minutes; every export shows it, and the original stays visible."""
    if judged.verdict != "correct" and judged.text.strip():
        raise UsageError("Only a correction has a text.", "Leave text out, or correct the entry.")
    record = mine.orchestrator.verdicts.arecord
    return asdict(await record(meeting, judged.entry, judged.verdict, judged.text, by=judged.by))


@router.post("/meetings/{meeting}/outcomes", response_model=OutcomeLine, status_code=201, responses=documented(409))
async def report_outcome(mine: Mine, meeting: str, told: Outcome) -> Any:
    """Record how a decision turned out; minutes, actions and the next meeting of a series show it."""
    made = mine.orchestrator.report_outcome(
        meeting, told.text, entry=told.entry, how=told.how, on=day_seen(told.on), by=told.by
    )
    return asdict(made)
