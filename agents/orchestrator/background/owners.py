"""The owners that a service knows: each has histories of its own, in a folder of its own, and all share the models."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from agents.errors import UsageError
from agents.orchestrator import AgentOrchestrator
from agents.orchestrator.background.held import Background
from agents.orchestrator.background.queue import MeetingQueue
from agents.orchestrator.resources import Shared
from agents.settings import Settings

FOLDER = "owners"
"""The folder within the data folder that has a data folder for each named owner."""

NAME = re.compile(r"[a-z][a-z0-9_-]{0,31}")
"""What a name of an owner looks like."""


@dataclass(frozen=True, slots=True)
class Owner:
    """One whose meetings and memories no other owner sees.

    Attributes:
        name: the name; "" for the histories that the command line uses.
        orchestrator: works with the owner's histories.
        meetings: the owner's meetings that are held here.
    """

    name: str
    orchestrator: AgentOrchestrator
    meetings: Background


class Owners:
    """All owners, each opened at first use. Belongs to one thread and its event loop.

    Args:
        settings: the settings of the main histories; those of an owner differ in the data folder.
        notice: is told what a slow start waits for.
        most_waiting: how many meetings may wait for a slot.

    Attributes:
        queue: the queue of all meetings.
    """

    def __init__(self, settings: Settings, notice: Callable[[str], None] | None = None, most_waiting: int = 8) -> None:
        self.queue = MeetingQueue(settings.parallel, most_waiting)
        self._settings = settings
        self._notice = notice
        self._shared = Shared(settings.seed)
        self._opened: dict[str, Owner] = {}

    def get(self, name: str = "") -> Owner:
        """The owner with this name; "" for the main histories.

        Raises:
            UsageError: this cannot be a name.
            StoreError: the histories cannot be opened.
            SpaceError: their folder cannot be written.
        """
        if name not in self._opened:
            self._opened[name] = self._open(name)
        return self._opened[name]

    def opened(self) -> list[Owner]:
        """The owners that were used."""
        return [*self._opened.values()]

    async def close(self, seconds: float = 4.0) -> None:
        """Park all meetings, whose turns may take ``seconds`` to end, and close models and histories."""
        import asyncio

        await asyncio.gather(*(owner.meetings.close(seconds) for owner in self.opened()))
        for owner in self.opened():
            await owner.orchestrator.__aexit__()
        self._opened.clear()

    def _open(self, name: str) -> Owner:
        if name and not NAME.fullmatch(name):
            raise UsageError(f"{name!r} is not a name for an owner.", "Use letters, digits, _ and -.")
        settings = self._settings
        if name:
            settings = settings.with_flags(data_folder=str(settings.data_folder / FOLDER / name))
        # Models, roles and types are the same for all; the store is the owner's own.
        known = self._shared
        shared = Shared(known.seed, known.models, known.starting, known.roles, known.types)
        orchestrator = AgentOrchestrator(settings, notice=self._notice, shared=shared)
        self._shared.roles, self._shared.types = orchestrator.roles, orchestrator.types
        orchestrator.meetings.list(limit=1)
        return Owner(name, orchestrator, Background(orchestrator, self.queue, name))
