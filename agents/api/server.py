"""The HTTP server: uvicorn's protocol on sockets of ours. It listens before anything is opened, and ends within five
seconds when told to.
"""

import asyncio
import contextlib
import errno
import socket
import sys
import time
from collections.abc import Callable, Sequence
from email.utils import formatdate
from typing import TYPE_CHECKING

from uvicorn.server import ServerState

from agents.api.app import LISTED, App, Shared
from agents.api.connection import MOST_CONNECTIONS, Clients, Connection, config_of
from agents.errors import OrchestratorError, UsageError
from agents.log import Log
from agents.settings import Settings

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from agents.api.service import Service

PATHS = LISTED
"""Every path that is served."""

OLLAMA = "/ollama"
"""The interface that is alone on the second port."""

BACKLOG = 128
"""Connections that wait to be taken."""

TICK_SECONDS = 0.25
"""How often the times of clients are checked."""

PARK_SECONDS = 4.0
"""How long the turns of meetings may take to end after the service was told to end."""

STREAM_SECONDS = 1.5
"""How long answers may take to end after the service was told to end."""

LAST_SECONDS = 0.25
"""How long each further step may take, where the time is used up."""


class Server:
    """Ports on which applications answer. Belongs to the event loop that runs.

    Attributes:
        urls: the URLs of the ports.
    """

    def __init__(self) -> None:
        self.urls: list[str] = []
        self._clients = Clients()
        self._ports: list[tuple[asyncio.Server, ServerState]] = []
        self._ticking = asyncio.create_task(self._tick())

    async def add(self, listening: socket.socket, app: "ASGIApp") -> None:
        """Answer on a socket with an application."""
        config, state = config_of(app), ServerState()
        state.default_headers = _date()
        loop = asyncio.get_running_loop()
        server = await loop.create_server(
            lambda: Connection(config, state, self._clients), sock=listening, backlog=BACKLOG
        )
        self._ports.append((server, state))
        self.urls.append(_url(listening))

    def stop_listening(self) -> None:
        """Take no more connections, and close those without a request."""
        for server, _ in self._ports:
            server.close()
        for client in [*self._clients.open]:
            client.shutdown()

    async def close(self, seconds: float) -> None:
        """Wait so long for answers to end, then break them off."""
        tasks = [task for _, state in self._ports for task in state.tasks]
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.wait(tasks, timeout=seconds)
        for client in [*self._clients.open]:
            client.drop()
        self._ticking.cancel()

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(TICK_SECONDS)
            self._clients.sweep()
            for _, state in self._ports:
                state.default_headers = _date()


async def serve(
    settings: Settings,
    addresses: Sequence[tuple[str, int]],
    *,
    stop: asyncio.Event,
    listening: Callable[[list[str]], None],
    notice: Callable[[str], None] | None = None,
) -> None:
    """Listen until ``stop`` is set; ends within five seconds of it, with all meetings parked.

    Args:
        settings: those of the main histories.
        addresses: host and port, 0 for any free one; on a second one, the interface for programs that speak to Ollama.
        stop: set it to end the service.
        listening: called with the URLs as soon as connections are accepted.
        notice: is told what a slow start waits for, and which meetings were interrupted.

    Raises:
        UsageError: it is not possible to listen there.
        SettingError: two tokens are the same.
        StoreError: the histories cannot be opened.
        SpaceError: their folder cannot be written.
    """
    shared = Shared(settings, Log(settings.log_folder, settings.log_level))
    apps = [App(shared, alone) for alone in ("", OLLAMA)[: len(addresses)]]
    sockets = bound(addresses)
    _allow_files()
    server = Server()
    for app in apps[1:]:
        app.state.main_port = sockets[0].getsockname()[1]
    for one, app in zip(sockets, apps, strict=True):
        await server.add(one, app)
    shared.log.line("INFO", "service started", url=server.urls[0])
    listening(server.urls)
    stopped = asyncio.create_task(stop.wait())
    opening = asyncio.create_task(_opened(settings, shared.checks.began, notice))
    try:
        await asyncio.wait((stopped, opening), return_when=asyncio.FIRST_COMPLETED)
        if opening.done():
            shared.service.set_result(opening.result())
            _tell_interrupted(opening.result(), shared.log, notice)
            apps[0].open_pages(opening.result())
        await stopped
    finally:
        stopped.cancel()
        await _ended(server, apps, shared)


