"""What the meeting found and one agent alone did not, and the other way round.

It compares words: two sentences that share most of their telling words count as the same finding.
"""

from collections.abc import Iterable, Sequence

from agents.meeting import reading
from agents.meeting.prompts import ACTION, QUESTION
from agents.meeting.record import ActionItem, Artefact, BaselineAnswer, Block, Evidence, Item, Row

TITLE = "Was it worth it?"
SAME = 0.6
"""Share of the shorter sentence's telling words that the other one has too, from which on both say the same."""
TELLING_LETTERS = 4


def compared(
    items: Sequence[Item], actions: Sequence[ActionItem], answers: Sequence[BaselineAnswer], tokens: float
) -> Artefact | None:
    """What the meeting found and the one alone did not, the other way round, and what both cost.

    Args:
        items: the meeting's entries.
        actions: the meeting's actions.
        answers: what the one alone answered to the topic.
        tokens: tokens that the meeting wrote on the topic.
    """
    if not answers:
        return None
    theirs = [(item.label, item.text, item.evidence) for item in items]
    theirs += [(ACTION.label, action.task, action.evidence) for action in actions]
    labels = list(dict.fromkeys([label for label, _, _ in theirs] + [ACTION.label, QUESTION.label]))
    alone = [(label, text) for label in labels for one in answers for text in reading.labelled(one.text, label)]
    both = [one for one in theirs if any(_same(one[1], text) for _, text in alone)]
    meeting_only = [one for one in theirs if one not in both]
    alone_only = [one for one in alone if not any(_same(one[1], text) for _, text, _ in theirs)]
    written = sum(one.numbers.get("reply_tokens", 0) for one in answers)
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
