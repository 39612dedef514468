"""A person's turn as a few short questions, and the entries, the vote or the choice that the answers become.

Nothing here is a prompt: what a model is asked for in fields, a person is asked for one after the other, and may leave
out. The words of the person are not cut and not changed, apart from line ends.
"""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from agents.meeting import fields, reading
from agents.meeting.fields import MOVES
from agents.meeting.meeting_type import MOST_PICKED
from agents.meeting.prompts import ACTION, CHALLENGE, CONDITION, POSITION, QUESTION, REASON
from agents.meeting.record import Entry, Position, Status, Vote
from agents.meeting.room.questions import Answer, Question
from agents.model import Message, Offer, Prompt, Reply, Task, Wanted

MOST_REPEATED = 10
"""The most ideas, events or tasks that are asked for in one turn."""
SHORT = 16
"""The words of a statement that are shown where one of several is chosen."""
POSITIONS = {
    "for": Position.FOR,
    "conditions": Position.CONDITIONS,
    "against": Position.AGAINST,
}
VOTES = {"yes": Vote.SUPPORT, "concern": Vote.CONCERN, "no": Vote.OBJECT, "abstain": Vote.ABSTAIN}
DECISIONS = {"accept": Status.ACCEPTED, "reject": Status.REJECTED, "postpone": Status.DEFERRED}
SKIP = "skip"
WRONG = "red_flags"
"""What the lines of a type draw on that ask what may go wrong."""

YOUR_POSITION = Question("Your position?", (*POSITIONS, SKIP))
WHY = Question("Why?")
TO_DO = Question("Anything to do, by whom, by when?")
YOUR_VOTE = Question("Your vote?", tuple(VOTES))
WOULD_CHANGE = Question("What would change your vote?")
YOUR_REPLY = Question("Your reply?")
YOUR_ANSWER = Question("Your answer?")
POSITION_NOW = Question("Your position now?", tuple(POSITIONS), empty="as before")


class Skipped(Exception):
    """The person passes on the whole turn."""


