"""Whether a model on an Ollama server could answer now, without loading it."""

from typing import Any

from agents.errors import OrchestratorError
from agents.model.ollama.server import OllamaServer, same_model
from agents.settings import Settings

CONNECT_SECONDS = 2.0
"""Longest wait for a connection to the server."""


def model_state(name: str, settings: Settings) -> dict[str, Any]:
    """The state of a model: "available" or "missing", with the server's version and whether the model is loaded; or
    "unreachable", with the reason.
    """
    state: dict[str, Any] = {}
    server = OllamaServer(settings.with_flags(connect_timeout=CONNECT_SECONDS))
    try:
        state["server"] = server.version(timeout=CONNECT_SECONDS)
        installed = any(same_model(entry.name, name) for entry in server.installed())
        loaded = any(same_model(entry.name, name) for entry in server.loaded())
    except OrchestratorError as error:
        return state | {"state": "unreachable", "why": error.cause}
    return state | {"state": "available" if installed else "missing", "loaded": loaded}


def check_model(name: str, settings: Settings) -> None:
    """Check that a server answers and has a model, without loading it.

    Raises:
        ModelUnavailable: the server does not answer, or does not have the model.
    """
    OllamaServer(settings).show(name)
