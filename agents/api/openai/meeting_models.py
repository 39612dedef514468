"""Models that are meeting types: a message of a user becomes one meeting, which is held once, however often it is
asked for.
"""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from agents.api.openai.agent_models import earlier_as_document
from agents.api.openai.commands import is_command
from agents.api.openai.deltas import Delta, End
from agents.api.openai.documents import only_block
from agents.api.openai.meeting_text import MeetingText, closing, is_ours, opening, usage_of
from agents.api.openai.requests import ChatMessage
from agents.api.openai.runs import Emit, Make, Run, Runs
from agents.documents import Document
from agents.errors import Busy
from agents.meeting.journal import Kind
from agents.meeting.phases import phase_name
from agents.orchestrator.request import MeetingRequest
from agents.text import capital

if TYPE_CHECKING:
    from agents.api.openai.requests import ChatRequest
    from agents.orchestrator.background.held import MeetingState
    from agents.orchestrator.background.owners import Owner

MESSAGE = "message.md"
"""The name of the document with a message that is too long to be a topic."""
MOST_TOPIC = 500
"""The most letters of a topic; the words of a longer message are a document."""
LEAST_CHAT = 400
"""The fewest letters of a conversation that can be the document of a meeting that needs one."""


def new_meeting(owner: "Owner", request: "ChatRequest", text: str | None = None) -> str:
    """Create the meeting that a message asks for; returns its id.

    Args:
        owner: whose meeting it is.
        request: the request.
        text: the words that it is about; None for those of the message.

    Raises:
        UnknownName: there is no such type.
        UsageError: there is no topic, or a document is missing.
        DocumentError: the block of the message is not text.
    """
    kind = owner.orchestrator.types[request.name]
    said = _alone(request) if text is None else text
    block = only_block(said) if kind.needs and not request.documents else None
    topic, message = topic_and_message(block.text if block else said)
    documents = [*request.documents, *(block.documents if block else ()), *([message] if message else [])]
    chat = earlier_as_document(_without_meetings(request))
    if chat and (documents or not kind.needs or len(chat.text) >= LEAST_CHAT):
        documents.append(chat)
    return owner.orchestrator.convene(MeetingRequest(kind.id, [topic] if topic else [], attach=documents))


def _without_meetings(request: "ChatRequest") -> "ChatRequest":
    """A request without earlier commands, and without what was said in and about the meetings of its chat."""
    kept, pending = list[ChatMessage](), list[ChatMessage]()
    for one in request.messages:
        if one.role == "user":
            pending.append(one)
            continue
        ours = one.role == "assistant" and is_ours(one.text)
        if one.role == "assistant":
            kept += [] if ours else [said for said in pending if not is_command(said.text)]
            pending = []
        if not ours:
            kept.append(one)
    last = pending[-1:]
    return replace(request, messages=(*kept, *(said for said in pending[:-1] if not is_command(said.text)), *last))


def _alone(request: "ChatRequest") -> str:
    """The message without the names of its documents, where they stand before what is asked or below it."""
    names = {f"[{document.name}]" for document in request.documents}
    lines = request.user_text.strip().split("\n")
    while len(lines) > 1 and (lines[-1].strip() in names or not lines[-1].strip()):
        lines.pop()
    text = "\n".join(lines).strip()
    while first := next((name for name in names if text.startswith(name) and text != name), ""):
        text = text[len(first) :].lstrip()
    return text


def topic_and_message(text: str) -> tuple[str, Document | None]:
    """The topic of a meeting, and the document that a long message is. Of a long message its last paragraph is the
    topic, where that is short, as programs put a file before the question; else its first one, else its first words.
    """
    text = text.strip()
    if len(text) <= MOST_TOPIC:
        return " ".join(text.split()), None
    paragraphs = [" ".join(one.split()) for one in re.split(r"\n\s*\n", text) if one.strip()]
    short = next((one for one in (paragraphs[-1], paragraphs[0]) if len(one) <= MOST_TOPIC), "")
    if not short:
        short = f"{text[: MOST_TOPIC // 2].rsplit(None, 1)[0]} ..."
    return " ".join(short.split()), Document(MESSAGE, text)


Late = Callable[[Emit], Awaitable[object]]
"""What is done about words that came too late for a meeting."""


