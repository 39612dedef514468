"""One turn: what to ask the participant, and what to do with its answer.

Small models sometimes give an empty answer, copy the question, or omit the one line that the meeting depends on. They
are asked once more. A position that is still missing is asked for by itself. A person is never asked again.
"""

from dataclasses import dataclass, field, replace

from agents.meeting import prompts, reading
from agents.meeting.context import BALLOT_TOKENS
from agents.meeting.prompts import Ask
from agents.meeting.record import Ballot, Position, Topic
from agents.model import Reply, Task


@dataclass(slots=True)
class TurnInProgress:
    """One turn while its participant is asked.

    Ask what ``next_ask`` returns and give the reply to ``take_reply``, again and again until ``next_ask`` returns None.

    Args:
        ask: the question.
        topic: the topic that is discussed.
        title: the speaker's title.
        person: whether a person answers.

    Attributes:
        text: the answer; "" while there is no usable one.
        position: the position that the answer states, or None.
        replies: the replies of all calls.
        asked_position: whether the position was asked for by itself.
        failed: whether the first call failed.
    """

    ask: Ask
    topic: Topic
    title: str
    person: bool
    text: str = ""
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
            self.failed, self._done = not self.text, True
        else:
            self._take_words(reply)
            self.position = reading.position_in(self.text)

    def _take_words(self, reply: Reply) -> None:
        said = reading.clean(reply.text, self.title)
        if self.person and said:
            self.text, self._done = said, True
            return
        said = reading.without_echo(said, self.ask.question)
        self._problem = reading.problem(said, self.ask.needs)
        if not self.text or not (self._problem or reading.passed(said)):
            self.text = said if reading.usable(said) else ""
        self._done = not self._problem

    def _lacks_position(self) -> bool:
        if self.person or not self.text or self.position or self.asked_position or reading.passed(self.text):
            return False
        return any(want.label == prompts.POSITION.label for want in self.ask.wants)

    def _position_ask(self) -> Ask:
        return replace(
            self.ask,
            task=Task.POSITION,
            question=prompts.position_question(self.topic, self.text),
            wants=(prompts.POSITION,),
            schema=prompts.POSITION_SCHEMA,
            max_tokens=BALLOT_TOKENS,
            documents=False,
        )

    def _take_position(self, reply: Reply | None) -> None:
        """Take a position that was asked for by itself, and add it to the answer as its last line."""
        named = reply.parsed.get("position") if reply and isinstance(reply.parsed, dict) else None
        self.position = reading.read_position(str(named or ""))
        if self.position:
            self.text += f"\n{prompts.POSITION.label}: {self.position.value}"


def unreadable(reply: Reply) -> str:
    """Why a reply is not JSON, in words for the next attempt; "" when it is JSON."""
    if reply.parsed is not None:
        return ""
    return "it was too long. Give fewer and shorter items." if reply.ended == "length" else "it was not JSON."


def read_ballot(reply: Reply, topic: int, phase: str, speaker: str) -> Ballot | None:
    """The ballot in a reply, from its JSON or else its plain words; None when it names no vote."""
    answer = reply.parsed if isinstance(reply.parsed, dict) else {}
    vote = reading.read_vote(str(answer.get("vote", ""))) or (None if answer else reading.read_vote(reply.text))
    if vote is None:
        return None
    reason = reading.clean(str(answer.get("reason") or ("" if answer else reply.text)))
    change = reading.clean(str(answer.get("would_change") or ""))
    return Ballot(topic, speaker, vote, reason, change, f"{topic}.{phase}.{speaker}", phase, numbers_of(reply))


def numbers_of(*replies: Reply) -> dict[str, float]:
    """Token counts and seconds of an answer, summed over its calls."""
    names = ("prompt_tokens", "reply_tokens", "queue_seconds", "first_token_seconds", "total_seconds")
    every = (*names, "prompt_seconds", "reply_seconds", "retries")
    numbers: dict[str, float] = {name: sum(getattr(reply, name) for reply in replies) for name in every}
    evaluated = [reply.evaluated_tokens for reply in replies if reply.evaluated_tokens is not None]
    if len(evaluated) == len(replies):
        numbers["evaluated_tokens"] = sum(evaluated)
    return {name: round(value, 4) for name, value in numbers.items()}
