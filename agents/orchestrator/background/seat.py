"""The seat of a person who is not at this terminal: words and answers arrive from a front end."""

import asyncio

from agents.meeting.room.person import PreparedPerson

ANSWER_SECONDS = 600.0
"""How long a meeting waits for the answer of a person; then the person is recorded as absent."""


class RemoteSeat:
    """A person whose words are sent from elsewhere.

    Args:
        role: role id of the person's seat; "" for nobody's, who can only give commands.
        prepared: what the person wrote beforehand, which is used first; None for nothing.

    Attributes:
        question: what the person is asked now, or "".
    """

    def __init__(self, role: str, prepared: PreparedPerson | None = None) -> None:
        self.role = role
        self.question = ""
        self._prepared = prepared or PreparedPerson(role, "")
        self._words: list[str] = []
        self._reply: asyncio.Future[str] | None = None

    def say(self, words: str) -> None:
        """Say something, or give one of the commands of ``room.interjections.COMMANDS``, at the next pause."""
        self._words.append(words)

    def reply(self, text: str) -> bool:
        """Answer the question that is asked now; False if none is."""
        if self._reply is None or self._reply.done():
            return False
        self._reply.set_result(text)
        return True

    async def answer(self, question: str) -> str | None:
        """The person's answer; None when none comes in time."""
        prepared = await self._prepared.answer(question)
        if prepared is not None:
            return prepared
        self.question, self._reply = question, asyncio.get_running_loop().create_future()
        try:
            return await asyncio.wait_for(self._reply, ANSWER_SECONDS)
        except TimeoutError:
            return None
        finally:
            self.question, self._reply = "", None

    def words(self) -> list[str]:
        """What was said since the last call."""
        said, self._words = [*self._prepared.words(), *self._words], []
        return said
