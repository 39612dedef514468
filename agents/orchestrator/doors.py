"""The doors into the house: what stands behind them is opened at first use, and closed in order.

Nothing but the standard library's smallest parts is imported here, because a health check imports this every 30
seconds (docs/decisions/0003).
"""

from __future__ import annotations

TYPE_CHECKING = False  # as typing's, without importing typing
if TYPE_CHECKING:
    import asyncio
    from collections.abc import Coroutine, Sequence
    from types import TracebackType
    from typing import Any, Self, TypeVar

    from agents.meeting.meeting_type import MeetingTypes
    from agents.meeting.plan import Plan
    from agents.meeting.record import Minutes
    from agents.meeting.spec import MeetingCall
    from agents.role import Roles
    from agents.settings import Settings
    from agents.store import Store
    from agents.store.meetings import MeetingRow

    T = TypeVar("T")


class Doors:
    """Opens and closes what an orchestrator works with, and lets blocking callers in.

    Args:
        settings: None reads environment, ``.env`` and file.
        model: the model's name; None takes the settings' own.

    Raises:
        SettingError: a setting is out of range.
    """

    def __init__(self, settings: Settings | None = None, *, model: str | None = None) -> None:
        from agents.orchestrator.resources import Workplace
        from agents.settings import Settings

        self.settings = (settings or Settings.load()).with_flags(model_name=model)
        self.workplace = Workplace(self.settings)
        self._runner: asyncio.Runner | None = None

    @property
    def roles(self) -> Roles:
        """Every role, and what was wrong with the role files that are not among them."""
        return self.workplace.roles

    @property
    def types(self) -> MeetingTypes:
        """Every meeting type, and what was wrong with the type files that are not among them."""
        return self.workplace.types

    @property
    def store(self) -> Store:
        """The histories, opened at first use."""
        return self.workplace.store

    def model_label(self) -> str:
        """Start the model and say how it is named in outputs.

        Raises:
            ModelUnavailable: it cannot be reached or is not there.
        """
        return self.run(self.workplace.model()).label

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run one of the ``a`` methods to its end.

        Raises:
            UsageError: an event loop is running in this thread already.
        """
        import asyncio

        from agents.errors import UsageError

        try:
            asyncio.get_running_loop()
        except RuntimeError:
            if self._runner is None:
                self._runner = asyncio.Runner()
            return self._runner.run(work)
        work.close()
        raise UsageError(
            "This method blocks, and an event loop is running here.", "Await its twin that starts with 'a'."
        )

    def close(self) -> None:
        """Close models, loop and database; a second call does nothing.

        Raises:
            UsageError: an event loop is running in this thread; the database is closed nevertheless.
        """
        try:
            if self._runner is not None:
                self.run(self.workplace.close_models())
                self._runner.close()
                self._runner = None
        finally:
            self.workplace.close_store()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        await self.workplace.close_models()
        self.workplace.close_store()


class MeetingDoors(Doors):
    """What can be done with a meeting besides holding it: plan it, read it, fork it, give it up."""

    def plan_meeting(self, type_id: str, topics: Sequence[str] | str = (), **options: Any) -> tuple[MeetingCall, Plan]:
        """What a meeting would be and cost; nothing is put on record and nobody is asked.

        Args:
            type_id: such as "architecture_review".
            topics: the agenda; empty takes the type's own topic.
            options: as for ``create_meeting``.

        Returns:
            The call: seats, topics, and in its notes what a time box cuts. And the plan, phase by phase.

        Raises:
            UnknownName: no such type or role.
            UsageError: there is no topic, or nobody is left to invite.
            DocumentError: an attachment cannot be read.
        """
        from agents.orchestrator.prepare import draft

        call = draft(self.workplace, type_id, [topics] if isinstance(topics, str) else topics, **options).call
        return call, self.plan_of(call)

    def plan_of(self, call: MeetingCall) -> Plan:
        """What a meeting called like this costs from its start, on this machine, with this orchestrator's model."""
        from agents.orchestrator.prepare import plan

        return plan(self.workplace, call)

    def get_meeting(self, meeting_id: str) -> MeetingCall:
        """How a meeting was called: seats with reasons, topics, documents, what its series left open.

        Raises:
            UnknownName: there is no such meeting.
        """
        from agents.meeting.spec import call_from

        found = self.store.meetings.find(meeting_id)
        events = self.store.meetings.journal(found).events()
        return call_from(events[0].data if events else self.store.meetings.spec(found))

    def fork_meeting(self, meeting_id: str, at: str) -> str:
        """Begin a meeting with what another said up to a turn. Errors are those of ``afork_meeting``."""
        return self.run(self.afork_meeting(meeting_id, at))

    async def afork_meeting(self, meeting_id: str, at: str) -> str:
        """Begin a meeting with what another said up to a turn; ``conduct_meeting`` asks the rest.

        This orchestrator's model speaks from there on. The other meeting stays as it is, and actions that it entered
        into the register are not entered again.

        Args:
            meeting_id: the other meeting, closed, abandoned or not finished.
            at: the last turn to keep, such as "T5"; "0" keeps nothing but the call.

        Returns:
            The new meeting's id.

        Raises:
            UnknownName: there is no such meeting.
            UsageError: it has no such turn.
            MeetingError: it never began.
            ModelUnavailable: the model cannot be reached.
        """
        from agents.orchestrator.hold import fork

        return await fork(self.workplace, meeting_id, at)

    def abandon_meeting(self, meeting_id: str) -> str:
        """Give a meeting up: it cannot be resumed; what was said stays, and it can be forked. Returns its id.

        Raises:
            UnknownName: there is no such meeting.
            MeetingError: it is closed.
            Locked: another process holds it.
        """
        from agents.orchestrator.hold import abandon

        return abandon(self.workplace, meeting_id)

    def list_meetings(self, limit: int | None = None) -> list[MeetingRow]:
        """The meetings on record, newest first."""
        return self.store.meetings.list(limit)

    def get_minutes(self, meeting_id: str) -> Minutes:
        """The minutes of a meeting, as far as it got, as values; no model is needed.

        Raises:
            UnknownName: there is no such meeting.
            MeetingError: it has not begun.
        """
        from agents.orchestrator.hold import minutes_of

        return minutes_of(self.workplace, meeting_id)

    def get_meeting_summary(self, meeting_id: str) -> str:
        """The minutes of a meeting, as far as it got, as Markdown.

        Raises:
            UnknownName: there is no such meeting.
            MeetingError: it has not begun.
        """
        from agents.export.markdown import to_markdown

        return to_markdown(self.get_minutes(meeting_id))
