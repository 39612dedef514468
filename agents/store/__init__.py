"""Histories that last: the one place that opens SQLite."""

from pathlib import Path
from types import TracebackType
from typing import Self

from agents.log import SILENT, Log
from agents.memory import NO_LIMITS, Limits
from agents.store import folder_lock
from agents.store.actions import Actions
from agents.store.database import NAME, Database
from agents.store.meetings import Meetings
from agents.store.memories import Memories
from agents.store.speeds import SpeedLog
from agents.store.sqlite_errors import explaining
from agents.store.summaries import SummaryLog

__all__ = ["Store"]


class Store:
    """Everything that is kept: one database in one folder. Use it as a context manager, or call ``close``.

    Args:
        folder: the data folder; made, for this user only, when it is not there.
        limits: how much each agent may remember.
        log: is told what is forgotten because of them.

    Attributes:
        database: the file itself.
        memories: what agents remember.
        summaries: what old stretches of it came to.
        meetings: meetings and their events.
        actions: the register of actions.
        speeds: how fast models are on this machine.

    Raises:
        SpaceError: no space, or no permission.
        StoreError: the file is damaged, not ours, or from a newer version.
        Locked: a restore is going on.
    """

    def __init__(self, folder: Path, limits: Limits = NO_LIMITS, log: Log = SILENT) -> None:
        with explaining(folder / NAME):
            self._presence = folder_lock.enter(folder)
        try:
            self.database = Database(folder)
        except BaseException:
            self._presence.close()
            raise
        self.memories = Memories(self.database, limits, log)
        self.summaries = SummaryLog(self.database)
        self.meetings = Meetings(self.database)
        self.actions = Actions(self.database)
        self.speeds = SpeedLog(self.database)

    @property
    def warning(self) -> str:
        """One line on why this place is a poor one for histories; "" when it is not."""
        return self.database.warning

    def check(self) -> None:
        """Read everything and see whether it is whole.

        Raises:
            StoreError: it is not; the cause says where.
        """
        self.database.check()

    def close(self) -> None:
        """Close the database; a second call does nothing."""
        self.database.close()
        self._presence.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()
