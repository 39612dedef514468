"""The answers of the service: each is an HTTP status and a JSON object."""

from collections.abc import Callable
from typing import Any

from agents import __version__
from agents.errors import OrchestratorError
from agents.settings import Settings

HttpReply = tuple[int, dict[str, Any]]
"""An HTTP status and the JSON object of its body."""

OK = 200
UNAVAILABLE = 503


def health(_settings: Settings, uptime_seconds: float) -> HttpReply:
    """The process runs and answers. Nothing else is checked, so that a slow model does not affect health."""
    return OK, {"status": "ok", "version": __version__, "uptime_seconds": round(uptime_seconds, 1)}


def ready(settings: Settings, _uptime_seconds: float) -> HttpReply:
    """Whether a command could work now: there are agents, and the histories can be opened. 503 if not, with the cause.

    The model is not checked: its download may take hours, and the rehearsal model works without it.
    """
    from agents.orchestrator import AgentOrchestrator

    with AgentOrchestrator(settings) as orchestrator:
        checks = {
            "agents": _check(lambda: f"{len(orchestrator.roles)} agents" if orchestrator.roles else ""),
            "store": _check(lambda: f"{len(orchestrator.memories.stats())} histories"),
        }
    fine = all(check["ok"] for check in checks.values())
    return OK if fine else UNAVAILABLE, {"status": "ready" if fine else "not ready", "checks": checks}


def status(settings: Settings, uptime_seconds: float) -> HttpReply:
    """Numbers of agents, meetings and messages, the machine and the model. 503 when the histories cannot be used."""
    import psutil

    from agents.model.state import model_state
    from agents.orchestrator import AgentOrchestrator

    facts: dict[str, Any] = {"version": __version__, "uptime_seconds": round(uptime_seconds, 1)}
    try:
        with AgentOrchestrator(settings) as orchestrator:
            meetings = orchestrator.list_meetings()
            facts |= {
                "agents": len(orchestrator.roles),
                "role_problems": len(orchestrator.roles.problems),
                "meeting_types": len(orchestrator.types),
                "meetings": len(meetings),
                "unfinished_meetings": sum(row.status != "closed" for row in meetings),
                "open_actions": len(orchestrator.actions.list(open_only=True)),
                "remembered_messages": sum(row.messages for row in orchestrator.memories.stats()),
            }
    except OrchestratorError as error:
        return UNAVAILABLE, {**facts, "error": error.cause, "remedy": error.remedy}
    disk = psutil.disk_usage(str(settings.data_folder))
    return OK, {
        **facts,
        "model": model_state(settings),
        "disk_free_mb": disk.free // 10**6,
        "memory_mb": psutil.Process().memory_info().rss // 10**6,
        "cpus": psutil.cpu_count() or 0,
    }


def _check(find: Callable[[], str]) -> dict[str, Any]:
    """Whether ``find`` finds something, and what; if it fails, the cause and remedy of its error."""
    try:
        found = find()
    except OrchestratorError as error:
        return {"ok": False, "what": error.cause, "remedy": error.remedy}
    return {"ok": bool(found), "what": found or "There are none."}
