"""Calling a meeting and holding it: from a type and a topic to minutes on record."""

import random
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from agents.agent import Agent
from agents.errors import MeetingError, UsageError
from agents.meeting.journal import Event, Journal, Listener
from agents.meeting.minutes import build, dates, verify
from agents.meeting.record import ActionItem, Minutes, Seat
from agents.meeting.room.agenda import hold
from agents.meeting.room.person import Nobody, Person, SeatedPerson
from agents.meeting.room.room import Room
from agents.meeting.spec import MeetingCall, call_from
from agents.orchestrator.resources import Resources as Workplace
from agents.store.actions import ActionRow
from agents.store.document_index import PassageIndex
from agents.store.meetings import CALLED

MEMORY_TOKENS = 150


async def conduct(
    workplace: Workplace, meeting_id: str, listen: Listener | None = None, person: Person | None = None
) -> Minutes:
    """Hold a meeting, or the rest of it; ``AgentOrchestrator.aconduct_meeting`` says the rest."""
    meetings = workplace.store.meetings
    meeting_id = meetings.find(meeting_id)
    with meetings.locked(meeting_id):
        row = meetings.row(meeting_id)
        if row.status == "closed":
            return build(meetings.journal(meeting_id).events())
        if row.status == "abandoned":
            raise MeetingError(f"The meeting {meeting_id} was abandoned.", "Call a new one, or fork it.")
        model = await workplace.model()
        journal = meetings.journal(meeting_id)
        if not any(event.kind == "called" for event in journal.events()):
            spec = meetings.spec(meeting_id)
            label, context = await workplace.models_for(seat["role"] for seat in spec["seats"])
            journal.append("called", "called", {**spec, "model": label, "context_tokens": context})
        if row.status != "running":
            meetings.set_status(meeting_id, "running")
        before = journal.events()
        call = call_from(before[0].data)
        _note(journal, call)
        passages = [passage for document in call.documents for passage in document.passages()]
        with PassageIndex(passages) as index:
            room = Room(
                call,
                {seat.role: await _seated(workplace, seat, person) for seat in call.seats},
                model,
                journal,
                index if passages else None,
                await _memories(workplace, call),
                listen,
            )
            try:
                await hold(room, person)
            finally:
                _measure(workplace, journal, len(before))
        if not any(event.kind == "closed" for event in journal.events()):
            journal.append("closed", "closed", {"at": datetime.now(UTC).isoformat(timespec="seconds")})
        minutes = build(journal.events())
        # The status comes last: killed before it, a resumed meeting registers and remembers what is missing.
        _register(workplace, call, minutes)
        _remember(workplace, minutes)
        meetings.set_status(meeting_id, "closed")
        return minutes


async def _seated(workplace: Workplace, seat: Seat, person: Person | None) -> Agent:
    """Who sits there: the person, where the seat is one's, else the agent."""
    if seat.human:
        return Agent(workplace.roles[seat.role], SeatedPerson(person or Nobody(seat.role)))
    return await workplace.agent(seat.role)


async def fork(workplace: Workplace, meeting_id: str, at: str) -> str:
    """Begin a meeting like another; ``AgentOrchestrator.afork_meeting`` says the rest."""
    meetings = workplace.store.meetings
    origin = meetings.row(meetings.find(meeting_id))
    label, context = await workplace.models_for(seat["role"] for seat in meetings.spec(origin.id)["seats"])
    called = f"{origin.id.rsplit('-', 1)[0]}-{random.SystemRandom().randrange(36**4):04x}"
    first, *rest = forked(meetings.journal(origin.id).events(), at, called, label, context)
    meetings.create(called, origin.type, origin.title, first.data)
    meetings.set_status(called, "abandoned")  # until it is whole: killed half way, it must not be gone on with
    journal = meetings.journal(called)
    for event in (first, *rest):
        journal.append(event.kind, event.key, event.data)
    meetings.set_status(called, CALLED)
    return called


def abandon(workplace: Workplace, meeting_id: str) -> str:
    """End a meeting without closing it; ``AgentOrchestrator.abandon_meeting`` says the rest."""
    meetings = workplace.store.meetings
    found = meetings.find(meeting_id)
    with meetings.locked(found):
        if meetings.row(found).status == "closed":
            raise MeetingError(f"The meeting {found} is closed already.", "`orchestrator meeting delete` removes it.")
        meetings.set_status(found, "abandoned")
    return found


def minutes_of(workplace: Workplace, meeting_id: str) -> Minutes:
    """The minutes of a meeting on record, as far as it got."""
    meetings = workplace.store.meetings
    return build(meetings.journal(meetings.find(meeting_id)).events())


def _note(journal: Journal, call: MeetingCall) -> None:
    """Put on record, once, what a reader must know about how the meeting was called."""
    known = {event.key for event in journal.events()}
    for number, text in enumerate(call.notes, 1):
        if f"0.note.call.{number}" not in known:
            journal.append("note", f"0.note.call.{number}", {"topic": 0, "text": text})


def _measure(workplace: Workplace, journal: Journal, known: int) -> None:
    """Keep how fast the model answered, for later plans."""
    for event in journal.events()[known:]:
        numbers = event.data.get("numbers") or {}
        if numbers.get("prompt_seconds") and numbers.get("reply_seconds"):
            workplace.store.speeds.record(
                model=workplace.label_for(event.data.get("speaker", "")),
                machine=workplace.settings.ollama_base_url,
                prompt_tokens=int(numbers["prompt_tokens"]),
                evaluated=int(numbers.get("evaluated_tokens", numbers["prompt_tokens"])),
                prompt_seconds=numbers["prompt_seconds"],
                reply_tokens=int(numbers["reply_tokens"]),
                reply_seconds=numbers["reply_seconds"],
            )


