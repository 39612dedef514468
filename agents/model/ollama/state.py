"""Whether a model on an Ollama server could answer now, without loading it."""

from threading import Thread
from typing import Any

from agents.errors import OrchestratorError
from agents.model.ollama import errors
from agents.model.ollama.server import OllamaServer, same_model
from agents.settings import Settings

CONNECT_SECONDS = 0.9
"""Longest wait for the server's host name, and for a connection."""

ANSWER_SECONDS = 1.2
"""Longest wait for all answers: who looks at a status is told within two seconds what is missing."""


def model_state(name: str, settings: Settings) -> dict[str, Any]:
    """The state of a model: "available" or "missing", with the server's version and whether the model is loaded; or
    "unreachable". Cause and remedy are in "why" and "remedy", unless it is available.
    """
    server = OllamaServer(settings.with_flags(connect_timeout=min(CONNECT_SECONDS, settings.connect_timeout)))
    found: dict[str, Any] = {}

    def look() -> None:
        try:
            found["server"] = server.version(timeout=ANSWER_SECONDS)
            installed = [entry.name for entry in server.installed()]
            loaded = any(same_model(entry.name, name) for entry in server.loaded())
        except OrchestratorError as error:
            found["told"] = _trouble("unreachable", error)
            return
        except Exception as error:  # noqa: BLE001 - whoever waits gets any error
            found["error"] = error
            return
        there = any(same_model(entry, name) for entry in installed)
        missing = {} if there else _trouble("missing", errors.not_installed(name, installed))
        found["told"] = {"state": "available", **missing, "loaded": loaded}

    # A connection that is slow in many small steps has no other end.
    thread = Thread(target=look, name="agents-state", daemon=True)
    thread.start()
    thread.join(ANSWER_SECONDS)
    if "error" in found:
        raise found["error"]
    said = {"server": found["server"]} if "server" in found else {}
    told = found.get("told")
    if told is None:
        server.cancel()
        told = _trouble("unreachable", errors.silent(server.url, ANSWER_SECONDS))
    return said | told


def _trouble(state: str, error: OrchestratorError) -> dict[str, Any]:
    return {"state": state, "why": error.cause, "remedy": error.remedy}


def check_model(name: str, settings: Settings) -> None:
    """Check that a server answers and has a model, without loading it.

    Raises:
        ModelUnavailable: the server does not answer, or does not have the model.
    """
    OllamaServer(settings).show(name)