@dataclass(frozen=True, slots=True)
class CastVote:
    """A vote as a person gave it."""

    vote: Vote
    reason: str = ""
    would_change: str = ""


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision as a person gave it; ``choice`` is one that was not put to the vote, or ""."""

    status: Status
    choice: str = ""
    why: str = ""


@runtime_checkable
class Questioned(Protocol):
    """A person who is asked short questions one after the other, such as one at a terminal."""

    def speaking(self, topic: str, heard: Sequence[Message]) -> AbstractContextManager[None]:
        """Enter this while the person is asked; what the others say waits until it is left.

        Args:
            topic: what it is about.
            heard: what was said on it before; messages without a turn are the program's, such as counts of positions.
        """

    def tell(self, text: str) -> None:
        """Show the person something that the next question is about."""

    async def ask(self, question: Question) -> Answer:
        """The answer to one question; "" for one that was left out.

        Raises:
            Skipped: the person passes on the whole turn.
        """


class _Asking:
    """The questions of one turn: who passes after the first answer leaves out the rest, and keeps what was said."""

    def __init__(self, person: Questioned) -> None:
        self._person = person
        self.tell = person.tell
        self._answered = False
        self._passed = False

    async def ask(self, question: Question) -> Answer:
        """The answer to the next question; errors are those of ``Questioned.ask``."""
        if self._passed:
            return ""
        try:
            answer = await self._person.ask(question)
        except Skipped:
            if not self._answered:
                raise
            self._passed = True
            return ""
        self._answered = self._answered or bool(answer)
        return answer

    async def ask_which(self, about: str, question: Question) -> Answer:
        """The answer to a question by number, after its statements were shown.

        Args:
            about: what stands above them; "" for nothing.
            question: the question.
        """
        if not self._passed:
            self.tell(about)
            self.tell(question.listed)
        return await self.ask(question)


async def interviewed(person: Questioned, prompt: Prompt) -> Reply | None:
    """A person's answer to what a model would be asked with this prompt; None where there is none.

    The reply's ``parsed`` is a tuple of entries for a turn in fields, a ``CastVote`` for a vote, and for choices and
    dots what a model answers in JSON.
    """
    in_fields, asking = bool(prompt.wants), _Asking(person)
    # Of what the program told all, the person is shown what goes with a statement; a vote has words of its own.
    heard = [message for message in prompt.transcript[1:] if message.turn or in_fields]
    with person.speaking(prompt.subject, heard):
        try:
            if in_fields:
                entries = await _entries(asking, prompt)
                return Reply(fields.as_text(entries), parsed=tuple(entries))
            answer: Any = await _CHOICES.get(prompt.task, _words)(asking, prompt)
        except Skipped:
            return Reply(fields.as_text(()), parsed=()) if in_fields else None
    if isinstance(answer, str):
        return Reply(answer) if answer else None
    return Reply("given", parsed=answer) if answer else None


async def _entries(person: _Asking, prompt: Prompt) -> list[Entry]:
    """The entries of a turn in fields."""
    wants = {want.label: want for want in prompt.wants}
    moves = next((want.moves for want in prompt.wants if want.moves), ())
    if moves:
        return await _move(person, prompt, moves)
    if prompt.asked.tasks:
        return await _reports(person, prompt)
    if CHALLENGE.label in wants and len(wants) == 1:
        person.tell("All seem to agree. You are asked to speak against it.")
        return _entry(CHALLENGE.label, await _text(person, Question("What goes wrong with it?")))
    if POSITION.label in wants:
        return await _view(person, wants)
    return await _lines(person, prompt.wants)


async def _view(person: _Asking, wants: Mapping[str, Wanted]) -> list[Entry]:
    """Position, reason and action: the three questions of a round in which positions are compared."""
    chosen = POSITIONS.get(str(await person.ask(YOUR_POSITION)))
    why = await _text(person, WHY)
    entries = _entry(label_of_reason(chosen, wants), why)
    if chosen:
        entries += [Entry(POSITION.label, chosen.value)]
    if ACTION.label in wants:
        entries += await _tasks(person)
    return entries


def label_of_reason(position: Position | None, wants: Mapping[str, Wanted]) -> str:
    """The label under which the reason for a position stands: a condition, the line of the type for what may go wrong,
    or else a plain reason.
    """
    if position is Position.CONDITIONS and CONDITION.label in wants:
        return CONDITION.label
    if position in {Position.AGAINST, Position.CONDITIONS}:
        wrong = (want.label for want in wants.values() if want.draws_on == WRONG and not want.values)
        return next(wrong, REASON.label)
    return REASON.label


async def _lines(person: _Asking, wants: Sequence[Wanted]) -> list[Entry]:
    """The lines of a type that compares no positions, one question each; what may stand several times is asked for
    until the answer is left out.
    """
    asked_last = [want for want in wants if want.label == ACTION.label]
    entries = []
    for want in wants:
        if want.label in {ACTION.label, QUESTION.label}:
            continue
        alone = len(wants) == 1 and want.many
        question = Question(f"{want.label}: {want.ask}?", empty="that is all" if alone else "")
        for _ in range(MOST_REPEATED if alone else 1):
            said = _entry(want.label, await _text(person, question))
            entries += said
            if not said:
                break
    return entries + (await _tasks(person) if asked_last else [])


async def _tasks(person: _Asking) -> list[Entry]:
    """What is to be done, one entry for each line that was typed."""
    said = reading.clean(str(await person.ask(TO_DO)))
    return [entry for line in said.split("\n") for entry in _entry(ACTION.label, " ".join(line.split()))]


async def _move(person: _Asking, prompt: Prompt, moves: Sequence[str]) -> list[Entry]:
    """The reply to one of the statements that differ from the person's own."""
    texts = {message.turn: message.text for message in prompt.transcript if message.turn in moves}
    answered = moves[0]
    if len(moves) > 1:
        statements = tuple(_in_short(turn, texts.get(turn, "")) for turn in moves)
        numbers = tuple(int(turn[1:]) for turn in moves)
        which = Question("Which one do you answer?", numbers=numbers, statements=statements, turns=tuple(moves))
        chosen = await person.ask_which("These differ from you:", which)
        if not isinstance(chosen, tuple):
            return []
        answered = f"T{chosen[0]}"
    person.tell(texts.get(answered, answered))
    reply = await _text(person, YOUR_REPLY)
    now = POSITIONS.get(str(await person.ask(POSITION_NOW)))
    if not reply and not now:
        return []
    rebut, revise = (label for label in MOVES.values() if label)
    entries = [Entry(revise if now else rebut, f"{answered}: {reply}" if reply else answered)]
    return [*entries, Entry(POSITION.label, now.value)] if now else entries


