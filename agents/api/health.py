"""Whether the service works: ``/health``, ``/ready`` and ``/status``, each an HTTP status and a JSON object."""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from agents import __version__
from agents.api.problems import told
from agents.errors import OrchestratorError
from agents.role import standing
from agents.settings import Settings

if TYPE_CHECKING:
    from agents.orchestrator import AgentOrchestrator

HttpReply = tuple[int, dict[str, Any]]
"""An HTTP status and the JSON object of its body."""

OK = 200
UNAVAILABLE = 503

MOST_THREADS = 4
"""The most checks at the same time. They have threads of their own, so that no other work keeps them waiting."""


def health(_settings: Settings, uptime_seconds: float) -> HttpReply:
    """The process runs and answers. Nothing else is checked, so that a slow model does not affect health."""
    return OK, {"status": "ok", "version": __version__, "uptime_seconds": round(uptime_seconds, 1)}


def ready(settings: Settings, _uptime_seconds: float) -> HttpReply:
    """Whether a command could work now: there are agents, and the histories can be opened and have room on their disk.
    503 if not, with the cause.

    The model is not checked: its download may take hours, and the rehearsal model works without it.
    """
    from agents.orchestrator import AgentOrchestrator

    with AgentOrchestrator(settings) as orchestrator:
        checks = {
            "agents": _check(settings, lambda: _counted(len(standing(orchestrator.roles)))),
            "store": _check(settings, lambda: _stored(orchestrator)),
        }
    fine = all(check["ok"] for check in checks.values())
    return OK if fine else UNAVAILABLE, {"status": "ready" if fine else "not ready", "checks": checks}


def status(settings: Settings, uptime_seconds: float) -> HttpReply:
    """Numbers of agents, meetings and messages, the machine and the model. 503 when the histories cannot be used."""
    import psutil

    from agents.model.state import begin_to_ask
    from agents.orchestrator import AgentOrchestrator

    facts: dict[str, Any] = {"version": __version__, "uptime_seconds": round(uptime_seconds, 1)}
    model = begin_to_ask(settings)
    try:
        with AgentOrchestrator(settings) as orchestrator:
            meetings = orchestrator.list_meetings()
            facts |= {
                "agents": len(standing(orchestrator.roles)),
                "role_problems": len(orchestrator.roles.problems),
                "meeting_types": len(orchestrator.types),
                "meetings": len(meetings),
                "unfinished_meetings": sum(row.status != "closed" for row in meetings),
                "open_actions": len(orchestrator.actions.list(open_only=True)),
                "remembered_messages": sum(row.messages for row in orchestrator.memories.stats()),
            }
    except OrchestratorError as error:
        return UNAVAILABLE, facts | told(error, settings)
    disk = psutil.disk_usage(str(settings.data_folder))
    return OK, {
        **facts,
        "model": model(),
        "disk_free_mb": disk.free // 10**6,
        "memory_mb": psutil.Process().memory_info().rss // 10**6,
        "cpus": psutil.cpu_count() or 0,
    }


class Checks:
    """Answers that take a while, each made in a thread, with an orchestrator of its own. Who asks for what is being
    checked already gets the same answer.

    Attributes:
        began: when the service began, in seconds of ``time.monotonic``.
    """

    def __init__(self) -> None:
        self.began = time.monotonic()
        self._threads = ThreadPoolExecutor(MOST_THREADS, "agents-health")
        self._running: dict[tuple[str, str], asyncio.Future[HttpReply]] = {}

    async def answer(self, path: str, settings: Settings, owner: str = "") -> HttpReply:
        """The answer of a path, with the settings of an owner."""
        if path == "/health":
            return health(settings, time.monotonic() - self.began)
        key = path, owner
        if key not in self._running:
            loop = asyncio.get_running_loop()
            made = loop.run_in_executor(self._threads, self._checked, PATHS[path], settings)
            made.add_done_callback(lambda _: self._running.pop(key, None))
            self._running[key] = made
        return await asyncio.shield(self._running[key])

    def _checked(self, check: Callable[[Settings, float], HttpReply], settings: Settings) -> HttpReply:
        try:
            return check(settings, time.monotonic() - self.began)
        except OrchestratorError as error:
            return UNAVAILABLE, told(error, settings)


PATHS: dict[str, Callable[[Settings, float], HttpReply]] = {"/health": health, "/ready": ready, "/status": status}
"""Every path, and the function that answers it."""

OPEN = ("/health", "/ready")
"""The paths that need no token, for health checks: they say whether the service works, and nothing that is in it."""


def _stored(orchestrator: "AgentOrchestrator") -> str:
    found = f"{len(orchestrator.memories.stats())} histories"
    orchestrator.histories.check_space()
    return found


def _counted(agents: int) -> str:
    return f"{agents} agents" if agents else ""


def _check(settings: Settings, find: Callable[[], str]) -> dict[str, Any]:
    """Whether ``find`` finds something, and what; if it fails, the cause and remedy of its error."""
    try:
        found = find()
    except OrchestratorError as error:
        said = told(error, settings)
        return {"ok": False, "what": said["error"], "remedy": said["remedy"]}
    return {"ok": bool(found), "what": found or "There are none."}
