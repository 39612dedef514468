"""The next message of a chat that has a meeting: commands are carried out by code, questions go to who leads it.

It never begins a second meeting, unless the message says so: "new meeting: TOPIC".
"""

from itertools import islice
from typing import TYPE_CHECKING

from agents.api.openai import attaching
from agents.api.openai.agent_models import role_answer
from agents.api.openai.commands import BY_CODE, NEW, UNCLEAR, Said, read
from agents.api.openai.deltas import Delta, End
from agents.api.openai.meeting_models import Late, Room, how_far, words_of
from agents.api.openai.meeting_text import FIRST, FROM_MINUTES, NO_MEETING
from agents.api.openai.runs import Emit, Make, Run, told
from agents.documents import Document
from agents.errors import OrchestratorError, UnknownName
from agents.export.markdown import escape, to_markdown
from agents.meeting.entry_names import entry_names
from agents.meeting.room.interjections import asked_in, refusal_of
from agents.model import Message
from agents.orchestrator.background.held import GOING_ON

if TYPE_CHECKING:
    from agents.api.openai.attaching import Keys
    from agents.api.openai.requests import ChatRequest
    from agents.orchestrator.background.held import MeetingState
    from agents.orchestrator.background.owners import Owner

MINUTES = "minutes.md"
"""The name of the document with the minutes, for who answers a question about them."""

_MOST_NAMES = 50
"""How many ids in the earlier answers of a chat are looked up at most."""


def meeting_of_chat(owner: "Owner", request: "ChatRequest", keys: "Keys") -> str:
    """The meeting that the chat of a request has, or "": by the first line of an earlier answer, by the chat's id, or
    by the beginning of the conversation.

    The first line comes first: after an edit, each branch of a chat has a meeting of its own. Words without an earlier
    answer are a first message, new or edited, whatever meeting the chat has.
    """
    stored = owner.orchestrator.requests
    for named in islice(dict.fromkeys(attaching.named_meetings(request)), _MOST_NAMES):
        if _is_ours(owner, named):
            return named
    goes_on = read(request.user_text).word or any(message.role == "assistant" for message in request.messages)
    if goes_on and keys.chat and (found := stored.meeting(keys.chat)):
        return found
    return stored.first_meeting(attaching.earlier_talk(request))


def without_meeting(owner: "Owner", request: "ChatRequest", keys: "Keys") -> str:
    """What a command is answered in a chat that has no meeting, or has none any more."""
    deleted = owner.orchestrator.requests.is_deleted
    known = filter(None, (keys.chat, *attaching.earlier_talk(request)))
    if any(attaching.named_meetings(request)) or any(map(deleted, known)):
        return f"{NO_MEETING} any more: it is not here, as somebody deleted it. `new meeting: TOPIC` holds another one."
    return f"{NO_MEETING} yet, so there is nothing to command: write what it should be about."


def _is_ours(owner: "Owner", meeting_id: str) -> bool:
    try:
        return owner.orchestrator.meetings.row(meeting_id).id == meeting_id
    except UnknownName:
        return False


def answer_in_meeting(room: Room, meeting_id: str, request: "ChatRequest", keys: "Keys") -> Run:
    """The answer to the next message of a chat with a meeting.

    Raises:
        Busy: the meeting has to be resumed, and too many wait already.
    """
    said, state = read(request.user_text), room.owner.meetings.state(meeting_id)
    if said.word in BY_CODE:
        return Run(room.model, _by_code(room, meeting_id, said), log=room.owner.orchestrator.resources.log)
    speakers = room.owner.orchestrator.get_meeting(meeting_id).speakers
    if state.status != "abandoned" and (refused := refusal_of(said.word, said.text, speakers)):
        return Run(room.model, told(f"{_name(meeting_id)} {escape(refused)}\n"))
    if state.status == "closed":
        return _afterwards(room, meeting_id, said)
    if state.status == "abandoned":
        return Run(room.model, told(f"{_name(meeting_id)} {how_far(state)}\n"))
    return _go_on(room, meeting_id, said, keys)


def _go_on(room: Room, meeting_id: str, said: Said, keys: "Keys") -> Run:
    """Resume a meeting where it is parked, hand what was said to it, and follow it to its end."""
    owner = room.owner
    after = len(owner.meetings.feed(meeting_id).stored())
    room.resume(meeting_id)
    held, remark, late = owner.meetings.held(meeting_id), "", None
    once = f"said:{keys.said or keys.fingerprint}"
    if said.word != "resume" and not owner.orchestrator.requests.meeting(once):
        if held is None:
            remark = " Nothing can be said in it from here."
        else:
            held.seat.say(_command(owner, meeting_id, said))
            attaching.remember(owner, [once], meeting_id)
            remark = " What you wrote is used at the next pause." if said.word else _asked(owner, meeting_id)
            late = _too_late(room, meeting_id, said)
    state = owner.meetings.state(meeting_id)
    begin = f"{_name(meeting_id)} {words_of(state)}{remark}\n\n"
    return room.follow(meeting_id, begin, after, late)


def _too_late(room: Room, meeting_id: str, said: Said) -> Late:
    """What is done when the meeting had no pause any more: a question is answered from the minutes."""

    async def make(emit: Emit) -> End:
        emit(Delta(content="\nWhat you wrote came too late for a pause of the meeting.\n\n"))
        if said.word:
            return End()
        spec = room.owner.orchestrator.get_meeting(meeting_id)
        return await _from_minutes(room, meeting_id, spec.facilitator, said.text)(emit)

    return make


