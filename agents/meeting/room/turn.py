"""What one participant says when it is its turn.

Small models sometimes say nothing, repeat the question, or leave out the one line that the meeting depends on. They are
asked again once; a position that is still missing is asked for in one word. A person is not asked again.
"""

from dataclasses import dataclass, field, replace

from agents.meeting import prompts, reading
from agents.meeting.context import BALLOT_TOKENS
from agents.meeting.prompts import Ask
from agents.meeting.record import Ballot, Position, Topic
from agents.model import Reply, Task


@dataclass(slots=True)
class Answering:
    """One participant's turn while it is asked: says what to ask next, and takes in the answer.

    Args:
        ask: what is asked.
        topic: what the talk is about.
        title: the speaker's title.
        person: whether a person answers.

    Attributes:
        text: the words; "" while nothing usable was said.
        position: the position taken, or None.
        replies: every call it took.
        asked_position: whether the position had to be asked for.
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

    def next(self) -> Ask | None:
        """What to ask now; None when the turn is over."""
        if not self._done and self._asked < 2:
            self._asked += 1
            question = prompts.again(self.ask.question, self._problem) if self._problem else self.ask.question
            return replace(self.ask, question=question)
        if not self.failed and self._lacks_position():
            self.asked_position = True
            return self._position_ask()
        return None

    def take(self, reply: Reply | None) -> None:
        """Take in the answer to what ``next`` asked; None is a call that failed."""
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
            question=prompts.stand(self.topic, self.text),
            wants=(prompts.POSITION,),
            schema=prompts.STAND_SCHEMA,
            max_tokens=BALLOT_TOKENS,
            documents=False,
        )

    def _take_position(self, reply: Reply | None) -> None:
        """Take a position that was asked for by name; it joins the words as their last line."""
        named = reply.parsed.get("position") if reply and isinstance(reply.parsed, dict) else None
        self.position = reading.read_position(str(named or ""))
        if self.position:
            self.text += f"\n{prompts.POSITION.label}: {self.position.value}"


def unreadable(reply: Reply) -> str:
    """What is wrong with an answer that was to be JSON and is not, in words for asking again; "" when nothing is."""
    if reply.parsed is not None:
        return ""
    return "it was too long. Give fewer and shorter items." if reply.ended == "length" else "it was not JSON."


def read_ballot(reply: Reply, topic: int, phase: str, speaker: str) -> Ballot | None:
    """A ballot out of a reply: its JSON, else its plain words; None when no vote can be read."""
    answer = reply.parsed if isinstance(reply.parsed, dict) else {}
    vote = reading.read_vote(str(answer.get("vote", ""))) or (None if answer else reading.read_vote(reply.text))
    if vote is None:
        return None
    reason = reading.clean(str(answer.get("reason") or ("" if answer else reply.text)))
    change = reading.clean(str(answer.get("would_change") or ""))
    return Ballot(topic, speaker, vote, reason, change, f"{topic}.{phase}.{speaker}", phase, numbers_of(reply))


def numbers_of(*replies: Reply) -> dict[str, float]:
    """The numbers of the calls behind an answer, as kept with it; those of several are summed up."""
    names = ("prompt_tokens", "reply_tokens", "queue_seconds", "first_token_seconds", "total_seconds")
    every = (*names, "prompt_seconds", "reply_seconds", "retries")
    numbers: dict[str, float] = {name: sum(getattr(reply, name) for reply in replies) for name in every}
    evaluated = [reply.evaluated_tokens for reply in replies if reply.evaluated_tokens is not None]
    if len(evaluated) == len(replies):
        numbers["evaluated_tokens"] = sum(evaluated)
    return {name: round(value, 4) for name, value in numbers.items()}
