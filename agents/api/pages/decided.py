"""What was decided in meetings, kept for the next page that asks for it."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Iterable, Sequence
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

Seen = tuple[int, str, bool]
"""How far a meeting was: the number of its events, when the newest was stored, and whether it had ended."""

_KEPT: "WeakKeyDictionary[AgentOrchestrator, OrderedDict[str, tuple[Seen, Outcomes]]]" = WeakKeyDictionary()


async def outcomes_of(orchestrator: "AgentOrchestrator", meetings: Sequence[str]) -> dict[str, Outcomes]:
    """What was decided in some meetings, computed in a thread where it is not known.

    Args:
        orchestrator: has the histories.
        meetings: the full ids.
    """
    kept = _KEPT.setdefault(orchestrator, OrderedDict())
    found, wanted = dict[str, Outcomes](), dict[str, tuple[Seen, Sequence[Event]]]()
    for meeting in meetings:
        seen, known = _seen(orchestrator, meeting), kept.get(meeting)
        if known and known[0] == seen:
            found[meeting] = known[1]
        else:
            wanted[meeting] = seen, orchestrator.meetings.journal(meeting).events()
    if wanted:
        made = await asyncio.to_thread(
            lambda: {meeting: _outcomes(events, ended=seen[-1]) for meeting, (seen, events) in wanted.items()}
        )
        kept.update({meeting: (wanted[meeting][0], outcomes) for meeting, outcomes in made.items()})
        found |= made
    _trim(kept, found)
    return found


def brief_outcomes(orchestrator: "AgentOrchestrator", rows: "Sequence[MeetingRow]") -> dict[str, Outcomes]:
    """What was decided in closed meetings. Of those that are not known, as many are computed as fit into a short time;
    a later call has the others.

    Args:
        orchestrator: has the histories.
        rows: the meetings; nothing is said of one that is not closed.
    """
    kept, until = _KEPT.setdefault(orchestrator, OrderedDict()), time.monotonic() + BRIEF_SECONDS
    found = {}
    for row in rows:
        if row.status != "closed":
            continue
        seen, known = _seen(orchestrator, row.id), kept.get(row.id)
        if known is None or known[0] != seen:
            if time.monotonic() > until:
                continue
            known = (seen, _outcomes(orchestrator.meetings.journal(row.id).events(), ended=True))
        kept[row.id] = known
        found[row.id] = known[1]
    _trim(kept, found)
    return found


def _seen(orchestrator: "AgentOrchestrator", meeting: str) -> Seen:
    """How far a meeting is: a cancelled one opens its votes without a further event."""
    meetings = orchestrator.meetings
    return (*meetings.journal(meeting).newest(), meetings.row(meeting).status in ENDED)


def _trim(kept: "OrderedDict[str, tuple[Seen, Outcomes]]", used: Iterable[str]) -> None:
    """Keep those meetings that were used last."""
    for meeting in used:
        kept.move_to_end(meeting)
    while len(kept) > MOST_KEPT:
        kept.popitem(last=False)


def _outcomes(events: Sequence[Event], *, ended: bool) -> Outcomes:
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