def _command(owner: "Owner", meeting_id: str, said: Said) -> str:
    """What is said in the meeting: a command, or a question to who leads it."""
    if said.word:
        return f"{said.word} {said.text}".strip()
    return f"/ask {owner.orchestrator.get_meeting(meeting_id).facilitator} {said.text}"


def _asked(owner: "Owner", meeting_id: str) -> str:
    spec = owner.orchestrator.get_meeting(meeting_id)
    return f" The {escape(spec.title_of(spec.facilitator))} is asked at the next pause."


def _by_code(room: Room, meeting_id: str, said: Said) -> Make:
    """Makes the answer to a message that needs no model."""

    async def make(emit: Emit) -> End:
        try:
            words = await _done(room, meeting_id, said)
        except OrchestratorError as error:
            words = f"{escape(error.cause)} {escape(error.remedy)}".strip()
        emit(Delta(content=f"{_name(meeting_id)} {words}\n"))
        return End()

    return make


async def _done(room: Room, meeting_id: str, said: Said) -> str:
    meetings = room.owner.meetings
    state = meetings.state(meeting_id)
    if said.word == NEW:
        return "No meeting was begun: write `new meeting: TOPIC`, with what it should be about."
    if said.word == UNCLEAR:
        return await _unclear(room, state)
    if said.word == "status":
        return f"{' '.join([how_far(state), *await _outcomes(room, state)])}\n\nLive: {room.url(meeting_id)}"
    if said.word == "minutes":
        return f"{words_of(state)}\n\n{to_markdown(await meetings.minutes(meeting_id))}"
    if said.word == "stop":
        if meetings.held(meeting_id) is not None:
            await meetings.stop(meeting_id)
            state = meetings.state(meeting_id)
        return f"{words_of(state)} Stop it there." if state.status == "elsewhere" else how_far(state)
    if state.status in GOING_ON:
        return f"{words_of(state)} What you say of an entry can be recorded when it is closed."
    recorded = [await _judged(room, meeting_id, said, entry) for entry in dict.fromkeys(said.entries)]
    if said.text and said.word != "correct":
        recorded.append("The reason is not recorded: `correct ENTRY: WORDS` records words.")
    return "\n\n".join(recorded)


async def _judged(room: Room, meeting_id: str, said: Said, entry: str) -> str:
    """Record what is said of one entry; a sentence about what was recorded, or why nothing was."""
    owner = room.owner
    try:
        words = said.text if said.word == "correct" else ""
        verdict = await owner.orchestrator.verdicts.arecord(meeting_id, entry, said.word, words, by=owner.name)
    except OrchestratorError as error:
        return f"{escape(error.cause)} {escape(error.remedy)}".strip()
    text = f": {escape(verdict.text)}" if verdict.text else ""
    return f"{verdict.entry} is {escape(verdict.words)}{text}. It concerns: {escape(verdict.said)}"


async def _unclear(room: Room, state: "MeetingState") -> str:
    """What to write instead of a verdict that code cannot read."""
    if state.status != "closed":
        return "Not recorded: what you say of an entry can be recorded when the meeting is closed."
    first = next(iter(entry_names(await room.owner.meetings.minutes(state.id))), "")
    if not first:
        return "Not recorded: its minutes have no entry."
    return (
        f"Not recorded: write `confirm {first}` or `reject {first}`, with nothing but names of entries after the word, "
        f"or `correct {first}: WORDS`."
    )


async def _outcomes(room: Room, state: "MeetingState") -> list[str]:
    """What a closed meeting decided, in sentences."""
    if state.status != "closed":
        return []
    decided = [one.decision for one in (await room.owner.meetings.minutes(state.id)).topics]
    return [f"Outcome: {escape(one.outcome)}. Put to the vote: {escape(one.text)}" for one in decided if one.text]


def _afterwards(room: Room, meeting_id: str, said: Said) -> Run:
    """The answer to a question about a meeting that is closed: one model call, with the minutes as its document."""
    spec = room.owner.orchestrator.get_meeting(meeting_id)
    agent, question = spec.facilitator, said.text
    if said.word == "/ask":
        agent, question = asked_in(said.text)
    elif said.word:
        words = f"{_name(meeting_id)} It is closed, so there is nothing to {said.word[:20]}.\n"
        return Run(room.model, told(words))
    log = room.owner.orchestrator.resources.log
    return Run(room.model, _from_minutes(room, meeting_id, agent, question), log=log)


def _from_minutes(room: Room, meeting_id: str, agent: str, question: str) -> Make:
    """Makes the answer of an agent to a question about a meeting, and says that nobody checked it and how to object."""
    owner = room.owner

    async def make(emit: Emit) -> End:
        minutes = await owner.meetings.minutes(meeting_id)
        before = f"{_name(meeting_id)} {FROM_MINUTES.format(escape(owner.orchestrator.roles[agent].title))}\n\n"
        document = Document(MINUTES, to_markdown(minutes))
        first = next(iter(entry_names(minutes)), "")
        after = f"\n\n*To record an objection to an entry, write* `reject {first}`." if first else ""
        answer = role_answer(owner, agent, [Message("user", question)], [document], before=before, after=after)
        return await answer(emit)

    return make


def _name(meeting_id: str) -> str:
    return f"{FIRST.format(meeting_id)}:"