@dataclass(frozen=True, slots=True)
class Room:
    """Where meetings of one owner are followed.

    Attributes:
        owner: whose meetings they are.
        runs: the answers of the owner.
        base: the address of the service, as the program wrote it.
        model: the name of the model, as the program wrote it.
    """

    owner: "Owner"
    runs: Runs
    base: str
    model: str

    def url(self, meeting_id: str) -> str:
        """Where a meeting can be read."""
        return f"{self.base.rstrip('/')}/meetings/{meeting_id}"

    def begin(self, meeting_id: str) -> Run:
        """The answer with a whole meeting, from its first event; the meeting is held, or resumed, if it has to be: also
        one that is being parked, whose other answer ends with that.

        Raises:
            Busy: too many meetings wait already.
        """
        name = f"meeting:{meeting_id}"
        run, held = self.runs.find(name), self.owner.meetings.held(meeting_id)
        if run is not None and run.end is None and (held is None or not held.stopping):
            return run
        self.resume(meeting_id)
        return self.runs.keep([name], self.follow(meeting_id))

    def resume(self, meeting_id: str) -> None:
        """Hold a meeting that goes on if nobody holds it."""
        if self.owner.meetings.state(meeting_id).status in {"created", "interrupted"}:
            self.owner.meetings.start(meeting_id)

    def follow(self, meeting_id: str, first: str | None = None, after: int = 0, late: Late | None = None) -> Run:
        """An answer with what happens in a meeting, until its end.

        Args:
            meeting_id: the meeting.
            first: how the answer begins; None for the opening of a meeting.
            after: the number of the last event that is not told.
            late: is done at the end where the meeting did not use what was said in it.
        """
        orchestrator = self.owner.orchestrator
        spec = orchestrator.get_meeting(meeting_id)
        begin = opening(spec, self.url(meeting_id)) if first is None else first
        return Run(
            self.model,
            self._following(meeting_id, begin, after, late),
            now=lambda: words_of(self.owner.meetings.state(meeting_id)),
            on_left=self._leaving(meeting_id),
            meanwhile=lambda: begin + self._still(meeting_id),
            about=meeting_id,
            log=orchestrator.resources.log,
        )

    def _following(self, meeting_id: str, begin: str, after: int, late: Late | None) -> Make:
        meetings, orchestrator = self.owner.meetings, self.owner.orchestrator
        held, feed = meetings.held(meeting_id), meetings.feed(meeting_id)
        is_parked = held is not None and held.stopping
        text = MeetingText(orchestrator.get_meeting(meeting_id))

        async def make(emit: Emit) -> End:
            nonlocal held, feed
            emit(Delta(content=begin))
            if held is not None and is_parked:
                await held.wait()
                self.resume(meeting_id)
                held, feed = meetings.held(meeting_id), meetings.feed(meeting_id)
            spoken = False
            async for event in feed.follow(live=True):
                words = text.of(event) if event.seq else ""
                if words and event.seq > after:
                    emit(Delta(content=words))
                    spoken = True
                elif event.kind in {Kind.ASKED, Kind.PHASE}:
                    now = words_of(meetings.state(meeting_id))
                    emit(Delta(reasoning="" if spoken else f"{now}\n", status=now))
            usage = usage_of([*feed.stored()])
            if held is not None and held.error is not None:
                return End(usage=usage, error=held.error)
            state = meetings.state(meeting_id)
            if state.status != "closed":
                emit(Delta(content=how_far(state)))
                return End(usage=usage)
            emit(closing(await meetings.minutes(meeting_id), self.url(meeting_id)))
            if late is not None and held is not None and held.seat.words():
                await late(emit)
            return End(usage=usage)

        return make

    def _leaving(self, meeting_id: str) -> Callable[[], Awaitable[None]]:
        """Parks the meeting, unless somebody else follows it."""

        async def park() -> None:
            held = self.owner.meetings.held(meeting_id)
            ours = [run for run in self.runs.running() if run.about == meeting_id]
            if held is None or any(run.readers for run in ours) or held.feed.readers > len(ours):
                return
            await self.owner.meetings.stop(meeting_id)

        return park

    def _still(self, meeting_id: str) -> str:
        """What a program is told that waits for a whole answer, and can wait no longer."""
        now = words_of(self.owner.meetings.state(meeting_id))
        return f"It still goes on: {now} Ask again, for example `status`, or send the same message to get its end.\n"


def hold(room: Room, meeting_id: str) -> Run:
    """The answer with a meeting that was just created; if it cannot wait for the model, it is deleted again.

    Raises:
        Busy: too many meetings wait already.
    """
    try:
        return room.begin(meeting_id)
    except Busy:
        room.owner.orchestrator.meetings.delete(meeting_id)
        raise


def words_of(state: "MeetingState") -> str:
    """How far a meeting is, in one sentence."""
    turns = f"{state.turns} {'turn' if state.turns == 1 else 'turns'}"
    match state.status:
        case "queued":
            return f"It waits for the model, at place {state.position} of the queue."
        case "running":
            step = phase_name(state.phase) if state.phase else "it begins"
            who = f"{state.speaker} has the floor" if state.speaker else capital(step)
            number = f", {min(state.done + 1, state.expected)}/{state.expected}" if state.expected else ""
            return f"{who}{number}{_left(state.seconds_left)}."
        case "elsewhere":
            return f"Another process holds it, {turns} so far."
        case "closed":
            return f"It is closed, after {turns}."
        case "abandoned":
            return f"It was cancelled, after {turns}."
        case _:
            why = f" {state.error}" if state.error else ""
            return f"It is parked, after {turns}.{why}"


def how_far(state: "MeetingState") -> str:
    """How far a meeting is, and what to write next in its chat where nobody holds it."""
    match state.status:
        case "abandoned":
            then = "`new meeting: TOPIC` holds another one."
        case "created" | "interrupted":
            then = "Write `resume`, and it goes on from there."
        case _:
            then = ""
    return f"{words_of(state)} {then}".strip()


def _left(seconds: float | None) -> str:
    if seconds is None:
        return ""
    minutes = max(1, round(seconds / 60))
    return f", about {minutes} min left"
