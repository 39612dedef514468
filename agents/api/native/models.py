"""``/api/models`` and ``/api/info``: what answers, and the service in numbers."""

import asyncio
import time
from typing import Any

from fastapi import APIRouter

from agents import __version__
from agents.api.native.owned import Limit, Mine, Offset, TheService
from agents.api.native.shapes import Facts, ModelLine, ModelState
from agents.model import ollama_names
from agents.model.ollama.server import OllamaServer, installed_values
from agents.model.state import model_state
from agents.role import standing

router = APIRouter(tags=["service"])


@router.get("/models", response_model=list[ModelLine])
async def list_models(service: TheService, limit: Limit = 100, offset: Offset = 0) -> Any:
    """The models on the disk of the Ollama server, newest first."""
    settings = service.settings
    found = await asyncio.to_thread(OllamaServer(settings).installed)
    return [installed_values(one, ollama_names(settings)) for one in found[offset : offset + limit]]


@router.get("/models/current", response_model=ModelState)
async def current_model(service: TheService) -> Any:
    """Whether the model of the settings could answer now."""
    return await asyncio.to_thread(model_state, service.settings)


@router.get("/info", response_model=Facts)
async def facts(service: TheService, mine: Mine) -> Any:
    """The service in numbers."""
    queue = service.owners.queue
    return {
        "version": __version__,
        "uptime_seconds": round(time.monotonic() - service.began, 1),
        "model": service.settings.model_name,
        "agents": len(standing(mine.orchestrator.roles)),
        "meeting_types": len(mine.orchestrator.types),
        "held": queue.holding,
        "waiting": queue.waiting,
        "slots": queue.slots,
        "most_waiting": queue.most_waiting,
    }
