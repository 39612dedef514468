"""Histories on disk: messages, meetings, actions, speeds, report cards. The only package that opens SQLite.

Import from here: ``Store``; ``actions``, ``backup``, ``database``, ``document_index``, ``meetings``, ``memories``,
``report_cards``, ``requests``, ``search``, ``speeds``, ``sqlite_errors``, ``summaries``.
Never knows: ``agents.export``, ``agents.agent``, ``agents.orchestrator``.
"""

from pathlib import Path
from typing import Self

from agents.log import SILENT, Log
from agents.memory import NO_LIMITS, HistoryLimits
from agents.store import folder_lock, integrity
from agents.store.actions import Actions
from agents.store.database import NAME, Database
from agents.store.meetings import Meetings
from agents.store.memories import Memories
from agents.store.report_cards import ReportCards
from agents.store.requests import Requests
from agents.store.speeds import SpeedLog
from agents.store.sqlite_errors import explaining
from agents.store.summaries import SummaryLog

__all__ = ["Store"]


class Store:
    """All histories: one database in one folder. Use it as a context manager, or call ``close``.

    Args:
        folder: the data folder; created, for this user only, when it does not exist.
        limits: how much each agent may remember.
        log: gets a line when messages are forgotten because of the limits.

    Attributes:
        database: the database file.
        memories: what agents remember.
        summaries: summaries of older conversation.
        meetings: meetings and their events.
        actions: the register of actions.
        speeds: how fast models are on this machine.
        report_cards: what models did when their answers were known.
        requests: which request of a program began which meeting.

    Raises:
        SpaceError: no space, or no permission.
        StoreError: the file is damaged, not ours, or from a newer version.
        Locked: a restore is running.
    """

    def __init__(self, folder: Path, limits: HistoryLimits = NO_LIMITS, log: Log = SILENT) -> None:
        with explaining(folder / NAME):
            self._lock = folder_lock.lock_shared(folder)
        try:
            self.database = Database(folder)
        except BaseException:
            self._lock.close()
            raise
        self.memories = Memories(self.database, limits, log)
        self.summaries = SummaryLog(self.database)
        self.meetings = Meetings(self.database)
        self.actions = Actions(self.database)
        self.speeds = SpeedLog(self.database)
        self.report_cards = ReportCards(self.database)
        self.requests = Requests(self.database)

    @property
    def warning(self) -> str:
        """One line on why this folder is not a safe place for histories; "" when it is one."""
        return self.database.warning

    @property
    def migrated(self) -> str:
        """One line on the migration when this opened a file with an older layout, and where its copy is; else ""."""
        return self.database.migrated

    def check(self) -> None:
        """Read everything and check it.

        Raises:
            StoreError: something is damaged; the cause says where.
        """
        integrity.check(self.database)

    def close(self) -> None:
        """Close the database; a second call does nothing."""
        self.database.close()
        self._lock.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()
