"""Meetings that are held while their callers do something else: started, followed, stopped and resumed by id."""

import asyncio
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from agents.errors import Locked, MeetingError, ModelUnavailable, OrchestratorError, StopMeeting
from agents.meeting.journal import Event
from agents.meeting.minutes import build
from agents.meeting.progress import Board
from agents.meeting.room.person import prepared_person
from agents.model.state import model_state
from agents.orchestrator.background.feed import Feed
from agents.orchestrator.background.queue import MeetingQueue, Ticket
from agents.orchestrator.background.seat import RemoteSeat
from agents.orchestrator.hold import conduct
from agents.orchestrator.minutes import ExportableMinutes
from agents.orchestrator.prepare import Draft, create, draft_aside, plan_aside
from agents.store.meetings import CALLED, MeetingRow

if TYPE_CHECKING:
    from agents.meeting.plan import Plan
    from agents.orchestrator import AgentOrchestrator
    from agents.orchestrator.request import MeetingRequest

STOP_SECONDS = 60.0
"""How long a turn may take to end after its meeting was stopped; then it is given up, and asked again later."""

POLL_SECONDS = 0.5
"""How often the journal of a meeting is read that another process holds."""

ENDED = ("closed", "abandoned")
"""The statuses in which nothing more is said."""

GOING_ON = ("queued", "running", "elsewhere")
"""The statuses in which more is said without anybody's doing."""


@dataclass(frozen=True, slots=True)
class MeetingState:
    """How far a meeting is.

    Attributes:
        id, type, title: as in the list of meetings.
        status: "created", "queued", "running" (here), "elsewhere" (another process holds it), "interrupted" (it can be
            resumed), "closed" or "abandoned".
        position: its place in the queue from 1, or 0.
        turns: turns so far.
        done, expected: model calls so far, and in the whole meeting by estimate; 0 where it is not held here.
        phase: the phase it is in, or "".
        speaker: the title of who was asked last, or "".
        seconds_left: by the pace so far; None while too little is known.
        question: what a person is asked now, or "".
        choices: the answers that may be chosen; empty for an answer in own words.
        about: what the question is about, or "".
        error: why it stopped in this process, in one line, or "".
    """

    id: str
    type: str
    title: str
    status: str
    position: int = 0
    turns: int = 0
    done: int = 0
    expected: int = 0
    phase: str = ""
    speaker: str = ""
    seconds_left: float | None = None
    question: str = ""
    choices: tuple[str, ...] = ()
    about: str = ""
    error: str = ""


