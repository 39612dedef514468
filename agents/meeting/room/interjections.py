"""What a person may do between two phases: speak, ask one or all, skip a phase, start the vote, park a topic, stop.

The input is stored in the journal before it takes effect, so that a resumed meeting takes the same course.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from agents.errors import MeetingError, UsageError
from agents.meeting import prompts
from agents.meeting.context import SHORT_TOKENS
from agents.meeting.journal_values import Interjection
from agents.meeting.phases import ANSWER, MORE, WORD, phase_name, phase_named
from agents.meeting.prompts import Ask
from agents.meeting.room.person import Person, SeatedPerson
from agents.meeting.room.room import Room
from agents.meeting.spec import MeetingSpec
from agents.model import Asked, Task
from agents.text import one_line

COMMANDS = {
    "/skip": "skip the next phase",
    "/ask ROLE WORDS": "ask one participant",
    "/extend [WORDS]": "one more round before the next phase: all are asked again",
    "/vote": "go to the proposal and the ballot",
    "/park WORDS": "add something to the parking lot",
    "/end": "end the meeting and write the minutes",
}
PREPARED_END = "/stop"
"""What ``/end`` is called too in words that were prepared; at a terminal, /stop pauses the meeting."""

WORDS = "!/"
"""How words begin that begin with a slash and are no command."""

_KNOWN = frozenset({name.partition(" ")[0] for name in COMMANDS} | {PREPARED_END})

_NAMES = {
    "/skip": "Skip the next phase",
    "/extend": "One more round",
    "/vote": "To the vote",
    "/end": "End early",
    PREPARED_END: "End early",
}
"""What a person asks for with a command that says all of it."""

_Asks = list[tuple[str, list[Ask]]]
"""What is asked, each with the first word of the phase that it is turns of."""


@dataclass(slots=True)
class Interjections:
    """Reads and carries out what the person types between the phases.

    Attributes:
        room: the room of the meeting.
        person: the person who takes part; None for nobody.
        stopped: whether the person ended the meeting early.
    """

    room: Room
    person: Person | None = None
    stopped: bool = False

    async def before(self, upcoming: Sequence[str]) -> list[str]:
        """Let the person act before a phase; returns the phases that remain.

        Args:
            upcoming: the remaining phases of this topic, the next one first.
        """
        left = list(upcoming)
        for number, words in enumerate(self._words(left), 1):
            if self.stopped and _asks_others(words):  # after the end nobody is asked any more
                continue
            mark = f"{number}_{upcoming[0]}"
            left, asks = self._carry_out(words, left, mark)
            for phase, same in asks:
                self.room.begin_phase(f"{phase}_{mark}")
                if phase == MORE:
                    await self.room.ask_all(same, check_repeats=True)
                else:
                    await self.room.ask(same[0])
                self._offer("")  # in a resumed meeting the words may have been said before
        return left

    def _words(self, upcoming: Sequence[str]) -> list[str]:
        room, topic = self.room, self.room.open_topic.topic.number
        key = f"{topic}.pause.{upcoming[0]}"
        known = room.recorded(key, Interjection)
        if known:
            return list(known.words)
        past = room.has_begun(topic, upcoming)
        words = [] if past or self.person is None else [text for text in self.person.words() if text.strip()]
        if words:
            room.record(key, Interjection(topic, tuple(words)))
        return words

    def _carry_out(self, words: str, left: list[str], mark: str) -> tuple[list[str], _Asks]:
        """Carry out one command. Returns the phases that remain, and the turns that it asks for."""
        if words.strip().startswith(WORDS):
            return left, self._contribution(words.strip()[1:])
        command, _, rest = words.strip().partition(" ")
        if command == "/skip" and left:
            self._note(f"The phase {phase_name(left[0])} was skipped because a person asked for it.", mark)
            return left[1:], []
        if command == "/vote":
            self._note("The meeting went straight to the vote because a person asked for it.", mark)
            return [name for name in left if phase_named(name).proposes or phase_named(name).votes], []
        if command in {"/end", PREPARED_END}:
            self._note("The meeting ended early because a person asked for it.", mark)
            self.stopped = True
            return [], []
        if command == "/extend":
            return left, self._round(rest.strip(), left, mark)
        return left, self._asks(command, rest.strip(), words.strip(), mark)

    def _asks(self, command: str, rest: str, words: str, mark: str) -> _Asks:
        """The turns that a command asks for; words without a command are a turn of the person's seat."""
        if command == "/ask":
            return self._question(rest, mark)
        if command == "/park" and rest:
            if not self._is_seated:
                self._note(f"A person parked: {one_line(rest)}", mark)
            return self._contribution(_parked(rest))
        if command.startswith("/"):
            known = ", ".join(COMMANDS)
            self.room.remark(f"There is no command {command!r}. Type one of {known}.")
            return []
        return self._contribution(words)

    def _note(self, text: str, mark: str) -> None:
        self.room.note(f"person.{mark}", text)

    @property
    def _is_seated(self) -> bool:
        return self.room.spec.person in self.room.agents

    def _contribution(self, text: str) -> _Asks:
        """The person's words, as a turn of the person's seat; one without a seat has none."""
        if not self._is_seated:
            return []
        self._offer(text)
        return [(WORD, [Ask(self.room.spec.person, Task.CHAT, text, SHORT_TOKENS)])]

    def _offer(self, text: str) -> None:
        """Make a text what the person answers to the next prompt, which is then not shown; "" for nothing."""
        agent = self.room.agents.get(self.room.spec.person)
        if agent and isinstance(agent.model, SeatedPerson):
            agent.model.interjection = text

    def _question(self, rest: str, mark: str) -> _Asks:
        """The person's question, and the answer of the participant that it names."""
        spec, (wanted, question) = self.room.spec, asked_in(rest)
        if wanted not in spec.speakers or not question:
            self.room.remark(f"Type /ask, then one of {', '.join(spec.speakers)}, then a question.")
            return []
        words = prompts.person_question(self.room.open_topic.topic, question)
        answer = (ANSWER, [Ask(wanted, Task.STATUS, words, SHORT_TOKENS, asked=Asked(question=question))])
        if not self._is_seated:  # the question would stand nowhere
            self._note(f"A person asked the {spec.title_of(wanted)}: {one_line(question)}", mark)
        return [*self._contribution(_question_to(spec, wanted, question)), answer]

    def _round(self, words: str, left: Sequence[str], mark: str) -> _Asks:
        """One more turn of every participant: on the person's words, or else on what is still open."""
        before = f" before the {phase_name(left[0])}" if left else ""
        about = f": {one_line(words)}" if words else ""
        self._note(f"A person asked for one more round{before}{about}{'' if about else '.'}", mark)
        question = words or prompts.STILL_OPEN
        text, asked = prompts.more_round(self.room.open_topic.topic, question), Asked(question=question)
        asks = [Ask(name, Task.STATUS, text, SHORT_TOKENS, asked=asked) for name in self.room.speakers]
        said = self._contribution(f"Question to all: {words}") if words else []
        return [*said, (MORE, asks)]


