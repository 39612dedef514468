"""A person in the room: takes a seat among the agents, and may say something between two phases.

A meeting never waits for a person who is not there: who has no more words is absent.
"""

import re
from typing import Protocol

from agents.errors import ModelError
from agents.model import Notice, OnText, Prompt, Reply, Task, rough_tokens


class Person(Protocol):
    """Somebody who takes part.

    Attributes:
        role: role id of the seat taken.
    """

    role: str

    async def answer(self, question: str) -> str | None:
        """What the person says to a question; None when there is nobody to answer."""

    def words(self) -> list[str]:
        """What was typed since the last time of asking: words to all, or ``/skip``, ``/ask ROLE WORDS``, ``/vote``,
        ``/park WORDS``, ``/stop``.
        """


class Nobody:
    """A seat that was a person's, in a meeting that goes on without the person."""

    def __init__(self, role: str) -> None:
        self.role = role

    async def answer(self, question: str) -> str | None:
        """Nothing is said to any question."""

    def words(self) -> list[str]:
        """Nothing is said."""
        return []


class SeatedPerson:
    """Lets a person answer where a model would: the room asks both in the same way.

    Attributes:
        interjection: said at the next time of asking, without asking the person; set between two phases.
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
        text = text or (await self._person.answer(prompt.question) or "")
        if not text.strip():
            raise ModelError("said nothing")
        if on_text:
            on_text(text)
        parsed = {"ideas": re.findall(r"\bI\d+\b", text)} if prompt.task is Task.DOTS else None
        return Reply(text.strip(), parsed=parsed, model=self.label)

    def count_tokens(self, text: str) -> int:
        """One token for three characters."""
        return rough_tokens(text)

    async def close(self) -> None:
        """Nothing is open."""
