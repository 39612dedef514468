"""Which agents and meeting types are whose: built in, of the user, of the project, of a folder that was named."""

from collections.abc import Sequence
from pathlib import Path

from agents.settings.folders import BUILT_IN, IN_PROJECT, USER, Place

_WHOSE = {USER: "yours", IN_PROJECT: "of this project"}


def place_of(source: Path | None, places: Sequence[Place]) -> Place | None:
    """The place that a file was read from."""
    return next((place for place in reversed(places) if source and source.parent == place.folder), None)


def origins(found: Sequence[tuple[str, Path | None]], places: Sequence[Place]) -> str:
    """Such as "29 built in; of this project: auditor (in /p/.orchestrator/roles)"; "" where all are built in.

    Args:
        found: id and file of each role or type.
        places: the places that they were read from.
    """
    by_place = {place: [name for name, source in found if place_of(source, places) == place] for place in places}
    parts = [
        f"{_WHOSE.get(place.of, 'added')}: {', '.join(names)} (in {place.folder})"
        for place, names in by_place.items()
        if names and place.of != BUILT_IN
    ]
    built_in = sum(len(names) for place, names in by_place.items() if place.of == BUILT_IN)
    return "; ".join([f"{built_in} built in", *parts]) if parts else ""
