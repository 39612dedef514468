"""The seat of a person who is not at this terminal: words and answers arrive from a front end."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from agents.errors import MeetingError, ModelError, UsageError
from agents.meeting.room.interview import Skipped
from agents.meeting.room.person import PreparedPerson
from agents.meeting.room.questions import Answer, Question, WrongKey
from agents.model import Message

ANSWER_SECONDS = 600.0
"""How long a meeting waits for the answer of a person; then the person is recorded as absent."""

SKIP = "/skip"
"""The answer that leaves out the rest of a turn."""


class RemoteSeat:
    """A person whose words are sent from elsewhere, and who is asked short questions as at a terminal.

    Args:
        role: role id of the person's seat; "" for nobody's, who can only give commands.
        prepared: what the person wrote beforehand, which is used first; None for nothing.

    Attributes:
        question: what the person is asked now, or "".
        about: what the question is about, such as the sentence that is voted on, or "".
        told: the parts of it.
        count: how many questions were asked, with the one that is asked now.
    """

    def __init__(self, role: str, prepared: PreparedPerson | None = None) -> None:
        self.role = role
        self.question = ""
        self.about = ""
        self.told: tuple[str, ...] = ()
        self.count = 0
        self._prepared = prepared or PreparedPerson(role, "")
        self._words: list[str] = []
        self._told: list[str] = []
        self._asked = Question("")
        self._answered = False
        self._reply: asyncio.Future[str] | None = None

    @property
    def choices(self) -> list[str]:
        """The answers that may be chosen now; none where the answer is in own words."""
        return [*self._asked.keys, *map(str, self._asked.numbers)] if self.question else []

    @property
    def asked(self) -> Question | None:
        """The question that is asked now, with what answers it; None for none."""
        return self._asked if self.question else None

    @property
    def unheard(self) -> tuple[str, ...]:
        """What was said and waits for the next pause."""
        return tuple(self._words)

    def say(self, words: str) -> None:
        """Say something, or give one of the commands of ``room.interjections.COMMANDS``, at the next pause."""
        self._words.append(words)

    def answer_to(self, question: str, text: str) -> None:
        """Answer the question that is asked now.

        Args:
            question: the question that is answered; "" for whichever is asked.
            text: the answer, as for ``reply``.

        Raises:
            MeetingError: another question is asked, or none.
            UsageError: it is none of the choices; the question stays.
        """
        if question and self.question and question != self.question:
            raise MeetingError("Another question is asked now.", "Read it, and answer that one.")
        if not self.reply(text):
            raise MeetingError("Nobody is asked anything now.", "Wait until a question is asked.")

    def reply(self, text: str) -> bool:
        """Answer the question that is asked now, or leave it out with ""; False if none is asked.

        Raises:
            UsageError: it is none of the choices; the question stays.
        """
        if self._reply is None or self._reply.done():
            return False
        if text.strip() != SKIP:
            try:
                self._asked.read(text)
            except WrongKey:
                raise UsageError(f"This does not answer {self.question!r}.", self._possible()) from None
        self._reply.set_result(text)
        return True

    def _possible(self) -> str:
        """The answers that the question takes, in a sentence."""
        most = f", up to {self._asked.most} numbers" if self._asked.most > 1 else ""
        return f"Answer with one of: {', '.join(self.choices)}{most}; an empty answer leaves it out."

    async def prepared(self) -> str | None:
        """The next answer that was written beforehand; None when there are no more."""
        return await self._prepared.answer("")

    async def answer(self, question: str) -> str | None:
        """The person's answer in own words; None when none comes in time."""
        prepared = await self._prepared.answer(question)
        return prepared if prepared is not None else await self._awaited(Question(question))

    @contextmanager
    def speaking(self, topic: str, heard: Sequence[Message]) -> Iterator[None]:  # noqa: ARG002 - events tell both
        """One turn of the person, with a few questions."""
        self._told, self._answered = [], False
        try:
            yield
        finally:
            self._told = []

    def tell(self, text: str) -> None:
        """Show something with the next question."""
        self._told += [text] if text else []

    async def ask(self, question: Question) -> Answer:
        """The answer to one question; one that is none is refused, and the question stays.

        Raises:
            Skipped: the person passes on the rest of the turn, or has left during it.
            ModelError: nobody answers at all.
        """
        said = await self._awaited(question)
        if said is None and not self._answered:
            raise ModelError("said nothing")
        if said is None or said.strip() == SKIP:
            raise Skipped
        self._answered = True
        return question.read(said)

    async def _awaited(self, question: Question) -> str | None:
        """What the person sends for a question; None when nothing comes in time."""
        self.told, self._told = tuple(self._told), []
        self.about = "\n".join(self.told)
        self._asked, self._reply = question, asyncio.get_running_loop().create_future()
        self.question = question.text
        self.count += 1
        try:
            return await asyncio.wait_for(self._reply, ANSWER_SECONDS)
        except TimeoutError:
            return None
        finally:
            self.question, self.about, self.told, self._reply = "", "", (), None

    def words(self) -> list[str]:
        """What was said since the last call."""
        said, self._words = [*self._prepared.words(), *self._words], []
        return said
