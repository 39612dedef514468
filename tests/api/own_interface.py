"""Interfaces of the tests: what the service does for every interface is tested without the interfaces of the program."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from agents.api.access import owner_of
from agents.api.interfaces import PAGES, Place
from agents.api.service import Service
from agents.errors import Busy, UnknownName
from agents.orchestrator.request import MeetingRequest

PLACES = (
    Place("/v1", "tests.api.own_interface:routes"),
    Place("/ollama", "tests.api.own_interface:routes"),
    Place("/api", "tests.api.own_interface:create"),
    Place("/mcp", "tests.api.own_interface:missing", extra="mcp"),
    PAGES,
)
ENDED: list[Service] = []
"""The services whose lifespan has ended."""
OPENED: list[Service] = []
"""The services whose pages are open."""
SECRET = "what a person said"  # noqa: S105 - it is looked for in answers and in the log


def routes(service: Service) -> list[Route]:
    """An interface that is a list of routes."""

    async def echo(request: Request) -> Response:
        body = await request.body()
        same = request.app.state.service is service
        return JSONResponse({"bytes": len(body), "owner": owner_of(request.scope), "same": same})

    async def fail(request: Request) -> Response:
        if request.path_params["how"] == "busy":
            raise Busy("Two meetings wait.", "Wait.", retry_after=130)
        if request.path_params["how"] == "unknown":
            raise UnknownName("agent", "nobody", ["cto"], "list_agents()")
        if request.path_params["how"] == "late":
            return StreamingResponse(broken())
        raise RuntimeError(SECRET)

    async def meet(request: Request) -> Response:
        owner = service.owners.get(owner_of(request.scope))
        wanted = MeetingRequest("decision", "Buy or build?", agents=("cto", "qa_engineer"))
        meeting = owner.orchestrator.convene(wanted)
        owner.meetings.start(meeting)
        return JSONResponse({"id": meeting})

    async def follow(_request: Request) -> Response:
        return StreamingResponse(until_it_stops(service), media_type="text/event-stream")

    return [
        Route("/echo", echo, methods=["GET", "POST"]),
        Route("/fail/{how}", fail),
        Route("/meet", meet, methods=["POST"]),
        Route("/follow", follow),
    ]


async def until_it_stops(service: Service) -> AsyncIterator[str]:
    """A stream that ends when the service is told to end."""
    yield ": hello\n\n"
    await service.stopping.wait()
    yield "data: bye\n\n"


async def broken() -> AsyncIterator[str]:
    """A stream that breaks off."""
    yield "half"
    raise RuntimeError(SECRET)


def create(service: Service) -> Starlette:
    """An interface that is an application with a lifespan."""
    open_ones = list[str]()

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        open_ones.append("open")
        yield
        ENDED.append(service)

    async def where(request: Request) -> Response:
        await asyncio.sleep(0)
        return JSONResponse({"open": open_ones, "path": str(request.url.path), "owner": owner_of(request.scope)})

    return Starlette(routes=[Route("/", where), Route("/where", where)], lifespan=lifespan)


def pages(service: Service) -> list[Route]:
    """Pages of which it is known when they were made."""
    OPENED.append(service)
    return []


def missing(_service: Service) -> None:
    """An interface whose package is not installed."""
    raise ModuleNotFoundError("No module named 'mcp'", name="mcp")
