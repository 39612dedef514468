"""Holds meetings that were created, and resumes, forks and abandons them."""

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from agents.agent import Agent
from agents.clock import utc_now
from agents.errors import MeetingError, ModelError, ModelUnavailable, UsageError
from agents.meeting import reading
from agents.meeting.checklist import CHECKLIST
from agents.meeting.codec import keep, value_of
from agents.meeting.journal import Event, Journal, Kind, Listener, live_event
from agents.meeting.minutes import build, dates
from agents.meeting.plan import WORTH
from agents.meeting.record import ActionItem, Closing, Minutes, Note, Seat, TopicMinutes, Turn
from agents.meeting.room.agenda import hold
from agents.meeting.room.person import AbsentPerson, Person, SeatedPerson
from agents.meeting.room.room import Room
from agents.meeting.spec import MeetingSpec, spec_from
from agents.model import answers_by_rule, provider_of
from agents.orchestrator import quality
from agents.orchestrator.prepare import plan
from agents.orchestrator.recall import brought, keep_in_mind
from agents.orchestrator.resources import Resources
from agents.role.card import card_for
from agents.store.actions import ActionRow, NewAction
from agents.store.document_index import searchable
from agents.store.meetings import CALLED


async def conduct(
    resources: Resources, meeting_id: str, listen: Listener | None = None, person: Person | None = None
) -> Minutes:
    """Hold a meeting from where it stopped, and return its minutes.

    Args:
        resources: settings, roles, types, store and models.
        meeting_id: its id, the unique start of one, or "last".
        listen: is given each event as it happens.
        person: who takes the seat for a person.

    Raises:
        UnknownName: there is no such meeting.
        MeetingError: the meeting was abandoned.
        Locked: another process is holding this meeting.
        ModelUnavailable: the model cannot be reached at the start.
    """
    meetings = resources.store.meetings
    meeting_id = meetings.find(meeting_id)
    with meetings.locked(meeting_id):
        row = meetings.row(meeting_id)
        if row.status == "closed":
            return build(meetings.journal(meeting_id).events())
        if row.status == "abandoned":
            raise MeetingError(f"The meeting {meeting_id} was abandoned.", "Create a new meeting, or fork this one.")
        _refuse_rule(resources, meetings.spec(meeting_id))
        model = await resources.model()
        journal = meetings.journal(meeting_id)
        events = journal.events()
        if not events:
            events.append(await _begin(resources, journal, meetings.spec(meeting_id), listen))
        if row.status != "running":
            meetings.set_status(meeting_id, "running")
        known, spec = len(events), spec_from(events[0].data)
        events += _opening_notes(journal, spec, events)
        with searchable(spec.documents) as library:
            agents = {seat.role: await _seated(resources, seat, person, spec.about) for seat in spec.seats}
            room = Room(spec, agents, model, journal, library, brought(resources.store, spec), listen, events)
            try:
                await hold(room, person)
                if not room.recorded("closed", Closing):
                    room.record("closed", Closing(utc_now("seconds")))
            finally:
                _measure(resources, room.events[known:])
        minutes = build(room.events)
        # The status is set last: a meeting that was killed before registers and remembers the rest when resumed.
        _register(resources, spec, minutes)
        keep_in_mind(resources.store, minutes)
        meetings.set_status(meeting_id, "closed")
        return minutes


async def fork(resources: Resources, meeting_id: str, at: str) -> str:
    """Create a meeting that begins like another one, and return its id.

    See ``AgentOrchestrator.fork_meeting`` for arguments and errors.
    """
    meetings = resources.store.meetings
    origin = meetings.row(meetings.find(meeting_id))
    _refuse_rule(resources, meetings.spec(origin.id))
    label, context = await resources.models_for(seat["role"] for seat in meetings.spec(origin.id)["seats"])
    created = f"{origin.id.rsplit('-', 1)[0]}-{random.SystemRandom().randrange(36**4):04x}"
    first, *rest = forked(meetings.journal(origin.id).events(), at, created, label, context)
    juries = [asdict(jury) for jury in quality.juries(resources, spec_from(first.data))]
    first = replace(first, data={**first.data, "juries": juries})
    meetings.create(created, origin.type, origin.title, first.data)
    meetings.set_status(created, "abandoned")  # until it is complete: nobody may resume a fork that was killed half way
    journal = meetings.journal(created)
    for event in (first, *rest):
        journal.append(event.kind, event.key, event.data)
    meetings.set_status(created, CALLED)
    return created


