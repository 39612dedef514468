"""The room: who is present, who is asked what, what has been said.

Phases talk to the room and to nothing else. Every answer is on the journal before the next is asked for; an answer that
is on the journal already is not asked for again, so holding a meeting and resuming one are the same code.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from agents.agent import Agent
from agents.errors import ContextOverflow, MeetingError, ModelError, ModelUnavailable
from agents.meeting import context, prompts
from agents.meeting.journal import Event, Journal, Kind, Listener, Recorded, T, keep, passing, value_of
from agents.meeting.phases import entries_in_talk
from agents.meeting.prompts import SCRIBE, Ask
from agents.meeting.record import Absence, Ballot, Drop, Head, Note, Put, StructuredAnswer, Topic, Turn
from agents.meeting.room.topic import Talk, by_model
from agents.meeting.room.turn import Answering, numbers_of, read_ballot, unreadable
from agents.meeting.spec import MeetingSpec
from agents.model import Message, Model, OnText, Prompt, Reply

if TYPE_CHECKING:
    from agents.documents import Passage


class Room:
    """One meeting while it is held.

    Args:
        spec: what was fixed before it began.
        agents: everybody invited, by role id.
        scribe: the model that writes the minutes.
        journal: where every answer is kept before the next is asked for.
        library: finds passages of the documents; None when there are none.
        memories: lines each participant remembers, by role id.
        listen: is told each event as it happens.
        events: what the journal holds; None reads it.

    Attributes:
        events: what the journal holds now.
    """

    def __init__(
        self,
        spec: MeetingSpec,
        agents: Mapping[str, Agent],
        scribe: Model,
        journal: Journal,
        library: context.Library | None = None,
        memories: Mapping[str, tuple[str, ...]] | None = None,
        listen: Listener | None = None,
        events: Sequence[Event] | None = None,
    ) -> None:
        self.spec = spec
        self.agents = agents
        self.scribe = scribe
        self.library = library
        self.memories = memories or {}
        self.events = list(journal.events() if events is None else events)
        self.decided: list[str] = []
        self.brief = prompts.brief(spec)
        self._journal = journal
        self._listen: Listener = listen or (lambda _event: None)
        self._recorded: dict[str, Event] = {event.key: event for event in self.events if event.key}
        self._passages = tuple(passage for document in spec.documents for passage in document.passages())
        self._numbered = 0
        self._talk: Talk | None = None

    @property
    def talk(self) -> Talk:
        """The topic being talked about.

        Raises:
            MeetingError: no topic is open.
        """
        if self._talk is None:
            raise MeetingError("No topic is open in this meeting.")
        return self._talk

    @property
    def speakers(self) -> tuple[str, ...]:
        """Role ids in speaking order."""
        return self.spec.speakers

    @contextmanager
    def topic(
        self,
        topic: Topic,
        entries: Sequence[tuple[int, int]] | None = None,
        agenda: Sequence[str] | None = None,
        *,
        documents: bool = True,
    ) -> Iterator[Talk]:
        """Open a topic: divide the context of its calls, once and for all.

        Args:
            topic: what is talked about.
            entries: for each phase, how many contributions it leaves in the talk, and the most tokens of each; None is
                what the meeting type's phases leave.
            agenda: the questions about it; None is the type's own.
            documents: whether the documents are about it.
        """
        agenda = self.spec.kind.agenda if agenda is None else agenda
        entries = entries_in_talk(self.spec.kind, len(self.speakers)) if entries is None else entries
        library, passages = (self.library, self._passages) if documents else (None, ())
        packed = self._packed(topic, entries, agenda, passages, library)
        head = prompts.topic_head(agenda, topic, packed.shared, self.decided)
        self._talk = Talk(topic, packed, Message("user", head, turn="", speaker=""), library)
        self._listen(passing(Kind.TOPIC, topic.number, text=topic.text))
        try:
            yield self._talk
        finally:
            self._talk = None

    def _packed(
        self,
        topic: Topic,
        entries: Sequence[tuple[int, int]],
        agenda: Sequence[str],
        passages: "tuple[Passage, ...]",
        library: context.Library | None,
    ) -> context.Packing:
        head = self.known(f"{topic.number}.head", Head)
        if head:
            return context.packing_from(head, passages)
        count = self.scribe.count_tokens
        fixed = count(self.brief) + count(prompts.topic_head(agenda, topic, (), self.decided))
        queries = [topic.text, " ".join(agenda)]
        packed = context.pack(self.spec.context_tokens, fixed, entries, passages, library, queries, count)
        self.record(f"{topic.number}.head", packed.as_head())
        return packed

    def enter(self, phase: str) -> None:
        """Begin a phase of the open topic."""
        self.talk.phase = phase
        self._listen(passing(Kind.PHASE, self.talk.topic.number, phase))

    def say(self, text: str) -> None:
        """Put words of the room itself into the talk, such as the digest; code wrote them, so they are not on the
        journal.
        """
        self.talk.entries.append(Message("user", text))

    def record(self, key: str, value: Recorded) -> None:
        """Put a value on the journal under a key that is not there yet, and tell the listener."""
        event = keep(self._journal, key, value)
        self.events.append(event)
        self._recorded[key] = event
        self._listen(event)

    def known(self, key: str, cls: type[T]) -> T | None:
        """The value that the journal has under a key."""
        value = value_of(self._recorded[key]) if key in self._recorded else None
        return value if isinstance(value, cls) else None

    def has_begun(self, topic: int, phases: Sequence[str]) -> bool:
        """Whether the journal has anything of one of these phases of a topic."""
        return any(name.startswith(f"{topic}.{phase}.") for name in self._recorded for phase in phases)

    def note(self, name: str, text: str) -> None:
        """Put a remark for the reader of the minutes on the journal, once."""
        key = f"{self.talk.topic.number}.note.{name}"
        if key not in self._recorded:
            self.record(key, Note(self.talk.topic.number, text, self.talk.phase))

    def remark(self, text: str) -> None:
        """Tell the listener something that does not concern the reader of the minutes."""
        self._listen(passing(Kind.NOTE, 0, text=text))

    def put_to_vote(self, turn: Turn) -> None:
        """Let the participants vote on the words of this turn."""
        self.talk.proposal = turn
        key = f"{turn.topic}.put"
        if key not in self._recorded:
            self.record(key, Put(turn.topic, turn.id))

    async def ask_all(self, asks: Sequence[Ask], *, anonymous: bool = False, check_repeats: bool = False) -> list[Turn]:
        """Ask several at once; none sees the others' answers. Returns the turns, in the order of their ids.

        Args:
            asks: what to ask whom.
            anonymous: whether the talk shows the statements without names, in shuffled order.
            check_repeats: whether a turn that repeats an earlier one is kept out of the talk.
        """
        order = list(asks)
        if anonymous:
            random.Random(f"{self.talk.topic.text}/{self.talk.topic.number}/{self.talk.phase}").shuffle(order)  # noqa: S311 - an order, no secret
        ids = {ask.speaker: self._next_id() for ask in order}
        transcript = self.talk.transcript()
        async with asyncio.TaskGroup() as group:
            tasks = {
                ask.speaker: group.create_task(self._turn(ask, ids[ask.speaker], transcript))
                for ask in by_model(asks, self.agents, self.scribe.label)
            }
        turns = [turn for ask in order if (turn := tasks[ask.speaker].result())]
        return [self._take(turn, anonymous, check_repeats) for turn in turns]

    async def ask(self, ask: Ask, *, check_repeats: bool = False) -> Turn | None:
        """Ask one participant; None when it has nothing usable to say."""
        turn = await self._turn(ask, self._next_id(), self.talk.transcript())
        return self._take(turn, False, check_repeats) if turn else None

    async def vote_all(self, asks: Sequence[Ask]) -> list[Ballot]:
        """Have everybody vote, each alone. Returns the ballots in the order asked."""
        transcript = self.talk.transcript()
        async with asyncio.TaskGroup() as group:
            grouped = by_model(asks, self.agents, self.scribe.label)
            tasks = {ask.speaker: group.create_task(self._ballot(ask, transcript)) for ask in grouped}
        ballots = [ballot for ask in asks if (ballot := tasks[ask.speaker].result())]
        self.talk.ballots += ballots
        return ballots

    async def structured(self, ask: Ask, name: str, repair: Callable[[Any], str]) -> Any:
        """A JSON answer that ``repair`` accepts, or None; asked again twice with the one thing that was wrong.

        Args:
            ask: what to ask whom.
            name: what this answer is called on the journal, unique within the topic.
            repair: says what is wrong with an answer, or "".
        """
        key = f"{self.talk.topic.number}.{name}.{ask.speaker}"
        if key in self._recorded:
            known = self.known(key, StructuredAnswer)
            return known.answer if known else None
        transcript, question, answer, replies = self.talk.transcript(), ask.question, None, list[Reply]()
        for _attempt in range(3):
            reply = await self._reply(replace(ask, question=question), key, transcript)
            if reply is None:
                break
            replies.append(reply)
            problem = unreadable(reply) or repair(reply.parsed)
            if not problem:
                answer = reply.parsed
                break
            question = prompts.again(ask.question, problem)
        if key not in self._recorded:
            numbers = numbers_of(*replies) if replies else {}
            self.record(key, StructuredAnswer(self.talk.topic.number, name, ask.speaker, answer, numbers))
        return answer

    def _next_id(self) -> str:
        self._numbered += 1
        return f"T{self._numbered}"

    def _take(self, turn: Turn, anonymous: bool, check_repeats: bool) -> Turn:
        """Let a finished turn join the talk, unless it passes or only repeats."""
        talk = self.talk
        if check_repeats and (other := talk.repeated(turn)):
            turn = replace(turn, dropped=f"repeats {other}")
            if f"{turn.key}.dropped" not in self._recorded:
                drop = Drop(turn.id, turn.dropped, turn.topic, turn.phase, turn.speaker, turn.position)
                self.record(f"{turn.key}.dropped", drop)
        name = "a colleague" if anonymous else self.spec.title_of(turn.speaker)
        if talk.join(turn, name, self.scribe.count_tokens):
            self.note(
                "short", "Statements were shortened in the talk to fit the context; the transcript has them whole."
            )
        return turn

    async def _turn(self, ask: Ask, turn_id: str, transcript: tuple[Message, ...]) -> Turn | None:
        talk = self.talk
        number, key = talk.topic.number, f"{talk.topic.number}.{talk.phase}.{ask.speaker}"
        if key in self._recorded:
            return self.known(key, Turn)
        self._listen(passing(Kind.ASKED, number, talk.phase, ask.speaker))
        title, person = self.spec.title_of(ask.speaker), ask.speaker == self.spec.person
        answering = Answering(ask, talk.topic, title, person)
        while asked := answering.next():
            answering.take(await self._reply(asked, key, transcript, optional=bool(answering.text)))
        if answering.failed:
            return None
        if not answering.text:
            self._absent(key, ask.speaker, "gave no usable answer, twice")
            return None
        numbers = numbers_of(*answering.replies)
        turn = Turn(turn_id, key, number, talk.phase, ask.speaker, answering.text, answering.position, numbers=numbers)
        self.record(key, turn)
        if answering.asked_position and turn.position:
            self.note("position", "Some statements named no position. It was asked for in one word, their last line.")
        return turn

    async def _ballot(self, ask: Ask, transcript: tuple[Message, ...]) -> Ballot | None:
        talk = self.talk
        key = f"{talk.topic.number}.{talk.phase}.{ask.speaker}"
        if key in self._recorded:
            return self.known(key, Ballot)
        question = ask.question
        for _attempt in range(2):
            reply = await self._reply(replace(ask, question=question), key, transcript)
            if reply is None:
                return None
            found = read_ballot(reply, talk.topic.number, talk.phase, ask.speaker)
            if found:
                self.record(key, found)
                return found
            question = prompts.again(ask.question, 'it named no vote. "vote" must be one of the four words.')
        self._absent(key, ask.speaker, "gave no readable vote, twice")
        return None

    async def _reply(
        self, ask: Ask, key: str, transcript: tuple[Message, ...], *, optional: bool = False
    ) -> Reply | None:
        """One call; a failure is never the end of the meeting: it is an absence on the record, unless ``optional``."""
        talk = self.talk
        prompt = self._prompt(ask, transcript)
        answer, on_text = self._answers(ask)
        try:
            try:
                return await answer(prompt, on_text=on_text)
            except ContextOverflow:
                self.note(
                    f"overflow.{ask.speaker}",
                    f"{self.spec.title_of(ask.speaker)} spoke without memory and own passages: no room.",
                )
                return await answer(replace(prompt, documents=(), memory=()), on_text=on_text)
        except (ModelError, ModelUnavailable) as error:
            if not optional:
                self._absent(key, ask.speaker, error.cause, talk)
            return None

    def _answers(self, ask: Ask) -> tuple[Callable[..., Awaitable[Reply]], OnText | None]:
        """What answers for a speaker, and who is told its words as they come."""
        if ask.speaker == SCRIBE:
            return self.scribe.reply, None
        number, phase = self.talk.topic.number, self.talk.phase

        def on_text(piece: str) -> None:
            self._listen(passing(Kind.TEXT, number, phase, ask.speaker, piece))

        return self.agents[ask.speaker].answer, None if ask.schema else on_text

    def _prompt(self, ask: Ask, transcript: tuple[Message, ...]) -> Prompt:
        talk = self.talk
        role = self.agents[ask.speaker].role if ask.speaker in self.agents else None
        own: tuple[Passage, ...] = ()
        if ask.documents and role and self.spec.own_passages:
            own = context.own_passages(
                role, talk.topic.text, talk.library, talk.packing.shared, self.scribe.count_tokens
            )
        return Prompt(
            question=ask.question, task=ask.task, brief=self.brief, transcript=transcript, documents=own,
            memory=self.memories.get(ask.speaker, ()), subject=talk.topic.text, shared=talk.packing.shared,
            wants=ask.wants, schema=ask.schema, max_tokens=ask.max_tokens, temperature=0.0 if ask.schema else None,
            asked=ask.asked,
        )  # fmt: skip

    def _absent(self, key: str, speaker: str, cause: str, talk: Talk | None = None) -> None:
        talk = talk or self.talk
        self.record(key, Absence(speaker, talk.topic.number, talk.phase, cause))
