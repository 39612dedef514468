"""What there is, as Ollama says it: every agent, a panel and a meeting of every type as a model with a tag."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from agents.api.access import owner_of
from agents.api.ollama.errors import refused
from agents.api.ollama.names import canonical, listed
from agents.api.openai.fields import ApiProblem, typed
from agents.api.openai.models import CREATED, known_models
from agents.api.openai.requests import read_object
from agents.errors import OrchestratorError

if TYPE_CHECKING:
    from agents.api.service import Service

VERSION = "0.32.15"
"""The version of Ollama whose answers these are; programs compare it with what they need."""
_MODIFIED = datetime.fromtimestamp(CREATED, UTC).isoformat().replace("+00:00", "Z")
_DETAILS = {
    "parent_model": "",
    "format": "gguf",
    "family": "orchestrator",
    "families": ["orchestrator"],
    "parameter_size": "",
    "quantization_level": "",
}


async def running(request: Request) -> Response:  # noqa: ARG001 - it is the same for everyone
    """GET and HEAD /, with which programs see that there is a server."""
    return PlainTextResponse("Ollama is running")


async def version(request: Request) -> Response:  # noqa: ARG001 - it is the same for everyone
    """GET /api/version."""
    return JSONResponse({"version": VERSION})


async def loaded(request: Request) -> Response:  # noqa: ARG001 - it is the same for everyone
    """GET /api/ps: agents are not loaded and unloaded."""
    return JSONResponse({"models": []})


async def tags(request: Request) -> Response:
    """GET /api/tags."""
    service: Service = request.app.state.service
    try:
        orchestrator = service.owners.get(owner_of(request.scope)).orchestrator
        return JSONResponse({"models": list(_models(known_models(orchestrator)))})
    except OrchestratorError as error:
        return refused(error, service.settings)


async def show(request: Request) -> Response:
    """POST /api/show."""
    service: Service = request.app.state.service
    try:
        given = read_object(await request.body())
        name = given.get("model") or given.get("name") or ""
        typed("model", name, (str,))
        wanted = canonical(name)
        orchestrator = service.owners.get(owner_of(request.scope)).orchestrator
        found = next((one for one in known_models(orchestrator) if one["id"] == wanted), None)
        if found is None and wanted.startswith("panel:"):
            found = {"id": wanted, "name": "Panel", "description": "Asks the agents that are named."}
        if found is None:
            raise ApiProblem(
                404 if wanted else 400, f"model '{listed(wanted)}' not found" if wanted else "model is required"
            )
        return JSONResponse(_shown(found, orchestrator.settings.num_ctx))
    except OrchestratorError as error:
        return refused(error, service.settings)


def _models(models: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for one in models:
        name = listed(one["id"])
        yield {
            "name": name,
            "model": name,
            "modified_at": _MODIFIED,
            "size": 0,
            "digest": hashlib.sha256(name.encode()).hexdigest(),
            "details": _DETAILS,
            "capabilities": ["completion"],
        }


def _shown(model: dict[str, Any], context: int) -> dict[str, Any]:
    title = f"{model['name']}: {model['description']}"
    return {
        "modelfile": f"# {title}\n",
        "parameters": "",
        "template": "",
        "system": "",
        "details": _DETAILS,
        "model_info": {
            "general.architecture": "orchestrator",
            "general.basename": model["name"],
            "orchestrator.context_length": context,
        },
        "capabilities": ["completion"],
        "modified_at": _MODIFIED,
    }
