"""The room: who is present, who is asked what, and what has been said.

Phases use the room and nothing else. Every answer is stored in the journal before the next question is asked (a vote
in two orders of the options is one answer). An answer that is already in the journal is not asked for again, so the
same code holds a meeting and resumes one.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, Any

from agents.agent import Agent
from agents.documents import passages_of
from agents.errors import ContextOverflow, MeetingError, ModelError, ModelUnavailable
from agents.meeting import context, echoes, prompts, reading, sections, unread
from agents.meeting.codec import Recorded, T, keep_all, value_of, values
from agents.meeting.echoes import Copy, GivenWords
from agents.meeting.fields import FieldsAsText, as_text, entries_in, without_entries
from agents.meeting.journal import Event, Journal, Kind, Listener, live_event
from agents.meeting.journal_values import Drop, Note, PutToVote, StoredPacking, StructuredAnswer
from agents.meeting.jury import Jury, jury_of
from agents.meeting.packing import TopicToPack, pack, with_all_that_is_read
from agents.meeting.phases import discussion_entries, phase_of
from agents.meeting.prompts import SCRIBE, Ask, is_chosen
from agents.meeting.record import Absence, Ballot, Entry, Place, Topic, Turn
from agents.meeting.room.away import Away
from agents.meeting.room.topic import OpenTopic, by_model
from agents.meeting.room.turn import (
    STOPPED,
    UNREAD,
    Said,
    TurnInProgress,
    alone_prompt,
    by_word,
    given_to,
    left_out,
    no_answer,
    numbers_of,
    read_ballot,
    unreadable,
)
from agents.meeting.spec import MeetingSpec
from agents.model import Message, Model, OnText, Prompt, Reply

if TYPE_CHECKING:
    from agents.documents import Passage


class Room:
    """One meeting while it is held.

    Args:
        spec: what was fixed before the meeting began.
        agents: every participant, by role id.
        scribe: the model that finds the evidence for the minutes.
        journal: where every answer is stored before the next question is asked.
        library: finds passages of the documents; None when there are none.
        memories: what each participant remembers, as lines by role id.
        listen: is given each event as it happens.
        events: the events in the journal; None reads them from it.

    Attributes:
        brief: the system message of every call.
        events: the events in the journal now.
        outcomes: one line about each topic that is finished, for the topics that follow.
        away: those whose model could not be reached before anybody had said anything.
    """

    def __init__(
        self,
        spec: MeetingSpec,
        agents: Mapping[str, Agent],
        scribe: Model,
        journal: Journal,
        library: sections.Library | None = None,
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
        self.outcomes: list[str] = []
        self.brief = prompts.brief(spec)
        self.away = Away(self.events)
        self._journal = journal
        self._listen: Listener = listen or (lambda _event: None)
        self._by_key: dict[str, Event] = {event.key: event for event in self.events if event.key}
        self._passages = passages_of(spec.documents)
        self._known = frozenset(self._passages)
        self._read: dict[str, tuple[Place, ...]] = {}
        self._numbered = 0
        self._open_topic: OpenTopic | None = None

    @property
    def open_topic(self) -> OpenTopic:
        """The topic that is being discussed.

        Raises:
            MeetingError: no topic is open.
        """
        if self._open_topic is None:
            raise MeetingError("No topic is open in this meeting.")
        return self._open_topic

    @property
    def speakers(self) -> tuple[str, ...]:
        """Role ids of all participants, in speaking order."""
        return self.spec.speakers

    @contextmanager
    def topic(
        self,
        topic: Topic,
        entries: Sequence[tuple[int, int]] | None = None,
        agenda: Sequence[str] | None = None,
        *,
        documents: bool = True,
    ) -> Iterator[OpenTopic]:
        """Open a topic, and close it afterwards. The context of its calls is divided once, when it is opened.

        Args:
            topic: what is discussed.
            entries: for each phase, how many contributions it adds to the discussion, and the most tokens of each; None
                takes those of the meeting type's phases.
            agenda: the questions about the topic; None takes those of the meeting type.
            documents: whether the speakers see the documents.
        """
        agenda = self.spec.kind.agenda if agenda is None else agenda
        entries = discussion_entries(self.spec.kind, len(self.speakers)) if entries is None else entries
        library, passages = (self.library, self._passages) if documents else (None, ())
        packed = self._packed(topic, TopicToPack(self.spec, topic, entries, agenda, self.outcomes, passages, library))
        head = prompts.topic_head(agenda, topic, sections.joined(packed.shared), self.outcomes, packed.outline)
        self._open_topic = OpenTopic(topic, packed, Message("user", head, turn="", speaker=""), library)
        self._listen(live_event(Kind.TOPIC, topic.number, text=topic.text))
        if packed.unread.lines:
            self.remark(unread.said(packed.unread, "Nobody will be shown"))
        try:
            yield self._open_topic
        finally:
            self._open_topic = None

    def _packed(self, topic: Topic, asked: TopicToPack) -> context.Packing:
        """How the context is divided: as the journal says for a resumed topic, else computed and stored."""
        stored = self.recorded(f"{topic.number}.head", StoredPacking)
        if stored:
            packed, count = context.packing_from(stored, asked.passages), self.scribe.count_tokens
            reading = [self.agents[seat.role].role for seat in self.spec.seats if not seat.human]
            return with_all_that_is_read(self.spec, packed, asked.passages, reading, count)
        roles = {name: agent.role for name, agent in self.agents.items()}
        introductions = {
            name: "\n".join((agent.card, *self.memories.get(name, ()))) for name, agent in self.agents.items()
        }
        packed = pack(replace(asked, roles=roles, introductions=introductions), self.scribe.count_tokens)
        self.record(f"{topic.number}.head", packed.as_stored())
        return packed

    def part_of(self, speaker: str) -> "tuple[Passage, ...] | None":
        """The part of the documents that a speaker reads in the phase that runs now; None if that is another phase."""
        return self.open_topic.part_of(speaker)

    def begin_phase(self, phase: str) -> None:
        """Begin a phase of the open topic, and tell the listener."""
        self.open_topic.phase = phase
        self._listen(live_event(Kind.PHASE, self.open_topic.topic.number, phase))

    def announce(self, text: str) -> None:
        """Add words of the program to the discussion, such as the digest.

        They are not stored in the journal, because the same code writes the same words when the meeting is resumed.
        """
        self.open_topic.entries.append(Message("user", text))

    def record(self, key: str, value: Recorded) -> None:
        """Store a value in the journal under a new key, and tell the listener."""
        self.record_all({key: value})

    def record_all(self, values: Mapping[str, Recorded]) -> None:
        """Store values that belong together, each under a new key: a meeting that is killed has all of them or none."""
        for event in keep_all(self._journal, self.away.before(values)):
            self.events.append(event)
            self._by_key[event.key] = event
            self._listen(event)

    def recorded(self, key: str, cls: type[T]) -> T | None:
        """The value of this type that the journal has under a key; None if it has none."""
        value = value_of(self._by_key[key]) if key in self._by_key else None
        return value if isinstance(value, cls) else None

    def has_begun(self, topic: int, phases: Sequence[str]) -> bool:
        """Whether the journal has an event of one of these phases of a topic."""
        return any(name.startswith(f"{topic}.{phase}.") for name in self._by_key for phase in phases)

    def note(self, name: str, text: str) -> None:
        """Store a remark for the reader of the minutes under a name, once for each topic."""
        key = f"{self.open_topic.topic.number}.note.{name}"
        if key not in self._by_key:
            self.record(key, Note(self.open_topic.topic.number, text, self.open_topic.phase))

    def remark(self, text: str) -> None:
        """Tell the listener something that is not for the minutes."""
        self._listen(live_event(Kind.NOTE, 0, text=text))

    def state(self, speaker: str, entries: Sequence[Entry]) -> Turn:
        """Add a turn whose words code wrote from an answer of the speaker."""
        topic, phase, turn_id = self.open_topic.topic, self.open_topic.phase, self._next_id()
        key = f"{topic.number}.{phase}.{speaker}"
        turn = self.recorded(key, Turn)
        if turn is None:
            chosen = (one for one in values(self.events, StructuredAnswer) if one.topic == topic.number)
            label = next((one.model for one in reversed([*chosen]) if one.speaker == speaker), self.label_of(speaker))
            text = as_text(entries)
            turn = Turn(turn_id, key, topic.number, phase, speaker, text, entries=tuple(entries), model=label, read=())
            self.record(key, turn)
        return self._add_turn(turn, False, False)

    def put_to_vote(self, turn: Turn, choice: str, text: str) -> None:
        """Make a sentence the proposal that is voted on.

        Args:
            turn: the turn that proposes it.
            choice: the name of the choice.
            text: the sentence.
        """
        key = f"{turn.topic}.put"
        self.open_topic.proposal = self.recorded(key, PutToVote) or PutToVote(turn.topic, turn.id, choice, text)
        if key not in self._by_key:
            self.record(key, self.open_topic.proposal)

    async def ask_all(self, asks: Sequence[Ask], *, anonymous: bool = False, check_repeats: bool = False) -> list[Turn]:
        """Ask several participants at once; nobody sees the others' answers. Returns the turns, ordered by id.

        Args:
            asks: one question for each participant.
            anonymous: whether later speakers see the answers without names and in shuffled order.
            check_repeats: whether later speakers do not see a turn that repeats an earlier one.
        """
        order = list(asks)
        if anonymous:
            topic, phase = self.open_topic.topic, self.open_topic.phase
            seed = f"{topic.text}/{topic.number}/{phase}"  # a resumed meeting shuffles as before
            seed += f"/{self.spec.seed}" if self.spec.repeats else ""  # the order is chance too
            random.Random(seed).shuffle(order)  # noqa: S311 - an order that may be guessed
        ids = {(ask.speaker, ask.part): self._next_id() for ask in order}
        discussion = self.open_topic.discussion()
        async with asyncio.TaskGroup() as group:
            tasks = {
                (ask.speaker, ask.part): group.create_task(self._turn(ask, ids[ask.speaker, ask.part], discussion))
                for ask in by_model(asks, self.agents, self.scribe.label)
            }
        turns = [turn for ask in order if (turn := tasks[ask.speaker, ask.part].result())]
        return [self._add_turn(turn, anonymous, check_repeats) for turn in turns]

    async def ask(self, ask: Ask, *, check_repeats: bool = False) -> Turn | None:
        """Ask one participant; None when it gives no usable answer."""
        turn = await self._turn(ask, self._next_id(), self.open_topic.discussion())
        return self._add_turn(turn, False, check_repeats) if turn else None

    def _is_person(self, speaker: str) -> bool:
        return speaker == self.spec.person

    def label_of(self, speaker: str) -> str:
        """The label of the model that answers for a speaker now; "" for a person."""
        if self._is_person(speaker):
            return ""
        return self.agents[speaker].model.label if speaker in self.agents else self.scribe.label

    def jury_of(self, speaker: str) -> Jury | None:
        """What the votes of a speaker's model are worth; None if they were never tested."""
        return jury_of(self.spec.juries, self.agents[speaker].model.label)

    async def vote_all(self, voters: Sequence[Sequence[Ask]]) -> list[Ballot]:
        """Ask for votes; nobody sees the others' votes. Returns the ballots in the order of ``voters``.

        Args:
            voters: for each voter, the question in each order of the options. They are asked directly after each other,
                so that the server still has the voter's card in its cache.
        """
        discussion, asks = self.open_topic.discussion(), {each[0].speaker: each for each in voters}
        models = {agent.model.label: agent.model for agent in self.agents.values()}
        free = {label: asyncio.Semaphore(model.parallel) for label, model in models.items()}

        async def voted(speaker: str) -> Ballot | None:
            async with free[self.agents[speaker].model.label]:
                return await self._ballot(asks[speaker], discussion)

        tasks = dict[str, asyncio.Task[Ballot | None]]()
        grouped = by_model([each[0] for each in voters], self.agents, self.scribe.label)
        async with asyncio.TaskGroup() as everybody:  # the models vote while a person thinks
            tasks |= {name: everybody.create_task(voted(name)) for name in asks if self._is_person(name)}
            models_asked = [ask for ask in grouped if not self._is_person(ask.speaker)]
            # One model after the other: a server with room for one would change it often for two questions each.
            for _label, same in groupby(models_asked, key=lambda ask: self.agents[ask.speaker].model.label):
                async with asyncio.TaskGroup() as group:
                    tasks |= {ask.speaker: group.create_task(voted(ask.speaker)) for ask in same}
        ballots = [ballot for speaker in asks if (ballot := tasks[speaker].result())]
        self.open_topic.ballots += ballots
        return ballots

    async def ask_for_json(
        self,
        ask: Ask,
        name: str,
        problem_in: Callable[[Any], str],
        *,
        attempts: int = 3,
        read: Callable[[str], Any] | None = None,
    ) -> Any:
        """Ask for an answer in JSON, and again with what was wrong. None when all attempts fail.

        Args:
            ask: the question.
            name: the answer's name in the journal, unique within the topic and speaker.
            problem_in: returns what is wrong with an answer, or "".
            attempts: how often it is asked at most.
            read: reads plain words; returns None when they are not clear. Words that stay unclear become a turn.
        """
        key = f"{self.open_topic.topic.number}.{name}.{ask.speaker}"
        if key in self._by_key:
            self._keep_words(ask, "")
            known = self.recorded(key, StructuredAnswer)
            return known.answer if known else None
        discussion, question, answer, replies = self.open_topic.discussion(), ask.question, None, list[Reply]()
        for _attempt in range(attempts):
            reply = await self._reply(replace(ask, question=question), key, discussion)
            if reply is None:
                break
            replies.append(reply)
            given = read(reply.text) if read and reply.parsed is None else reply.parsed
            problem = (unreadable(reply) if given is None else "") or problem_in(given)
            if not problem:
                answer = given
                break
            question = prompts.again(ask.question, problem)
        if read and answer is None and replies:
            self._keep_words(ask, "" if replies[-1].parsed else replies[-1].text)
        if key not in self._by_key and key not in self.away:
            numbers = numbers_of(*replies, person=self._is_person(ask.speaker)) if replies else {}
            self._record_answer(key, ask, name, answer, numbers)
        return answer

    def _keep_words(self, ask: Ask, text: str) -> None:
        """Make a turn of words that name no choice, or add the turn that the journal has of them."""
        number, said = self.open_topic.topic.number, reading.clean(text)
        turn = self.recorded(key := f"{number}.{UNREAD}.{ask.speaker}", Turn)
        if turn is None and reading.usable(said) and not reading.passed(said):
            entries = entries_in(said, (prompts.PROPOSAL, prompts.ACTION))
            said = as_text(entries) if entries else said
            label = self.label_of(ask.speaker)
            turn = Turn(self._next_id(), key, number, UNREAD, ask.speaker, said, entries=entries, model=label)
            self.record(key, turn)
        elif turn:
            self._next_id()
        if turn:
            self._add_turn(turn, anonymous=False, check_repeats=False)

    async def prefers(self, ask: Ask, name: str) -> float | None:
        """By how much the model prefers the first of the two words in ``ask.between``, as a difference of
        log-probabilities. Where the server gives none, 1 or -1 for the word that it wrote. None if the call fails.

        Args:
            ask: the question.
            name: the answer's name in the journal, unique within the topic and speaker.
        """
        key = f"{self.open_topic.topic.number}.{name}.{ask.speaker}"
        known = self.recorded(key, StructuredAnswer)
        if known or key in self._by_key:
            return known.answer if known else None
        reply = await self._reply(ask, key, ())
        if reply is None:
            return None
        margin = by_word(reply.text, ask.between) if reply.margin is None else reply.margin
        self._record_answer(key, ask, name, margin, numbers_of(reply))
        return margin

    def _record_answer(self, key: str, ask: Ask, name: str, answer: Any, numbers: Mapping[str, float]) -> None:
        number, label = self.open_topic.topic.number, self.label_of(ask.speaker)
        self.record(key, StructuredAnswer(number, name, ask.speaker, answer, numbers, label))

    def _next_id(self) -> str:
        self._numbered += 1
        return f"T{self._numbered}"

    def _add_turn(self, turn: Turn, anonymous: bool, check_repeats: bool) -> Turn:
        """Add a finished turn to the discussion, unless it says PASS, without what was said before."""
        open_topic = self.open_topic
        if phase_of(turn).finds or (turn.entries is not None and self._is_person(turn.speaker)):
            pass  # what several roles say about a line is told as one finding; a person's words stay as they are
        elif turn.entries is not None:
            turn = self._without_repeats(turn)
        elif check_repeats and (other := open_topic.repeats(turn)):
            turn = replace(turn, dropped=f"repeats {other}")
            self._drop(f"{turn.key}.dropped", turn, turn.dropped)
        name = "a colleague" if anonymous else self.spec.title_of(turn.speaker)
        if open_topic.add(turn, name, self.scribe.count_tokens):
            self.note(
                "short",
                "Later speakers saw shortened statements, to fit the context. The transcript has the full statements.",
            )
        return turn

    def _without_repeats(self, turn: Turn) -> Turn:
        """A turn without the entries that an earlier speaker gave in nearly the same words; dropped if none is left."""
        repeated = {} if phase_of(turn).proposes else self.open_topic.repeated_entries(turn)
        self.open_topic.repeated.update(repeated.values())
        if repeated and all(
            place in repeated or is_chosen(entry.label) for place, entry in enumerate(turn.entries or ())
        ):
            turn = replace(turn, dropped=f"repeats {next(iter(repeated.values()))[0]}")
            self._drop(f"{turn.key}.dropped", turn, turn.dropped)
            return turn
        for place, (other, _) in repeated.items():
            self._drop(f"{turn.key}.dropped.{place}", turn, f"repeats {other}", (place,))
        return without_entries(turn, repeated)

    def _drop(self, key: str, turn: Turn, why: str, entries: tuple[int, ...] = ()) -> None:
        if key not in self._by_key:
            self.record(key, Drop(turn.id, why, turn.topic, turn.phase, turn.speaker, turn.position, entries))

    async def _turn(self, ask: Ask, turn_id: str, discussion: tuple[Message, ...]) -> Turn | None:
        """The turn in the journal, or a new one; None when the speaker gives no usable answer."""
        topic, phase, speaker = self.open_topic.topic, self.open_topic.phase, ask.speaker
        key = ask.key(topic.number, phase)
        if key in self._by_key:
            return self.recorded(key, Turn)
        self._listen(live_event(Kind.ASKED, topic.number, phase, speaker))
        title = self.spec.title_of(speaker)
        progress = TurnInProgress(ask, topic, title, speaker == self.spec.person, self._given_words(ask))
        while asked := progress.next_ask():
            progress.take_reply(await self._reply(asked, key, discussion, optional=bool(progress.said)))
        if progress.failed:
            return None
        # Who has nothing of its own to say about a place is silent there, and not absent.
        said = progress.said or (Said("PASS", ()) if ask.alone else None)
        if not said:
            self._absent(key, speaker, no_answer(progress.replies), progress.replies)
            return None
        numbers = numbers_of(*progress.replies, person=self._is_person(speaker))
        turn = Turn(
            turn_id, key, topic.number, phase, speaker, said.text, progress.position, numbers=numbers,
            entries=said.entries, cut=said.ended if said.ended in STOPPED else "", model=self.label_of(speaker),
            read=self._read.pop(key, ()),
        )  # fmt: skip
        values: dict[str, Recorded] = {key: turn, **self._left_out(turn, said.copied)}
        noted = f"{topic.number}.note.position"
        if progress.asked_position and turn.position and noted not in self._by_key:
            words = "Some statements named no position. It was asked for and is their last line."
            values[noted] = Note(topic.number, words, phase)
        self.record_all(values)
        return turn

    def _given_words(self, ask: Ask) -> GivenWords:
        told = [self.brief, *self.spec.kind.agenda, *self.open_topic.told]
        return given_to(self.agents.get(ask.speaker), ask, told, self.open_topic.topic.text)

    async def _ballot(self, asks: Sequence[Ask], discussion: tuple[Message, ...]) -> Ballot | None:
        """The ballot in the journal, or a new one; None when the speaker names no vote.

        The answers in both orders are stored as one: a meeting that is killed between them asks for the first again.
        """
        speaker = asks[0].speaker
        key = f"{self.open_topic.topic.number}.{self.open_topic.phase}.{speaker}"
        if key in self._by_key:
            return self.recorded(key, Ballot)
        found, replies = await self._vote(asks[0], key, discussion)
        if found is None:
            if key not in self._by_key and key not in self.away:
                self._absent(key, speaker, no_answer(replies, "readable vote"), replies)
            return None
        ballot, copied = found, list[Copy]()
        for ask in asks[1:]:
            other, more = await self._vote(ask, key, discussion, optional=True)
            replies += more
            ballot = replace(ballot, orders=len(asks), second=other.vote if other else None)
        if speaker != self.spec.person:
            ballot, copied = self._own_reasons(ballot, asks[0])
        ballot = replace(
            ballot, model=self.label_of(speaker), numbers=numbers_of(*replies, person=self._is_person(speaker))
        )
        self.record_all({key: ballot, **self._left_out(ballot, copied)})
        return ballot

    async def _vote(
        self, ask: Ask, key: str, discussion: tuple[Message, ...], *, optional: bool = False
    ) -> tuple[Ballot | None, list[Reply]]:
        """The vote in one order of the options, asked for twice at most, and the replies; None if none names a vote."""
        number, phase, replies = self.open_topic.topic.number, self.open_topic.phase, list[Reply]()
        question = ask.question
        for _attempt in range(2):
            reply = await self._reply(replace(ask, question=question), key, discussion, optional=optional)
            if reply is None:
                break
            replies.append(reply)
            if found := read_ballot(reply, number, phase, ask.speaker):
                return found, replies
            question = prompts.again(ask.question, 'it named no vote. "vote" must be one of the four words.')
        return None, replies

    def _own_reasons(self, ballot: Ballot, ask: Ask) -> tuple[Ballot, list[Copy]]:
        """A model's ballot without reasons that repeat the question or the role card, and those reasons."""
        put = self.open_topic.proposal
        told = prompts.put_to_vote(put.turn, put.text) if put else ""
        given = self._given_words(replace(ask, question=f"{told}\n{ask.question}"))
        entries = [Entry("reason", ballot.reason), Entry("would_change", ballot.would_change)]
        kept, out = echoes.own_entries(entries, given, ())
        own = {entry.label: entry.text for entry in kept}
        return replace(ballot, reason=own.get("reason", ""), would_change=own.get("would_change", "")), list(out)

    def _left_out(self, ballot_or_turn: Ballot | Turn, copied: Sequence[Copy]) -> dict[str, Recorded]:
        """What is left out of a turn or a vote, by its keys in the journal."""
        found = enumerate(left_out(ballot_or_turn, copied), 1)
        keyed = {f"{ballot_or_turn.key}.left_out.{number}": value for number, value in found}
        return {key: value for key, value in keyed.items() if key not in self._by_key}

    async def _reply(
        self, ask: Ask, key: str, discussion: tuple[Message, ...], *, optional: bool = False
    ) -> Reply | None:
        """Make one call; None when it fails. A failure does not end the meeting: it is stored as an absence, unless the
        reply is ``optional``.
        """
        own = self._own(ask)
        prompt = self._prompt(ask, discussion, own)
        answer, on_text = self._responder(ask)
        try:
            try:
                reply = await answer(prompt, on_text=on_text)
            except ContextOverflow:
                self.note(
                    f"overflow.{ask.speaker}",
                    f"{self.spec.title_of(ask.speaker)} answered without memory and own passages, to fit the context.",
                )
                return await answer(replace(prompt, documents=(), memory=()), on_text=on_text)
        except (ModelError, ModelUnavailable) as error:
            if not optional:
                self._absent(key, ask.speaker, error.cause, away=error if isinstance(error, ModelUnavailable) else None)
            return None
        whole = [one for one in own if one in self._known]  # not the few lines around a sentence
        self._read[key] = tuple(dict.fromkeys([*self._read.get(key, ()), *context.places_of(whole)]))
        return reply

    def _own(self, ask: Ask) -> "tuple[Passage, ...]":
        """The passages that a speaker alone is shown with a question."""
        role = self.agents[ask.speaker].role if ask.speaker in self.agents else None
        if ask.alone:
            return ask.passages
        if not (ask.documents and role and self.spec.own_passages):
            return ()
        part, open_topic = self.part_of(ask.speaker), self.open_topic
        if part is not None:
            return part
        others = {*open_topic.packing.shared, *open_topic.packing.left}
        topic, count = open_topic.topic.text, self.scribe.count_tokens
        return context.own_passages(role, topic, open_topic.library, others, count)

    def _responder(self, ask: Ask) -> tuple[Callable[..., Awaitable[Reply]], OnText | None]:
        """The function that answers for a speaker, and the one that is given its words as they arrive."""
        if ask.speaker == SCRIBE:
            return self.scribe.reply, None
        number, phase = self.open_topic.topic.number, self.open_topic.phase

        shown = FieldsAsText(ask.wants) if ask.wants else None

        def on_text(piece: str) -> None:
            text = shown.add(piece) if shown else piece
            if text:
                self._listen(live_event(Kind.TEXT, number, phase, ask.speaker, text))

        return self.agents[ask.speaker].answer, on_text if ask.wants or not ask.schema else None

    def _prompt(self, ask: Ask, discussion: tuple[Message, ...], own: "tuple[Passage, ...]") -> Prompt:
        open_topic = self.open_topic
        if ask.alone:
            role = self.agents[ask.speaker].role if ask.speaker in self.agents else None
            return alone_prompt(ask, role.card() if role else "", open_topic.topic.text)
        most = context.notes_tokens(self.spec.context_tokens)
        noted = open_topic.noted_by(ask.speaker, most, self.scribe.count_tokens)
        return Prompt(
            question=prompts.with_notes(ask.question, noted), task=ask.task, brief=self.brief,
            transcript=discussion, documents=sections.joined(own), memory=self.memories.get(ask.speaker, ()),
            subject=open_topic.topic.text, shared=sections.joined(open_topic.packing.shared), wants=ask.wants,
            schema=ask.schema, max_tokens=ask.max_tokens,
            temperature=0.0 if ask.schema and not ask.wants else None, asked=ask.asked,
        )  # fmt: skip

    def _absent(
        self, key: str, speaker: str, cause: str, replies: Sequence[Reply] = (), *, away: ModelUnavailable | None = None
    ) -> None:
        numbers = numbers_of(*replies, person=self._is_person(speaker)) if replies else {}
        topic, phase = self.open_topic.topic.number, self.open_topic.phase
        absence = Absence(speaker, topic, phase, cause, numbers, away is not None)
        if away is None or not self.away.keeps(key, absence, away):
            self.record(key, absence)
