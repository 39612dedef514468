"""``/api/types`` and ``/api/plan``: the kinds of meetings, and what one would cost before it starts."""

from typing import Any

from fastapi import APIRouter, Depends

from agents.api.native.bodies import read, taking
from agents.api.native.faults import documented
from agents.api.native.forms import Wish
from agents.api.native.owned import Limit, Mine, Offset
from agents.api.native.shapes import PlanPage, TypePage
from agents.api.native.wishes import request_of
from agents.documents import Document
from agents.orchestrator.meeting_values import plan_values

router = APIRouter(tags=["types"])


@router.get("/types", response_model=list[TypePage])
async def list_types(mine: Mine, limit: Limit = 100, offset: Offset = 0) -> Any:
    """The meeting types."""
    return [kind.as_dict() for kind in list(mine.orchestrator.types.values())[offset : offset + limit]]


@router.get("/types/{kind}", response_model=TypePage)
async def show_type(mine: Mine, kind: str) -> Any:
    """One meeting type: participants, questions, phases, decision rule."""
    return mine.orchestrator.types[kind].as_dict()


@router.post("/plan", response_model=PlanPage, responses=documented(409), openapi_extra=taking(Wish))
async def plan(mine: Mine, sent: tuple[Wish, list[Document]] = Depends(read(Wish))) -> Any:
    """What a meeting would cost: who takes part and why, requests, tokens, minutes. Nothing is stored or asked."""
    wish, documents = sent
    return plan_values(*mine.orchestrator.plan_meeting(request_of(wish, documents)))
