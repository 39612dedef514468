"""``/v1/models``: every agent, a panel, and a meeting of every type, as models."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from agents.api.access import owner_of
from agents.api.openai.error_form import refused
from agents.api.openai.fields import ApiProblem
from agents.errors import OrchestratorError, UnknownName, similar_names
from agents.role import standing

if TYPE_CHECKING:
    from agents.api.openai.requests import ChatRequest
    from agents.api.service import Service
    from agents.orchestrator import AgentOrchestrator

CREATED = 1767225600
"""When every model was created, in seconds since 1970: the same at every request, as programs sort and cache by it."""
OWNED_BY = "orchestrator"
PANEL, MEETING = "panel", "meeting"
AUTO = "auto"
"""The word after "panel:" that lets the question choose who is asked."""
_ELSEWHERE = "codex"
"""Programs send a model with this word in its name to another path than the rest, so none is listed with it."""


def known_models(orchestrator: "AgentOrchestrator") -> list[dict[str, Any]]:
    """All models in a stable order: the agents, the panel that chooses for itself, the meeting types."""
    return [model for model in _all(orchestrator) if _ELSEWHERE not in model["id"].lower()]


def _all(orchestrator: "AgentOrchestrator") -> Iterator[dict[str, Any]]:
    for name in sorted(standing(orchestrator.roles)):
        role = orchestrator.roles[name]
        yield _model(role.id, role.title, role.mission)
    panel = "Asks the agents whose field the question is, each on its own. panel:A,B asks those that are named."
    yield _model(f"{PANEL}:{AUTO}", "Panel", panel)
    for name, kind in orchestrator.types.items():
        yield _model(f"{MEETING}:{name}", f"Meeting: {kind.title}", kind.purpose)


def _model(name: str, title: str, description: str) -> dict[str, Any]:
    return {
        "id": name,
        "object": "model",
        "created": CREATED,
        "owned_by": OWNED_BY,
        "name": " ".join(title.split()),
        "description": " ".join(description.split()),
    }


def check_model(orchestrator: "AgentOrchestrator", request: "ChatRequest") -> None:
    """Make sure that there is what a request asks, before anything is begun.

    Raises:
        ApiProblem: 404, there is no such model; the nearest names are named.
    """
    try:
        if request.kind == MEETING:
            orchestrator.types[request.name]
        elif request.kind == PANEL:
            names = [] if request.name == AUTO else request.name.split(",")
            for name in names:
                orchestrator.roles[name.strip()]
        else:
            orchestrator.roles[request.name]
    except UnknownName as error:
        raise _unknown(orchestrator, request.model, error) from None


def _unknown(orchestrator: "AgentOrchestrator", model: str, error: UnknownName | None = None) -> ApiProblem:
    near = similar_names(model, [one["id"] for one in known_models(orchestrator)])
    hint = f"Did you mean {', '.join(near)}? " if near else f"{error.hint} " if error and error.hint else ""
    remedy = f"{hint}GET /v1/models lists them all."
    return ApiProblem(404, f"There is no model {model!r}.", remedy, param="model", code="model_not_found")


async def every_model(request: Request) -> Response:
    """GET /v1/models."""
    service: Service = request.app.state.service
    try:
        owner = service.owners.get(owner_of(request.scope))
        return JSONResponse({"object": "list", "data": known_models(owner.orchestrator)})
    except OrchestratorError as error:
        return refused(error, service.settings)


async def one_model(request: Request) -> Response:
    """GET /v1/models/ID."""
    service: Service = request.app.state.service
    name = request.path_params["id"]
    try:
        orchestrator = service.owners.get(owner_of(request.scope)).orchestrator
        for model in known_models(orchestrator):
            if model["id"] == name:
                return JSONResponse(model)
        raise _unknown(orchestrator, name)
    except OrchestratorError as error:
        return refused(error, service.settings)
