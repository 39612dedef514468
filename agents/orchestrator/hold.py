"""Holds meetings that were created, and resumes, forks and abandons them."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from textwrap import shorten
from typing import Any

from agents.agent import Agent
from agents.clock import utc_now
from agents.errors import MeetingError, ModelError, ModelUnavailable, UnknownName
from agents.meeting.codec import keep
from agents.meeting.journal import Event, Journal, Kind, Listener, live_event
from agents.meeting.journal_values import Closing, Note
from agents.meeting.minutes import build
from agents.meeting.plan import WORTH
from agents.meeting.record import ActionItem, Minutes, Seat, TopicMinutes
from agents.meeting.room.agenda import hold
from agents.meeting.room.person import AbsentPerson, Person, PreparedPerson, SeatedPerson, prepared_person
from agents.meeting.room.room import Room
from agents.meeting.spec import MeetingSpec, spec_from
from agents.model import answers_by_rule
from agents.orchestrator import forks, quality, same_actions
from agents.orchestrator.forks import refuse_rule
from agents.orchestrator.listening import forgiving, stopped_by_one
from agents.orchestrator.minutes import ExportableMinutes
from agents.orchestrator.prepare import plan
from agents.orchestrator.recall import brought, keep_in_mind
from agents.orchestrator.resources import Resources
from agents.role.card import card_for
from agents.store.actions import ActionRow, NewAction
from agents.store.document_index import searchable
from agents.store.meetings import Meetings


async def conduct(
    resources: Resources,
    meeting_id: str,
    listen: Listener | None = None,
    person: Person | None = None,
    *,
    aside: bool = False,
) -> ExportableMinutes:
    """Hold a meeting from where it stopped, and return its minutes.

    See ``AgentOrchestrator.conduct_meeting`` for arguments and errors; with ``aside``, the minutes are computed in a
    thread, so that what else this event loop has to do goes on.
    """
    meetings = resources.store.meetings
    listen = forgiving(listen, resources.log)
    meeting_id = meetings.find(meeting_id)
    with meetings.locked(meeting_id):
        row = meetings.row(meeting_id)
        if row.status == "closed":
            return minutes_of(resources, meeting_id)
        if row.status == "abandoned":
            raise MeetingError(f"The meeting {meeting_id} was cancelled.", "Create a new meeting, or fork this one.")
        stored = meetings.spec(meeting_id)
        resources = resources.for_meeting(stored.get("council", {}), stored.get("seed"))
        refuse_rule(resources, stored)
        model = await resources.model()
        journal = meetings.journal(meeting_id)
        events = journal.events()
        if not events:
            events.append(await _begin(resources, journal, stored, listen))
        else:
            await _say_other_model(resources, spec_from(events[0].data), listen)
        if row.status != "running":
            meetings.set_status(meeting_id, "running")
        known, spec = len(events), spec_from(events[0].data)
        person = person or prepared_person(spec, events)
        events += _opening_notes(journal, spec, events)
        before = _created(meetings, spec.repeats)
        memories = brought(resources.store, spec, forks.relatives(meetings, spec).all, before)
        with searchable(spec.documents) as library, stopped_by_one():
            agents = {seat.role: await _seated(resources, seat, person, spec) for seat in spec.seats}
            room = Room(spec, agents, model, journal, library, memories, listen, events)
            try:
                await hold(room, person)
                if not room.recorded("closed", Closing):
                    left = {f"0.note.not_said.{number}": note for number, note in enumerate(_not_said(person), 1)}
                    room.record_all({**left, "closed": Closing(utc_now("seconds"))})
            finally:
                _measure(resources, room.events[known:])
        made = await asyncio.to_thread(build, room.events) if aside else build(room.events)
        minutes = ExportableMinutes.of(made)
        family = forks.relatives(meetings, spec)
        # What follows from the end is stored as one: a meeting that is killed before has nothing of it, and is resumed.
        with resources.store.database.write():
            if not spec.repeats:
                _register(resources, spec, minutes, family)
                keep_in_mind(resources.store, minutes, family.ancestors)
            meetings.set_status(meeting_id, "closed")
        return minutes


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


def minutes_of(resources: Resources, meeting_id: str) -> ExportableMinutes:
    """The minutes of a meeting, finished or not."""
    meetings = resources.store.meetings
    return ExportableMinutes.of(build(meetings.journal(meetings.find(meeting_id)).events()))


async def _begin(resources: Resources, journal: Journal, stored: Mapping[str, Any], listen: Listener | None) -> Event:
    """Store the spec as the first event of the journal, with the label and context of the model that will answer, and
    with what the votes of its models are worth.
    """
    roles = [seat["role"] for seat in stored["seats"]]
    label, context = await resources.models_for(roles)
    if answers_by_rule(label):
        context = stored["context_tokens"]
    spec = replace(spec_from(stored), model=label, models=resources.labels_of(roles), context_tokens=context)
    if spec.repeats:  # the votes of a run count as those of the meeting that it repeats
        return journal.append(Kind.SPEC, "called", spec.as_dict())
    notes = await _test_votes(resources, spec, listen)
    spec = replace(spec, juries=quality.juries(resources, spec), notes=(*spec.notes, *notes))
    return journal.append(Kind.SPEC, "called", spec.as_dict())


async def _say_other_model(resources: Resources, spec: MeetingSpec, listen: Listener | None) -> None:
    """Tell the listener if other models answer in the rest of a meeting; its minutes say who gave which answer."""
    label, _ = await resources.models_for(spec.speakers)
    if listen and label != spec.model:
        listen(live_event(Kind.NOTE, 0, text=f"This meeting began with {spec.model}; from here {label} answers."))


async def _test_votes(resources: Resources, spec: MeetingSpec, listen: Listener | None) -> list[str]:
    """Test the votes of the models that were never tested, if that takes little time; returns notes for the minutes.

    A failure does not stop the meeting: it is a note.
    """
    controls = plan(resources, spec).controls if quality.untested(resources, spec) else None
    if controls is None:
        return []
    tell = listen or (lambda _event: None)
    if not controls.due:  # the minutes say that they were never tested
        why = f"{controls.calls} control ballots take over {WORTH:.0%} of the time of this meeting"
        text = f"The votes of {', '.join(controls.models)} are not tested before it: {why}."
        tell(live_event(Kind.NOTE, 0, text=text))
        return []
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


async def _seated(resources: Resources, seat: Seat, person: Person | None, spec: MeetingSpec) -> Agent:
    """The agent in a seat, with a card for what the meeting is about; for a person's seat, one whom that person answers
    for. Its role is the one with which the meeting was created.
    """
    role = spec.roles.get(seat.role) or resources.roles[seat.role]
    if seat.human:
        return Agent(role, SeatedPerson(person or AbsentPerson(seat.role)))
    return replace(await resources.agent(seat.role, role), card=card_for(role, spec.about))


def _created(meetings: Meetings, meeting_id: str) -> str:
    """When a meeting was created; "" for none, and for one that was deleted."""
    try:
        return meetings.row(meeting_id).created if meeting_id else ""
    except UnknownName:
        return ""


def _not_said(person: Person | None) -> list[Note]:
    """A note on what a person prepared and was not asked for."""
    left = person.left if isinstance(person, PreparedPerson) else []
    if not left:
        return []
    words = "; ".join(f'"{shorten(" ".join(part.split()), 80, placeholder=" ...")}"' for part in left)
    return [Note(0, f"Prepared, but not said, because nobody asked for it: {words}.")]


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


def _register(resources: Resources, spec: MeetingSpec, minutes: Minutes, family: forks.Family) -> None:
    """Add the agreed actions to the register; a second call changes nothing.

    An action of a fork is left out if a meeting that it comes from has added it, or another fork of that meeting from
    the same words of the same turn. An action with the same task as an open action of the series, of the same topic or
    about one of the same documents is left out too, unless the two have different owners. The open action gets a note.
    """
    actions = resources.store.actions
    of_origin = [row for name in family.ancestors for row in actions.list(meeting=name)]
    of_others = [row for name in family.others for row in actions.list(meeting=name)]
    waiting = [row for row in actions.list(open_only=True) if row.meeting != spec.id]
    reviewed = {document.name for document in spec.documents}
    about = {row.id for row in same_actions.of_same_matter(resources.store.meetings, waiting, reviewed)}
    for topic in minutes.topics:
        series = {row.id for row in waiting if spec.series and row.series == spec.series}
        near = [row for row in waiting if row.topic == topic.topic.text or row.id in series | about]
        for action in (one for one in topic.actions if one.agreed):
            if same_actions.of_family(action, of_origin, of_others):
                continue
            again = next((row for row in near if same_actions.may_be(action, row)), None)
            if again:
                _agree_again(resources, again, action, spec.id)
                continue
            actions.add(new_action(action, topic, spec))


def new_action(action: ActionItem, topic: TopicMinutes, spec: MeetingSpec) -> NewAction:
    """An action of the minutes, as the register takes it.

    Args:
        action: the action.
        topic: the topic that it belongs to.
        spec: what its meeting started from.
    """
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


def _agree_again(resources: Resources, row: ActionRow, action: ActionItem, meeting_id: str) -> None:
    """Note on an open action, once for each meeting, that it was agreed, or agreed again; update owner and due date."""
    actions = resources.store.actions
    if any(one.who == meeting_id for one in actions.changes(row.id)):
        return
    actions.note(row.id, "agreed again" if row.agreed else "agreed", who=meeting_id)
    if row.owner is None and action.owner:
        actions.assign(row.id, action.owner, who=meeting_id)
    if action.due and action.due != row.due:
        actions.set_due(row.id, action.due, who=meeting_id)
