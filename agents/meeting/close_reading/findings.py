"""What close reading found: the places to look at, merged by line over all roles, the first ones first.

Everything that is printed about a place is the document's own words, words of a role card, or words of a turn.
"""

import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import replace

from agents.documents import Document
from agents.meeting.close_reading.pairs import Mark
from agents.meeting.close_reading.places import Place, place_of, sentences
from agents.meeting.fields import WORDS_OF
from agents.meeting.finding import READ, SEARCHED, Finding, Reason
from agents.meeting.prompts import CHANGE, DANGER
from agents.meeting.record import Entry, Turn

MOST_FINDINGS = 12
"""The most findings that the minutes list."""
CLEAR = 0.6
"""A clear preference for yes: of the judged pairs above it, about every second one is true in documents that nobody
wrote patterns for, and four of five in the others (docs/quality.md).
"""
SHOWN_WORTH = 2.0
"""How much a pattern counts, as a difference of log-probabilities."""

_NUMBER = re.compile(r"\d[\d.,]*\d|\d")


def findings_of(
    documents: Sequence[Document], turns: Sequence[Turn], marks: Sequence[Mark], changes: Mapping[str, Turn]
) -> tuple[Finding, ...]:
    """The findings of a topic.

    Args:
        documents: the documents.
        turns: the turns in which roles read parts of the documents.
        marks: the pairs that search found and the model kept.
        changes: the turns that say what to change, by the part of their question.
    """
    numbers = frozenset(number for one in documents for number in _NUMBER.findall(one.text))
    entries = [(turn, entry) for turn in turns for entry in turn.entries or () if entry.label == DANGER.label]
    places = [place for one in documents for place in sentences(one.name, one.lines, 1)] if entries else []
    found = [_read(turn, entry, places, numbers) for turn, entry in entries]
    found += [_searched(mark, changes.get(mark.part), numbers) for mark in marks]
    merged: list[Finding] = []
    for one in filter(None, found):
        place = next((n for n, other in enumerate(merged) if _same_place(one, other)), None)
        if place is None:
            merged.append(one)
        else:
            merged[place] = _merged(merged[place], one)
    ranked = sorted(merged, key=lambda one: (not one.document, -_worth(one), one.document, one.first))
    return tuple(replace(one, severity=_severity(one)) for one in ranked[:MOST_FINDINGS])


def _read(turn: Turn, entry: Entry, places: Sequence[Place], numbers: Container[str]) -> Finding | None:
    """What a role said about words of its part; without a place where no document has them."""
    why = _without_invented(entry.text, numbers)
    if not why:
        return None
    reason = Reason(turn.speaker, READ, why, turn=turn.id)
    place = place_of(entry.values.get(WORDS_OF, ""), places)
    if place is None:
        return Finding("", 0, 0, "", "", (reason,))
    return Finding(place.document, place.first, place.last, place.quote, "", (reason,))


def _searched(mark: Mark, turn: Turn | None, numbers: Container[str]) -> Finding:
    """What search found and the model kept, with what its role would change."""
    pair = mark.pair
    said = next((entry.text for entry in (turn.entries or () if turn else ()) if entry.label == CHANGE.label), "")
    change = _without_invented(said, numbers)
    reason = Reason(pair.role, SEARCHED, pair.item, change, turn.id if turn and change else "", mark.margin, pair.shown)
    return Finding(pair.document, pair.first, pair.last, pair.quote, "", (reason,))


def _without_invented(text: str, numbers: Container[str]) -> str:
    """A text, or "" where it has a number that is none of these, which are those of the documents."""
    return text if all(number in numbers for number in _NUMBER.findall(text)) else ""


def _same_place(one: Finding, other: Finding) -> bool:
    """Whether two findings are about one sentence. A line may have several, and a reason stands beside its own."""
    same = bool(one.document) and one.document == other.document
    same = same and one.first <= other.last and one.last >= other.first
    return same and (one.quote in other.quote or other.quote in one.quote)


def _merged(one: Finding, other: Finding) -> Finding:
    """Two findings about one place as one: the words of the first, the reasons of both, the best first."""
    reasons = sorted((*one.reasons, *other.reasons), key=lambda each: -_value(each))
    return replace(one, reasons=tuple(reasons))


def _value(reason: Reason) -> float:
    return reason.margin + SHOWN_WORTH * reason.shown


def _worth(finding: Finding) -> float:
    """How early a finding is listed: by its best reason, and a little by the number of roles."""
    return max(map(_value, finding.reasons)) + 0.25 * (len(finding.roles) - 1)


def _severity(finding: Finding) -> str:
    """How much speaks for a finding: "high" for a pattern with which the model clearly agrees, or which two roles have;
    "medium" for a pattern or a clear yes alone; "low" for what a role read alone.
    """
    best = finding.reasons[0]
    if best.shown and (best.margin >= CLEAR or len(finding.roles) > 1):
        return "high"
    return "medium" if best.shown or best.margin >= CLEAR else "low"
