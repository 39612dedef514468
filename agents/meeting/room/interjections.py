"""What a person may do between two phases: speak, ask a participant, skip a phase, start the vote, park a topic, stop.

The input is stored in the journal before it takes effect, so that a resumed meeting takes the same course.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from agents.meeting import prompts
from agents.meeting.context import SHORT_TOKENS
from agents.meeting.phases import PHASES
from agents.meeting.prompts import Ask
from agents.meeting.record import Interjection
from agents.meeting.room.person import Person, SeatedPerson
from agents.meeting.room.room import Room
from agents.model import Task

COMMANDS = {
    "/skip": "skip the next phase",
    "/ask ROLE WORDS": "ask one participant",
    "/vote": "go to the proposal and the ballot",
    "/park WORDS": "add something to the parking lot",
    "/stop": "end the meeting and write the minutes",
}


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
            left = await self._carry_out(words, left, f"{number}_{upcoming[0]}")
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

    async def _carry_out(self, words: str, left: list[str], mark: str) -> list[str]:
        """Carry out one command; words without a command become a turn. Returns the phases that remain."""
        command, _, rest = words.strip().partition(" ")
        rest = rest.strip()
        if command == "/skip" and left:
            self._note(f"The phase {left[0].replace('_', ' ')} was skipped because a person asked for it.", mark)
            return left[1:]
        if command == "/vote":
            self._note("The meeting went straight to the vote because a person asked for it.", mark)
            return [name for name in left if PHASES[name].proposes or PHASES[name].votes]
        if command == "/stop":
            self._note("The meeting ended early because a person asked for it.", mark)
            self.stopped = True
            return []
        if command == "/ask":
            await self._ask(rest, mark)
        elif command == "/park" and rest:
            await self._interject(f"Parked: {rest}", mark)
        elif command.startswith("/"):
            known = ", ".join(COMMANDS)
            self.room.remark(f"There is no command {command!r}. Type one of {known}.")
        else:
            await self._interject(words.strip(), mark)
        return left

    def _note(self, text: str, mark: str) -> None:
        self.room.note(f"person.{mark}", text)

    async def _interject(self, text: str, mark: str) -> None:
        """Add the person's words to the discussion, as a turn of the person's seat."""
        role = self.room.spec.person
        if not role or role not in self.room.agents:
            return
        model = self.room.agents[role].model
        if isinstance(model, SeatedPerson):
            model.interjection = text
        self.room.begin_phase(f"word_{mark}")
        await self.room.ask(Ask(role, Task.CHAT, text, SHORT_TOKENS))

    async def _ask(self, rest: str, mark: str) -> None:
        """Add the person's question to the discussion, and let the participant it names answer."""
        name, _, question = rest.partition(" ")
        known = {seat.role: seat for seat in self.room.spec.seats}
        wanted = name.lower().replace("-", "_")
        if wanted not in known or not question.strip():
            self.room.remark(f"Type /ask, then one of {', '.join(known)}, then a question.")
            return
        await self._interject(f"Question to the {known[wanted].title}: {question.strip()}", mark)
        self.room.begin_phase(f"answer_{mark}")
        words = prompts.person_question(self.room.open_topic.topic, question.strip())
        await self.room.ask(Ask(wanted, Task.STATUS, words, SHORT_TOKENS))