def _in_short(turn: str, text: str) -> str:
    """A statement on one line: its position and the beginning of its words."""
    said = text.partition("\n")[2]  # behind the line with its id and name
    position, words = reading.position_in(said), said.split()
    begins = " ".join(words[:SHORT]) + (" ..." if len(words) > SHORT else "")
    return f"{turn}{f' [{position.value}]' if position else ''} {begins}"


async def _reports(person: _Asking, prompt: Prompt) -> list[Entry]:
    """What has become of each open action that the person took on."""
    [want] = prompt.wants
    states, entries = want.fields["state"], []
    for action, task in prompt.asked.tasks.items():
        person.tell(f"{action}: {task}")
        state = str(await person.ask(Question("What has become of it?", states)))
        said = await _text(person, Question("In a sentence?")) if state else ""
        if state:
            entries.append(Entry(want.label, said or state, {"action": action, "state": state}))
    return entries


async def _vote(person: _Asking, prompt: Prompt) -> CastVote | None:
    """A vote on the sentence that is voted on, with its reason."""
    person.tell(f"The vote is on: {prompt.asked.proposal}")
    if prompt.asked.actions:
        person.tell("With it goes:\n" + "\n".join(f"- {action}" for action in prompt.asked.actions))
    vote = VOTES.get(str(await person.ask(YOUR_VOTE)))
    if vote is None:
        return None
    reason = await _text(person, WHY)
    doubts = vote in {Vote.OBJECT, Vote.CONCERN}
    return CastVote(vote, reason, await _text(person, WOULD_CHANGE) if doubts else "")


async def _decision(person: _Asking, prompt: Prompt) -> Decided | None:
    """The decision of the person who decides, after the advice of the room."""
    offers = prompt.asked.offers
    person.tell("\n".join([f"The proposal: {prompt.asked.proposal or 'none'}", *prompt.asked.advice]))
    if offers:
        person.tell("Or, by number: " + "; ".join(f"{number} {one.name}" for number, one in enumerate(offers, 1)))
    keys = tuple(DECISIONS) if prompt.asked.proposal else ("postpone",)
    names = _numbered([one.name for one in offers])
    question = Question("Your decision?", keys, tuple(range(1, len(offers) + 1)), statements=names)
    chosen = await person.ask(question)
    if not chosen:
        person.tell("Without an answer nothing is decided, and the meeting ends. You are asked once more.")
        chosen = await person.ask(question)
    if not chosen:
        return None
    why = await _text(person, WHY)
    if isinstance(chosen, tuple):
        return Decided(Status.ACCEPTED, offers[chosen[0] - 1].name, why)
    return Decided(DECISIONS[chosen], why=why)


