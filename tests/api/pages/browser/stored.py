"""Meetings of every kind, stored before a browser looks at them."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from agents.meeting.journal import Event, Kind
from agents.meeting.minutes import build
from agents.meeting.spec import spec_from
from agents.orchestrator import AgentOrchestrator, forks
from agents.orchestrator.hold import _register
from tests.api.pages.site import keep
from tests.export.meetings import rich_journal
from tests.meeting.speakers import TYPES, journal_of

RICH, OTHER, BROKEN, CANCELLED, PLANNED = (f"20261123-{n}-0001" for n in ("rich", "other", "broken", "gone", "planned"))
"""A meeting with one of everything, the same again, one that was interrupted, one that was cancelled, and a plan."""


def keep_all(types: Sequence[str] = ()) -> None:
    """Store a meeting in each state, with actions and verdicts, and one of each of these meeting types."""
    rich = rich_journal().events()
    with AgentOrchestrator() as orchestrator:
        keep_registered(orchestrator, rich, RICH)
        keep_registered(orchestrator, rich, OTHER)
        judge(orchestrator, RICH)
        keep(orchestrator, rich[: len(rich) // 2], BROKEN, "running")
        keep(orchestrator, rich[:8], CANCELLED, "abandoned")
        plan(orchestrator, PLANNED, rich[0])
        for type_id in types:
            keep_registered(orchestrator, events_of(type_id), f"20261124-{type_id}-0001")


def keep_registered(orchestrator: AgentOrchestrator, events: Sequence[Event], meeting_id: str) -> str:
    """Store a closed meeting, and its actions in the register; returns its id."""
    made = keep(orchestrator, events, meeting_id)
    stored = orchestrator.meetings.journal(made).events()
    spec = spec_from(stored[0].data)
    _register(orchestrator.resources, spec, build(stored), forks.relatives(orchestrator.meetings, spec))
    return made


def plan(orchestrator: AgentOrchestrator, meeting_id: str, called: Event) -> None:
    """Store a meeting that has not begun, with the spec of another one."""
    assert called.kind == Kind.SPEC
    spec = {**called.data, "id": meeting_id}
    orchestrator.meetings.create(meeting_id, spec["type"]["id"], spec["topics"][0], spec)


def judge(orchestrator: AgentOrchestrator, meeting_id: str, words: str = "two servers may fail together") -> None:
    """Confirm, correct and reject entries of a meeting."""
    orchestrator.verdicts.confirm(meeting_id, "1.R1", by="Ada")
    orchestrator.verdicts.correct(meeting_id, "1.R2", words, by="Ada")
    orchestrator.verdicts.reject(meeting_id, "1.R3", by="Ada")
    orchestrator.verdicts.correct(meeting_id, "1.AC1", words, by="Ada")


def events_of(type_id: str) -> list[Event]:
    """What happens in a meeting of this type, held in a thread: beside a running browser there is no place for another
    event loop.
    """
    assert type_id in TYPES
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: journal_of(type_id).events()).result()
