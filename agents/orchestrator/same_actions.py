"""Which actions of the register are the same task: two reviews of one thing agree on much of the same."""

from collections.abc import Collection, Iterator, Sequence

from agents.documents import PIPED
from agents.meeting import reading
from agents.meeting.minutes import dates
from agents.meeting.record import ActionItem
from agents.store.actions import ActionRow
from agents.store.meetings import Meetings


def same_task(one: str, other: str) -> bool:
    """Whether two tasks are the same apart from their due dates."""
    return reading.similar(dates.without_when(one), dates.without_when(other))


def of_family(action: ActionItem, origin: Sequence[ActionRow], others: Sequence[ActionRow]) -> ActionRow | None:
    """The action of the register that an action of a fork is; None if it is not there.

    Args:
        action: the action.
        origin: the actions of the meetings that the fork comes from.
        others: those of the other forks of these, of which only the same words of the same turn count.
    """
    said = (action.evidence.turn, action.evidence.quote)
    near = (*origin, *(row for row in others if (row.turn, row.quote) == said))
    return next((row for row in near if same_task(action.task, row.task)), None)


def may_be(one: ActionItem | ActionRow, row: ActionRow) -> bool:
    """Whether an action may be one of the register: nearly the same words, and the same owners or one without any."""
    owners = not one.owner or not row.owner or set(one.owners) == set(row.owners)
    return owners and same_task(one.task, row.task)


def alike(row: ActionRow, others: Sequence[ActionRow]) -> list[ActionRow]:
    """The other open actions that may be the same as an open one."""
    return [one for one in others if one.open and row.open and one.id != row.id and may_be(row, one)]


def of_same_matter(meetings: Meetings, rows: Sequence[ActionRow], documents: Collection[str]) -> Iterator[ActionRow]:
    """The actions whose meeting had one of these documents before it, by its name.

    Args:
        meetings: the stored meetings.
        rows: actions of the register.
        documents: names of documents.
    """
    named = set(documents) - {PIPED}  # what is piped is another text each time
    known = {row.id for row in meetings.list()} if named and rows else set()
    shared = {
        name
        for name in {row.meeting for row in rows} & known
        if any(one["name"] in named for one in meetings.spec(name)["documents"])
    }
    return (row for row in rows if row.meeting in shared)
