"""What was decided in meetings, kept for the next page that asks for it."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from agents.api.pages.amounts import shortened
from agents.errors import MeetingError
from agents.meeting.codec import values
from agents.meeting.journal import Event
from agents.meeting.minutes import decisions
from agents.meeting.minutes.ballot import record_status
from agents.meeting.minutes.sealed import open_ballot
from agents.meeting.record import Status
from agents.meeting.verdict import Verdict
from agents.orchestrator.background.held import ENDED

if TYPE_CHECKING:
    from agents.orchestrator import AgentOrchestrator
    from agents.store.meetings import MeetingRow

LONGEST = 400
"""The most letters of an outcome."""
BRIEF_SECONDS = 0.04
"""How long the list of meetings may compute outcomes; a meeting takes about a millisecond."""
MOST_KEPT = 500
"""The meetings whose decisions are kept for each owner; they are short."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of what was put to the vote on a topic.

    Attributes:
        name: that of the decision in the minutes, such as "D1".
        said: the outcome, as everything prints it.
        status: "accepted", "rejected", "deferred", "proposed" or "none".
        checked: what a person said about it afterwards, such as "rejected by Ada, 30 Nov"; "" for nothing.
    """

    name: str
    said: str
    status: str
    checked: str = ""


Outcomes = dict[int, Outcome]
"""The outcomes of a meeting, by the number of the topic."""

_KEPT: "WeakKeyDictionary[AgentOrchestrator, OrderedDict[str, tuple[int, Outcomes]]]" = WeakKeyDictionary()
_BRIEF: "WeakKeyDictionary[AgentOrchestrator, OrderedDict[str, tuple[int, Outcomes]]]" = WeakKeyDictionary()


async def outcomes_of(orchestrator: "AgentOrchestrator", meetings: Sequence[str]) -> dict[str, Outcomes]:
    """What was decided in some meetings, computed in a thread where it is not known.

    Args:
        orchestrator: has the histories.
        meetings: the full ids.
    """
    kept = _KEPT.setdefault(orchestrator, OrderedDict())
    found, wanted = dict[str, Outcomes](), dict[str, tuple[Sequence[Event], bool]]()
    for meeting in meetings:
        events = orchestrator.meetings.journal(meeting).events()
        known = kept.get(meeting)
        if known and known[0] == len(events):
            found[meeting] = known[1]
        else:
            wanted[meeting] = events, orchestrator.meetings.row(meeting).status in ENDED
    if wanted:
        made = await asyncio.to_thread(lambda: {meeting: _outcomes(*given) for meeting, given in wanted.items()})
        for meeting, outcomes in made.items():
            kept[meeting] = (len(wanted[meeting][0]), outcomes)
        found |= made
    for meeting in found:
        kept.move_to_end(meeting)
    while len(kept) > MOST_KEPT:
        kept.popitem(last=False)
    return found


def brief_outcomes(orchestrator: "AgentOrchestrator", rows: "Sequence[MeetingRow]") -> dict[str, Outcomes]:
    """What was decided in closed meetings, without what people said about it later. Of those that are not known, as
    many are computed as fit into a short time; a later call has the others.

    Args:
        orchestrator: has the histories.
        rows: the meetings; nothing is said of one that is not closed.
    """
    kept, until = _BRIEF.setdefault(orchestrator, OrderedDict()), time.monotonic() + BRIEF_SECONDS
    found = {}
    for row in rows:
        if row.status != "closed":
            continue
        known = kept.get(row.id)
        if known is None or known[0] != row.turns:
            if time.monotonic() > until:
                continue
            known = (row.turns, _outcomes(orchestrator.meetings.journal(row.id).events(), ended=True))
        kept[row.id] = known
        kept.move_to_end(row.id)
        found[row.id] = known[1]
    while len(kept) > MOST_KEPT:
        kept.popitem(last=False)
    return found


def _outcomes(events: Sequence[Event], ended: bool) -> Outcomes:
    try:
        decided = decisions(events)
    except MeetingError:
        return {}
    if not ended:
        decided.pop(open_ballot(events), None)
    verdicts = {one.entry: one for one in values(events, Verdict)}
    found = {}
    for number, one in decided.items():
        if not one.text:
            continue
        name = f"{number}.D1" if len(decided) > 1 else "D1"
        status = "none" if one.status is Status.NONE else record_status(one)
        checked = shortened(verdicts[name].words, LONGEST) if name in verdicts else ""
        found[number] = Outcome(name, shortened(one.outcome, LONGEST), status, checked)
    return found
