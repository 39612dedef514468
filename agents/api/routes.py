"""The answers of the service: each is an HTTP status and a JSON object."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agents import __version__
from agents.errors import OrchestratorError
from agents.role import standing
from agents.settings import Settings

if TYPE_CHECKING:
    from agents.orchestrator import AgentOrchestrator

HttpReply = tuple[int, dict[str, Any]]
"""An HTTP status and the JSON object of its body."""

OK = 200
UNAVAILABLE = 503


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


def told(error: OrchestratorError, settings: Settings) -> dict[str, Any]:
    """Cause and remedy of an error, for readers on other machines: files by their names, without their folders."""
    return {"error": _without_folders(error.cause, settings), "remedy": _without_folders(error.remedy, settings)}


def _without_folders(text: str, settings: Settings) -> str:
    places = (place.folder for place in (*settings.role_places, *settings.type_places))
    known = [settings.data_folder, settings.log_folder, *places, Path.home()]
    for folder in sorted((str(each) for each in known if each and each.name), key=len, reverse=True):
        text = text.replace(f"{folder}{os.sep}", "").replace(folder, Path(folder).name)
    return " ".join(_name(word) for word in text.split(" "))


def _name(word: str) -> str:
    """A word of a text; of the path of a file, only its last part."""
    is_path = word.count(os.sep) > 1 and "://" not in word
    return word.rsplit(os.sep, 1)[1] if is_path else word


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