def abandon(resources: Resources, meeting_id: str) -> str:
    """End a meeting without closing it, and return its id.

    See ``AgentOrchestrator.abandon_meeting`` for arguments and errors.
    """
    meetings = resources.store.meetings
    found = meetings.find(meeting_id)
    with meetings.locked(found):
        if meetings.row(found).status == "closed":
            raise MeetingError(
                f"The meeting {found} is closed already.",
                "`meetings.delete` removes it.",
                about="closed",
                subject=found,
            )
        meetings.set_status(found, "abandoned")
    return found


def minutes_of(resources: Resources, meeting_id: str) -> Minutes:
    """The minutes of a meeting, finished or not."""
    meetings = resources.store.meetings
    return build(meetings.journal(meetings.find(meeting_id)).events())


def _refuse_rule(resources: Resources, spec: Mapping[str, Any]) -> None:
    """Refuse to hold a meeting with a model that answers by rule, which makes checklists only.

    Raises:
        MeetingError: the model in the settings answers by rule, and the meeting is not a checklist.
    """
    if tuple(spec["type"]["phases"]) != (CHECKLIST,) and provider_of(resources.settings.model_name).by_rule:
        raise MeetingError(
            f"The meeting {spec['id']} needs a language model.",
            f"Choose a model; {resources.settings.model_name} makes checklists only.",
        )


async def _begin(resources: Resources, journal: Journal, stored: Mapping[str, Any], listen: Listener | None) -> Event:
    """Store the spec as the first event of the journal, with the label and context of the model that will answer, and
    with what the votes of its models are worth.
    """
    label, context = await resources.models_for(seat["role"] for seat in stored["seats"])
    if answers_by_rule(label):
        context = stored["context_tokens"]
    spec = replace(spec_from(stored), model=label, context_tokens=context)
    notes = await _test_votes(resources, spec, listen)
    spec = replace(spec, juries=quality.juries(resources, spec), notes=(*spec.notes, *notes))
    return journal.append(Kind.SPEC, "called", spec.as_dict())


async def _test_votes(resources: Resources, spec: MeetingSpec, listen: Listener | None) -> list[str]:
    """Test the votes of the models that were never tested, if that takes little time; returns notes for the minutes.

    A failure does not stop the meeting: it is a note.
    """
    controls = plan(resources, spec).controls if quality.untested(resources, spec) else None
    if controls is None:
        return []
    names = ", ".join(controls.models)
    if not controls.due:
        share = f"{WORTH:.0%} of the time of this meeting"
        return [f"The votes of {names} were not tested before it: {controls.calls} control ballots take over {share}."]
    tell = listen or (lambda _event: None)
    notes = []
    for name in controls.models:
        calls = controls.calls // len(controls.models)
        tell(
            live_event(Kind.NOTE, 0, text=f"Testing once what the votes of {name} are worth: {calls} control ballots.")
        )
        try:
            card = await quality.measure_votes(resources, name)
        except (ModelError, ModelUnavailable) as error:
            notes.append(f"The votes of {name} could not be tested: {error.cause}")
        else:
            tell(live_event(Kind.NOTE, 0, text=card.jury.sentence if card.jury else ""))
    return notes


async def _seated(resources: Resources, seat: Seat, person: Person | None, about: str) -> Agent:
    """The agent in a seat, with a card for what the meeting is about; for a person's seat, one whom that person answers
    for.
    """
    if seat.human:
        return Agent(resources.roles[seat.role], SeatedPerson(person or AbsentPerson(seat.role)))
    agent = await resources.agent(seat.role)
    return replace(agent, card=card_for(agent.role, about))


def _opening_notes(journal: Journal, spec: MeetingSpec, events: Sequence[Event]) -> list[Event]:
    """Store the notes of the spec in the journal, once; returns the new events."""
    known = {event.key for event in events}
    notes = {f"0.note.call.{number}": Note(0, text) for number, text in enumerate(spec.notes, 1)}
    return [keep(journal, key, note) for key, note in notes.items() if key not in known]


def _measure(resources: Resources, events: Sequence[Event]) -> None:
    """Store how fast the model answered, for later plans."""
    for event in events:
        numbers = event.numbers
        if numbers.get("prompt_seconds") and numbers.get("reply_seconds"):
            resources.store.speeds.record(
                model=resources.label_for(event.speaker),
                machine=resources.settings.ollama_base_url,
                prompt_tokens=int(numbers["prompt_tokens"]),
                evaluated=int(numbers.get("evaluated_tokens", numbers["prompt_tokens"])),
                prompt_seconds=numbers["prompt_seconds"],
                reply_tokens=int(numbers["reply_tokens"]),
                reply_seconds=numbers["reply_seconds"],
            )