async def _ended(server: Server, apps: Sequence[App], shared: Shared) -> None:
    """Let meetings and answers end, and close everything, in less than five seconds."""
    began = time.monotonic()
    server.stop_listening()
    if shared.service.done():
        service = shared.service.result()
        service.stopping.set()
        try:
            await asyncio.wait_for(service.owners.close(PARK_SECONDS), PARK_SECONDS + LAST_SECONDS)
        except (OrchestratorError, TimeoutError) as error:
            shared.log.line("WARNING", "meetings not parked", error=type(error).__name__)
    await server.close(max(LAST_SECONDS, min(STREAM_SECONDS, PARK_SECONDS + began - time.monotonic())))
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(asyncio.gather(*(app.close() for app in apps)), LAST_SECONDS)
    ended = time.monotonic()
    uptime, took = round(ended - shared.checks.began, 1), round(ended - began, 2)
    shared.log.line("INFO", "service stopped", uptime_seconds=uptime, stop_seconds=took)


async def _opened(settings: Settings, began: float, notice: Callable[[str], None] | None) -> "Service":
    """Open the histories: in a thread first, because a migration takes a while, and /health is answered meanwhile."""

    def import_and_try() -> None:
        from agents.api import service
        from agents.orchestrator import AgentOrchestrator

        del service
        with AgentOrchestrator(settings, notice=notice) as orchestrator:
            orchestrator.memories.stats()

    await asyncio.to_thread(import_and_try)
    from agents.api.service import Service
    from agents.orchestrator.background.owners import FOLDER, Owners

    owners = Owners(settings, notice, most_waiting=settings.api_queue)
    named = [name for name in settings.api_tokens if (settings.data_folder / FOLDER / name).is_dir()]
    for name in ("", *named):
        try:
            owners.get(name)
        except OrchestratorError as error:  # the main histories can be opened; /ready and the owner's requests say it
            if notice:
                notice(f"{error.cause} {error.remedy}".strip())
    return Service(settings, owners, began)


def _tell_interrupted(service: "Service", log: Log, notice: Callable[[str], None] | None) -> None:
    """Name the meetings that an earlier end has interrupted; nothing resumes them by itself."""
    found = [row.id for owner in service.owners.opened() for row in owner.meetings.interrupted()]
    if found:
        meetings = "1 meeting was" if len(found) == 1 else f"{len(found)} meetings were"
        they = "it" if len(found) == 1 else "they"
        if notice:
            notice(f"{meetings} interrupted; {they} can be resumed: {', '.join(found)}")
        log.line("INFO", "meetings interrupted", meetings=", ".join(found))


def bound(addresses: Sequence[tuple[str, int]]) -> list[socket.socket]:
    """A socket for each address.

    Raises:
        UsageError: it is not possible to listen there; the cause says why.
    """
    sockets = list[socket.socket]()
    for host, port in addresses:
        # With its protocol named: else asyncio leaves small answers to wait 40 ms for an acknowledgement.
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        one = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        sockets.append(one)
        try:
            if sys.platform != "win32":  # where it would let two programs listen on one port
                one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            one.bind((host, port))
            one.listen(BACKLOG)  # not before: two services may not share a port
        except (OSError, OverflowError) as error:
            for each in sockets:
                each.close()
            why = getattr(error, "strerror", None) or str(error)
            cause = f"Cannot listen on {host} port {port}: {why}."
            if isinstance(error, socket.gaierror) or getattr(error, "errno", 0) == errno.EADDRNOTAVAIL:
                raise UsageError(cause, "Choose another address.", about="host") from None
            if one is sockets[0]:
                raise UsageError(cause, "Choose another port.", about="port") from None
            raise UsageError(cause, "Choose another port.", about="second port") from None
    return sockets


def _url(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def _date() -> list[tuple[bytes, bytes]]:
    return [(b"date", formatdate(usegmt=True).encode())]


def _allow_files() -> None:
    """Let this process open as many files as it has connections, and some more, where the system allows it."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = 4 * MOST_CONNECTIONS if hard == resource.RLIM_INFINITY else min(hard, 4 * MOST_CONNECTIONS)
        if soft != resource.RLIM_INFINITY and soft < wanted:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
