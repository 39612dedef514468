"""What a store must be able to do, whatever keeps the data; the tests called ``test_conformance_...`` hold it to that.

The methods are described where they are first implemented: in ``memories``, ``summaries``, ``meetings``, ``actions``
and ``speeds``.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Protocol, Self, TypeAlias

from agents.meeting.journal import Event, Journal
from agents.memory import Remembered, Summary

if TYPE_CHECKING:
    from types import TracebackType

    from agents.store.actions import ActionRow, Change
    from agents.store.meetings import Found, MeetingRow
    from agents.store.memories import AgentStats
    from agents.store.speeds import Speeds

MeetingRows: TypeAlias = "list[MeetingRow]"
ActionRows: TypeAlias = "list[ActionRow]"


class MemoryStore(Protocol):
    """Every agent's history."""

    def add(self, agent: str, session: str, author: str, text: str, *, tokens: int = 0, pinned: bool = False) -> int:
        """Keep one message durably; returns its number."""

    def recent(
        self, agent: str, session: str | None = None, *, limit: int = 200, after: int = 0, before: int = 2**62
    ) -> list[Remembered]:
        """The newest messages of an agent between two numbers, oldest first; of one session, or of all."""

    def since(self, agent: str, moment: datetime, *, limit: int = 200) -> list[Remembered]:
        """The newest messages of an agent that are not older than ``moment``, oldest first."""

    def search(self, terms: str, agent: str | None = None, *, limit: int = 20) -> list[Remembered]:
        """The messages that match any of the words, best first."""

    def snippets(self, terms: str, agent: str | None = None, limit: int = 20) -> list[tuple[Remembered, str]]:
        """Like ``search``, each with a piece of its text in which the words found stand in square brackets."""

    def pinned(self, agent: str) -> list[Remembered]:
        """The agent's pinned notes, oldest first."""

    def pin(self, agent: str, text: str, *, tokens: int = 0) -> int:
        """Keep a note that is never pruned; returns its number."""

    def unpin(self, number: int) -> Remembered:
        """Let a pinned note become a memory like any other."""

    def clear(self, agent: str, session: str | None = None, *, everything: bool = False) -> int:
        """Forget an agent's history, or one conversation of it, with its summaries; returns how many messages went."""

    def clear_all(self, *, everything: bool = False) -> int:
        """Forget all agents' histories and summaries; returns how many messages went."""

    def prune(
        self,
        older_than: datetime | None = None,
        keep_last: int | None = None,
        agent: str | None = None,
        *,
        dry_run: bool = False,
    ) -> int:
        """Forget old messages, never pinned ones; returns how many went."""

    def trim(self, agent: str, *, messages: int, octets: int) -> int:
        """Forget an agent's oldest messages until it keeps within limits; returns how many went."""

    def stats(self) -> "list[AgentStats]":
        """How much each agent remembers, in alphabetical order."""

    def compact(self) -> int:
        """Give free space back; returns the bytes won."""

    def export(self, agent: str | None = None) -> Iterator[Remembered]:
        """Everything one agent, or all of them, remember, oldest first."""

    def load(self, messages: Iterable[Remembered]) -> int:
        """Add exported messages that are not there yet; returns how many were added."""


class SummaryStore(Protocol):
    """What old stretches of talk came to."""

    def add(self, summary: Summary) -> bool:
        """Keep a summary durably; returns whether it was kept."""

    def latest(self, agent: str, session: str) -> Summary | None:
        """The summary of a session that is in force."""

    def current(self, agent: str) -> list[Summary]:
        """The summary in force of each of an agent's sessions, the one made first before the others."""

    def export(self, agent: str | None = None) -> list[Summary]:
        """Every summary kept, of one agent or of all, oldest first."""

    def load(self, summaries: Iterable[Summary]) -> int:
        """Add exported summaries that are not there yet, after their messages; returns how many were added."""


