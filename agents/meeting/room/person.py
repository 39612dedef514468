"""A person in the meeting: takes the seat of a role, and may speak between two phases.

A meeting never waits for a person who is not there: a person who cannot answer is recorded as absent.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol, runtime_checkable

from agents.errors import ModelError
from agents.meeting.codec import value_of, values
from agents.meeting.journal import Event
from agents.meeting.journal_values import Interjection
from agents.meeting.phases import WORD
from agents.meeting.room.interview import Questioned, interviewed
from agents.meeting.spec import MeetingSpec
from agents.model import Notice, OnText, Prompt, Reply, Task, rough_tokens

ANSWERS = "answers"
"""The name under which the numbers of a turn or a vote say how often its person answered for it."""


class Person(Protocol):
    """A person who takes part.

    Attributes:
        role: role id of the person's seat.
    """

    role: str

    async def answer(self, question: str) -> str | None:
        """The person's answer to a question; None when nobody answers."""

    def words(self) -> list[str]:
        """The lines that the person typed since the last call: words to everybody, or a command of
        ``interjections.COMMANDS``.
        """


@runtime_checkable
class Foresighted(Protocol):
    """A person who may have written whole answers beforehand, which are used before the person is asked."""

    async def prepared(self) -> str | None:
        """The next of these answers; None when there are no more."""


class AbsentPerson:
    """Takes a person's seat in a meeting that continues without the person. It never answers."""

    def __init__(self, role: str) -> None:
        self.role = role

    async def answer(self, question: str) -> str | None:
        """None: nobody answers."""

    def words(self) -> list[str]:
        """No lines."""
        return []


class PreparedPerson:
    """Paragraphs written beforehand, one for each turn to speak.

    A paragraph that starts with a slash, or with ``!`` for words to all, is used at the next pause between two phases.

    Args:
        role: role id of the person's seat.
        text: the paragraphs, with an empty line between two.
        answered: how many of the answers were given before, in a meeting that is resumed.
        typed: how many of those for a pause were used before.

    Attributes:
        left: the paragraphs that were not used yet.
    """

    def __init__(self, role: str, text: str, answered: int = 0, typed: int = 0) -> None:
        self.role = role
        parts = [part.strip() for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n")) if part.strip()]
        used = {True: typed, False: answered}
        self.left = list[str]()
        for part in parts:
            kind = part.startswith(_FOR_PAUSES)
            if used[kind] > 0:
                used[kind] -= 1
            else:
                self.left.append(part)

    async def answer(self, question: str) -> str | None:  # noqa: ARG002 - it was written before the question
        """The next paragraph; None when there are no more."""
        spoken = next((n for n, part in enumerate(self.left) if not part.startswith(_FOR_PAUSES)), None)
        return None if spoken is None else self.left.pop(spoken)

    def words(self) -> list[str]:
        """The next paragraphs that are meant for a pause."""
        said = []
        while self.left and self.left[0].startswith(_FOR_PAUSES):
            said.append(self.left.pop(0).removeprefix("!").strip())
        return said


_FOR_PAUSES = ("/", "!")


def prepared_person(spec: MeetingSpec, events: Sequence[Event]) -> PreparedPerson | None:
    """The person with what is left of the words in the spec of a meeting; None if nothing was prepared.

    Args:
        spec: the meeting.
        events: what its journal has already.
    """
    if not spec.words or not spec.person:
        return None
    mine = [value for event in events if event.speaker == spec.person and (value := value_of(event))]
    asked = (one for one in mine if not getattr(one, "phase", "").startswith(f"{WORD}_"))
    answered = sum(int((getattr(one, "numbers", None) or {}).get(ANSWERS, 0)) for one in asked)
    typed = sum(len(one.words) for one in values(events, Interjection))
    return PreparedPerson(spec.person, spec.words, answered, typed)


class SeatedPerson:
    """A person in the form of a model, so that the room asks both in the same way. One who is ``Questioned`` is asked
    short questions; another one gives a whole answer, in any form.

    Attributes:
        interjection: the answer to the next prompt, which is then not shown to the person; set between two phases.
    """

    label = "a person"
    context_tokens = 1_000_000
    parallel = 1

    def __init__(self, person: Person) -> None:
        self._person = person
        self.interjection = ""

    async def start(self, *, notice: Notice | None = None) -> None:
        """A person needs no loading."""

    async def reply(self, prompt: Prompt, *, on_text: OnText | None = None) -> Reply:
        """Ask the person.

        Raises:
            ModelError: nobody answers.
        """
        text, self.interjection = self.interjection, ""
        if not text and isinstance(self._person, Foresighted):
            text = await self._person.prepared() or ""
        if not text and isinstance(self._person, Questioned):
            reply = await interviewed(self._person, prompt)
            if reply is None:
                raise ModelError("said nothing")
            return replace(reply, model=self.label)
        text = text or (await self._person.answer(prompt.question) or "")
        if not text.strip():
            raise ModelError("said nothing")
        if on_text:
            on_text(text)
        parsed = {"ideas": re.findall(r"\bI\d+\b", text)} if prompt.task is Task.DOTS else None
        return Reply(text.strip(), parsed=parsed, model=self.label)

    def count_tokens(self, text: str) -> int:
        """The rough count: one token for three characters."""
        return rough_tokens(text)

    async def close(self) -> None:
        """There is nothing to close."""
