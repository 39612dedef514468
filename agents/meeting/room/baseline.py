"""Was it worth it? The same topic, the same documents and as many words to one agent alone.

What the one finds is on the journal beside the meeting, so the comparison is made anew, without a model, whenever the
minutes are written. It compares words: two sentences that share most of their telling words count as the same finding.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from agents.errors import ModelError, ModelUnavailable
from agents.meeting import entries, prompts
from agents.meeting.happening import Happening
from agents.meeting.minutes import reading
from agents.meeting.prompts import ACTION, PROPOSAL, QUESTION
from agents.meeting.record import ActionItem, Artefact, Block, Evidence, Item, Row
from agents.meeting.room.room import Room
from agents.model import Message, Prompt, Reply, Task, Wanted

TITLE = "Was it worth it?"
ROUNDS = 4
"""The one alone is asked at most so often what else there is."""
LEAST_TOKENS = 200
MOST_TOKENS = 1024
SAME = 0.6
"""Share of the shorter sentence's telling words that the other one has too, from which on both say the same."""
TELLING_LETTERS = 4


def lines_of(room: Room) -> tuple[Wanted, ...]:
    """What the one alone is asked for: the type's own lines, a proposal, actions and questions."""
    own = tuple(replace(prompts.wanted_from(line), many=True) for line in room.call.kind.lines)
    return (*own, PROPOSAL, replace(ACTION, many=True), replace(QUESTION, many=True))


async def ask_alone(room: Room) -> None:
    """Ask the facilitator's role alone, with what all saw and as many words as the meeting took for the topic."""
    talk = room.talk
    number, name = talk.topic.number, room.call.facilitator
    budget = int(max(LEAST_TOKENS, sum(turn.numbers.get("reply_tokens", 0) for turn in talk.turns)))
    said: list[Message] = []
    room.enter("control")
    for count in range(1, ROUNDS + 1):
        key = f"{number}.control.{count}"
        if key not in room.recorded:
            reply = await _reply(room, name, said, min(MOST_TOKENS, budget))
            text = reading.clean(reply.text) if reply else ""
            data = {"topic": number, "speaker": name, "text": text}
            data |= {"numbers": entries.numbers_of(reply)} if reply else {}
            room.recorded[key] = room.journal.append("control", key, data)
        kept = room.recorded[key].data
        text = kept["text"]
        budget -= int(kept.get("numbers", {}).get("reply_tokens", 0))
        if not reading.usable(text) or reading.passed(text) or budget < LEAST_TOKENS:
            return
        said.append(Message("user", f"[C{count}] {room.call.title_of(name)}:\n{text}", f"C{count}", name))


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
        room.listen(Happening("note", talk.topic.number, "control", name, f"The comparison stopped: {error.cause}"))
        return None


def compared(
    items: Sequence[Item], actions: Sequence[ActionItem], answers: Sequence[Mapping[str, Any]], tokens: float
) -> Artefact | None:
    """What the meeting found and the one alone did not, the other way round, and what both cost.

    Args:
        items: the meeting's entries.
        actions: the meeting's actions.
        answers: the data of the journal's "control" entries of the topic.
        tokens: tokens that the meeting wrote on the topic.
    """
    if not answers:
        return None
    theirs = [(item.label, item.text, item.evidence) for item in items]
    theirs += [(ACTION.label, action.task, action.evidence) for action in actions]
    labels = list(dict.fromkeys([label for label, _, _ in theirs] + [ACTION.label, QUESTION.label]))
    alone = [(label, text) for label in labels for data in answers for text in reading.labelled(data["text"], label)]
    both = [one for one in theirs if any(_same(one[1], text) for _, text in alone)]
    meeting_only = [one for one in theirs if one not in both]
    alone_only = [one for one in alone if not any(_same(one[1], text) for _, text, _ in theirs)]
    written = sum(data.get("numbers", {}).get("reply_tokens", 0) for data in answers)
    cost = (
        Row(("the meeting", str(len(theirs)), str(len(meeting_only)), f"{tokens:.0f}")),
        Row(("one alone", str(len(alone)), str(len(alone_only)), f"{written:.0f}")),
    )
    return Artefact(
        "control",
        TITLE,
        (
            Block("What each found, and its cost", cost, ("who", "found", "only here", "tokens written")),
            Block("Only the meeting found", _rows(meeting_only), ("kind", "what"), "Nothing."),
            Block("Only the one alone found", _rows((*one, None) for one in alone_only), ("kind", "what"), "Nothing."),
        ),
        frozenset(),
    )


def _rows(found: Iterable[tuple[str, str, Evidence | None]]) -> tuple[Row, ...]:
    return tuple(Row((label.lower(), text), (evidence,) if evidence else ()) for label, text, evidence in found)


def _same(one: str, other: str) -> bool:
    mine, theirs = ({word for word in reading.words(text) if len(word) >= TELLING_LETTERS} for text in (one, other))
    shorter = min(len(mine), len(theirs))
    return bool(shorter) and len(mine & theirs) >= SAME * shorter
