"""One turn: what to ask the participant, and what to do with its answer.

Small models sometimes give an empty answer, copy the question or the role card, say one thing twice, or never stop.
What is not their own is left out, and they are asked once more where little is left. A position that is still missing
is asked for by itself. A person is never asked again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from agents.agent import Agent
from agents.meeting import echoes, fields, prompts, reading
from agents.meeting.context import BALLOT_TOKENS
from agents.meeting.echoes import NOTHING_GIVEN, Copy, GivenWords
from agents.meeting.journal_values import LeftOut
from agents.meeting.prompts import Ask
from agents.meeting.record import Ballot, Entry, Position, Topic, Turn
from agents.meeting.room.interview import CastVote
from agents.meeting.room.person import ANSWERS
from agents.model import Prompt, Reply, Task, answers_by_rule
from agents.model.prompt import UNENDED

STOPPED = ("length", "loop")
"""How an answer ends that did not come to its own end: at its longest length, or because it repeated itself."""

UNREAD = "instead_of_a_choice"
"""The phase of a turn whose words name no choice."""


@dataclass(frozen=True, slots=True)
class Said:
    """An answer as it was read.

    Attributes:
        text: the words, with one labelled line for each entry.
        entries: the fields of the answer; None for an answer in other words.
        copied: what is not the speaker's own words, and is left out.
        ended: how it ended, as in ``Reply.ended``.
    """

    text: str
    entries: tuple[Entry, ...] | None = None
    copied: tuple[Copy, ...] = ()
    ended: str = "stop"

    @property
    def own(self) -> int:
        """The number of entries in the speaker's own words; of an answer in other words, 1 if it can be used."""
        if self.entries is None:
            return int(reading.usable(self.text) and not reading.passed(self.text))
        return sum(not prompts.is_chosen(entry.label) for entry in self.entries)


@dataclass(slots=True)
class TurnInProgress:
    """One turn while its participant is asked.

    Ask what ``next_ask`` returns and give the reply to ``take_reply``, again and again until ``next_ask`` returns None.

    Args:
        ask: the question.
        topic: the topic that is discussed.
        title: the speaker's title.
        person: whether a person answers.
        given: the words that the speaker was given, which are not its own.

    Attributes:
        said: the answer; None while there is no usable one.
        position: the position that the answer states, or None.
        replies: the replies of all calls.
        asked_position: whether the position was asked for by itself.
        failed: whether the first call failed.
    """

    ask: Ask
    topic: Topic
    title: str
    person: bool
    given: GivenWords = NOTHING_GIVEN
    said: Said | None = None
    position: Position | None = None
    replies: list[Reply] = field(default_factory=list)
    asked_position: bool = False
    failed: bool = False
    _problem: str = ""
    _asked: int = 0
    _done: bool = False

    def next_ask(self) -> Ask | None:
        """The question to ask now; None when the turn is finished."""
        if not self._done and self._asked < 2:
            self._asked += 1
            question = prompts.again(self.ask.question, self._problem) if self._problem else self.ask.question
            return replace(self.ask, question=question)
        if not self.failed and self._lacks_position():
            self.asked_position = True
            return self._position_ask()
        return None

    def take_reply(self, reply: Reply | None) -> None:
        """Take the reply to the last ``next_ask``; None means that the call failed."""
        if reply is not None:
            self.replies.append(reply)
        if self.asked_position:
            self._take_position(reply)
        elif reply is None:
            self.failed, self._done = self.said is None, True
        else:
            self._take_words(reply)
            self.position = _position(self.said) if self.said else None

    def _take_words(self, reply: Reply) -> None:
        if self.person:
            text, entries = reading.clean(reply.text), reply.parsed if isinstance(reply.parsed, tuple) else None
            if text:
                self.said, self._done = Said(text, entries), True
                return
        said = read_answer(reply, self.ask, self.title, self.given)
        self._problem = _problem(said)
        if self.said is None or said.own > self.said.own or not self._problem:
            nothing_own = said.copied and not said.entries and reading.passed(said.text)
            self.said = said if reading.usable(said.text) and not nothing_own else None
        self._done = not self._problem

    def _lacks_position(self) -> bool:
        if self.person or not self.said or self.position or self.asked_position or reading.passed(self.said.text):
            return False
        moves = any(want.moves for want in self.ask.wants)  # who does not revise a position need not name it again
        return not moves and any(want.label == prompts.POSITION.label for want in self.ask.wants)

    def _position_ask(self) -> Ask:
        return replace(
            self.ask,
            task=Task.POSITION,
            question=prompts.position_question(self.topic, self.said.text if self.said else ""),
            wants=(prompts.POSITION,),
            schema=prompts.POSITION_SCHEMA,
            max_tokens=BALLOT_TOKENS,
            documents=False,
        )

    def _take_position(self, reply: Reply | None) -> None:
        """Take a position that was asked for by itself, and add it to the answer as its last line."""
        self.position = _position_alone(reply) if reply else None
        if self.position and self.said:
            entry = Entry(prompts.POSITION.label, self.position.value)
            entries = None if self.said.entries is None else (*self.said.entries, entry)
            self.said = replace(self.said, text=f"{self.said.text}\n{fields.as_line(entry)}", entries=entries)


