"""Working out a meeting before anybody is asked: who comes, what it costs, what a time box cuts."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from math import inf

from agents.errors import UsageError
from agents.meeting.invite import facilitator_of, invite
from agents.meeting.meeting_type import MeetingType
from agents.meeting.plan import GUESSED, Pace, Plan, Planner, trimmed
from agents.meeting.record import Seat
from agents.meeting.room.series import Merge, merged, owner_seats, topic_text
from agents.meeting.spec import MeetingCall, OpenAction, topics_from
from agents.model import open_model, provider_of, rough_tokens
from agents.orchestrator.ask import Attachments, listed, read_all
from agents.orchestrator.resources import Workplace
from agents.store.document_index import PassageIndex


@dataclass(frozen=True, slots=True)
class Draft:
    """A meeting as it would be called now; nothing is on record yet.

    Attributes:
        call: the meeting.
        texts: its own topics.
        merges: open actions of its series that say the same.
    """

    call: MeetingCall
    texts: tuple[str, ...]
    merges: tuple[Merge, ...]


def draft(
    workplace: Workplace,
    type_id: str,
    topics: Sequence[str] = (),
    *,
    attach: Attachments = (),
    agents: Sequence[str] = (),
    invited: Sequence[str] = (),
    without: Sequence[str] = (),
    chair: str = "",
    me: str = "",
    control: bool = False,
    series: str = "",
    held: date | None = None,
    time_box: float | None = None,
) -> Draft:
    """Work out a meeting; ``AgentOrchestrator.create_meeting`` says the rest."""
    kind = workplace.types[type_id]
    agents, invited, without = ([one for one in listed(each) if one] for each in (agents, invited, without))
    texts = [" ".join(text.split()) for text in topics if text.strip()] or ([kind.topic] if kind.topic else [])
    if not texts:
        raise UsageError(f"There is no topic for {kind.title.lower()}.", 'Give one: --topic "..."')
    documents = tuple(read_all(attach))
    said = [*texts, *(document.text for document in documents)]
    seats = invite(workplace.roles, kind, said, only=agents, more=invited, without=without, chair=chair, me=me)
    lead = facilitator_of(kind, seats, workplace.roles[chair].id if chair else "")
    left, merges = merged(_open_actions(workplace, series)) if series else ([], [])
    if left and not agents:
        away = {workplace.roles[name].id for name in without}
        seats += _owners(workplace, left, [*(seat.role for seat in seats), *away])
    day = _day(held)
    call = MeetingCall(
        id=f"{day.isoformat().replace('-', '')}-{kind.id}-{random.SystemRandom().randrange(36**4):04x}",
        kind=kind,
        topics=topics_from([topic_text(series), *texts] if left else texts),
        seats=seats,
        facilitator=lead,
        held=day,
        model=workplace.settings.model_name,
        documents=documents,
        context_tokens=workplace.settings.num_ctx,
        series=series,
        control=control,
        open_actions=tuple(left),
        notes=(*_checklist(workplace), *_nobody_called(workplace, kind, agents), *(str(merge) for merge in merges)),
    )
    if time_box is not None:
        if not 0 < time_box < inf:
            raise UsageError(f"{time_box} minutes are no time box.", "Give more than 0 minutes.")
        call = _boxed(workplace, call, time_box)
    return Draft(call, tuple(texts), tuple(merges))


def _day(held: date | None) -> date:
    if held is None or isinstance(held, datetime):
        return (held or datetime.now().astimezone()).date()
    if not isinstance(held, date):
        raise UsageError(f"{held!r} is no day.", "Give held a datetime.date.")
    return held


def _checklist(workplace: Workplace) -> Iterator[str]:
    """What a reader must know of a meeting in which no language model speaks."""
    if provider_of(workplace.settings.model_name).by_rule:
        yield "These minutes are a checklist: the roles' own lists, held against the words by rule."


def _nobody_called(workplace: Workplace, kind: MeetingType, asked_for: Sequence[str]) -> Iterator[str]:
    """A note on each participant of the type that is no role here; whoever was asked for by name is known."""
    for name in () if asked_for else dict.fromkeys((*kind.participants, kind.facilitator)):
        if name not in workplace.roles:
            yield f"The type invites {name}, and there is no such role here."


def create(workplace: Workplace, worked_out: Draft) -> str:
    """Put a meeting on record, and join in the register what it found twice there; returns the meeting's id."""
    call, actions = worked_out.call, workplace.store.actions
    for merge in worked_out.merges:
        before, kept = actions.get(merge.kept.id), merge.kept
        if before.owner != kept.owner:
            actions.assign(kept.id, kept.owner, who=call.id)
        if before.due != kept.due:
            actions.set_due(kept.id, kept.due, who=call.id)
        if actions.get(merge.gone).open:
            actions.done(merge.gone, f"merged into {kept.id}", who=call.id)
    workplace.store.meetings.create(call.id, call.kind.id, "; ".join(worked_out.texts), call.as_dict())
    return call.id


def plan(workplace: Workplace, call: MeetingCall) -> Plan:
    """What a meeting called like this will cost; ``AgentOrchestrator.plan_meeting`` says the rest."""
    passages = [passage for document in call.documents for passage in document.passages()]
    with PassageIndex(passages) as index:
        return _planner(workplace, index if passages else None).plan(call)


def _planner(workplace: Workplace, index: PassageIndex | None) -> Planner:
    return Planner(workplace.roles, rough_tokens, index, _pace(workplace))


def _pace(workplace: Workplace) -> Pace | None:
    """How fast the model has been here; a guess where it was never measured."""
    settings = workplace.settings
    if not provider_of(settings.model_name).takes_time:
        return None
    found = workplace.store.speeds.measured(open_model(settings.model_name, settings).label)
    pace = Pace(found.prompt_tps, found.reply_tps, found.calls) if found else GUESSED
    return replace(pace, parallel=settings.parallel)


def _boxed(workplace: Workplace, call: MeetingCall, minutes: float) -> MeetingCall:
    """The meeting cut to a time box, with notes of what was cut."""
    passages = [passage for document in call.documents for passage in document.passages()]
    with PassageIndex(passages) as index:
        planner = _planner(workplace, index if passages else None)
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


def _open_actions(workplace: Workplace, name: str) -> list[OpenAction]:
    rows = workplace.store.actions.list(series=name, open_only=True)
    return [OpenAction(row.id, row.task, row.owner, row.due, row.meeting) for row in rows]


def _owners(workplace: Workplace, left: Sequence[OpenAction], seated: Sequence[str]) -> tuple[Seat, ...]:
    titles = {name: role.title for name, role in workplace.roles.items()}
    return tuple(owner_seats(left, titles, seated))
