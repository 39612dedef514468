"""Whether the model that the settings name could answer now; nothing is loaded to find out."""

from typing import Any

from agents.errors import OrchestratorError
from agents.settings import Settings

MODEL_SECONDS = 2.0
"""How long a status waits for a connection to the model server."""


def model_state(settings: Settings) -> dict[str, Any]:
    """The model's name and whether it could answer: "available", "missing", "unreachable" or "not checked".

    Only Ollama is asked; what other providers would say can cost money or a load.
    """
    from agents.model import split_name
    from agents.model.ollama.server import OllamaServer, same_model

    provider, name = split_name(settings.model_name)
    state: dict[str, Any] = {"name": settings.model_name, "provider": provider, "state": "not checked"}
    if provider == "rehearsal":
        return state | {"state": "available"}
    if provider != "ollama":
        return state
    server = OllamaServer(settings.with_flags(connect_timeout=MODEL_SECONDS))
    try:
        state["server"] = server.version(timeout=MODEL_SECONDS)
        installed = any(same_model(entry.name, name) for entry in server.installed())
        loaded = any(same_model(entry.name, name) for entry in server.loaded())
    except OrchestratorError as error:
        return state | {"state": "unreachable", "why": error.cause}
    return state | {"state": "available" if installed else "missing", "loaded": loaded}
