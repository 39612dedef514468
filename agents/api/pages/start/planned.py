"""What a meeting will cost, kept for some seconds, since it takes longer to compute than a page may take."""

import time
from collections import OrderedDict
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from agents.api.pages.visit import Visit

if TYPE_CHECKING:
    from agents.meeting.plan import Plan
    from agents.orchestrator import AgentOrchestrator

MOST_KEPT = 16
KEPT_SECONDS = 60.0
"""How long an estimate counts: the pace of the model may be measured meanwhile."""

_KEPT: "WeakKeyDictionary[AgentOrchestrator, OrderedDict[str, tuple[float, Plan]]]" = WeakKeyDictionary()


async def planned(visit: Visit, meeting_id: str) -> "Plan":
    """The estimate for a meeting from its start.

    Args:
        visit: the request.
        meeting_id: the full id.

    Raises:
        UnknownName: there is no such meeting.
    """
    kept = _KEPT.setdefault(visit.owner.orchestrator, OrderedDict())
    at, known = kept.get(meeting_id, (0.0, None))
    if known is None or time.monotonic() - at > KEPT_SECONDS:
        known, at = await visit.owner.meetings.plan(meeting_id), time.monotonic()
    kept[meeting_id] = at, known
    kept.move_to_end(meeting_id)
    while len(kept) > MOST_KEPT:
        kept.popitem(last=False)
    return known
