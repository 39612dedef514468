"""Prepares meetings: decides who is invited, shortens the meeting to a time box, and estimates what it costs."""

import asyncio
import random
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from math import inf

from agents.clock import today
from agents.documents import Document, read_all
from agents.errors import MaterialMissing, UnknownName, UsageError
from agents.meeting.checklist import WHOLE_CONTEXT, checklist_of
from agents.meeting.invite import facilitator_of, heard, invite
from agents.meeting.meeting_type import MeetingType
from agents.meeting.plan import GUESSED, Pace, Plan, Planner, trimmed, with_controls
from agents.meeting.record import DECISION_MAKER, Seat
from agents.meeting.room.series import Merge, merged, owner_seats, topic_text
from agents.meeting.spec import MeetingSpec, OpenAction, Wishes, topics_from
from agents.model import open_model, provider_of, rough_tokens
from agents.orchestrator import council, outcomes, quality
from agents.orchestrator.request import MeetingRequest, listed
from agents.orchestrator.resources import Resources
from agents.role import Role
from agents.role.names import Names, RoleNames, problem_of
from agents.store.document_index import PassageIndex, searchable

CHECKLIST_NOTE = (
    "This is a checklist, not a meeting: a rule compared the lists of the roles with the documents. "
    "Nobody judged a line, and nothing was decided."
)
DECIDES = Role(DECISION_MAKER, "Decision maker", mission="You decide, and the others advise.")
"""The role of a person who takes the seat of no role."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A meeting that is not stored yet.

    Attributes:
        spec: its spec.
        texts: its topics, without the one about open actions.
        merges: open actions of its series with the same task.
    """

    spec: MeetingSpec
    texts: tuple[str, ...]
    merges: tuple[Merge, ...]


def draft(resources: Resources, request: MeetingRequest) -> Draft:
    """Prepare the meeting that a request describes: seats, topics, and what a time box cuts.

    With a model that answers by rule, it becomes a checklist of the same seats. The words of its topics then make no
    difference: they invite nobody.

    Raises:
        UnknownName: no such type or role.
        UsageError: there is no topic, or no participant is left; or a person wants a seat in a checklist; or a council
            names no models.
        MaterialMissing: the type is about a document, and none is attached.
        DocumentError: an attachment cannot be read.
    """
    whole = _drafted(resources, _asked(resources, request))
    if request.time_box is None:
        return whole
    return replace(whole, spec=_boxed(*_to_box(resources, whole.spec), whole.spec, request.time_box))


