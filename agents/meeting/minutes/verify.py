"""Takes the owner and the day of an action from its words, once these are verified (``claims``)."""

import re
from collections.abc import Mapping
from datetime import date

from agents.meeting import reading
from agents.meeting.minutes import dates
from agents.meeting.plain import why_not_plain
from agents.meeting.record import ActionItem, Evidence

# "I will ..." makes the speaker the owner; "if I will" does not.
_OWN_PROMISE = re.compile(r"(?<!if )\b(i|we)\s*(?:will|'ll|\u2019ll|shall|take)\b", re.I)
_EXCLUDED = re.compile(r"\b(?:not|nobody|no one|except|without|instead of|other than)\b[^.;]{0,24}\Z")
"""Words before a title that show that its role is not the owner."""
_NO_OWNER = re.compile(
    r"\W*(?:\w+ed|is|was|are|were|has|had|said|says|thinks?|wants?|and|or|would|may|might|can|cannot|but)\b"
)
"""Words after a title at the start of a sentence that show that its role is not the owner."""


def action_from(key: str, evidence: Evidence, titles: Mapping[str, str], held: date) -> ActionItem:
    """An action. It has an owner and a due date only if its words are verified and name them.

    Args:
        key: its name in the register.
        evidence: the words.
        titles: the titles of the participants, by role id.
        held: the day of the meeting.
    """
    sentence = evidence.quote
    if not evidence.verified or why_not_plain(sentence):  # a true quotation may be verified, but is nobody's promise
        return ActionItem(key, sentence, None, None, "", evidence)
    owner = owner_in(sentence, titles, evidence.speaker)
    when = dates.find_when(sentence)
    due = dates.resolve(when, held) if when else None
    return ActionItem(key, task_of(sentence, owner, titles), owner, due, when, evidence)


def owner_in(sentence: str, titles: Mapping[str, str], speaker: str) -> str | None:
    """The role id of the participant whom a sentence makes responsible; None if it names nobody.

    A title counts at the start of the sentence or before a verb such as "will" or "should"; "I will" means the speaker.
    """
    flat = reading.normalised(sentence)
    found: list[tuple[int, int, str]] = []
    for role, title in titles.items():
        for name in {reading.normalised(title), role.replace("_", " ")}:
            hits = re.finditer(rf"(?<![\w]){re.escape(name)}s?(?![\w])", flat)
            found += [(hit.start(), -len(name), role) for hit in hits]
    found.sort()
    for start, length, role in found:
        after = flat[start - length :].removeprefix("s")
        if _EXCLUDED.search(flat[:start]):
            continue
        begins = start <= 6 and not _NO_OWNER.match(after)
        if begins or re.match(r"\W*(will|to|should|must|shall|needs? to|takes?|owns?)\b", after):
            return role
    if _OWN_PROMISE.search(sentence):
        return speaker
    named_last = re.search(r"\((?:owner|by)?\W*([^()]*)\)|\bowner\W+([\w /-]+)", flat)
    named = (named_last[1] or named_last[2] or "").strip() if named_last else ""
    return next((role for role, title in titles.items() if named and reading.normalised(title) == named), None)


def task_of(sentence: str, owner: str | None, titles: Mapping[str, str]) -> str:
    """The sentence without "The <title> will" at its start, where this names its owner."""
    if owner:
        match = re.match(
            rf"(?:the\s+)?(?:{re.escape(titles[owner])})\s+(?:will|to|should|must|shall)\s+", sentence, re.I
        )
        if match and sentence[match.end() :].strip():
            rest = sentence[match.end() :].strip()
            return rest[0].upper() + rest[1:]
    return sentence
