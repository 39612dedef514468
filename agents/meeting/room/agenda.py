"""The whole meeting: what the series left open, then each topic through its phases to the scribe."""

from agents.meeting.phases import PHASES
from agents.meeting.room import baseline, scribe, series
from agents.meeting.room.interjections import Interjections
from agents.meeting.room.person import Person
from agents.meeting.room.room import Room


async def hold(room: Room, person: Person | None = None) -> None:
    """Hold the whole meeting: the open actions of its series first, then each topic through the type's phases and the
    scribe's work on it.

    Args:
        room: who is there.
        person: a person among them, who may speak between the phases.
    """
    topics = room.spec.topics
    if room.spec.open_actions:
        await series.follow_up(room)
        topics = topics[1:]
    interjections = Interjections(room, person)
    for topic in topics:
        if interjections.stopped:
            break
        with room.topic(topic):
            upcoming = await interjections.before(room.spec.kind.phases)
            while upcoming:
                name = upcoming.pop(0)
                room.enter(name)
                await PHASES[name].run(room, PHASES[name])
                upcoming = await interjections.before(upcoming) if upcoming else []
            room.enter("minutes")
            await scribe.extract(room)
            room.decided.append(scribe.one_line(room))
            if room.spec.control:
                await baseline.ask_alone(room)
