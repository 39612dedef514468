"""A person in the meeting: takes the seat of a role, and may speak between two phases.

A meeting never waits for a person who is not there: a person who cannot answer is recorded as absent.
"""

import re
from typing import Protocol

from agents.errors import ModelError
from agents.model import Notice, OnText, Prompt, Reply, Task, rough_tokens


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


class AbsentPerson:
    """Takes a person's seat in a meeting that continues without the person. It never answers."""

    def __init__(self, role: str) -> None:
        self.role = role

    async def answer(self, question: str) -> str | None:
        """None: nobody answers."""

    def words(self) -> list[str]:
        """No lines."""
        return []


class SeatedPerson:
    """A person in the form of a model, so that the room asks both in the same way.

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