def read_answer(reply: Reply, ask: Ask, title: str, given: GivenWords) -> Said:
    """The answer in a reply: its fields, or its labelled lines where the server enforced no schema."""
    entries = _entries(reply, ask, title)
    if entries is None:
        return _in_lines(reply, title, given)
    kept, out = echoes.own_entries(entries, given, filter(prompts.is_chosen, (entry.label for entry in entries)))
    if any(want.moves for want in ask.wants) and all(prompts.is_chosen(entry.label) for entry in kept):
        kept = []  # a position without a move is the one that the speaker had
    return Said(fields.as_text(kept), tuple(kept), tuple(out), reply.ended)


def _entries(reply: Reply, ask: Ask, title: str) -> tuple[Entry, ...] | None:
    if not ask.wants:
        return None
    if isinstance(reply.parsed, Mapping):
        return fields.entries_of(reply.parsed, ask.wants)
    if fields.partial(reply.text) is not None:
        return fields.cut_entries(reply.text, ask.wants)
    return fields.entries_in(reading.clean(reply.text, title), ask.wants)


def _in_lines(reply: Reply, title: str, given: GivenWords) -> Said:
    """An answer with other words than labelled lines, without the lines that are not the speaker's own."""
    text, kept, out = reading.clean(reply.text, title), list[str](), list[Copy]()
    for line in (reading.ended_sentences(text) if reply.ended in STOPPED else text).split("\n"):
        entry = Entry(reading.label_of(line) or "Words", reading.without_label(line))
        _, copied = echoes.own_entries([entry], given, filter(prompts.is_chosen, [entry.label]))
        introduces = line.rstrip().endswith((":", "\uff1a"))  # without it, nobody knows whose words follow
        if copied and not introduces and not reading.passed(line):
            out += copied
        else:
            kept.append(line)
    return Said(reading.without_marks("\n".join(kept)), None, tuple(out), reply.ended)


def _problem(said: Said) -> str:
    """What is wrong with an answer, in words for the next attempt; "" when nothing is."""
    if said.copied and said.own < max(1, len(said.copied)):
        return "it repeated the words of the question. Say what you see in this matter, in your own words."
    if said.entries is None and said.text[:1] in {"{", "["}:
        return "it was not JSON alone. Write one JSON object, and nothing before or after it."
    if said.ended == "loop" and not said.own:
        return "it repeated itself. Say each thing once."
    if not reading.usable(said.text):
        return "it said nothing of your own. Fill in at least one field, or write null."
    return ""


def _position(said: Said) -> Position | None:
    if said.entries is None:
        return reading.position_in(said.text)
    named = [entry.text for entry in said.entries if entry.label == prompts.POSITION.label]
    return reading.one_position(named)


def _position_alone(reply: Reply) -> Position | None:
    """The position in an answer that was asked for nothing else."""
    if isinstance(reply.parsed, Mapping):
        return reading.position_value(reply.parsed.get("position"))
    return reading.read_position(reading.clean(reply.text))


def given_to(agent: Agent | None, ask: Ask, told: Sequence[str], topic: str) -> GivenWords:
    """The words that a speaker is given and that are not its own; none for a model that answers from them.

    Args:
        agent: the speaker; None for the scribe.
        ask: the question.
        told: what all speakers are told.
        topic: the text of the topic.
    """
    if agent is None or answers_by_rule(agent.model.label):
        return NOTHING_GIVEN
    asks, role = (want.ask for want in ask.wants), agent.role
    items = (item.text for item in (*role.questions, *role.red_flags, *role.done))
    card = "\n".join([agent.card, role.mission, role.thinking, *items])
    return GivenWords.of([*told, ask.question, *asks], card, topic)


