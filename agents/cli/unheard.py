"""Names in a filter that nobody has: said, with the nearest ones, because an empty list alone may be a slip."""

from difflib import get_close_matches
from typing import TYPE_CHECKING

from agents.cli.desk import tell

if TYPE_CHECKING:
    from collections.abc import Iterable

    from agents.orchestrator import AgentOrchestrator


def say_unheard(orchestrator: "AgentOrchestrator", owner: str, series: str) -> None:
    """Say so when no agent and no owner of an action has this name, or no meeting and no action is of this series.

    Args:
        orchestrator: knows all names.
        owner: a role id, or a person's name; "" for none to look for.
        series: a series; "" for none to look for.
    """
    if owner and owner not in orchestrator.roles:
        owners = {row.owner for row in orchestrator.store.actions.list() if row.owner}
        if owner not in owners:
            near = _near(owner, [*orchestrator.roles, *owners])
            tell(f"No agent is called {owner!r}, and nobody of that name has an action.{near}")
    if series:
        found = {row.series for row in orchestrator.store.actions.list() if row.series}
        found |= {orchestrator.get_meeting(row.id).series for row in orchestrator.list_meetings()} - {""}
        if series not in found:
            tell(f"No meeting was held in a series {series!r}.{_near(series, found)}")


def _near(name: str, known: "Iterable[str]") -> str:
    spelt = {one.lower(): one for one in known}
    near = get_close_matches(name.lower().replace("-", "_").replace(" ", "_"), spelt, n=3, cutoff=0.6)
    return f" Did you mean {', '.join(spelt[one] for one in near)}?" if near else ""