def read_decision(words: str, choices: Sequence[str]) -> Decided | None:
    """The decision in words that were prepared: accept, reject, postpone or the name of a choice first, then perhaps
    the reason. None if they begin with something else.
    """
    said = reading.clean(words)
    for name in sorted(choices, key=len, reverse=True):
        if said[: len(name)].casefold() == name.casefold() and not said[len(name) :][:1].isalnum():
            return Decided(Status.ACCEPTED, name, _behind(said[len(name) :]))
    first = next((word for word in DECISIONS if said.casefold().startswith(word)), "")
    rest = said[len(first) :]
    return Decided(DECISIONS[first], why=_behind(rest)) if first and not rest[:1].isalnum() else None


def _behind(text: str) -> str:
    """The reason behind a decision, on one line."""
    return " ".join(text.lstrip(" \t\n.,;:!-").split())


async def _dots(person: _Asking, prompt: Prompt) -> Mapping[str, Any] | None:
    """The ideas that the person likes best."""
    ideas = dict(enumerate(prompt.asked.ideas, 1))
    most = prompt.schema["properties"]["ideas"]["maxItems"] if prompt.schema else 1
    lines = _numbered([prompt.asked.ideas[name] for name in ideas.values()])
    question = Question(f"Your best {most}, such as 1 2?", numbers=tuple(ideas), most=most, statements=lines)
    chosen = await person.ask_which("", question)
    return {"ideas": [ideas[number] for number in chosen]} if isinstance(chosen, tuple) else None


async def _proposal(person: _Asking, prompt: Prompt) -> Mapping[str, Any] | None:
    """The choice that a person who leads the meeting puts to the vote, with findings and actions by number."""
    asked = prompt.asked
    lines = _numbered([one.sentence for one in asked.offers])
    which = Question("Your choice?", numbers=tuple(range(1, len(lines) + 1)), statements=lines)
    chosen = await person.ask_which("You lead the meeting. What is put to the vote?", which)
    if not isinstance(chosen, tuple):
        return None
    offer = asked.offers[chosen[0] - 1]
    findings = await _findings(person, offer, asked.findings)
    if findings is None:
        return None
    actions: Answer = ""
    if asked.actions:
        lines = _numbered(asked.actions)
        numbers, most = tuple(range(1, len(lines) + 1)), MOST_PICKED
        which = Question("Which of it belongs to the choice?", numbers=numbers, most=most, statements=lines)
        actions = await person.ask_which("What was proposed to do:", which)
    return {"choice": offer.name, "findings": list(findings), "actions": list(actions) if actions else []}


async def _findings(person: _Asking, offer: Offer, findings: Sequence[str]) -> tuple[int, ...] | None:
    """The numbers of the findings that a choice names; None if it needs some and the person names none."""
    if not offer.most or not offer.numbers:
        return ()
    lines = tuple(f"{number}. {findings[number - 1]}" for number in offer.numbers)
    least = max(1, offer.least)
    question = Question("Which of these?", numbers=offer.numbers, least=least, most=offer.most, statements=lines)
    chosen = await person.ask_which("It may name:", question)
    if not chosen and offer.least:
        person.tell("This choice needs at least one of them. You are asked once more.")
        chosen = await person.ask(question)
    if isinstance(chosen, tuple):
        return chosen
    return None if offer.least else ()


async def _words(person: _Asking, prompt: Prompt) -> str:
    """An answer in own words, such as to a question of a colleague."""
    person.tell(prompt.asked.question)
    return reading.clean(str(await person.ask(YOUR_ANSWER)))


_CHOICES = {Task.DECISION: _decision, Task.BALLOT: _vote, Task.DOTS: _dots, Task.PROPOSAL: _proposal}


def _numbered(lines: Sequence[str]) -> tuple[str, ...]:
    """Lines with their numbers."""
    return tuple(f"{number}. {line}" for number, line in enumerate(lines, 1))


def _entry(label: str, text: str) -> list[Entry]:
    return [Entry(label, text)] if text and not reading.says_nothing(text) else []


async def _text(person: _Asking, question: Question) -> str:
    """An answer in own words, on one line."""
    return " ".join(reading.clean(str(await person.ask(question))).split())
