"""Checks a scribe's pointing against what was really said. Nothing that fails is shown as verified.

What the minutes print is never the scribe's wording: it is the whole sentence of the transcript in which the quoted
words stand, so that half a sentence cannot stand for its opposite. An owner must be named in that sentence, or say "I
will" in it; a date must be said in it.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from agents.documents import Document
from agents.meeting import reading
from agents.meeting.minutes import dates
from agents.meeting.record import ActionItem, Evidence, Item, Turn

_QUOTED = re.compile(
    r"[\"\u201c]([^\"\u201c\u201d]{8,})[\"\u201d]|\u00ab\s*([^\u00ab\u00bb]{8,}?)\s*\u00bb"
    r"|(?<!\w)['\u2018]([^'\u2018\u2019\n]{8,})['\u2019](?!\w)"
)
_SAYS = r"\s+(?:says?|said|states?|reads?)\W{0,3}\s*"
_ELSEWHERE = re.compile(
    rf"(?<![\w.-])([\w-]+(?:\.[\w-]+)*\.\w{{1,8}}):\d+(?:-\d+)?{_SAYS}[\"\u201c\u2018\u00ab']", re.I
)
MOST_DIGITS = 7
"""Of a line's number; a longer one is no line of any document."""
_OWN_PROMISE = re.compile(r"(?<!if )\b(i|we)\s*(?:will|'ll|\u2019ll|shall|take)\b", re.I)
_EXCEPTED = re.compile(r"\b(?:not|nobody|no one|except|without|instead of|other than)\b[^.;]{0,24}\Z")
_NO_OWNER = re.compile(
    r"\W*(?:\w+ed|is|was|are|were|has|had|said|says|thinks?|wants?|and|or|would|may|might|can|cannot|but)\b"
)


def check_quote(turns: Mapping[str, Turn], turn_id: str, quote: str, label: str) -> tuple[Evidence, str]:
    """Look for quoted words in the turn that they are said to come from.

    Args:
        turns: the topic's turns by id.
        turn_id: where the words are said to stand.
        quote: the words.
        label: the kind of line looked for; a sentence that the speaker labelled otherwise does not count.

    Returns:
        The evidence, and the sentence to print: the speaker's whole sentence, or the quote as it is where it was not
            found.
    """
    turn = turns.get(turn_id)
    if turn is None:
        return Evidence(turn_id, "", quote, verified=False, problem=f"there is no turn {turn_id}"), quote
    sentence = reading.sentence_around(turn.text, quote)
    if sentence is None:
        return Evidence(turn_id, turn.speaker, quote, verified=False, problem=f"{turn_id} does not say this"), quote
    labels = _labels_at(turn.text, quote)
    said_as = next((each for each in labels if each), "")
    if said_as and label.lower() not in {each.lower() for each in labels}:
        problem = f"{turn_id} says this as {said_as!r}, not as {label!r}"
        return Evidence(turn_id, turn.speaker, sentence, verified=False, problem=problem), sentence
    return Evidence(turn_id, turn.speaker, sentence, verified=True), sentence


def _labels_at(text: str, quote: str) -> list[str]:
    """The labels of all lines of a turn that hold the quoted words."""
    wanted = reading.normalised(quote)
    return [reading.label_of(line) for line in text.split("\n") if wanted in reading.normalised(line)]


def check_places(documents: Sequence[Document], text: str) -> str:
    """What is wrong with the places that a sentence names ("design.md:31"), or "".

    A place must be a line of a document that was attached; words in quotes behind it, up to the next place, must stand
    there, and where none are behind it, the words in quotes in front of it.
    """
    for document in documents:
        name = re.escape(document.name)
        for place in re.finditer(rf"(?<![\w.-]){name}(?::|,?\s+lines?\s+)(\d+)(?:-(\d+))?", text, re.I):
            problem = _wrong_place(document, documents, place, text)
            if problem:
                return problem
    attached = {document.name.lower() for document in documents}
    other = next((name for name in _ELSEWHERE.findall(text) if name.lower() not in attached), "")
    return f"no document {other} is attached" if other else ""


def _wrong_place(document: Document, documents: Sequence[Document], place: re.Match[str], text: str) -> str:
    if len(place[1]) > MOST_DIGITS or len(place[2] or "") > MOST_DIGITS:
        return f"{document.name} has no such line"
    first, last = int(place[1]), int(place[2] or place[1])
    if not 1 <= first <= last <= len(document.lines):
        return f"{document.name} has no line {place[1]}"
    there = reading.normalised(" ".join(document.lines[max(0, first - 2) : last + 1]))
    told = re.match(_SAYS, text[place.end() :], re.I)
    for quote in _quotes_of(place, text):
        # A word or two in quotes may be the speaker's own, unless the document is said to say them.
        if (told or len(quote.split()) > 3) and any(part not in there for part in _parts(quote)):
            if any(reading.normalised(quote) in reading.normalised(other.text) for other in documents):
                return f"these words stand elsewhere than {place[0]}"
            return f"{place[0]} does not say this"
    return ""


