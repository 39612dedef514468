"""``/api/agents``: the agents, and questions to one of them."""

from typing import Any

from fastapi import APIRouter, Depends, Request

from agents.api.native.bodies import read, taking
from agents.api.native.faults import documented
from agents.api.native.forms import Question
from agents.api.native.owned import Limit, Mine, Offset
from agents.api.native.shapes import AgentLine, AgentPage, Said
from agents.api.native.streams import STREAM, Tell, answered, noting
from agents.documents import Document
from agents.role.values import line_values, role_values

router = APIRouter(tags=["agents"])


@router.get("/agents", response_model=list[AgentLine])
async def list_agents(mine: Mine, limit: Limit = 100, offset: Offset = 0) -> Any:
    """The agents, in alphabetical order."""
    roles = list(mine.orchestrator.roles.values())
    return [line_values(role) for role in roles[offset : offset + limit]]


@router.get("/agents/{agent}", response_model=AgentPage)
async def show_agent(mine: Mine, agent: str) -> Any:
    """One agent: its questions, red flags and skills."""
    return role_values(mine.orchestrator.get_agent_info(agent))


@router.post(
    "/agents/{agent}/ask",
    response_model=Said,
    responses={**documented(502), **STREAM},
    openapi_extra=taking(Question),
)
async def ask_agent(
    request: Request, mine: Mine, agent: str, sent: tuple[Question, list[Document]] = Depends(read(Question))
) -> Any:
    """Ask one agent; it remembers. With ``stream``, the events are text, note and done."""
    (asked, documents), orchestrator = sent, mine.orchestrator
    role = orchestrator.get_agent_info(agent)

    async def work(tell: Tell) -> dict[str, Any]:
        notes: list[str] = []
        text = await orchestrator.achat_with_agent(
            role.id, asked.question, skill=asked.skill or None, attach=documents, session=asked.session,
            remember=asked.remember, on_text=lambda piece: tell("text", {"text": piece}), on_note=noting(tell, notes),
        )  # fmt: skip
        model = orchestrator.resources.label_for(role.id)
        return {"agent": role.id, "title": role.title, "text": text, "model": model, "notes": notes}

    return await answered(request, work, stream=asked.stream)
