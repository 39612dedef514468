"""``/api/memory``: what agents remember."""

import re
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query

from agents.api.native.forms import Pin
from agents.api.native.owned import Limit, Mine, Offset
from agents.api.native.shapes import Forgotten, Match, MemoryLine, Pinned, Remembrance
from agents.errors import UsageError
from agents.memory.file import as_dict
from agents.orchestrator import AgentOrchestrator

router = APIRouter(tags=["memory"])

_SPAN = re.compile(r"(\d{1,6})\s*([hdwy])", re.ASCII)
_HOURS = {"h": 1, "d": 24, "w": 24 * 7, "y": 24 * 365}
LARGEST = 2**62
"""No note has a number as large as this."""

Everything = Annotated[bool, Query(alias="pinned", description="Also pinned notes.")]


@router.get("/memory", response_model=list[MemoryLine])
async def memory_stats(mine: Mine, limit: Limit = 100, offset: Offset = 0) -> Any:
    """How much each agent remembers."""
    keys = {"agent": "agent", "messages": "messages", "tokens": "tokens", "bytes": "text_bytes"}
    keys["last_used"] = "last_used"
    rows = mine.orchestrator.memories.stats()[offset : offset + limit]
    return [{name: getattr(row, key) for name, key in keys.items()} for row in rows]


@router.get("/memory/search", response_model=list[Match])
async def search_memory(
    mine: Mine,
    words: Annotated[str, Query(min_length=1, max_length=1000)],
    agent: Annotated[str | None, Query(max_length=200)] = None,
    limit: Limit = 10,
) -> Any:
    """Search what the agents remember, best first."""
    if not words.strip():
        raise UsageError("There are no words to search for.", "Give words.")
    who = _agent_id(mine.orchestrator, agent) if agent else None
    found = mine.orchestrator.memories.snippets(words, who, limit)
    return [{"number": one.number, **as_dict(one), "snippet": snippet} for one, snippet in found]


@router.delete("/memory", response_model=Forgotten)
async def clear_all_memories(mine: Mine, everything: Everything = False) -> Any:
    """Forget what all agents remember; pinned notes stay."""
    return {"forgotten": mine.orchestrator.memories.clear_all(everything=everything)}


@router.delete("/memory/pins/{number}", response_model=Remembrance)
async def unpin_note(mine: Mine, number: Annotated[int, Path(ge=0, le=LARGEST)]) -> Any:
    """Turn a pinned note into an ordinary memory; the answer is the note as it was."""
    note = mine.orchestrator.memories.unpin(number)
    return {"number": note.number, **as_dict(note)}


@router.get("/agents/{agent}/memory", response_model=list[Remembrance])
async def show_memory(
    mine: Mine,
    agent: str,
    limit: Limit = 20,
    since: Annotated[str | None, Query(max_length=60, description="Such as 7d, 12h, 2w or 2026-05-04.")] = None,
    pinned: Annotated[bool, Query(description="Only pinned notes.")] = False,
) -> Any:
    """The newest messages of an agent, oldest first."""
    moment = _moment(since) if since is not None else None
    agent, memories = _agent_id(mine.orchestrator, agent), mine.orchestrator.memories
    if pinned:
        kept = memories.pinned(agent)
        found = [note for note in kept if not moment or datetime.fromisoformat(note.at) >= moment][-limit:]
    else:
        found = memories.since(agent, moment, limit=limit) if moment else memories.recent(agent, limit=limit)
    return [{"number": one.number, **as_dict(one)} for one in found]


@router.delete("/agents/{agent}/memory", response_model=Forgotten)
async def clear_memory(
    mine: Mine,
    agent: str,
    session: Annotated[str | None, Query(max_length=200, description="Only this conversation.")] = None,
    everything: Everything = False,
) -> Any:
    """Forget what an agent remembers; pinned notes stay."""
    who = _agent_id(mine.orchestrator, agent)
    return {"forgotten": mine.orchestrator.memories.clear(who, session, everything=everything)}


@router.post("/agents/{agent}/pins", response_model=Pinned, status_code=201)
async def pin_note(mine: Mine, agent: str, pin: Pin) -> Any:
    """Pin a note: it is in every prompt of the agent and is never pruned."""
    if not pin.text.strip():
        raise UsageError("There is nothing to pin.", "Give a note.")
    role = mine.orchestrator.get_agent_info(agent)
    return {"number": mine.orchestrator.memories.pin(role.id, pin.text.strip())}


def _agent_id(orchestrator: AgentOrchestrator, name: str) -> str:
    """The id of an agent; an agent without a role file is known as long as its memory exists."""
    if any(row.agent == name for row in orchestrator.memories.stats()):
        return name
    return orchestrator.get_agent_info(name).id


def _moment(text: str) -> datetime:
    """A moment: a span before now, such as 90d, or a date or time, local unless it has a time zone.

    Raises:
        UsageError: it is neither.
    """
    span = _SPAN.fullmatch(text.strip().lower())
    try:
        if span:
            return datetime.now(UTC) - timedelta(hours=int(span[1]) * _HOURS[span[2]])
        return datetime.fromisoformat(text.strip()).astimezone()
    except (ValueError, OverflowError):
        raise UsageError(
            f"{text!r} is not a time.", "Write a span such as 12h, 90d, 2w or 1y, or 2026-05-04."
        ) from None