def _register(resources: Resources, spec: MeetingSpec, minutes: Minutes) -> None:
    """Add the agreed actions to the register; a second call changes nothing.

    An action of a fork is left out if the original meeting has added it. An action with the same task as an open action
    of the series or of the same topic is left out too, unless the two have different owners. The open action gets a
    note.
    """
    actions = resources.store.actions
    of_original = actions.list(meeting=spec.forked_from) if spec.forked_from else []
    waiting = [row for row in actions.list(open_only=True) if row.meeting != spec.id]
    for topic in minutes.topics:
        near = [row for row in waiting if row.topic == topic.topic.text or (spec.series and row.series == spec.series)]
        for action in (one for one in topic.actions if one.agreed):
            if any(_same(action.task, other.task) for other in of_original):
                continue
            same = [row for row in near if len({row.owner, action.owner} - {None}) < 2]
            again = next((row for row in same if _same(action.task, row.task)), None)
            if again:
                _agree_again(resources, again, action, spec.id)
                continue
            actions.add(_new(action, topic, spec))


def _new(action: ActionItem, topic: TopicMinutes, spec: MeetingSpec) -> NewAction:
    """An action of the minutes, as the register takes it."""
    return NewAction(
        meeting=spec.id,
        key=action.key,
        series=spec.series,
        topic=topic.topic.text,
        task=action.task,
        owner=action.owner,
        due=action.due,
        due_text=action.due_text,
        turn=action.evidence.turn,
        quote=action.evidence.quote,
        verified=action.evidence.verified,
    )


def _same(one: str, other: str) -> bool:
    """Whether two tasks are the same apart from their due dates."""
    return reading.similar(dates.without_when(one), dates.without_when(other))


def _agree_again(resources: Resources, row: ActionRow, action: ActionItem, meeting_id: str) -> None:
    """Note on an open action, once for each meeting, that it was agreed again; update its owner and due date."""
    actions = resources.store.actions
    if any(one.who == meeting_id for one in actions.changes(row.id)):
        return
    actions.note(row.id, "agreed again", who=meeting_id)
    if row.owner is None and action.owner:
        actions.assign(row.id, action.owner, who=meeting_id)
    if action.due and action.due != row.due:
        actions.set_due(row.id, action.due, who=meeting_id)


def turn_id(at: str) -> str:
    """The turn id for "T5", "t5" or "5"; "T0" means before the first turn.

    Raises:
        UsageError: it is not a turn id.
    """
    match = re.fullmatch(r"[Tt]?(\d{1,9})", at.strip())
    if not match:
        raise UsageError(f"{at!r} is not a turn id.", "Write an id such as T5, or 0 to keep no turn.")
    return f"T{int(match[1])}"


def forked(events: Sequence[Event], at: str, meeting_id: str, model: str, context_tokens: int) -> list[Event]:
    """The events with which the journal of a fork begins.

    A journal has the turns in the order in which they were finished. The fork keeps all events up to the last turn to
    keep, also turns with higher ids, and none after it.

    Args:
        events: the events of the original meeting.
        at: the last turn to keep.
        meeting_id: the id of the fork.
        model: label of the model that answers in the fork.
        context_tokens: the context of that model.

    Raises:
        MeetingError: the original meeting has not begun.
        UsageError: the original meeting has no such turn.
    """
    if not events or events[0].kind != Kind.SPEC:
        raise MeetingError("This meeting has not begun, so it cannot be forked.", "Hold it, or create a new meeting.")
    wanted = turn_id(at)
    spoken = {turn.id: event.seq for event in events if isinstance(turn := value_of(event), Turn)}
    last = spoken.get(wanted, 1 if wanted == "T0" else 0)
    if not last:
        most = max((int(turn[1:]) for turn in spoken), default=0)
        raise UsageError(
            f"This meeting has no turn {wanted}.", f"Its turns are T1 to T{most}." if most else "It has no turns yet."
        )
    other = spec_from(events[0].data)
    note = f"Forked from the meeting {other.id} after {wanted}."
    if wanted == "T0":
        note = f"Forked from the meeting {other.id}; all questions are asked again."
    elif model != other.model:
        note += f" Model until there: {other.model}; from there: {model}."
    notes = (*other.notes, note)
    spec = replace(other, id=meeting_id, model=model, context_tokens=context_tokens, notes=notes, forked_from=other.id)
    first = Event(1, events[0].at, Kind.SPEC, "called", spec.as_dict())
    return [first, *events[1:last]]
