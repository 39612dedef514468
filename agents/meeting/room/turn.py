"""What one participant says when given the floor.

Small models sometimes say nothing, repeat the question, or leave out the one line that the meeting turns on. They are
asked again once; a position that is still missing is asked for in one word. A person is not asked again.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from agents.meeting import prompts, reading
from agents.meeting.context import BALLOT_TOKENS
from agents.meeting.prompts import Ask
from agents.meeting.record import Ballot, Position, Topic
from agents.model import Reply, Task

Answer = Callable[[Ask, bool], Awaitable[Reply | None]]
"""Asks, and is told whether the meeting can do without; None when the call failed."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What was said in the end.

    Attributes:
        text: the words; "" where nothing usable was said.
        position: the position taken, or None.
        replies: every call it took.
        asked_position: whether the position had to be asked for.
    """

    text: str
    position: Position | None
    replies: tuple[Reply, ...]
    asked_position: bool = False


async def hear(ask: Ask, topic: Topic, title: str, answer: Answer, *, person: bool) -> Heard | None:
    """Give one participant the floor.

    Args:
        ask: what is asked.
        topic: what the talk is about.
        title: the speaker's.
        answer: makes a call.
        person: whether a person answers.

    Returns:
        What was said, or None when the first call failed.
    """
    text, problem, replies = "", "", list[Reply]()
    for _attempt in range(2):
        reply = await answer(replace(ask, question=_worded(ask, problem)), bool(text))
        if reply is None:
            if not text:
                return None
            break
        replies.append(reply)
        said = reading.clean(reply.text, title)
        if person and said:
            text = said
            break
        said = reading.without_echo(said, ask.question)
        problem = reading.problem(said, ask.needs)
        if not text or not (problem or reading.passed(said)):
            text = said if reading.usable(said) else ""
        if not problem:
            break
    position = reading.position_in(text)
    if person or not text or position or reading.passed(text) or not _takes_position(ask):
        return Heard(text, position, tuple(replies))
    return await _placed(Heard(text, None, tuple(replies)), ask, topic, answer)


async def _placed(heard: Heard, ask: Ask, topic: Topic, answer: Answer) -> Heard:
    """With the position that the words left out, asked for by name; it joins them as their last line."""
    question = prompts.stand(topic, heard.text)
    asked = replace(
        ask,
        task=Task.POSITION,
        question=question,
        wants=(prompts.POSITION,),
        schema=prompts.STAND_SCHEMA,
        max_tokens=BALLOT_TOKENS,
        documents=False,
    )
    reply = await answer(asked, True)
    if reply is None:
        return heard
    replies = (*heard.replies, reply)
    named = reply.parsed.get("position") if isinstance(reply.parsed, dict) else None
    position = reading.read_position(str(named or ""))
    if position is None:
        return replace(heard, replies=replies)
    return Heard(f"{heard.text}\n{prompts.POSITION.label}: {position.value}", position, replies, asked_position=True)


def _worded(ask: Ask, problem: str) -> str:
    return prompts.again(ask.question, problem) if problem else ask.question


def _takes_position(ask: Ask) -> bool:
    return any(want.label == prompts.POSITION.label for want in ask.wants)


def unreadable(reply: Reply) -> str:
    """What is wrong with an answer that was to be JSON and is none, in words for asking again; else ""."""
    if reply.parsed is not None:
        return ""
    return "it was too long. Give fewer and shorter items." if reply.ended == "length" else "it was not JSON."


def read_ballot(reply: Reply, topic: int, speaker: str, key: str) -> Ballot | None:
    """A ballot out of a reply: its JSON, else its plain words; None when no vote can be read."""
    answer = reply.parsed if isinstance(reply.parsed, dict) else {}
    vote = reading.read_vote(str(answer.get("vote", ""))) or (None if answer else reading.read_vote(reply.text))
    if vote is None:
        return None
    reason = reading.clean(str(answer.get("reason") or ("" if answer else reply.text)))
    return Ballot(topic, speaker, vote, reason, reading.clean(str(answer.get("would_change") or "")), key)


def numbers_of(*replies: Reply) -> dict[str, float]:
    """The numbers of the calls behind an answer, as kept with it; those of several are summed up."""
    names = ("prompt_tokens", "reply_tokens", "queue_seconds", "first_token_seconds", "total_seconds")
    every = (*names, "prompt_seconds", "reply_seconds", "retries")
    numbers: dict[str, float] = {name: sum(getattr(reply, name) for reply in replies) for name in every}
    evaluated = [reply.evaluated_tokens for reply in replies if reply.evaluated_tokens is not None]
    if len(evaluated) == len(replies):
        numbers["evaluated_tokens"] = sum(evaluated)
    return {name: round(value, 4) for name, value in numbers.items()}
