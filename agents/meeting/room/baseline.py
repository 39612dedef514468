"""The baseline of a meeting: a single agent works on the same topic, with the same documents and as many tokens.

Its answers are stored in the journal beside the meeting. ``minutes/baseline.py`` compares the two whenever the minutes
are written.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from agents.errors import ModelError, ModelUnavailable
from agents.meeting import fields, prompts, reading
from agents.meeting.journal_values import BaselineAnswer
from agents.meeting.prompts import ACTION, PROPOSAL, QUESTION
from agents.meeting.room.room import Room
from agents.meeting.room.turn import numbers_of
from agents.model import Message, Prompt, Reply, Task, Wanted

ROUNDS = 4
"""The most questions that the single agent is asked about a topic."""
LEAST_TOKENS = 200
MOST_TOKENS = 1024
"""The fewest and the most tokens of one of its answers."""


def wanted_lines(room: Room) -> tuple[Wanted, ...]:
    """The lines that the single agent is asked for: those of the type, a proposal, actions and questions."""
    own = tuple(replace(prompts.wanted_from(line), many=True) for line in room.spec.kind.lines)
    return (*own, PROPOSAL, replace(ACTION, many=True), replace(QUESTION, many=True))


async def ask_alone(room: Room) -> None:
    """Ask the facilitator's role alone, with the shared passages and as many tokens as the meeting wrote."""
    open_topic = room.open_topic
    number, name = open_topic.topic.number, room.spec.facilitator
    budget = int(max(LEAST_TOKENS, sum(turn.numbers.get("reply_tokens", 0) for turn in open_topic.turns)))
    said: list[Message] = []
    room.begin_phase("control")
    for count in range(1, ROUNDS + 1):
        key = f"{number}.control.{count}"
        kept = room.recorded(key, BaselineAnswer)
        if kept is None:
            reply = await _reply(room, name, said, min(MOST_TOKENS, budget))
            text, numbers = (_said(reply, room), numbers_of(reply)) if reply else ("", {})
            kept = BaselineAnswer(number, name, text, numbers, room.label_of(name) if reply else "")
            room.record(key, kept)
        text = kept.text
        budget -= int(kept.numbers.get("reply_tokens", 0))
        if not reading.usable(text) or reading.passed(text) or budget < LEAST_TOKENS:
            return
        said.append(Message("user", f"[C{count}] {room.spec.title_of(name)}:\n{text}", f"C{count}", name))


def _said(reply: Reply, room: Room) -> str:
    """The answer as labelled lines."""
    if isinstance(reply.parsed, Mapping):
        return fields.as_text(fields.entries_of(reply.parsed, wanted_lines(room)))
    return reading.clean(reply.text)


async def _reply(room: Room, name: str, said: Sequence[Message], most: int) -> Reply | None:
    """One answer of the single agent; None when the call fails, which ends the comparison and not the meeting."""
    open_topic, wants = room.open_topic, wanted_lines(room)
    prompt = Prompt(
        question=prompts.alone(open_topic.topic, wants, again=bool(said)), task=Task.STATEMENT, brief=room.brief,
        transcript=(open_topic.head, *said), subject=open_topic.topic.text, shared=open_topic.packing.shared,
        wants=wants, schema=fields.schema_of(wants), max_tokens=most,
    )  # fmt: skip
    try:
        return await room.agents[name].answer(prompt)
    except (ModelError, ModelUnavailable) as error:
        room.remark(f"The comparison with a single agent ended early: {error.cause}")
        return None
