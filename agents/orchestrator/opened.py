"""What an orchestrator has open: settings, roles, models and histories, from its first use until it is closed."""

from __future__ import annotations

TYPE_CHECKING = False  # like typing.TYPE_CHECKING, without importing typing
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Self, Unpack

    from agents.meeting.meeting_type import MeetingTypes
    from agents.orchestrator.resources import Shared
    from agents.role import Roles
    from agents.settings import Settings
    from agents.settings.keywords import Keywords
    from agents.store.actions import Actions
    from agents.store.meetings import Meetings
    from agents.store.memories import Memories
    from agents.store.requests import Requests
    from agents.store.speeds import SpeedLog
    from agents.store.summaries import SummaryLog


class Opened:
    """What ``AgentOrchestrator`` works with, opened at first use; see there."""

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        notice: Callable[[str], None] | None = None,
        shared: Shared | None = None,
        **keywords: Unpack[Keywords],
    ) -> None:
        from agents.orchestrator.backups import Backups
        from agents.orchestrator.histories import Histories
        from agents.orchestrator.loop import Loop
        from agents.orchestrator.report_cards import ReportCards
        from agents.orchestrator.resources import Resources
        from agents.orchestrator.verdicts import Verdicts
        from agents.settings import with_keywords

        self.resources = Resources(with_keywords(settings, keywords), notice, shared)
        self.histories = Histories(self.resources)
        self.backups = Backups(self.settings)
        self._loop = Loop(self.resources.check)
        self.report_cards = ReportCards(self.resources, self._loop)
        self.verdicts = Verdicts(self.resources)

    @property
    def settings(self) -> Settings:
        """The settings in force; ``use_model`` changes the model."""
        return self.resources.settings

    @property
    def roles(self) -> Roles:
        """Every role, and the problems of the role files that were left out."""
        return self.resources.roles

    @property
    def types(self) -> MeetingTypes:
        """Every meeting type, and the problems of the type files that were left out."""
        return self.resources.types

    @property
    def memories(self) -> Memories:
        """What each agent remembers: read, search, pin, prune."""
        return self.resources.store.memories

    @property
    def summaries(self) -> SummaryLog:
        """Summaries of older conversation."""
        return self.resources.store.summaries

    @property
    def meetings(self) -> Meetings:
        """The stored meetings: find, read the journal, see which one is held now, delete."""
        return self.resources.store.meetings

    @property
    def actions(self) -> Actions:
        """The register of actions that meetings agreed on, or that people took on afterwards."""
        return self.resources.store.actions

    @property
    def requests(self) -> Requests:
        """Which request of a program began which meeting."""
        return self.resources.store.requests

    @property
    def speeds(self) -> SpeedLog:
        """How fast models have been on this machine."""
        return self.resources.store.speeds

    def close(self) -> None:
        """Close models, loop and database; a second call does nothing. A closed orchestrator cannot be used again.

        Raises:
            UsageError: an event loop is running in this thread; the database is closed nevertheless. Or it is used by
                another thread; nothing is closed then.

        Example:
            AgentOrchestrator(model="rehearsal").close()
        """
        if not self.resources.closed:
            self.resources.check()
        try:
            self._loop.close(self.resources.close_models)
        finally:
            self.resources.close_store()

    def __enter__(self) -> Self:
        self.resources.check()
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    async def __aenter__(self) -> Self:
        self.resources.check()
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self.resources.close_models()
        self.resources.close_store()

    def model_label(self) -> str:
        """Start the model and return its name as outputs and minutes show it.

        Raises:
            ModelUnavailable: it cannot be reached, or it is not there.

        Example:
            print(orchestrator.model_label())  # such as "ollama:llama3.2"
        """
        return self._loop.runner().run(self.resources.model()).label

    def use_model(self, name: str) -> str:
        """Start another model and let it answer from now on; returns its label. If it fails, the old one stays.

        Raises:
            ModelUnavailable: it cannot be reached, or it is not there.
            UsageError: this is not a name that a model can have.

        Example:
            print(orchestrator.use_model("rehearsal"), "answers from now on.")
        """
        return self._loop.runner().run(self.resources.use_model(name)).label

    def count_tokens(self, text: str) -> int:
        """About how many tokens a text is for the model.

        Raises:
            ModelUnavailable: it cannot be reached, or it is not there.

        Example:
            print(orchestrator.count_tokens("Move the sessions to Redis?"))
        """
        return self._loop.runner().run(self.resources.model()).count_tokens(text)
