"""Whether the model of the settings could answer now, without loading it."""

from typing import Any

from agents.model import imported, provider_of, split_name
from agents.settings import Settings


def model_state(settings: Settings) -> dict[str, Any]:
    """The model's name and whether it could answer: "available", "missing", "unreachable" or "not checked".

    A provider is not asked if finding out would load the model or cost money.
    """
    provider, name = split_name(settings.model_name)
    known = provider_of(settings.model_name)
    state: dict[str, Any] = {"name": settings.model_name, "provider": provider, "state": "not checked"}
    if known.by_rule:
        return state | {"state": "available"}
    return state | imported(known.state)(name, settings) if known.state else state
