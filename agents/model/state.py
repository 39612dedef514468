"""Whether the model of the settings could answer now, without loading it."""

from collections.abc import Callable
from typing import Any

from agents.model import imported, provider_of, split_name
from agents.settings import Settings


def model_state(settings: Settings) -> dict[str, Any]:
    """The model's name and whether it could answer: "available", "missing", "unreachable" or "not checked".
    The answer comes within two seconds; where the model cannot answer, "why" and "remedy" say what to do.

    A provider is not asked if finding out would load the model or cost money.
    """
    provider, name = split_name(settings.model_name)
    known = provider_of(settings.model_name)
    state: dict[str, Any] = {"name": settings.model_name, "provider": provider, "state": "not checked"}
    if known.by_rule:
        return state | {"state": "available"}
    return state | imported(known.state)(name, settings) if known.state else state


def begin_to_ask(settings: Settings) -> Callable[[], dict[str, Any]]:
    """Find the same out while other work is done. The function that is returned waits for it, and raises its errors."""
    from concurrent.futures import Future
    from threading import Thread

    future: Future[dict[str, Any]] = Future()

    def ask() -> None:
        try:
            future.set_result(model_state(settings))
        except BaseException as error:  # noqa: BLE001 - whoever waits gets any error
            future.set_exception(error)

    Thread(target=ask, name="agents-state", daemon=True).start()
    return future.result
