"""The course of a whole meeting: the open actions of its series, then each topic through its phases and the scribe."""

from agents.meeting.phases import phase_named, phases_held
from agents.meeting.room import baseline, deciding, scribe, series
from agents.meeting.room.interjections import Interjections
from agents.meeting.room.person import Person
from agents.meeting.room.room import Room


async def hold(room: Room, person: Person | None = None) -> None:
    """Hold the whole meeting: first the open actions of its series, then each topic through the phases of its type.

    Args:
        room: the room of the meeting.
        person: the person who may speak between the phases; None for nobody.

    Raises:
        ModelUnavailable: no model could be reached, and nobody has said anything.
    """
    topics = room.spec.topics
    if room.spec.open_actions:
        await series.follow_up(room)
        room.away.refuse_silence()
        topics = topics[1:]
    interjections = Interjections(room, person)
    for topic in topics:
        if interjections.stopped:
            break
        with room.topic(topic) as opened:
            upcoming = await interjections.before(phases_held(room.spec, opened.packing))
            while upcoming:
                name = upcoming.pop(0)
                room.begin_phase(name)
                await phase_named(name).run(room, phase_named(name))
                room.away.refuse_silence()
                upcoming = await interjections.before(upcoming) if upcoming else []
            if room.spec.decider and not interjections.stopped:
                await deciding.decide(room)
            room.begin_phase("minutes")
            await scribe.extract(room)
            room.away.refuse_silence()
            room.outcomes.append(scribe.one_line(room))
            if room.spec.control:
                await baseline.ask_alone(room)
