"""What a person says and answers in a meeting."""

import asyncio

from starlette.responses import Response

from agents.api.pages import paths
from agents.api.pages.live.chair import LEAVE_OUT, PASS, shown_question, takes_effect
from agents.api.pages.visit import Visit, page
from agents.errors import MeetingError, UsageError
from agents.meeting.room.interjections import as_words, refuse_unheard
from agents.orchestrator.background.held import Held
from agents.orchestrator.background.seat import SKIP
from agents.text import harmless

LONGEST = 20_000
"""The most characters that a person says at once."""
STOP_SECONDS = 2.0
"""How long a form waits for a meeting to stop; then it says that the turn ends first."""

COMMANDS = {
    "say": "{words}",
    "ask": "/ask {agent} {words}",
    "vote": "/vote",
    "skip": "/skip",
    "park": "/park {words}",
    "extend": "/extend {words}",
    "end": "/end",
}
"""What the meeting is told, by the field ``command``."""

_STOPPING: set["asyncio.Task[None]"] = set()


@page
async def say(visit: Visit) -> Response:
    """Say something in a meeting, or change its course, at the next pause."""
    held, words = _held(visit), _words(visit)
    refuse_unheard(words, held.board.spec.speakers, seated=bool(held.seat.role))
    if words not in held.seat.unheard:  # it was sent twice
        held.seat.say(words)
    return visit.done("heard", paths.meeting(held.meeting_id, "", "chair"), f"Taken. {takes_effect(held)}")


@page
async def answer(visit: Visit) -> Response:
    """Answer what the person is asked now."""
    held, instead = _held(visit), visit.text("instead")
    text = harmless(visit.text("text")).strip() or " ".join(visit.texts("number"))
    if instead == PASS:
        text = SKIP
    elif instead == LEAVE_OUT:
        text = ""
    elif not text:
        raise UsageError("There is no answer.", "Choose or write one, or leave the question out.")
    _short(text)
    question, number = visit.text("question"), visit.text("asked")
    if (number and number != str(held.seat.count)) or (question and question != shown_question(held.seat)):
        refuse = "Another question is asked now." if held.seat.question else "Nobody is asked anything now."
        raise MeetingError(refuse, "Read the page of the meeting again.")
    held.seat.answer_to("", text)
    return visit.done("answered", paths.meeting(held.meeting_id))


@page
async def stop(visit: Visit) -> Response:
    """Let the turn that is spoken end, and park the meeting."""
    held = _held(visit)
    parking = asyncio.create_task(visit.owner.meetings.stop(held.meeting_id))
    _STOPPING.add(parking)
    parking.add_done_callback(_stopped)
    done, _ = await asyncio.wait({parking}, timeout=STOP_SECONDS)
    said = "The meeting is parked." if done else "The meeting stops when the turn that is spoken has ended."
    return visit.done("parked", paths.meeting(held.meeting_id), said)


def _stopped(parking: "asyncio.Task[None]") -> None:
    _STOPPING.discard(parking)
    if not parking.cancelled():
        parking.exception()  # it has ended by itself in the meantime


def _words(visit: Visit) -> str:
    """What the meeting is told.

    Raises:
        UsageError: it is unknown, empty where words are needed, or too long.
    """
    form = COMMANDS.get(visit.text("command"))
    if form is None:
        raise UsageError("There is no such command.", "Use one of the buttons of the page.")
    words = harmless(visit.text("words")).strip()
    if form == "{words}" and not words:
        raise UsageError("There are no words.", "Write what you want to say.")
    _short(words)
    if form == "{words}":
        return as_words(words)
    return form.format(words=words, agent=visit.text("agent")).strip()


def _short(text: str) -> None:
    if len(text) > LONGEST:
        raise UsageError(f"These are {len(text)} characters, and {LONGEST} are possible.", "Say it in fewer words.")


def _held(visit: Visit) -> Held:
    """The meeting in the address, which is held or waits here.

    Raises:
        UnknownName: there is no such meeting.
        MeetingError: it is not held here.
    """
    found = visit.meeting()
    held = visit.owner.meetings.held(found)
    if held is None:
        raise MeetingError("The meeting is not held here now, so nobody hears this.", "Its page says how far it is.")
    return held