def left_out(ballot_or_turn: Ballot | Turn, copied: Sequence[Copy]) -> list[LeftOut]:
    """What a turn or a vote does not contain, one value for each reason."""
    labels = {why: tuple(copy.entry.label for copy in copied if copy.why is why) for why in echoes.Why}
    one = ballot_or_turn
    turn = one.id if isinstance(one, Turn) else ""
    return [LeftOut(one.topic, one.phase, one.speaker, each, why, turn) for why, each in labels.items() if each]


def no_answer(replies: Sequence[Reply], what: str = "usable answer") -> str:
    """Why a participant is absent who was asked twice, in words for the minutes."""
    if any(UNENDED in reply.notes for reply in replies):
        return "was still thinking when its answer was cut, so there is no answer"
    return f"gave no {what} in two attempts"


def unreadable(reply: Reply) -> str:
    """Why a reply is not JSON, in words for the next attempt; "" when it is JSON."""
    if reply.parsed is not None:
        return ""
    return "it was too long. Give fewer and shorter items." if reply.ended in STOPPED else "it was not JSON."


def read_ballot(reply: Reply, topic: int, phase: str, speaker: str) -> Ballot | None:
    """The ballot in a reply, from its JSON or else its plain words; None when it names no vote, or contradicts itself.

    JSON counts only alone: JSON among other words can be what a document asks for.
    """
    if isinstance(reply.parsed, CastVote):
        cast, numbers = reply.parsed, numbers_of(reply)
        key = f"{topic}.{phase}.{speaker}"
        return Ballot(topic, speaker, cast.vote, cast.reason, cast.would_change, key, phase, numbers)
    answer = _ballot_fields(reply)
    if answer is None:
        # Plain words are a person's, or those of a server without schemas; only fields are bounded.
        vote, reason, change = reading.read_vote(reply.text), reading.clean(reply.text), ""
    else:
        vote = reading.vote_value(answer.get("vote"))
        reason, change = (
            fields.whole_sentences(reading.clean(fields.text_in(answer, key))) for key in ("reason", "would_change")
        )
        if vote and reading.contradicts(reason, vote):
            return None
    if vote is None:
        return None
    return Ballot(topic, speaker, vote, reason, change, f"{topic}.{phase}.{speaker}", phase, numbers_of(reply))


def _ballot_fields(reply: Reply) -> Mapping[str, Any] | None:
    """The fields of a ballot that is JSON and nothing else, or was cut within it; None for one in plain words."""
    if isinstance(reply.parsed, Mapping) and reply.text.lstrip()[:1] in {"{", "`"}:
        return reply.parsed
    return fields.partial(reply.text) if reply.ended in STOPPED else None


def alone_prompt(ask: Ask, card: str, subject: str) -> Prompt:
    """The prompt of a question that is asked without the brief and the discussion."""
    return Prompt(
        question=ask.question, task=ask.task, card=card, documents=ask.passages, subject=subject, wants=ask.wants,
        schema=ask.schema, max_tokens=ask.max_tokens, temperature=0.0, between=ask.between,
    )  # fmt: skip


def by_word(said: str, between: Sequence[str]) -> float:
    """1 if an answer begins with the first of two words, -1 for the second, 0 for neither; the answer may end within
    the word.
    """
    said = said.strip().lower()
    begins = [bool(said) and said[: len(word)] == word[: len(said)] for word in between]
    return float(begins[0]) - float(begins[1])


def numbers_of(*replies: Reply, person: bool = False) -> dict[str, float]:
    """Token counts and seconds of an answer, summed over its calls; of a person's, also how often it was asked for."""
    names = ("prompt_tokens", "reply_tokens", "queue_seconds", "first_token_seconds", "total_seconds")
    every = (*names, "prompt_seconds", "reply_seconds", "retries")
    numbers: dict[str, float] = {name: sum(getattr(reply, name) for reply in replies) for name in every}
    evaluated = [reply.evaluated_tokens for reply in replies if reply.evaluated_tokens is not None]
    if len(evaluated) == len(replies):
        numbers["evaluated_tokens"] = sum(evaluated)
    own = {ANSWERS: float(len(replies))} if person else {}
    return {name: round(value, 4) for name, value in numbers.items()} | own
