"""The tools that hold meetings. A call that is repeated finds the meeting that the first one began."""

import asyncio
from contextlib import aclosing
from dataclasses import dataclass
from io import BytesIO

from agents.api.mcp.call import BEAT_SECONDS, Call, key_of
from agents.api.mcp.shapes import (
    MOST_WAIT,
    GivenDocument,
    HeldMeeting,
    Limit,
    ListedMeeting,
    ListedMeetings,
    MeetingProgress,
    MinutesOf,
    Said,
    StartedMeeting,
    StatusOf,
    Wanted,
    WantedOrKnown,
    WrittenMinutes,
)
from agents.documents import Document, document_from_bytes, read_limited
from agents.errors import UsageError
from agents.export.plain import to_plain
from agents.meeting.codec import value_of
from agents.meeting.journal import Event
from agents.meeting.journal_values import Note, PersonDecision
from agents.meeting.minutes.ballot import voted
from agents.meeting.record import Absence, Ballot, Turn
from agents.orchestrator.background.feed import Feed
from agents.orchestrator.background.held import ENDED, GOING_ON, MeetingState
from agents.orchestrator.request import MeetingRequest

SAME_SECONDS = 1800.0
"""How long after a call the same call finds its meeting again, and begins no other one."""

LONGEST_SAID = 1500
"""The most letters of one statement in the news; the minutes have all of it."""

MOST_NEWS = 40
"""The most statements in the news of one call."""


async def start(call: Call, given: Wanted) -> StartedMeeting:
    """Begin a meeting in the background, or find the one that the same call began."""
    meeting, is_new = await _meeting(call, given)
    state = _ensure_held(call, meeting)
    how = "Started" if is_new else "The same call began it before; change the topic for another meeting"
    return StartedMeeting(id=meeting, state=state.status, link=f"minutes://{meeting}", note=f"{how}. {_next(state, 0)}")


async def status(call: Call, given: StatusOf) -> MeetingProgress:
    """How far a meeting is; waits until something is said, or it ends."""
    meetings = call.owner.meetings
    meeting = meetings.state(given.id).id
    feed = meetings.feed(meeting)
    after = len(feed.stored()) if given.after < 0 else given.after
    news = None
    if given.wait_s:
        news = await call.within(_awaited(call, meeting, feed, after), min(given.wait_s, MOST_WAIT))
    news = news or _news(call, meeting, feed, after)
    return _progress(meetings.state(meeting), news)


async def hold(call: Call, given: WantedOrKnown) -> HeldMeeting:
    """Hold a meeting to its end, with progress; or go on with the one that the same call began."""
    if given.id:
        meeting = call.owner.meetings.state(given.id).id
    elif not given.type:
        raise UsageError("There is no meeting type.", "Give type and topic, or the id of a meeting.")
    else:
        meeting, _ = await _meeting(call, Wanted(**given.model_dump(exclude={"id"})))
    state = _ensure_held(call, meeting)
    held = call.owner.meetings.held(meeting)
    feed = call.owner.meetings.feed(meeting)
    after = len(feed.stored())
    while not feed.ended and not call.is_over:
        await call.tell(state.done, state.expected, _words(state, ""))
        news = await call.within(_awaited(call, meeting, feed, after), BEAT_SECONDS)
        state = call.owner.meetings.state(meeting)
        after = news.after if news else after
        for one in news.said if news else ():
            await call.tell(state.done, state.expected, _words(state, str(one)))
    if held and held.error:
        raise held.error
    state = call.owner.meetings.state(meeting)
    minutes = (await call.owner.meetings.minutes(meeting)).to_markdown() if state.status == "closed" else ""
    return HeldMeeting(id=meeting, state=state.status, minutes=minutes, next=_next(state, after))


async def minutes(call: Call, given: MinutesOf) -> WrittenMinutes:
    """The minutes of a meeting, as far as it got."""
    state = call.owner.meetings.state(given.id)
    found = await call.owner.meetings.minutes(state.id)
    match given.format:
        case "markdown":
            text = found.to_markdown()
        case "json":
            text = found.to_json()
        case "text":
            text = to_plain(found)
    return WrittenMinutes(id=state.id, state=state.status, format=given.format, minutes=text)


async def listed(call: Call, given: Limit) -> ListedMeetings:
    """The newest meetings."""
    rows = call.owner.orchestrator.list_meetings(given.limit)
    states = ((row, call.owner.meetings.state(row.id).status) for row in rows)
    return ListedMeetings(
        meetings=[
            ListedMeeting(id=row.id, type=row.type, title=row.title, state=state, created=row.created, turns=row.turns)
            for row, state in states
        ]
    )


async def documents_of(given: list[GivenDocument]) -> list[Document]:
    """Documents that came as text, read as attached ones are."""
    return [await asyncio.to_thread(_document, one) for one in given]


