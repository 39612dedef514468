"""Holds a meeting again with other seeds, to see how much of its decisions was chance.

Each run is stored as a meeting of its own. When it has ended, its outcomes are added to the journal of the meeting that
it repeats, so that the minutes of that meeting show them.
"""

from collections.abc import Callable
from dataclasses import replace

from agents.errors import MeetingError, ModelUnavailable, UnknownName, UsageError
from agents.meeting.afterwards import HeldAgain
from agents.meeting.checklist import CHECKLIST
from agents.meeting.codec import keep, values
from agents.meeting.journal import Listener
from agents.meeting.minutes import build
from agents.meeting.record import Minutes
from agents.meeting.spec import MeetingSpec, spec_from
from agents.orchestrator.hold import conduct, minutes_of
from agents.orchestrator.minutes import ExportableMinutes
from agents.orchestrator.resources import Resources
from agents.store.meetings import Meetings, run_of

SEEDS = 2**31 - 1
"""Seeds are smaller than this."""

OnRun = Callable[[HeldAgain], None]


async def repeat(
    resources: Resources,
    meeting_id: str,
    runs: int,
    on_run: OnRun | None = None,
    listen: Listener | None = None,
) -> ExportableMinutes:
    """Hold a meeting again until there are so many runs of it; returns its minutes.

    See ``AgentOrchestrator.repeat_meeting`` for arguments and errors.
    """
    if runs < 1:
        raise UsageError(f"A meeting cannot be repeated {runs} times.", "Give `runs` a number from 1.", about="runs")
    meetings = resources.store.meetings
    origin = origin_of(meetings, meeting_id)
    with meetings.locked(origin):
        journal = meetings.journal(origin)
        events = journal.events()
        spec = _repeatable(meetings, origin, build(events))
        await _refuse_other_models(resources, spec)
        for number in range(len(values(events, HeldAgain)) + 1, runs + 1):
            seed = ((resources.settings.seed or 0) + number) % SEEDS
            called = _stored_run(meetings, spec, number, seed)
            minutes = await conduct(resources, called, listen)
            if minutes.unanswered:
                meetings.set_status(called, "abandoned")
                raise ModelUnavailable(
                    f"The model could not be reached at the end of run {number}, so it does not count.",
                    "Repeat the meeting again when the model answers; finished runs are kept.",
                )
            run = HeldAgain(number, called, seed, outcomes_of(minutes))
            keep(journal, f"repeat.{number}", run)
            if on_run:
                on_run(run)
        return minutes_of(resources, origin)


def origin_of(meetings: Meetings, meeting_id: str) -> str:
    """The id of a meeting, or of the one that it repeats.

    Raises:
        UnknownName: there is no such meeting.
    """
    found = meetings.find(meeting_id)
    return str(meetings.spec(found).get("repeats") or found)


def outcomes_of(minutes: Minutes) -> dict[str, str]:
    """The outcome of each topic that was put to a decision, by the topic's number as text."""
    decided = (topic for topic in minutes.topics if topic.decision.rule != "none")
    return {str(topic.topic.number): topic.decision.outcome for topic in decided}


def _repeatable(meetings: Meetings, origin: str, minutes: Minutes) -> MeetingSpec:
    """The spec with which a meeting began.

    Raises:
        MeetingError: the meeting cannot be repeated.
    """
    spec = spec_from(meetings.journal(origin).events()[0].data)
    if meetings.row(origin).status != "closed":
        raise MeetingError(f"The meeting {origin} is not closed.", "Hold it to its end first.", about="not closed")
    if spec.kind.phases == (CHECKLIST,) or not outcomes_of(minutes):
        raise MeetingError(f"The meeting {origin} made no decision to compare.", "Repeat one that takes votes.")
    if spec.person:
        cause = f"A person took the seat of the {spec.title_of(spec.person)}, who would have to say it all again."
        raise MeetingError(cause, "Repeat a meeting in which agents have all seats.")
    return spec


async def _refuse_other_models(resources: Resources, spec: MeetingSpec) -> None:
    """Check that the same models answer: with others, it would not be chance that decides otherwise.

    Raises:
        MeetingError: other models would answer.
        ModelUnavailable: one cannot be reached or is not there.
    """
    own = resources.for_meeting(spec.council, spec.seed)
    label, _ = await own.models_for(spec.speakers)
    same = own.labels_of(spec.speakers) == spec.models if spec.models else label == spec.model
    if not same:
        cause = f"The meeting {spec.id} was held with {spec.model}, and {label} would answer now."
        raise MeetingError(cause, "Choose the same models.", about="other models", subject=spec.models.get("", ""))


def _stored_run(meetings: Meetings, spec: MeetingSpec, number: int, seed: int) -> str:
    """The id of a run: of the one that was begun, or else of a new one."""
    called = run_of(spec.id, number)
    attempt = 1
    while (status := _status(meetings, called)) == "abandoned":
        attempt += 1
        called = run_of(spec.id, number, attempt)
    if not status:
        note = f"Run {number} of the meeting {spec.id}, held again with the seed {seed}."
        note += " Its actions are not in the register, and no agent remembers it."
        # The note on what a fork keeps is its last one; a run keeps nothing and asks everything.
        notes = spec.notes[:-1] if spec.forked_from else spec.notes
        run = replace(
            spec, id=called, repeats=spec.id, seed=seed, series="", forked_from="", ancestors=(), notes=(*notes, note)
        )
        title = meetings.row(spec.id).title
        meetings.create(called, spec.kind.id, title, run.as_dict())
    return called


def _status(meetings: Meetings, meeting_id: str) -> str:
    try:
        return meetings.row(meeting_id).status
    except UnknownName:
        return ""