def as_words(said: str) -> str:
    """What a person said as words, also where it begins as a command does."""
    return f"{WORDS[0]}{said}" if said.startswith("/") else said


def said_in(words: str) -> str:
    """What a person said, in what ``as_words`` made of it."""
    return words[1:] if words.startswith(WORDS) else words


def in_words(said: str, spec: MeetingSpec) -> str:
    """What a person said, or asked for with a command, in words such as "Question to the CTO: Who pays?".

    Args:
        said: what waits for the next pause, as ``as_words`` made it or a command.
        spec: the meeting.
    """
    command, _, rest = said.strip().partition(" ")
    rest = rest.strip()
    if command == "/ask":
        return _question_to(spec, *asked_in(rest))
    if command == "/park":
        return _parked(rest)
    if name := _NAMES.get(command):
        return f"{name}: {rest}" if rest and command == "/extend" else name
    return said_in(said)


def _question_to(spec: MeetingSpec, role: str, question: str) -> str:
    return f"Question to the {spec.title_of(role)}: {question}"


def _parked(words: str) -> str:
    return f"Parked: {words}"


def _asks_others(words: str) -> bool:
    command = words.strip().partition(" ")[0]
    return command.startswith("/") and command != "/park"


def asked_in(rest: str) -> tuple[str, str]:
    """The role id and the question in the words after /ask."""
    name, _, question = rest.partition(" ")
    return name.lower().replace("-", "_"), question.strip()


def refusal_of(command: str, rest: str, speakers: Sequence[str]) -> str:
    """Why a command changes nothing in a meeting, and what to write instead; "" for one that it carries out.

    Args:
        command: one of the commands, without what follows it.
        rest: the words after it.
        speakers: role ids of the participants.
    """
    if command == "/park" and not rest.strip():
        return "There is nothing to park. Write /park, then what to talk about another time."
    if command != "/ask":
        return ""
    wanted, question = asked_in(rest)
    if wanted in speakers and question:
        return ""
    why = (
        "There is no question." if wanted in speakers else f"{one_line(wanted)[:40] or 'Nobody'!r} takes no part in it."
    )
    return f"{why} Write /ask, then one of {', '.join(speakers)}, then a question."


def refuse_unheard(words: str, speakers: Sequence[str], *, seated: bool) -> None:
    """Refuse what would change nothing in a meeting: an unknown command, an incomplete one, or words of nobody's seat.

    Args:
        words: what a person says, or a command.
        speakers: role ids of the participants.
        seated: whether a person has a seat in it.

    Raises:
        UsageError: it is no command, or one that lacks something.
        MeetingError: nobody has a seat from which these words could be said.
    """
    command, _, rest = words.strip().partition(" ")
    if not command.startswith("/"):
        if not seated:
            remedy = f"Create a meeting with a seat for a person, or give a command: {', '.join(COMMANDS)}."
            raise MeetingError("Nobody has a seat in this meeting, so nobody can say this.", remedy, about="seat")
        return
    if command not in _KNOWN:
        raise UsageError(f"There is no command {one_line(command)[:40]!r}.", f"The commands are {', '.join(COMMANDS)}.")
    if refused := refusal_of(command, rest, speakers):
        raise UsageError("This command would change nothing.", refused)
