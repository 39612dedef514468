"""The room: who is present, who has the floor, what has been said.

Phases talk to the room and to nothing else. Every answer is on the journal before the next is asked for; an answer that
is on the journal already is not asked for again, so holding a meeting and resuming one are the same code.
"""

import asyncio
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from agents.agent import Agent
from agents.errors import ContextOverflow, MeetingError, ModelError, ModelUnavailable
from agents.meeting import context as packing
from agents.meeting import prompts
from agents.meeting.context import packing_data, packing_from
from agents.meeting.journal import Event, Happening, Journal, Listener, ballot_data, ballot_from, turn_data, turn_from
from agents.meeting.prompts import SCRIBE, Ask
from agents.meeting.record import Ballot, Topic, Turn
from agents.meeting.room.topic import Talk, by_model
from agents.meeting.room.turn import hear, numbers_of, read_ballot, unreadable
from agents.meeting.spec import MeetingCall
from agents.model import Message, Model, Prompt, Reply

if TYPE_CHECKING:
    from agents.documents import Passage


class Room:
    """One meeting while it is held.

    Args:
        call: how it was called.
        agents: everybody invited, by role id.
        scribe: the model that writes the minutes.
        journal: where every answer is kept before the next is asked for.
        library: finds passages of the documents; None when there are none.
        memories: lines each participant remembers, by role id.
        listen: is told what happens, as it happens.
    """

    def __init__(
        self,
        call: MeetingCall,
        agents: Mapping[str, Agent],
        scribe: Model,
        journal: Journal,
        library: packing.Library | None = None,
        memories: Mapping[str, tuple[str, ...]] | None = None,
        listen: Listener | None = None,
    ) -> None:
        self.call = call
        self.agents = agents
        self.scribe = scribe
        self.journal = journal
        self.library = library
        self.memories = memories or {}
        self.listen: Listener = listen or (lambda _happening: None)
        self.brief = prompts.brief(call)
        self.recorded: dict[str, Event] = {event.key: event for event in journal.events() if event.key}
        self.passages = tuple(passage for document in call.documents for passage in document.passages())
        self.turns: list[Turn] = []
        self.decided: list[str] = []
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
        return self.call.speakers

    @contextmanager
    def opened(self, topic: Topic, most: Mapping[str, int]) -> Iterator[Talk]:
        """Open a topic in which each phase leaves at most so many contributions: pack its head, once and for all."""
        head = prompts.topic_head(self.call, topic, (), self.decided)
        count = self.scribe.count_tokens
        key = f"{topic.number}.head"
        if key in self.recorded:
            packed = packing_from(self.recorded[key].data, self.passages)
        else:
            fixed = count(self.brief) + count(head)
            queries = [topic.text, " ".join(self.call.kind.agenda)]
            context = self.call.context_tokens
            packed = packing.pack(context, fixed, most, self.passages, self.library, queries, count)
            self._note(key, "head", packing_data(packed))
        message = Message(
            "user", prompts.topic_head(self.call, topic, packed.shared, self.decided), turn="", speaker=""
        )
        self._talk = Talk(topic, packed, message)
        self.listen(Happening("topic", topic.number, text=topic.text))
        yield self._talk
        self._talk = None

    def enter(self, phase: str) -> None:
        """Begin a phase of the open topic."""
        self.talk.phase = phase
        self.listen(Happening("phase", self.talk.topic.number, phase))

    def say(self, text: str) -> None:
        """Put words of the room itself into the talk, such as the digest; code wrote them, so they are not on the
        journal.
        """
        self.talk.entries.append(Message("user", text))

    def note(self, name: str, text: str) -> None:
        """Put a remark for the reader of the minutes on the journal, once."""
        key = f"{self.talk.topic.number}.note.{name}"
        if key not in self.recorded:
            self._note(key, "note", {"topic": self.talk.topic.number, "text": text})
            self.listen(Happening("note", self.talk.topic.number, self.talk.phase, text=text))

    async def ask_all(self, asks: Sequence[Ask], *, anonymous: bool = False, check_repeats: bool = False) -> list[Turn]:
        """Give several the floor at once; none sees the others' answers. Returns the turns, in the order of their ids.

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
        """Give one the floor; None when it has nothing usable to say."""
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
        if key in self.recorded:
            return self.recorded[key].data.get("answer")
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
        if key not in self.recorded:
            data = {"topic": self.talk.topic.number, "name": name, "speaker": ask.speaker, "answer": answer}
            self._note(key, "answer", {**data, "numbers": numbers_of(*replies)} if replies else data)
        return answer

    def _next_id(self) -> str:
        self._numbered += 1
        return f"T{self._numbered}"

    def _take(self, turn: Turn, anonymous: bool, check_repeats: bool) -> Turn:
        """Let a finished turn join the talk, unless it passes or only repeats."""
        talk = self.talk
        if check_repeats and (other := talk.repeated(turn)):
            turn = replace(turn, dropped=f"repeats {other}")
            if f"{turn.key}.dropped" not in self.recorded:
                self._note(f"{turn.key}.dropped", "dropped", {"turn": turn.id, "why": turn.dropped})
            self.listen(Happening("dropped", talk.topic.number, turn.phase, turn.speaker, turn.dropped, turn))
        self.turns.append(turn)
        name = "a colleague" if anonymous else self.call.title_of(turn.speaker)
        if talk.join(turn, name, self.scribe.count_tokens):
            self.note(
                "short", "Statements were shortened in the talk to fit the context; the transcript has them whole."
            )
        return turn

    async def _turn(self, ask: Ask, turn_id: str, transcript: tuple[Message, ...]) -> Turn | None:
        talk = self.talk
        key = f"{talk.topic.number}.{talk.phase}.{ask.speaker}"
        if key in self.recorded:
            event = self.recorded[key]
            return turn_from(event.data) if event.kind == "turn" else None
        self.listen(Happening("floor", talk.topic.number, talk.phase, ask.speaker))
        title, person = self.call.title_of(ask.speaker), ask.speaker == self.call.person

        async def answer(asked: Ask, optional: bool) -> Reply | None:
            return await self._reply(asked, key, transcript, optional=optional)

        heard = await hear(ask, talk.topic, title, answer, person=person)
        if heard is None:
            return None
        if not heard.text:
            self._absent(key, ask.speaker, "gave no usable answer, twice")
            return None
        number, numbers = talk.topic.number, numbers_of(*heard.replies)
        turn = Turn(turn_id, key, number, talk.phase, ask.speaker, heard.text, heard.position, numbers=numbers)
        self._note(key, "turn", turn_data(turn))
        self.listen(Happening("turn", number, talk.phase, ask.speaker, heard.text, turn))
        if heard.asked_position:
            self.note("position", "Some statements named no position. It was asked for in one word, their last line.")
        return turn

    async def _ballot(self, ask: Ask, transcript: tuple[Message, ...]) -> Ballot | None:
        talk = self.talk
        key = f"{talk.topic.number}.{talk.phase}.{ask.speaker}"
        if key in self.recorded:
            event = self.recorded[key]
            return ballot_from(event.data) if event.kind == "ballot" else None
        question = ask.question
        for _attempt in range(2):
            reply = await self._reply(replace(ask, question=question), key, transcript)
            if reply is None:
                return None
            found = read_ballot(reply, talk.topic.number, ask.speaker, key)
            if found:
                self._note(key, "ballot", ballot_data(found, numbers_of(reply)))
                self.listen(Happening("ballot", talk.topic.number, talk.phase, ask.speaker, found.vote.value))
                return found
            question = prompts.again(ask.question, 'it named no vote. "vote" must be one of the four words.')
        self._absent(key, ask.speaker, "gave no readable vote, twice")
        return None

    async def _reply(
        self, ask: Ask, key: str, transcript: tuple[Message, ...], *, optional: bool = False
    ) -> Reply | None:
        """One call; a failure is never the end of the meeting: it is an absence on the record, unless ``optional``."""
        talk = self.talk
        role = self.agents[ask.speaker].role if ask.speaker in self.agents else None
        own: tuple[Passage, ...] = ()
        if ask.documents and role and self.call.own_passages:
            own = packing.own_passages(
                role, talk.topic.text, self.library, talk.packing.shared, self.scribe.count_tokens
            )
        prompt = Prompt(
            question=ask.question, task=ask.task, brief=self.brief, transcript=transcript, documents=own,
            memory=self.memories.get(ask.speaker, ()), subject=talk.topic.text, shared=talk.packing.shared,
            wants=ask.wants, schema=ask.schema, max_tokens=ask.max_tokens, temperature=0.0 if ask.schema else None,
        )  # fmt: skip
        number, phase = talk.topic.number, talk.phase

        def on_text(piece: str) -> None:
            self.listen(Happening("text", number, phase, ask.speaker, piece))

        try:
            try:
                return await self._call(ask.speaker, prompt, on_text)
            except ContextOverflow:
                self.note(
                    f"overflow.{ask.speaker}",
                    f"{self.call.title_of(ask.speaker)} spoke without memory and own passages: no room.",
                )
                return await self._call(ask.speaker, replace(prompt, documents=(), memory=()), on_text)
        except (ModelError, ModelUnavailable) as error:
            if not optional:
                self._absent(key, ask.speaker, error.cause)
            return None

    async def _call(self, speaker: str, prompt: Prompt, on_text: Callable[[str], None]) -> Reply:
        if speaker == SCRIBE:
            return await self.scribe.reply(prompt)
        return await self.agents[speaker].answer(prompt, on_text=None if prompt.schema else on_text)

    def _absent(self, key: str, speaker: str, cause: str) -> None:
        talk = self.talk
        data = {"topic": talk.topic.number, "phase": talk.phase, "speaker": speaker, "cause": cause}
        self._note(key, "absent", data)
        self.listen(Happening("absent", talk.topic.number, talk.phase, speaker, cause))

    def _note(self, key: str, kind: str, data: Mapping[str, Any]) -> None:
        self.recorded[key] = self.journal.append(kind, key, data)
