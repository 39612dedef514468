"""Finds actions of the register by what people call their owners and meetings."""

from dataclasses import replace
from typing import TYPE_CHECKING

from agents.clock import today
from agents.errors import UnknownName
from agents.role.names import joined, parted
from agents.store.actions import CLOSED, DATED, DONE, OVERDUE, REJECTED, UNDATED, Which

if TYPE_CHECKING:
    from agents.orchestrator import AgentOrchestrator
    from agents.role import Roles
    from agents.store.actions import ActionRow

STATES = (OVERDUE, DATED, UNDATED, CLOSED, DONE, REJECTED)
"""How actions may stand: open and due before today, open and due later, open without a day; closed, done, rejected."""
NOBODY = ("nobody", "none", "unassigned")
"""What an owner is called where there is none."""


def find_actions(
    orchestrator: "AgentOrchestrator", *, owner: str = "", open_only: bool = True, overdue: bool = False,
    meeting: str = "", series: str = "",
) -> "list[ActionRow]":  # fmt: skip
    """The actions of the register that all filters let through, oldest first.

    Args:
        orchestrator: has the register and all names.
        owner: names of agents or people, or one of ``NOBODY`` for actions without an owner; "" for any.
        open_only: whether only open ones are meant.
        overdue: whether only open ones that were due before today are meant.
        meeting: a meeting as ``meetings.find`` takes it; "" for any.
        series: the name of a series; "" for any.

    Raises:
        UnknownName: there is no such meeting.

    Example:
        print([row.task for row in find_actions(orchestrator, owner="cto")])
    """
    return orchestrator.actions.list(
        owner=(owner_ids(orchestrator.roles, owner) or "unassigned") if owner else None,
        open_only=open_only,
        overdue_on=today() if overdue else None,
        meeting=_meeting_id(orchestrator, meeting) if meeting else None,
        series=series or None,
    )


class ActionSelection:
    """The actions of the register that filters let through, as many at a time as are wanted.

    Args:
        orchestrator: has the register and all names.
        owner: names of agents or people, or one of ``NOBODY`` for actions without an owner; "" for any.
        meeting: a meeting as ``meetings.find`` takes it; "" for any.
        series: the name of a series; "" for any.

    Raises:
        UnknownName: there is no such meeting.
        UsageError: several meetings are meant.

    Example:
        print(ActionSelection(orchestrator, owner="cto").count("overdue"))
    """

    def __init__(self, orchestrator: "AgentOrchestrator", owner: str = "", meeting: str = "", series: str = "") -> None:
        self._actions = orchestrator.actions
        self._which = Which(
            (owner_ids(orchestrator.roles, owner) or "unassigned") if owner else None,
            _meeting_id(orchestrator, meeting) if meeting else None,
            series or None,
            day=today(),
        )

    def count(self, state: str = "") -> int:
        """How many there are in one of ``STATES``, or in all."""
        return self._actions.count(replace(self._which, state=state))

    def part(self, state: str, limit: int, skip: int = 0) -> "list[ActionRow]":
        """Some of those in one of ``STATES``, the most urgent first; of closed ones, the latest first."""
        return self._actions.part(replace(self._which, state=state), limit, skip)


def owner_ids(roles: "Roles", name: str) -> str | None:
    """The ids of the roles with these names, and other names as they are; None for nobody.

    Args:
        roles: all roles.
        name: names between commas, or one of ``NOBODY``.

    Example:
        print(owner_ids(orchestrator.roles, "CTO, Ada"))
    """
    return None if name.strip().lower() in NOBODY else joined([_one_owner(roles, one) for one in parted(name)])


def _one_owner(roles: "Roles", name: str) -> str:
    try:
        return roles[name].id
    except UnknownName:
        return name


def _meeting_id(orchestrator: "AgentOrchestrator", name: str) -> str:
    """The id of a meeting; a deleted meeting is still known by the full id that its actions have."""
    try:
        return orchestrator.meetings.find(name)
    except UnknownName:
        if orchestrator.actions.list(meeting=name):
            return name
        raise