async def _memories(workplace: Workplace, call: MeetingCall) -> dict[str, tuple[str, ...]]:
    """What each participant brings along: a few lines of its memory that bear on the topics."""
    topics = " ".join(topic.text for topic in call.topics)
    lines = {}
    for seat in call.seats:
        agent = await workplace.agent(seat.role)
        if agent.memory:
            lines[seat.role] = agent.memory.choose(
                topics, f"meeting:{call.id}", MEMORY_TOKENS, agent.model.count_tokens
            ).notes
    return lines


def _register(workplace: Workplace, call: MeetingCall, minutes: Minutes) -> None:
    """Put the agreed actions into the register; a second time changes nothing.

    A fork shares its beginning with another meeting; what that one entered is not entered again. Nor is what an open
    action of the series, or of the same topic, says already for the same owner or for nobody: that one gets a note.
    """
    actions = workplace.store.actions
    entered = actions.list(meeting=call.forked_from) if call.forked_from else []
    waiting = [row for row in actions.list(open_only=True) if row.meeting != call.id]
    for topic in minutes.topics:
        near = [row for row in waiting if row.topic == topic.topic.text or (call.series and row.series == call.series)]
        for action in (one for one in topic.actions if one.agreed):
            if any(_same(action.task, other.task) for other in entered):
                continue
            same = [row for row in near if len({row.owner, action.owner} - {None}) < 2]
            again = next((row for row in same if _same(action.task, row.task)), None)
            if again:
                _agree_again(workplace, again, action, call.id)
                continue
            actions.add(
                meeting_id=call.id,
                key=action.key,
                series=call.series,
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
    """Whether two tasks are one, be it with another day."""
    return verify.similar(dates.without_when(one), dates.without_when(other))


def _agree_again(workplace: Workplace, row: ActionRow, action: ActionItem, meeting_id: str) -> None:
    """Note, once for each meeting, that an open action was agreed again, and what it now has that it had not."""
    actions = workplace.store.actions
    if any(one.who == meeting_id for one in actions.changes(row.id)):
        return
    actions.note(row.id, "agreed again", who=meeting_id)
    if row.owner is None and action.owner:
        actions.assign(row.id, action.owner, who=meeting_id)
    if action.due and action.due != row.due:
        actions.set_due(row.id, action.due, who=meeting_id)


def _remember(workplace: Workplace, minutes: Minutes) -> None:
    """Give each participant what it must not forget."""
    session = f"meeting:{minutes.meeting}"
    for role, lines in keepsakes(minutes).items():
        if not workplace.store.memories.recent(role, session, limit=1):
            for line in lines:
                workplace.store.memories.add(role, session, "note", line, tokens=len(line) // 3)


def turn_id(at: str) -> str:
    """The turn that somebody means by "T5", "t5" or "5"; "T0" is before the first.

    Raises:
        UsageError: it names no turn.
    """
    match = re.fullmatch(r"[Tt]?(\d{1,9})", at.strip())
    if not match:
        raise UsageError(f"{at!r} is no turn.", "Write its id, such as T5; 0 keeps nothing.")
    return f"T{int(match[1])}"


def forked(events: Sequence[Event], at: str, meeting_id: str, model: str, context_tokens: int) -> list[Event]:
    """The journal that a fork starts with.

    Turns are on the journal in the order in which they were finished. Everything up to the turn stays, whatever its id;
    everything after it goes.

    Args:
        events: the other meeting's journal.
        at: the last turn to keep.
        meeting_id: the fork's id.
        model: label of the model that goes on.
        context_tokens: that model's context.

    Raises:
        MeetingError: the other meeting never began.
        UsageError: it has no such turn.
    """
    if not events or events[0].kind != "called":
        raise MeetingError("This meeting has not begun, so there is nothing to fork.", "Resume it, or call a new one.")
    wanted = turn_id(at)
    spoken = [event for event in events if event.kind == "turn"]
    last = next((event.seq for event in spoken if event.data["id"] == wanted), 1 if wanted == "T0" else 0)
    if not last:
        most = max((int(event.data["id"][1:]) for event in spoken), default=0)
        raise UsageError(
            f"This meeting has no turn {wanted}.", f"Its turns are T1 to T{most}." if most else "It has none."
        )
    other = call_from(events[0].data)
    what = f"Forked from the meeting {other.id} after {wanted}" if wanted != "T0" else f"Asks all of {other.id} again"
    spoke = f"; up to there {other.model} spoke, from there {model}." if model != other.model else "."
    note = what + (spoke if wanted != "T0" else ".")
    call = replace(
        other,
        id=meeting_id,
        model=model,
        context_tokens=context_tokens,
        notes=(*other.notes, note),
        forked_from=other.id,
    )
    first = Event(1, events[0].at, "called", "called", call.as_dict())
    return [first, *events[1:last]]


MOST_LINES = 3


def keepsakes(minutes: Minutes) -> dict[str, list[str]]:
    """At most three lines for everybody present, by role id."""
    return {seat.role: _lines(minutes, seat.role)[:MOST_LINES] for seat in minutes.present}


def _lines(minutes: Minutes, role: str) -> list[str]:
    lines = []
    for topic in minutes.topics:
        vote = next((one for one in topic.ballots if one.speaker == role), None)
        held = topic.positions.get(role, "")
        stood = f"voted {vote.vote.value.replace('_', ' ')}" if vote else f"were {held}" if held else ""
        if stood:
            reason = f": {vote.reason}" if vote and vote.reason else ""
            lines.append(f'{minutes.title} of {minutes.held}, on "{topic.topic.text}": you {stood}{reason}')
        mine = [one for one in topic.actions if one.agreed and one.owner == role]
        lines += [f"You took on, {minutes.held}: {one.task}" for one in mine]
    return lines
