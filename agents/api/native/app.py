"""The application under ``/api``. Its import loads FastAPI, so the service imports it at the first request."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from agents import __version__
from agents.api.native import actions, agents, documents, meetings, memory, models, panels, results, seat, types
from agents.api.native.bodies import schemas
from agents.api.native.faults import EVERYWHERE, answer_errors, documented
from agents.api.service import Service

ABOUT = (
    "Agents, meetings, their minutes, actions and memories. Every error is a JSON object with error and remedy. "
    "What the service contains is that of the owner of the token."
)
BEARER = {"token": {"type": "http", "scheme": "bearer", "description": "API_TOKEN, or one of API_TOKENS."}}


def create(service: Service) -> FastAPI:
    """The application for a service; it is mounted at ``/api``.

    Args:
        service: settings and owners; who asks is in the state of each request.
    """
    app = FastAPI(
        title="Multi-Agent Orchestrator",
        version=__version__,
        description=ABOUT,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        root_path_in_servers=False,
        servers=[{"url": "/api"}],
        responses=documented(*EVERYWHERE),
    )
    app.state.service = service
    answer_errors(app)
    for one in (agents, panels, types, meetings, seat, results, actions, memory, documents, models):
        app.include_router(one.router)
    setattr(app, "openapi", lambda: _document(app))  # noqa: B010 - FastAPI reads the method from the instance
    return app


def _document(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document, with the forms that may bring files."""
    if app.openapi_schema is None:
        found = get_openapi(
            title=app.title, version=app.version, description=app.description, routes=app.routes, servers=app.servers
        )
        parts = found["components"]
        parts["schemas"] = {**parts["schemas"], **schemas()}
        parts["securitySchemes"] = BEARER
        found["security"] = [{}, {"token": []}]
        app.openapi_schema = found
    return app.openapi_schema
