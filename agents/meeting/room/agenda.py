"""The whole meeting: what the series left open, then each topic through its phases to the scribe."""

from dataclasses import replace

from agents.meeting.phases import PHASES, most_entries
from agents.meeting.room import baseline, scribe, series
from agents.meeting.room.interjections import Floor
from agents.meeting.room.person import Person
from agents.meeting.room.room import Room


async def hold(room: Room, person: Person | None = None) -> None:
    """Hold the whole meeting: the open actions of its series first, then each topic through the type's phases and the
    scribe's work on it.

    Args:
        room: who is there.
        person: a person among them, who may speak between the phases.
    """
    call = room.call
    if call.open_actions:
        room.call = replace(call, kind=replace(call.kind, agenda=series.AGENDA))
        await series.follow_up(room)
        room.call = replace(call, topics=call.topics[1:])
    floor = Floor(room, person)
    for topic in room.call.topics:
        if floor.stopped:
            break
        with room.opened(topic, most_entries(room.call.kind, len(room.speakers))):
            upcoming = await floor.before(room.call.kind.phases)
            while upcoming:
                name = upcoming.pop(0)
                room.enter(name)
                await PHASES[name](room)
                upcoming = await floor.before(upcoming) if upcoming else []
            room.enter("minutes")
            await scribe.extract(room)
            room.decided.append(scribe.one_line(room))
            if room.call.control:
                await baseline.ask_alone(room)
