"""Working out a meeting before anybody is asked: who comes, what it costs, what a time box cuts."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from math import inf

from agents.documents import read_all
from agents.errors import UsageError
from agents.meeting.invite import facilitator_of, invite
from agents.meeting.meeting_type import MeetingType
from agents.meeting.plan import GUESSED, Pace, Plan, Planner, trimmed
from agents.meeting.record import Seat
from agents.meeting.room.series import Merge, merged, owner_seats, topic_text
from agents.meeting.spec import MeetingSpec, OpenAction, topics_from
from agents.model import open_model, provider_of, rough_tokens
from agents.orchestrator.request import MeetingRequest
from agents.orchestrator.resources import Resources
from agents.store.document_index import PassageIndex


@dataclass(frozen=True, slots=True)
class Draft:
    """A meeting as it would be called now; nothing is on record yet.

    Attributes:
        call: the meeting.
        texts: its own topics.
        merges: open actions of its series that say the same.
    """

    call: MeetingSpec
    texts: tuple[str, ...]
    merges: tuple[Merge, ...]


def draft(resources: Resources, request: MeetingRequest) -> Draft:
    """Work out the meeting that a request describes: seats, topics, what a time box cuts.

    Raises:
        UnknownName: no such type or role.
        UsageError: there is no topic, or no participant is left.
        DocumentError: an attachment cannot be read.
    """
    kind = resources.types[request.type_id]
    agents, invited, without = (_names(each) for each in (request.agents, request.invited, request.without))
    topics = [request.topics] if isinstance(request.topics, str) else request.topics
    texts = [" ".join(text.split()) for text in topics if text.strip()] or ([kind.topic] if kind.topic else [])
    if not texts:
        raise UsageError(f"There is no topic for {kind.title.lower()}.", "Pass `topics`.", about="topics")
    documents = tuple(read_all(request.attach))
    said = [*texts, *(document.text for document in documents)]
    seats = invite(
        resources.roles, kind, said, only=agents, more=invited, without=without, chair=request.chair, me=request.me
    )
    lead = facilitator_of(kind, seats, resources.roles[request.chair].id if request.chair else "")
    left, merges = merged(_open_actions(resources, request.series)) if request.series else ([], [])
    if left and not agents:
        away = {resources.roles[name].id for name in without}
        seats += _owners(resources, left, [*(seat.role for seat in seats), *away])
    day = _day(request.held)
    call = MeetingSpec(
        id=f"{day.isoformat().replace('-', '')}-{kind.id}-{random.SystemRandom().randrange(36**4):04x}",
        kind=kind,
        topics=topics_from([topic_text(request.series), *texts] if left else texts),
        seats=seats,
        facilitator=lead,
        held=day,
        model=resources.settings.model_name,
        documents=documents,
        context_tokens=resources.settings.num_ctx,
        series=request.series,
        control=request.control,
        open_actions=tuple(left),
        notes=(*_checklist(resources), *_nobody_called(resources, kind, agents), *(str(merge) for merge in merges)),
    )
    if request.time_box is not None:
        if not 0 < request.time_box < inf:
            raise UsageError(f"A time box of {request.time_box} minutes is not possible.", "Give more than 0 minutes.")
        call = _boxed(resources, call, request.time_box)
    return Draft(call, tuple(texts), tuple(merges))


def _names(given: Sequence[str]) -> list[str]:
    """Names without the empty ones; a single text is one name, not a list of letters."""
    return [name for name in ([given] if isinstance(given, str) else given) if name]


def _day(held: date | None) -> date:
    if held is None or isinstance(held, datetime):
        return (held or datetime.now().astimezone()).date()
    if not isinstance(held, date):
        raise UsageError(f"{held!r} is not a date.", "Give ``held`` a datetime.date.")
    return held


def _checklist(resources: Resources) -> Iterator[str]:
    """What a reader must know of a meeting in which no language model speaks."""
    if provider_of(resources.settings.model_name).by_rule:
        yield "These minutes are a checklist: the roles' own lists, held against the words by rule."


def _nobody_called(resources: Resources, kind: MeetingType, asked_for: Sequence[str]) -> Iterator[str]:
    """A note on each participant of the type that is no role here; whoever was asked for by name is known."""
    for name in () if asked_for else dict.fromkeys((*kind.participants, kind.facilitator)):
        if name not in resources.roles:
            yield f"The type invites {name}, and there is no such role here."


def create(resources: Resources, worked_out: Draft) -> str:
    """Put a meeting on record, and join in the register what it found twice there; returns the meeting's id."""
    call, actions = worked_out.call, resources.store.actions
    for merge in worked_out.merges:
        before, kept = actions.get(merge.kept.id), merge.kept
        if before.owner != kept.owner:
            actions.assign(kept.id, kept.owner, who=call.id)
        if before.due != kept.due:
            actions.set_due(kept.id, kept.due, who=call.id)
        if actions.get(merge.closed).open:
            actions.done(merge.closed, f"merged into {kept.id}", who=call.id)
    resources.store.meetings.create(call.id, call.kind.id, "; ".join(worked_out.texts), call.as_dict())
    return call.id


def plan(resources: Resources, call: MeetingSpec) -> Plan:
    """What a meeting costs from its start, on this machine, with the model in force."""
    passages = [passage for document in call.documents for passage in document.passages()]
    with PassageIndex(passages) as index:
        return _planner(resources, index if passages else None).plan(call)


def _planner(resources: Resources, index: PassageIndex | None) -> Planner:
    return Planner(resources.roles, rough_tokens, index, _pace(resources))


def _pace(resources: Resources) -> Pace | None:
    """How fast the model has been here; a guess where it was never measured."""
    settings = resources.settings
    if not provider_of(settings.model_name).takes_time:
        return None
    found = resources.store.speeds.measured(open_model(settings.model_name, settings).label)
    pace = Pace(found.prompt_tps, found.reply_tps, found.calls) if found else GUESSED
    return replace(pace, parallel=settings.parallel)


def _boxed(resources: Resources, call: MeetingSpec, minutes: float) -> MeetingSpec:
    """The meeting cut to a time box, with notes of what was cut."""
    passages = [passage for document in call.documents for passage in document.passages()]
    with PassageIndex(passages) as index:
        planner = _planner(resources, index if passages else None)
        call, cut = trimmed(call, minutes, planner)
        expected = planner.plan(call).minutes
    box = f"{minutes:g} minute{'' if minutes == 1 else 's'}"
    notes = [f"Cut to fit {box}: {what}" for what in cut]
    if planner.pace is None:
        notes.append(f"The time box of {box} cuts nothing: no language model is asked.")
    if expected > minutes:
        length = "1 minute was" if round(expected) == 1 else f"{expected:.0f} minutes were"
        notes.append(f"Even so, about {length} expected, not {minutes:g}.")
    return replace(call, notes=(*call.notes, *notes))


def _open_actions(resources: Resources, name: str) -> list[OpenAction]:
    rows = resources.store.actions.list(series=name, open_only=True)
    return [OpenAction(row.id, row.task, row.owner, row.due, row.meeting) for row in rows]


def _owners(resources: Resources, left: Sequence[OpenAction], seated: Sequence[str]) -> tuple[Seat, ...]:
    titles = {name: role.title for name, role in resources.roles.items()}
    return tuple(owner_seats(left, titles, seated))