class Held:
    """A meeting that waits or is held in this process.

    Attributes:
        meeting_id: its id.
        feed: what happens in it.
        seat: a person's seat, or the place from which commands are given.
        board: how far it is.
        speaker: role id of who was asked last, or "".
        error: why it failed; None while it goes on and after a good end.
    """

    def __init__(self, meeting_id: str, feed: Feed, seat: RemoteSeat, board: Board, ticket: Ticket) -> None:
        self.meeting_id = meeting_id
        self.feed = feed
        self.seat = seat
        self.board = board
        self.speaker = ""
        self.error: OrchestratorError | None = None
        self.ticket = ticket
        self.task: asyncio.Task[None] | None = None
        self.stopping = False
        self._ended = asyncio.Event()

    @property
    def waits(self) -> bool:
        """Whether it is in the queue."""
        return not self.ticket.called.is_set()

    async def wait(self, seconds: float | None = None) -> bool:
        """Wait until it ends: closed, failed or parked. False if it goes on after ``seconds``."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._ended.wait(), seconds)
        return self._ended.is_set()

    def stop(self) -> None:
        """Let the turn that is spoken be the last one; a meeting that waits for its slot or for a person ends now."""
        self.stopping = True
        if self.task and (self.waits or self.seat.question):
            self.task.cancel()

    def end(self) -> None:
        """Say that it is over."""
        self.feed.end()
        self._ended.set()


class Background:
    """The meetings of one owner.

    Args:
        orchestrator: has the histories and the models.
        queue: gives slots to meetings of all owners.
        owner: the owner's name.
    """

    def __init__(self, orchestrator: "AgentOrchestrator", queue: MeetingQueue, owner: str = "") -> None:
        self.orchestrator = orchestrator
        self._queue = queue
        self._owner = owner
        self._held: dict[str, Held] = {}
        self._failed: dict[str, str] = {}
        self._watched: dict[str, tuple[Feed, asyncio.Task[None]]] = {}

    def start(self, meeting_id: str) -> Held:
        """Hold a meeting, or the rest of it, in the background. Where it is held here already, that one is returned.

        Raises:
            UnknownName: there is no such meeting.
            MeetingError: it is closed, or was cancelled.
            Locked: another process holds it.
            Busy: too many meetings wait already.
        """
        meetings = self.orchestrator.meetings
        found = meetings.find(meeting_id)
        if found in self._held:
            return self._held[found]
        status = meetings.row(found).status
        if status in ENDED:
            words = "closed already" if status == "closed" else "cancelled"
            raise MeetingError(f"The meeting {found} is {words}.", "Create a new meeting, or fork this one.")
        if holder := meetings.holder(found):
            raise Locked(f"The meeting {found} is held by {holder}.", "Wait until it ends, or stop it there.")
        held = self._prepared(found)
        self._held[found] = held
        self._failed.pop(found, None)
        held.task = asyncio.create_task(self._hold(held), name=f"meeting {found}")
        held.task.add_done_callback(lambda _: self._ended(held))  # also where it is cancelled before its first step
        return held

    def held(self, meeting_id: str) -> Held | None:
        """The meeting with this full id, if it waits or is held in this process now."""
        return self._held.get(meeting_id)

    def all_held(self) -> list[Held]:
        """All meetings that wait or are held in this process now."""
        return [*self._held.values()]

    def state(self, meeting_id: str) -> MeetingState:
        """How far a meeting is.

        Raises:
            UnknownName: there is no such meeting.
        """
        row = self.orchestrator.meetings.row(self.orchestrator.meetings.find(meeting_id))
        held = self._held.get(row.id)
        if held is None:
            status = self._status(row)
            failed = self._failed.get(row.id, "")
            return MeetingState(row.id, row.type, row.title, status, turns=row.turns, error=failed)
        board = held.board
        return MeetingState(
            row.id,
            row.type,
            row.title,
            "queued" if held.waits else "running",
            position=self._queue.position(held.ticket),
            turns=row.turns,
            done=board.done,
            expected=board.expected,
            phase=board.phase,
            speaker=board.rows[held.speaker].title if held.speaker in board.rows else "",
            seconds_left=None if held.waits else board.left,
            question=held.seat.question,
            choices=tuple(held.seat.choices),
            about=held.seat.about,
        )

    def behind(self, meeting_id: str) -> str:
        """The title of a meeting of this owner that has a slot and waits for an answer of a person, while another one
        waits in the queue; "" for none.

        Args:
            meeting_id: the full id of the one that waits.
        """
        held = self._held.get(meeting_id)
        if held is None or not held.waits:
            return ""
        asking = (one.meeting_id for one in self._held.values() if not one.waits and one.seat.question)
        first = next(asking, "")
        return self.orchestrator.meetings.row(first).title if first else ""

    def status_of(self, row: MeetingRow) -> str:
        """The status of a meeting of a list, as in ``MeetingState``; for many meetings cheaper than ``state``."""
        held = self._held.get(row.id)
        if held is None:
            return self._status(row)
        return "queued" if held.waits else "running"

    def interrupted(self) -> list[MeetingRow]:
        """The meetings that began, are not closed and are held by nobody, newest first."""
        begun = self.orchestrator.meetings.list(status="running")
        return [row for row in begun if self._status(row) == "interrupted" and row.id not in self._held]

    def feed(self, meeting_id: str) -> Feed:
        """What happens in a meeting: one that is held here, one that another process holds, or one that has ended.

        Raises:
            UnknownName: there is no such meeting.
        """
        found = self.orchestrator.meetings.find(meeting_id)
        if found in self._held:
            return self._held[found].feed
        if found in self._watched:
            return self._watched[found][0]
        feed = Feed(self._events(found))
        if self.orchestrator.meetings.row(found).status in ENDED or not self.orchestrator.meetings.is_locked(found):
            feed.end()
        else:
            self._watched[found] = (feed, asyncio.create_task(self._watch(found, feed)))
        return feed

    async def minutes(self, meeting_id: str) -> ExportableMinutes:
        """The minutes of a meeting, as far as it got, computed in a thread.

        Raises:
            UnknownName: there is no such meeting.
            MeetingError: it has not begun.
        """
        events = self._events(self.orchestrator.meetings.find(meeting_id))
        return ExportableMinutes.of(await asyncio.to_thread(build, events))

    async def draft(self, request: "MeetingRequest") -> "Draft":
        """Prepare the meeting that a request describes; what takes long is computed in a thread. Errors are those of
        ``AgentOrchestrator.create_meeting``.
        """
        return await draft_aside(self.orchestrator.resources, request)

    def create(self, draft: "Draft") -> str:
        """Store a meeting that was prepared; returns its id. Nothing may be awaited between both, so that it rests on
        what the histories have.

        Raises:
            ModelUnavailable: a model of its council cannot be reached or is not there; nothing is stored.
        """
        return create(self.orchestrator.resources, draft)

    async def plan(self, meeting_id: str) -> "Plan":
        """What a meeting costs from its start, on this machine, computed in a thread.

        Raises:
            UnknownName: there is no such meeting.
        """
        return await plan_aside(self.orchestrator.resources, self.orchestrator.get_meeting(meeting_id))

    async def stop(self, meeting_id: str, seconds: float = STOP_SECONDS) -> None:
        """Let the turn that is spoken end, and park the meeting; it can be resumed.

        Args:
            meeting_id: the meeting.
            seconds: how long the turn may take; then it is given up, and is asked again when the meeting is resumed.

        Raises:
            UnknownName: there is no such meeting.
            MeetingError: it is not held in this process.
        """
        found = self.orchestrator.meetings.find(meeting_id)
        held = self._held.get(found)
        if held is None:
            raise MeetingError(f"The meeting {found} is not held here.", "Stop it where it is held.")
        await self._park([held], seconds)

    async def close(self, seconds: float) -> None:
        """Park all meetings: their turns may take ``seconds`` to end."""
        await self._park(self.all_held(), seconds)
        for _, task in self._watched.values():
            task.cancel()
        await asyncio.gather(*(task for _, task in self._watched.values()), return_exceptions=True)

    async def _park(self, meetings: Iterable[Held], seconds: float) -> None:
        tasks = []
        for held in meetings:
            held.stop()
            if held.task:
                tasks.append(held.task)
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def _prepared(self, meeting_id: str) -> Held:
        """A meeting with its place in the queue."""
        events = self._events(meeting_id)
        spec = self.orchestrator.get_meeting(meeting_id)
        board = Board(spec, time.monotonic)
        board.take_up(events)
        seat = RemoteSeat(spec.person, prepared_person(spec, events))
        return Held(meeting_id, Feed(events), seat, board, self._queue.join(self._owner))

    async def _hold(self, held: Held) -> None:
        """Hold a meeting when its turn comes."""
        orchestrator = self.orchestrator

        def listen(event: Event) -> None:
            if event.seq > len(held.feed.stored()) + 1:  # the first events of a meeting are told to nobody
                held.feed.take_up(self._events(held.meeting_id))
            held.speaker = event.speaker or held.speaker
            held.board.update(event)
            held.feed.add(event)
            if event.seq and held.stopping:
                raise StopMeeting

        orchestrator.meetings.take_wish_to_stop(held.meeting_id)  # of an earlier time
        heeding = asyncio.create_task(self._heed(held))
        try:
            await held.ticket.called.wait()
            await self._refuse_silence(held.meeting_id)
            await conduct(orchestrator.resources, held.meeting_id, listen, held.seat, aside=True)
        except (StopMeeting, asyncio.CancelledError):
            pass  # it was parked
        except OrchestratorError as error:
            held.error = error
            self._failed[held.meeting_id] = error.cause
        except Exception as error:  # noqa: BLE001 - a fault of ours must not leave its followers waiting
            orchestrator.resources.log.line("ERROR", "meeting failed", meeting=held.meeting_id, error=repr(error)[:200])
            held.error = MeetingError(f"The meeting {held.meeting_id} failed.", "Resume it; the log has the cause.")
            self._failed[held.meeting_id] = held.error.cause
        finally:
            heeding.cancel()

    async def _refuse_silence(self, meeting_id: str) -> None:
        """Check that the model of the settings could answer, before a meeting begins or goes on with it. The models of
        a council are checked when they are opened.

        Raises:
            ModelUnavailable: its server cannot be reached, or does not have it.
        """
        if self.orchestrator.meetings.spec(meeting_id).get("council"):
            return
        state = await asyncio.to_thread(model_state, self.orchestrator.settings)
        if state["state"] in {"missing", "unreachable"}:
            raise ModelUnavailable(state.get("why", ""), state.get("remedy", ""))

    async def _heed(self, held: Held) -> None:
        """Park a meeting when another process asks for it, such as a command in a terminal."""
        while not self.orchestrator.meetings.take_wish_to_stop(held.meeting_id):  # noqa: ASYNC110 - a file says it
            await asyncio.sleep(POLL_SECONDS)
        await self._park([held], STOP_SECONDS)

    def _ended(self, held: Held) -> None:
        """Give back what a meeting had, and tell who follows it."""
        self._queue.leave(held.ticket)
        self._held.pop(held.meeting_id, None)
        with suppress(OrchestratorError):
            held.feed.take_up(self._events(held.meeting_id))
        held.end()

    async def _watch(self, meeting_id: str, feed: Feed) -> None:
        """Follow a meeting that another process holds, as long as somebody reads it."""
        meetings, seen = self.orchestrator.meetings, ""
        try:
            while True:
                await asyncio.sleep(POLL_SECONDS)
                row = meetings.row(meeting_id)
                goes_on = row.status not in ENDED and meetings.is_locked(meeting_id)
                if row.updated != seen or not goes_on:
                    seen = row.updated
                    feed.take_up(self._events(meeting_id))
                if not goes_on or not feed.readers:
                    return
        except OrchestratorError:
            return  # it was deleted, or cannot be read any more
        finally:
            self._watched.pop(meeting_id, None)
            feed.end()

    def _events(self, meeting_id: str) -> list[Event]:
        return self.orchestrator.meetings.journal(meeting_id).events()

    def _status(self, row: MeetingRow) -> str:
        if row.status in ENDED:
            return row.status
        if self.orchestrator.meetings.is_locked(row.id):
            return "elsewhere"
        return "created" if row.status == CALLED else "interrupted"
