"""Between two phases the person in the room may say something, ask somebody, skip, call the vote, park or stop.

What was said there is put on the journal before it takes effect, so that a meeting that is resumed takes the same way.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from agents.meeting import prompts
from agents.meeting.context import SHORT_TOKENS
from agents.meeting.phases import PHASES
from agents.meeting.prompts import Ask
from agents.meeting.record import Pause
from agents.meeting.room.person import Person, SeatedPerson
from agents.meeting.room.room import Room
from agents.model import Task

COMMANDS = {
    "/skip": "skip the next phase",
    "/ask ROLE WORDS": "ask one of those present",
    "/vote": "go to the proposal and the ballot",
    "/park WORDS": "put something on the parking lot",
    "/stop": "end the meeting; the minutes are written",
}


@dataclass(slots=True)
class Interjections:
    """What the person does between the phases.

    Attributes:
        room: the meeting.
        person: who takes part; None for nobody.
        stopped: whether the meeting was ended early.
    """

    room: Room
    person: Person | None = None
    stopped: bool = False

    async def before(self, upcoming: Sequence[str]) -> list[str]:
        """Let the person speak before a phase; returns the phases that are still to come.

        Args:
            upcoming: the phases to come in this topic, the next one first.
        """
        left = list(upcoming)
        for number, words in enumerate(self._words(left), 1):
            left = await self._heed(words, left, f"{number}_{upcoming[0]}")
        return left

    def _words(self, upcoming: Sequence[str]) -> list[str]:
        room, topic = self.room, self.room.talk.topic.number
        key = f"{topic}.pause.{upcoming[0]}"
        known = room.known(key, Pause)
        if known:
            return list(known.words)
        past = room.has_begun(topic, upcoming)
        words = [] if past or self.person is None else [text for text in self.person.words() if text.strip()]
        if words:
            room.record(key, Pause(topic, tuple(words)))
        return words

    async def _heed(self, words: str, left: list[str], mark: str) -> list[str]:
        """Do what the person asks for; plain words go into the talk."""
        command, _, rest = words.strip().partition(" ")
        rest = rest.strip()
        if command == "/skip" and left:
            self._say(f"{left[0].replace('_', ' ')} was skipped, as a person asked.", mark)
            return left[1:]
        if command == "/vote":
            self._say("The vote was called, as a person asked.", mark)
            return [name for name in left if PHASES[name].proposes or PHASES[name].votes]
        if command == "/stop":
            self._say("The meeting was ended early, as a person asked.", mark)
            self.stopped = True
            return []
        if command == "/ask":
            await self._ask(rest, mark)
        elif command == "/park" and rest:
            await self._interject(f"Parked: {rest}", mark)
        elif command.startswith("/"):
            known = ", ".join(COMMANDS)
            self.room.remark(f"There is no command {command!r}; there are {known}.")
        else:
            await self._interject(words.strip(), mark)
        return left

    def _say(self, text: str, mark: str) -> None:
        self.room.note(f"person.{mark}", text)

    async def _interject(self, text: str, mark: str) -> None:
        """Put the person's words into the talk as a turn of the seat taken."""
        role = self.room.spec.person
        if not role or role not in self.room.agents:
            return
        model = self.room.agents[role].model
        if isinstance(model, SeatedPerson):
            model.interjection = text
        self.room.enter(f"word_{mark}")
        await self.room.ask(Ask(role, Task.CHAT, text, SHORT_TOKENS))

    async def _ask(self, rest: str, mark: str) -> None:
        """Have one of those present answer the person's question; the question goes into the talk first."""
        name, _, question = rest.partition(" ")
        known = {seat.role: seat for seat in self.room.spec.seats}
        wanted = name.lower().replace("-", "_")
        if wanted not in known or not question.strip():
            self.room.remark(f"/ask needs one of {', '.join(known)}, and a question.")
            return
        await self._interject(f"Question to the {known[wanted].title}: {question.strip()}", mark)
        self.room.enter(f"answer_{mark}")
        await self.room.ask(
            Ask(wanted, Task.STATUS, prompts.answer(self.room.talk.topic, question.strip()), SHORT_TOKENS)
        )