class MeetingStore(Protocol):
    """Every meeting there was."""

    def create(self, meeting_id: str, type_id: str, title: str, spec: Mapping[str, Any]) -> None:
        """Put a meeting on record."""

    def spec(self, meeting_id: str) -> dict[str, Any]:
        """What was settled when the meeting was called."""

    def append(self, meeting_id: str, kind: str, key: str, data: Mapping[str, Any]) -> Event:
        """Put one event on the record."""

    def events(self, meeting_id: str) -> list[Event]:
        """Everything that happened in a meeting, in order."""

    def journal(self, meeting_id: str) -> Journal:
        """The log of one meeting."""

    def row(self, meeting_id: str) -> "MeetingRow":
        """A meeting as a list shows it."""

    def set_status(self, meeting_id: str, status: str) -> None:
        """Say how far a meeting is."""

    def find(self, prefix: str) -> str:
        """The id that somebody means."""

    def delete(self, meeting_id: str) -> None:
        """Take a meeting off the record."""

    def hold(self, meeting_id: str) -> AbstractContextManager[None]:
        """Be the only one who takes this meeting further."""

    def search(self, terms: str, limit: int = 20) -> "list[Found]":
        """What was said in meetings that has any of the words, best first."""

    def list(self, limit: int | None = None, type_id: str | None = None, status: str | None = None) -> MeetingRows:
        """Meetings, newest first."""


class ActionStore(Protocol):
    """The register of actions."""

    def add(
        self,
        *,
        meeting_id: str,
        key: str,
        series: str,
        topic: str,
        task: str,
        owner: str | None,
        due: date | None,
        due_text: str,
        turn: str,
        quote: str,
        verified: bool,
    ) -> str:
        """Enter an action; returns its id."""

    def get(self, action_id: str) -> "ActionRow":
        """An action by its id."""

    def done(self, action_id: str, note: str = "", *, who: str = "") -> "ActionRow":
        """It has been done."""

    def reopen(self, action_id: str, *, who: str = "") -> "ActionRow":
        """It has not been done after all."""

    def assign(self, action_id: str, owner: str | None, *, who: str = "") -> "ActionRow":
        """Somebody else, or nobody, is to do it."""

    def set_due(self, action_id: str, due: date | None, *, who: str = "") -> "ActionRow":
        """It is to be done by another day, or by none."""

    def note(self, action_id: str, what: str, *, who: str = "") -> None:
        """Something happened to an action that changes nothing."""

    def changes(self, action_id: str) -> "list[Change]":
        """What happened to an action, oldest first."""

    def list(
        self,
        owner: str | None = None,
        open_only: bool = False,
        overdue_on: date | None = None,
        meeting: str | None = None,
        series: str | None = None,
    ) -> ActionRows:
        """Actions, oldest first."""


class SpeedStore(Protocol):
    """The measured calls."""

    def record(
        self,
        model: str,
        machine: str,
        prompt_tokens: int,
        evaluated: int,
        prompt_seconds: float,
        reply_tokens: int,
        reply_seconds: float,
    ) -> None:
        """Keep the numbers of one call."""

    def measured(self, model: str) -> "Speeds | None":
        """How fast a model has been lately; None when that is unknown."""


class AnyStore(Protocol):
    """Everything that is kept."""

    @property
    def memories(self) -> MemoryStore:
        """What agents remember."""

    @property
    def summaries(self) -> SummaryStore:
        """What old stretches of it came to."""

    @property
    def meetings(self) -> MeetingStore:
        """Meetings and their events."""

    @property
    def actions(self) -> ActionStore:
        """The register of actions."""

    @property
    def speeds(self) -> SpeedStore:
        """How fast models are on this machine."""

    @property
    def warning(self) -> str:
        """One line on why this place is a poor one for histories; "" when it is not."""

    def check(self) -> None:
        """Read everything and see whether it is whole."""

    def close(self) -> None:
        """Let go of everything; a second call does nothing."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: "TracebackType | None"
    ) -> None: ...
