"""In a container of the stack: which variables it was started with, and which only this call has."""

from collections.abc import Mapping
from pathlib import Path

STACK = "ORCHESTRATOR_STACK"
"""The variable that the stack sets in its container: the words for what filled the environment there."""

FIRST_PROCESS = Path("/proc/1/environ")
"""The environment of the process that the container was started with."""


def by_origin(environment: Mapping[str, str]) -> list[tuple[str, Mapping[str, str]]]:
    """Variables by where they come from, in words, the nearer first.

    Outside the stack all are "environment". In its container, variables that its first process has too, with the same
    value, come from what the container was started with.
    """
    if not environment.get(STACK):
        return [("environment", environment)]
    first = _variables(FIRST_PROCESS)
    own = {name: value for name, value in environment.items() if first.get(name) != value}
    started = {name: value for name, value in environment.items() if name not in own}
    return [("environment", own), (environment[STACK], started)]


def _variables(file: Path) -> dict[str, str]:
    try:
        pairs = file.read_bytes().decode(errors="surrogateescape").split("\0")
    except OSError:
        return {}
    return {name: value for name, _, value in (pair.partition("=") for pair in pairs)}