def _document(given: GivenDocument) -> Document:
    raw = BytesIO(given.text.encode("utf-8", "replace"))
    return document_from_bytes(given.name, read_limited(raw, Document(given.name, "").name))


async def _meeting(call: Call, given: Wanted) -> tuple[str, bool]:
    """The meeting that this call is about, and whether it was created now.

    From the last search to the note of what was created nothing waits, so that of several calls at once only one
    creates a meeting.
    """
    orchestrator = call.owner.orchestrator
    attached = await documents_of(given.documents)
    key = f"mcp {key_of('meeting', given)}"
    meeting = orchestrator.requests.meeting(key)
    drafted = None
    if not meeting or not _is_wanted(call, meeting, key):
        request = MeetingRequest(
            given.type, given.topic, attached, agents=given.agents, time_box=given.time_box_minutes or None
        )
        drafted = await call.owner.meetings.draft(request)
        meeting = orchestrator.requests.meeting(key)
    is_new = drafted is not None and (not meeting or not _is_wanted(call, meeting, key))
    if drafted and is_new:
        with orchestrator.resources.store.database.write():  # a kill must not part the two
            meeting = call.owner.meetings.create(drafted)
            orchestrator.requests.remember(key, meeting)
    else:
        orchestrator.requests.remember(key, meeting)
    return meeting, is_new


def _is_wanted(call: Call, meeting: str, key: str) -> bool:
    """Whether a call means the meeting that it began before: one that goes on, or one of the last half hour."""
    state = call.owner.meetings.state(meeting).status
    return state in GOING_ON or (
        state != "abandoned" and bool(call.owner.orchestrator.requests.meeting(key, SAME_SECONDS))
    )


def _ensure_held(call: Call, meeting: str) -> MeetingState:
    """Begin or resume a meeting that is neither held nor closed."""
    state = call.owner.meetings.state(meeting)
    if state.status not in (*GOING_ON, "closed"):
        call.owner.meetings.start(meeting)
    return call.owner.meetings.state(meeting)


@dataclass(frozen=True, slots=True)
class _News:
    """What was said, and the number of the last event that this covers."""

    said: list[Said]
    after: int


async def _awaited(call: Call, meeting: str, feed: Feed, after: int) -> _News:
    """What is said after an event, as soon as there is something; nothing if the meeting ends without."""
    async with aclosing(feed.follow(after)) as events:
        async for event in events:
            if _said(event, {}):
                break
    return _news(call, meeting, feed, after)


def _news(call: Call, meeting: str, feed: Feed, after: int) -> _News:
    """What has been said after an event; not all, if that is much."""
    titles = {seat.role: seat.title for seat in call.owner.orchestrator.get_meeting(meeting).seats}
    events = feed.stored()[after:]
    found = [said for event in events if (said := _said(event, titles))]
    cut = found[:MOST_NEWS]
    return _News(cut, cut[-1].number if len(found) > MOST_NEWS else after + len(events))


def _said(event: Event, titles: dict[str, str]) -> Said | None:
    place = ""
    match value_of(event):
        case Turn() as turn:
            place, text = turn.id, turn.text
        case Ballot() as ballot:
            place, text = "vote", f"{voted(ballot)}. {ballot.reason}".strip()
        case Absence() as absence:
            text = f"is absent: {absence.cause}"
        case PersonDecision() as decided:
            text = f"decides: {decided.choice or decided.status.value}"
        case Note() as note:
            place, text = "note", note.text
        case _:
            return None
    short = text if len(text) <= LONGEST_SAID else f"{text[:LONGEST_SAID]} \u2026"
    return Said(number=event.seq, place=place, speaker=titles.get(event.speaker, event.speaker), text=short)


def _progress(state: MeetingState, news: _News) -> MeetingProgress:
    return MeetingProgress(
        id=state.id,
        state=state.status,
        title=state.title,
        turns=state.turns,
        speaker=state.speaker,
        minutes_left=None if state.seconds_left is None else round(state.seconds_left / 60, 1),
        new=news.said,
        after=news.after,
        error=state.error,
        next=_next(state, news.after),
    )


def _words(state: MeetingState, said: str) -> str:
    """How far a meeting is, on one line."""
    place = f"place {state.position} in the queue" if state.status == "queued" else state.status
    left = "" if state.seconds_left is None else f", about {max(1, round(state.seconds_left / 60))} min left"
    floor = f", {state.speaker} has the floor" if state.speaker and not said else ""
    return " ".join(f"{said or 'The meeting'} ({place}{floor}{left})".split())[:300]


def _next(state: MeetingState, after: int) -> str:
    """What the caller does next, in one sentence."""
    if state.status in GOING_ON:
        return f"Next: meeting_status with id {state.id}, wait_s {MOST_WAIT}, after {after}, until it is closed."
    if state.status in ENDED:
        return f"Next: get_minutes with id {state.id}." if state.status == "closed" else "It cannot be resumed."
    return f"Next: hold_meeting with id {state.id} goes on with it."