def _quotes_of(place: re.Match[str], text: str) -> list[str]:
    """The quoted words that belong to a place."""
    behind = re.split(r"\S+\.\w+:\d+", text[place.end() :])[0]
    before = re.split(r"\S+\.\w+:\d+(?:-\d+)?", text[: place.start()])[-1]
    found = _QUOTED.findall(behind) or _QUOTED.findall(before)
    return ["".join(groups) for groups in found]


def _parts(quote: str) -> list[str]:
    """The pieces of a quote between ellipses."""
    return [reading.normalised(part) for part in re.split(r"\.\.\.|\u2026", quote) if len(part.split()) > 2] or [
        reading.normalised(quote)
    ]


def item_from(
    label: str, fields: Mapping[str, Sequence[str]], turns: Mapping[str, Turn], turn_id: str, quote: str
) -> Item:
    """One entry of a section; its fields are only what the sentence itself says."""
    evidence, sentence = check_quote(turns, turn_id, quote, label)
    said = {
        name: found
        for name, allowed in fields.items()
        if evidence.verified and (found := field_in(sentence, name, allowed, fields))
    }
    text = without_fields(sentence, said) if said else sentence
    return Item(label, text, evidence, said)


def field_in(sentence: str, name: str, allowed: Sequence[str], fields: Mapping[str, Sequence[str]]) -> str:
    """Which of the allowed words the sentence gives for a field: behind its name, or alone in brackets; "" where none
    or two do. A word alone that another field may have too, or that stands beside another's name, is nobody's.

    Args:
        sentence: what was said.
        name: the field.
        allowed: its words.
        fields: every field of the entry, with its words.
    """
    flat = sentence.lower()
    options = "|".join(sorted((re.escape(word.lower()) for word in allowed), key=len, reverse=True))
    named = re.findall(rf"\b{re.escape(name.lower())}\b\W{{0,3}}(?:is\s+)?({options})\b", flat)
    named = named or re.findall(rf"\b({options})\b\s+{re.escape(name.lower())}\b", flat)
    if not named:
        others = [one.lower() for one in fields if one != name]
        taken = {word.lower() for one, words in fields.items() if one != name for word in words}
        parts = (part for group in re.findall(r"\(([^()]*)\)", flat) for part in re.split("[,;]", group))
        alone = (part for part in parts if not any(other in part for other in others))
        named = [hit for part in alone for hit in re.findall(rf"\b({options})\b", part) if hit not in taken]
    found = set(named)
    return next((word for word in allowed if word.lower() in found), "") if len(found) == 1 else ""


def without_fields(sentence: str, said: Mapping[str, str]) -> str:
    """The sentence without a closing bracket that holds nothing but its fields."""
    match = re.search(r"\s*\(([^()]*)\)\s*\.?\s*\Z", sentence)
    if match:
        left = set(reading.words(match[1])) - {
            word for pair in said.items() for each in pair for word in reading.words(each)
        }
        if not left:
            return sentence[: match.start()].rstrip()
    return sentence


def action_from(
    key: str,
    turns: Mapping[str, Turn],
    turn_id: str,
    quote: str,
    titles: Mapping[str, str],
    held: date,
    claimed: Mapping[str, Any],
) -> ActionItem:
    """An action; its owner and date are only what its own sentence says.

    Args:
        key: its stable name.
        turns: the topic's turns by id.
        turn_id: where it was said.
        quote: the words.
        titles: the participants' titles by role id.
        held: the meeting's day.
        claimed: what a scribe said of ``owner`` and ``due``; only looked at to say that it was not so.
    """
    evidence, sentence = check_quote(turns, turn_id, quote, "Action")
    if not evidence.verified:
        return ActionItem(key, sentence, None, None, "", evidence)
    owner = owner_in(sentence, titles, evidence.speaker)
    when = dates.find_when(sentence)
    claim = str(claimed.get("owner") or "")
    if claim and claim != "unassigned" and (owner is None or titles.get(owner, "").lower() != claim.lower()):
        evidence = Evidence(
            evidence.turn,
            evidence.speaker,
            evidence.quote,
            verified=True,
            problem=f"{turn_id} does not name {claim} as owner",
        )
    return ActionItem(
        key, task_of(sentence, owner, titles), owner, dates.resolve(when, held) if when else None, when, evidence
    )


def owner_in(sentence: str, titles: Mapping[str, str], speaker: str) -> str | None:
    """The participant whom a sentence makes responsible, or None.

    The title must stand at the start, or before "will", "to", "should"; "I will" means the speaker.
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
        if _EXCEPTED.search(flat[:start]):
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
    """The sentence without "The <title> will" in front, where that is its owner."""
    if owner:
        match = re.match(
            rf"(?:the\s+)?(?:{re.escape(titles[owner])})\s+(?:will|to|should|must|shall)\s+", sentence, re.I
        )
        if match and sentence[match.end() :].strip():
            rest = sentence[match.end() :].strip()
            return rest[0].upper() + rest[1:]
    return sentence


def similar(one: str, other: str) -> bool:
    """Whether two sentences say the same in nearly the same words."""
    mine, theirs = set(reading.words(one)), set(reading.words(other))
    return bool(mine) and len(mine & theirs) >= 0.75 * max(len(mine), len(theirs))
