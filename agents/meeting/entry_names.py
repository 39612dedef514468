"""The short names of the entries of minutes: D1 for a decision, AC1 for an action, R1 for a risk.

A name is a letter for the section and a number; with several topics the topic stands before it, as in "2.AC1". The
letters depend on the meeting type alone, so that the same minutes always have the same names.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from agents.meeting.finding import Finding
from agents.meeting.record import ActionItem, Decision, Item, Minutes, Status, TopicMinutes

DECISION, ACTION, FINDING = "D", "AC", "F"
_TAKEN = (DECISION, ACTION, FINDING, "A", "T")
"""Letters that sections do not get; T is that of turns, and A that of the register of all meetings' actions."""


@dataclass(frozen=True, slots=True)
class NamedEntry:
    """An entry with its name.

    Attributes:
        name: the name.
        topic: the topic's number.
        label: the kind of entry, such as "Risk"; "Proposal" for one that was not accepted.
        text: its words.
        turn: id of the turn that it rests on, or "".
        value: the entry itself, one of those in the minutes.
    """

    name: str
    topic: int
    label: str
    text: str
    turn: str
    value: Decision | ActionItem | Item | Finding


def entry_names(minutes: Minutes) -> dict[str, NamedEntry]:
    """The entries of minutes by their names, in the order of the minutes: decision, actions, places, sections."""
    letters = section_letters(list(minutes.sections))
    several = len(minutes.topics) > 1
    named: dict[str, NamedEntry] = {}
    for topic in minutes.topics:
        before, counts = f"{topic.topic.number}." if several else "", dict[str, int]()
        for letter, label, text, turn, value in _entries(topic, letters):
            counts[letter] = counts.get(letter, 0) + 1
            name = f"{before}{letter}{counts[letter]}"
            named[name] = NamedEntry(name, topic.topic.number, label, text, turn, value)
    return named


def action_name(key: str, *, several: bool) -> str:
    """The name of an action in the minutes by its name in the register; "" for a key that is not from minutes.

    Args:
        key: as ``ActionItem.key``: the topic and the number of the action on it.
        several: whether its meeting has several topics.
    """
    topic, _, number = key.partition(".action.")
    if not (topic.isdecimal() and number.isdecimal()):
        return ""
    return f"{topic}.{ACTION}{number}" if several else f"{ACTION}{number}"


def section_letters(labels: Sequence[str]) -> dict[str, str]:
    """The letters of each section: the fewest of its label that no section before it has."""
    taken, letters = set(_TAKEN), dict[str, str]()
    for label in labels:
        bare = "".join(char for char in label if char.isalpha()).capitalize() or "Entry"
        free = (bare[:n] for n in range(1, len(bare) + 1) if bare[:n] not in taken)
        letters[label] = next(free, f"{bare}x")
        taken.add(letters[label])
    return letters


_Entry = tuple[str, str, str, str, Decision | ActionItem | Item | Finding]
"""Letters, label, words, turn and value of an entry."""


def _entries(topic: TopicMinutes, letters: Mapping[str, str]) -> Iterator[_Entry]:
    decision = topic.decision
    if decision.text:
        label = "Decision" if decision.status is Status.ACCEPTED else "Proposal"
        yield DECISION, label, decision.text, decision.evidence.turn if decision.evidence else "", decision
    for action in topic.actions:
        yield ACTION, "Action", action.task, action.evidence.turn, action
    for finding in topic.findings:
        best = finding.reasons[0]
        yield FINDING, "Finding", finding.quote or best.why, best.turn, finding
    for label, letter in letters.items():
        for item in topic.items:
            if item.label == label:
                yield letter, label, item.text, item.evidence.turn, item
