"""The interfaces of the service: each is imported when the first request comes, so that the service starts at once. The
pages are opened as soon as the histories are: a person waits for the first one.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

from starlette.routing import Router
from starlette.types import ASGIApp, Receive, Scope, Send

if TYPE_CHECKING:
    from agents.api.service import Service


@dataclass(frozen=True, slots=True)
class Place:
    """Where an interface is.

    Attributes:
        prefix: how its paths begin.
        home: module and function that make it of the ``Service``: a list of Starlette's routes, whose paths do not have
            the prefix, or an ASGI application. An application may have a method ``lifespan`` that gives an
            asynchronous context manager, in which it is served; Starlette's and FastAPI's have one.
        extra: the optional part of the installation that it needs, or "".
        parts: of the place without a prefix, the first parts of its paths.
    """

    prefix: str
    home: str
    extra: str = ""
    parts: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What logs and counts call it."""
        return self.prefix[1:] or "pages"

    def leads(self, path: str) -> bool:
        """Whether a path is behind this place."""
        if self.parts:
            return path[1:].partition("/")[0] in self.parts
        return path == self.prefix or path.startswith(f"{self.prefix}/")


PAGES = Place("", "agents.api.pages:routes", parts=("", "new", "meetings", "actions", "search", "compare", "assets"))
"""The pages for a browser, which may give the token as its password."""


PLACES = (
    Place("/v1", "agents.api.openai:routes"),
    Place("/ollama", "agents.api.ollama:routes"),
    Place("/api", "agents.api.native.app:create"),
    Place("/mcp", "agents.api.mcp.http:create", extra="mcp"),
    PAGES,
)
"""All interfaces."""


class Interface:
    """One interface, opened at its first request or by ``open``, until ``close``. Belongs to one event loop.

    Args:
        place: where it is.
        root: whether it is alone on a port, so that its paths have no prefix there.
    """

    def __init__(self, place: Place, *, root: bool = False) -> None:
        self.place = place
        self._root = root
        self._prefix = "" if root else place.prefix
        self._opening: asyncio.Future[ASGIApp] | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._closing = asyncio.Event()

    def leads(self, path: str) -> bool:
        """Whether a path is behind this interface."""
        return self._root or self.place.leads(path)

    async def answer(self, service: "Service", scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request.

        Raises:
            ImportError: what the interface needs is not installed.
        """
        app = await asyncio.shield(self.open(service))
        path = f"{self._prefix}/" if scope["path"] == self._prefix else scope["path"]
        root_path = scope.get("root_path", "") + self._prefix
        await app({**scope, "path": path, "root_path": root_path}, receive, send)

    def open(self, service: "Service") -> asyncio.Future[ASGIApp]:
        """Begin to open it, where nobody has; the result is its application."""
        if self._opening is None:
            self._opening = asyncio.get_running_loop().create_future()
            self._keeper = asyncio.create_task(self._keep(service, self._opening))
        return self._opening

    async def close(self) -> None:
        """End what the interface keeps open."""
        self._closing.set()
        if self._keeper:
            await asyncio.gather(self._keeper, return_exceptions=True)

    async def _keep(self, service: "Service", opening: asyncio.Future[ASGIApp]) -> None:
        """Open the interface and keep it open, in one task, as context managers of groups of tasks want it."""
        try:
            app = await asyncio.to_thread(_made, self.place, service)
            async with _lifespan(app):
                opening.set_result(app)
                await self._closing.wait()
        except BaseException as error:
            if opening.done():
                raise
            self._opening = None  # the next request tries again
            opening.set_exception(error)
            opening.exception()  # whoever waits gets it; where nobody does, it is no fault that nobody looked


def _made(place: Place, service: "Service") -> ASGIApp:
    module, _, name = place.home.partition(":")
    make: Callable[[Service], Any] = getattr(import_module(module), name)
    made = make(service)
    # A wrong slash is an unknown path: to be sent to another one would cost a second request, and its body.
    return Router(made, redirect_slashes=False) if isinstance(made, list) else made


def _lifespan(app: Any) -> AbstractAsyncContextManager[Any]:
    """The context in which an application is served."""
    if isinstance(app, Router):
        return _nothing()
    if own := getattr(app, "lifespan", None):
        found: AbstractAsyncContextManager[Any] = own()
        return found
    router = getattr(app, "router", None)
    return router.lifespan_context(app) if isinstance(router, Router) else _nothing()


@asynccontextmanager
async def _nothing() -> AsyncIterator[None]:
    yield