async def draft_aside(resources: Resources, request: MeetingRequest) -> Draft:
    """The same inside an event loop: documents are read, and what takes long is computed, in a thread."""
    request = replace(request, attach=await asyncio.to_thread(read_all, request.attach))
    while True:
        await asyncio.to_thread(heard, _asked(resources, request).said)
        asked = _asked(resources, request)
        whole = _drafted(resources, asked)
        if request.time_box is None:
            return whole
        given = _to_box(resources, whole.spec)
        spec = await asyncio.to_thread(_boxed, *given, whole.spec, request.time_box)
        if _asked(resources, request) == asked:  # nobody changed open actions of the series meanwhile
            return replace(whole, spec=spec)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a request asks for, with the documents read and the open actions of its series.

    Attributes:
        request: the request.
        names: the names of the models of its council.
        by_rule: whether a rule answers and no model.
        kind: the meeting type.
        documents: the documents.
        texts: the topics, without the one about open actions.
        left: the open actions.
        merges: those with the same task.
    """

    request: MeetingRequest
    names: tuple[str, ...]
    by_rule: bool
    kind: MeetingType
    documents: tuple[Document, ...]
    texts: tuple[str, ...]
    left: tuple[OpenAction, ...]
    merges: tuple[Merge, ...]

    @property
    def said(self) -> tuple[str, ...]:
        """The words that may invite further roles."""
        return (*(() if self.by_rule else self.texts), *(document.text for document in self.documents))


def _asked(resources: Resources, request: MeetingRequest) -> _Asked:
    names = council.named(request.council)
    by_rule = not names and provider_of(resources.settings.model_name).by_rule
    if by_rule:
        request = _without_meeting(request)
    kind = resources.types[request.type_id]
    kind = checklist_of(kind) if by_rule else kind
    left, merges = merged(_open_actions(resources, request.series)) if request.series else ([], [])
    documents = tuple(read_all(request.attach))
    texts = _texts(request, kind, documents, left)
    return _Asked(request, tuple(names), by_rule, kind, documents, tuple(texts), tuple(left), tuple(merges))


def _drafted(resources: Resources, asked: _Asked) -> Draft:
    """The meeting as it would be without a time box."""
    request, kind, left, documents = asked.request, asked.kind, asked.left, asked.documents
    names, by_rule, texts, merges = asked.names, asked.by_rule, asked.texts, asked.merges
    room = _room(resources, request, kind, asked.said, left)
    before = outcomes.earlier(resources.store.meetings, request.series) if request.series else []
    models = council.dealt(names, room.seats, room.facilitator, _given(resources))
    resources = resources.for_meeting(models)
    day = _day(request.held)
    spec = MeetingSpec(
        id=f"{day.isoformat().replace('-', '')}-{kind.id}-{random.SystemRandom().randrange(36**4):04x}",
        kind=kind,
        topics=topics_from([topic_text(request.series), *texts] if left else ["; ".join(texts)] if by_rule else texts),
        seats=room.seats,
        facilitator=room.facilitator,
        held=day,
        model=resources.settings.model_name,
        documents=documents,
        context_tokens=WHOLE_CONTEXT if by_rule else resources.settings.num_ctx,
        reading_turns=resources.settings.reading_turns,
        reads_closely=quality.reads_closely(resources, room.seats),
        series=request.series,
        control=request.control,
        open_actions=tuple(left),
        roles=room.roles,
        decider=room.decider,
        words=request.words,
        council=models,
        earlier=tuple(before),
        notes=(
            *([CHECKLIST_NOTE] if by_rule else []),
            *(document.note for document in documents if document.note),
            *_unknown_participants(resources, kind, _names(request.agents, "agents")),
            *(str(merge) for merge in merges),
            *_told_before(before),
        ),
        names=_everybody(resources, (*kind.people, *_names(request.people, "people"))),
        wishes=_wishes(request, names),
    )
    return Draft(spec, texts, merges)


def _wishes(request: MeetingRequest, models: Sequence[str]) -> Wishes:
    """What a request asks for that cannot be seen in the spec."""
    agents, invited, without = (tuple(listed(each)) for each in (request.agents, request.invited, request.without))
    return Wishes(agents, invited, without, request.chair, request.time_box, tuple(models))


@dataclass(frozen=True, slots=True)
class _Room:
    """Who takes part: the seats, their roles by id, who leads, and the role id of the person who decides, or ""."""

    seats: tuple[Seat, ...]
    roles: Mapping[str, Role]
    facilitator: str
    decider: str


def _room(
    resources: Resources, request: MeetingRequest, kind: MeetingType, said: Sequence[str], left: Sequence[OpenAction]
) -> _Room:
    """Who takes part in the meeting of a request.

    Args:
        resources: has the roles.
        request: the request.
        kind: the meeting type.
        said: the words that may invite further roles.
        left: the open actions of its series, whose owners take part.
    """
    agents, invited, without = (_names(getattr(request, name), name) for name in ("agents", "invited", "without"))
    seats = invite(
        resources.roles, kind, said, only=agents, more=invited, without=without, chair=request.chair, me=request.me
    )
    roles = {seat.role: resources.roles[seat.role] for seat in seats if seat.role in resources.roles}
    decider = _decider(resources, request, kind)
    if decider == DECISION_MAKER:
        seats += (Seat(DECISION_MAKER, DECIDES.title, "decides; the others advise", human=True),)
        roles[DECISION_MAKER] = DECIDES
    lead = facilitator_of(kind, seats, resources.roles[request.chair].id if request.chair else "")
    if left and not agents:
        away = {resources.roles[name].id for name in without}
        seats += _owners(resources, left, [*(seat.role for seat in seats), *away])
    return _Room(seats, roles, lead, decider)


def _given(resources: Resources) -> dict[str, str]:
    """The models that are given by flag for single roles, by role id; they win over what a council deals."""
    settings = resources.settings
    by_flag = settings.values["model_for"].source == "flag"
    return {resources.roles[name].id: model for name, model in settings.model_for.items()} if by_flag else {}


def _decider(resources: Resources, request: MeetingRequest, kind: MeetingType) -> str:
    """The role id of the person who decides, or ``DECISION_MAKER``; "" where the rule of the type decides.

    Raises:
        UsageError: such a meeting makes no decision.
    """
    if not request.decide:
        return ""
    if kind.rule == "none":
        raise UsageError(f"{kind.title} makes no decision.", "Pass no `decide`, or take another type.", about="decide")
    return resources.roles[request.me].id if request.me else DECISION_MAKER


def _texts(
    request: MeetingRequest, kind: MeetingType, documents: Sequence[Document], left: Sequence[OpenAction]
) -> list[str]:
    """The texts of the topics: those of the request, else the one of the meeting type.

    Open actions are material for the topic about them and for no other. Without a document and a topic of its own, a
    type that is about documents has that topic alone.
    """
    given = [request.topics] if isinstance(request.topics, str) else request.topics
    own = [" ".join(text.split()) for text in given if text.strip()]
    lacking = bool(kind.needs) and not documents
    if lacking and left and not own:
        return []
    texts = own or ([kind.topic] if kind.topic else [])
    if not texts:
        raise UsageError(
            f"There is no topic for {kind.title.lower()}.", "Pass `topics`.", about="topics", subject=kind.id
        )
    if lacking:
        raise _no_material(kind)
    return texts


def _no_material(kind: MeetingType) -> MaterialMissing:
    return MaterialMissing(
        f"{kind.title} needs a document: without one, the agents would invent what happened or what is proposed.",
        f"Attach {kind.material or 'one'}.",
        about="material",
        subject=kind.id,
        example=kind.example,
    )


def _names(given: Sequence[str] | str, field: str) -> list[str]:
    """The names without empty ones; a single text has names with commas between them.

    Raises:
        UsageError: there are only empty ones.
    """
    named = listed(given)
    if any(given) and not named:
        raise UsageError(f"`{field}` names nobody.", "Pass names, or nothing.", about="names")
    return named


def _everybody(resources: Resources, people: Sequence[str]) -> Names:
    """The names of all roles, and of people who may own tasks.

    Raises:
        UsageError: a person has no name that can be used, or that of a role.
    """
    for person in people:
        problem = problem_of(person)
        with suppress(UnknownName):
            problem = problem or f"is a name of the role {resources.roles[person].id}"
        if problem:
            remedy = "Name each person on its own, as the team does, such as Ada or Herr M."
            raise UsageError(f"{person!r} {problem}.", remedy, about="people")
    roles = (RoleNames(role.id, role.title, role.aliases) for role in resources.roles.values())
    return Names(tuple(roles), tuple(dict.fromkeys(people)))


def _day(held: date | None) -> date:
    if held is None:
        return today()
    if isinstance(held, datetime):
        return held.date()
    if not isinstance(held, date):
        raise UsageError(f"{held!r} is not a date.", "Give ``held`` a datetime.date.")
    return held


def _without_meeting(request: MeetingRequest) -> MeetingRequest:
    """A request without what needs a model: a person who talks, one agent alone, reports on the actions of a series."""
    if request.me or request.decide:
        raise UsageError(
            "Without a model there is no meeting to take a seat in.", "Choose a model, or pass no `me`.", about="me"
        )
    return replace(request, control=False, series="")


def _unknown_participants(resources: Resources, kind: MeetingType, asked_for: Sequence[str]) -> Iterator[str]:
    """A note on each participant of the type without a role file. Roles that were named were checked already."""
    for name in () if asked_for else dict.fromkeys((*kind.participants, kind.facilitator)):
        if name not in resources.roles:
            yield f"The meeting type invites {name}, but there is no such role."


def create(resources: Resources, drafted: Draft) -> str:
    """Store a meeting, and merge open actions with the same task in the register; returns the meeting's id.

    Raises:
        ModelUnavailable: a model of its council cannot be reached or is not there; nothing is stored.
    """
    spec, actions = drafted.spec, resources.store.actions
    council.check(resources, [*spec.council.values()])
    with resources.store.database.write():  # a meeting that is not created merges nothing
        for merge in drafted.merges:
            before, kept = actions.get(merge.kept.id), merge.kept
            if before.owner != kept.owner:
                actions.assign(kept.id, kept.owner, who=spec.id)
            if before.due != kept.due:
                actions.set_due(kept.id, kept.due, who=spec.id)
            if actions.get(merge.closed).open:
                actions.done(merge.closed, f"merged into {kept.id}", who=spec.id)
        title = "; ".join(drafted.texts) or spec.topics[0].text
        resources.store.meetings.create(spec.id, spec.kind.id, title, spec.as_dict())
    return spec.id


def plan(resources: Resources, spec: MeetingSpec) -> Plan:
    """The estimate for a whole meeting, on this machine and with the current model or its council."""
    resources = resources.for_meeting(spec.council, spec.seed)
    return _with_controls(resources, spec, _estimated(_planner(resources, None, spec), _with_juries(resources, spec)))


async def plan_aside(resources: Resources, spec: MeetingSpec) -> Plan:
    """The same, computed in a thread, so that what else this event loop has to do goes on."""
    resources = resources.for_meeting(spec.council, spec.seed)
    planner, known = _planner(resources, None, spec), _with_juries(resources, spec)
    return _with_controls(resources, spec, await asyncio.to_thread(_estimated, planner, known))


def _estimated(planner: Planner, spec: MeetingSpec) -> Plan:
    """The estimate without control ballots; nothing is asked of the histories."""
    with searchable(spec.documents) as library:
        return replace(planner, library=library).plan(spec)


def _with_controls(resources: Resources, spec: MeetingSpec, planned: Plan) -> Plan:
    """An estimate with the control ballots of models that were never tested."""
    paces = {name: pace for name in quality.untested(resources, spec) if (pace := _pace(resources, name))}
    return with_controls(planned, quality.ballots_for(resources) if paces else (), paces, rough_tokens)


def _planner(resources: Resources, library: PassageIndex | None, spec: MeetingSpec) -> Planner:
    roles = {**resources.roles, **spec.roles}
    paces = {name: _pace(resources, name) for name in dict.fromkeys(spec.council.values())}
    return Planner(roles, rough_tokens, library, _pace(resources, resources.settings.model_name), paces)


def _pace(resources: Resources, name: str) -> Pace | None:
    """The measured pace of a model on this machine, or a guess; None for a model that takes no noticeable time."""
    settings = resources.settings
    if not provider_of(name).takes_time:
        return None
    found = resources.store.speeds.measured(open_model(name, settings).label)
    pace = Pace(found.prompt_tps, found.reply_tps, found.calls) if found else GUESSED
    return replace(pace, parallel=settings.parallel)


def _to_box(resources: Resources, spec: MeetingSpec) -> tuple[Planner, MeetingSpec]:
    """What shortening a spec needs of this machine and of the histories."""
    return _planner(resources, None, spec), _with_juries(resources, spec)


def _boxed(planner: Planner, known: MeetingSpec, spec: MeetingSpec, minutes: float) -> MeetingSpec:
    """The spec shortened to a time box, with a note on each cut; nothing is asked of the histories.

    Args:
        planner: estimates what a meeting costs.
        known: the spec with what is known of the votes of its models.
        spec: the spec.
        minutes: the time box.
    """
    if not 0 < minutes < inf:
        raise UsageError(f"A time box of {minutes} minutes is not possible.", "Give more than 0 minutes.")
    with searchable(spec.documents) as library:
        planner = replace(planner, library=library)
        shorter, cut = trimmed(known, minutes, planner)
        expected = planner.plan(shorter).minutes
    box = f"{minutes:g} minute{'' if minutes == 1 else 's'}"
    notes = [f"Cut to fit {box}: {what}" for what in cut]
    if planner.pace is None:
        notes.append(f"The time box of {box} cuts nothing: no language model is asked.")
    if expected > minutes:
        length = "1 minute was" if round(expected) == 1 else f"{expected:.0f} minutes were"
        notes.append(f"Even so, about {length} expected, not {minutes:g}.")
    seated = {role: name for role, name in spec.council.items() if role in {"", *shorter.speakers}}
    return replace(shorter, model=spec.model, juries=spec.juries, council=seated, notes=(*spec.notes, *notes))


def _with_juries(resources: Resources, spec: MeetingSpec) -> MeetingSpec:
    """A spec with the label of its model and what is known now of the votes of its models, as they will be when it
    begins.
    """
    label = open_model(resources.settings.model_name, resources.settings).label
    return replace(spec, model=label, juries=quality.juries(resources, spec))


def _open_actions(resources: Resources, name: str) -> list[OpenAction]:
    rows = resources.store.actions.list(series=name, open_only=True)
    return [OpenAction(row.id, row.task, row.owner, row.due, row.meeting) for row in rows]


def _owners(resources: Resources, left: Sequence[OpenAction], seated: Sequence[str]) -> tuple[Seat, ...]:
    titles = {name: role.title for name, role in resources.roles.items()}
    return tuple(owner_seats(left, titles, seated))


def _told_before(earlier: Sequence[str]) -> list[str]:
    """Notes on the earlier decisions of a series of which everybody is told what became of them."""
    return [f"Everybody was told what became of an earlier decision: {line}" for line in earlier]
