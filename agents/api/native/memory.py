"""``/api/memory``: what agents remember."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query

from agents.api.native.forms import Pin
from agents.api.native.owned import Limit, Mine, Offset
from agents.api.native.shapes import Forgotten, Match, MemoryLine, Pinned, Remembrance
from agents.orchestrator import memory_values
from agents.orchestrator.said_times import moment as moment_of

router = APIRouter(tags=["memory"])

Everything = Annotated[bool, Query(alias="pinned", description="Also pinned notes.")]


@router.get("/memory", response_model=list[MemoryLine])
async def memory_stats(mine: Mine, limit: Limit = 100, offset: Offset = 0) -> Any:
    """How much each agent remembers."""
    return memory_values.stats_values(mine.orchestrator.memories.stats()[offset : offset + limit])


@router.get("/memory/search", response_model=list[Match])
async def search_memory(
    mine: Mine,
    words: Annotated[str, Query(min_length=1, max_length=1000)],
    agent: Annotated[str | None, Query(max_length=200)] = None,
    limit: Limit = 10,
) -> Any:
    """Search what the agents remember, best first."""
    found = memory_values.matching(mine.orchestrator, words, agent or "", limit)
    return [{**memory_values.message_values(one), "snippet": snippet} for one, snippet in found]


@router.delete("/memory", response_model=Forgotten)
async def clear_all_memories(mine: Mine, everything: Everything = False) -> Any:
    """Forget what all agents remember; pinned notes stay."""
    return {"forgotten": mine.orchestrator.memories.clear_all(everything=everything)}


@router.delete("/memory/pins/{number}", response_model=Remembrance)
async def unpin_note(mine: Mine, number: Annotated[int, Path(ge=0, le=memory_values.LARGEST)]) -> Any:
    """Turn a pinned note into an ordinary memory; the answer is the note as it was."""
    return memory_values.message_values(mine.orchestrator.memories.unpin(number))


@router.get("/agents/{agent}/memory", response_model=list[Remembrance])
async def show_memory(
    mine: Mine,
    agent: str,
    limit: Limit = 20,
    since: Annotated[str | None, Query(max_length=60, description="Such as 7d, 12h, 2w or 2026-05-04.")] = None,
    pinned: Annotated[bool, Query(description="Only pinned notes.")] = False,
) -> Any:
    """The newest messages of an agent, oldest first."""
    moment = moment_of(since) if since is not None else None
    agent = memory_values.remembering(mine.orchestrator, agent)
    return [
        memory_values.message_values(one)
        for one in memory_values.newest(mine.orchestrator, agent, limit, moment, pinned=pinned)
    ]


@router.delete("/agents/{agent}/memory", response_model=Forgotten)
async def clear_memory(
    mine: Mine,
    agent: str,
    session: Annotated[str | None, Query(max_length=200, description="Only this conversation.")] = None,
    everything: Everything = False,
) -> Any:
    """Forget what an agent remembers; pinned notes stay."""
    who = memory_values.remembering(mine.orchestrator, agent)
    return {"forgotten": mine.orchestrator.memories.clear(who, session, everything=everything)}


@router.post("/agents/{agent}/pins", response_model=Pinned, status_code=201)
async def pin_note(mine: Mine, agent: str, pin: Pin) -> Any:
    """Pin a note: it is in every prompt of the agent and is never pruned."""
    return {"number": memory_values.keep_note(mine.orchestrator, agent, pin.text)}
