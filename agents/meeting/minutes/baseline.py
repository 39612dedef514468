"""Compares what the meeting found with what a single agent found.

It compares words: two sentences count as the same finding when they share most of their longer words.
"""

from collections.abc import Iterable, Sequence

from agents.meeting import reading
from agents.meeting.artefact import Artefact, Block, Row
from agents.meeting.journal_values import BaselineAnswer
from agents.meeting.prompts import ACTION, QUESTION
from agents.meeting.record import ActionItem, Evidence, Item
from agents.meeting.shared_words import SharedWords

TITLE = "Comparison with a single agent"
SAME = 0.6
"""Two sentences say the same when one contains at least this share of the longer words of the shorter one."""
LEAST_LETTERS = 4
"""Of a word that is compared."""


def compared(
    items: Sequence[Item], actions: Sequence[ActionItem], answers: Sequence[BaselineAnswer], tokens: float
) -> Artefact | None:
    """The comparison of a meeting and a single agent on one topic; None if no single agent was asked.

    Args:
        items: the entries of the meeting.
        actions: the actions of the meeting.
        answers: the answers of the single agent.
        tokens: the number of tokens that the meeting wrote on the topic.
    """
    if not answers:
        return None
    found = [(item.label, item.text, item.evidence) for item in items]
    found += [(ACTION.label, action.task, action.evidence) for action in actions]
    labels = list(dict.fromkeys([label for label, _, _ in found] + [ACTION.label, QUESTION.label]))
    alone = [(label, text) for label in labels for one in answers for text in reading.labelled(one.text, label)]
    theirs, ours = _words_of(text for _, text in alone), _words_of(text for _, text, _ in found)
    meeting_only = [one for one in found if not _said(one[1], theirs)]
    alone_only = [one for one in alone if not _said(one[1], ours)]
    written = sum(one.numbers.get("reply_tokens", 0) for one in answers)
    cost = (
        Row(("the meeting", str(len(found)), str(len(meeting_only)), f"{tokens:.0f}")),
        Row(("the single agent", str(len(alone)), str(len(alone_only)), f"{written:.0f}")),
    )
    return Artefact(
        "control",
        TITLE,
        (
            Block("Findings and tokens", cost, ("who", "found", "found by nobody else", "tokens written")),
            Block("Found only by the meeting", _rows(meeting_only), ("kind", "what"), "Nothing."),
            Block(
                "Found only by the single agent",
                _rows((*one, None) for one in alone_only),
                ("kind", "what"),
                "Nothing.",
            ),
        ),
        frozenset(),
    )


def _rows(found: Iterable[tuple[str, str, Evidence | None]]) -> tuple[Row, ...]:
    return tuple(Row((label.lower(), text), (evidence,) if evidence else ()) for label, text, evidence in found)


def _words_of(texts: Iterable[str]) -> SharedWords:
    found = SharedWords()
    for text in texts:
        found.add(_longer_words(text))
    return found


def _longer_words(text: str) -> frozenset[str]:
    return frozenset(word for word in reading.words(text) if len(word) >= LEAST_LETTERS)


def _said(text: str, others: SharedWords) -> bool:
    """Whether one of the others says the same as a text."""
    mine = _longer_words(text)
    return any(count >= SAME * min(len(mine), len(others[number])) for number, count in others.sharing(mine, 1).items())
