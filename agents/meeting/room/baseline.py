"""Was it worth it? The same topic, the same documents and as many words to one agent alone.

What the one finds is on the journal beside the meeting, so the comparison is made anew, without a model, whenever the
minutes are written. It compares words: two sentences that share most of their telling words count as the same finding.
"""

from collections.abc import Sequence
from dataclasses import replace

from agents.errors import ModelError, ModelUnavailable
from agents.meeting import prompts, reading
from agents.meeting.prompts import ACTION, PROPOSAL, QUESTION
from agents.meeting.record import BaselineAnswer
from agents.meeting.room.room import Room
from agents.meeting.room.turn import numbers_of
from agents.model import Message, Prompt, Reply, Task, Wanted

ROUNDS = 4
"""The one alone is asked at most so often what else there is."""
LEAST_TOKENS = 200
MOST_TOKENS = 1024


def lines_of(room: Room) -> tuple[Wanted, ...]:
    """What the one alone is asked for: the type's own lines, a proposal, actions and questions."""
    own = tuple(replace(prompts.wanted_from(line), many=True) for line in room.spec.kind.lines)
    return (*own, PROPOSAL, replace(ACTION, many=True), replace(QUESTION, many=True))


async def ask_alone(room: Room) -> None:
    """Ask the facilitator's role alone, with what all saw and as many words as the meeting took for the topic."""
    talk = room.talk
    number, name = talk.topic.number, room.spec.facilitator
    budget = int(max(LEAST_TOKENS, sum(turn.numbers.get("reply_tokens", 0) for turn in talk.turns)))
    said: list[Message] = []
    room.enter("control")
    for count in range(1, ROUNDS + 1):
        key = f"{number}.control.{count}"
        kept = room.known(key, BaselineAnswer)
        if kept is None:
            reply = await _reply(room, name, said, min(MOST_TOKENS, budget))
            text, numbers = (reading.clean(reply.text), numbers_of(reply)) if reply else ("", {})
            kept = BaselineAnswer(number, name, text, numbers)
            room.record(key, kept)
        text = kept.text
        budget -= int(kept.numbers.get("reply_tokens", 0))
        if not reading.usable(text) or reading.passed(text) or budget < LEAST_TOKENS:
            return
        said.append(Message("user", f"[C{count}] {room.spec.title_of(name)}:\n{text}", f"C{count}", name))


async def _reply(room: Room, name: str, said: Sequence[Message], most: int) -> Reply | None:
    """One answer of the one alone; a failure ends the comparison, not the meeting."""
    talk, wants = room.talk, lines_of(room)
    prompt = Prompt(
        question=prompts.alone(talk.topic, wants, again=bool(said)), task=Task.STATEMENT, brief=room.brief,
        transcript=(talk.head, *said), subject=talk.topic.text, shared=talk.packing.shared, wants=wants,
        max_tokens=most,
    )  # fmt: skip
    try:
        return await room.agents[name].answer(prompt)
    except (ModelError, ModelUnavailable) as error:
        room.remark(f"The comparison stopped: {error.cause}")
        return None
